"""Tantivy, the default engine: in process, in Rust.

Texts are analysed here once per passage and handed over as tokens between spaces; a document's tokens are its
passages' tokens joined. Everything a hit shows is one stored JSON value.
"""

from __future__ import annotations

import json
import re
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from collections.abc import Sequence as Several
from functools import partial
from pathlib import Path
from typing import Any

import tantivy
from tantivy import FieldType as TantivyType
from tantivy import Occur, Query

from indexer.analysis import grams, words
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
    Words,
)
from indexer.engines.base import STATE, Engine, Found, Reader, Row, Sort, Tally, Unit, Writer
from indexer.engines.entries import DOCUMENT_NUMBER, TITLE_NUMBER, Entry, Kind, columns, iter_entries, state_entry
from indexer.generations import told_as_stale
from indexer.records import FIRST_DAY, DocumentUnits

#: The most values of a facet counted in one go; beyond it Tantivy's counts would be approximate.
_MAX_VALUES = 60_000
#: How many compiled parts of plans a reader keeps.
_MAX_COMPILED = 512
#: Alternatives from which on it pays to look first for what there is at all.
_MANY = 16
#: How each kind of text becomes tokens.
_ANALYSIS: Mapping[Kind, Callable[[str], list[str]]] = {Kind.PIECES: grams, Kind.WORDS: words}
#: What Tantivy says where a file of the index is damaged.
_damage_told = partial(told_as_stale, ValueError, "IO error")


class TantivyEngine(Engine):
    name = "tantivy"

    def create(self, folder: Path) -> None:
        for unit in Unit:
            (folder / unit).mkdir(parents=True)
            tantivy.Index(_schema(), path=str(folder / unit))

    def open_reader(self, folder: Path) -> Reader:
        return TantivyReader(folder)

    def open_writer(self, folder: Path, heap_bytes: int) -> Writer:
        return TantivyWriter(folder, heap_bytes)


