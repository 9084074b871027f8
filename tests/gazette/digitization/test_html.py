"""HTML as official sites serve it: any charset under any label, hidden text, pages of unknown make."""

from __future__ import annotations

import pytest

from gazette.digitization.readers.html import read_html
from tests.gazette.digitization.builders import one_draft

SIMPLE = "江城市人民政府关于公园开放的通知，各区人民政府应当按照规定开放全部公园，做好安全保卫工作。" * 3
FULL = "江城市人民政府關於公園開放的通知，各區人民政府應當按照規定開放全部公園，做好安全保衛工作。" * 3


@pytest.mark.parametrize("declared", [None, "utf-8", "gb2312", "gbk", "big5", "iso-8859-1", "no-such-charset"])
@pytest.mark.parametrize(
    ("charset", "text"), [("utf-8", SIMPLE), ("gb18030", SIMPLE), ("gbk", FULL), ("big5", FULL), ("utf-8", FULL)]
)
def test_any_charset_is_read_whatever_the_page_declares(charset: str, text: str, declared: str | None):
    meta = f"<meta charset={declared}>" if declared else ""
    page = f"<html><head>{meta}</head><body><p>{text}</p></body></html>".encode(charset)
    assert [block.text for block in read_html(page).blocks] == [text]


@pytest.mark.parametrize("charset", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-8-sig"])
def test_wide_letters_are_read_with_and_without_their_mark(charset: str):
    page = f"<html><head><title>关于公园的通知</title></head><body><p>{SIMPLE}</p></body></html>"
    draft = one_draft(page.encode(charset))
    assert (draft.title, draft.body[0].text) == ("关于公园的通知", SIMPLE)


def test_one_broken_byte_does_not_change_the_charset():
    page = f"<html><head><meta charset=gb2312></head><body><p>甲乙</p><p>{SIMPLE}</p></body></html>".encode("gb18030")
    reading = read_html(page.replace("甲".encode("gb18030"), b"\xff", 1))
    assert (reading.charset, reading.blocks[1].text) == ("gb18030", SIMPLE)
    assert [finding.code for finding in reading.findings] == ["text.undecodable"]


@pytest.mark.parametrize("declared", ["hex", "rot13", "utf-7", "idna", "utf-16"])
def test_a_name_that_is_no_charset_of_pages_is_no_harm(declared: str):
    page = f"<html><head><meta charset={declared}></head><body><p>{SIMPLE}</p></body></html>".encode("gb18030")
    assert read_html(page).blocks[0].text == SIMPLE


def test_latin_pages_keep_their_letters():
    text = "Prefeitura de São João, licitação pública nº 3, seção única. " * 4
    page = f"<html><head><meta charset=iso-8859-1></head><body><p>{text}</p></body></html>".encode("latin-1")
    assert [block.text for block in read_html(page).blocks] == [text.strip()]


@pytest.mark.parametrize(
    "hidden",
    [
        "<p style='display:none'>藏</p>",
        "<p hidden>藏</p>",
        "<p aria-hidden='true'>藏</p>",
        "<span style='FONT-SIZE: 0px'>藏</span>",
        "<p style='text-indent:-9999px'>藏</p>",
        "<!-- 藏 -->",
        "<p class=off>藏</p>",
        "<p id=gone>藏</p>",
    ],
)
def test_what_a_page_hides_is_no_text(hidden: str):
    style = "<style>.off, #gone{display : none} @media print{.seen{display:none}} .seen{color:red}</style>"
    page = f"<html><head>{style}</head><body><div id=zoom>{hidden}<p class=seen>{SIMPLE}</p></div></body></html>"
    assert [block.text for block in read_html(page.encode()).blocks] == [SIMPLE]


def test_a_row_without_cells_is_no_harm():
    page = f"<body><table><tr></tr><tr><td>甲</td><td>乙</td></tr></table><p>{SIMPLE}</p></body>"
    assert read_html(page.encode()).blocks[0].rows[-1] == ("甲", "乙")


def test_a_page_of_unknown_make_is_read_without_what_stands_around_its_text():
    links = "".join(f"<li><a href='/{n}'>相关栏目名称第{n}号</a></li>" for n in range(60))
    text = "".join(f"<p>第{n}段，{SIMPLE}</p>" for n in range(1, 5))
    page = f"<html><body><ul>{links}</ul><h1>关于公园开放的通知</h1>{text}<ul>{links}</ul></body></html>"
    read = "\n".join(block.text for block in read_html(page.encode()).blocks)
    assert "第4段" in read
    assert "相关栏目" not in read


def test_a_plain_page_keeps_all_it_has():
    draft = one_draft(
        f"<html><body><h1>关于公园开放的通知</h1><p>{SIMPLE}</p><a href='a.pdf'>附件</a></body></html>", "a.html"
    )
    assert draft.title == "关于公园开放的通知"
    assert [attachment.url for attachment in draft.attachments] == ["a.pdf"]
