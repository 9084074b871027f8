"""Tombstones: what was public leaves one, what never was leaves none."""

from __future__ import annotations

from gazette.record.documents import DocumentRow, DocumentState
from gazette.record.tombstones import iter_tombstones
from gazette.store import Store, now
from tests.gazette.builders import a_draft, take_in


def withdraw(store: Store, document: str | None) -> None:
    with store.write() as session:
        row = session.get_one(DocumentRow, document)
        row.state, row.withdrawn_at, row.withdrawn_reason = DocumentState.WITHDRAWN.value, now(), "内容有误"


def test_a_withdrawn_document_leaves_title_and_reason(store: Store) -> None:
    gone = take_in(store, a_draft("旧办法", number="江政发〔2020〕1号")).document
    take_in(store, a_draft("新办法", number="江政发〔2020〕2号"))
    withdraw(store, gone)
    with store.read() as session:
        (stone,) = iter_tombstones(session)
        assert list(iter_tombstones(session, [gone or ""])) == [stone]
        assert list(iter_tombstones(session, ["nothing"])) == []
    assert (stone.document, stone.title, stone.reason) == (gone, "旧办法", "内容有误")


def test_a_draft_that_was_never_public_leaves_nothing(store: Store) -> None:
    withdraw(store, take_in(store, a_draft(), publish=False).document)
    with store.read() as session:
        assert list(iter_tombstones(session)) == []
