"""Likeness: what is compared of a draft and of the documents held, to find that they are one (gazette.record.identity).

Names and texts are compared by keys, in which neither layout nor punctuation counts.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from gazette.citations.titles import letters, normal_title
from gazette.draft import Body, Draft, HistoryEntry
from gazette.record.agencies import AgencyRow
from gazette.record.documents import DocumentRow, IdentifierKind, IdentifierRow, IssuerRow, VersionOrigin, VersionRow
from gazette.store import in_batches

#: Acts that begin a version; approval and promulgation complete the act before them.
_BEGINS = frozenset({"adopted", "revised", "amended"})
_KEY_LENGTH = 400
#: What is compared of a version, without its text.
_COMPARED = select(
    VersionRow.document_id,
    VersionRow.id,
    VersionRow.title,
    VersionRow.doc_number,
    VersionRow.history,
    VersionRow.signed_date,
    VersionRow.published_date,
    VersionRow.letters_sha256,
    VersionRow.is_translation,
    VersionRow.language,
    VersionRow.origin,
).order_by(VersionRow.created_at, VersionRow.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """What is compared of a draft or a held version."""

    titles: frozenset[str]
    numbers: frozenset[str]
    issuers: frozenset[str]
    act_days: frozenset[dt.date]
    signed: dt.date | None
    published: dt.date | None
    letters: str | None
    is_translation: bool
    language: str
    #: We made the text; an official one of the same day is another version.
    is_consolidated: bool = False

    @property
    def days(self) -> frozenset[dt.date]:
        """Days on which the text itself was made; the day a site put it up is none of them."""
        return self.act_days | {self.signed} if self.signed else self.act_days


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A held document that may be the draft's, with what is compared of each of its versions."""

    document: str
    titles: frozenset[str]
    numbers: frozenset[str]
    issuers: frozenset[str]
    carried_by: str | None
    versions: Mapping[str, Likeness]

    @property
    def days(self) -> frozenset[dt.date]:
        return frozenset(day for version in self.versions.values() for day in version.days)


def likeness_of(draft: Draft) -> Likeness:
    """What is compared of a draft."""
    digest = text_hash(draft.body)
    return Likeness(
        titles=frozenset({title_key(draft.title)}) if draft.title else frozenset(),
        numbers=frozenset({draft.doc_number.normalized}) if draft.doc_number else frozenset(),
        issuers=frozenset(map(agency_key, draft.issuers)),
        act_days=latest_act_days(draft.history),
        signed=draft.signed_date,
        published=draft.published_date,
        letters=None if digest == EMPTY_TEXT else digest,
        is_translation=draft.is_translation,
        language=draft.language,
    )


def load_held(session: Session, documents: Collection[str]) -> list[Held]:
    """The documents with what is compared of them, by id."""
    return [held for batch in in_batches(sorted(documents)) for held in _read_held(session, batch)]


def _read_held(session: Session, documents: Sequence[str]) -> Iterator[Held]:
    carriers = select(DocumentRow.id, DocumentRow.carried_by_id).where(DocumentRow.id.in_(documents))
    carried_by = {row.id: row.carried_by_id for row in session.execute(carriers)}
    names: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    identifiers = select(IdentifierRow).where(IdentifierRow.document_id.in_(documents))
    for row in session.scalars(identifiers):
        names[row.document_id, row.kind].add(row.value)
    issuers = issuer_keys(session, documents)
    versions: defaultdict[str, dict[str, Likeness]] = defaultdict(dict)
    for version in session.execute(_COMPARED.where(VersionRow.document_id.in_(documents))):
        versions[version.document_id][version.id] = _likeness_of_version(version)
    for document in documents:
        yield Held(
            document=document,
            titles=frozenset(names[document, IdentifierKind.TITLE]),
            numbers=frozenset(names[document, IdentifierKind.DOC_NUMBER]),
            issuers=frozenset(issuers[document]),
            carried_by=carried_by[document],
            versions=versions[document],
        )


def text_hash(body: Body) -> str:
    """SHA-256 of the text's letters and digits: equal for copies that differ in layout and punctuation only."""
    return hashlib.sha256(letters("\n".join(node.full_text() for node in body)).encode()).hexdigest()


EMPTY_TEXT = text_hash(())


def title_key(title: str) -> str:
    """The identifier value of a title, cut to the column's length."""
    return normal_title(title)[:_KEY_LENGTH]


def issuer_keys(session: Session, documents: Sequence[str]) -> Mapping[str, set[str]]:
    """The issuers of documents (few enough for one statement) as they are compared; none for one without."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    issued = (
        select(IssuerRow.document_id, AgencyRow.name)
        .join(AgencyRow, AgencyRow.id == IssuerRow.agency_id)
        .where(IssuerRow.document_id.in_(documents))
    )
    for document, name in session.execute(issued):
        found[document].add(agency_key(name))
    return found


def agency_key(name: str) -> str:
    """An agency's name for comparison: a congress and its standing committee make and amend the same laws."""
    folded = "".join(unicodedata.normalize("NFKC", name).split()).casefold()
    folded = folded.removeprefix("中华人民共和国").replace("全国人大", "全国人民代表大会")
    return re.sub(r"常务委员会$|常委会$", "", folded)


def latest_act_days(history: Iterable[HistoryEntry]) -> frozenset[dt.date]:
    """The days of the latest act named in a 题注: adoption, approval and promulgation are one act."""
    days: set[dt.date] = set()
    for entry in sorted((entry for entry in history if entry.date), key=_by_date, reverse=True):
        if entry.date:
            days.add(entry.date)
        if entry.kind in _BEGINS:
            break
    return frozenset(days)


def _likeness_of_version(row: Any) -> Likeness:
    history = [HistoryEntry.from_json(entry) for entry in row.history]
    return Likeness(
        titles=frozenset({title_key(row.title)}),
        numbers=frozenset({row.doc_number}) if row.doc_number else frozenset(),
        issuers=frozenset(),
        act_days=latest_act_days(history),
        signed=row.signed_date,
        published=row.published_date,
        letters=None if row.letters_sha256 == EMPTY_TEXT else row.letters_sha256,
        is_translation=row.is_translation,
        language=row.language,
        is_consolidated=row.origin == VersionOrigin.CONSOLIDATED,
    )


def _by_date(entry: HistoryEntry) -> tuple[dt.date, bool]:
    return entry.date or dt.date.min, entry.kind not in _BEGINS
