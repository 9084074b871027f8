"""Why a query finds nothing as typed: how much each of its parts finds alone, and what leaving it out would give."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from indexer import query as q
from indexer.analysis import content_words, grams
from indexer.phrasing import write_query
from indexer.plan import SearchRequest
from indexer.search import Index

#: Parts of a query that are looked at; whoever wrote more knows what they do.
_MOST = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A word or condition, in the query language: found so often `alone`, and so often the rest `without` it. `rest`
    is the query without it."""

    text: str
    alone: int
    without: int
    rest: str


def diagnose(index: Index, request: SearchRequest, today: date | None = None) -> tuple[Part, ...]:
    """The parts of a query that finds nothing as typed; () for one that finds something or has only one part.

    Counts are within the request's filters.
    """
    parts = [write_query(each) for each in _parts(q.read_query(request.query).tree)]
    parts = list(dict.fromkeys(parts))
    if not 2 <= len(parts) <= _MOST:
        return ()

    def count(query: str) -> int:
        return index.count(replace(request, query=query, offset=0, relax=False), today)

    if count(" ".join(parts)):
        return ()
    rests = [" ".join(other for other in parts if other != each) for each in parts]
    return tuple(
        Part(text=each, alone=count(each), without=count(rest), rest=rest)
        for each, rest in zip(parts, rests, strict=True)
    )


def _parts(tree: q.Tree) -> Iterator[q.Tree]:
    """What must all hold: conditions as they are, words one by one as they were typed apart."""
    match tree:
        case q.And(parts):
            for part in parts:
                yield from _parts(part)
        case q.Words(text, None):
            typed = text.split()
            yield from map(q.Words, filter(grams, typed) if len(typed) > 1 else content_words(text))
        case q.All():
            return
        case _:
            yield tree
