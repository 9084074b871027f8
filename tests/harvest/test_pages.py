"""What is read from pages, held to golden records: `case.html` beside `case.expected.json`.

The pages of `golden/` are written by us in the manner of common government sites. Each names its profile in a first
comment line: layout and overrides as TOML. A missing expectation fails; only `--update-golden` writes one.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harvest.pages import read_detail, read_list
from harvest.profile import Profile, read_profile

GOLDEN = Path(__file__).with_name("golden")
URL = "https://www.lincheng.example/gk/list.html"
DECLARED = f"""
name = "golden"
title = "临城市"
agency = "临城市人民政府"
start_urls = ["{URL}"]
"""


def a_profile(**declared: object) -> Profile:
    lines = (f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in declared.items())
    return read_profile(DECLARED + "\n".join(lines), name="golden")


def read(page: str) -> dict[str, Any]:
    head = re.match(r"<!--(.*?)-->", page, re.DOTALL)
    profile = read_profile(DECLARED + (head[1] if head else ""), name="golden")
    detail = read_detail(profile, page, URL)
    return {
        "list": [link.to_json() for link in read_list(profile, page, URL)],
        "title": detail.title,
        "fields": detail.fields,
        "text": re.sub(r"<[^>]*>|\s+", "", detail.html),
        "attachments": [link.to_json() for link in detail.attachments],
    }


@pytest.mark.parametrize("case", sorted(GOLDEN.glob("*.html")), ids=lambda path: path.stem)
def test_a_golden_page_reads_as_expected(case, request):
    expected = case.with_suffix(".expected.json")
    found = read(case.read_text("utf-8"))
    if request.config.getoption("--update-golden"):
        expected.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", "utf-8")
    assert expected.exists(), f"{expected.name} is missing; write it with --update-golden and review it"
    assert found == json.loads(expected.read_text("utf-8"))


def test_the_frame_of_a_page_is_no_part_of_its_content():
    page = "<h1>通知</h1><div id=zoom><p>各单位：现将有关事项通知如下。请遵照执行。</p></div><p>阅读：{}</p>"
    first, second = (read_detail(a_profile(), page.format(count), URL) for count in (1, 2))
    assert first.content_sha256 == second.content_sha256


def test_another_word_in_the_text_is_another_content():
    page = "<h1>通知</h1><div id=zoom><p>现将有关事项{}如下。请遵照执行。</p></div>"
    first, second = (read_detail(a_profile(), page.format(word), URL) for word in ("通知", "公告"))
    assert first.content_sha256 != second.content_sha256


def test_scripts_and_forms_do_not_pass_on():
    page = "<h1>通知</h1><div id=zoom><script>alert(1)</script><p onclick=x()>正文</p><iframe src=x></iframe></div>"
    html = read_detail(a_profile(), page, URL).to_html().decode()
    assert "alert" not in html
    assert "iframe" not in html
    assert "正文" in html


def test_links_that_are_no_web_addresses_are_left():
    page = (
        '<ul><li><a href="javascript:x()">一</a></li><li><a href="//[">二</a></li><li><a href="a.html">三</a></li></ul>'
    )
    assert [link.url for link in read_list(a_profile(), page, URL)] == ["https://www.lincheng.example/gk/a.html"]


def test_the_next_page_is_found_by_its_word_and_is_no_document():
    page = '<ul><li><a href="a.html">甲</a></li><li class="page"><a href="list_2.html">下一页 &gt;</a></li></ul>'
    links = read_list(a_profile(), page, URL)
    assert [(link.role.value, link.url[-11:]) for link in links] == [
        ("document", "e/gk/a.html"),
        ("list", "list_2.html"),
    ]


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet=st.sampled_from('<>/="ahreflidvtbscp # &;\x00正文号：'), max_size=300))
def test_no_page_makes_the_reader_fall(page):
    read_list(a_profile(), page, URL)
    read_detail(a_profile(), page, URL).to_html()
