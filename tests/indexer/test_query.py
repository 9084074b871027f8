"""What people type and how it is read."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
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
        ("食品 NOT 草案", And((Words("食品"), Not(Words("草案"))))),
        ("食品 -草案", And((Words("食品"), Not(Words("草案"))))),
        ("+食品", Words("食品")),
        ("COVID-19", Words("COVID-19")),
        ("食品 AND 安全 OR 药品", Or((Words("食品 安全"), Words("药品")))),
        ("食品*", Wildcard("食品*")),
        ("怎么办?", Words("怎么办")),
        ("怎么办？", Words("怎么办")),
        ("食品 AND", Words("食品")),
        ("OR", All()),
    ],
)
def test_a_query_is_read_as_meant(text: str, tree: Tree) -> None:
    assert read_query(text).tree == tree


@pytest.mark.parametrize(
    ("text", "tree", "note"),
    [
        ('食品 "安全', Words("食品 安全"), "引号不成对"),
        ("((食品", Words("食品"), "括号不成对"),
        ("食品))", Words("食品"), "括号不成对"),
        ("[食品", Words("食品"), "方括号不成对"),
        ("颜色:红", Words("颜色 红"), "没有名为“颜色”的检索项"),
        ('"食品 安全"~50', Phrase("食品 安全", None, 20), "邻近检索"),
    ],
)
def test_what_does_not_balance_is_dropped_and_said_so(text: str, tree: Tree, note: str) -> None:
    reading = read_query(text)
    assert reading.tree == tree
    assert any(note in each for each in reading.notes)


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
