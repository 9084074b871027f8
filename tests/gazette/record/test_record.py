"""Reading the record: in batches, as of a day, without what is not public."""

import datetime as dt

import pytest
from sqlalchemy import event

from gazette.errors import NotFound
from gazette.record.reading import get_document, iter_documents
from gazette.store import Store
from gazette.validity.status import Status
from tests.gazette.builders import a_draft, take_in


def test_reading_many_documents_takes_as_many_queries_as_reading_a_few(store: Store) -> None:
    for number in range(30):
        take_in(
            store, a_draft(f"关于第{number}件事的通知", place=str(number), text=(f"依照《第{number}号条例》办理。",))
        )
    counted = {}
    for size in (2, 30):
        statements: list[str] = []
        event.listen(store.engine, "before_cursor_execute", lambda *facts, seen=statements: seen.append(facts[2]))
        with store.read() as session:
            ids = [record.id for record in iter_documents(session)][:size]
            statements.clear()
            assert len(list(iter_documents(session, ids))) == size
        counted[size] = len(statements)
    assert counted[2] == counted[30] < 20


def test_documents_stream_in_order_of_id_and_unknown_ids_are_passed_over(store: Store) -> None:
    held = [take_in(store, a_draft(f"关于{name}的通知", place=name)).document or "" for name in "甲乙丙"]
    with store.read() as session:
        assert [record.id for record in iter_documents(session, [*reversed(held), "unknown"])] == sorted(held)
        with pytest.raises(NotFound):
            get_document(session, "unknown")


def test_the_current_version_and_the_standing_are_those_of_the_day(store: Store) -> None:
    old = take_in(store, a_draft("公园条例", acts=[("adopted", "2010-01-01")], effective="2010-03-01", text=("旧。",)))
    acts = [("adopted", "2010-01-01"), ("revised", "2020-01-01")]
    new = take_in(store, a_draft("公园条例", acts=acts, effective="2020-05-01", text=("新。",)))
    with store.read() as session:
        before = get_document(session, old.document or "", as_of=dt.date(2020, 4, 30))
        after = get_document(session, old.document or "", as_of=dt.date(2020, 5, 1))
    assert (before.current.id, after.current.id) == (old.version, new.version)
    assert after.versions[0].standing.status is Status.AMENDED
    assert [version.id for version in after.versions] == [old.version, new.version]


def test_links_lead_both_ways_whichever_document_comes_first(store: Store) -> None:
    repealing = take_in(
        store,
        a_draft(
            "绿地条例", published="2021-01-01", place="a", text=("本条例自2021年5月1日起施行。《公园条例》同时废止。",)
        ),
    )
    repealed = take_in(store, a_draft("公园条例", acts=[("adopted", "2010-01-01")], place="b"))
    with store.read() as session:
        one, other = (get_document(session, each.document or "") for each in (repealing, repealed))
    assert ("repeals", repealed.document) in {(link.relation, link.document) for link in one.related}
    links = {(link.relation, link.document) for link in other.related}
    assert {("repealed_by", repealing.document), ("cited_by", repealing.document)} <= links
    assert other.standing.status is Status.REPEALED


def test_a_document_in_review_is_no_neighbour(store: Store) -> None:
    held = take_in(store, a_draft("公园条例", acts=[("adopted", "2010-01-01")], place="a"))
    take_in(store, a_draft("关于落实的通知", text=("依照《公园条例》办理。",), place="b"), publish=False)
    with store.read() as session:
        assert get_document(session, held.document or "").related == ()
