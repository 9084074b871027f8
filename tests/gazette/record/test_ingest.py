"""Taking documents in: once is enough, nothing is overwritten, drafts wait."""

from typing import Any

import pytest
from sqlalchemy import text

from gazette.audit import list_audit
from gazette.errors import NotFound
from gazette.ledger import verify
from gazette.outbox import iter_changes
from gazette.record.reading import count_documents, get_document, iter_documents, latest_documents
from gazette.store import Store
from tests.gazette.builders import a_draft, take_in


def everything(store: Store) -> dict[str, list[Any]]:
    """Every row of every table, for comparison."""
    with store.read() as session:
        tables = session.scalars(text("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")).all()
        return {table: [tuple(row) for row in session.execute(text(f"SELECT * FROM {table}"))] for table in tables}


def test_a_document_taken_in_and_published_can_be_read_whole(store: Store) -> None:
    outcome = take_in(
        store,
        a_draft(
            "江城市公园管理办法",
            number="江城市人民政府令第5号",
            issuers=("江城市人民政府", "江城市园林局"),
            kind="规章",
            effective="2020-05-01",
            published="2020-03-01",
        ),
        source_name="江城",
    )
    with store.read() as session:
        record = get_document(session, outcome.document or "")
        (same,) = iter_documents(session)
        assert [each.id for each in latest_documents(session)] == [record.id]
        assert count_documents(session) == 1
    assert same.id == record.id
    assert record.title == "江城市公园管理办法"
    assert record.issuers == ("江城市人民政府", "江城市园林局")
    assert record.current.body[0].text == "江城市公园管理办法的正文内容写在这里。"
    assert record.sources == ("江城",)
    assert record.doc_number == outcome.doc_number
    assert record.first_published_at is not None


def test_the_same_file_a_second_time_changes_nothing(store: Store) -> None:
    first = take_in(store, a_draft(number="江政发〔2020〕1号", signed="2020-01-02"))
    before = everything(store)
    second = take_in(store, a_draft(number="江政发〔2020〕1号", signed="2020-01-02"))
    assert (second.document, second.version, second.action) == (first.document, first.version, "unchanged")
    assert everything(store) == before


def test_a_draft_is_not_public_and_tells_nobody_its_text(store: Store) -> None:
    outcome = take_in(store, a_draft(), publish=False)
    with store.read() as session:
        with pytest.raises(NotFound):
            get_document(session, outcome.document or "")
        assert list(iter_documents(session)) == []
        assert get_document(session, outcome.document or "", drafts=True).state == "draft"


def test_a_new_version_in_review_is_not_shown_with_the_published_one(store: Store) -> None:
    take_in(store, a_draft("公园条例", acts=[("adopted", "2010-01-01")]))
    draft = a_draft("公园条例", acts=[("adopted", "2010-01-01"), ("amended", "2020-01-01")], text=("修正后的文本。",))
    outcome = take_in(store, draft, publish=False)
    with store.read() as session:
        assert len(get_document(session, outcome.document or "").versions) == 1
        assert len(get_document(session, outcome.document or "", drafts=True).versions) == 2


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"disclosure": "此件依申请公开"}, "publication.not_public"),
        ({"notes": ("此件不公开",)}, "publication.not_public"),
        ({"text": ("机密★1年", "关于某事的通知正文。")}, "publication.secret"),
        ({"title": None, "text": ("没有标题的正文。",)}, "publication.untitled"),
    ],
)
def test_what_must_not_be_published_unseen_stays_a_draft_with_a_finding(
    store: Store, facts: dict[str, Any], code: str
) -> None:
    outcome = take_in(store, a_draft(**facts), publish=True)
    assert code in [finding.code for finding in outcome.findings]
    with store.read() as session, pytest.raises(NotFound):
        get_document(session, outcome.document or "")


def test_a_text_that_speaks_of_secrets_is_published(store: Store) -> None:
    outcome = take_in(
        store, a_draft("保守国家秘密法", text=("国家秘密的密级分为绝密、机密、秘密三级。",), disclosure="主动公开")
    )
    with store.read() as session:
        assert get_document(session, outcome.document or "").state == "published"


def test_a_copy_fills_blanks_and_overwrites_nothing(store: Store) -> None:
    one = take_in(store, a_draft(number="江政发〔2020〕1号", kind="通知", place="a"))
    take_in(
        store, a_draft(number="江政发〔2020〕1号", kind="意见", signed="2020-01-02", issuers=("江城市",), place="b")
    )
    with store.read() as session:
        record = get_document(session, one.document or "")
    assert record.kind == "通知"
    assert str(record.current.signed_date) == "2020-01-02"
    assert record.issuers == ("江城市",)
    assert len(record.current.copies) == 2


def test_the_newest_version_names_the_document_whatever_comes_first(store: Store) -> None:
    acts = [("adopted", "2002-06-29"), ("amended", "2014-08-31")]
    new = take_in(store, a_draft("中华人民共和国安全法", acts=acts, text=("新文本若干内容。",)))
    take_in(store, a_draft("安全法", acts=acts[:1], text=("旧文本若干内容。",)))
    with store.read() as session:
        record = get_document(session, new.document or "")
    assert record.title == "中华人民共和国安全法"
    assert record.current.id == new.version


def test_a_draft_without_title_and_text_fails_and_leaves_nothing(store: Store) -> None:
    before = everything(store)
    outcome = take_in(store, a_draft(None, text=()))
    assert outcome.action == "failed"
    assert [finding.code for finding in outcome.findings] == ["draft.empty"]
    assert everything(store) == before


def test_every_change_is_in_the_outbox_the_trail_and_the_ledger(store: Store) -> None:
    outcome = take_in(store, a_draft())
    with store.read() as session:
        assert outcome.document in [change.subject for change in iter_changes(session)]
        assert [entry.action for entry in list_audit(session, subject=outcome.document)] == ["ingest"]
        assert verify(session).entries == 1
