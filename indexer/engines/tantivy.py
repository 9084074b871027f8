"""Tantivy, the default engine: in process, in Rust.

Texts are analysed here once per passage and handed over as tokens between spaces; a document's tokens are its
passages' tokens joined. Everything a hit shows is one stored JSON value.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
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
from indexer.engines.base import Engine, Found, Reader, Row, Sort, Tally, Unit, Writer
from indexer.records import FIRST_DAY, STRETCHES, DocumentUnits, VersionUnit
from indexer.schema import FieldType, schema

#: The most values one facet may have; beyond it Tantivy's counts would be approximate.
_MAX_VALUES = 60_000
#: How many compiled parts of plans a reader keeps.
_MAX_COMPILED = 256
#: The record that keeps how far the outbox was derived, so that it is committed with what it describes.
_STATE = "state"


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
        self._metas = {unit: folder / unit / "meta.json" for unit in Unit}
        self._seen: dict[Unit, int] = {}
        self._searchers: dict[Unit, Any] = {}
        self._compiled: dict[int, tuple[Clause | Score, Any]] = {}
        self.refresh()

    def refresh(self) -> None:
        for unit, index in self._indexes.items():
            stamp = self._metas[unit].stat().st_mtime_ns
            if self._seen.get(unit) != stamp:
                index.reload()
                self._searchers[unit] = index.searcher()
                self._seen[unit] = stamp

    def find(
        self, unit: Unit, match: Clause, scores: tuple[Score, ...], *, sort: Sort, limit: int, offset: int
    ) -> Found:
        searcher = self._searchers[unit]
        # Tantivy sets aside room for offset + limit hits before it looks for the first.
        if limit == 0 or offset >= searcher.num_docs:
            return Found(total=searcher.search(self._query(match), limit=1).count, rows=())
        limit = min(limit, searcher.num_docs)
        if sort is Sort.DATE:
            result = searcher.search(
                self._query(match), limit=limit, offset=offset, order_by_field="date_order", order=tantivy.Order.Desc
            )
        else:
            result = searcher.search(self._scored(match, scores), limit=limit, offset=offset)
        rows = (
            Row(facts=_facts(searcher.doc(address)), score=0.0 if sort is Sort.DATE else float(score))
            for score, address in result.hits
        )
        return Found(total=result.count, rows=tuple(rows))

    def count_values(self, unit: Unit, match: Clause, tallies: tuple[Tally, ...]) -> tuple[dict[str, int], ...]:
        asked = {str(number): _aggregation(tally) for number, tally in enumerate(tallies)}
        answer = self._searchers[unit].aggregate(self._query(match), asked)
        return tuple(_buckets(answer[str(number)], tally) for number, tally in enumerate(tallies))

    def fingerprints(self) -> Iterator[tuple[str, str, int, int]]:
        searcher = self._searchers[Unit.DOCUMENT]
        if not searcher.num_docs:
            return
        held = self._passages_held()
        every = self._compile(Between("stood_to", low=FIRST_DAY))
        seen: set[str] = set()
        found = searcher.search(every, limit=searcher.num_docs, order_by_field="date_order", order=tantivy.Order.Desc)
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
        """The compiled form of a part of a plan, kept: one search asks the same of every document it shows."""
        held = self._compiled.get(id(asked))
        if held is None:
            if len(self._compiled) > _MAX_COMPILED:
                self._compiled.clear()
            compiled = self._compile_score(asked) if isinstance(asked, Bonus | Words) else self._compile(asked)
            # What was asked is kept with it, or its identity could come to mean another.
            held = self._compiled[id(asked)] = (asked, compiled)
        return held[1]

    def _compile_score(self, score: Score) -> Any:
        if isinstance(score, Bonus):
            return Query.const_score_query(self._compile(score.clause), score.points)
        terms = [(Occur.Should, Query.term_query(self._schema, score.field, word, "freq")) for word in score.words]
        return Query.boost_query(Query.boolean_query(terms), score.boost)

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
        self._indexes = {unit: _open(folder / unit) for unit in Unit}
        self._writers = {unit: index.writer(heap_bytes // 2, 1) for unit, index in self._indexes.items()}

    def add(self, units: DocumentUnits) -> None:
        fingerprint = units.fingerprint
        passages = sum(len(unit.passages) for unit in units.units)
        for unit in units.units:
            shared, facts = _shared_values(unit), unit.stored_facts()
            text_grams: list[str] = []
            text_words: list[str] = []
            for passage in unit.passages:
                text = {"text": " ".join(grams(passage.text)), "text_words": " ".join(words(passage.text))}
                text_grams.append(text["text"])
                text_words.append(text["text_words"])
                address = {"eid": passage.eid} if passage.eid else {}
                stored = _stored({**facts, "eid": passage.eid, "text": passage.text})
                self._put(Unit.ARTICLE, {**shared, **text, **address, "facts": stored})
            stored = _stored({**facts, "fingerprint": fingerprint, "passages": passages})
            texts = {"text": " ".join(text_grams), "text_words": " ".join(text_words)}
            self._put(Unit.DOCUMENT, {**shared, **texts, "facts": stored})

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
        writer.delete_documents_by_term("document", _STATE)
        self._put(Unit.DOCUMENT, {"document": _STATE, "facts": _stored({"last_change": last_change})})
        writer.commit()
        for each in self._writers.values():
            each.garbage_collect_files()

    def close(self) -> None:
        # No rollback: it would abort the merges that keep the number of segments small. What was never committed goes.
        for writer in self._writers.values():
            writer.wait_merging_threads()
        self._writers.clear()

    def _put(self, unit: Unit, values: dict[str, Any]) -> None:
        self._writers[unit].add_document(tantivy.Document.from_dict(values, self._schema))


def _shared_values(unit: VersionUnit) -> dict[str, Any]:
    """What a version's document record and its passages have in common, by indexed field."""
    values: dict[str, Any] = {name: list(each) for name, each in unit.keywords.items() if each}
    for field in schema().fields:
        text = "\n".join(unit.keywords.get(field.name, ())) if field.words else unit.texts.get(field.name)
        if text and field.pieces:
            values[field.pieces] = " ".join(grams(text))
        if text and field.ranked:
            values[field.ranked] = " ".join(words(text))
    values |= unit.days
    values |= {"title_key": list(unit.title_keys), "date_order": unit.date_order}
    values |= {"stood_from": unit.stretches[0].start, "stood_to": unit.stretches[-1].end}
    for number, stretch in enumerate(unit.stretches, 1):
        values |= {
            f"status_{number}": stretch.status.value,
            f"from_{number}": stretch.start,
            f"to_{number}": stretch.end,
        }
    return values


