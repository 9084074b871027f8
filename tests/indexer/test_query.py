"""What people type and how it is read."""

from __future__ import annotations

import time

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from indexer.query import All, And, Not, Or, Phrase, Range, Tree, Wildcard, Words, in_field, read_query


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("", All()),
        ("*", All()),
        ("食品 安全", Words("食品 安全")),
        ("食品　安全", Words("食品 安全")),
        ("“食品安全”", Phrase("食品安全")),
        ("《食品安全法》 处罚", And((Phrase("食品安全法"), Words("处罚")))),
        ("标题:食品", Words("食品", "title")),
        ("标题：食品", Words("食品", "title")),
        ("Title:食品", Words("食品", "title")),
        ("文号:国办发〔2018〕23号", Words("国办发〔2018〕23号", "doc_number")),
        ("国办发[2018]23号", Words("国办发〔2018〕23号")),
        ("标题:(食品 OR 药品)", Or((Words("食品", "title"), Words("药品", "title")))),
        ("日期:[2018 TO 2020]", Range("published", "2018", "2020")),
        ("日期:[2018 to]", Range("published", "2018", None)),
        ("日期:2018-2020", Range("published", "2018", "2020")),
        ("日期：2018年1月至2020年", Range("published", "2018年1月", "2020年")),
        ("施行日期:[2018 到 2020]", Range("effective", "2018", "2020")),
        ("年份:2018-2020", Range("year", "2018", "2020")),
        ("2018-2020年规划", Words("2018-2020年规划")),
        ('"日期:>2018"', Phrase("日期:>2018")),
        ("食品 || 药品", Or((Words("食品"), Words("药品")))),
        ("食品 或 药品", Or((Words("食品"), Words("药品")))),
        ("食品 && !药品", And((Words("食品"), Not(Words("药品"))))),
        ("食品 or 药品", Or((Words("食品"), Words("药品")))),
        ("food or drug", Words("food or drug")),
        ("10:30 https://a.cn/b", Words("10 30 https //a.cn/b")),
        ("食品 NOT 草案", And((Words("食品"), Not(Words("草案"))))),
        ("食品 -草案", And((Words("食品"), Not(Words("草案"))))),
        ("+食品", Words("食品")),
        ("COVID-19", Words("COVID-19")),
        ("食品 AND 安全 OR 药品", Or((And((Words("食品"), Words("安全"))), Words("药品")))),
        ("食品 安全 AND 处罚 AND 企业", And((Words("食品"), Words("安全"), Words("处罚"), Words("企业")))),
        ("(食品 安全) AND 处罚", And((Words("食品 安全"), Words("处罚")))),
        ("食品 (安全 处罚)", Words("食品 安全 处罚")),
        ('食品 "安全" 处罚', And((Words("食品"), Phrase("安全"), Words("处罚")))),
        ("食品*", Wildcard("食品*")),
        ("怎么办?", Words("怎么办")),
        ("怎么办？", Words("怎么办")),
        ("食品 AND", Words("食品")),
        ("OR", All()),
    ],
)
def test_a_query_is_read_as_meant(text: str, tree: Tree) -> None:
    assert read_query(text).tree == tree


@given(st.lists(st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=6), min_size=1, max_size=4))
def test_plain_words_are_read_as_the_grammar_reads_them(words: list[str]) -> None:
    """Parentheses keep the short way from being taken."""
    assume({"AND", "OR", "NOT"}.isdisjoint(words))
    assert read_query(" ".join(words)).tree == read_query(f"({' '.join(words)})").tree


@pytest.mark.parametrize(
    ("text", "tree", "note"),
    [
        ('食品 "安全', Words("食品 安全"), "引号不成对"),
        ("((食品", Words("食品"), "括号不成对"),
        ("食品))", Words("食品"), "括号不成对"),
        ("[食品", Words("食品"), "方括号不成对"),
        ("颜色:红", Words("颜色 红"), "没有名为“颜色”的检索项"),
        ("标题:", All(), "“标题”后面没有要查的内容"),
        ("标题:(食品 OR", Words("食品", "title"), "已按“标题:食品”理解"),
        ('标题: "食品', Words("食品", "title"), "已按“标题:食品”理解"),
        ("日期:>2018", Range("published", "2019-01-01", None), "已按“发布日期:[2019-01-01 TO]”理解"),
        ("日期>=2018", Range("published", "2018-01-01", None), "比较符号"),
        ("日期：＜2018年6月", Range("published", None, "2018-05-31"), "已按“发布日期:[TO 2018-05-31]”理解"),
        ("日期:≤2018", Range("published", None, "2018-12-31"), "比较符号"),
        ("年份:>2018", Range("year", "2019", None), "比较符号"),
        ("日期:>9999", Words(">9999", "published"), ""),
        ("日期:[2018 TO", Range("published", "2018", None), "区间写得不完整"),
        ("日期:[2018 TO 2020", Range("published", "2018", "2020"), "已按“发布日期:[2018 TO 2020]”理解"),
        ("日期:2018 TO 2020]", Range("published", "2018", "2020"), "区间写得不完整"),
        ('"食品 安全"~50', Phrase("食品 安全", None, 20), "邻近检索"),
    ],
)
def test_what_does_not_balance_is_dropped_and_said_so(text: str, tree: Tree, note: str) -> None:
    reading = read_query(text)
    assert reading.tree == tree
    assert not note or any(note in each for each in reading.notes)


@pytest.mark.parametrize(
    "text",
    [
        "食" * 10_000,
        "(" * 1000 + "食" + ")" * 1000,
        "? " * 46,
        '("' * 500,
        "a OR " * 1000,
        "-" * 1000,
        "[" * 300 + "TO]",
    ],
)
def test_hostile_queries_are_read_quickly(text: str) -> None:
    begun = time.process_time()
    read_query(text)
    assert time.process_time() - begun < 1


@given(st.text(alphabet='食品安全ab12"“”()[]{}*?:：+-~^ \t\n\x00《》ANDORTO标题', max_size=60))
def test_reading_never_fails(text: str) -> None:
    read_query(text)


def test_the_advanced_form_writes_what_the_language_reads() -> None:
    assert read_query(in_field("title", '食品"安全')).tree == Phrase("食品 安全", "title")
    assert read_query(in_field("发布日期", "[2018 TO 2020]")).tree == Range("published", "2018", "2020")


@pytest.mark.parametrize("text", ["AND", "\x00", "??"])
def test_a_query_of_nothing_but_signs_says_that_everything_is_listed(text):
    assert read_query(text).notes == ("没有写要查的文字，列出全部文件",)
    assert read_query("*").notes == read_query(" ").notes == ()
