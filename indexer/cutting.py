"""Cutting many texts at once into the tokens that `analysis` cuts one text into, as text with spaces between tokens.

Filling an index is mostly this. The texts of a document are joined and cut as one array of characters, in which a pair
is no object of its own: a Han run 食品安全 becomes 食 + 品品 + 安安 + 全全 and spaces in the right places. How a
character is folded, and what it is, `analysis` is asked when it is first met.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np

from indexer.analysis import LONGEST_RUN, fold, is_han, words_of_folded

#: Stands between texts: neither letter nor digit, and joined with nothing. It is taken out of the texts first.
_BETWEEN = "\x1e"
#: So many characters are cut at once, or one text that has more: an array takes a few bytes for each.
_AT_ONCE = 200_000
#: What the tables hold of a character that was not met yet, and of one that is not folded by itself.
_UNMET, _NOT_ALONE = -1, -2
_OTHER, _HAN, _LETTER = 0, 1, 2
#: Blocks whose characters, marks apart, never join with the one before them.
_ALONE = ((0x0, 0x1100), (0x2000, 0xD7B0), (0xE000, 0x10000), (0x20000, 0x30000))
#: ς or σ, depending on what follows.
_SIGMA = "Σ"
#: What the dictionary may take for part of a word.
_PART_OF_WORDS = "+#&._%-"

_folded = np.full(0x110000, _UNMET, np.int32)
_kinds = np.full(0x110000, _UNMET, np.int8)


class Cut:
    """Texts, each cut into its pieces (`analysis.grams`) and its words (`analysis.words`)."""

    def __init__(self, texts: Iterable[str]) -> None:
        self.pieces: dict[str, str] = {}
        self.words: dict[str, str] = {}
        for batch in _batches(dict.fromkeys(texts)):
            codes = _fold(_BETWEEN.join(text.replace(_BETWEEN, " ") for text in batch))
            kinds = _known(_kinds, codes, _kind)
            self.pieces.update(zip(batch, _pieces(codes, kinds).split(_BETWEEN), strict=True))
            self.words.update(zip(batch, _words(codes, kinds).split(_BETWEEN), strict=True))


def _batches(texts: Iterable[str]) -> Iterator[list[str]]:
    batch: list[str] = []
    size = 0
    for text in texts:
        if batch and size + len(text) > _AT_ONCE:
            yield batch
            batch, size = [], 0
        batch.append(text)
        size += len(text)
    if batch:
        yield batch


def _fold(text: str) -> Any:
    """The characters of the folded text."""
    folded = _known(_folded, _codes(text), _fold_alone)
    return _codes(fold(text)) if (folded == _NOT_ALONE).any() else folded


def _known(table: Any, codes: Any, learn: Callable[[str], int]) -> Any:
    """What the table holds of each character; what it does not hold yet is learnt."""
    found = table[codes]
    unmet = found == _UNMET
    if unmet.any():
        for code in set(codes[unmet].tolist()):
            table[code] = learn(chr(code))
        found = table[codes]
    return found


def _fold_alone(char: str) -> int:
    folded = fold(char)
    if len(folded) != 1 or char == _SIGMA or not (_is_alone(char) and _is_alone(folded)):
        return _NOT_ALONE
    return ord(folded)


def _is_alone(char: str) -> bool:
    return any(first <= ord(char) < end for first, end in _ALONE) and not unicodedata.category(char).startswith("M")


def _kind(char: str) -> int:
    if is_han(char):
        return _HAN
    return _LETTER if char.isalnum() else _OTHER


def _pieces(codes: Any, kinds: Any) -> str:
    """A Han character that follows another ends one pair and begins the next; where Han and others meet is a space."""
    kinds = np.where(_surplus(kinds), _OTHER, kinds)
    before = np.roll(kinds, 1)
    before[:1] = _OTHER
    follows = (kinds == _HAN) & (before == _HAN)
    meets = (kinds != before) & (kinds != _OTHER) & (before != _OTHER)
    times = 1 + 2 * follows.astype(np.int8) + meets
    spread = np.repeat(_spaced(codes, kinds), times)
    spread[(np.cumsum(times, dtype=np.int32) - 2)[follows | meets]] = ord(" ")
    return _text(spread)


def _words(codes: Any, kinds: Any) -> str:
    if np.isin(codes, _codes(_PART_OF_WORDS)).any() or _surplus(kinds).any():
        return _BETWEEN.join(" ".join(words_of_folded(text)) for text in _text(codes).split(_BETWEEN))
    # Of nothing but letters and spaces the dictionary makes nothing but words and spaces.
    import rjieba

    return " ".join(rjieba.cut_for_search(_text(_spaced(codes, kinds))))


def _spaced(codes: Any, kinds: Any) -> Any:
    """The characters, with a space for what is neither letter nor digit."""
    return np.where((kinds == _OTHER) & (codes != ord(_BETWEEN)), ord(" "), codes)


def _surplus(kinds: Any) -> Any:
    """Which letters stand too far from the beginning of their run to be kept."""
    letters = kinds == _LETTER
    places = np.arange(len(kinds), dtype=np.int32)
    return places - np.maximum.accumulate(np.where(letters, -1, places)) > LONGEST_RUN


def _codes(text: str) -> Any:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


def _text(codes: Any) -> str:
    return str(codes.astype(np.uint32).tobytes(), "utf-32-le", "surrogatepass")
