"""Filling Tantivy's two indexes: a document's entries, analysed here and handed over as tokens between spaces; a
document's tokens are its passages' tokens joined."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import tantivy
from tantivy import Query

from indexer.analysis import fold, grams_of_folded, words_of_folded
from indexer.engines.base import STATE, Unit, Writer
from indexer.engines.entries import Entry, Kind, columns, iter_entries, state_entry
from indexer.records import DocumentUnits


class TantivyWriter(Writer):
    """Two Tantivy writers. Articles are committed first, documents with the outbox id last: after a crash between
    the two the same changes are derived again, which changes nothing."""

    def __init__(self, folder: Path, heap_bytes: int) -> None:
        self._schema = make_schema()
        self._kinds = {column.name: column.kind for column in columns()}
        self._indexes = {unit: open_index(folder / unit) for unit in Unit}
        self._writers = {unit: index.writer(heap_bytes // 2, 1) for unit, index in self._indexes.items()}

    def add(self, units: DocumentUnits) -> None:
        cut = _Cut()
        for entry in iter_entries(units):
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
        self._put(state_entry(last_change), _Cut())
        writer.commit()
        for each in self._writers.values():
            each.garbage_collect_files()

    def close(self) -> None:
        # No rollback: it would abort the merges that keep the number of segments small. What was never committed goes.
        for writer in self._writers.values():
            writer.wait_merging_threads()
        self._writers.clear()

    def _put(self, entry: Entry, cut: _Cut) -> None:
        values: dict[str, Any] = {"facts": entry.facts, **entry.numbers}
        for name, each in entry.keywords.items():
            values[name] = list(each)
        for name, texts in entry.texts.items():
            tokens = cut.into_words if self._kinds[name] is Kind.WORDS else cut.into_pieces
            values[name] = " ".join(map(tokens, texts))
        self._writers[entry.unit].add_document(tantivy.Document.from_dict(values, self._schema))


class _Cut:
    """The texts of one document as tokens between spaces. Its entries share most of them: each is cut once."""

    def __init__(self) -> None:
        self._folded: dict[str, str] = {}
        self._pieces: dict[str, str] = {}
        self._words: dict[str, str] = {}

    def into_pieces(self, text: str) -> str:
        if text not in self._pieces:
            self._pieces[text] = " ".join(grams_of_folded(self._fold(text)))
        return self._pieces[text]

    def into_words(self, text: str) -> str:
        if text not in self._words:
            self._words[text] = " ".join(words_of_folded(self._fold(text)))
        return self._words[text]

    def _fold(self, text: str) -> str:
        if text not in self._folded:
            self._folded[text] = fold(text)
        return self._folded[text]


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
