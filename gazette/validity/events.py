"""Events: what changed or attests a document's standing, each with its evidence.

Bitemporal: `date` is when it holds in the world, `known_from`/`known_to` when this record said so. An event is
never edited; a correction closes `known_to` and writes a new one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, Index, String, Text, func, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from gazette.errors import NOWHERE, Locator
from gazette.record.documents import DocumentRow
from gazette.store import Base, new_id, now


class EventKind(StrEnum):
    """公布 施行 修改 部分废止 废止 失效 暂停 恢复 优先适用 延期 认定."""

    PROMULGATED = "promulgated"
    COMMENCED = "commenced"
    AMENDED = "amended"
    PARTLY_REPEALED = "partly_repealed"
    REPEALED = "repealed"
    LAPSED = "lapsed"
    SUSPENDED = "suspended"
    RESUMED = "resumed"
    OVERRIDDEN = "overridden"
    RENEWED = "renewed"
    ATTESTED = "attested"


class Origin(StrEnum):
    """Who says so: 官方标注, 条文载明, 日期推算, 编辑认定."""

    OFFICIAL_LABEL = "official-label"
    TEXT = "text"
    DATE = "date"
    EDITOR = "editor"


class EventState(StrEnum):
    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


class Ruling(StrEnum):
    """What is to become of an event that a text states, once the document it names is known: counts when nothing
    stands in the way, waits for an editor, was decided by an editor. The first two are the acceptance policy's word."""

    COUNTS = "counts"
    WAITS = "waits"
    DECIDED = "decided"


