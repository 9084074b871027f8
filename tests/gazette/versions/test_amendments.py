"""The language of amending decisions, clause by clause."""

from __future__ import annotations

import tomllib
from importlib.resources import files

import pytest

from gazette.versions.amendments import Decision, read_decision
from gazette.versions.operations import Operation
from gazette.versions.quotations import lift_quotations
from tests.gazette.versions.builders import as_printed

TITLE = "江城市人民政府关于修改《江城市供水条例》的决定"
CLAUSES = tomllib.loads(files("gazette").joinpath("data/amendments.toml").read_text("utf-8"))["clause"]


def read(*lines: str, title: str = TITLE) -> Decision:
    return read_decision(as_printed(*lines), title=title)


def the(decision: Decision) -> Operation:
    ((operation,),) = [amendment.operations for amendment in decision.amendments]
    return operation


@pytest.mark.parametrize(
    ("kind", "example"),
    [(row["kind"], example) for row in CLAUSES for example in row["yes"]],
    ids=lambda value: value[:20],
)
def test_every_pattern_reads_its_examples(kind, example):
    decision = read(f"一、{example}")
    assert [operation.kind.value for each in decision.amendments for operation in each.operations] == [kind]
    assert decision.findings == ()


@pytest.mark.parametrize(
    "line",
    [
        "江城市人民政府决定对《江城市供水条例》作如下修改：",
        "对部分条款作如下修改：",
        "本决定自2026年1月1日起施行。",
        "《江城市供水条例》根据本决定作相应修改，重新公布。",
        "为了加强供水管理，根据《中华人民共和国立法法》，制定本决定。",
    ],
)
def test_what_frames_the_changes_is_neither_a_change_nor_a_doubt(line):
    assert read(line) == Decision(amendments=(), findings=())


def test_a_change_that_is_not_understood_is_a_finding():
    decision = read("一、将第三条的精神贯穿第五条至第七条并适当修改。")
    assert [finding.code for finding in decision.findings] == ["amendment.unread"]
    assert "第三条的精神" in decision.findings[0].message


def test_an_address_left_out_is_that_of_the_clause_before():
    decision = read(
        "一、第三条改为第四条，第一款修改为：“甲。”；删去第二款；第三款改为第二款，并将其中的“乙”修改为“丙”。"
    )
    (amendment,) = decision.amendments
    assert [(each.kind.value, each.places) for each in amendment.operations] == [
        ("renumber", ("art_3",)),
        ("replace", ("art_3__para_1",)),
        ("delete", ("art_3__para_2",)),
        ("renumber", ("art_3__para_3",)),
        ("replace_words", ("art_3__para_3",)),
    ]


def test_lists_and_ranges_of_articles_are_written_out():
    assert the(read("删去第三条、第五条至第七条。")).places == ("art_3", "art_5", "art_6", "art_7")
    assert the(read("第七条至第九条改为第八条至第十条。")).to == ("art_8", "art_9", "art_10")


def test_a_quotation_runs_over_lines_and_holds_quotations():
    operation = the(read("一、将第三条修改为：“第三条　“用户”是指：", "（一）居民；", "（二）‘单位’。”"))
    assert operation.text == "第三条　“用户”是指：\n（一）居民；\n（二）‘单位’。"


def test_a_mark_before_every_paragraph_is_no_part_of_the_text():
    operation = the(read("将第三条修改为：", "“第三条　甲。", "““乙”是指丙。", "“（一）丁。”"))
    assert operation.text == "第三条　甲。\n“乙”是指丙。\n（一）丁。"


def test_a_quotation_never_closed_ends_with_its_item_and_is_a_finding():
    decision = read("一、将第三条修改为：“第三条　甲。", "二、删去第四条。")
    assert [operation.kind.value for operation in decision.amendments[0].operations] == ["replace", "delete"]
    assert [finding.code for finding in decision.findings] == ["amendment.quotation_open"]


@pytest.mark.parametrize("line", ['将第三条修改为："甲。"', "将第三条修改为：「甲。」"])
def test_straight_and_corner_marks_are_quotation_marks(line):
    assert the(read(line)).text == "甲。"


