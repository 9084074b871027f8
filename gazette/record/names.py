"""The names published documents answer to: titles, short titles, document numbers, and who issued them.

For whoever helps people to find a document by name (suggestions, corrections) without reading its text.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from gazette.record.agencies import AgencyRow
from gazette.record.documents import (
    TITLE_KINDS,
    DocumentRow,
    DocumentState,
    IdentifierKind,
    IdentifierRow,
    IssuerRow,
    VersionRow,
)
from gazette.record.documents import VersionState as State
from gazette.store import in_batches
from gazette.validity.events import IntervalRow
from gazette.validity.status import Status

_ENDED = (Status.REPEALED.value, Status.LAPSED.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A published document by its names, as printed. `titles` begins with the present one; `ended` on the day asked."""

    document: str
    titles: tuple[str, ...]
    numbers: tuple[str, ...]
    issuers: tuple[str, ...]
    ended: bool


def iter_names(session: Session, as_of: date, ids: Iterable[str] | None = None) -> Iterator[Named]:
    """The names of every published document, or of those among `ids`; what is not published is passed over."""
    published = DocumentRow.state == DocumentState.PUBLISHED.value
    wanted = session.scalars(select(DocumentRow.id).where(published)).all() if ids is None else tuple(ids)
    for batch in in_batches(wanted):
        rows = session.execute(select(DocumentRow.id, DocumentRow.title).where(published, DocumentRow.id.in_(batch)))
        yield from _named(session, as_of, {row.id: row.title for row in rows})


def _named(session: Session, as_of: date, held: dict[str, str]) -> Iterator[Named]:
    titles: defaultdict[str, list[str]] = defaultdict(list)
    numbers: defaultdict[str, list[str]] = defaultdict(list)
    issuers: defaultdict[str, list[str]] = defaultdict(list)
    ids: Sequence[str] = tuple(held)
    versions = select(VersionRow.document_id, VersionRow.title, VersionRow.doc_number).where(
        VersionRow.document_id.in_(ids), VersionRow.state == State.PUBLISHED.value, VersionRow.is_translation.is_(False)
    )
    for document, title, number in session.execute(versions):
        titles[document].append(title)
        numbers[document] += [number] if number else []
    others = select(IdentifierRow).where(
        IdentifierRow.document_id.in_(ids), IdentifierRow.kind.in_([*TITLE_KINDS, IdentifierKind.DOC_NUMBER.value])
    )
    for row in session.scalars(others.order_by(IdentifierRow.id)):
        into = titles if row.kind in TITLE_KINDS else numbers
        into[row.document_id].append(row.raw or row.value)
    signed = select(IssuerRow.document_id, AgencyRow.name).join(AgencyRow, AgencyRow.id == IssuerRow.agency_id)
    for document, name in session.execute(signed.where(IssuerRow.document_id.in_(ids)).order_by(IssuerRow.position)):
        issuers[document].append(name)
    ended = _ended(session, as_of, ids)
    for document, title in held.items():
        yield Named(
            document=document,
            titles=tuple(dict.fromkeys((title, *titles[document]))),
            numbers=tuple(dict.fromkeys(numbers[document])),
            issuers=tuple(dict.fromkeys(issuers[document])),
            ended=document in ended,
        )


def _ended(session: Session, as_of: date, ids: Sequence[str]) -> set[str]:
    """Those with a version that has ended and, on the day, nothing that stands otherwise."""
    on_the_day = (
        select(IntervalRow.document_id, IntervalRow.status)
        .where(IntervalRow.document_id.in_(ids), IntervalRow.eid.is_(None))
        .where(or_(IntervalRow.valid_from.is_(None), IntervalRow.valid_from <= as_of))
        .where(or_(IntervalRow.valid_to.is_(None), IntervalRow.valid_to > as_of))
    )
    statuses: defaultdict[str, set[str]] = defaultdict(set)
    for document, status in session.execute(on_the_day):
        statuses[document].add(status)
    return {document for document, found in statuses.items() if found <= {*_ENDED, Status.AMENDED.value}}
