"""The vocabulary of effect clauses (gazette/data/effects.toml), loaded once, and the cutting of text into sentences.

Sentences are read without white space, for sources put stray blanks and line breaks inside dates and titles; the
quotation kept as evidence is the sentence as printed.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from gazette.dates import DATE
from gazette.draft import EffectKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """One kind of operative words. `targets`: before, after, both, list (the items that follow a colon), or class: no
    text is named, and the group `class` of the pattern says which texts are meant (凡未纳入目录的)."""

    rule: str
    kind: EffectKind
    targets: str
    confidence: float
    pattern: re.Pattern[str]
    yes: tuple[str, ...]
    no: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Veto:
    """Words right before the operative ones that take their force away."""

    pattern: re.Pattern[str]
    yes: str
    no: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One sentence: `text` without white space, `quote` as printed."""

    text: str
    quote: str


@cache
def clauses() -> tuple[Clause, ...]:
    """Every clause of the vocabulary, in its order."""
    data = _vocabulary()
    return tuple(
        Clause(
            rule=each["rule"],
            kind=EffectKind(each["kind"]),
            targets=each["targets"],
            confidence=each["confidence"],
            pattern=re.compile(each["pattern"].replace("{end}", data["end"]).replace("{date}", DATE)),
            yes=_many(each["yes"]),
            no=_many(each["no"]),
        )
        for each in data["clause"]
    )


@cache
def vetoes() -> tuple[Veto, ...]:
    return tuple(
        Veto(pattern=re.compile(each["pattern"]), yes=each["yes"], no=each["no"]) for each in _vocabulary()["veto"]
    )


def may_operate(text: str) -> bool:
    """Whether a sentence has any word that clauses are made of; most sentences of a law have none."""
    return bool(_words().search(text))


@cache
def _words() -> re.Pattern[str]:
    return re.compile(_vocabulary()["words"])


def is_vetoed(before: str) -> bool:
    """Whether the words that lead up to an operative verb take its force away."""
    return any(each.pattern.search(before[-30:]) for each in vetoes())


def split_sentences(text: str) -> Iterator[Sentence]:
    """Sentences of a paragraph; marks inside 《》 do not end one, nor semicolons inside brackets.

    A piece between semicolons that only names texts is joined to the next, which says what becomes of them.
    """
    start = depth = brackets = 0
    pending = ""
    for mark in _MARKS.finditer(text):
        position, char = mark.start(), mark[0]
        if char in "《》":
            depth = max(0, depth + (1 if char == "《" else -1))
        elif char in "（(）)":
            brackets = max(0, brackets + (1 if char in "（(" else -1))
        elif char == "。" or not (depth or brackets):
            depth = brackets = 0
            piece = pending + text[start : position + 1]
            start = position + 1
            if char != "。" and _NAMES_ONLY.search(piece) and len(piece) < _LONGEST_JOIN:
                pending = piece
                continue
            pending = ""
            yield from _sentence(piece)
    yield from _sentence(pending + text[start:])


def quotation(text: str) -> str:
    """The sentence kept as evidence; one of a hundred targets is still quoted whole, a broken source is not."""
    return text if len(text) <= _LONGEST_QUOTE else text[:_LONGEST_QUOTE] + "……"


_MARKS = re.compile("[《》（）()。；;]")
#: A piece that ends with the name of a text and its number, without operative words after it.
_NAMES_ONLY = re.compile(r"》\s?(?:[（(\[［][^《》]{0,60}[）)\]］])?\s?[；;]$")
_LONGEST_JOIN = 4000
_LONGEST_QUOTE = 4000


def _sentence(piece: str) -> Iterator[Sentence]:
    text = "".join(piece.split())
    if text:
        yield Sentence(text=text, quote=piece.strip())


def _many(value: str | list[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


@cache
def _vocabulary() -> dict[str, Any]:
    return tomllib.loads(files("gazette").joinpath("data", "effects.toml").read_text("utf-8"))
