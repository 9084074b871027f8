"""Highlights are pairs, and nothing but the text."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from indexer.highlights import WIDTH, highlight, plain


def test_hits_are_marked_whatever_their_width() -> None:
    assert highlight("关于ＩＣＰ备案", ("icp",)) == (("关于", False), ("ＩＣＰ", True), ("备案", False))


def test_overlapping_terms_are_one_hit() -> None:
    assert highlight("食品安全法", ("食品安全", "食品")) == (("食品安全", True), ("法", False))
    assert highlight("化学品安全", ("品安", "安全")) == (("化学", False), ("品安全", True))


def test_a_long_text_is_cut_around_its_hits() -> None:
    pairs = highlight("甲" * 500 + "食品安全" + "乙" * 500, ("食品安全",))
    assert ("食品安全", True) in pairs
    assert len(plain(pairs)) <= WIDTH + 2


@given(st.text(max_size=200), st.lists(st.text(min_size=1, max_size=4), max_size=3))
def test_the_pieces_joined_are_the_text(text: str, terms: list[str]) -> None:
    assert plain(highlight(text, tuple(terms), None)) == " ".join(text.split())
