"""Many rows at once: no statement names more of them than every database takes."""

from __future__ import annotations

import sqlite3
from typing import Any

import pytest
from sqlalchemy import event, insert

from gazette.citations.resolution import find_by_key
from gazette.issues.issue import GazetteRow, IssueRow, IssueState, list_issues
from gazette.record.documents import DocumentRow, DocumentState, IdentifierKind, IdentifierRow
from gazette.record.likeness import load_held
from gazette.record.reading import iter_documents
from gazette.record.tombstones import iter_tombstones
from gazette.store import Store, new_id, now

MANY = 1_100


@pytest.fixture
def narrow(store: Store) -> Store:
    """A store whose connections take a thousand parameters in a statement, as SQLite once did."""

    @event.listens_for(store.engine, "connect")
    def narrowed(connection: Any, _record: Any) -> None:
        connection.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, 1_000)

    store.engine.dispose()
    return store


@pytest.fixture
def namesakes(narrow: Store) -> list[str]:
    """Withdrawn documents that all bear one title."""
    ids = sorted(new_id() for _ in range(MANY))
    moment = now()
    rows = [
        {
            "id": each,
            "title": "通知",
            "state": DocumentState.WITHDRAWN.value,
            "created_at": moment,
            "updated_at": moment,
            "first_published_at": moment,
        }
        for each in ids
    ]
    names = [{"document_id": each, "kind": IdentifierKind.TITLE.value, "raw": "通知", "value": "通知"} for each in ids]
    with narrow.write() as session:
        session.execute(insert(DocumentRow), rows)
        session.execute(insert(IdentifierRow), names)
    return ids


def test_namesakes_without_end_are_compared_and_named(narrow: Store, namesakes: list[str]) -> None:
    with narrow.read() as session:
        assert sorted(find_by_key(session, "通知", None)) == namesakes
        assert [held.document for held in load_held(session, namesakes)] == namesakes
        assert [stone.document for stone in iter_tombstones(session, namesakes)] == namesakes
        assert list(iter_documents(session, namesakes)) == []


def test_all_issues_of_a_long_lived_gazette_are_listed(narrow: Store) -> None:
    with narrow.write() as session:
        session.add(GazetteRow(id="jiangcheng", name="江城市人民政府公报", columns=[]))
        session.flush()
        session.execute(
            insert(IssueRow),
            [
                {
                    "gazette_id": "jiangcheng",
                    "year": 1900 + n // 12,
                    "number": n % 12 + 1,
                    "state": IssueState.DRAFT.value,
                }
                for n in range(MANY)
            ],
        )
    with narrow.read() as session:
        assert len(list_issues(session, "jiangcheng")) == MANY
