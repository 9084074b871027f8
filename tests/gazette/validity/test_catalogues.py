"""What the annexed tables of a clean-up say of the texts they list."""

from datetime import date

import pytest

from gazette.draft import BodyType, EffectKind, Node
from gazette.validity.catalogues import find_listed, find_outcome, outcomes

DAY = date(2026, 3, 16)
HEAD = ("序号", "文件名称", "文号")


def listed(heading: str, *rows: tuple[str, ...]) -> list[tuple[str, str | None, str | None]]:
    table = Node(type=BodyType.TABLE, rows=rows, eid="att_1__tbl_1")
    body = (Node(type=BodyType.ATTACHMENT, num="附件1", heading=heading, children=(table,)),)
    return [
        (effect.kind.value, effect.target.title, effect.target.doc_number and str(effect.target.doc_number))
        for effect in find_listed(body, day=DAY)
    ]


@pytest.mark.parametrize("outcome", outcomes(), ids=lambda each: each.rule)
def test_each_outcome_finds_its_heading_and_leaves_its_counter_example(outcome):
    assert find_outcome(outcome.yes) is outcome
    assert find_outcome(outcome.no) is None


def test_a_catalogue_attests_every_text_it_lists_by_title_and_number():
    rows = (HEAD, ("1", "江城市甲办法", "江政发〔2023〕14号"), ("2", "《江城市乙规定》", "江城市人民政府令第108号"))
    assert listed("继续有效的行政规范性文件目录", *rows) == [
        ("attests", "江城市甲办法", "江政发〔2023〕14号"),
        ("attests", "江城市乙规定", "江城市人民政府令第108号"),
    ]


def test_a_number_in_brackets_behind_the_title_is_the_number():
    rows = (("序号", "文件名称"), ("1", "关于印发甲办法的通知（江政办发〔2016〕45号）"))
    assert listed("废止的规范性文件目录", *rows) == [("repeals", "关于印发甲办法的通知", "江政办发〔2016〕45号")]


def test_a_mixed_catalogue_is_read_row_by_row():
    head = (*HEAD, "清理结果")
    rows = (("1", "甲办法", "", "继续有效"), ("2", "乙办法", "", "宣布失效"), ("3", "丙办法", "", "拟修改"))
    assert [each[:2] for each in listed("规范性文件清理结果目录", head, *rows)] == [
        ("attests", "甲办法"),
        ("lapses", "乙办法"),
    ]


def test_a_table_that_is_no_catalogue_says_nothing():
    assert listed("收费项目目录（废止前）", ("项目", "标准"), ("停车", "6元")) == []


def test_the_evidence_is_the_heading_and_the_row():
    table = Node(type=BodyType.TABLE, rows=(HEAD, ("1", "甲办法", "江政发〔2023〕14号")), eid="tbl_1")
    heading = Node(type=BodyType.PARAGRAPH, text="宣布失效的市政府文件目录")
    (effect,) = find_listed((heading, table), day=DAY)
    assert effect.quote == "宣布失效的市政府文件目录\n1　甲办法　江政发〔2023〕14号"
    assert (effect.kind, effect.date, effect.locator.eid) == (EffectKind.LAPSES, DAY, "tbl_1")
