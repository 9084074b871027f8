"""Run reports and the health of sources.

Spiders die silently: a layout changes, a list page comes back empty, and for a month nobody notices. So a run says
what it found of every item, a source says when it last succeeded and how many days it is overdue, and a brake keeps a
run that suddenly misses many known items from marking any of them as gone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from gazette.errors import Finding, Level, NotFound
from gazette.store import Base, new_id, now
from harvest.items import HarvestItemRow, Role

#: Items named one by one in a kept report; the counts are always whole.
ITEMS_KEPT = 500


class Outcome(StrEnum):
    """新增 更新 未变 跳过 失败."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    SKIPPED = "skipped"
    FAILED = "failed"


class RunState(StrEnum):
    """running; done; failed: nothing to be relied on; aborted: the process ended before the run did."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    ABORTED = "aborted"


class HarvestSourceRow(Base):
    """A source that has been run at least once."""

    __tablename__ = "harvest_sources"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    title: Mapped[str] = mapped_column(Text)
    agency: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(String(12))
    every_days: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(default=now)
    last_success_at: Mapped[datetime | None]


class HarvestRunRow(Base):
    """One run, with its report as JSON."""

    __tablename__ = "harvest_runs"
    __table_args__ = (Index("ix_harvest_runs_source_started_at", "source", "started_at"),)

    id: Mapped[str] = mapped_column(String(12), primary_key=True, default=new_id)
    source: Mapped[str] = mapped_column(ForeignKey("harvest_sources.name"))
    state: Mapped[str] = mapped_column(String(10))
    started_at: Mapped[datetime] = mapped_column(default=now)
    finished_at: Mapped[datetime | None]
    report: Mapped[dict[str, Any]] = mapped_column(default=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemReport:
    """What became of one address, or of one document found there."""

    url: str
    outcome: Outcome
    reason: str | None = None
    title: str | None = None
    document: str | None = None
    version: str | None = None

    def to_json(self) -> dict[str, Any]:
        return {
            "url": self.url,
            "outcome": self.outcome.value,
            "reason": self.reason,
            "title": self.title,
            "document": self.document,
            "version": self.version,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Traffic:
    """What the crawl cost the other side."""

    requests: int = 0
    not_modified: int = 0
    bytes: int = 0

    def to_json(self) -> dict[str, int]:
        return {"requests": self.requests, "not_modified": self.not_modified, "bytes": self.bytes}


@dataclass(frozen=True, slots=True, kw_only=True)
class RunReport:
    """What one run did. Command line, pages and API print this same object."""

    id: str
    source: str
    state: RunState
    started_at: datetime
    finished_at: datetime | None
    items: tuple[ItemReport, ...] = ()
    missing: tuple[str, ...] = ()
    traffic: Traffic = Traffic()
    findings: tuple[Finding, ...] = ()

    @property
    def counts(self) -> dict[str, int]:
        """How many items had each outcome; every outcome is named."""
        found = Counter(item.outcome for item in self.items)
        return {outcome.value: found[outcome] for outcome in Outcome}

    @property
    def failed(self) -> bool:
        """Whether the run as a whole is not to be relied on; single items that failed do not make it so."""
        return self.state is not RunState.DONE

    def summary(self) -> str:
        """A few lines for a terminal."""
        words = zip(("新增", "更新", "未变", "跳过", "失败"), self.counts.values(), strict=True)
        lines = [f"{self.source}：" + "，".join(f"{word} {count}" for word, count in words)]
        if self.traffic.requests:
            lines.append(f"请求 {self.traffic.requests} 次，其中 {self.traffic.not_modified} 次未修改")
        lines += [f"! {finding.message}" for finding in self.findings]
        lines += [f"× {item.url}：{item.reason}" for item in self.items if item.outcome is Outcome.FAILED]
        return "\n".join(lines)

    def to_json(self) -> dict[str, Any]:
        told = [item.to_json() for item in self.items if item.outcome is not Outcome.UNCHANGED]
        return {
            "id": self.id,
            "source": self.source,
            "state": self.state.value,
            "started_at": self.started_at.isoformat(),
            "finished_at": self.finished_at.isoformat() if self.finished_at else None,
            "counts": self.counts,
            "traffic": self.traffic.to_json(),
            "missing": list(self.missing[:ITEMS_KEPT]),
            "findings": [finding.to_json() for finding in self.findings],
            "items": told[:ITEMS_KEPT],
            "items_left_out": max(0, len(told) - ITEMS_KEPT),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceHealth:
    """How a source is doing. `days_overdue` counts from the day its next success was due; 0 is on time.

    `runs` are the kept reports (JSON as printed), newest first.
    """

    name: str
    title: str
    agency: str
    kind: str
    every_days: int
    last_run_at: datetime | None
    last_success_at: datetime | None
    last_state: RunState | None
    new: int
    changed: int
    failed: int
    documents: int
    missing: int
    days_overdue: int
    runs: tuple[dict[str, Any], ...]

    def to_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "title": self.title,
            "agency": self.agency,
            "kind": self.kind,
            "every_days": self.every_days,
            "last_run_at": self.last_run_at.isoformat() if self.last_run_at else None,
            "last_success_at": self.last_success_at.isoformat() if self.last_success_at else None,
            "last_state": self.last_state.value if self.last_state else None,
            "new": self.new,
            "changed": self.changed,
            "failed": self.failed,
            "documents": self.documents,
            "missing": self.missing,
            "days_overdue": self.days_overdue,
            "runs": list(self.runs),
        }

    def summary(self) -> str:
        """One line for a terminal."""
        when = self.last_success_at.date().isoformat() if self.last_success_at else "从未"
        late = f"，逾期 {self.days_overdue} 天" if self.days_overdue else ""
        return f"{self.name:24} 上次成功 {when}{late}，新增 {self.new}，更新 {self.changed}，失败 {self.failed}"


def list_health(session: Session, *, at: datetime | None = None, runs: int = 5) -> tuple[SourceHealth, ...]:
    """Every source that ever ran, by name."""
    names = session.scalars(select(HarvestSourceRow.name).order_by(HarvestSourceRow.name))
    return tuple(health for name in names if (health := find_health(session, name, at=at, runs=runs)))


def get_health(session: Session, source: str, *, at: datetime | None = None) -> SourceHealth:
    """The health of one source; raises NotFound if it never ran."""
    health = find_health(session, source, at=at)
    if health is None:
        raise NotFound(what=source)
    return health


def find_health(session: Session, source: str, *, at: datetime | None = None, runs: int = 10) -> SourceHealth | None:
    """The health of one source; None if it never ran."""
    row = session.get(HarvestSourceRow, source)
    if row is None:
        return None
    kept = session.scalars(
        select(HarvestRunRow).filter_by(source=source).order_by(HarvestRunRow.started_at.desc()).limit(runs)
    ).all()
    last = kept[0] if kept else None
    counts = (last.report.get("counts") if last else None) or {}
    documents = select(func.count()).select_from(HarvestItemRow).filter_by(source=source, role=Role.DOCUMENT.value)
    return SourceHealth(
        name=row.name,
        title=row.title,
        agency=row.agency,
        kind=row.kind,
        every_days=row.every_days,
        last_run_at=last.started_at if last else None,
        last_success_at=row.last_success_at,
        last_state=RunState(last.state) if last else None,
        new=counts.get(Outcome.CREATED.value, 0),
        changed=counts.get(Outcome.UPDATED.value, 0),
        failed=counts.get(Outcome.FAILED.value, 0),
        documents=session.scalar(documents.where(HarvestItemRow.document_id.is_not(None))) or 0,
        missing=session.scalar(documents.where(HarvestItemRow.missing_since.is_not(None))) or 0,
        days_overdue=days_overdue(row.last_success_at or row.created_at, row.every_days, at or datetime.now(UTC)),
        runs=tuple(each.report for each in kept if each.report),
    )


def days_overdue(last_success_at: datetime, every_days: int, at: datetime) -> int:
    """Whole days since the next success was due; 0 while it is not."""
    return max(0, (at - last_success_at - timedelta(days=every_days)).days)


def brake(known: int, vanished: int, percent: int) -> Finding | None:
    """The finding that stops a run from marking items as missing; None lets it go on."""
    if known == 0 or vanished * 100 <= known * percent:
        return None
    return Finding(
        level=Level.ERROR,
        code="harvest.brake",
        message=f"已知 {known} 条中有 {vanished} 条本次未出现，超过 {percent}%，疑为网站改版或故障，未作任何下架标记",
    )


def begin_run(session: Session, *, name: str, title: str, agency: str, kind: str, every_days: int) -> str:
    """Open a run and close those a killed process left open; returns its id."""
    row = session.get(HarvestSourceRow, name)
    if row is None:
        row = HarvestSourceRow(name=name)
        session.add(row)
    row.title, row.agency, row.kind, row.every_days = title, agency, kind, every_days
    for left in session.scalars(select(HarvestRunRow).filter_by(source=name, state=RunState.RUNNING.value)):
        left.state, left.finished_at = RunState.ABORTED.value, now()
    session.flush()
    run = HarvestRunRow(id=new_id(), source=name, state=RunState.RUNNING.value, started_at=now())
    session.add(run)
    return run.id


def finish_run(session: Session, report: RunReport, *, keep: int) -> None:
    """Close a run with its report; older reports beyond `keep` go."""
    run = session.get_one(HarvestRunRow, report.id)
    run.state, run.finished_at, run.report = report.state.value, report.finished_at, report.to_json()
    if report.state is RunState.DONE:
        session.get_one(HarvestSourceRow, report.source).last_success_at = report.finished_at
    for old in _runs_beyond(session, report.source, keep):
        session.delete(old)


def _runs_beyond(session: Session, source: str, keep: int) -> Sequence[HarvestRunRow]:
    rows = select(HarvestRunRow).filter_by(source=source).order_by(HarvestRunRow.started_at.desc())
    return session.scalars(rows.offset(keep)).all()
