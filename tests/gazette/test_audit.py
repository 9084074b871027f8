"""The trail keeps who did what to which record, and what was taken back."""

import pytest

from gazette.audit import audit, get_audit, list_audit
from gazette.errors import NotFound
from gazette.store import Store


def test_the_trail_is_read_newest_first_and_by_subject(store: Store) -> None:
    with store.write() as session:
        audit(session, actor="甲", action="publish", topic="document", subject="a")
        audit(session, actor="乙", action="correct", topic="document", subject="b", before={"t": 1}, after={"t": 2})
    with store.read() as session:
        assert [entry.actor for entry in list_audit(session)] == ["乙", "甲"]
        (entry,) = list_audit(session, subject="b")
        assert (entry.before, entry.after) == ({"t": 1}, {"t": 2})


def test_an_entry_knows_who_undid_it(store: Store) -> None:
    with store.write() as session:
        first = audit(session, actor="甲", action="publish", topic="document", subject="a")
        second = audit(session, actor="甲", action="undo", topic="document", subject="a", undoes=first)
    with store.read() as session:
        assert get_audit(session, first).undone_by == second
        assert get_audit(session, second).undoes == first


def test_an_unknown_entry_is_not_found(store: Store) -> None:
    with store.read() as session, pytest.raises(NotFound):
        get_audit(session, 7)
