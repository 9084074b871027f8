"""The editors' desk, by hand: sign in, upload, review, correct, judge, publish, withdraw, merge, split, undo."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from gazette.citations.resolution import get_cited
from gazette.digitization.kept_pages import KeptPages
from gazette.digitization.readers.page_desk import Leaf, Stage
from gazette.draft import SourceFile
from gazette.editing import redigitization
from gazette.editing.workflow import list_drafts
from gazette.record.ingest import ingest
from gazette.record.reading import get_document
from gazette.store import Store, today
from gazette.validity.official_labels import record_label
from portal.accounts import add_user
from portal.app import create_app
from portal.settings import PortalSettings
from tests.gazette.versions.builders import NEW as AMENDED
from tests.gazette.versions.builders import the_amended_law, the_decision, the_law

PASSWORD = "correct-horse-battery"
OLD = """江城市停车管理办法
江政发〔2015〕8号

第一条　为了规范停车秩序，制定本办法。
第二条　本办法自2015年6月1日起施行。
"""
NEW = """江城市机动车停放管理办法
江政发〔2024〕11号

第一条　为了规范机动车停放，制定本办法。
第二条　停车场应当明码标价。
第三条　本办法自2024年5月1日起施行。《江城市停车管理办法》同时废止。
"""


@pytest.fixture
def client(store: Store) -> Iterator[FlaskClient]:
    add_user(store, username="bianji", password=PASSWORD, role="editor")
    add_user(store, username="guanli", password=PASSWORD, role="administrator")
    app = create_app(PortalSettings(secret_key="for-tests-only", limits_url="memory://"), store.settings)
    with app.test_client() as opened:
        yield opened
    app.extensions["gongbao"].store.close()


def sign_in(client: FlaskClient, username: str = "bianji", password: str = PASSWORD) -> int:
    page = client.get("/signin").text
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert token
    form = {"username": username, "password": password, "csrf_token": token[1]}
    return client.post("/signin", data=form).status_code


def upload(client: FlaskClient, name: str, text: str) -> str:
    """Upload one text; returns the document's id."""
    page = client.post("/desk/upload", data={"files": [(io.BytesIO(text.encode()), name)]})
    assert page.status_code == 200
    found = re.search(r"/desk/documents/([0-9a-z]{12})", page.text)
    assert found, page.text
    return found[1]


def test_a_stranger_is_sent_to_sign_in_and_reads_no_draft(client: FlaskClient) -> None:
    answer = client.get("/desk/")
    assert answer.status_code == 302
    assert "/signin" in answer.location


def test_a_wrong_password_is_one_clear_message(client: FlaskClient) -> None:
    assert sign_in(client, password="not-the-password") == 200
    assert client.get("/desk/").status_code == 302


def test_an_uploaded_file_waits_for_review_and_is_not_public(client: FlaskClient) -> None:
    sign_in(client)
    document = upload(client, "停车.txt", OLD)
    assert "江城市停车管理办法" in client.get("/desk/").text
    assert client.get(f"/documents/{document}").status_code == 404
    review = client.get(f"/desk/documents/{document}").text
    assert "江政发〔2015〕8号" in review
    assert "<iframe" in review


def test_the_same_file_uploaded_twice_changes_nothing(client: FlaskClient, store: Store) -> None:
    sign_in(client)
    first = upload(client, "停车.txt", OLD)
    assert upload(client, "停车.txt", OLD) == first
    with store.read() as session:
        assert len(list_drafts(session)) == 1


def test_a_correction_is_saved_and_can_be_undone(client: FlaskClient, store: Store) -> None:
    sign_in(client)
    document = upload(client, "停车.txt", OLD)
    page = client.get(f"/desk/documents/{document}").text
    form = {
        "version": re.search(r'name="version" value="([^"]+)"', page)[1],
        "seen": re.search(r'name="seen" value="([^"]+)"', page)[1],
        "signed_date": "2015年5月20日",
    }
    assert client.post(f"/desk/documents/{document}", data=form).status_code == 303
    with store.read() as session:
        assert str(get_document(session, document, drafts=True).current.signed_date) == "2015-05-20"
    trail = client.get("/desk/trail").text
    undo = re.search(r"/desk/trail/\d+/undo", trail)
    assert undo
    client.post(undo[0])
    with store.read() as session:
        assert get_document(session, document, drafts=True).current.signed_date is None


