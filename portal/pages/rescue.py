"""What a search that found nothing, or not what was typed, offers: a correction, and which word it was."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from flask import url_for

from indexer.analysis import legal_terms
from indexer.diagnosis import Part, diagnose
from indexer.questions import is_asked
from indexer.schema import schema
from indexer.search import SearchResults
from indexer.spelling import LONGEST, SHORTEST, correct
from indexer.suggest import NameTable
from portal.pages.search import HitLine, SearchForm, hit_line
from portal.rooms import Rooms

#: Words of one query that are looked up, and hits of a correction that are shown.
_WORDS, _HITS = 6, 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Rescue:
    """`correction` is (text, address), never searched for unasked: where nothing else was found its `hits` are shown
    as what they are. `parts` are (part, address without it), `terms` (what the law calls it, address)."""

    correction: tuple[str, str] | None = None
    hits: tuple[HitLine, ...] = ()
    total: int = 0
    parts: tuple[tuple[Part, str], ...] = ()
    terms: tuple[tuple[str, str], ...] = ()


def find_rescue(rooms: Rooms, form: SearchForm, results: SearchResults) -> Rescue | None:
    """None where the query was found as typed. What answers a question was found as it was meant."""
    if not form.q or (results.total and (is_asked(form.q) or not _was_read_on(results))):
        return None
    request = form.request(limit=0, offset=0)
    text = _corrected(rooms, rooms.names.table(), form)
    found = None
    if text:
        better = replace(form, q=text)
        asked = better.request(limit=0 if results.total else _HITS, offset=0)
        found = rooms.index.search(replace(asked, facets=(), relax=False), rooms.today())
    return Rescue(
        correction=(text, url_for("search.show", **form.args(q=text))) if text and found and found.total else None,
        hits=tuple(hit_line(hit, form.day) for hit in found.hits) if found else (),
        total=found.total if found else 0,
        parts=tuple(
            (part, url_for("search.show", **form.args(q=part.rest)))
            for part in diagnose(rooms.index, replace(request, facets=()), rooms.today())
        ),
        terms=() if results.total else tuple(_lawful(rooms, form)),
    )


def _lawful(rooms: Rooms, form: SearchForm) -> Iterator[tuple[str, str]]:
    """The law's own words for the everyday ones typed, where they find something."""
    for term in legal_terms(form.q)[:_WORDS]:
        asked = replace(form, q=term).request(limit=0, offset=0)
        if rooms.index.count(asked):
            yield term, url_for("search.show", **form.args(q=term))


def _was_read_on(results: SearchResults) -> bool:
    """Whether less was asked than was typed."""
    return any(each.note in results.notes for each in schema().matching if each.note)


def _corrected(rooms: Rooms, table: NameTable, form: SearchForm) -> str | None:
    """The query with each word that nothing holds put right; None where no word is like that."""
    text = form.q
    for word in [each for each in form.q.split() if SHORTEST <= len(each) <= LONGEST][:_WORDS]:
        # What stands in a field or between signs is a condition, not a word.
        if not word.isalnum():
            continue
        better = correct(table, word)
        if better and not rooms.index.count(replace(form, q=f'"{word}"').request(limit=0, offset=0), rooms.today()):
            text = text.replace(word, better, 1)
    return text if text != form.q else None
