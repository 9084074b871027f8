"""Tantivy, the default engine: in process, in Rust. Everything a hit shows is one stored JSON value."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Sequence as Several
from functools import partial
from itertools import repeat
from pathlib import Path
from typing import Any

import tantivy

from indexer.clauses import AllOf, Between, Clause, Score, Term
from indexer.engines.base import Engine, Found, Reader, Row, Sort, Tally, Unit, Writer
from indexer.engines.entries import DOCUMENT_NUMBER, TITLE_NUMBER
from indexer.engines.tantivy_damage import is_damage, is_sound
from indexer.engines.tantivy_query import QueryCompiler, aggregation, counts_in
from indexer.engines.tantivy_writer import (
    TantivyWriter,
    create_index,
    find_last_change,
    make_schema,
    open_index,
    read_facts,
)
from indexer.records import FIRST_DAY

#: The most values of a facet counted in one go; beyond it Tantivy's counts would be approximate.
_MAX_VALUES = 60_000


class TantivyEngine(Engine):
    name = "tantivy"

    def create(self, folder: Path) -> None:
        for unit in Unit:
            create_index(folder / unit)

    def is_damage(self, error: BaseException) -> bool:
        return is_damage(error)

    def is_sound(self, folder: Path) -> bool:
        return all(is_sound(folder / unit) for unit in Unit)

    def open_reader(self, folder: Path) -> Reader:
        return TantivyReader(folder)

    def open_writer(self, folder: Path, heap_bytes: int) -> Writer:
        return TantivyWriter(folder, heap_bytes)


class TantivyReader(Reader):
    def __init__(self, folder: Path) -> None:
        self._indexes = {unit: open_index(folder / unit) for unit in Unit}
        self._schema = make_schema()
        # A commit is whole when that of the documents is, which comes last.
        self._meta = folder / Unit.DOCUMENT / "meta.json"
        self._seen: int | None = None
        self._searchers: dict[Unit, Any] = {}
        self._filled: dict[tuple[Unit, str], bool] = {}
        self.refresh()

    def refresh(self) -> None:
        stamp = self._meta.stat().st_mtime_ns
        if self._seen != stamp:
            for unit, index in self._indexes.items():
                index.reload()
                self._searchers[unit] = index.searcher()
            self._filled.clear()
            self._queries = {unit: QueryCompiler(self._schema, each) for unit, each in self._searchers.items()}
            self._seen = stamp

    def find(
        self, unit: Unit, match: Clause, scores: tuple[Score, ...], *, sort: Sort, limit: int, offset: int
    ) -> Found:
        searcher = self._searchers[unit]
        # Tantivy sets aside room for offset + limit hits before it looks for the first.
        if limit == 0 or offset >= searcher.num_docs:
            return Found(total=self._count(unit, match), rows=())
        result = self._search(unit, match, scores, sort, min(limit, searcher.num_docs), offset)
        return Found(total=result.count, rows=tuple(_rows(searcher, result, sort)))

    def scan(self, unit: Unit, match: Clause, scores: tuple[Score, ...], *, sort: Sort) -> Iterator[Row]:
        searcher = self._searchers[unit]
        if searcher.num_docs:
            yield from _rows(searcher, self._search(unit, match, scores, sort, searcher.num_docs, 0), sort)

    def _count(self, unit: Unit, match: Clause) -> int:
        return int(self._searchers[unit].search(self._queries[unit].matching(match), limit=1).count)

    def _search(self, unit: Unit, match: Clause, scores: tuple[Score, ...], sort: Sort, limit: int, offset: int) -> Any:
        queries = self._queries[unit]
        query = queries.ranked(match, scores) if sort.order is None else queries.matching(match)
        ordered = {} if sort.order is None else {"order_by_field": sort.order, "order": tantivy.Order.Desc}
        return self._searchers[unit].search(query, limit=limit, offset=offset, **ordered)

    def count_values(self, unit: Unit, match: Clause, tallies: tuple[Tally, ...]) -> tuple[dict[str, int], ...]:
        searcher, query = self._searchers[unit], self._queries[unit].matching(match)
        asked = {
            str(number): aggregation(tally, _MAX_VALUES)
            for number, tally in enumerate(tallies)
            if self._has(unit, tally)
        }
        try:
            answer = searcher.aggregate(query, asked)
        except ValueError as error:
            if is_damage(error):
                raise
            # All facets together have more values than Tantivy counts in one go.
            return tuple(self._walked(unit, match, tally) for tally in tallies)
        counted = (counts_in(answer.get(str(number)), tally) for number, tally in enumerate(tallies))
        return tuple(
            self._walked(unit, match, tally) if counts is None else counts
            for tally, counts in zip(tallies, counted, strict=True)
        )

    def _has(self, unit: Unit, tally: Tally) -> bool:
        """Whether any record has a value to count: few documents have had four statuses."""
        if (unit, tally.field) not in self._filled:
            self._filled[unit, tally.field] = bool(self._searchers[unit].terms_with_prefix(tally.field, "", limit=1))
        return self._filled[unit, tally.field]

    def _walked(self, unit: Unit, match: Clause, tally: Tally) -> dict[str, int]:
        """The counts of every value there is, one by one."""
        within = self._queries[unit].matching(AllOf((match, *tally.within)))
        counts = self._searchers[unit].terms_with_prefix(tally.field, "", filter_query=within)
        return {value: count for value, count in counts if count}

    def frequencies(self, unit: Unit, field: str, tokens: Several[str]) -> dict[str, int]:
        searcher = self._searchers[unit]
        return {token: searcher.doc_freq(field, token) for token in tokens}

    def fingerprints(self) -> Iterator[tuple[str, str, int, int]]:
        searcher = self._searchers[Unit.DOCUMENT]
        if not searcher.num_docs:
            return
        held = self._passages_held()
        seen: set[str] = set()
        every = self._queries[Unit.DOCUMENT].matching(Between("stood_to", low=FIRST_DAY))
        found = searcher.search(
            every, limit=searcher.num_docs, order_by_field=Sort.DATE.order, order=tantivy.Order.Desc
        )
        for _, address in found.hits:
            facts = read_facts(searcher.doc(address))
            if facts["document"] in seen:
                continue
            seen.add(facts["document"])
            yield facts["document"], facts["fingerprint"], facts["passages"], held.pop(facts["document"], 0)
        for document, count in held.items():
            yield document, "", 0, count

    def _passages_held(self) -> dict[str, int]:
        """Passages by document, counted one by one: the dictionary still knows what was taken out."""
        searcher = self._searchers[Unit.ARTICLE]
        terms = (term for term, _ in searcher.terms_with_prefix("document", "", limit=None))
        counts = ((each, self._count(Unit.ARTICLE, Term("document", each))) for each in terms)
        return {document: count for document, count in counts if count}

    def last_change(self) -> int:
        return find_last_change(self._searchers[Unit.DOCUMENT], self._schema)

    def close(self) -> None:
        self._searchers.clear()
        self._indexes.clear()


def _rows(searcher: Any, result: Any, sort: Sort) -> Iterator[Row]:
    hits = result.hits
    addresses = [address for _, address in hits]
    loads = (partial(_load, searcher, address) for address in addresses)
    if sort.order is not None:
        return (Row(load, order=key) for load, (key, _) in zip(loads, hits, strict=True))
    titles, documents = (searcher.fast_field_values(name, addresses) for name in (TITLE_NUMBER, DOCUMENT_NUMBER))
    scores = (score for score, _ in hits)
    return map(Row, loads, scores, repeat(None), titles, documents)


def _load(searcher: Any, address: Any) -> dict[str, Any]:
    return read_facts(searcher.doc(address))
