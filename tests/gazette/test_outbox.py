"""The outbox says what changed, once per transaction and in the order of commits."""

import pytest

from gazette.outbox import enqueue, iter_changes, last_change
from gazette.store import Store


def test_changes_are_read_in_order_after_the_last_one_seen(store: Store) -> None:
    for subject in ("a", "b", "c"):
        with store.write() as session:
            enqueue(session, "document", subject)
    with store.read() as session:
        changes = list(iter_changes(session))
        assert [change.subject for change in changes] == ["a", "b", "c"]
        assert [change.subject for change in iter_changes(session, after_id=changes[1].id)] == ["c"]
        assert [change.subject for change in iter_changes(session, limit=2)] == ["a", "b"]
        assert last_change(session) == changes[-1].id


def test_a_subject_that_changes_twice_in_one_transaction_is_said_once(store: Store) -> None:
    with store.write() as session:
        enqueue(session, "document", "a")
        enqueue(session, "document", "a")
        enqueue(session, "issue", "a")
    with store.read() as session:
        assert [(change.topic, change.subject) for change in iter_changes(session)] == [
            ("document", "a"),
            ("issue", "a"),
        ]


def test_a_failed_transaction_says_nothing(store: Store) -> None:
    def enqueue_and_fail() -> None:
        with store.write() as session:
            enqueue(session, "document", "a")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        enqueue_and_fail()
    with store.read() as session:
        assert last_change(session) == 0
