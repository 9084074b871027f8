"""The editor's work: each act is in the trail and the outbox, and can be taken back."""

import datetime as dt
import sqlite3
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import event, func, insert, select

from gazette.citations.cited import CitationRow
from gazette.editing.workflow import (
    accept_event,
    correct,
    list_audit,
    list_drafts,
    merge,
    publish,
    purge,
    reject_event,
    set_label,
    split,
    undo,
    withdraw,
)
from gazette.errors import BadInput, Conflict, GongbaoError, NotFound, Withdrawn
from gazette.outbox import iter_changes, last_change
from gazette.record.documents import CopyRow, VersionRow
from gazette.record.reading import DocumentRecord, get_document
from gazette.store import Store
from gazette.validity.events import EventKind, EventRow, EventState, Origin
from gazette.validity.status import Status
from tests.gazette.builders import a_draft, take_in

DAY = dt.date(2020, 5, 1)


def held(store: Store, document: str) -> DocumentRecord:
    with store.read() as session:
        return get_document(session, document, drafts=True, allow_withdrawn=True)


def content(record: DocumentRecord) -> dict[str, Any]:
    """What readers see of a document, without times."""
    return {
        "title": record.title,
        "state": record.state,
        "issuers": record.issuers,
        "kind": record.kind,
        "names": {(name.kind, name.value) for name in record.identifiers},
        "versions": {
            version.id: (version.title, version.body, version.effective_date, version.state, len(version.copies))
            for version in record.versions
        },
        "labels": {event.label for event in record.events},
    }


def a_document(store: Store, title: str = "公园条例", **facts: Any) -> str:
    return take_in(store, a_draft(title, place=title, **facts)).document or ""


def last_audit(store: Store) -> int:
    with store.read() as session:
        return list_audit(session)[0].id


def test_a_draft_is_listed_until_it_is_published(store: Store) -> None:
    document = take_in(store, a_draft(issuers=("江城市",)), publish=False).document or ""
    with store.read() as session:
        (waiting,) = list_drafts(session)
    assert (waiting.document, waiting.issuers, waiting.state) == (document, ("江城市",), "draft")
    publish(store, document, actor="编辑")
    assert held(store, document).state == "published"
    with store.read() as session:
        assert list_drafts(session) == ()
    with pytest.raises(Conflict):
        publish(store, document, actor="编辑")


def test_a_withdrawn_document_leaves_a_tombstone_with_its_reason(store: Store) -> None:
    document = a_document(store)
    withdraw(store, document, actor="编辑", reason="发布有误")
    with store.read() as session, pytest.raises(Withdrawn) as raised:
        get_document(session, document)
    assert "发布有误" in raised.value.message()
    assert held(store, document).withdrawn_at is not None


def test_what_was_withdrawn_is_not_published_again_by_another_copy(store: Store) -> None:
    document = a_document(store, acts=[("adopted", "2010-01-01")])
    withdraw(store, document, actor="编辑", reason="发布有误")
    again = take_in(store, a_draft("公园条例", acts=[("adopted", "2010-01-01")], text=("另一来源。",), place="other"))
    assert again.document == document
    assert held(store, document).state == "withdrawn"


@pytest.mark.parametrize(
    ("fields", "seen"),
    [
        ({"title": "江城市公园条例"}, lambda record: record.title == "江城市公园条例"),
        ({"issuers": ["甲局", "乙局"]}, lambda record: record.issuers == ("甲局", "乙局")),
        ({"kind": "地方性法规", "theme": None}, lambda record: record.kind == "地方性法规"),
        ({"index_number": "000014349/2018-00079"}, lambda record: record.index_number == "000014349/2018-00079"),
    ],
)
def test_any_field_of_a_document_can_be_corrected(
    store: Store, fields: dict[str, Any], seen: Callable[[DocumentRecord], bool]
) -> None:
    document = a_document(store)
    correct(store, document, fields, actor="编辑", reason="核对原件")
    assert seen(held(store, document))


