"""Defects of real copies: repaired or pointed out, each with one finding that says so."""

from __future__ import annotations

import pytest

from gazette.digitization.structure import build_body
from tests.gazette.digitization.builders import lines, nodes, one_draft


@pytest.mark.parametrize(
    ("printed", "eid", "heading"),
    [
        ("第一章　总则第一条　为了加强管理，制定本办法。", "art_1", None),
        ("一、总体要求（一）指导思想。坚持公开。", "sec_1__item_1", "总体要求"),
        ("一、总体要求(一)指导思想。坚持公开。", "sec_1__item_1", "总体要求"),
    ],
)
def test_a_heading_glued_to_what_follows_is_cut_loose(printed: str, eid: str, heading: str | None):
    body, findings = build_body(lines(printed, "第二条　二。"))
    assert eid in nodes(body)
    assert heading is None or body[0].heading == heading
    assert "structure.glued" in {finding.code for finding in findings}


@pytest.mark.parametrize("text", ["一、按照第一款（一）的规定办理。", "第一章的第一条　不适用。"])
def test_a_sentence_that_cites_a_number_is_not_cut(text: str):
    body, findings = build_body(lines(text))
    assert len(body) == 1
    assert findings == ()


def test_half_width_brackets_are_one_finding():
    body, findings = build_body(lines("一、措施", "(一)落实。", "(二)检查。"))
    assert {"sec_1__item_1", "sec_1__item_2"} <= set(nodes(body))
    assert [finding.code for finding in findings] == ["structure.half_width"]


def test_numbers_that_restart_keep_their_own_addresses_and_are_said():
    body, findings = build_body(lines("一、甲", "甲文。", "二、乙", "乙文。", "一、丙", "丙文。"))
    assert [node.heading for node in body] == ["甲", "乙", "丙"]
    assert len(nodes(body)) == 6
    assert [finding.code for finding in findings] == ["structure.number_repeated"]


def test_a_missing_number_is_said_and_one_that_runs_on_is_not():
    _, gap = build_body(lines("一、甲", "甲文。", "三、丙", "丙文。"))
    _, runs_on = build_body(lines("一、甲", "（一）一。", "（二）二。", "二、乙", "（三）三。", "（四）四。"))
    assert [finding.code for finding in gap] == ["structure.number_missing"]
    assert runs_on == ()


def test_items_and_sections_run_together_are_cut_at_their_next_number():
    text = "一、总体要求（一）指导思想。坚持改革。（二）基本原则。二、三级医院照此办理。二、重点任务\n（三）推进项目。"
    draft = one_draft(f"关于甲工作的意见\n{text}")
    assert list(nodes(draft.body)) == ["sec_1", "sec_1__item_1", "sec_1__item_2", "sec_2", "sec_2__item_3"]
    assert nodes(draft.body)["sec_1__item_2"].text == "基本原则。二、三级医院照此办理。"
    assert [finding.code for finding in draft.findings] == ["structure.glued"] * 3


def test_a_chapter_glued_behind_an_article_is_parted_from_the_next_one():
    draft = one_draft("甲办法\n第一章 总则\n第一条 为了甲。 第二章 附则 第二条 自公布之日起施行。")
    assert list(nodes(draft.body)) == ["chp_1", "art_1", "chp_2", "art_2"]


def test_a_decimal_heading_is_no_part_of_the_title():
    assert one_draft("江城市防汛应急预案\n1 总则\n1.1 编制目的\n为做好防汛工作。").title == "江城市防汛应急预案"
