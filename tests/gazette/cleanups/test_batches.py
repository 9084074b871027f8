"""A whole clean-up accepted and taken back lot by lot, whoever carries on and whatever kills it."""

import pytest

from gazette.cleanups import batches, clearing
from gazette.cleanups.batches import accept_confident, carry_on, carry_out, find_unfinished, start, take_all_back
from gazette.cleanups.cleanup import LineState, Task, get_cleanup, list_cleanups
from gazette.editing.undoing import undo_latest
from gazette.editing.workflow import list_audit, reject_event
from gazette.errors import Conflict
from gazette.validity.status import Status
from tests.gazette.cleanups.test_clearing import hold, lines, opened, standing

TITLES = tuple(f"江城市第{number}号管理办法" for number in "甲乙丙丁戊")


@pytest.fixture
def five(store, monkeypatch):
    """Five held texts and a list that repeals them, in lots of two. (clean-up, documents)."""
    monkeypatch.setattr(batches, "LOT", 2)
    documents = [hold(store, title, f"江政发〔2010〕{at}号") for at, title in enumerate(TITLES, 1)]
    rows = [f"{title}（江政发〔2010〕{at}号）" for at, title in enumerate(TITLES, 1)]
    return opened(store, "废止的文件目录\n" + "\n".join(rows)), documents


def read(store, cleanup):
    with store.read() as session:
        return get_cleanup(session, cleanup)


def statuses(store, documents):
    return [standing(store, each).status for each in documents]


def test_each_lot_is_one_transaction_and_the_rest_waits_for_whoever_comes_by(store, five):
    cleanup, documents = five
    assert start(store, cleanup, Task.ACCEPT, actor="编辑") == 5
    assert carry_on(store, cleanup)
    under_way = read(store, cleanup)
    assert (under_way.task, under_way.task_done, under_way.task_total) == (Task.ACCEPT, 2, 5)
    assert statuses(store, documents).count(Status.REPEALED) == 2
    with store.read() as session:
        assert find_unfinished(session) == cleanup
    carry_out(store, cleanup)
    assert set(statuses(store, documents)) == {Status.REPEALED}
    with store.read() as session:
        assert find_unfinished(session) is None
        entries = list_audit(session, subject=cleanup)
    assert [(each.action, each.actor, len(each.after["lines"])) for each in entries[:3]] == [
        ("accept_lines", "编辑", 1),
        ("accept_lines", "编辑", 2),
        ("accept_lines", "编辑", 2),
    ]


def test_a_lot_that_is_killed_leaves_nothing_half_done_and_is_done_again(store, five, monkeypatch):
    cleanup, documents = five
    start(store, cleanup, Task.ACCEPT, actor="编辑")
    carry_on(store, cleanup)

    def killed(*_arguments, **_named):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(clearing, "audit", killed)
        with pytest.raises(KeyboardInterrupt):
            carry_on(store, cleanup)
    assert statuses(store, documents).count(Status.REPEALED) == 2
    carry_out(store, cleanup)
    assert set(statuses(store, documents)) == {Status.REPEALED}
    assert {line.state for line in lines(store, cleanup)} == {LineState.ACCEPTED}


def test_taking_back_undoes_every_lot_and_stops_what_is_under_way(store, five):
    cleanup, documents = five
    before = [(standing(store, each).status, standing(store, each).events) for each in documents]
    start(store, cleanup, Task.ACCEPT, actor="编辑")
    carry_on(store, cleanup)
    assert take_all_back(store, cleanup, actor="编辑") == 2
    assert [(standing(store, each).status, standing(store, each).events) for each in documents] == before
    accept_confident(store, cleanup, actor="编辑")
    assert take_all_back(store, cleanup, actor="编辑") == 5
    assert [(standing(store, each).status, standing(store, each).events) for each in documents] == before
    assert read(store, cleanup).task is None


def test_while_it_is_taken_back_nothing_is_accepted(store, five):
    cleanup, _documents = five
    accept_confident(store, cleanup, actor="编辑")
    start(store, cleanup, Task.UNDO, actor="编辑")
    with pytest.raises(Conflict):
        start(store, cleanup, Task.ACCEPT, actor="编辑")


def test_a_judgement_made_meanwhile_stops_the_taking_back_and_is_told(store, five):
    cleanup, documents = five
    accept_confident(store, cleanup, actor="编辑")
    start(store, cleanup, Task.UNDO, actor="编辑")
    carry_on(store, cleanup)
    (event,) = standing(store, documents[0]).events
    reject_event(store, event.id, actor="编辑")
    carry_out(store, cleanup)
    stopped = read(store, cleanup)
    assert (stopped.task, stopped.task_note) == (None, "与现有记录冲突：该认定已被后来的认定取代")
    assert stopped.counts[LineState.ACCEPTED] == 2


def test_a_list_is_taken_back_itself_and_comes_back_when_handed_in_again(store, five):
    cleanup, _documents = five
    accept_confident(store, cleanup, actor="编辑")
    with pytest.raises(Conflict):
        undo_latest(store, cleanup, "open_cleanup", actor="编辑")
    take_all_back(store, cleanup, actor="编辑")
    undo_latest(store, cleanup, "open_cleanup", actor="编辑")
    with store.read() as session:
        assert list_cleanups(session) == ()
    with pytest.raises(Conflict):
        accept_confident(store, cleanup, actor="编辑")
    rows = [f"{title}（江政发〔2010〕{at}号）" for at, title in enumerate(TITLES, 1)]
    assert opened(store, "废止的文件目录\n" + "\n".join(rows)) == cleanup
    with store.read() as session:
        assert [each.id for each in list_cleanups(session)] == [cleanup]
