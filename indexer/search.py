"""Search: a request in, exact totals, hits with their addresses and facets out.

    with Index.open(settings) as index:
        results = index.search(SearchRequest(query="食品安全", filters={"有效性": ["现行有效"]}))

An `Index` follows its pointer and its commits by itself: every search sees what was committed before it began.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Any

from gazette.settings import RecordSettings
from gazette.store import today as china_today
from indexer.authority import Weights, WeightsFile
from indexer.engines import get_engine
from indexer.engines.base import Reader, Row, Unit
from indexer.generations import IndexMissing, IndexStale, Stamp
from indexer.highlights import Pairs, highlight, plain
from indexer.likeness import plan_similar
from indexer.missing import find_missing, find_unheld
from indexer.paging import Page, count, find_page, iter_rows, status_of
from indexer.passages import best_passages
from indexer.plan import Plan, SearchRequest, iter_plans
from indexer.schema import schema
from indexer.settings import IndexSettings

__all__ = ["Export", "FacetValue", "Hit", "Index", "SearchRequest", "SearchResults"]

#: How often opening is tried while generations are switched under it.
_TRIES = 3
#: The file by which who reads a generation says to who writes it that it is damaged.
_DAMAGED = "damaged"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One hit. `eid` is the address of the passage shown (None for the document as a whole); `origin` is who made
    the text, official or consolidated (由本平台整理); `snippet_pairs` and `title_pairs` are (text, is_hit)."""

    document: str
    version: str
    eid: str | None
    title: str
    doc_number: str | None
    issuers: tuple[str, ...]
    kind: str | None
    status: str
    published_date: str | None
    effective_date: str | None
    snippet: str
    score: float
    url: str
    origin: str
    snippet_pairs: Pairs = ()
    title_pairs: Pairs = ()

    def to_json(self) -> dict[str, Any]:
        """The object `gongbao search --json` prints."""
        return {
            "document": self.document,
            "version": self.version,
            "eid": self.eid,
            "title": self.title,
            "doc_number": self.doc_number,
            "issuers": list(self.issuers),
            "kind": self.kind,
            "status": self.status,
            "published_date": self.published_date,
            "effective_date": self.effective_date,
            "snippet": self.snippet,
            "score": round(self.score, 4),
            "url": self.url,
        }


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One value of a facet and how many hits have it."""

    value: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchResults:
    """`total` is exact. `facets` are by field name, most frequent first. `notes` (Chinese) say how the query was
    read where that differs from what was typed. `next` is the request's `after` for the page that follows."""

    total: int
    hits: tuple[Hit, ...]
    facets: Mapping[str, tuple[FacetValue, ...]]
    notes: tuple[str, ...]
    as_of: date
    next: str | None = None

    def facets_json(self) -> dict[str, dict[str, int]]:
        """Counts by field and value, as `gongbao search --stats --json` prints them."""
        return {name: {each.value: each.count for each in values} for name, values in self.facets.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """All hits of a request, as many as `total` says."""

    total: int
    hits: Iterator[Hit]
    as_of: date


class Index:
    """The live index of one engine, for reading. Safe to share between threads."""

    def __init__(self, settings: RecordSettings, options: IndexSettings) -> None:
        self.engine = get_engine(options)
        self.options = options
        self.generations = self.engine.generations(settings.home / "index" / self.engine.name)
        self._lock = threading.Lock()
        self._reader: Reader | None = None
        self._stamp: Stamp | None = None
        self._folder: Path | None = None
        self._sound: Stamp | None = None
        self._weights = WeightsFile(self.generations.folder)

    @classmethod
    def open(cls, settings: RecordSettings, engine: str | None = None, options: IndexSettings | None = None) -> Index:
        """The index under `settings.home`; it need not exist yet. Raises BadInput for an unknown engine."""
        options = options or IndexSettings()
        return cls(settings, IndexSettings(**{**options.__dict__, "engine": engine}) if engine else options)

    def search(self, request: SearchRequest, today: date | None = None) -> SearchResults:
        """Answer a request. Raises what `iter_plans` raises; IndexMissing or IndexStale when there is no index."""
        with self.telling_damage():
            return self._search(request, today or china_today())

    def _search(self, request: SearchRequest, today: date) -> SearchResults:
        reader = self._live_reader()
        plan, page = _answer(reader, iter_plans(request, today, self._weights_for(request)))
        shown = page.rows if plan.unit is Unit.ARTICLE else best_passages(reader, plan, page.rows)
        missing = find_missing(reader, plan, page.rows, shown) or find_unheld(reader, request, plan, page.total)
        if plan.unit is Unit.DOCUMENT:
            shown = _as_named(plan, page.rows, shown, missing=bool(missing))
        return SearchResults(
            total=page.total,
            hits=tuple(_hit(plan, *each, request.as_of) for each in zip(page.rows, shown, strict=True)),
            facets=_count_facets(reader, plan),
            notes=(missing, *plan.notes) if missing else plan.notes,
            as_of=request.as_of or today,
            next=str(page.next) if page.next else None,
        )

    def export(self, request: SearchRequest, today: date | None = None) -> Export:
        """Every hit of a request in its order, with the exact total; its limit, offset and cursor say nothing here.

        What is committed or rebuilt meanwhile changes nothing: the snapshot is held until the hits are used up or
        their iterator is closed. A hit shows how its document begins, not the passage that answers.
        """
        today = today or china_today()
        reader = self.engine.open_reader(self.generations.get_live().folder)
        try:
            whole = replace(request, limit=0, offset=0, after=None, facets=())
            with self.telling_damage():
                plan, page = _answer(reader, iter_plans(whole, today, self._weights_for(whole)))
        except BaseException:
            reader.close()
            raise
        return Export(total=page.total, hits=self._iter_hits(reader, plan, request.as_of), as_of=request.as_of or today)

    def similar(self, document: str, limit: int = 5, today: date | None = None) -> tuple[Hit, ...]:
        """The documents most like one that is held, the likest first; none for one that is not held."""
        with self.telling_damage():
            plan = plan_similar(self._live_reader(), document, (today or china_today()).toordinal(), limit)
            if plan is None:
                return ()
            rows = find_page(self._live_reader(), plan).rows
            return tuple(_hit(plan, row, None, None) for row in rows)

    def count(self, request: SearchRequest, today: date | None = None) -> int:
        """The exact total alone."""
        return self.search(replace(request, limit=0, after=None, facets=()), today).total

    def warm(self) -> None:
        """Do now what the first search of a process would wait for: the dictionary, the grammar, opening the index.

        An index that is not there yet is nothing to wait for.
        """
        with suppress(IndexMissing, IndexStale):
            self.search(SearchRequest(query="检索", limit=1))

    def reader(self) -> Reader:
        """The engine's reader of the live generation, up to date."""
        return self._live_reader()

    @contextmanager
    def telling_damage(self) -> Iterator[None]:
        """Raises IndexStale where a damaged file is met, and leaves word of it for the next `sync`."""
        try:
            yield
        except BaseException as error:
            if not self.engine.is_damage(error):
                raise
            if self._folder:
                with suppress(OSError):
                    (self._folder / _DAMAGED).touch()
            raise IndexStale() from error

    def is_sound(self) -> bool:
        """Whether nobody met damage in the live generation and its files are whole; those are read once for each. Only
        for the holder of the writer's lock. Raises IndexMissing, IndexStale."""
        live = self.generations.get_live()
        if (live.folder / _DAMAGED).exists():
            return False
        if self._sound != live.stamp:
            self._sound = live.stamp if self.engine.is_sound(live.folder) else None
        return self._sound == live.stamp

    def close(self) -> None:
        with self._lock:
            if self._reader:
                self._reader.close()
            self._reader = self._stamp = None

    def __enter__(self) -> Index:
        return self

    def __exit__(self, *_exc: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.close()

    def _iter_hits(self, reader: Reader, plan: Plan, as_of: date | None) -> Iterator[Hit]:
        with closing(reader), self.telling_damage():
            for row in iter_rows(reader, plan):
                yield _hit(plan, row, row if plan.unit is Unit.ARTICLE else None, as_of)

    def _weights_for(self, request: SearchRequest) -> Weights:
        """The weights of the laws, which rank articles only."""
        if request.unit == Unit.ARTICLE:
            with self._lock:
                self._weights.refresh()
        return self._weights.current

    def _live_reader(self) -> Reader:
        with self._lock:
            for attempt in range(_TRIES):
                try:
                    return self._follow()
                except (OSError, ValueError, IndexStale) as error:
                    # The generation was switched and collected between the pointer's reading and its own.
                    self._reader = None
                    if attempt == _TRIES - 1:
                        raise IndexStale() from error
            raise IndexMissing()

    def _follow(self) -> Reader:
        """The reader, reopened where the pointer has moved, refreshed where something was committed."""
        if self._reader is None or self.generations.stamp() != self._stamp:
            live = self.generations.get_live()
            opened = self.engine.open_reader(live.folder)
            if self._reader:
                self._reader.close()
            self._reader, self._stamp, self._folder = opened, live.stamp, live.folder
        else:
            self._reader.refresh()
        return self._reader


def _answer(reader: Reader, plans: Iterator[Plan]) -> tuple[Plan, Page]:
    """The first plan that finds anything, filters aside, or else the plan as typed; and its page."""
    first = next(plans)
    page = find_page(reader, first)
    if page.total or (first.match != first.asked and count(reader, first.asked, first.unit)):
        return first, page
    best = next((plan for plan in plans if count(reader, plan.asked, plan.unit)), first)
    return best, page if best is first else find_page(reader, best)


def _as_named(
    plan: Plan, rows: tuple[Row, ...], passages: tuple[Row | None, ...], *, missing: bool
) -> tuple[Row | None, ...]:
    """The passages to show, but none of a text that was named as a whole: it is shown how it begins. Nor where the
    provision named is `missing`: another would pass for it."""
    if plan.eid:
        return (None, *passages[1:]) if missing and passages else passages
    return tuple(
        None if row.score >= schema().ranking.named else passage for row, passage in zip(rows, passages, strict=True)
    )


def _hit(plan: Plan, row: Row, passage: Row | None, as_of: date | None) -> Hit:
    facts = row.facts
    eid = passage.facts["eid"] if passage else None
    shown = highlight(passage.facts["text"] if passage else facts["lead"], plan.highlights)
    path = f"/documents/{facts['document']}" + (f"/as-of/{as_of.isoformat()}" if as_of else "")
    return Hit(
        document=facts["document"],
        version=facts["version"],
        eid=eid,
        title=facts["title"],
        doc_number=facts["doc_number"],
        issuers=tuple(facts["issuers"]),
        kind=facts["kind"],
        status=status_of(row, plan.day),
        published_date=facts["published_date"],
        effective_date=facts["effective_date"],
        snippet=plain(shown),
        score=row.score,
        url=f"{path}#{eid}" if eid else path,
        origin=facts["origin"],
        snippet_pairs=shown,
        title_pairs=highlight(facts["title"], plan.highlights, None),
    )


def _count_facets(reader: Reader, plan: Plan) -> dict[str, tuple[FacetValue, ...]]:
    totals: dict[str, dict[str, int]] = {}
    for facets in plan.facets:
        counted = reader.count_values(plan.unit, facets.match, tuple(tally for _, tally in facets.tallies))
        for (name, _), counts in zip(facets.tallies, counted, strict=True):
            values = totals.setdefault(name, {})
            for value, often in counts.items():
                values[value] = values.get(value, 0) + often
    return {name: _most_frequent_first(values) for name, values in totals.items()}


def _most_frequent_first(values: dict[str, int]) -> tuple[FacetValue, ...]:
    return tuple(FacetValue(value, -less) for less, value in sorted((-count, value) for value, count in values.items()))
