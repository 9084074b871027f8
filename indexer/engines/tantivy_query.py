"""Clauses into Tantivy's queries, tallies into its aggregations.

What is compiled is kept by the identity of the clause: the weights of the laws, the articles of the guide and what
stands on a day are the same clauses from one search to the next, and the rest is asked for twice, for hits and for
counts.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from functools import lru_cache, partial
from heapq import heapify, heappop, heappush
from typing import Any, Generic, TypeVar
from weakref import ref

import tantivy
from tantivy import FieldType as TantivyType
from tantivy import Occur, Query

from indexer.clauses import (
    AllOf,
    AnyOf,
    Between,
    Bonus,
    Clause,
    Close,
    Everything,
    Glob,
    Near,
    Nothing,
    Prefix,
    Score,
    Sequence,
    Term,
    Without,
)
from indexer.engines.base import Tally

#: How many frequencies of tokens are kept.
_MAX_FREQUENCIES = 50_000
#: What is in so many times as many records as can match, and in so many at least, is looked up in each that does.
_FAR, _FEW = 8, 1000
#: Finding tokens side by side costs so many times what finding them does.
_POSITIONS = 3


_T = TypeVar("_T")


class _Kept(Generic[_T]):
    """What is made of clauses, kept as long as they live; of a single term it is made anew each time.

    Most clauses end with the search they were made for, and what was made of them with them.
    """

    def __init__(self, make: Callable[[Clause], _T]) -> None:
        self._make = make
        self._kept: dict[int, tuple[ref[Clause], _T]] = {}

    def __call__(self, clause: Clause) -> _T:
        if isinstance(clause, Term):
            return self._make(clause)
        kept = self._kept.get(id(clause))
        if kept is None:
            # The clause's end is told with its reference, which is what `pop` gives back when there is nothing to drop.
            kept = ref(clause, partial(self._kept.pop, id(clause))), self._make(clause)
            self._kept[id(clause)] = kept
        return kept[1]


class QueryCompiler:
    """Queries for one state of one unit's index, as its searcher sees it.

    Tantivy walks through all that any of several alternatives finds, even where something else that must hold too
    leaves little to look at. So where a part is far more frequent than what can match, it is asked together with that.
    """

    def __init__(self, schema: Any, searcher: Any) -> None:
        self._schema = schema
        self._searcher = searcher
        self._records = int(searcher.num_docs)
        self._query: _Kept[Any] = _Kept(self._compile)
        self._often: _Kept[int] = _Kept(self._records_of)
        self._effort: _Kept[int] = _Kept(self._effort_of)
        self._frequencies: dict[tuple[str, str], int] = {}

    def matching(self, clause: Clause) -> Any:
        """What matches the clause, unscored."""
        return Query.const_score_query(self._query(clause), 0.0)

    def ranked(self, match: Clause, scores: tuple[Score, ...]) -> Any:
        """What matches, ranked by the scores."""
        required, optional = self.matching(match), []
        # What is in more records than can match is looked up in each that does.
        enough = self._often(match) + _FEW
        for score in scores:
            for effort, query in self._ranking(score):
                if effort > enough:
                    required = Query.boolean_query([(Occur.Must, required), (Occur.Should, query)])
                else:
                    optional.append((Occur.Should, query))
        return Query.boolean_query([(Occur.Must, required), *optional])

    def _ranking(self, score: Score) -> Iterator[tuple[float, Any]]:
        """What ranks by a score, and the effort of walking through it; what all have but some never is. What no record
        has ranks nothing."""
        if isinstance(score, Bonus):
            if effort := math.inf if isinstance(score.clause, Without) else self._effort(score.clause):
                yield effort, Query.const_score_query(self._query(score.clause), score.points)
            return
        for word in score.words:
            if effort := self._frequency(score.field, word):
                term = Query.term_query(self._schema, score.field, word, "freq")
                yield effort, Query.boost_query(term, score.boost)

    def _compile(self, asked: Clause) -> Any:
        query, known = self._query, self._schema
        match asked:
            case Term(field, value):
                return Query.term_query(known, field, value, "basic")
            case AnyOf(parts, at_least):
                return self._any_of(parts, at_least)
            case AllOf(parts):
                return self._all_of(parts)
            case Sequence(field, tokens, False):
                return Query.phrase_query(known, field, list(tokens))
            case Sequence(field, tokens, True):
                shapes: list[str | tuple[int, str]] = [*map(_literal, tokens[:-1]), f"{_literal(tokens[-1])}.*"]
                return Query.regex_phrase_query(known, field, shapes)
            case Between(field, low, high):
                return Query.range_query(known, field, TantivyType.Integer, low, high)
            case Without(part):
                return Query.boolean_query([(Occur.Must, Query.all_query()), (Occur.MustNot, query(part))])
            case Everything():
                return Query.all_query()
            case Prefix(field, start):
                return Query.regex_query(known, field, f"{_literal(start)}.*")
            case Close():
                return _any(list(_close(known, asked)))
            case Glob(field, pattern):
                return Query.regex_query(known, field, _shape(pattern))
            case Near(field, value):
                return Query.fuzzy_term_query(known, field, value, distance=1, transposition_cost_one=True)
        return Query.empty_query()

    def _all_of(self, parts: tuple[Clause, ...]) -> Any:
        """All of the parts. Alternatives far more frequent than the first part are asked together with it: the one
        that is found, and whose records are looked at, with the least effort."""
        if len(parts) < 2:
            return _all([self._query(part) for part in parts])
        first = min(parts, key=lambda part: self._effort(part) + _FAR * self._often(part))
        rare, enough = self._query(first), _FAR * self._often(first) + _FEW
        return _all([rare, *(self._beside(part, rare, enough) for part in parts if part is not first)])

    def _beside(self, part: Clause, rare: Any, enough: int) -> Any:
        """A part of what must hold, for looking at where the first one does."""
        if not (isinstance(part, AnyOf) and part.at_least == 1):
            return self._query(part)
        return _any(
            [
                _all([rare, self._query(each)]) if self._effort(each) > enough else self._query(each)
                for each in part.parts
            ]
        )

    def _any_of(self, parts: tuple[Clause, ...], at_least: int) -> Any:
        if at_least <= 0:
            return Query.all_query()
        # Few of the fields a word is looked for in have it at all, and most titles that laws name are of laws not held.
        parts = tuple(part for part in parts if self._often(part))
        if len(parts) < at_least:
            return Query.empty_query()
        if len(parts) == at_least:
            return self._all_of(parts)
        if at_least == 1:
            return _any([self._query(part) for part in parts])
        if at_least == 2:
            return self._two_of(parts)
        alternatives = [(Occur.Should, self._query(part)) for part in parts]
        return Query.boolean_query(alternatives, minimum_number_should_match=at_least)

    def _two_of(self, parts: tuple[Clause, ...]) -> Any:
        """Two of the parts. Tantivy counts how many hold record by record, at six times the cost of finding where any
        does. So parts are joined two by two, the rarest first, until all are: two hold where both sides of a joint
        do, and what is frequent is in few joints (the tree is Huffman's)."""
        joined = [(self._effort(part), place, self._alternatives(part)) for place, part in enumerate(parts)]
        heapify(joined)
        ways = []
        while len(joined) > 1:
            (effort, _, one), (more, _, other) = heappop(joined), heappop(joined)
            ways.append(_all([_any(one), _any(other)]))
            heappush(joined, (effort + more, len(parts) + len(ways), one + other))
        return _any(ways)

    def _alternatives(self, part: Clause) -> list[Any]:
        """The queries any of which finds the part."""
        if isinstance(part, AnyOf) and part.at_least == 1:
            return [query for each in part.parts if self._often(each) for query in self._alternatives(each)]
        return [self._query(part)]

    def _records_of(self, clause: Clause) -> int:
        """In how many records the clause may hold, roughly; 0 only where in none."""
        match clause:
            case Term(field, value):
                return self._frequency(field, value)
            case AnyOf(parts, at_least) if at_least > 0:
                return min(self._records, sum(map(self._often, parts)) // at_least)
            case AllOf(parts):
                return self._together(list(map(self._often, parts)))
            case Sequence(field, tokens, open_end):
                return min(self._frequency(field, token) for token in (tokens[:-1] if open_end else tokens))
            case Near():
                return 1
            case Nothing():
                return 0
        return self._records

    def _together(self, often: list[int]) -> int:
        """In how many records all of what is in so many hold. Were words strewn by chance, their shares would be
        multiplied; but they keep company, so each further one counts with the root of the one before."""
        if not (self._records and all(often)):
            return 0
        found, root = float(self._records), 1.0
        for each in sorted(often):
            found *= (each / self._records) ** root
            root /= 2
        return math.ceil(found)

    def _effort_of(self, clause: Clause) -> int:
        """What it costs to walk through all that the clause finds, in records of one token."""
        match clause:
            case Sequence(field, tokens):
                return _POSITIONS * sum(self._frequency(field, token) for token in tokens)
            case AnyOf(parts):
                return sum(map(self._effort, parts))
        return self._often(clause)

    def _frequency(self, field: str, value: str) -> int:
        known = self._frequencies
        if (field, value) not in known:
            if len(known) > _MAX_FREQUENCIES:
                known.clear()
            known[field, value] = self._searcher.doc_freq(field, value)
        return known[field, value]


@lru_cache(maxsize=256)
def aggregation(tally: Tally, most: int) -> dict[str, Any]:
    """A terms aggregation, of so many values at most, inside one range aggregation for each range."""
    asked: dict[str, Any] = {"terms": {"field": tally.field, "size": most}}
    for each in tally.within:
        # Tantivy's ranges end before `to`.
        bounds = {"from": each.low, "to": None if each.high is None else each.high + 1}
        bounds = {end: bound for end, bound in bounds.items() if bound is not None}
        asked = {"range": {"field": each.field, "ranges": [{"key": "in", **bounds}]}, "aggs": {"in": asked}}
    return asked


def counts_in(answer: dict[str, Any] | None, tally: Tally) -> dict[str, int] | None:
    """The counts in an answer to a tally's aggregation; None where it leaves some out."""
    if answer is None:
        return {}
    for _ in tally.within:
        inside: dict[str, Any] = next((each for each in answer["buckets"] if each["key"] == "in"), {})
        answer = inside.get("in", {"buckets": []})
    if answer.get("sum_other_doc_count"):
        return None
    return {str(bucket["key"]): int(bucket["doc_count"]) for bucket in answer["buckets"]}


def _close(known: tantivy.Schema, clause: Close) -> Iterator[Query]:
    """One phrase with a hole in it for every distance and order. Slop would let the tokens of one word part, too."""
    ways = (
        (clause.one, clause.one_places, clause.other),
        (clause.other, clause.other_places, clause.one),
    )
    for first, places, second in ways:
        for gap in range(clause.apart + 1):
            tokens: list[str | tuple[int, str]] = [*enumerate(first), *enumerate(second, places + gap)]
            yield Query.phrase_query(known, clause.field, tokens)


def _all(queries: list[Any]) -> Any:
    if len(queries) == 1:
        return queries[0]
    return Query.boolean_query([(Occur.Must, each) for each in queries]) if queries else Query.all_query()


def _any(queries: list[Any]) -> Any:
    return queries[0] if len(queries) == 1 else Query.boolean_query([(Occur.Should, each) for each in queries])


def _literal(text: str) -> str:
    """Tantivy's expressions know fewer escapes than Python's."""
    return re.sub(r"([\\.^$|?*+()\[\]{}&~#-])", r"\\\1", text)


def _shape(pattern: str) -> str:
    return "".join({"*": ".*", "?": "."}.get(char) or _literal(char) for char in pattern)
