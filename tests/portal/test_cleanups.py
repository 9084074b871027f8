"""A list handed in at the desk: read from whatever it came as, matched, accepted, taken back."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from gazette.cleanups import batches
from gazette.draft import SourceFile
from gazette.record.ingest import ingest
from gazette.store import Store
from portal.accounts import add_user
from tests.portal.conftest import TEXTS, opened
from tests.portal.test_desk import PASSWORD, sign_in

ACT = {"act": "江城市人民政府关于公布清理结果的决定", "number": "江政发〔2024〕9号", "effective": "2024年5月1日"}
DECISION = """江城市人民政府关于废止文件的决定
江政发〔2024〕10号
决定废止下列文件：
1.《江城市食品安全管理规定》（江政发〔2018〕8号）
江城市人民政府
2024年6月1日
"""
ROWS = [
    ["江城市人民政府规范性文件清理结果"],
    ["序号", "文件名称", "文号", "清理结果"],
    ["1", "江城市食品安全管理规定", "江政发〔2018〕8号", "废止"],
    ["2", "江城市从未收录的办法", "江政发〔2012〕7号", "宣布失效"],
]


@pytest.fixture
def desk(store: Store) -> Iterator[tuple[FlaskClient, str]]:
    """An editor signed in over a record of one document, and the document's id."""
    add_user(store, username="bianji", password=PASSWORD, role="editor")
    (stored,) = ingest(store, SourceFile(name="new.txt", data=TEXTS["new"].encode()), publish=True, actor="test")
    apps = opened(store.settings, limits_url="memory://")
    client = next(apps).test_client()
    sign_in(client)
    yield client, str(stored.document)
    next(apps, None)


def as_text() -> dict[str, object]:
    return {"text": "\n".join("\t".join(row) for row in ROWS)}


def as_csv() -> dict[str, object]:
    return {"file": (io.BytesIO("\n".join(",".join(row) for row in ROWS).encode("gb18030")), "清理.csv")}


def as_xlsx() -> dict[str, object]:
    from openpyxl import Workbook

    book = Workbook()
    for row in ROWS:
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return {"file": (io.BytesIO(stream.getvalue()), "清理.xlsx")}


def as_html() -> dict[str, object]:
    rows = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in ROWS[1:])
    page = f"<html><body><h1>清理结果</h1><p>现将清理结果公布如下。</p><table>{rows}</table></body></html>"
    return {"file": (io.BytesIO(page.encode()), "清理.html")}


def as_docx() -> dict[str, object]:
    from docx import Document

    document = Document()
    document.add_paragraph("江城市人民政府关于公布清理结果的决定")
    document.add_paragraph("现将清理结果公布如下。")
    table = document.add_table(rows=0, cols=4)
    for row in ROWS[1:]:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    stream = io.BytesIO()
    document.save(stream)
    return {"file": (io.BytesIO(stream.getvalue()), "清理.docx")}


def hand_in(client: FlaskClient, given: dict[str, object]) -> str:
    answer = client.post("/desk/cleanups", data=ACT | given, content_type="multipart/form-data")
    assert answer.status_code == 303, answer.text
    return answer.location


@pytest.mark.parametrize("form", [as_text, as_csv, as_xlsx, as_html, as_docx])
def test_a_list_is_read_from_whatever_it_came_as(desk, form):
    client, document = desk
    page = client.get(hand_in(client, form())).text
    assert "接受有把握的1行，1行未收录的列入待收录" in page
    assert re.search(rf'value="{document}" checked', page)
    assert "文号相同、标题相同" in page


def test_accepting_all_changes_the_public_page_and_undoing_the_batch_changes_it_back(desk):
    client, document = desk
    before = client.get(f"/documents/{document}.json").json["standing"]["status"]
    place = hand_in(client, as_text())
    client.post(f"{place}/accept")
    public = client.get(f"/documents/{document}").text
    assert "已废止" in public
    assert "《江城市人民政府关于公布清理结果的决定》清单第1行" in public
    assert "接受清单所列" in client.get("/desk/trail").text
    client.post(f"{place}/undo")
    assert client.get(f"/documents/{document}.json").json["standing"]["status"] == before
    assert f'{place}/undo"' not in client.get(place).text


def test_a_long_list_shows_how_far_it_is_and_is_carried_on_without_a_script(desk, monkeypatch):
    monkeypatch.setattr(batches, "LOT", 1)
    client, document = desk
    place = hand_in(client, as_text())
    page = client.post(f"{place}/accept", follow_redirects=True).text
    assert "正在接受2行中的第2行" in page
    assert "立即处理下一批" in page
    done = client.post(f"{place}/continue", follow_redirects=True).text
    assert "整批处理完毕" in done
    assert "正在接受" not in done
    assert "停止" not in done
    assert client.get(f"/documents/{document}.json").json["standing"]["status"] == "repealed"
    assert "正在撤销2行中的第2行" in client.post(f"{place}/undo", follow_redirects=True).text


def test_a_list_handed_in_by_mistake_is_taken_back(desk):
    client, _document = desk
    place = hand_in(client, as_text())
    page = client.post(f"{place}/withdraw", follow_redirects=True).text
    assert "清单已撤回" in page
    assert f"{place}/accept" not in page
    assert "还没有交来清单" in client.get("/desk/cleanups").text
    assert f"{place}/accept" in client.get(hand_in(client, as_text())).text


def test_lines_are_decided_one_by_one(desk):
    client, document = desk
    place = hand_in(client, as_text())
    first, second = re.findall(r"/lines/(\d+)", client.get(place).text)
    wrong = client.post(f"{place}/lines/{first}", data={"document": document}, follow_redirects=True)
    assert "请选择处理意见" in wrong.text
    client.post(f"{place}/lines/{first}", data={"document": document, "decision": "lapses", "back_state": "waiting"})
    assert client.get(f"/documents/{document}.json").json["standing"]["status"] == "lapsed"
    missing = {"document": "named", "named": "没有的文件", "decision": "repeals"}
    assert "没有找到" in client.post(f"{place}/lines/{second}", data=missing, follow_redirects=True).text
    client.post(f"{place}/lines/{second}", data={"skip": "1"})
    assert "没有这样的行" in client.get(f"{place}?state=waiting").text


def test_the_act_s_own_text_is_the_list_where_nothing_else_is_given(desk, store):
    client, document = desk
    ingest(store, SourceFile(name="act.txt", data=DECISION.encode()), publish=True, actor="test")
    place = hand_in(client, {"act": "江政发〔2024〕10号", "effective": "", "number": ""})
    assert document in client.get(place).text


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"act": ""}, "请填写作出决定的文件"),
        ({"effective": "昨天"}, "日期无法识别"),
        ({"effective": ""}, "请填写决定自哪一天起生效"),
        ({}, "请粘贴或上传清单"),
        ({"text": "没有一件文件"}, "清单中没有找到文件"),
        ({"file": (io.BytesIO(b"PK\x03\x04broken"), "清理.xlsx")}, "无法读取表格"),
    ],
)
def test_a_bad_list_is_one_clear_message_and_keeps_what_was_typed(desk, given, said):
    client, _document = desk
    answer = client.post("/desk/cleanups", data=ACT | given, content_type="multipart/form-data")
    assert answer.status_code == 400
    assert said in answer.text
    assert 'value="江政发〔2024〕9号"' in answer.text
    assert "还没有交来清单" in answer.text