def test_an_unreadable_day_comes_back_with_everything_typed(client: FlaskClient) -> None:
    sign_in(client)
    document = upload(client, "停车.txt", OLD)
    page = client.get(f"/desk/documents/{document}").text
    seen = re.search(r'name="seen" value="([^"]+)"', page)[1]
    answer = client.post(
        f"/desk/documents/{document}", data={"seen": seen, "signed_date": "二月三十日", "kind": "我写的文种"}
    )
    assert answer.status_code == 400
    assert "日期无法识别" in answer.text
    assert "我写的文种" in answer.text


def test_two_editors_cannot_overwrite_each_other_unseen(client: FlaskClient) -> None:
    sign_in(client)
    document = upload(client, "停车.txt", OLD)
    answer = client.post(
        f"/desk/documents/{document}", data={"seen": "2020-01-01T00:00:00+00:00", "kind": "我写的文种"}
    )
    assert answer.status_code == 400
    assert "我写的文种" in answer.text


def test_published_clauses_repeal_and_the_editor_may_reject_that(client: FlaskClient, store: Store) -> None:
    sign_in(client)
    old, new = upload(client, "旧.txt", OLD), upload(client, "新.txt", NEW)
    for document in (old, new):
        client.post(f"/desk/documents/{document}/publish")
    assert client.get(f"/documents/{old}").status_code == 200
    with store.read() as session:
        assert get_document(session, old).standing.status == "repealed"
    page = client.get(f"/desk/documents/{old}").text
    reject = re.findall(rf"/desk/documents/{old}/events/\w+/reject", page)
    for path in reject:
        client.post(path)
    with store.read() as session:
        assert get_document(session, old).standing.status != "repealed"


def test_a_text_with_a_mark_of_secrecy_cannot_be_published(client: FlaskClient, store: Store) -> None:
    sign_in(client)
    document = upload(client, "停车.txt", f"机密★5年\n{OLD}")
    answer = client.post(f"/desk/documents/{document}/publish", follow_redirects=True)
    assert "标有密级" in answer.text
    assert client.get(f"/documents/{document}").status_code == 404
    assert client.get(f"/api/v1/documents/{document}").status_code == 404


def test_an_editors_label_needs_evidence_and_is_shown(client: FlaskClient, store: Store) -> None:
    sign_in(client)
    document = upload(client, "停车.txt", OLD)
    client.post(f"/desk/documents/{document}/publish")
    label = {"status": "in_force", "day": "2026-01-05", "evidence": ""}
    client.post(f"/desk/documents/{document}/label", data=label)
    with store.read() as session:
        assert get_document(session, document).standing.status == "unknown"
    client.post(f"/desk/documents/{document}/label", data=label | {"evidence": "列入2026年继续有效文件目录第3项。"})
    with store.read() as session:
        standing = get_document(session, document).standing
    assert standing.status == "in_force"
    assert standing.basis == "editor"


def test_one_part_of_the_text_is_corrected(client: FlaskClient, store: Store) -> None:
    sign_in(client)
    document = upload(client, "停车.txt", OLD)
    with store.read() as session:
        version = get_document(session, document, drafts=True).current
    path = f"/desk/documents/{document}/versions/{version.id}/text/0"
    page = client.get(path).text
    name = re.search(r'<textarea id="([^"]+)"', page)[1]
    client.post(path, data={name: "为了规范停车秩序，方便群众，制定本办法。"})
    with store.read() as session:
        body = get_document(session, document, drafts=True).current.body
    assert "方便群众" in body[0].full_text()


def test_a_withdrawn_document_leaves_a_tombstone(client: FlaskClient) -> None:
    sign_in(client)
    document = upload(client, "停车.txt", OLD)
    client.post(f"/desk/documents/{document}/publish")
    client.post(f"/desk/documents/{document}/withdraw", data={"reason": "重复发布"})
    gone = client.get(f"/documents/{document}")
    assert gone.status_code == 410
    assert "重复发布" in gone.text