class TantivyReader(Reader):
    def __init__(self, folder: Path) -> None:
        self._indexes = {unit: _open(folder / unit) for unit in Unit}
        self._schema = _schema()
        # A commit is whole when that of the documents is, which comes last.
        self._meta = folder / Unit.DOCUMENT / "meta.json"
        self._seen: int | None = None
        self._searchers: dict[Unit, Any] = {}
        self._filled: dict[tuple[Unit, str], bool] = {}
        self._compiled: OrderedDict[int, tuple[Clause | Score, Any]] = OrderedDict()
        self.refresh()

    def refresh(self) -> None:
        stamp = self._meta.stat().st_mtime_ns
        if self._seen != stamp:
            for unit, index in self._indexes.items():
                index.reload()
                self._searchers[unit] = index.searcher()
            self._filled.clear()
            # Whoever is compiling for the state before keeps it there.
            self._compiled = OrderedDict()
            self._seen = stamp

    def find(
        self, unit: Unit, match: Clause, scores: tuple[Score, ...], *, sort: Sort, limit: int, offset: int
    ) -> Found:
        searcher = self._searchers[unit]
        # Tantivy sets aside room for offset + limit hits before it looks for the first.
        if limit == 0 or offset >= searcher.num_docs:
            return Found(total=searcher.search(self._query(match), limit=1).count, rows=())
        result = self._search(searcher, match, scores, sort, min(limit, searcher.num_docs), offset)
        return Found(total=result.count, rows=tuple(_rows(searcher, result, sort)))

    def scan(self, unit: Unit, match: Clause, scores: tuple[Score, ...], *, sort: Sort) -> Iterator[Row]:
        searcher = self._searchers[unit]
        if searcher.num_docs:
            yield from _rows(searcher, self._search(searcher, match, scores, sort, searcher.num_docs, 0), sort)

    def _search(
        self, searcher: Any, match: Clause, scores: tuple[Score, ...], sort: Sort, limit: int, offset: int
    ) -> Any:
        query = self._scored(match, scores) if sort.order is None else self._query(match)
        ordered = {} if sort.order is None else {"order_by_field": sort.order, "order": tantivy.Order.Desc}
        with _damage_told():
            return searcher.search(query, limit=limit, offset=offset, **ordered)

    def count_values(self, unit: Unit, match: Clause, tallies: tuple[Tally, ...]) -> tuple[dict[str, int], ...]:
        searcher, query = self._searchers[unit], self._query(match)
        asked = {str(number): _aggregation(tally) for number, tally in enumerate(tallies) if self._has(unit, tally)}
        try:
            with _damage_told():
                answer = searcher.aggregate(query, asked)
        except ValueError:
            # All facets together have more values than Tantivy counts in one go.
            return tuple(self._walked(searcher, match, tally) for tally in tallies)
        counted = (_buckets(answer.get(str(number)), tally) for number, tally in enumerate(tallies))
        return tuple(
            self._walked(searcher, match, tally) if counts is None else counts
            for tally, counts in zip(tallies, counted, strict=True)
        )

    def _has(self, unit: Unit, tally: Tally) -> bool:
        """Whether any record has a value to count: few documents have had four statuses."""
        if (unit, tally.field) not in self._filled:
            self._filled[unit, tally.field] = bool(self._searchers[unit].terms_with_prefix(tally.field, "", limit=1))
        return self._filled[unit, tally.field]

    def _walked(self, searcher: Any, match: Clause, tally: Tally) -> dict[str, int]:
        """The counts of every value there is, one by one."""
        within = self._compile(AllOf((match, *tally.within)))
        counts = searcher.terms_with_prefix(tally.field, "", filter_query=within)
        return {value: count for value, count in counts if count}

    def frequencies(self, unit: Unit, field: str, tokens: Several[str]) -> dict[str, int]:
        searcher = self._searchers[unit]
        return {token: searcher.doc_freq(field, token) for token in tokens}

    def fingerprints(self) -> Iterator[tuple[str, str, int, int]]:
        with _damage_told():
            yield from self._fingerprints()

    def _fingerprints(self) -> Iterator[tuple[str, str, int, int]]:
        searcher = self._searchers[Unit.DOCUMENT]
        if not searcher.num_docs:
            return
        held = self._passages_held()
        every = self._compile(Between("stood_to", low=FIRST_DAY))
        seen: set[str] = set()
        found = searcher.search(
            every, limit=searcher.num_docs, order_by_field=Sort.DATE.order, order=tantivy.Order.Desc
        )
        for _, address in found.hits:
            facts = _facts(searcher.doc(address))
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
        counts = ((each, searcher.search(self._compile(Term("document", each)), limit=1).count) for each in terms)
        return {document: count for document, count in counts if count}

    def last_change(self) -> int:
        return _last_change(self._searchers[Unit.DOCUMENT], self._schema)

    def close(self) -> None:
        self._searchers.clear()
        self._indexes.clear()

    # --- clauses into Tantivy's queries ---------------------------------------------------------------------------

    def _scored(self, match: Clause, scores: tuple[Score, ...]) -> Any:
        parts = [(Occur.Must, Query.const_score_query(self._query(match), 0.0))]
        parts += [(Occur.Should, self._query(score)) for score in scores if isinstance(score, Bonus) or score.words]
        return Query.boolean_query(parts)

    def _query(self, asked: Clause | Score) -> Any:
        """The compiled form of a part of a plan, kept while nothing is committed: one search asks the same for its
        hits and for its counts, and every question asks for the weights of the laws."""
        compiled = self._compiled
        # What was asked is kept with it, or its identity could come to mean another.
        held = compiled.pop(id(asked), None) or (asked, self._compile_part(asked))
        compiled[id(asked)] = held
        if len(compiled) > _MAX_COMPILED:
            compiled.popitem(last=False)
        return held[1]

    def _compile_part(self, asked: Clause | Score) -> Any:
        if isinstance(asked, Bonus):
            return Query.const_score_query(self._compile(asked.clause), asked.points)
        if not isinstance(asked, Words):
            return self._compile(asked)
        terms = [(Occur.Should, Query.term_query(self._schema, asked.field, word, "freq")) for word in asked.words]
        return Query.boost_query(Query.boolean_query(terms), asked.boost)

    def _held(self, parts: tuple[Clause, ...]) -> tuple[Clause, ...]:
        """Of many alternatives those that some record has: Tantivy would look each of them up in each segment, and
        most titles that laws name are of laws not held."""
        searchers = tuple(self._searchers.values())
        return tuple(
            part
            for part in parts
            if not isinstance(part, Term) or any(each.doc_freq(part.field, part.value) for each in searchers)
        )

    def _compile(self, clause: Clause) -> Any:
        compile_, known = self._compile, self._schema
        match clause:
            case Everything():
                return Query.all_query()
            case Nothing():
                return Query.empty_query()
            case Term(field, value):
                return Query.term_query(known, field, value, "basic")
            case Prefix(field, start):
                return Query.regex_query(known, field, f"{_literal(start)}.*")
            case Sequence(field, tokens, False):
                return Query.phrase_query(known, field, list(tokens))
            case Sequence(field, tokens, True):
                shapes: list[str | tuple[int, str]] = [*map(_literal, tokens[:-1]), f"{_literal(tokens[-1])}.*"]
                return Query.regex_phrase_query(known, field, shapes)
            case Close():
                return Query.boolean_query([(Occur.Should, each) for each in _close(known, clause)])
            case Glob(field, pattern):
                return Query.regex_query(known, field, _shape(pattern))
            case Near(field, value):
                return Query.fuzzy_term_query(known, field, value, distance=1, transposition_cost_one=True)
            case Between(field, low, high):
                return Query.range_query(known, field, TantivyType.Integer, low, high)
            case AllOf(parts):
                return _all([compile_(part) for part in parts])
            case AnyOf(parts, at_least):
                if at_least <= 0:
                    return Query.all_query()
                if len(parts) >= _MANY:
                    parts = self._held(parts)
                if len(parts) < at_least:
                    return Query.empty_query()
                if len(parts) == 1:
                    return compile_(parts[0])
                if len(parts) == at_least:
                    return _all([compile_(part) for part in parts])
                alternatives = [(Occur.Should, compile_(part)) for part in parts]
                return Query.boolean_query(alternatives, minimum_number_should_match=at_least)
            case Without(part):
                return Query.boolean_query([(Occur.Must, Query.all_query()), (Occur.MustNot, compile_(part))])


