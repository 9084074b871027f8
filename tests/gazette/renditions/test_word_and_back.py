"""Our Word rendition read back by our own reader: the same tree, and nothing of what is printed around it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from gazette.digitization.digitize import digitize_here
from gazette.digitization.structure import build_body
from gazette.draft import Body, Draft, SourceFile
from gazette.record.reading import DocumentRecord, VersionRecord
from gazette.renditions import render
from tests.gazette.digitization.builders import lines, one_draft

STATUTE = """江城市井盖管理办法
第一章　总　　则
第一条　为了规范井盖管理，制定本办法。
第二条　井盖应当符合下列要求：
（一）首尾可辨；
（二）下列颜色之一：
1.黑色；
2.灰色。
井盖不得有下列情形。
第二章　附　　则
第三条　本办法自2024年5月1日起施行。
附件1
井盖图样
一、式样
（一）圆形井盖
圆形井盖的直径为六十厘米。
附件2
井盖目录"""


def test_a_statute_with_attachments_comes_back_whole(a_document: DocumentRecord, a_version: VersionRecord):
    draft = one_draft(STATUTE)
    version = replace(a_version, title=draft.title, body=draft.body)
    assert _read_back(a_document, version).body == draft.body


def test_a_table_an_attachment_without_number_and_a_question_come_back(
    a_document: DocumentRecord, with_body: Callable[[Body], VersionRecord]
):
    body, _ = build_body(lines("一、如何申请？", "到窗口申请。", "二、收费标准", "按表执行。"))
    assert _read_back(a_document, with_body(body)).body == body


def test_what_is_printed_around_the_text_is_no_text_but_says_what_the_document_is(
    a_document: DocumentRecord, a_version: VersionRecord
):
    draft = _read_back(a_document, a_version)
    text = "\n".join(node.full_text() for node in draft.body)
    assert "截至" not in text
    assert "非正式版本" not in text
    assert draft.title == a_version.title
    assert str(draft.doc_number) == a_version.doc_number
    assert draft.issuers == a_document.issuers
    assert draft.effective_date == a_version.effective_date
    assert draft.notes == a_version.notes


def test_english_front_matter_is_no_text_either(a_document: DocumentRecord, a_version: VersionRecord):
    data = render(a_document, a_version, "docx", language="en")
    (draft,) = digitize_here(SourceFile(name="a.docx", data=data)).drafts
    assert "As of" not in "\n".join(node.full_text() for node in draft.body)


def _read_back(document: DocumentRecord, version: VersionRecord) -> Draft:
    (draft,) = digitize_here(SourceFile(name="a.docx", data=render(document, version, "docx"))).drafts
    return draft


def test_the_caption_of_an_article_and_a_labelled_line_come_back(
    a_document: DocumentRecord, with_body: Callable[[Body], VersionRecord]
):
    captioned = ("第一条　【目的】为了规范井盖管理，制定本办法。", "井盖应当牢固。", "第二条　【范围】适用于本市。")
    labelled = ("一、受理时间：2024年9月1日至9月30日", "二、受理地点：市政务服务中心", "请提前预约。")
    for body, _ in (build_body(lines(*captioned)), build_body(lines(*labelled))):
        assert _read_back(a_document, with_body(body)).body == body
