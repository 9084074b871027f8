"""How Chinese text is cut."""

from __future__ import annotations

import pytest
from whoosh.analysis import Token

from indexer.analysis import (
    GramTokenizer,
    Piece,
    content_words,
    fold,
    grams,
    is_question,
    is_slip,
    legal_terms,
    piece,
    words,
)


def test_a_run_of_characters_becomes_its_pairs_and_its_last_character() -> None:
    assert grams("食品安全") == ["食品", "品安", "安全", "全"]


def test_widths_and_cases_are_folded_and_punctuation_dropped() -> None:
    assert grams("ＩＣＰ备案，２０１８年") == ["icp", "备案", "案", "2018", "年"]


def test_traditional_and_simplified_characters_are_one_to_the_index() -> None:
    assert grams("臺灣食品安全衛生管理法") == grams("台湾食品安全卫生管理法")
    assert words("環境影響評價") == words("环境影响评价")
    assert len(fold("發髮後臺𠀀")) == len("發髮後臺𠀀")


def test_a_piece_says_no_more_than_is_known() -> None:
    assert piece("食品安") == Piece(tokens=("食品", "品安"))
    assert piece("税") == Piece(tokens=("税",), open_end=True)
    assert piece("2018年") == Piece(tokens=("2018", "年"), open_end=True)
    assert piece("，。") is None


def test_words_are_long_ones_and_those_inside_them() -> None:
    assert {"中华人民共和国", "共和国"} <= set(words("中华人民共和国"))


def test_a_question_is_left_with_what_it_is_about() -> None:
    assert content_words("请问食品安全应该怎么办？") == ("食品安全",)
    assert content_words("怎么办") == ("怎么办",)


def test_characters_the_dictionary_left_alone_are_put_together() -> None:
    assert content_words("鲟鳇") == ("鲟鳇",)


def test_the_tokenizer_honours_a_caller_that_wants_no_cutting() -> None:
    assert [token.text for token in GramTokenizer()("食品安全*", tokenize=False)] == ["食品安全*"]
    found = [(token.text, token.pos) for token in map(Token.copy, GramTokenizer()("食品", positions=True))]
    assert found == [("食品", 0), ("品", 1)]


@pytest.mark.parametrize(
    ("typed", "slip"),
    [
        ("食品安全法", True),
        ("食品安权法", True),
        ("食安全法", True),
        ("食品品安全法", True),
        ("品食安全法", True),
        ("安全食品法", False),
        ("食品法", False),
    ],
)
def test_one_slip_and_no_more(typed: str, slip: bool) -> None:
    assert is_slip(typed, "食品安全法") is slip


def test_the_law_has_its_own_word_for_what_people_say() -> None:
    assert "出租人" in legal_terms("房东不退押金")
    assert not legal_terms("食品安全")


def test_what_offices_call_a_word_is_looked_for_in_documents_only() -> None:
    assert "居住证" in legal_terms("暂住证", of_documents=True)
    assert not legal_terms("暂住证")


def test_a_question_is_known_by_its_words_or_its_end() -> None:
    assert is_question("押金能要回来吗")
    assert is_question("被打了怎么办")
    assert not is_question("食品安全法")