def test_any_field_of_a_version_can_be_corrected(store: Store) -> None:
    document = a_document(store)
    version = held(store, document).current.id
    body = [{"type": "article", "num": "第一条", "text": "依照《安全生产法》制定本条例。", "eid": "art_1"}]
    correct(
        store,
        document,
        {"effective_date": "2020-05-01", "doc_number": "国务院令第 7 号", "body": body},
        actor="编辑",
        version=version,
    )
    current = held(store, document).current
    assert current.effective_date == DAY
    assert current.doc_number == "国务院令第7号"
    assert current.body[0].num == "第一条"
    assert ("cites", "安全生产法") in {(link.relation, link.title) for link in held(store, document).related}


@pytest.mark.parametrize(
    "fields", [{"nonsense": "x"}, {"title": ""}, {"title": 7}, {"issuers": "甲局"}, {"signed_date": "2020-13-45"}]
)
def test_a_correction_that_does_not_fit_is_one_clear_error_and_changes_nothing(
    store: Store, fields: dict[str, Any]
) -> None:
    document = a_document(store)
    before = content(held(store, document))
    with pytest.raises(BadInput):
        correct(store, document, fields, actor="编辑")
    assert content(held(store, document)) == before


def test_no_later_copy_overwrites_a_correction(store: Store) -> None:
    document = a_document(store, acts=[("adopted", "2010-01-01")])
    correct(store, document, {"title": "公园条例（正）", "issuers": ["甲局"]}, actor="编辑")
    newer = a_draft("公园条例", acts=[("amended", "2020-01-01")], issuers=(), text=("新的文本。",), place="b")
    take_in(store, newer)
    assert held(store, document).title == "公园条例（正）"
    assert held(store, document).issuers == ("甲局",)


def test_a_label_needs_evidence_and_becomes_an_editors_event(store: Store) -> None:
    document = a_document(store)
    with pytest.raises(BadInput):
        set_label(store, document, Status.REPEALED, day=DAY, evidence=" ", actor="编辑")
    with pytest.raises(BadInput):
        set_label(store, document, Status.PENDING, day=DAY, evidence="见公告", actor="编辑")
    set_label(
        store, document, Status.REPEALED, day=DAY, evidence="《公园条例》同时废止。", actor="编辑", url="http://a/"
    )
    (event,) = [event for event in held(store, document).events if event.origin is Origin.EDITOR]
    assert (event.kind, event.date, event.state, event.quote) == (
        EventKind.REPEALED,
        DAY,
        EventState.ACCEPTED,
        "《公园条例》同时废止。",
    )


def a_proposed_event(store: Store, document: str) -> str:
    with store.write() as session:
        row = EventRow(
            kind="repealed",
            date=DAY,
            document_id=document,
            origin="text",
            state="proposed",
            quote="同时废止",
            label="提议",
        )
        session.add(row)
        session.flush()
        return row.id


def test_a_judgement_closes_the_old_event_and_writes_a_new_one(store: Store) -> None:
    document = a_document(store)
    proposed = a_proposed_event(store, document)
    accepted = accept_event(store, proposed, actor="编辑")
    with store.read() as session:
        old, new = session.get_one(EventRow, proposed), session.get_one(EventRow, accepted)
        assert old.state == "proposed"
        assert old.known_to == new.known_from
        assert new.state == "accepted"
    with pytest.raises(Conflict):
        reject_event(store, proposed, actor="编辑")
    reject_event(store, accepted, actor="编辑")
    assert "提议" not in {event.label for event in held(store, document).events}


def test_merged_documents_are_one_under_both_ids(store: Store) -> None:
    keep = a_document(store, acts=[("adopted", "2010-01-01")])
    drop = a_document(store, "公园管理条例", acts=[("amended", "2020-01-01")], number="国务院令第9号")
    merge(store, keep, drop, actor="编辑")
    record = held(store, keep)
    assert len(record.versions) == 2
    assert held(store, drop).id == keep
    assert ("doc_number", "国务院令第9号") in {(name.kind, name.value) for name in record.identifiers}


def test_a_document_cited_more_often_than_a_statement_has_parameters_is_merged_and_purged(store: Store) -> None:
    @event.listens_for(store.engine, "connect")
    def few_parameters(connection: Any, _record: Any) -> None:
        connection.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, 600)

    keep, drop = a_document(store, "甲办法"), a_document(store, "乙办法")
    store.engine.dispose()
    with store.write() as session:
        version = session.scalars(select(VersionRow.id).filter_by(document_id=keep)).one()
        row = {"version_id": version, "kind": "title", "raw": "《乙办法》", "target_document_id": drop, "locator": {}}
        session.execute(insert(CitationRow), [row] * 700)
    undo(store, merge(store, keep, drop, actor="编辑"), actor="编辑")
    with store.read() as session:
        assert session.scalar(select(func.count()).select_from(CitationRow).filter_by(target_document_id=drop)) == 700
    purge(store, drop, actor="管理员", reason="含个人信息")