def test_one_decision_amends_several_acts():
    decision = read(
        "一、对《江城市供水条例》作出修改",
        "（一）删去第三条。",
        "（二）将第五条中的“甲”修改为“乙”。",
        "二、将《江城市燃气管理办法》第八条修改为：“丙。”",
        "第九条改为第十条。",
        "三、删去《江城市停车规定》第二条第二款。",
        title="江城市人民政府关于修改部分政府规章的决定",
    )
    assert [(each.title, len(each.operations)) for each in decision.amendments] == [
        ("江城市供水条例", 2),
        ("江城市燃气管理办法", 2),
        ("江城市停车规定", 1),
    ]


def test_the_text_republished_below_a_decision_is_not_read_as_changes():
    decision = read("删去第三条。", "本决定自公布之日起施行。", "第一条　将第二条修改为“甲”的，适用第四条。")
    assert len(decision.amendments[0].operations) == 1
    assert decision.findings == ()


def test_lifting_leaves_a_mark_for_each_quotation():
    lifted = lift_quotations(["将“甲”修改为", "“乙”。"])
    assert [wording.text for wording in lifted.wordings] == ["将“0”修改为“1”。"]
    assert lifted.quotations == ("甲", "乙")


@pytest.mark.parametrize(
    ("line", "pairs"),
    [
        ("将第三条中的“甲”改为“乙”，“丙”改为“丁”", [(("甲",), ("乙",)), (("丙",), ("丁",))]),
        ("将第三条中的“甲”修改为“乙”、“丙”修改为“丁”", [(("甲",), ("乙",)), (("丙",), ("丁",))]),
        ("将第三条中的“甲”、“丙”分别修改为“乙”、“丁”", [(("甲", "丙"), ("乙", "丁"))]),
        ("将第三条中的“甲”、“乙”、“丙”统一修改为“丁”", [(("甲", "乙", "丙"), ("丁",))]),
    ],
)
def test_words_are_paired_with_those_that_replace_them(line, pairs):
    (amendment,) = read(line).amendments
    assert [(each.old, each.new) for each in amendment.operations] == pairs


@pytest.mark.parametrize(
    ("line", "kind", "places", "to"),
    [
        ("第三条增加一款作为该条第二款，即：“示例。”", "insert", ("art_3",), ("art_3__para_2",)),
        ("在第七条中增加一项作为第六项，即：“示例；”", "insert", ("art_7",), ("art_7__item_6",)),
        (
            "在第三十条后增加一章，作为第五章“责任”，包括第三十一条：“第三十一条　甲。”",
            "insert",
            ("art_30",),
            ("chp_5",),
        ),
        ("第十条第一款句末“。”修改为“，另有规定的除外。”", "replace_words", ("art_10__para_1",), ()),
    ],
)
def test_ways_of_naming_the_place(line, kind, places, to):
    operation = the(read(line))
    assert (operation.kind.value, operation.places, operation.to) == (kind, places, to)


def test_a_change_before_or_after_the_provision_last_named():
    _, inserted = read("将第九条第三款改为第四款，并在该款前增加一款作为第三款：“示例。”").amendments[0].operations
    assert (inserted.places, inserted.to, inserted.side) == (("art_9__para_3",), ("art_9__para_3",), "前")


def test_new_wording_after_a_renumbered_run_is_of_all_of_it():
    *_, replaced = read("第四条第一款、第二款改为第二款、第三款，修改为：“甲。\n“乙。”").amendments[0].operations
    assert replaced.places == ("art_4__para_1", "art_4__para_2")


def test_items_of_one_line_are_read_each_for_itself():
    decision = read("对第五十二条作如下修改：（一）第一款中的“甲”修改为“乙”。（二）删去第二款。")
    assert decision.findings == ()
    assert [each.places for each in decision.amendments[0].operations] == [("art_52__para_1",), ("art_52__para_2",)]


def test_a_change_with_new_words_is_never_passed_over_for_speaking_of_commencement():
    assert [each.code for each in read("将第五条的施行日期修改为“2020年1月1日”。").findings] == ["amendment.unread"]


@pytest.mark.parametrize("title", ["江城市供水条例修正案", "江城市供水条例修正案（三）"])
def test_an_amendment_names_its_act_in_its_title(title):
    assert [each.title for each in read("删去第三条。", title=title).amendments] == ["江城市供水条例"]