def test_documents_are_merged_and_the_merging_undone(client: FlaskClient) -> None:
    sign_in(client)
    one, other = upload(client, "旧.txt", OLD), upload(client, "新.txt", NEW)
    for document in (one, other):
        client.post(f"/desk/documents/{document}/publish")
    client.post(f"/desk/documents/{one}/merge", data={"other": other})
    assert client.get(f"/documents/{other}").status_code == 301
    page = client.get(f"/desk/documents/{one}").text
    assert 'name="versions"' in page
    undo = re.search(r"/desk/trail/\d+/undo", client.get("/desk/trail").text)[0]
    client.post(undo)
    assert client.get(f"/documents/{other}").status_code == 200


def test_only_an_administrator_sets_what_counts_by_itself(client: FlaskClient) -> None:
    sign_in(client)
    assert client.get("/desk/acceptance").status_code == 403
    assert "采信规则" not in client.get("/desk/").text
    client.post("/signout")
    sign_in(client, "guanli")
    page = client.get("/desk/acceptance").text
    form = dict(re.findall(r'name="(\S+:\S+)"[^>]*value="(\d*)"', page))
    assert (form["text:repealed"], form["official-label:repealed"]) == ("90", "0")
    client.post("/desk/acceptance", data=form | {"text:repealed": "", "on_arrival": "on"})
    assert 'name="text:repealed" maxlength="4" value=""' in client.get("/desk/acceptance").text
    assert "条文载明·废止 等编辑决定" in client.get("/desk/trail").text
    wrong = client.post("/desk/acceptance", data=form | {"text:repealed": "很高"}, follow_redirects=True)
    assert "“很高”不是0至100的整数" in wrong.text
    client.post("/signout")
    sign_in(client)
    assert client.post("/desk/trail/3/undo").status_code == 403
    assert "/undo" not in client.get("/desk/trail").text


def test_only_an_administrator_purges(client: FlaskClient) -> None:
    sign_in(client)
    document = upload(client, "停车.txt", OLD)
    assert client.post(f"/desk/documents/{document}/purge", data={"reason": "身份证号"}).status_code == 403
    client.post("/signout")
    sign_in(client, "guanli")
    assert client.post(f"/desk/documents/{document}/purge", data={"reason": "身份证号"}).status_code == 303


def test_a_form_from_another_site_is_refused(client: FlaskClient) -> None:
    sign_in(client)
    document = upload(client, "停车.txt", OLD)
    answer = client.post(f"/desk/documents/{document}/publish", headers={"Origin": "https://evil.example"})
    assert answer.status_code == 403


def test_the_original_is_shown_so_that_nothing_in_it_acts(client: FlaskClient) -> None:
    sign_in(client)
    html = (
        "<html><body><h1>江城市通告</h1><script>alert(1)</script><p onclick='x()'>第一条　正文内容。</p></body></html>"
    )
    document = upload(client, "通告.html", html)
    page = client.get(f"/desk/documents/{document}").text
    original = client.get(re.search(r'<iframe src="([^"]+)"', page)[1])
    assert "alert" not in original.text
    assert "onclick" not in original.text
    assert "sandbox" in original.headers["Content-Security-Policy"]


def test_the_outcome_of_an_upload_is_counted_by_kind(client: FlaskClient) -> None:
    sign_in(client)
    upload(client, "停车.txt", OLD)
    files = [(io.BytesIO(OLD.encode()), "停车.txt"), (io.BytesIO(NEW.encode()), "新.txt"), (io.BytesIO(b""), "空.docx")]
    page = client.post("/desk/upload", data={"files": files}).text
    assert "共处理3件" in page
    assert "已入库，待审 1" in page
    assert "已有同一文件，没有变化 1" in page
    assert "未能入库 1" in page


def test_a_bad_file_is_one_message_and_nothing_is_stored(client: FlaskClient, store: Store) -> None:
    sign_in(client)
    answer = client.post("/desk/upload", data={"files": [(io.BytesIO(b""), "空.docx")]})
    assert answer.status_code == 200
    with store.read() as session:
        assert not list_drafts(session)


def test_a_long_reading_is_shown_at_the_desk_until_it_is_done(client: FlaskClient, store: Store) -> None:
    sign_in(client)
    assert client.get("/desk/readings").text == ""
    kept = KeptPages.of(store.settings, SourceFile(name="合订本.pdf", data=b"%PDF-"))
    kept.keep(Leaf(Stage.PRINT, {1: [], 2: []}, 25, 1000))
    assert "已读25页，共1000页" in client.get("/desk/").text
    assert client.get("/desk/readings").text == "正在识别合订本.pdf：已读25页，共1000页"
    kept.forget()
    assert "正在识别" not in client.get("/desk/").text.replace("正在上传和识别", "")


