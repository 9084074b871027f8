"""What a search that found nothing, or not what was typed, offers: a correction, and which word it was."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from flask import url_for

from gazette.citations.numbers import parse_doc_number
from gazette.citations.titles import normal_title
from indexer.analysis import legal_terms
from indexer.diagnosis import Part, diagnose
from indexer.intent import find_intent, numbers_in
from indexer.query import in_field
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
    as what they are. `parts` are (part, address without it), `terms` (what the law calls it, address), `numbers` (the
    series of a number that is not held, address, how many)."""

    correction: tuple[str, str] | None = None
    hits: tuple[HitLine, ...] = ()
    total: int = 0
    parts: tuple[tuple[Part, str], ...] = ()
    terms: tuple[tuple[str, str], ...] = ()
    numbers: tuple[tuple[str, str, int], ...] = ()


def find_rescue(rooms: Rooms, form: SearchForm, results: SearchResults) -> Rescue | None:
    """None where the query was found as typed. What answers a question was found as it was meant."""
    slip = _has_slip(form, results) and not _is_held(rooms, form, form.q)
    if not form.q or (results.total and not slip and (is_asked(form.q) or not _was_read_on(results))):
        return None
    if number := find_intent(form.q).number:
        return None if results.total else Rescue(numbers=tuple(_series(rooms, form, number)))
    request = form.request(limit=0, offset=0)
    text = normal_title(results.hits[0].title) if slip else _corrected(rooms, rooms.names.table(), form)
    found = None
    if text:
        better = replace(form, q=text)
        asked = better.request(limit=0 if results.total else _HITS, offset=0)
        found = rooms.index.search(replace(asked, facets=(), relax=False), rooms.today())
    return Rescue(
        correction=(text, url_for("search.show", **form.args(q=text))) if text and found and found.total else None,
        hits=tuple(hit_line(hit, form.day) for hit in found.hits) if found else (),
        total=found.total if found else 0,
        parts=()
        if slip
        else tuple(
            (part, url_for("search.show", **form.args(q=part.rest)))
            for part in diagnose(rooms.index, replace(request, facets=()), rooms.today())
        ),
        terms=() if results.total else tuple(_lawful(rooms, form)),
    )


def _lawful(rooms: Rooms, form: SearchForm) -> Iterator[tuple[str, str]]:
    """The law's own words for the everyday ones typed, where they find something."""
    for term in legal_terms(form.q, of_documents=True)[:_WORDS]:
        asked = replace(form, q=term).request(limit=0, offset=0)
        if rooms.index.count(asked):
            yield term, url_for("search.show", **form.args(q=term))


def _series(rooms: Rooms, form: SearchForm, number: str) -> Iterator[tuple[str, str, int]]:
    """Numbers of that year and serial whosever they are, for the letters before them are what people get wrong; and
    those of the same series, under any of its names: of that year, else of any."""
    parsed = tuple(filter(None, map(parse_doc_number, numbers_in(number)[0])))
    same = [f"〔{each.year}〕{each.serial}号" for each in parsed if each.year]
    of_year = [f"{each.prefix}〔{each.year}〕" for each in parsed if each.year]
    for starts in (same, (*of_year, *(each.prefix for each in parsed))):
        for start in starts:
            series = in_field("doc_number", start)
            if total := rooms.index.count(replace(form, q=series).request(limit=0, offset=0)):
                yield start, url_for("search.show", **form.args(q=series)), total
                break


def _has_slip(form: SearchForm, results: SearchResults) -> bool:
    """Whether the first hit has the title that was typed but for a slip."""
    points = schema().ranking
    return form.sort == "relevance" and bool(results.hits) and points.near_title <= results.hits[0].score < points.named


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
        if better and not _is_held(rooms, form, word):
            text = text.replace(word, better, 1)
    return text if text != form.q else _spelled_out(table, form.q)


def _is_held(rooms: Rooms, form: SearchForm, word: str) -> bool:
    """Whether anything has the word as it stands. Outside a field it would also be found as a title with a slip."""
    asked = replace(form, q=f'标题:"{word}" OR 正文:"{word}"')
    return bool(rooms.index.count(asked.request(limit=0, offset=0), rooms.today()))


def _spelled_out(table: NameTable, typed: str) -> str | None:
    """The name whose initials or syllables were typed and left so."""
    if not (typed.isascii() and typed.isalpha()):
        return None
    return next((each.text for each in table.suggest(typed, 1)), None)
