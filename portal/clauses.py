"""Where a pasted clause may come from: the index and the titles it names propose documents, the record reads them.

A paste that is nowhere to the letter as a whole may be of several places: then each of its parts is asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import islice

from sqlalchemy.orm import Session

from gazette.citations.grammar import find_citations
from gazette.citations.resolution import resolve
from gazette.citations.titles import letters
from gazette.record.reading import DocumentRecord, iter_documents
from gazette.versions.clause_lookup import (
    FEWEST_LETTERS,
    MOST_PARTS,
    Part,
    Traced,
    join_parts,
    look_up_clause,
    parts_of,
    without_number,
)
from indexer import Index
from indexer.generations import IndexAway
from indexer.search import SearchRequest

#: How many documents are read letter by letter, and from how many hits of each question.
_READ, _HITS = 24, 10
#: How many of the documents read may be those that the text names itself.
_NAMED = 8
#: The index answers as of a day; a clause of a text long replaced is asked for as of earlier days too (years back).
_YEARS_BACK = (0, 2, 5, 10, 20, 35)
#: A part of a paste is asked for on fewer days, and fewer documents are read for it.
_YEARS_BACK_PART, _READ_PART = (0, 10), 5
_PHRASE = 120


def find_clause(session: Session, index: Index, text: str, today: date) -> Traced:
    """Where a pasted text comes from. Raises BadInput; without an index only what the text names is looked at."""
    look_up_clause(text, ())
    held: dict[str, DocumentRecord] = {}

    def read(ids: Iterable[str]) -> list[DocumentRecord]:
        wanted = list(dict.fromkeys(ids))
        missing = [each for each in wanted if each not in held]
        held.update((each.id, each) for each in iter_documents(session, missing, as_of=today))
        return [held[each] for each in wanted if each in held]

    proposed = dict.fromkeys(_candidates(session, index, text, today, _YEARS_BACK))
    whole = look_up_clause(text, read(islice(proposed, _READ)))
    parts = [part for part in parts_of(text) if len(letters(part)) >= FEWEST_LETTERS]
    if len(parts) < 2 or any(each.exact for each in whole):
        return Traced(found=whole)
    looked_up = []
    for part in parts[:MOST_PARTS]:
        ids = dict.fromkeys(_candidates(session, index, part, today, _YEARS_BACK_PART))
        looked_up.append(Part(text=part, found=look_up_clause(part, read(islice(ids, _READ_PART)))))
    return join_parts(whole, looked_up, max(0, len(parts) - MOST_PARTS))


def _candidates(session: Session, index: Index, text: str, today: date, years_back: tuple[int, ...]) -> Iterator[str]:
    named = (resolve(session, each).document for each in find_citations(text[:2000]))
    yield from islice(filter(None, named), _NAMED)
    words = " ".join(without_number(text).replace('"', " ").split())
    middle = max(0, len(words) // 2 - _PHRASE // 2)
    questions = dict.fromkeys((words[:_PHRASE], words[middle : middle + _PHRASE]))
    try:
        for years in years_back:
            day = today - timedelta(days=365 * years)
            for question in questions:
                asked = SearchRequest(query=question, limit=_HITS, unit="article", facets=(), as_of=day)
                yield from (hit.document for hit in index.search(asked, today).hits)
    except IndexAway:
        return
