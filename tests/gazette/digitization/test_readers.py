"""Readers: each format to blocks."""

from __future__ import annotations

import pytest

from gazette.digitization.blocks import BlockKind, fold_spaces
from gazette.digitization.media import check_name, detect_media_type
from gazette.digitization.readers.docx import read_docx
from gazette.digitization.readers.html import read_html
from gazette.digitization.readers.markdown import read_markdown
from gazette.digitization.readers.numbering import chinese_number
from gazette.digitization.readers.pdf import read_pdf
from tests.gazette.digitization.builders import W, a_docx, a_run, codes, read_here

PAGE = """<html><head><title>公园通知 - 江城市人民政府门户网站</title><meta name="PubDate" content="2021-03-09 10:00">
<style>p{color:red}</style></head><body><div class="menu"><a href="/">首页</a></div>
<table><tr><td>索 引 号：</td><td>000014349/2021-00007</td><td>发文机关：</td><td>江城市人民政府</td></tr>
<tr><td>标　　题：</td><td colspan="3">关于公园的通知</td></tr></table>
<ul><li><b>统一编号：</b><span>JC0320210001</span></li><li><b>有效性：</b><script>x()</script></li><li>分享</li></ul>
<div id="zoom"><p style="text-align:center">关于公园的通知</p><p>各区人民政府：</p>
<p>公园应当按照本通知的要求向社会公众免费开放，不得收费。<br>第二句话。</p>
<table><tr><th rowspan="2">公园</th><th>开放</th></tr><tr><td>8时</td></tr></table>
<p><a href="/files/a.docx">附件1.申请表</a></p></div><div>版权所有</div></body></html>"""


def test_the_text_of_a_page_is_found_and_its_furniture_left():
    reading = read_html(PAGE.encode())
    texts = [block.text for block in reading.blocks if block.kind is BlockKind.PARAGRAPH]
    assert texts[:2] == ["关于公园的通知", "各区人民政府："]
    assert texts[3] == "第二句话。"
    assert reading.blocks[0].align == "center"
    assert not {"首页", "版权所有"} & set(texts)


def test_labels_come_from_tables_lists_and_official_tags():
    labels = read_html(PAGE.encode()).labels
    assert labels["index_number"] == "000014349/2021-00007"
    assert labels["issuers"] == "江城市人民政府"
    assert labels["title"] == "关于公园的通知"
    assert labels["registry_number"] == "JC0320210001"
    assert labels["published_date"] == "2021-03-09 10:00"
    assert labels["page_title"] == "公园通知"
    assert "validity_label" not in labels


def test_spanning_cells_are_repeated_and_file_links_kept():
    reading = read_html(PAGE.encode())
    (table,) = [block for block in reading.blocks if block.kind is BlockKind.TABLE]
    assert table.rows == (("公园", "开放"), ("公园", "8时"))
    assert [(link.text, link.href) for link in reading.links] == [("附件1.申请表", "/files/a.docx")]


def test_markdown_keeps_printed_numbers_and_joins_lines_broken_in_a_sentence():
    text = "# 甲法\n<!-- 注 -->\n1. 一。\n3. 三，这句话在这里还没有说完，后面的文\n字接着。\n\n"
    text += "| 甲 | 乙 |\n|--|--|\n| 1 | 2 |\n"
    blocks = read_markdown(text.encode()).blocks
    assert [block.text for block in blocks[:3]] == [
        "甲法",
        "1. 一。",
        "3. 三，这句话在这里还没有说完，后面的文字接着。",
    ]
    assert blocks[3].rows == (("甲", "乙"), ("1", "2"))
    assert blocks[1].line == 3


