"""Defects of real copies: repaired or pointed out, each with one finding that says so."""

from __future__ import annotations

import pytest

from gazette.structure import build_body
from tests.gazette.digitize.builders import lines, nodes


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
