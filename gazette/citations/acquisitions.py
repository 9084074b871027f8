"""待收录: what the record names and does not hold, by how many of its documents name it.

Read from the citations and the events that wait for their document, so that an entry goes the moment the document is
published here. A name that several held documents share is held, only not decided on, and is no entry.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Subquery, and_, case, func, not_, or_, select, union_all
from sqlalchemy.orm import Session

from gazette.citations.cited import CitationRow
from gazette.record.documents import (
    NUMBER_KINDS,
    TITLE_KINDS,
    DocumentRow,
    DocumentState,
    IdentifierRow,
    VersionRow,
    VersionState,
)
from gazette.store import in_batches
from gazette.validity.events import EventRow, EventState

_NAMES = (*TITLE_KINDS, *NUMBER_KINDS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Citing:
    """A document that names what is wanted."""

    document: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """One text that is named and not held. `key` is the folded title or number it is looked for under; `citing` are
    the first of the `count` documents that name it."""

    key: str
    title: str | None
    doc_number: str | None
    count: int
    citing: tuple[Citing, ...] = ()

    @property
    def name(self) -> str:
        return self.title or self.doc_number or self.key

    def to_json(self) -> dict[str, Any]:
        return {
            "key": self.key,
            "title": self.title,
            "doc_number": self.doc_number,
            "count": self.count,
            "citing": [{"document": each.document, "title": each.title} for each in self.citing],
        }


def count_wanted(session: Session) -> int:
    """How many texts are wanted."""
    named = _named()
    return session.scalar(select(func.count(named.c.key.distinct()))) or 0


def list_wanted(session: Session, *, limit: int, offset: int = 0, citing: int = 5) -> tuple[Wanted, ...]:
    """What is wanted, that which most documents name first, each with the first of them."""
    counted = _ranked(session, limit, offset)
    return _described(session, counted, _citing(session, [key for key, _ in counted], citing))


def iter_wanted(session: Session) -> Iterator[Wanted]:
    """Everything that is wanted, in the same order, without who names it."""
    for batch in in_batches(_ranked(session)):
        yield from _described(session, batch, {})


def list_citing(session: Session, key: str, *, limit: int, offset: int = 0) -> tuple[Citing, ...]:
    """The documents that name one wanted text, by title; none for what is not wanted."""
    named = _named(key)
    query = (
        select(DocumentRow.id, DocumentRow.title)
        .where(DocumentRow.id.in_(select(named.c.document)))
        .order_by(DocumentRow.title, DocumentRow.id)
        .limit(limit)
        .offset(offset)
    )
    return tuple(Citing(document=document, title=title) for document, title in session.execute(query))


def find_wanted(session: Session, key: str) -> Wanted | None:
    """One wanted text by its key, without who names it; None where nothing names it, or it is held."""
    named = _named(key)
    count = session.scalar(select(func.count(named.c.document.distinct()))) or 0
    if not count:
        return None
    title, number = _printed(session, [key])[key]
    return Wanted(key=key, title=title, doc_number=number, count=count)


def _ranked(session: Session, limit: int | None = None, offset: int = 0) -> list[tuple[str, int]]:
    """The keys and how many documents name each, the most named first."""
    named = _named()
    count = func.count(named.c.document.distinct())
    query = select(named.c.key, count).group_by(named.c.key).order_by(count.desc(), named.c.key)
    return [(key, number) for key, number in session.execute(query.limit(limit).offset(offset))]


def _described(
    session: Session, counted: Sequence[tuple[str, int]], who: Mapping[str, tuple[Citing, ...]]
) -> tuple[Wanted, ...]:
    printed = _printed(session, [key for key, _ in counted])
    return tuple(
        Wanted(key=key, title=printed[key][0], doc_number=printed[key][1], count=number, citing=who.get(key, ()))
        for key, number in counted
    )


def _named(key: str | None = None) -> Subquery:
    """Which published document names what that is not held: `key` and `document`, once or oftener."""
    published = DocumentRow.state == DocumentState.PUBLISHED.value
    cited = (
        select(
            CitationRow.target_key.label("key"),
            VersionRow.document_id.label("document"),
            case((CitationRow.title.is_(None), CitationRow.doc_number)).label("number"),
        )
        .join(VersionRow, VersionRow.id == CitationRow.version_id)
        .join(DocumentRow, DocumentRow.id == VersionRow.document_id)
        .where(
            CitationRow.target_document_id.is_(None),
            CitationRow.target_key.is_not(None),
            VersionRow.state == VersionState.PUBLISHED.value,
            published,
        )
    )
    awaited = (
        select(
            EventRow.target_key.label("key"),
            EventRow.act_document_id.label("document"),
            case((EventRow.target_title.is_(None), EventRow.target_number)).label("number"),
        )
        .join(DocumentRow, DocumentRow.id == EventRow.act_document_id)
        .where(
            EventRow.document_id.is_(None),
            EventRow.target_key.is_not(None),
            EventRow.known_to.is_(None),
            EventRow.state != EventState.REJECTED.value,
            published,
        )
    )
    if key is not None:
        cited = cited.where(CitationRow.target_key == key)
        awaited = awaited.where(EventRow.target_key == key)
    either = union_all(cited, awaited).subquery()
    # Not correlated: read once into a set; looked up name by name, SQLite walks all documents for each.
    held = (
        select(IdentifierRow.value)
        .join(DocumentRow, DocumentRow.id == IdentifierRow.document_id)
        .where(IdentifierRow.kind.in_(_NAMES), published)
    )
    if key is not None and "|" not in key:
        held = held.where(IdentifierRow.value == key)
    # Numbers are looked for under a key of their own and held as they are spelled.
    is_held = or_(either.c.key.in_(held), and_(either.c.number.is_not(None), either.c.number.in_(held)))
    return select(either.c.key, either.c.document).where(not_(is_held)).subquery()


def _printed(session: Session, keys: Sequence[str]) -> dict[str, tuple[str | None, str | None]]:
    """Title and number of each key as some document prints them."""
    found: dict[str, tuple[str | None, str | None]] = dict.fromkeys(keys, (None, None))
    sources = (
        (EventRow, EventRow.target_title, EventRow.target_number, EventRow.document_id),
        (CitationRow, CitationRow.title, CitationRow.doc_number, CitationRow.target_document_id),
    )
    for row, title, number, target in sources:
        for batch in in_batches(keys):
            query = (
                select(func.coalesce(row.target_key, ""), func.min(title), func.min(number))
                .where(row.target_key.in_(batch), target.is_(None))
                .group_by(row.target_key)
            )
            for key, printed, numbered in session.execute(query):
                found[key] = (printed or found[key][0], numbered or found[key][1])
    return found


def _citing(session: Session, keys: Sequence[str], most: int) -> dict[str, tuple[Citing, ...]]:
    named = _named()
    pairs = select(named.c.key, named.c.document).where(named.c.key.in_(keys)).distinct().subquery()
    place = func.row_number().over(partition_by=pairs.c.key, order_by=(DocumentRow.title, DocumentRow.id))
    numbered = (
        select(pairs.c.key, DocumentRow.id, DocumentRow.title, place.label("place"))
        .join(DocumentRow, DocumentRow.id == pairs.c.document)
        .subquery()
    )
    found: dict[str, list[Citing]] = defaultdict(list)
    query = select(numbered).where(numbered.c.place <= most).order_by(numbered.c.key, numbered.c.place)
    for key, document, title, _place in session.execute(query):
        found[key].append(Citing(document=document, title=title))
    return {key: tuple(each) for key, each in found.items()}
