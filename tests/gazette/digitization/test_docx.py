"""DOCX as Word prints it: revisions accepted, numbers computed, boxes and notes in their places."""

from __future__ import annotations

import pytest

from gazette.digitization.blocks import BlockKind, Reading
from gazette.digitization.readers.docx import read_docx
from tests.gazette.digitization.builders import W, a_docx, a_run, a_zip, codes, one_draft, read_here

STYLES = (
    f'<w:styles {W}><w:style w:type="paragraph" w:styleId="a"><w:name w:val="条"/>'
    '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="b"><w:name w:val="重条"/><w:basedOn w:val="a"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="7"><w:name w:val="heading 2"/></w:style></w:styles>'
).encode()
NUMBERING = (
    f'<w:numbering {W}><w:abstractNum w:abstractNumId="5"><w:lvl w:ilvl="0"><w:start w:val="1"/>'
    '<w:numFmt w:val="chineseCountingThousand"/><w:lvlText w:val="第%1条"/></w:lvl></w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="5"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="5"/></w:num>'
    '<w:num w:numId="3"><w:abstractNumId w:val="5"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="9"/>'
    "</w:lvlOverride></w:num></w:numbering>"
).encode()


def test_revisions_are_read_as_accepted():
    body = (
        "<w:p><w:r><w:t>江城市</w:t></w:r><w:del><w:r><w:delText>旧</w:delText><w:t>旧</w:t></w:r></w:del>"
        "<w:ins><w:r><w:t>新</w:t></w:r></w:ins><w:moveFrom><w:r><w:t>移走</w:t></w:r></w:moveFrom>"
        "<w:moveTo><w:r><w:t>规</w:t></w:r></w:moveTo></w:p>"
    )
    assert _texts(read_docx(a_docx(body))) == ["江城市新规"]


def test_a_paragraph_whose_mark_was_deleted_runs_on():
    body = '<w:p><w:pPr><w:rPr><w:del w:id="1"/></w:rPr></w:pPr><w:r><w:t>前半，</w:t></w:r></w:p>' + a_run("后半。")
    assert _texts(read_docx(a_docx(body))) == ["前半，后半。"]


def test_comments_hidden_runs_and_readings_are_no_text():
    body = (
        '<w:p><w:commentRangeStart w:id="0"/><w:r><w:t>正文</w:t></w:r><w:commentRangeEnd w:id="0"/>'
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>隐藏</w:t></w:r><w:r><w:ruby><w:rt><w:r><w:t>yin</w:t></w:r></w:rt>"
        "<w:rubyBase><w:r><w:t>音</w:t></w:r></w:rubyBase></w:ruby></w:r></w:p>"
    )
    data = a_docx(body, word__comments_dot_xml=f"<w:comments {W}><w:p/></w:comments>".encode())
    assert _texts(read_docx(data)) == ["正文音"]


def test_numbers_come_from_styles_go_on_between_lists_and_restart_where_overridden():
    body = (
        a_run("一。", '<w:pStyle w:val="a"/>')
        + a_run("二。", '<w:pStyle w:val="b"/>')
        + a_run("三。", '<w:numPr><w:numId w:val="2"/></w:numPr>')
        + a_run("九。", '<w:numPr><w:numId w:val="3"/></w:numPr>')
        + a_run("无。", '<w:pStyle w:val="a"/><w:numPr><w:numId w:val="0"/></w:numPr>')
    )
    data = a_docx(body, word__styles_dot_xml=STYLES, word__numbering_dot_xml=NUMBERING)
    assert _texts(read_docx(data)) == ["第一条 一。", "第二条 二。", "第三条 三。", "第九条 九。", "无。"]


def test_a_heading_is_told_by_the_name_of_its_style():
    data = a_docx(a_run("总则", '<w:pStyle w:val="7"/>'), word__styles_dot_xml=STYLES)
    (block,) = read_docx(data).blocks
    assert (block.kind, block.level) == (BlockKind.HEADING, 2)


def test_a_text_box_is_read_once_and_stands_before_its_paragraph():
    box = "<w:txbxContent><w:p><w:r><w:t>江城市人民政府文件</w:t></w:r></w:p></w:txbxContent>"
    compatible = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    body = (
        f"<w:p><w:r><mc:AlternateContent {compatible}><mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback>"
        "</mc:AlternateContent></w:r><w:r><w:t>江政发〔2021〕7号</w:t></w:r></w:p>"
    )
    assert _texts(read_docx(a_docx(body))) == ["江城市人民政府文件", "江政发〔2021〕7号"]


def test_footnotes_become_notes_and_no_text():
    body = '<w:p><w:r><w:t>甲通知</w:t></w:r><w:r><w:footnoteReference w:id="2"/></w:r></w:p>'
    notes = f'<w:footnotes {W}><w:footnote w:id="2">{a_run("见附表。")}</w:footnote></w:footnotes>'
    reading = read_docx(a_docx(body, word__footnotes_dot_xml=notes.encode()))
    assert (_texts(reading), reading.notes) == (["甲通知"], ("脚注1：见附表。",))


