"""HTML, text, DOCX, PDF and JSON of one version."""

from __future__ import annotations

import io
import json
import socketserver
from collections.abc import Callable
from dataclasses import replace

import pypdfium2
import pytest
from docx import Document
from lxml import html

from gazette.digitization.readers.wordstyles import W as WORD
from gazette.draft import Body, BodyType, Node
from gazette.record.reading import DocumentRecord, VersionRecord
from gazette.renditions import FORMS, FormUnknown, pdf, render
from gazette.renditions.layout import iter_blocks


@pytest.mark.parametrize("form", FORMS)
def test_the_same_record_gives_the_same_bytes(form: str, a_document: DocumentRecord, a_version: VersionRecord):
    assert render(a_document, a_version, form) == render(a_document, a_version, form)


def test_an_unknown_form_is_one_clear_error(a_document: DocumentRecord, a_version: VersionRecord):
    with pytest.raises(FormUnknown, match="ofd"):
        render(a_document, a_version, "ofd")


def test_plain_text_prints_standing_dates_body_and_disclaimer(a_document: DocumentRecord, a_version: VersionRecord):
    text = render(a_document, a_version, "txt", site="https://gb.example").decode()
    assert text.splitlines() == [
        "江城市井盖管理办法",
        "（2024年4月1日江城市人民政府令第12号公布）",
        "",
        "截至2026年11月21日　状态：待核（已施行，未见废止记载）",
        "依据：“本办法自2024年5月1日起施行。”",
        "发文机关：江城市人民政府",
        "发文字号：江城市人民政府令第12号",
        "成文日期：2024年4月1日",
        "发布日期：未载明",
        "刊登期号：《江城市人民政府公报》2024年第2号第3页",
        "施行日期：2024年5月1日",
        "网址：https://gb.example/documents/doc000000001",
        "",
        "第一章　总则",
        "第一条　为了规范井盖管理，制定本办法。",
        "井盖应当符合下列要求：",
        "（一）首尾可辨；",
        "一、收费标准",
        "类别\t元/座",
        "<雨水> & 污水\t12.50",
        "",
        "（此件公开发布）",
        "非正式版本，以政府公报刊登文本为准",
    ]


def test_english_words_the_front_matter_and_leaves_the_text(a_document: DocumentRecord, a_version: VersionRecord):
    text = render(a_document, a_version, "txt", language="en").decode()
    assert "As of 2026-11-21: Not verified" in text
    assert "第一条　为了规范井盖管理，制定本办法。" in text


def test_the_page_keeps_every_address_and_escapes_text(a_document: DocumentRecord, a_version: VersionRecord):
    page = html.fromstring(render(a_document, a_version, "html"))
    ids = set(page.xpath("//@id"))
    assert {node.eid for top in a_version.body for node in top.walk()} <= ids
    assert page.xpath("//td/text()") == ["<雨水> & 污水", "12.50"]


def test_a_script_in_the_text_stays_text(a_document: DocumentRecord, with_body: Callable[[Body], VersionRecord]):
    body = (Node(type=BodyType.PARAGRAPH, text="<script>alert(1)</script>", eid='x"><b>'),)
    page = render(a_document, with_body(body), "html").decode()
    assert "<script" not in page
    assert "<b>" not in page


def test_word_holds_title_body_table_and_disclaimer(a_document: DocumentRecord, a_version: VersionRecord):
    file = Document(io.BytesIO(render(a_document, a_version, "docx")))
    lines = [each.text for each in file.element.body.iter(f"{WORD}p")]
    assert lines[0] == "江城市井盖管理办法"
    assert "第一条　为了规范井盖管理，制定本办法。" in lines
    assert lines[-1] == "非正式版本，以政府公报刊登文本为准"
    assert [cell.text for cell in file.tables[-1].rows[1].cells] == ["<雨水> & 污水", "12.50"]
    assert 'w:eastAsia="仿宋"' in file.styles["Normal"].element.xml


def test_word_survives_control_characters(a_document: DocumentRecord, a_version: VersionRecord):
    assert render(a_document, replace(a_version, notes=("a\x0bb",), title="甲\x00乙"), "docx")


def test_the_pdf_prints_chinese_with_status_day_and_address(a_document: DocumentRecord, a_version: VersionRecord):
    file = pypdfium2.PdfDocument(render(a_document, a_version, "pdf", site="https://gb.example"))
    page = file[0]
    textpage = page.get_textpage()
    text = textpage.get_text_range()
    size = page.get_size()
    for each in (textpage, page, file):
        each.close()
    assert "江城市井盖管理办法" in text
    assert "截至2026年11月21日" in text
    assert "https://gb.example/documents/doc000000001" in text
    assert size == pytest.approx((595.3, 841.9), abs=1)


def test_nothing_is_fetched_while_a_pdf_is_made():
    with socketserver.TCPServer(("127.0.0.1", 0), socketserver.BaseRequestHandler) as server:
        server.timeout = 0
        asked: list[bool] = []
        server.verify_request = lambda *_: asked.append(True)
        address = f"http://127.0.0.1:{server.server_address[1]}"
        assert pdf.print_page(f'<link rel=stylesheet href="{address}/x.css"><img src="{address}/x.png">图')
        server.handle_request()
    assert asked == []


def test_json_holds_body_events_and_standing(a_document: DocumentRecord, a_version: VersionRecord):
    data = json.loads(render(a_document, a_version, "json"))
    assert data["id"] == "doc000000001"
    assert data["version"]["body"] == [node.to_json() for node in a_version.body]
    assert data["version"]["standing"]["status"] == "unknown"
    assert [event["kind"] for event in data["events"]] == ["commenced"]


def test_a_bare_article_number_shares_the_line_of_its_first_paragraph(a_version: VersionRecord):
    block = next(block for block in iter_blocks(a_version.body) if block.num == "第一条")
    assert block.anchors == ("art_1", "art_1__para_1")
    assert block.text == "为了规范井盖管理，制定本办法。"


def test_a_numbered_sentence_is_a_paragraph_and_a_numbered_phrase_a_heading():
    sentence = Node(type=BodyType.SECTION, num="一、", text="继续有效的规范性文件9件。", eid="sec_1")
    phrase = Node(type=BodyType.SECTION, num="二、", heading="工作任务", eid="sec_2")
    blocks = list(iter_blocks((sentence, phrase)))
    assert [(block.kind.value, block.line) for block in blocks] == [
        ("text", "一、继续有效的规范性文件9件。"),
        ("heading", "二、工作任务"),
    ]
