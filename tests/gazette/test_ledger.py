"""The ledger is a chain: any later change of any entry shows."""

import pytest
from sqlalchemy import text

from gazette.ledger import GENESIS, append, list_entries, verify
from gazette.store import Store


def _three_entries(store: Store) -> None:
    for number in range(3):
        with store.write() as session:
            append(session, "issue", f"issue{number}", {"标题": f"第{number}期", "sha256": "00"})


def test_each_entry_commits_to_the_one_before(store: Store) -> None:
    _three_entries(store)
    with store.read() as session:
        entries = [list_entries(session, topic="issue", subject=f"issue{n}")[0] for n in range(3)]
        assert [entry.previous for entry in entries] == [GENESIS, entries[0].hash, entries[1].hash]
        outcome = verify(session)
    assert outcome.intact
    assert (outcome.entries, outcome.head) == (3, entries[2].hash)


@pytest.mark.parametrize(
    ("damage", "seen_at"),
    [
        ("UPDATE ledger SET payload = '{}' WHERE id = 2", 2),
        ("UPDATE ledger SET subject = 'another' WHERE id = 1", 1),
        ("UPDATE ledger SET at = '2001-01-01 00:00:00' WHERE id = 3", 3),
        ("DELETE FROM ledger WHERE id = 2", 3),
    ],
)
def test_a_changed_or_dropped_entry_is_found(store: Store, damage: str, seen_at: int) -> None:
    _three_entries(store)
    with store.write() as session:
        session.execute(text(damage))
    with store.read() as session:
        assert verify(session).broken_at == seen_at


def test_an_empty_ledger_is_intact(store: Store) -> None:
    with store.read() as session:
        assert verify(session).intact