def test_merging_two_holdings_of_one_text_leaves_one_version_with_two_copies(store: Store) -> None:
    keep = a_document(store, "甲办法", text=("同样的正文写了两遍。",))
    drop = a_document(store, "乙办法", text=("同样的正文写了两遍。",))
    merge(store, keep, drop, actor="编辑")
    (version,) = held(store, keep).versions
    assert len(version.copies) == 2


def test_a_version_can_be_split_off_as_a_document_of_its_own(store: Store) -> None:
    document = a_document(store, acts=[("adopted", "2010-01-01")])
    newer = take_in(store, a_draft("公园条例", acts=[("amended", "2020-01-01")], text=("新文本。",), place="b"))
    new = split(store, document, [newer.version or ""], actor="编辑")
    assert [version.id for version in held(store, new).versions] == [newer.version]
    assert len(held(store, document).versions) == 1
    with pytest.raises(BadInput):
        split(store, document, [held(store, document).current.id], actor="编辑")


Act = Callable[[Store, str, str], object]
ACTS: dict[str, Act] = {
    "withdraw": lambda store, one, two: withdraw(store, one, actor="编辑", reason="有误"),
    "correct": lambda store, one, two: correct(store, one, {"title": "改", "issuers": ["丙"]}, actor="编辑"),
    "correct version": lambda store, one, two: correct(
        store, one, {"effective_date": "2001-01-01", "body": []}, actor="编辑", version=held(store, one).current.id
    ),
    "label": lambda store, one, two: set_label(store, one, Status.LAPSED, day=DAY, evidence="见目录", actor="编辑"),
    "accept": lambda store, one, two: accept_event(store, _proposed_of(store, one), actor="编辑"),
    "reject": lambda store, one, two: reject_event(store, _proposed_of(store, one), actor="编辑"),
    "merge": lambda store, one, two: merge(store, one, two, actor="编辑"),
    "split": lambda store, one, two: split(store, one, [held(store, one).current.id], actor="编辑"),
}


def _proposed_of(store: Store, document: str) -> str:
    with store.read() as session:
        found = session.scalar(select(EventRow.id).filter_by(document_id=document, state="proposed"))
    assert found is not None
    return found


@pytest.mark.parametrize("name", ACTS)
def test_every_act_can_be_undone_once_and_leaves_things_as_they_were(store: Store, name: str) -> None:
    one = a_document(store, acts=[("adopted", "2010-01-01")])
    take_in(store, a_draft("公园条例", acts=[("amended", "2020-01-01")], text=("新的文本。",), place="b"))
    two = a_document(store, "绿地条例")
    a_proposed_event(store, one)
    before = [content(held(store, each)) for each in (one, two)]
    ACTS[name](store, one, two)
    act = last_audit(store)
    seen = _last_outbox(store)
    assert [content(held(store, each)) for each in (one, two)] != before or name == "accept"
    undo(store, act, actor="编辑")
    restored = [content(held(store, each)) for each in (one, two)]
    for was, is_now in zip(before, restored, strict=True):
        is_now["names"] &= was["names"]
    assert restored == before
    assert one in _changed_after(store, seen)
    with pytest.raises(Conflict):
        undo(store, act, actor="编辑")


def test_undoing_a_split_brings_home_what_was_learnt_since(store: Store) -> None:
    document = a_document(store, acts=[("adopted", "2010-01-01")])
    newer = take_in(store, a_draft("公园条例", acts=[("amended", "2020-01-01")], text=("新文本。",), place="b"))
    new = split(store, document, [newer.version or ""], actor="编辑")
    done = last_audit(store)
    set_label(store, new, Status.LAPSED, day=DAY, evidence="见失效目录", actor="编辑")
    undo(store, done, actor="编辑")
    assert "见失效目录" in {event.quote for event in held(store, document).events}


