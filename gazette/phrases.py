"""Phrase books: the sentences a room writes in Chinese, said again in English.

The record states its notes and reasons in Chinese, with facts filled in. A phrase book lists their patterns beside
their English (`phrases.toml` of each room); what matches none is handed back as it is, for a wrong translation of a
law's standing would be worse than none.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

from gazette.dates import parse_date

_SLOT = re.compile(r"\{(\w+)\}")
#: What a slot holds; any other name stands for any text.
_SLOTS = {"day": r"\d{4}年\d{1,2}月\d{1,2}日", "count": r"\d+"}


@dataclass(frozen=True, slots=True)
class Phrase:
    """One row: {day} stands for a day, {count} for a number, any other slot for any text."""

    zh: str
    en: str
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class PhraseBook:
    phrases: tuple[Phrase, ...]

    def say(
        self, sentence: str, *, day: Callable[[date], str] = date.isoformat, field: Callable[[str], str] = str
    ) -> str:
        """`sentence` in English, its days put into words by `day` and what a {field} slot holds by `field`; as it is
        where the book does not know it."""
        return self._find(sentence, day, field) or "; ".join(
            self._find(part, day, field) or part for part in sentence.split("；")
        )

    def _find(self, sentence: str, day: Callable[[date], str], field: Callable[[str], str]) -> str | None:
        for phrase in self.phrases:
            if match := phrase.pattern.fullmatch(sentence):
                facts = match.groupdict()
                if "field" in facts:
                    facts["field"] = field(facts["field"])
                when = parse_date(facts["day"]) if "day" in facts else None
                return phrase.en.format(**(facts | {"day": day(when)} if when else facts))
        return None


@cache
def phrase_book(package: str = "gazette", name: str = "data/phrases.toml") -> PhraseBook:
    """The phrase book of one room, its longest (most particular) patterns first."""
    table = tomllib.loads((files(package) / name).read_text("utf-8"))
    phrases = [Phrase(row["zh"], row["en"], _pattern(row["zh"])) for row in table["phrase"]]
    return PhraseBook(tuple(sorted(phrases, key=lambda phrase: -len(_SLOT.sub("", phrase.zh)))))


def _pattern(template: str) -> re.Pattern[str]:
    pieces = _SLOT.split(template)
    pieces[::2] = [re.escape(text) for text in pieces[::2]]
    pieces[1::2] = [f"(?P<{name}>{_SLOTS.get(name, '.+?')})" for name in pieces[1::2]]
    return re.compile("".join(pieces), re.S)
