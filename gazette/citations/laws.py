"""Laws by the names people use: 刑法第三条 without 《》, 民诉法 for 民事诉讼法.

Official texts name the well-known laws bare, right before a provision. Only names on the list (laws.toml), and those a
text has given itself (以下简称条例), are read so, where the words before them can lead up to a name.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from gazette.citations.titles import normal_title

_STATE = "中华人民共和国"
#: What a law's own regulations add to its name.
_DERIVED = re.compile(r"(?<=.)(?:实施条例|实施细则|实施办法|实施规定)$")
_LONGEST, _LONGEST_LEAD = 30, 6
_NO_WORD = re.compile(r"[^一-龥A-Za-z0-9]$|^$")


@dataclass(frozen=True, slots=True)
class _Vocabulary:
    """laws.toml, for look-up."""

    names: frozenset[str]
    called: dict[str, str]
    leads: re.Pattern[str]
    misleads: re.Pattern[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class BareName:
    """A name without 《》 and where it stands; `is_short` says that it is not the title itself."""

    start: int
    end: int
    title: str
    is_short: bool


def nicknames() -> Mapping[str, str]:
    """The short names of laws, each with the title it is called for, as written in laws.toml."""
    return _vocabulary().called


def full_title(name: str) -> str:
    """The title that a short name stands for; anything else is itself."""
    return _vocabulary().called.get(name, name)


def find_bare_names(text: str, ends: Iterable[int], shorts: Mapping[str, str]) -> Iterator[BareName]:
    """The names that end where a provision begins (`ends`); `shorts` are those the text has given itself."""
    words = _vocabulary()
    for end in ends:
        before = text[max(0, end - _LONGEST) : end]
        for length in range(len(before), 1, -1):
            name = before[-length:]
            title = shorts.get(name) or _title_of(name, words)
            if title and _can_begin(text, end - length, words):
                yield BareName(start=end - length, end=end, title=title, is_short=normal_title(title) != _plain(name))
                break


def _title_of(name: str, words: _Vocabulary) -> str | None:
    plain = _plain(name)
    law = _DERIVED.sub("", plain)
    if law in words.names:
        return plain
    return words.called[law] + plain[len(law) :] if law in words.called else None


def _plain(name: str) -> str:
    return name.removeprefix(_STATE)


def _can_begin(text: str, start: int, words: _Vocabulary) -> bool:
    before = text[max(0, start - _LONGEST_LEAD) : start]
    return not words.misleads.search(before) and bool(_NO_WORD.search(before) or words.leads.search(before))


@cache
def _vocabulary() -> _Vocabulary:
    table = tomllib.loads(files("gazette").joinpath("data/laws.toml").read_text("utf-8"))
    before = table["before"]
    return _Vocabulary(
        names=frozenset(table["names"]),
        called=table["called"],
        leads=re.compile(f"(?:{'|'.join(before['words'])})$"),
        misleads=re.compile(f"(?:{'|'.join(before['not_after'])})$"),
    )
