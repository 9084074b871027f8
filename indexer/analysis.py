"""Chinese analysis: characters match, words rank.

A text is folded (NFKC, lower case, traditional characters read as simplified ones) and cut into runs of Han characters
and runs of other letters and digits. A Han run 食品安全 is indexed as its pairs and its last character: 食品 品安 安全
全. Pairs find any piece of a text wherever a dictionary would cut it; the last character makes every character the
beginning of some token, so that a single one is found by its prefix. Tokens take one position each, so a phrase is a
sequence of positions. Dictionary words (rjieba) are a second stream that only ranks.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from whoosh.analysis import Token, Tokenizer

from indexer.characters import simplify

_HAN = "〇\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_RUN = re.compile(rf"[{_HAN}]+|[^\W_{_HAN}]+")
_HAN_START = re.compile(rf"[{_HAN}]")
#: What marks a sentence, outside the words that such a character begins.
_TOLD = re.compile(r"不(?!动产|良|当得)|没(?!收)|被(?![征保监申执继])|(?<!为)了|拖欠|让我|逼我|给我")
#: A word that is typed apart is so long, or one that the dictionary knows.
_LONGEST_WORD = 4
#: A token longer than this is no word of any language (a base64 blob); engines refuse far longer ones.
LONGEST_RUN = 200


def fold(text: str) -> str:
    return simplify(unicodedata.normalize("NFKC", text).lower())


def is_han(char: str) -> bool:
    return bool(_HAN_START.match(char))


def grams(text: str) -> list[str]:
    """The tokens of a text in order, one position each."""
    tokens: list[str] = []
    for run in _RUN.findall(fold(text)):
        if _HAN_START.match(run):
            tokens.extend(map(str.__add__, run, run[1:]))
            tokens.append(run[-1])
        else:
            tokens.append(run[:LONGEST_RUN])
    return tokens


def pairs(word: str) -> list[str]:
    """The pairs of characters in a Han word; any other word is whole."""
    return list(map(str.__add__, word, word[1:])) if _HAN_START.match(word) and len(word) > 1 else [word]


def words(text: str) -> list[str]:
    """The dictionary words of a text, long ones and those inside them, for ranking."""
    return words_of_folded(fold(text))


def words_of_folded(folded: str) -> list[str]:
    """`words` of a text that is folded."""
    import rjieba

    if len(_RANKING) > _MOST_KNOWN:
        _RANKING.clear()
    return list(filter(_RANKING.__getitem__, rjieba.cut_for_search(folded)))


class _Ranking(dict[str, bool]):
    """Whether a token is a word, known of each that was met: a text is mostly made of those met before."""

    def __missing__(self, token: str) -> bool:
        self[token] = bool(_RUN.match(token)) and len(token) <= LONGEST_RUN
        return self[token]


_RANKING = _Ranking()
#: So many are remembered: more than a dictionary has.
_MOST_KNOWN = 400_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A stretch of text as a sequence of tokens to be found at consecutive positions. With `open_end` the last
    token is the beginning of one: what stands in the text may go on."""

    tokens: tuple[str, ...]
    open_end: bool = False


def piece(text: str) -> Piece | None:
    """How to find `text` inside a longer text; None when it has no letter or digit."""
    tokens = grams(text)
    if not tokens:
        return None
    if not _HAN_START.match(tokens[-1]):
        return Piece(tokens=tuple(tokens))
    # The last character alone would ask that the run ends here; the pair before it says all that is known.
    if len(tokens) > 1 and len(tokens[-2]) == 2 and _HAN_START.match(tokens[-2]) and tokens[-2][1] == tokens[-1]:
        return Piece(tokens=tuple(tokens[:-1]))
    return Piece(tokens=tuple(tokens), open_end=True)


@lru_cache(maxsize=64)
def content_words(text: str) -> tuple[str, ...]:
    """The words of a query that say what it is about, each once, in order. A query of nothing but function words
    keeps them all, so that it still finds something."""
    import rjieba

    return _meaning(text) or _pieces_of_meaning(rjieba.cut(fold(text)), frozenset())


def says_nothing(text: str) -> bool:
    """Whether there are words in the text, and only such as say nothing of what it is about."""
    return bool(content_words(text)) and not _meaning(text)


@lru_cache(maxsize=64)
def _meaning(text: str) -> tuple[str, ...]:
    """The words of a query without those people ask with and those that stand in every text."""
    import rjieba

    rest = fold(text)
    for phrase in _stopwords().question:
        rest = rest.replace(phrase, " ")
    return _pieces_of_meaning(rjieba.cut(rest), _stopwords().function)


