"""Filling Tantivy's two indexes: a document's entries, analysed here and handed over as tokens between spaces; a
document's tokens are its passages' tokens joined."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import tantivy
from tantivy import Query

from indexer.cutting import Cut
from indexer.engines.base import STATE, Unit, Writer
from indexer.engines.entries import Entry, Kind, Values, columns, iter_entries, state_entry
from indexer.records import DocumentUnits


class TantivyWriter(Writer):
    """Two Tantivy writers. Articles are committed first, documents with the outbox id last: after a crash between
    the two the same changes are derived again, which changes nothing."""

    def __init__(self, folder: Path, heap_bytes: int) -> None:
        self._schema = make_schema()
        self._kinds = {column.name: column.kind for column in columns()}
        self._indexes = {unit: open_index(folder / unit) for unit in Unit}
        self._writers = {unit: index.writer(heap_bytes // 2, 1) for unit, index in self._indexes.items()}
        self._shared: Values | None = None
        self._record: Any = None

    def add(self, units: DocumentUnits) -> None:
        entries = list(iter_entries(units))
        texts = (values.texts.values() for entry in entries for values in (entry.shared, entry.own))
        cut = Cut(text for columns in texts for pieces in columns for text in pieces)
        for entry in entries:
            self._put(entry, cut)

    def remove(self, document: str) -> None:
        for writer in self._writers.values():
            writer.delete_documents_by_term("document", document)

    def last_change(self) -> int:
        index = self._indexes[Unit.DOCUMENT]
        index.reload()
        return find_last_change(index.searcher(), self._schema)

    def commit(self, last_change: int) -> None:
        self._writers[Unit.ARTICLE].commit()
        writer = self._writers[Unit.DOCUMENT]
        writer.delete_documents_by_term("document", STATE)
        self._put(state_entry(last_change), Cut(()))
        writer.commit()
        for each in self._writers.values():
            each.garbage_collect_files()

    def close(self) -> None:
        # No rollback: it would abort the merges that keep the number of segments small. What was never committed goes.
        for writer in self._writers.values():
            writer.wait_merging_threads()
        self._writers.clear()

    def _put(self, entry: Entry, cut: Cut) -> None:
        if entry.shared is not self._shared:
            self._shared = entry.shared
            self._record = tantivy.Document.from_dict(self._cut(entry.shared, cut), self._schema)
        # Handed over by value: what a version's entries share is put into Tantivy's form once.
        self._record.extend({**self._cut(entry.own, cut), "facts": entry.facts}, self._schema)
        self._writers[entry.unit].add_document(self._record)

    def _cut(self, values: Values, cut: Cut) -> dict[str, Any]:
        """The values as Tantivy takes them."""
        taken: dict[str, Any] = dict(values.numbers)
        for name, each in values.keywords.items():
            taken[name] = list(each)
        for name, texts in values.texts.items():
            tokens = cut.words if self._kinds[name] is Kind.WORDS else cut.pieces
            taken[name] = " ".join(map(tokens.__getitem__, texts))
        return taken


def create_index(folder: Path) -> None:
    folder.mkdir(parents=True)
    tantivy.Index(make_schema(), path=str(folder))


def open_index(folder: Path) -> Any:
    index = tantivy.Index.open(str(folder))
    index.config_reader("manual")
    return index


def find_last_change(searcher: Any, known: Any) -> int:
    """The outbox id kept in the index of documents; 0 where there is none."""
    found = searcher.search(Query.term_query(known, "document", STATE, "basic"), limit=1)
    return int(read_facts(searcher.doc(found.hits[0][1]))["last_change"]) if found.hits else 0


def read_facts(document: Any) -> dict[str, Any]:
    """What was stored with an entry."""
    facts: dict[str, Any] = orjson.loads(document.get_first("facts"))
    return facts


def make_schema() -> Any:
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
                # Ranges and orders read the column; nobody asks for one number.
                builder.add_integer_field(column.name, fast=True)
    return builder.build()
