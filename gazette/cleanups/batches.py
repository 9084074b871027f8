"""Batches (批次): accepting or taking back a whole clean-up, lot by lot.

A list may name thousands of texts, and each one decided on has its standing derived anew. Nobody may wait that long for
the writer's lock: a task is noted on the clean-up and carried out in lots, each one transaction with its outbox rows
and its entry of the trail. Whoever comes by carries on (the editor's request, the keeper); one that is killed leaves
whole lots behind and the task for the next.
"""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gazette.audit import find_standing_act, iter_standing_acts
from gazette.cleanups.cleanup import CleanupLineRow, CleanupRow, LineState, Task, get_row, likely, settled
from gazette.cleanups.clearing import accept_lot
from gazette.editing.undoing import undo_within
from gazette.errors import Conflict
from gazette.store import Store, in_batches
from gazette.validity.events import EventRow

#: Lines of one transaction: some tenths of a second.
LOT = 50
#: The acts of the trail that decided on lines.
_DECIDED = ("accept_lines", "skip_line")


def start(store: Store, cleanup: str, task: Task, *, actor: str) -> int:
    """Note a task on a clean-up. Returns how many lines it concerns; 0 notes nothing.

    Taking back stops an acceptance that is under way. Raises NotFound, and Conflict for accepting while it is taken
    back, or where a later judgement rests on what would be taken back.
    """
    with store.write() as session:
        row = get_row(session, cleanup)
        if row.withdrawn_at is not None or (row.task == Task.UNDO and task is not Task.UNDO):
            raise Conflict(why="该清单正在撤销或已撤回")
        total = _left(session, cleanup, task)
        if row.task == task or total == 0:
            return total
        if row.task is not None and task is not Task.UNDO:
            raise Conflict(why="清单中的行正在处理，请稍候")
        if task is Task.UNDO:
            _check_standing(session, cleanup)
        row.task, row.task_actor, row.task_total, row.task_note = task.value, actor, total, None
        return total


def carry_on(store: Store, cleanup: str) -> bool:
    """Do one lot of the task under way. Returns whether more is left."""
    with store.write() as session:
        row = get_row(session, cleanup)
        if row.task is None:
            return False
        actor = row.task_actor or row.actor
        if row.task == Task.UNDO:
            is_done = not _take_back_lot(session, row, actor)
        else:
            is_likely = row.task == Task.ACCEPT_LIKELY
            is_done = accept_lot(session, cleanup, most=LOT, actor=actor, is_likely=is_likely) is None
        if is_done or not _left(session, cleanup, Task(row.task)):
            row.task = None
        return row.task is not None


def carry_out(store: Store, cleanup: str) -> None:
    """Do what is left of the task under way."""
    while carry_on(store, cleanup):
        pass


def find_unfinished(session: Session) -> str | None:
    """The clean-up whose task waits longest to be carried on."""
    query = select(CleanupRow.id).where(CleanupRow.task.is_not(None)).order_by(CleanupRow.created_at).limit(1)
    return session.scalar(query)


def accept_confident(store: Store, cleanup: str, *, actor: str) -> int:
    """Accept every line that needs no editor, to the end. Returns how many there were."""
    total = start(store, cleanup, Task.ACCEPT, actor=actor)
    carry_out(store, cleanup)
    return total


def take_all_back(store: Store, cleanup: str, *, actor: str) -> int:
    """Take back everything that was decided on the lines, to the end. Returns how many lines were.

    Raises Conflict where a later judgement rests on one of them; then nothing is taken back.
    """
    total = start(store, cleanup, Task.UNDO, actor=actor)
    carry_out(store, cleanup)
    return total


def _take_back_lot(session: Session, row: CleanupRow, actor: str) -> bool:
    """Undo the latest act that decided on lines. False where there is none, or where a judgement made meanwhile rests
    on it, which is noted."""
    entry = find_standing_act(session, row.id, _DECIDED)
    if entry is None:
        return False
    try:
        with session.begin_nested():
            undo_within(session, entry, actor=actor)
    except Conflict as error:
        row.task_note = error.message("zh")
        return False
    return True


def _left(session: Session, cleanup: str, task: Task) -> int:
    wanted = {
        Task.ACCEPT: settled(),
        Task.ACCEPT_LIKELY: likely(),
        Task.UNDO: CleanupLineRow.state != LineState.WAITING.value,
    }[task]
    query = select(func.count()).select_from(CleanupLineRow).where(CleanupLineRow.cleanup_id == cleanup, wanted)
    return session.scalar(query) or 0


def _check_standing(session: Session, cleanup: str) -> None:
    """Whether what was decided on the lines still stands as it was left. Raises Conflict."""
    standing = iter_standing_acts(session, cleanup, _DECIDED)
    events = [event for entry in standing for event in entry.after.get("events", ())]
    for batch in in_batches(events):
        superseded = select(EventRow.id).where(EventRow.id.in_(batch), EventRow.known_to.is_not(None))
        if session.scalar(superseded.limit(1)) is not None:
            raise Conflict(why="该认定已被后来的认定取代")
