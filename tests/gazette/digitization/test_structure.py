"""Structure: the tree, its addresses, and what is repaired or doubted on the way."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gazette.citations.titles import letters
from gazette.digitization.blocks import Block, BlockKind
from gazette.digitization.readers.numbering import chinese_number
from gazette.digitization.structure import build_body
from gazette.draft import BodyType, walk
from tests.gazette.digitization.builders import heading, lines, nodes


def test_parts_chapters_sections_and_articles_nest_and_articles_count_through():
    body, doubts = build_body(
        lines(
            "第一编 总则", "第一章 原则", "第一条 一。", "第二章 人", "第一节 自然人", "第二条 二。",
            "第二编 分则", "第一章 物", "第三条 三。", "附　则", "第四条 四。",
        )
    )  # fmt: skip
    assert list(nodes(body)) == [
        "part_1", "part_1__chp_1", "art_1", "part_1__chp_2", "part_1__chp_2__sec_1", "art_2",
        "part_2", "part_2__chp_1", "art_3", "hdg_1", "art_4",
    ]  # fmt: skip
    assert not doubts


def test_an_inserted_article_keeps_its_own_address():
    body, doubts = build_body(lines("第十条　甲。", "第十条之一　乙。", "第十一条　丙。"))
    assert list(nodes(body)) == ["art_10", "art_10-1", "art_11"]
    assert [doubt.code for doubt in doubts] == ["structure.article_missing"]


def test_items_stand_under_the_article_of_one_paragraph_and_under_the_paragraph_of_several():
    body, _ = build_body(
        lines("第一条 有下列情形之一的：", "（一）甲；", "（二）乙。", "第二条 应当：", "（一）丙。", "前款规定除外。")
    )
    found = nodes(body)
    assert found["art_1"].text == "有下列情形之一的："
    assert found["art_1__item_2"].text == "乙。"
    assert found["art_2__para_1__item_1"].text == "丙。"
    assert found["art_2__para_2"].text == "前款规定除外。"


def test_official_documents_count_by_their_own_levels():
    body, _ = build_body(
        lines("一、总体要求", "（一）指导思想", "坚持公开。", "1.甲；", "（1）乙；", "二、保障", "①丙。")
    )
    assert list(nodes(body)) == [
        "sec_1", "sec_1__item_1", "sec_1__item_1__para_1", "sec_1__item_1__subitem_1",
        "sec_1__item_1__subitem_1__point_1", "sec_2", "sec_2__point_1",
    ]  # fmt: skip


def test_a_table_of_contents_is_dropped():
    body, _ = build_body(
        lines(
            "目　　录", "第一章　总则", "第二章　附则", "第一章　总则", "第一条　甲。", "第二章　附则", "第二条　乙。"
        )
    )
    assert list(nodes(body)) == ["chp_1", "art_1", "chp_2", "art_2"]


def test_an_article_glued_to_the_line_before_is_cut_loose_only_with_the_next_number():
    body, doubts = build_body(lines("第一条 甲。第二条 乙，见丙法。第九条 不是新条。", "第三条 丁。"))
    found = nodes(body)
    assert list(found) == ["art_1", "art_2", "art_3"]
    assert found["art_2"].text == "乙，见丙法。第九条 不是新条。"
    assert {doubt.code for doubt in doubts} == {"structure.glued"}


@pytest.mark.parametrize(
    "line", ["第二条规定的期限届满。", "第二条、第三条所列情形除外。", "第二条第一款的规定不适用。"]
)
def test_a_sentence_about_an_article_opens_none(line: str):
    body, _ = build_body(lines("第一条　甲。", line, "第二条　乙。"))
    assert nodes(body)["art_1__para_2"].text == line


def test_an_article_without_a_space_opens_with_words_that_only_look_like_talk_of_one():
    body, _ = build_body(lines("第一条　甲。", "第二条中央单位参照执行。", "第三条规划部门负责。", "第四条　乙。"))
    assert list(nodes(body)) == ["art_1", "art_2", "art_3", "art_4"]


def test_a_number_twice_is_a_doubt_and_gets_an_address_of_its_own():
    body, doubts = build_body(lines("第一条 甲。", "第二条 乙。", "第二条 丙。"))
    assert list(nodes(body)) == ["art_1", "art_2", "art_2_v2"]
    assert [doubt.code for doubt in doubts] == ["structure.article_repeated"]


def test_articles_quoted_by_an_amending_decision_open_nothing():
    body, _ = build_body(lines("一、第三条修改为：“第三条　甲。", "第四条　乙。”", "二、删去第五条。"), amends=True)
    assert [node.type for node in body] == [BodyType.SECTION, BodyType.SECTION]


def test_attachments_follow_with_addresses_of_their_own():
    table = Block(kind=BlockKind.TABLE, rows=(("项", "额"), ("甲", "1")))
    body, _ = build_body((*lines("第一条 甲。", "附件1", "收费标准"), table, *lines("附件2：名录", "第一条 乙。")))
    found = nodes(body)
    assert found["att_1"].heading == "收费标准"
    assert found["att_1__tbl_1"].rows == (("项", "额"), ("甲", "1"))
    assert found["att_2"].heading == "名录"
    assert found["att_2__art_1"].text == "乙。"


def test_headings_without_number_hold_what_follows():
    body, _ = build_body((heading("申请条件", 2), *lines("年满十八周岁。"), heading("申请材料", 2), *lines("身份证。")))
    assert list(nodes(body)) == ["hdg_1", "hdg_1__para_1", "hdg_2", "hdg_2__para_1"]


_LINES = st.lists(
    st.one_of(
        st.integers(1, 40).map(lambda n: f"第{chinese_number(n)}条　内容。"),
        st.integers(1, 12).map(lambda n: f"第{chinese_number(n)}章　标题"),
        st.integers(1, 12).map(lambda n: f"（{chinese_number(n)}）事项；"),
        st.integers(1, 12).map(lambda n: f"{chinese_number(n)}、要求"),
        st.integers(1, 30).map(lambda n: f"{n}.细目；"),
        st.sampled_from(["附件", "附件2", "一般的话。", "总则", "（1）点。"]),
    ),
    max_size=40,
)


@given(_LINES)
def test_no_letter_is_lost_and_no_address_stands_twice(texts: list[str]):
    body, _ = build_body(lines(*texts))
    printed = letters("".join(node.full_text() for node in body))
    assert sorted(printed) == sorted(letters("".join(texts)))
    addresses = [node.eid for node in walk(body)]
    assert len(addresses) == len(set(addresses))