class TantivyWriter(Writer):
    """Two Tantivy writers. Articles are committed first, documents with the outbox id last: after a crash between
    the two the same changes are derived again, which changes nothing."""

    def __init__(self, folder: Path, heap_bytes: int) -> None:
        self._schema = _schema()
        self._kinds = {column.name: column.kind for column in columns()}
        self._indexes = {unit: _open(folder / unit) for unit in Unit}
        self._writers = {unit: index.writer(heap_bytes // 2, 1) for unit, index in self._indexes.items()}

    def add(self, units: DocumentUnits) -> None:
        analysed: dict[tuple[Kind, str], str] = {}
        for entry in iter_entries(units):
            self._put(entry, analysed)

    def remove(self, document: str) -> None:
        for writer in self._writers.values():
            writer.delete_documents_by_term("document", document)

    def last_change(self) -> int:
        index = self._indexes[Unit.DOCUMENT]
        index.reload()
        return _last_change(index.searcher(), self._schema)

    def commit(self, last_change: int) -> None:
        self._writers[Unit.ARTICLE].commit()
        writer = self._writers[Unit.DOCUMENT]
        writer.delete_documents_by_term("document", STATE)
        self._put(state_entry(last_change), {})
        writer.commit()
        for each in self._writers.values():
            each.garbage_collect_files()

    def close(self) -> None:
        # No rollback: it would abort the merges that keep the number of segments small. What was never committed goes.
        for writer in self._writers.values():
            writer.wait_merging_threads()
        self._writers.clear()

    def _put(self, entry: Entry, analysed: dict[tuple[Kind, str], str]) -> None:
        """Hand an entry over. `analysed` keeps what a document's entries share: each text is cut once."""
        values: dict[str, Any] = {"facts": entry.facts.encode(), **entry.numbers}
        values |= {name: list(each) for name, each in entry.keywords.items()}
        for name, texts in entry.texts.items():
            kind = self._kinds[name]
            for text in texts:
                if (kind, text) not in analysed:
                    analysed[kind, text] = " ".join(_ANALYSIS[kind](text))
            values[name] = " ".join(analysed[kind, text] for text in texts)
        self._writers[entry.unit].add_document(tantivy.Document.from_dict(values, self._schema))


def _last_change(searcher: Any, known: Any) -> int:
    found = searcher.search(Query.term_query(known, "document", STATE, "basic"), limit=1)
    return int(_facts(searcher.doc(found.hits[0][1]))["last_change"]) if found.hits else 0


def _open(folder: Path) -> Any:
    index = tantivy.Index.open(str(folder))
    index.config_reader("manual")
    return index


def _schema() -> Any:
    builder = tantivy.SchemaBuilder()
    builder.add_bytes_field("facts", stored=True)
    for column in columns():
        match column.kind:
            case Kind.PIECES:
                builder.add_text_field(column.name, tokenizer_name="whitespace", index_option="position")
            case Kind.WORDS:
                builder.add_text_field(column.name, tokenizer_name="whitespace", index_option="freq")
            case Kind.KEYWORD:
                builder.add_text_field(column.name, tokenizer_name="raw", index_option="basic", fast=column.counted)
            case Kind.NUMBER:
                builder.add_integer_field(column.name, indexed=True, fast=True)
    return builder.build()


def _aggregation(tally: Tally) -> dict[str, Any]:
    """A terms aggregation inside one range aggregation for each range."""
    asked: dict[str, Any] = {"terms": {"field": tally.field, "size": _MAX_VALUES}}
    for each in tally.within:
        # Tantivy's ranges end before `to`.
        bounds = {"from": each.low, "to": None if each.high is None else each.high + 1}
        bounds = {end: bound for end, bound in bounds.items() if bound is not None}
        asked = {"range": {"field": each.field, "ranges": [{"key": "in", **bounds}]}, "aggs": {"in": asked}}
    return asked


def _buckets(answer: dict[str, Any] | None, tally: Tally) -> dict[str, int] | None:
    """The counts in an answer; None where it leaves some out."""
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
    return Query.boolean_query([(Occur.Must, each) for each in queries]) if queries else Query.all_query()


def _rows(searcher: Any, result: Any, sort: Sort) -> Iterator[Row]:
    addresses = [address for _, address in result.hits]
    loads = (partial(_load, searcher, address) for address in addresses)
    if sort.order is not None:
        yield from (Row(load=load, order=key) for load, (key, _) in zip(loads, result.hits, strict=True))
        return
    shared = (searcher.fast_field_values(name, addresses) for name in (TITLE_NUMBER, DOCUMENT_NUMBER))
    for load, (score, _), title, document in zip(loads, result.hits, *shared, strict=True):
        yield Row(load=load, score=float(score), title=title or 0, document=document or 0)


def _load(searcher: Any, address: Any) -> dict[str, Any]:
    return _facts(searcher.doc(address))


def _facts(document: Any) -> dict[str, Any]:
    facts: dict[str, Any] = json.loads(bytes(document.get_first("facts")).decode())
    return facts


def _literal(text: str) -> str:
    """Tantivy's expressions know fewer escapes than Python's."""
    return re.sub(r"([\\.^$|?*+()\[\]{}&~#-])", r"\\\1", text)


def _shape(pattern: str) -> str:
    return "".join({"*": ".*", "?": "."}.get(char) or _literal(char) for char in pattern)