#: The `rule` of an official label is this and the name of its source.
LABEL_RULE = "label:"
#: The `confidence` of a label whose words no table reads.
UNREAD = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One event. `document` is None while the target is named but not held (then `target_title` says what).

    `version` narrows it to one version, `provisions` (eids) to parts of it; `scope` is the wording printed.
    `label` is the official label as the source printed it. `act_*` is the document that did it.
    """

    id: str
    kind: EventKind
    date: dt.date | None
    origin: Origin
    state: EventState
    quote: str | None
    known_from: dt.datetime
    known_to: dt.datetime | None = None
    document: str | None = None
    version: str | None = None
    target_title: str | None = None
    target_number: str | None = None
    scope: str = "whole"
    provisions: tuple[str, ...] = ()
    date_rule: str | None = None
    label: str | None = None
    act_document: str | None = None
    act_version: str | None = None
    act_title: str | None = None
    source_url: str | None = None
    locator: Locator = NOWHERE
    confidence: float | None = None
    rule: str | None = None

    @property
    def is_unread(self) -> bool:
        """Whether this is an official label whose meaning nobody has written down yet."""
        return self.origin is Origin.OFFICIAL_LABEL and self.confidence == UNREAD

    @property
    def source(self) -> str | None:
        """Who printed an official label; None for what texts, dates and editors say."""
        is_label = self.origin is Origin.OFFICIAL_LABEL and self.rule
        return self.rule.removeprefix(LABEL_RULE) if is_label and self.rule else None

    def to_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "kind": self.kind.value,
            "date": self.date.isoformat() if self.date else None,
            "date_rule": self.date_rule,
            "document": self.document,
            "version": self.version,
            "target": {"title": self.target_title, "doc_number": self.target_number},
            "scope": self.scope,
            "provisions": list(self.provisions),
            "act": {"document": self.act_document, "version": self.act_version, "title": self.act_title},
            "evidence": {"quote": self.quote, "locator": self.locator.to_json(), "url": self.source_url},
            "origin": self.origin.value,
            "label": self.label,
            "state": self.state.value,
            "confidence": self.confidence,
            "rule": self.rule,
            "known_from": self.known_from.isoformat(),
            "known_to": self.known_to.isoformat() if self.known_to else None,
        }


class EventRow(Base):
    """One event and who said it when; `known_to` closes what is no longer said."""

    __tablename__ = "events"
    __table_args__ = (
        Index("ix_events_target", "target_key"),
        Index("ix_events_target_number", "target_number"),
        Index("ix_events_document_date", "document_id", "date"),
    )

    id: Mapped[str] = mapped_column(String(12), primary_key=True, default=new_id)
    kind: Mapped[str] = mapped_column(String(20))
    date: Mapped[dt.date | None]
    date_rule: Mapped[str | None] = mapped_column(Text)
    document_id: Mapped[str | None] = mapped_column(ForeignKey("documents.id"))
    version_id: Mapped[str | None] = mapped_column(ForeignKey("versions.id"), index=True)
    target_title: Mapped[str | None] = mapped_column(Text)
    target_number: Mapped[str | None] = mapped_column(Text)
    #: Normalised title or number of a target not held yet; a newly stored document claims its events by it.
    target_key: Mapped[str | None] = mapped_column(String(400))
    scope: Mapped[str] = mapped_column(Text, default="whole")
    provisions: Mapped[list[str]] = mapped_column(default=list)
    act_document_id: Mapped[str | None] = mapped_column(ForeignKey("documents.id"), index=True)
    act_version_id: Mapped[str | None] = mapped_column(ForeignKey("versions.id"), index=True)
    #: The acting document as its list names it, where it is not held.
    act_title: Mapped[str | None] = mapped_column(Text)
    quote: Mapped[str | None] = mapped_column(Text)
    locator: Mapped[dict[str, Any]] = mapped_column(default=dict)
    source_url: Mapped[str | None] = mapped_column(Text)
    origin: Mapped[str] = mapped_column(String(16))
    label: Mapped[str | None] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(10))
    #: None while the document it names is not known; of labels, and of what a text says of itself.
    ruling: Mapped[str | None] = mapped_column(String(8))
    confidence: Mapped[float | None]
    rule: Mapped[str | None] = mapped_column(String(60))
    known_from: Mapped[dt.datetime] = mapped_column(default=now)
    known_to: Mapped[dt.datetime | None]


class IntervalRow(Base):
    """A derived stretch of one status, so that "as of a day" is a range filter. Rebuilt, never edited.

    `valid_from` None means since ever, `valid_to` (exclusive) None means open. `eid` None means the whole version.
    """

    __tablename__ = "intervals"
    __table_args__ = (
        Index("ix_intervals_range", "version_id", "valid_from", "valid_to"),
        Index("ix_intervals_valid_from", "valid_from"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    document_id: Mapped[str] = mapped_column(ForeignKey("documents.id"), index=True)
    version_id: Mapped[str] = mapped_column(ForeignKey("versions.id"))
    eid: Mapped[str | None] = mapped_column(String(200))
    status: Mapped[str] = mapped_column(String(12))
    basis: Mapped[str | None] = mapped_column(String(40))
    valid_from: Mapped[dt.date | None]
    valid_to: Mapped[dt.date | None]


#: A label that nobody can read is no clue to accept; it has a list of its own.
_WAITS = (
    EventRow.state == EventState.PROPOSED.value,
    EventRow.known_to.is_(None),
    or_(EventRow.origin != Origin.OFFICIAL_LABEL.value, EventRow.confidence.is_(None), EventRow.confidence != UNREAD),
)


def list_events(session: Session, document_id: str) -> tuple[Event, ...]:
    """Every event that concerns a document, superseded and rejected ones too, oldest first."""
    return _list(session, EventRow.document_id == document_id)


def list_acts(session: Session, document_id: str) -> tuple[Event, ...]:
    """Every event that a document brought about, in itself or in others, oldest first."""
    return _list(session, EventRow.act_document_id == document_id)


def list_proposed(session: Session, *, limit: int = 100, offset: int = 0) -> tuple[Event, ...]:
    """Events that wait for an editor: those on documents that are held first, then by date."""
    waiting = (
        select(EventRow).where(*_WAITS).order_by(EventRow.document_id.is_(None), EventRow.date.desc(), EventRow.id)
    )
    rows = list(session.scalars(waiting.limit(limit).offset(offset)))
    titles = _titles(session, {row.act_document_id for row in rows if row.act_document_id})
    return tuple(to_event(row, titles.get(row.act_document_id or "")) for row in rows)


def count_proposed(session: Session) -> int:
    """How many events wait for an editor."""
    return session.scalar(select(func.count()).select_from(EventRow).where(*_WAITS)) or 0


def _list(session: Session, condition: ColumnElement[bool]) -> tuple[Event, ...]:
    statement = (
        select(EventRow, DocumentRow.title)
        .outerjoin(DocumentRow, DocumentRow.id == EventRow.act_document_id)
        .where(condition)
    )
    rows = [(row, title) for row, title in session.execute(statement)]
    rows.sort(key=lambda each: (each[0].date or dt.date.max, each[0].known_from, each[0].id))
    return tuple(to_event(row, title) for row, title in rows)


def to_event(row: EventRow, act_title: str | None = None) -> Event:
    """The plain value of a row; `act_title` is the title of the document that did it."""
    return Event(
        id=row.id,
        kind=EventKind(row.kind),
        date=row.date,
        date_rule=row.date_rule,
        document=row.document_id,
        version=row.version_id,
        target_title=row.target_title,
        target_number=row.target_number,
        scope=row.scope,
        provisions=tuple(row.provisions),
        act_document=row.act_document_id,
        act_version=row.act_version_id,
        act_title=act_title or row.act_title,
        quote=row.quote,
        locator=Locator(**row.locator),
        source_url=row.source_url,
        origin=Origin(row.origin),
        label=row.label,
        state=EventState(row.state),
        confidence=row.confidence,
        rule=row.rule,
        known_from=row.known_from,
        known_to=row.known_to,
    )


def _titles(session: Session, documents: Iterable[str]) -> dict[str, str]:
    statement = select(DocumentRow.id, DocumentRow.title).where(DocumentRow.id.in_(sorted(documents)))
    return {row.id: row.title for row in session.execute(statement)}