def _last_change(searcher: Any, known: Any) -> int:
    found = searcher.search(Query.term_query(known, "document", _STATE, "basic"), limit=1)
    return int(_facts(searcher.doc(found.hits[0][1]))["last_change"]) if found.hits else 0


def _open(folder: Path) -> Any:
    index = tantivy.Index.open(str(folder))
    index.config_reader("manual")
    return index


def _schema() -> Any:
    builder = tantivy.SchemaBuilder()
    builder.add_bytes_field("facts", stored=True)
    for field in schema().fields:
        if field.pieces:
            builder.add_text_field(field.pieces, tokenizer_name="whitespace", index_option="position")
        if field.ranked:
            builder.add_text_field(field.ranked, tokenizer_name="whitespace", index_option="freq")
        if field.type is FieldType.KEYWORD and field.name != "status":
            _add_keyword(builder, field.name, fast=field.facet)
        elif field.type is FieldType.DATE:
            _add_number(builder, field.name)
    for name in ("title_key", "eid"):
        _add_keyword(builder, name, fast=False)
    for name in ("date_order", "stood_from", "stood_to"):
        _add_number(builder, name)
    for number in range(1, STRETCHES + 1):
        _add_keyword(builder, f"status_{number}", fast=True)
        _add_number(builder, f"from_{number}")
        _add_number(builder, f"to_{number}")
    return builder.build()


def _add_keyword(builder: Any, name: str, *, fast: bool) -> None:
    builder.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=fast)


def _add_number(builder: Any, name: str) -> None:
    builder.add_integer_field(name, indexed=True, fast=True)


def _aggregation(tally: Tally) -> dict[str, Any]:
    """A terms aggregation inside one range aggregation for each range."""
    asked: dict[str, Any] = {"terms": {"field": tally.field, "size": _MAX_VALUES}}
    for each in tally.within:
        # Tantivy's ranges end before `to`.
        bounds = {"from": each.low, "to": None if each.high is None else each.high + 1}
        bounds = {end: bound for end, bound in bounds.items() if bound is not None}
        asked = {"range": {"field": each.field, "ranges": [{"key": "in", **bounds}]}, "aggs": {"in": asked}}
    return asked


def _buckets(answer: dict[str, Any], tally: Tally) -> dict[str, int]:
    for _ in tally.within:
        inside: dict[str, Any] = next((each for each in answer["buckets"] if each["key"] == "in"), {})
        answer = inside.get("in", {"buckets": []})
    return {str(bucket["key"]): int(bucket["doc_count"]) for bucket in answer["buckets"]}


def _all(queries: list[Any]) -> Any:
    return Query.boolean_query([(Occur.Must, each) for each in queries]) if queries else Query.all_query()


def _stored(facts: dict[str, Any]) -> bytes:
    return json.dumps(facts, ensure_ascii=False, separators=(",", ":")).encode()


def _facts(document: Any) -> dict[str, Any]:
    facts: dict[str, Any] = json.loads(bytes(document.get_first("facts")))
    return facts


def _literal(text: str) -> str:
    """Tantivy's expressions know fewer escapes than Python's."""
    return re.sub(r"([\\.^$|?*+()\[\]{}&~#-])", r"\\\1", text)


def _shape(pattern: str) -> str:
    return "".join({"*": ".*", "?": "."}.get(char) or _literal(char) for char in pattern)
