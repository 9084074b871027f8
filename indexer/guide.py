"""The citizens' guide: which article answers what people ask, in the words they ask it in (guide.toml).

A law says 从建筑物中抛掷物品 where people say 楼上扔东西. The guide is a small collection of such words, one entry an
article, searched in memory by the characters and words of a question (BM25); what it finds is a bonus for that very
article, where the index holds it. Nothing of it is indexed, so a new entry needs no rebuild.
"""

from __future__ import annotations

import math
import tomllib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from indexer.analysis import content_words, grams, words
from indexer.clauses import AllOf, Between, Bonus, Clause, Term, Without
from indexer.records import same_title_key
from indexer.schema import schema

#: BM25's constant; of entries a few words long, how long one is says nothing.
_K1 = 1.2
#: Of a longer text more is met by chance: what is found for it counts less, by so many of its pairs.
_LONG = 20
#: How many articles of the guide a question is led to.
_MOST = 40


@dataclass(frozen=True, slots=True)
class _Entry:
    """An article, its law, and the words people ask for it in."""

    article: Clause
    law: Clause
    asked: str


def guide(asked: str) -> tuple[Bonus, ...]:
    """A bonus for each article that the guide has for what was asked."""
    return tuple(Bonus(clause=entry.article, points=points) for entry, points in _led_to(asked))


def guide_to_laws(asked: str, *, of_every_word: bool = False) -> tuple[Bonus, ...]:
    """A bonus for each law with an article that the guide has for sure; few words in common may be chance.

    `of_every_word` takes only entries that say every word asked.
    """
    least = schema().topic.guide
    needed = content_words(asked) if of_every_word else ()
    best: dict[Clause, float] = {}
    for entry, points in _led_to(asked):
        if points >= least and all(word in entry.asked for word in needed):
            best.setdefault(entry.law, points)
    return tuple(Bonus(clause=law, points=points) for law, points in best.items())


@lru_cache(maxsize=64)
def _led_to(asked: str) -> tuple[tuple[_Entry, float], ...]:
    """The articles of the guide for what was asked with their points, the best first."""
    points: dict[int, float] = {}
    by_pairs, by_words = _postings()
    for postings, tokens in ((by_pairs, _pairs(asked)), (by_words, _asked_words(asked))):
        for token in tokens:
            for number, weight in postings.get(token, ()):
                points[number] = points.get(number, 0.0) + weight
    weight = schema().question.guide * min(1.0, _LONG / max(1, len(_pairs(asked))))
    best = sorted(points.items(), key=lambda each: (-each[1], each[0]))[:_MOST]
    return tuple((_entries()[number], weight * score) for number, score in best)


@cache
def _entries() -> tuple[_Entry, ...]:
    table = tomllib.loads(Path(__file__).with_name("guide.toml").read_text("utf-8"))
    found: list[_Entry] = []
    for title, articles in table.items():
        # A version published before was numbered otherwise.
        law = Term("title_key", same_title_key(title))
        older = Between("published", high=articles.pop("since").toordinal() - 1)
        for number, asked in articles.items():
            article = AllOf((law, Term("eid", f"art_{number}"), Without(older)))
            found.append(_Entry(article, law, asked))
    return tuple(found)


_Postings = dict[str, tuple[tuple[int, float], ...]]


@cache
def _postings() -> tuple[_Postings, _Postings]:
    """For each pair of characters, and for each word, the entries that have it and how much it weighs there."""
    texts = [entry.asked for entry in _entries()]
    return _weighed([_pairs(text) for text in texts]), _weighed([words(text) for text in texts])


def _weighed(texts: list[list[str]]) -> _Postings:
    found: dict[str, list[tuple[int, float]]] = {}
    for number, tokens in enumerate(texts):
        for token, count in Counter(tokens).items():
            found.setdefault(token, []).append((number, count * (_K1 + 1) / (count + _K1)))
    rarity = {each: math.log(1 + (len(texts) - len(held) + 0.5) / (len(held) + 0.5)) for each, held in found.items()}
    return {each: tuple((number, rarity[each] * part) for number, part in held) for each, held in found.items()}


def _pairs(text: str) -> list[str]:
    return [token for token in grams(text) if len(token) > 1]


def _asked_words(asked: str) -> Iterable[str]:
    kept = content_words(asked)
    return dict.fromkeys((*kept, *(word for word in words(" ".join(kept)) if len(word) > 1)))
