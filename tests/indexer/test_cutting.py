"""Cut together, texts give the tokens that they give alone."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.analysis import LONGEST_RUN, grams, words
from indexer.cutting import Cut
from indexer.records import passages
from tests.laws import iter_laws

#: What most texts are made of, and what is folded into more than one character, joined or read by what follows.
COMMON, ODD = "食品安全第條一1９aZ（）《》，。 \n", "%.-_+#&…①㈠각ᄀ\u11a8がか\u3099é\u0301ΣςÅ〇_\x1e\U0003fffd"
letters = st.one_of(st.sampled_from(COMMON), st.sampled_from(ODD), st.characters(codec="utf-8"))


def check(texts: list[str]) -> None:
    cut = Cut(texts)
    assert {text: cut.pieces[text].split() for text in texts} == {text: grams(text) for text in texts}
    assert {text: cut.words[text].split() for text in texts} == {text: words(text) for text in texts}


@given(st.lists(st.text(letters, max_size=30), max_size=5))
def test_texts_cut_together_give_the_tokens_of_each(texts: list[str]) -> None:
    check(texts)


@pytest.mark.parametrize("run", [LONGEST_RUN - 1, LONGEST_RUN, LONGEST_RUN + 1, 3 * LONGEST_RUN])
def test_a_run_is_cut_off_where_it_is_cut_off_alone(run: int) -> None:
    check(["食品" + run * "a" + "安全", run * "1" + "，" + run * "b"])


def test_more_texts_than_are_cut_at_once_are_all_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("indexer.cutting._AT_ONCE", 10)
    check(["食品安全", "", "药品", 20 * "管理", "第一条"])


def test_the_laws_of_the_corpus_are_cut_as_their_passages_are(corpus: Path) -> None:
    for law in islice(iter_laws(corpus), 0, 300, 15):
        check([passage.text for passage in passages(law.current.body)])
