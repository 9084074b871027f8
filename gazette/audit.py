"""The audit trail: who did what to which record, with enough before and after to undo it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Select, String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from gazette.errors import NotFound
from gazette.store import Base, in_batches, now


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """One act of somebody on the record. `undone_by` is the entry that took it back."""

    id: int
    at: datetime
    actor: str
    action: str
    topic: str
    subject: str
    before: dict[str, Any]
    after: dict[str, Any]
    reason: str | None = None
    undoes: int | None = None
    undone_by: int | None = None


class AuditRow(Base):
    """One act: who did what to what, what it was before and is after. Only a purge empties rows."""

    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    at: Mapped[datetime] = mapped_column(default=now)
    actor: Mapped[str] = mapped_column(String(120))
    action: Mapped[str] = mapped_column(String(40))
    topic: Mapped[str] = mapped_column(String(20))
    subject: Mapped[str] = mapped_column(String(120), index=True)
    before: Mapped[dict[str, Any]] = mapped_column(default=dict)
    after: Mapped[dict[str, Any]] = mapped_column(default=dict)
    reason: Mapped[str | None] = mapped_column(Text)
    undoes_id: Mapped[int | None] = mapped_column(ForeignKey("audit.id"))


def audit(
    session: Session,
    *,
    actor: str,
    action: str,
    topic: str,
    subject: str,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str | None = None,
    undoes: int | None = None,
) -> int:
    """Write down who did what, in the caller's transaction; `before` and `after` are JSON values. Returns its id."""
    row = AuditRow(
        actor=actor,
        action=action,
        topic=topic,
        subject=subject,
        before=dict(before or {}),
        after=dict(after or {}),
        reason=reason,
        undoes_id=undoes,
    )
    session.add(row)
    session.flush()
    return row.id


def get_audit(session: Session, audit_id: int) -> AuditEntry:
    """One entry; raises NotFound."""
    row = session.get(AuditRow, audit_id)
    if row is None:
        raise NotFound(what=f"操作记录 {audit_id}")
    return _entry(row, _undone_by(session, [audit_id]))


def find_standing_act(session: Session, subject: str, actions: Sequence[str]) -> int | None:
    """The latest of these acts on a subject that was not undone."""
    return session.scalar(_standing(subject, actions).with_only_columns(AuditRow.id).limit(1))


def iter_standing_acts(session: Session, subject: str, actions: Sequence[str]) -> Iterator[AuditEntry]:
    """These acts on a subject, newest first, without those that were undone."""
    return (_entry(row, {}) for row in session.scalars(_standing(subject, actions)))


def _standing(subject: str, actions: Sequence[str]) -> Select[AuditRow]:
    undone = select(AuditRow.undoes_id).where(AuditRow.subject == subject, AuditRow.undoes_id.is_not(None))
    acts = select(AuditRow).where(AuditRow.subject == subject, AuditRow.action.in_(actions))
    return acts.where(AuditRow.id.not_in(undone)).order_by(AuditRow.id.desc())


def list_audit(
    session: Session, *, subject: str | None = None, topic: str | None = None, limit: int | None = 100, offset: int = 0
) -> tuple[AuditEntry, ...]:
    """The trail, newest first; of one subject or topic, if named."""
    query = select(AuditRow).order_by(AuditRow.id.desc()).limit(limit).offset(offset)
    if subject is not None:
        query = query.where(AuditRow.subject == subject)
    if topic is not None:
        query = query.where(AuditRow.topic == topic)
    rows = session.scalars(query).all()
    undone = _undone_by(session, [row.id for row in rows])
    return tuple(_entry(row, undone) for row in rows)


def _undone_by(session: Session, ids: list[int]) -> dict[int, int]:
    found: dict[int, int] = {}
    for batch in in_batches(ids):
        pairs = session.execute(select(AuditRow.undoes_id, AuditRow.id).where(AuditRow.undoes_id.in_(batch)))
        found |= {undoes: by for undoes, by in pairs if undoes is not None}
    return found


def _entry(row: AuditRow, undone: Mapping[int, int]) -> AuditEntry:
    return AuditEntry(
        id=row.id,
        at=row.at,
        actor=row.actor,
        action=row.action,
        topic=row.topic,
        subject=row.subject,
        before=row.before,
        after=row.after,
        reason=row.reason,
        undoes=row.undoes_id,
        undone_by=undone.get(row.id),
    )