def _pieces_of_meaning(cut: list[str], without: frozenset[str]) -> tuple[str, ...]:
    """The words of a cut, each once. Characters the dictionary left alone side by side are one word it does not
    know (中华鲟 is cut 中华 鲟); they are put together again."""
    found: list[str] = []
    alone = False
    for word in cut:
        runs = _RUN.findall(word)
        if not runs or word in without:
            alone = False
            continue
        single = len(word) == 1 and bool(_HAN_START.match(word))
        if single and alone:
            found[-1] += word
        else:
            found.extend(runs)
        alone = single
    return tuple(dict.fromkeys(found))


def is_question(text: str) -> bool:
    """Whether the text is put as a question: it has a phrase people ask with, or ends as questions do."""
    folded = fold(text).strip()
    return folded.endswith(("?", "吗", "呢")) or any(phrase in folded for phrase in _stopwords().question)


def is_told(text: str) -> bool:
    """Whether the text tells what somebody did, suffered or failed to do (房东不退押金), as no topic's name does."""
    return bool(_TOLD.search(fold(text)))


def is_set_apart(text: str, most: int) -> bool:
    """Whether the text is a few words, `most` of them, that whoever typed it set apart: 安全生产 责任 条例."""
    typed = text.split()
    if not 1 < len(typed) <= most or is_question(text):
        return False
    return all(len(each) <= _LONGEST_WORD or len(content_words(each)) == 1 for each in typed)


def is_slip(typed: str, meant: str) -> bool:
    """Whether the two differ by at most one wrong, missing, added or swapped character."""
    if abs(len(typed) - len(meant)) > 1:
        return False
    shorter, longer = sorted((typed, meant), key=len)
    same = next((place for place, pair in enumerate(zip(shorter, longer, strict=False)) if len(set(pair)) > 1), None)
    if same is None:
        return True
    if len(shorter) < len(longer):
        return shorter[same:] == longer[same + 1 :]
    swapped = longer[same : same + 2][::-1] + longer[same + 2 :]
    return shorter[same + 1 :] == longer[same + 1 :] or shorter[same:] == swapped


@lru_cache(maxsize=64)
def legal_terms(text: str, *, of_documents: bool = False) -> tuple[str, ...]:
    """What the law calls the everyday words in `text`, each once, in the order of lay_words.toml's longest words;
    `of_documents` also what offices call what people ask them for."""
    rest = fold(text)
    found: list[str] = []
    for said, terms in _lay_words(of_documents):
        if said in rest:
            rest = rest.replace(said, " ")
            found.extend(terms)
    return tuple(dict.fromkeys(found))


@cache
def _lay_words(of_documents: bool) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """(word said, legal terms), longest first."""
    table = tomllib.loads(Path(__file__).with_name("lay_words.toml").read_text("utf-8"))
    areas = [area for name, area in table.items() if of_documents or name != "office"]
    rows = [(said, tuple(terms)) for area in areas for said, terms in area.items()]
    return tuple(sorted(rows, key=lambda row: (-len(row[0]), row[0])))


@dataclass(frozen=True, slots=True)
class _Stopwords:
    function: frozenset[str]
    question: tuple[str, ...]


@cache
def _stopwords() -> _Stopwords:
    table = tomllib.loads(Path(__file__).with_name("stopwords.toml").read_text("utf-8"))
    return _Stopwords(frozenset(table["function"]), tuple(sorted(table["question"], key=len, reverse=True)))


class _ChineseTokenizer(Tokenizer):  # type: ignore[misc]
    """What a Whoosh schema's analyzers carry; a subclass says how a text is parted."""

    def split(self, value: str) -> list[str]:
        raise NotImplementedError

    def __call__(
        self,
        value: str,
        positions: bool = False,
        tokenize: bool = True,
        start_pos: int = 0,
        mode: str = "",
        **_kwargs: Any,
    ) -> Iterator[Token]:
        texts = self.split(value) if tokenize else [fold(value)]
        yield from _whoosh_tokens(texts, positions, start_pos, mode)


class GramTokenizer(_ChineseTokenizer):
    """`grams` as Whoosh wants a tokenizer."""

    def split(self, value: str) -> list[str]:
        return grams(value)


class WordTokenizer(_ChineseTokenizer):
    """`words` as Whoosh wants a tokenizer."""

    def split(self, value: str) -> list[str]:
        return words(value)


def _whoosh_tokens(texts: list[str], positions: bool, start: int, mode: str) -> Iterator[Token]:
    token = Token(positions, False, mode=mode)
    for position, text in enumerate(texts, start):
        token.text, token.stopped, token.boost = text, False, 1.0
        if positions:
            token.pos = position
        yield token