def test_a_docx_prints_word_s_own_numbers_tables_and_headings_and_leaves_deletions():
    numbering = (
        f'<w:numbering {W}><w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:start w:val="1"/>'
        '<w:numFmt w:val="chineseCountingThousand"/><w:lvlText w:val="第%1条"/></w:lvl></w:abstractNum>'
        '<w:num w:numId="7"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
    )
    numbered = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="7"/></w:numPr>'
    deleted = "<w:p><w:del><w:r><w:t>删去</w:t></w:r></w:del><w:r><w:t>留下。</w:t></w:r></w:p>"
    table = f"<w:tbl><w:tr><w:tc>{a_run('甲')}</w:tc><w:tc>{a_run('乙')}</w:tc></w:tr></w:tbl>"
    body = (
        a_run("甲办法", '<w:pStyle w:val="Heading1"/>')
        + a_run("一。", numbered)
        + a_run("二。", numbered)
        + deleted
        + table
    )
    blocks = read_docx(a_docx(body, word__numbering_dot_xml=numbering.encode())).blocks
    assert [block.text for block in blocks[:4]] == ["甲办法", "第一条 一。", "第二条 二。", "留下。"]
    assert (blocks[0].kind, blocks[0].level) == (BlockKind.HEADING, 1)
    assert blocks[4].rows == (("甲", "乙"),)


def test_an_html_chunk_in_a_docx_is_followed():
    relations = '<Relationships xmlns="r"><Relationship Id="c1" Target="/word/part.mht"/></Relationships>'
    mhtml = (
        "MIME-Version: 1.0\nContent-Type: multipart/related; boundary=b\n\n--b\n"
        "Content-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n<p>甲法</p>\n--b--\n"
    ).encode()
    chunk = '<w:altChunk xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" r:id="c1"/>'
    data = a_docx(chunk, word___rels__document_dot_xml_dot_rels=relations.encode(), word__part_dot_mht=mhtml)
    assert [block.text for block in read_docx(data).blocks] == ["甲法"]


@pytest.fixture(scope="module")
def printed() -> bytes:
    """Three pages with a running head and page numbers; a paragraph runs over a page's end."""
    from weasyprint import HTML

    text = "公园管理机构应当按照规定的时间开放公园并做好安全保卫工作" * 60
    style = "@page{size:A5;@top-center{content:'江城市政府公报'}@bottom-center{content:counter(page)}}"
    return HTML(
        string=f"<style>{style}</style><h1>江城市公园管理办法</h1><p>第一条 {text}。</p><p>第二条 {text}。</p>"
    ).write_pdf()


def test_lines_of_a_pdf_become_paragraphs_over_pages_without_heads_and_folios(printed: bytes):
    blocks = read_pdf(printed).blocks
    assert [block.text[:4] for block in blocks] == ["江城市公", "第一条 ", "第二条 "]
    assert blocks[1].text.endswith("保卫工作。")
    assert "公报" not in blocks[1].text


def test_a_scan_without_the_ocr_extra_is_one_finding(monkeypatch: pytest.MonkeyPatch):
    from weasyprint import HTML

    monkeypatch.setattr("gazette.digitization.readers.pdf.find_recognizer", lambda: None)
    blank = HTML(string="<p></p>").write_pdf()
    read = read_here(blank, "scan.pdf")
    assert read.drafts == ()
    assert codes(read) == {"scan.needs_ocr"}


@pytest.mark.parametrize(
    ("data", "name", "media_type"),
    [
        (b"%PDF-1.4", "a.txt", "application/pdf"),
        (b"\xef\xbb\xbf<!DOCTYPE html><html>", "a.txt", "text/html"),
        ("# 甲法\n\n## 第一章\n".encode(), "a.txt", "text/markdown"),
        ("甲法\n第一条\n".encode(), "a.txt", "text/plain"),
        (b'{"a": 1}', "information.json", "application/json"),
        (bytes(100), "a.txt", "application/octet-stream"),
    ],
)
def test_bytes_tell_the_media_type(data: bytes, name: str, media_type: str):
    assert detect_media_type(data, name) == media_type


def test_only_a_name_that_promises_something_else_is_a_finding():
    assert check_name("a.pdf", "text/html")
    assert not check_name("a.md", "text/plain")
    assert not check_name("a", "text/html")


def test_spaces_fold_but_the_wide_one_after_a_number_stays():
    assert fold_spaces("\u200b第一条\u3000\u3000甲\xa0\xa0乙  ") == "第一条\u3000甲 乙"


@pytest.mark.parametrize(
    ("value", "text"), [(1, "一"), (10, "十"), (15, "十五"), (20, "二十"), (105, "一百零五"), (1260, "一千二百六十")]
)
def test_numbers_print_in_chinese(value: int, text: str):
    assert chinese_number(value) == text
