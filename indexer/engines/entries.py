"""What every engine's indexes are made of: the columns, and a document's entries in them.

The field list says what there is; here it becomes columns of four kinds, which is all an engine's own schema has to
tell apart, and a document of the record becomes entries: one per version in the index of documents, one per passage
in the index of articles.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from functools import cache

import orjson

from indexer.engines.base import STATE, Unit, number_of
from indexer.records import ORDERED_DAYS, STRETCHES, DocumentUnits, Passage, VersionUnit, newest, oldest
from indexer.schema import Field, FieldType, schema

#: The numbers that records of one title, and of one document, share.
TITLE_NUMBER, DOCUMENT_NUMBER = "title_number", "document_number"

#: What is stored with a version, and not with each of its passages.
_OF_DOCUMENTS = frozenset(("lead", "same_title", "title_keys"))


class Kind(Enum):
    """Pieces of text by their characters, with positions; words for ranking; values compared whole; numbers."""

    PIECES = auto()
    WORDS = auto()
    KEYWORD = auto()
    NUMBER = auto()


@dataclass(frozen=True, slots=True)
class Column:
    """One indexed field; `counted` ones are facets."""

    name: str
    kind: Kind
    counted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Values:
    """Values by column, before an engine's analysis. `texts` are in pieces that are analysed one by one and follow each
    other."""

    texts: Mapping[str, tuple[str, ...]]
    keywords: Mapping[str, tuple[str, ...]]
    numbers: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One record. `shared` is the same object in all entries of a version; `own` are values of this entry alone, in the
    same columns in each of them. `facts` is JSON."""

    unit: Unit
    shared: Values
    own: Values
    facts: bytes

    @property
    def all(self) -> Values:
        keywords = {**self.shared.keywords, **self.own.keywords}
        return Values(
            texts={**self.shared.texts, **self.own.texts},
            keywords={name: each for name, each in keywords.items() if each},
            numbers={**self.shared.numbers, **self.own.numbers},
        )


@cache
def columns() -> tuple[Column, ...]:
    return tuple(_iter_columns())


def iter_entries(units: DocumentUnits) -> Iterator[Entry]:
    """The entries of a document: of each version its passages, then itself."""
    fingerprint, text = units.fingerprint, schema().get_field("text")
    passages = sum(not passage.is_heading for unit in units.units for passage in unit.passages)
    for unit in units.units:
        facts = unit.stored_facts()
        shown = {name: each for name, each in facts.items() if name not in _OF_DOCUMENTS}
        shared = Values(texts=_texts(unit), keywords=_keywords(unit), numbers=_numbers(unit))
        for place, passage in enumerate(unit.passages):
            if passage.is_heading:
                continue
            yield Entry(
                unit=Unit.ARTICLE,
                shared=shared,
                own=Values(
                    texts=_passage_columns(text, passage),
                    keywords={"eid": (passage.eid,) if passage.eid else ()},
                    numbers=unit.orders(place),
                ),
                facts=orjson.dumps({**shown, "eid": passage.eid, "place": place, "text": passage.text}),
            )
        whole = tuple(passage.text for passage in unit.passages)
        yield Entry(
            unit=Unit.DOCUMENT,
            shared=shared,
            own=Values(texts=_text_columns(text, whole), keywords={"eid": ()}, numbers=unit.orders()),
            facts=orjson.dumps({**facts, "fingerprint": fingerprint, "passages": passages}),
        )


def state_entry(last_change: int) -> Entry:
    """The record of how far the outbox was derived."""
    facts = orjson.dumps({"last_change": last_change})
    values = Values(texts={}, keywords={"document": (STATE,)}, numbers={})
    return Entry(unit=Unit.DOCUMENT, shared=values, own=values, facts=facts)


def _iter_columns() -> Iterator[Column]:
    for field in schema().fields:
        if field.pieces:
            yield Column(field.pieces, Kind.PIECES)
        if field.ranked:
            yield Column(field.ranked, Kind.WORDS)
        if field.type is FieldType.KEYWORD and field.name != "status":
            yield Column(field.name, Kind.KEYWORD, field.facet)
        elif field.type is FieldType.DATE:
            yield Column(field.name, Kind.NUMBER)
    for name in ("title_key", "eid"):
        yield Column(name, Kind.KEYWORD)
    for day in ORDERED_DAYS:
        yield Column(newest(day), Kind.NUMBER)
        yield Column(oldest(day), Kind.NUMBER)
    for name in ("stood_from", "stood_to", TITLE_NUMBER, DOCUMENT_NUMBER):
        yield Column(name, Kind.NUMBER)
    for number in range(1, STRETCHES + 1):
        yield Column(f"status_{number}", Kind.KEYWORD, counted=True)
        yield Column(f"from_{number}", Kind.NUMBER)
        yield Column(f"to_{number}", Kind.NUMBER)


def _texts(unit: VersionUnit) -> dict[str, tuple[str, ...]]:
    """What a version's record and its passages have in common to be searched by words."""
    texts: dict[str, tuple[str, ...]] = {}
    for field in schema().fields:
        text = "\n".join(unit.keywords.get(field.name, ())) if field.words else unit.texts.get(field.name)
        texts |= _text_columns(field, (text,)) if text else {}
    return texts


def _text_columns(field: Field, pieces: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    return dict.fromkeys(filter(None, (field.pieces, field.ranked)), pieces)


def _passage_columns(field: Field, passage: Passage) -> dict[str, tuple[str, ...]]:
    """A passage is found by its own text, and ranked by the words of its title and headings too."""
    columns = _text_columns(field, (passage.text,))
    if field.ranked:
        columns[field.ranked] = (*passage.context, passage.text)
    return columns


def _keywords(unit: VersionUnit) -> dict[str, tuple[str, ...]]:
    statuses = {f"status_{number}": (each.status.value,) for number, each in enumerate(unit.stretches, 1)}
    return {name: each for name, each in unit.keywords.items() if each} | {"title_key": unit.title_keys} | statuses


def _numbers(unit: VersionUnit) -> dict[str, int]:
    numbers = {**unit.days, "stood_from": unit.stretches[0].start, "stood_to": unit.stretches[-1].end}
    numbers |= {TITLE_NUMBER: number_of(unit.facts["same_title"]), DOCUMENT_NUMBER: number_of(unit.document)}
    for number, stretch in enumerate(unit.stretches, 1):
        numbers |= {f"from_{number}": stretch.start, f"to_{number}": stretch.end}
    return numbers