def test_a_table_above_the_text_that_labels_it_is_metadata():
    cells = (("索引号", "X1"), ("发文机关", "江城市人民政府"), ("成文日期", "2021年3月5日"))
    rows = "".join(f"<w:tr><w:tc>{a_run(a)}</w:tc><w:tc>{a_run(b)}</w:tc></w:tr>" for a, b in cells)
    draft = one_draft(a_docx(f"<w:tbl>{rows}</w:tbl>{a_run('关于甲事的通知')}{a_run('正文如下。')}"), "a.docx")
    assert (draft.index_number, draft.issuers) == ("X1", ("江城市人民政府",))


def test_a_frame_of_one_cell_is_text_and_a_deleted_row_is_gone():
    frame = f"<w:tbl><w:tr><w:tc>{a_run('框内一段。')}</w:tc></w:tr></w:tbl>"
    row = "<w:tr>{}<w:tc><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:tc><w:tc><w:p/></w:tc></w:tr>"
    table = f"<w:tbl>{row.format('', '甲')}{row.format('<w:trPr><w:del/></w:trPr>', '乙')}</w:tbl>"
    first, second = read_docx(a_docx(frame + table)).blocks
    assert (first.text, second.rows) == ("框内一段。", (("甲", ""),))


def test_macros_are_ignored_with_a_finding():
    read = read_here(a_docx(a_run("甲通知"), word__vbaProject_dot_bin=b"\xd0\xcf"), "a.docm")
    assert read.drafts
    assert "office.macros" in codes(read)


def test_the_text_is_found_where_the_package_says_it_is():
    relations = (
        b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r" '
        b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
        b'Target="/word/document2.xml"/></Relationships>'
    )
    document = f"<w:document {W}><w:body>{a_run('甲通知')}</w:body></w:document>".encode()
    data = a_zip({"[Content_Types].xml": b"<T/>", "_rels/.rels": relations, "word/document2.xml": document})
    assert read_here(data, "a.docx").source.media_type.endswith("wordprocessingml.document")
    assert _texts(read_docx(data)) == ["甲通知"]


def _texts(reading: Reading) -> list[str]:
    return [block.text for block in reading.blocks]


def test_a_level_that_runs_on_is_not_begun_anew_by_the_one_above():
    levels = "".join(
        f'<w:lvl w:ilvl="{at}"><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="{text}"/>{restart}</w:lvl>'
        for at, text, restart in [(0, "第%1章", ""), (1, "第%2条", '<w:lvlRestart w:val="0"/>'), (2, "（%3）", "")]
    )
    numbering = f'<w:numbering {W}><w:abstractNum w:abstractNumId="0">{levels}</w:abstractNum>'
    numbering += '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
    body = "".join(
        a_run(text, f'<w:numPr><w:ilvl w:val="{at}"/><w:numId w:val="1"/></w:numPr>')
        for at, text in [(0, "总则"), (1, "甲。"), (2, "子。"), (1, "乙。"), (2, "丑。"), (0, "附则"), (1, "丙。")]
    )
    read = read_docx(a_docx(body, word__numbering_dot_xml=numbering.encode())).blocks
    assert [block.text.split()[0] for block in read] == [
        "第一章",
        "第一条",
        "（一）",
        "第二条",
        "（一）",
        "第二章",
        "第三条",
    ]


INNER = "<p>关于公园的通知</p><p>各区人民政府应当开放公园，做好安全保卫工作。</p>"
PART = "MIME-Version: 1.0\nContent-Type: multipart/related; boundary=b\n\n--b\nContent-Type: text/html{}\n\n"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.htm", f"<html><body>{INNER}</body></html>".encode("gb18030")),
        ("a.html", f"<html><body>{INNER}</body></html>".encode("utf-16")),
        ("a.mht", PART.format("; charset=unicode").encode() + f"<html>{INNER}</html>".encode("gb18030") + b"\n--b--"),
        ("a.txt", INNER.replace("</p>", "\n").replace("<p>", "").encode()),
        ("a.docx", a_docx("".join(map(a_run, INNER.replace("<p>", "").split("</p>"))))),
    ],
)
def test_a_document_put_into_a_document_is_read_whatever_it_is(name: str, data: bytes):
    assert [block.text for block in read_docx(with_chunk(name, data)).blocks] == INNER[3:-4].split("</p><p>")


def test_a_chunk_that_cannot_be_read_is_said():
    reading = read_docx(with_chunk("a.rtf", rb"{\rtf1 x}"))
    assert [finding.code for finding in reading.findings] == ["docx.chunk_unread"]


def with_chunk(name: str, data: bytes) -> bytes:
    relations = f'<Relationships xmlns="r"><Relationship Id="c1" Target="/word/{name}"/></Relationships>'
    chunk = '<w:altChunk xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" r:id="c1"/>'
    members = {f"word__{name.replace('.', '_dot_')}": data}
    return a_docx(chunk, word___rels__document_dot_xml_dot_rels=relations.encode(), **members)
