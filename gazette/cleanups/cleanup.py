"""Clean-ups (清理): a list that decides on many texts at once, taken into the record line by line.

An editor hands in the list and the act that decides; each line is matched with what is held
(`gazette.cleanups.matching`) and waits until it is accepted, put on the acquisition list or set aside
(`gazette.cleanups.clearing`). The clean-up is kept, so that it can be seen later what was decided on, line by line,
and taken back whole.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, Select, String, Text, and_, func, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from gazette.cleanups.matching import CONFIDENT, LIKELY, Candidate
from gazette.errors import NotFound
from gazette.store import Base, new_id, now


class Task(StrEnum):
    """What is being done with a whole list, lot by lot (`batches`): 接受有把握的 接受很可能的 撤销整批."""

    ACCEPT = "accept"
    ACCEPT_LIKELY = "likely"
    UNDO = "undo"


class LineState(StrEnum):
    """待核 已接受 待收录 略过."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    SOUGHT = "sought"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True, kw_only=True)
class DecidingAct:
    """The act that decides, as its list names it; `document` where it is held. Lines hold from `effective`."""

    title: str
    effective: dt.date
    number: str | None = None
    issuer: str | None = None
    url: str | None = None
    document: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CleanupLine:
    """One line with what it was matched with, the likeliest first. `document` is the one meant or accepted."""

    id: int
    position: int
    place: str
    quote: str
    title: str | None
    number: str | None
    issuer: str | None
    day: dt.date | None
    decision: str | None
    remark: str | None
    candidates: tuple[Candidate, ...]
    document: str | None
    confidence: float
    state: LineState


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleanup:
    """One clean-up. `counts` are its lines by state, `confident` those that accepting all would accept, `unheld` those
    it would put on the acquisition list, `likely` those that an editor may accept at once after a look. `task` is under
    way, on `task_total` lines at its beginning; `task_note` says why the last one stopped early. A list that was taken
    back whole has `withdrawn_at`."""

    id: str
    act: DecidingAct
    source: str
    created_at: dt.datetime
    actor: str
    counts: Mapping[LineState, int]
    confident: int
    unheld: int
    likely: int = 0
    task: Task | None = None
    task_total: int = 0
    task_note: str | None = None
    withdrawn_at: dt.datetime | None = None

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def done(self) -> int:
        """Lines that were decided on and could be taken back."""
        return self.total - self.counts[LineState.WAITING]

    @property
    def task_done(self) -> int:
        """How many of its lines the task under way has behind it."""
        accepting = {Task.ACCEPT: self.confident + self.unheld, Task.ACCEPT_LIKELY: self.likely}
        left = accepting.get(self.task, self.done) if self.task else 0
        return max(0, self.task_total - left)


class CleanupRow(Base):
    """One clean-up as handed in; `digest` is of act and lines, so that handing it in again changes nothing."""

    __tablename__ = "cleanups"

    id: Mapped[str] = mapped_column(String(12), primary_key=True, default=new_id)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    act_document_id: Mapped[str | None] = mapped_column(ForeignKey("documents.id"))
    act_title: Mapped[str] = mapped_column(Text)
    act_number: Mapped[str | None] = mapped_column(Text)
    act_issuer: Mapped[str | None] = mapped_column(Text)
    act_url: Mapped[str | None] = mapped_column(Text)
    effective: Mapped[dt.date]
    source: Mapped[str] = mapped_column(Text)
    actor: Mapped[str] = mapped_column(String(120))
    created_at: Mapped[dt.datetime] = mapped_column(default=now)
    task: Mapped[str | None] = mapped_column(String(10))
    task_actor: Mapped[str | None] = mapped_column(String(120))
    task_total: Mapped[int] = mapped_column(default=0)
    task_note: Mapped[str | None] = mapped_column(Text)
    withdrawn_at: Mapped[dt.datetime | None]


class CleanupLineRow(Base):
    """One line of a list, what it was matched with and what was decided on it."""

    __tablename__ = "cleanup_lines"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    cleanup_id: Mapped[str] = mapped_column(ForeignKey("cleanups.id"), index=True)
    position: Mapped[int]
    place: Mapped[str] = mapped_column(Text)
    eid: Mapped[str | None] = mapped_column(String(200))
    quote: Mapped[str] = mapped_column(Text)
    title: Mapped[str | None] = mapped_column(Text)
    number: Mapped[str | None] = mapped_column(Text)
    issuer: Mapped[str | None] = mapped_column(Text)
    day: Mapped[dt.date | None]
    decision: Mapped[str | None] = mapped_column(String(24))
    remark: Mapped[str | None] = mapped_column(Text)
    candidates: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    document_id: Mapped[str | None] = mapped_column(ForeignKey("documents.id"))
    confidence: Mapped[float] = mapped_column(default=0.0)
    state: Mapped[str] = mapped_column(String(10), default=LineState.WAITING.value)
    event_id: Mapped[str | None] = mapped_column(ForeignKey("events.id"))