def test_a_held_file_is_read_again_and_taken_up_only_at_the_editors_word(
    client: FlaskClient, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in(client)
    document = upload(client, "停车.txt", OLD)
    copy = re.search(r"/desk/copies/([0-9a-z]{12})/reread", client.get(f"/desk/documents/{document}").text)
    assert copy
    path = f"/desk/copies/{copy[1]}"
    assert "新的识别结果与现有内容相同" in client.post(f"{path}/reread").text
    better = SourceFile(name="停车.txt", data=OLD.replace("8号", "18号").replace("停车秩序", "停车管理秩序").encode())
    real = redigitization.digitize
    monkeypatch.setattr(redigitization, "digitize", lambda _source, **options: real(better, **options))
    page = client.post(f"{path}/reread").text
    assert "江政发〔2015〕18号" in page
    assert "<ins>" in page
    assert client.post(f"{path}/adopt", data={"seen": "another"}).status_code == 303
    assert "18号" not in client.get(f"/desk/documents/{document}").text
    seen = re.search(r'name="seen" value="([0-9a-f]{64})"', page)
    assert seen
    client.post(f"{path}/adopt", data={"seen": seen[1]})
    review = client.get(f"/desk/documents/{document}").text
    assert 'value="江政发〔2015〕18号"' in review
    assert "再识别" in review
    (act,) = re.findall(r"/desk/trail/(\d+)/undo", review)[:1]
    client.post(f"/desk/trail/{act}/undo")
    assert 'value="江政发〔2015〕8号"' in client.get(f"/desk/documents/{document}").text


def test_a_readers_report_is_listed_and_closed_with_its_outcome(client: FlaskClient) -> None:
    sign_in(client)
    document = upload(client, "停车.txt", OLD)
    client.post(f"/desk/documents/{document}/publish")
    client.post(f"/documents/{document}/report", data={"place": "第二条", "message": "<b>日期有误</b>"})
    page = client.get("/desk/reports").text
    assert "江城市停车管理办法" in page
    assert "&lt;b&gt;日期有误" in page
    close = re.search(r"/desk/reports/\w+/close", page)[0]
    assert "请写明处理结果" in client.post(close, data={"outcome": " "}, follow_redirects=True).text
    assert "没有未办结的报告" in client.post(close, data={"outcome": "已更正第二条"}, follow_redirects=True).text
    assert "已更正第二条" in client.get("/desk/reports?all=1").text
    assert "该报告已办结" in client.post(close, data={"outcome": "又一次"}, follow_redirects=True).text


def test_clues_that_wait_are_decided_from_one_list(client: FlaskClient, store: Store) -> None:
    sign_in(client)
    new = upload(client, "新.txt", NEW)
    client.post(f"/desk/documents/{new}/publish")
    page = client.get("/desk/clues").text
    assert "《江城市停车管理办法》同时废止" in page
    assert "未收录" in page
    reject = re.search(r"/desk/documents/\w+/events/\w+/reject", page)[0]
    after = client.post(reject, data={"back": "/desk/clues"}, follow_redirects=True)
    assert "没有待定的线索" in after.text
    trail = client.get("/desk/trail").text
    assert "驳回线索" in trail
    assert "状态：待定 → 已驳回" in trail


def test_the_trail_names_documents_and_fields_as_the_desk_does(client: FlaskClient, store: Store) -> None:
    sign_in(client)
    document = upload(client, "停车.txt", OLD)
    client.post(f"/desk/documents/{document}/publish")
    with store.read() as session:
        updated = get_document(session, document).updated_at.isoformat()
    client.post(f"/desk/documents/{document}", data={"seen": updated, "kind": "规定", "signed_date": "2015-05-20"})
    for address in ("/desk/trail", "/desk/", f"/desk/documents/{document}"):
        page = client.get(address).text
        assert "状态：待审 → 已公开" in page, address
        assert "成文日期：未载明 → 2015-05-20" in page, address
        assert ">江城市停车管理办法</a>" in page, address
        assert "published" not in re.sub(r'(?:name|href|action|id|for)="[^"]*"', "", page), address


def test_labels_that_differ_from_the_texts_are_listed(client: FlaskClient, store: Store) -> None:
    sign_in(client)
    old = SourceFile(name="旧.txt", data=OLD.encode())
    ingest(store, old, publish=True, actor="test", source_name="somewhere", label="现行有效")
    ingest(store, SourceFile(name="新.txt", data=NEW.encode()), publish=True, actor="test")
    page = client.get("/desk/labels").text
    assert "江城市停车管理办法" in page
    assert "现行有效" in page
    assert "同时废止" in page


def test_a_decision_proposes_a_text_that_the_editor_undoes_makes_again_and_publishes(
    client: FlaskClient, store: Store
) -> None:
    law, decision = the_law(store), the_decision(store)
    assert sign_in(client) == 302
    page = client.get(f"/desk/documents/{law.document}").text
    assert "由本平台整理" in page
    assert "<ins>" in page
    entry = re.search(r"/desk/trail/(\d+)/undo", page)
    assert entry
    client.post(f"/desk/trail/{entry[1]}/undo", data={"back": f"/desk/documents/{law.document}"})
    page = client.get(f"/desk/documents/{law.document}").text
    assert "按此决定整理" in page
    client.post(f"/desk/documents/{law.document}/compile", data={"decision": decision.document})
    client.post(f"/desk/documents/{law.document}/publish")
    assert "市水行政部门" in client.get(f"/documents/{law.document}").text
    answer = client.post(
        f"/desk/documents/{law.document}/compile", data={"decision": law.document}, follow_redirects=True
    )
    assert "文件不能以自身为修改决定" in answer.text


def test_an_official_text_is_shown_beside_ours_whose_place_it_took(client: FlaskClient, store: Store) -> None:
    law = the_law(store)
    the_decision(store)
    sign_in(client)
    client.post(f"/desk/documents/{law.document}/publish")
    the_amended_law(store, AMENDED.replace("一千元", "二千元"))
    page = client.get(f"/desk/documents/{law.document}").text
    assert "官方文本与本平台此前整理的文本有1处不同" in page
    assert re.search(r"<del>.*一千元.*</del>.*<ins>.*二千元.*</ins>", page, re.DOTALL)


@pytest.mark.parametrize(("side", "then"), [("label", "in_force"), ("text", "repealed")])
def test_a_divergence_is_decided_for_one_side_and_leaves_the_list(
    client: FlaskClient, store: Store, side, then
) -> None:
    sign_in(client)
    for name, text in (("old.txt", OLD), ("new.txt", NEW)):
        client.post(f"/desk/documents/{upload(client, name, text)}/publish")
    with store.write() as session:
        document = get_cited(session, "江城市停车管理办法")[0]
        record_label(session, document, None, "现行有效", today(), "某网")
    page = client.get("/desk/labels").text
    event = re.search(r'action="(/desk/labels/\w+)"', page)[1]
    assert "请选择以哪一方为准" in client.post(event, data={}, follow_redirects=True).text
    client.post(event, data={"side": side, "reason": "已核对"})
    assert event not in client.get("/desk/labels").text
    assert client.get(f"/documents/{document}.json").json["standing"]["status"] == then
    assert "已核对" in client.get("/desk/trail").text


def test_a_label_that_no_table_reads_is_shown_to_readers_and_listed_for_editors(
    client: FlaskClient, store: Store
) -> None:
    sign_in(client)
    document = upload(client, "old.txt", OLD)
    client.post(f"/desk/documents/{document}/publish")
    with store.write() as session:
        record_label(session, document, None, "情况不明", today(), "某网")
    assert "情况不明" in client.get(f"/documents/{document}").text
    page = client.get("/desk/labels").text
    assert "情况不明" in page
    assert "GONGBAO_GAZETTE_STATUS_LABELS" in page
    assert "读懂了0条标注" in client.post("/desk/labels", follow_redirects=True).text


@pytest.mark.parametrize(
    "path", ["/desk/?offset={}", "/desk/clues?offset={}", "/desk/issues/a/{}/1", "/gazettes/a/{}/1"]
)
def test_a_number_that_no_list_reaches_is_no_failure(client, path):
    sign_in(client)
    assert client.get(path.format("9" * 30)).status_code in {200, 404}
