"""Documents like a given one: those that share the words that tell it apart (the most frequent here, the rarest
elsewhere), in title and text."""

from __future__ import annotations

import math
from collections import Counter

from indexer import clauses as c
from indexer.analysis import words
from indexer.compiler import standing_on
from indexer.engines.base import Reader, Sort, Unit
from indexer.plan import Plan, standing_bonus
from indexer.schema import schema

#: How many passages of a document are read, how many of its words are asked for, and how much of them must occur.
_PASSAGES, _WORDS, _SHARE = 30, 25, 0.3
#: The title says what a document is about more than its text does.
_TITLE_WEIGHT = 5


def plan_similar(reader: Reader, document: str, day: int, limit: int) -> Plan | None:
    """What to ask for documents like `document` as it stands on the day; None when it does not."""
    held: tuple[c.Clause, ...] = (c.Term("document", document), standing_on(day))
    rows = reader.find(Unit.ARTICLE, c.AllOf(held), (), sort=Sort.DATE, limit=_PASSAGES, offset=0).rows
    own = reader.find(Unit.DOCUMENT, c.AllOf(held), (), sort=Sort.DATE, limit=1, offset=0).rows
    if not own:
        return None
    telling = _telling_words(reader, own[0].facts["title"], [row.facts["text"] for row in rows])
    match = c.AllOf(
        (
            standing_on(day),
            c.Without(c.Term("document", document)),
            c.AnyOf(tuple(c.Term("text_words", word) for word in telling), math.ceil(_SHARE * len(telling))),
        )
        if telling
        else (c.Nothing(),)
    )
    scores = (
        c.Words(field="title_words", words=telling, boost=schema().get_field("title").words_boost),
        c.Words(field="text_words", words=telling, boost=schema().get_field("text").words_boost),
        standing_bonus(day),
    )
    return Plan(unit=Unit.DOCUMENT, match=match, asked=match, scores=scores, limit=limit, day=day)


def _telling_words(reader: Reader, title: str, texts: list[str]) -> tuple[str, ...]:
    """The words of the greatest weight, the greatest first."""
    counted = Counter(words("\n".join(texts)))
    counted.update(dict.fromkeys(words(title), _TITLE_WEIGHT))
    often = Counter({word: count for word, count in counted.items() if len(word) > 1})
    candidates = tuple(word for word, _ in often.most_common(8 * _WORDS))
    held = reader.find(Unit.DOCUMENT, c.Everything(), (), sort=Sort.RELEVANCE, limit=0, offset=0).total
    spread = reader.frequencies(Unit.DOCUMENT, "text_words", candidates)
    # A word that is nowhere else finds nothing.
    shared = [word for word in candidates if spread[word] > 1]
    weight = {word: math.log1p(often[word]) * math.log1p(held / spread[word]) for word in shared}
    return tuple(sorted(weight, key=lambda word: (-weight[word], word))[:_WORDS])
