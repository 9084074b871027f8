"""Covers of standards: number, title, what is replaced, the two days and who issues."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from gazette.digitization.standards import find_cover
from gazette.draft import EffectKind
from tests.gazette.digitization.builders import lines, one_draft

COVER = """ICS 13.030.10
Z 05
中华人民共和国国家标准
GB 99001—2019
代替 GB 99001—2007，GB 99002-95
GB/T 99003-1996
井盖强度鉴别标准
通则
Identification standard for manhole covers
（发布稿）
2019-11-07 发布 2020-01-01 实施
生态环境部
国家市场监督管理总局 发布
目次
前言"""


def test_a_cover_says_what_the_standard_is():
    cover = find_cover(lines(*COVER.splitlines()))
    assert cover is not None
    assert str(cover.number) == "GB 99001-2019"
    assert cover.title == "井盖强度鉴别标准 通则"
    assert (cover.issued, cover.effective) == (dt.date(2019, 11, 7), dt.date(2020, 1, 1))
    assert cover.issuers == ("生态环境部", "国家市场监督管理总局")
    assert [str(each) for each in cover.replaces] == ["GB 99001-2007", "GB 99002-95", "GB/T 99003-1996"]


def test_a_standard_is_a_draft_that_replaces_the_old_ones_when_it_is_in_force():
    draft = one_draft(f"{COVER}\n为保障安全，制定本标准。\n1 范围\n本标准适用于井盖。")
    assert (draft.kind, str(draft.doc_number), draft.effective_date) == ("标准", "GB 99001-2019", dt.date(2020, 1, 1))
    replaced = [effect for effect in draft.effects if effect.kind is EffectKind.REPEALS]
    assert {effect.date for effect in replaced} == {dt.date(2020, 1, 1)}
    assert all("GB 99001—2019" not in (node.text or "") for node in draft.body)


@pytest.mark.parametrize(
    ("printed", "normalized"),
    [
        ("DB44/ 818—2010", "DB44/818-2010"),
        ("DB31/T 1204-2020", "DB31/T 1204-2020"),
        ("HJ/T 55—2000", "HJ/T 55-2000"),
        ("GB14553－93", "GB 14553-93"),
        ("GB 5085.7 — 2019", "GB 5085.7-2019"),
    ],
)
def test_numbers_in_any_print_have_one_form(printed: str, normalized: str):
    cover = find_cover(lines(printed, "井盖标准", "2010-10-22发布", "2010-11-01实施", "江城市质量技术监督局"))
    assert cover is not None
    assert str(cover.number) == normalized


@pytest.mark.parametrize(
    "text",
    [
        "关于发布国家标准的公告\n现批准 GB 99001-2019 为国家标准，自2020年1月1日起实施。",
        "GB 99001-2019\n井盖强度鉴别标准\n本标准规定了井盖的强度。",
        "关于印发《井盖标准》的通知\n江政发〔2019〕3号\n2019年3月1日发布",
    ],
)
def test_what_only_speaks_of_a_standard_is_no_cover(text: str):
    assert find_cover(lines(*text.splitlines())) is None


def test_what_is_replaced_beside_the_title_is_parted_from_it_line_by_line():
    page = """中华人民共和国国家标准
公共档案
代替GB 4286—84、GB 4911—85
库房温度标准 GB 4912-85
GB 4916—85等 4项标准的库
Temperature of archives
房部分和 GB 9078—88
1 范围
本标准规定库房温度。
国家档案局1996-03-07批准 1997-01-01实施"""
    cover = find_cover([replace(line, page=1) for line in lines(*page.splitlines())], running=("GB 9078-1996",))
    assert cover is not None
    assert (str(cover.number), cover.title, cover.issuers) == ("GB 9078-1996", "公共档案库房温度标准", ("国家档案局",))
    assert (cover.issued, cover.effective) == (dt.date(1996, 3, 7), dt.date(1997, 1, 1))
    assert [str(each) for each in cover.replaces] == ["GB 9078-88"]
    assert [str(each) for each in cover.replaces_partly] == ["GB 4286-84", "GB 4911-85", "GB 4912-85", "GB 4916-85"]