def test_undoing_a_merging_gives_back_the_first_day_of_publication(store: Store) -> None:
    drop = a_document(store, "绿地条例")
    keep = a_document(store)
    first = held(store, keep).first_published_at
    merge(store, keep, drop, actor="编辑")
    undo(store, last_audit(store), actor="编辑")
    assert held(store, keep).first_published_at == first


def _last_outbox(store: Store) -> int:
    with store.read() as session:
        return last_change(session)


def _changed_after(store: Store, change: int) -> list[str]:
    with store.read() as session:
        return [each.subject for each in iter_changes(session, change)]


def test_publishing_can_be_undone(store: Store) -> None:
    document = take_in(store, a_draft(), publish=False).document or ""
    undo(store, publish(store, document, actor="编辑"), actor="编辑")
    with store.read() as session, pytest.raises(NotFound):
        get_document(session, document)


def test_a_correction_that_was_corrected_again_cannot_be_undone_first(store: Store) -> None:
    document = a_document(store)
    first = correct(store, document, {"title": "一"}, actor="编辑")
    second = correct(store, document, {"title": "二"}, actor="编辑")
    with pytest.raises(Conflict):
        undo(store, first, actor="编辑")
    undo(store, second, actor="编辑")
    undo(store, first, actor="编辑")
    assert held(store, document).title == "公园条例"


def test_an_ingest_cannot_be_undone(store: Store) -> None:
    a_document(store)
    with pytest.raises(Conflict):
        undo(store, last_audit(store), actor="编辑")


def test_purging_destroys_text_and_bytes_and_keeps_hash_and_reason(store: Store) -> None:
    secret = "张三的身份证号码是某某某。"
    document = take_in(store, a_draft(f"关于{secret}的通知", text=(secret,), place="leak.html")).document or ""
    digest = held(store, document).current.copies[0].sha256
    correct(store, document, {"title": f"更正{secret}"}, actor="编辑")
    purge(store, document, actor="编辑", reason="含个人信息")
    assert not store.blobs.has(digest)
    database = b"".join(path.read_bytes() for path in store.settings.home.glob("gongbao.db*"))
    assert secret.encode() not in database
    with store.read() as session:
        with pytest.raises(Withdrawn):
            get_document(session, document, allow_withdrawn=True)
        assert session.scalar(select(CopyRow.sha256)) == digest
        assert list_audit(session, subject=document)[0].reason == "含个人信息"


def test_what_was_purged_does_not_come_back(store: Store) -> None:
    leak = a_draft("关于某事的通知", text=("含有个人信息的正文一段。",), place="leak.html")
    purge(store, take_in(store, leak).document or "", actor="编辑", reason="含个人信息")
    for again in (leak, a_draft("换个标题", text=("含有个人信息的正文一段。",), place="elsewhere.html")):
        outcome = take_in(store, again)
        assert [finding.code for finding in outcome.findings] == ["source.purged"]


def test_a_file_that_another_document_rests_on_survives_a_purge(store: Store) -> None:
    from gazette.record.ingest import ingest_draft

    ids = [
        ingest_draft(store, a_draft(title, place=title), b"one file", publish=True, actor="测试").document or ""
        for title in ("甲通知", "乙通知")
    ]
    digest = held(store, ids[1]).current.copies[0].sha256
    purge(store, ids[0], actor="编辑", reason="含个人信息")
    assert store.blobs.has(digest)


@pytest.mark.parametrize(
    "act",
    [
        lambda store: publish(store, "none", actor="编辑"),
        lambda store: withdraw(store, "none", actor="编辑", reason="x"),
        lambda store: correct(store, "none", {"title": "x"}, actor="编辑"),
        lambda store: merge(store, "none", "nil", actor="编辑"),
        lambda store: accept_event(store, "none", actor="编辑"),
        lambda store: undo(store, 99, actor="编辑"),
    ],
)
def test_what_is_not_held_is_not_found(store: Store, act: Callable[[Store], object]) -> None:
    with pytest.raises(NotFound):
        act(store)


def test_a_withdrawal_without_a_reason_is_refused(store: Store) -> None:
    with pytest.raises(GongbaoError):
        withdraw(store, a_document(store), actor="编辑", reason=" ")
