"""The page of a clean-up: each line with what it was matched with, how sure that is, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from gazette.cleanups.batches import LOT
from gazette.cleanups.cleanup import Cleanup, CleanupLine, LineState, Task
from gazette.cleanups.listings import decision_kinds

STATE = {
    LineState.WAITING: _l("待核"),
    LineState.ACCEPTED: _l("已接受"),
    LineState.SOUGHT: _l("待收录"),
    LineState.SKIPPED: _l("略过"),
}
DECISION = {
    "repeals": _l("废止"),
    "lapses": _l("宣布失效"),
    "attests": _l("继续有效"),
    "repeals_partially": _l("部分废止"),
    "amends": _l("修改"),
    "suspends": _l("暂停执行"),
    "renews": _l("延长有效期"),
    "none": _l("暂不改变效力（如需修改）"),
}
#: What speaks for a candidate, and against it.
REASON = {
    "number": _l("文号相同"),
    "title": _l("标题相同"),
    "near_title": _l("标题相近"),
    "issuer": _l("机关相符"),
    "day": _l("日期相符"),
    "year": _l("年份相符"),
    "other_number": _l("文号不同"),
    "other_issuer": _l("机关不符"),
    "other_day": _l("日期不符"),
    "younger": _l("晚于本决定"),
    "namesakes": _l("另有相近文件"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tab:
    """The lines of one state, or all; no address is the tab that is shown."""

    label: str
    count: int
    url: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CleanupPage:
    """Everything the template shows."""

    cleanup: Cleanup
    lines: tuple[CleanupLine, ...]
    tabs: tuple[Tab, ...]
    state: LineState | None

    @property
    def lot(self) -> int:
        return LOT

    @property
    def decisions(self) -> tuple[tuple[str, object], ...]:
        return tuple((kind, DECISION[kind]) for kind in decision_kinds())

    @property
    def progress(self) -> str | None:
        """What is being done with the whole list, and how far that is; None where nothing is."""
        cleanup = self.cleanup
        if cleanup.task is None:
            return None
        said = _("正在撤销%(n)s行中的第%(at)s行") if cleanup.task is Task.UNDO else _("正在接受%(n)s行中的第%(at)s行")
        return str(said % {"n": cleanup.task_total, "at": cleanup.task_done + 1})

    @property
    def states(self) -> Mapping[LineState, object]:
        return STATE

    def decision(self, kind: str) -> object:
        return DECISION[kind]

    def reasons(self, codes: Sequence[str]) -> tuple[object, ...]:
        return tuple(REASON[code] for code in codes)


def build(cleanup: Cleanup, lines: tuple[CleanupLine, ...], state: LineState | None) -> CleanupPage:
    return CleanupPage(
        cleanup=cleanup,
        lines=lines,
        state=state,
        tabs=(
            _tab(cleanup, None, str(_l("全部")), cleanup.total, state),
            *(_tab(cleanup, each, str(label), cleanup.counts[each], state) for each, label in STATE.items()),
        ),
    )


def _tab(cleanup: Cleanup, of: LineState | None, label: str, count: int, shown: LineState | None) -> Tab:
    url = url_for("cleanups.show", cleanup_id=cleanup.id, state=of.value if of else None)
    return Tab(label=label, count=count, url=None if of is shown else url)