def get_cleanup(session: Session, cleanup: str) -> Cleanup:
    """One clean-up. Raises NotFound."""
    return _to_cleanup(session, get_row(session, cleanup))


def list_cleanups(session: Session, *, limit: int = 50, offset: int = 0) -> tuple[Cleanup, ...]:
    """Clean-ups that were not taken back, the newest first."""
    query = (
        select(CleanupRow)
        .where(CleanupRow.withdrawn_at.is_(None))
        .order_by(CleanupRow.created_at.desc(), CleanupRow.id)
        .limit(limit)
        .offset(offset)
    )
    return tuple(_to_cleanup(session, row) for row in session.scalars(query).all())


def name_cleanups(session: Session, ids: Iterable[str]) -> dict[str, str]:
    """The titles of the acts that decided, by the id of the clean-up."""
    query = select(CleanupRow.id, CleanupRow.act_title).where(CleanupRow.id.in_(sorted(ids)))
    return {row.id: row.act_title for row in session.execute(query)}


def list_lines(
    session: Session, cleanup: str, *, state: LineState | None = None, limit: int = 50, offset: int = 0
) -> tuple[CleanupLine, ...]:
    """Lines in the order of the list; of one state, if named."""
    query = lines_of(cleanup).limit(limit).offset(offset)
    if state is not None:
        query = query.where(CleanupLineRow.state == state.value)
    return tuple(map(_to_line, session.scalars(query)))


def get_row(session: Session, cleanup: str) -> CleanupRow:
    row = session.get(CleanupRow, cleanup)
    if row is None:
        raise NotFound(what=f"清理 {cleanup}")
    return row


#: Fewer letters without a number may be a shred of a line (管理办法) that a badly set table left: an editor looks.
_WHOLE_NAME = 6


def lines_of(cleanup: str) -> Select[CleanupLineRow]:
    """The lines of a clean-up in their order."""
    return select(CleanupLineRow).where(CleanupLineRow.cleanup_id == cleanup).order_by(CleanupLineRow.position)


def settled() -> ColumnElement[bool]:
    """The waiting lines that need no editor: matched for sure, or naming well enough what is not held; what becomes of
    their text is said."""
    is_sure = CleanupLineRow.document_id.is_not(None) & (CleanupLineRow.confidence >= CONFIDENT)
    is_named = or_(CleanupLineRow.number.is_not(None), func.length(CleanupLineRow.title) >= _WHOLE_NAME)
    return and_(
        CleanupLineRow.state == LineState.WAITING.value,
        CleanupLineRow.decision.is_not(None),
        or_(CleanupLineRow.document_id.is_(None) & is_named, is_sure),
    )


def likely() -> ColumnElement[bool]:
    """The waiting lines whose match nothing but title or number backs, what becomes of their text being said."""
    return and_(
        CleanupLineRow.state == LineState.WAITING.value,
        CleanupLineRow.decision.is_not(None),
        CleanupLineRow.document_id.is_not(None),
        CleanupLineRow.confidence >= LIKELY,
        CleanupLineRow.confidence < CONFIDENT,
    )


def _to_cleanup(session: Session, row: CleanupRow) -> Cleanup:
    of_row = CleanupLineRow.cleanup_id == row.id
    counted = session.execute(
        select(CleanupLineRow.state, func.count()).where(of_row).group_by(CleanupLineRow.state)
    ).all()
    counts = dict.fromkeys(LineState, 0) | {LineState(state): count for state, count in counted}
    tally = select(func.count()).select_from(CleanupLineRow).where(of_row)
    unheld = CleanupLineRow.document_id.is_(None)
    return Cleanup(
        id=row.id,
        act=DecidingAct(
            title=row.act_title,
            effective=row.effective,
            number=row.act_number,
            issuer=row.act_issuer,
            url=row.act_url,
            document=row.act_document_id,
        ),
        source=row.source,
        created_at=row.created_at,
        actor=row.actor,
        counts=counts,
        confident=session.scalar(tally.where(settled(), ~unheld)) or 0,
        unheld=session.scalar(tally.where(settled(), unheld)) or 0,
        likely=session.scalar(tally.where(likely())) or 0,
        task=Task(row.task) if row.task else None,
        task_total=row.task_total,
        task_note=row.task_note,
        withdrawn_at=row.withdrawn_at,
    )


def _to_line(row: CleanupLineRow) -> CleanupLine:
    return CleanupLine(
        id=row.id,
        position=row.position,
        place=row.place,
        quote=row.quote,
        title=row.title,
        number=row.number,
        issuer=row.issuer,
        day=row.day,
        decision=row.decision,
        remark=row.remark,
        candidates=tuple(
            Candidate(
                document=each["document"],
                title=each["title"],
                confidence=each["confidence"],
                reasons=tuple(each["reasons"]),
            )
            for each in row.candidates
        ),
        document=row.document_id,
        confidence=row.confidence,
        state=LineState(row.state),
    )
