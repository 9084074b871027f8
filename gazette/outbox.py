"""The outbox: what changed, written in the transaction that changed it, read by whoever derives."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import String, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from gazette.store import Base, now


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One thing that changed; whoever derives reads it anew."""

    id: int
    topic: str
    subject: str
    at: datetime


class OutboxRow(Base):
    """One change. A reader keeps the last `id` it has derived from.

    `topic` is document, issue or dataset, or record where what was made of the whole record must be made anew at once.
    """

    __tablename__ = "outbox"
    #: An id is never used twice, even when old rows are cleared away: readers count on its growing.
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    topic: Mapped[str] = mapped_column(String(20))
    subject: Mapped[str] = mapped_column(String(120))
    at: Mapped[datetime] = mapped_column(default=now)


def enqueue(session: Session, topic: str, subject: str) -> None:
    """Say that `subject` changed; twice in one transaction is said once."""
    changed: set[tuple[str, str]] = session.info.setdefault("outbox", set())
    if (topic, subject) not in changed:
        changed.add((topic, subject))
        session.add(OutboxRow(topic=topic, subject=subject))


def iter_changes(session: Session, after_id: int = 0, limit: int = 1000) -> Iterator[Change]:
    """At most `limit` changes later than `after_id`, in the order they were committed."""
    rows = session.scalars(select(OutboxRow).where(OutboxRow.id > after_id).order_by(OutboxRow.id).limit(limit))
    for row in rows:
        yield Change(id=row.id, topic=row.topic, subject=row.subject, at=row.at)


def has_changed(session: Session, topic: str, after_id: int) -> bool:
    """Whether anything of a topic changed later than `after_id`."""
    query = select(OutboxRow.id).where(OutboxRow.id > after_id, OutboxRow.topic == topic)
    return session.scalar(query.limit(1)) is not None


def last_change(session: Session) -> int:
    """The id of the newest change; 0 when nothing has ever changed."""
    return session.scalar(select(func.max(OutboxRow.id))) or 0
