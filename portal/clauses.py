"""Where a pasted clause may come from: the index and the titles it names propose documents, the record reads them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice

from sqlalchemy.orm import Session

from gazette.citations import find_citations
from gazette.clause_lookup import Found, look_up_clause
from gazette.record import iter_documents
from gazette.resolution import resolve
from indexer import Index
from indexer.generations import IndexAway
from indexer.search import SearchRequest

#: How many documents are read letter by letter, and from how many hits of each question.
_READ, _HITS = 24, 10
#: How many of the documents read may be those that the text names itself.
_NAMED = 8
#: The index answers as of a day; a clause of a text long replaced is asked for as of earlier days too (years back).
_YEARS_BACK = (0, 2, 5, 10, 20, 35)
_PHRASE = 120


def find_clause(session: Session, index: Index, text: str, today: date) -> tuple[Found, ...]:
    """The documents that a pasted text comes from. Raises BadInput; without an index only what the text names."""
    look_up_clause(text, ())
    ids = list(dict.fromkeys(_candidates(session, index, text, today)))[:_READ]
    return look_up_clause(text, iter_documents(session, ids, as_of=today))


def _candidates(session: Session, index: Index, text: str, today: date) -> Iterator[str]:
    named = (resolve(session, each).document for each in find_citations(text[:2000]))
    yield from islice(filter(None, named), _NAMED)
    words = " ".join(text.replace('"', " ").split())
    middle = max(0, len(words) // 2 - _PHRASE // 2)
    questions = dict.fromkeys((words[:_PHRASE], words[middle : middle + _PHRASE]))
    try:
        for years in _YEARS_BACK:
            day = today - timedelta(days=365 * years)
            for question in questions:
                asked = SearchRequest(query=question, limit=_HITS, unit="article", facets=(), as_of=day)
                yield from (hit.document for hit in index.search(asked, today).hits)
    except IndexAway:
        return
