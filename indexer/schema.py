"""The field list as everything reads it: `fields.toml`, loaded once.

One list serves the query language, filters, facets, ranking and every engine's own schema; a field is added by
adding rows there. The Whoosh schema derived from it (`language_schema`) is also the grammar's vocabulary.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from gazette.errors import GongbaoError
from indexer.characters import simplify

_STEPS = re.compile(r"[/\\＼]")
_FILE = Path(__file__).with_name("fields.toml")

#: What a row says that has no part in what is stored.
_NOT_INDEXED = frozenset({"zh", "en", "names", "values", "closed", "default", "piece_boost"})

#: Raised with every change in what is stored, so that an index built before is known to be stale.
FORMAT = 6


class FieldUnknown(GongbaoError):
    code = "search.unknown_field"
    zh, en = "没有名为“{name}”的检索项，可用的有：{known}", "No search field “{name}”; there are: {known}"


class ValueUnknown(GongbaoError):
    code = "search.unknown_value"
    zh, en = "“{name}”没有“{value}”这一取值，可用的有：{known}", "“{name}” has no value “{value}”; there are: {known}"


class FieldType(StrEnum):
    TEXT = "text"
    KEYWORD = "keyword"
    DATE = "date"


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One row of the list; see `fields.toml` for what each means."""

    name: str
    type: FieldType
    zh: str
    en: str
    names: tuple[str, ...] = ()
    default: bool = False
    facet: bool = False
    closed: bool = False
    path: bool = False
    words: bool = False
    words_boost: float = 0.0
    piece_boost: float = 0.0
    values: Mapping[str, tuple[str, ...]]

    @property
    def pieces(self) -> str | None:
        """The indexed field in which pieces of the text are found, if any."""
        if self.type is FieldType.TEXT:
            return self.name
        return f"{self.name}_text" if self.words else None

    @property
    def ranked(self) -> str | None:
        """The indexed field that holds the text's words for ranking, if any."""
        return f"{self.name}_words" if self.words_boost else None

    def value(self, name: str) -> str:
        """The stored value that people call `name` (现行有效 → in_force); of a path however its steps are set apart."""
        if self.path:
            return path_of(name)
        plain = simplify(name)
        return next((value for value, names in self.values.items() if plain in names), name)

    def get_value(self, name: str) -> str:
        """The stored value that people call `name`, of a field that has no others. Raises ValueUnknown."""
        value = self.value(name)
        if value not in self.values:
            raise ValueUnknown(name=self.zh, value=name[:40], known="、".join(self.values))
        return value


@dataclass(frozen=True, slots=True, kw_only=True)
class Matching:
    """How much of a query's free text must occur; `note` tells the reader when the query was read so. `unit` is what
    a question is answered by; None for the row by which a query is read as typed."""

    all_up_to: int
    share: float
    note: str | None = None
    unit: str | None = None

    def least(self, count: int) -> int:
        """How many of `count` pieces must occur."""
        return count if count <= self.all_up_to else max(self.all_up_to, math.ceil(self.share * count))


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """Constants of the ranking; see `fields.toml`."""

    exact_title: float
    same_title: float
    exact_number: float
    provision: float
    near_title: float
    standing: float
    ended: tuple[str, ...]
    window: int

    @property
    def named(self) -> float:
        """What a record scores at least that the query names outright."""
        return min(self.exact_title, self.same_title, self.exact_number, self.provision)


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionRanking:
    """Weights by which articles answer a question; see `fields.toml`."""

    words: float
    pairs: float
    terms: float
    authority: float
    great: int
    guide: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicRanking:
    """Weights by which documents answer a question or a topic; see `fields.toml`."""

    title_words: float
    title_pairs: float
    title_terms: float
    text_words: float
    guide: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Schema:
    """The whole list, by name, with the constants beside it. `digest` tells one state of it from another."""

    fields: tuple[Field, ...]
    matching: tuple[Matching, ...]
    ranking: Ranking
    question: QuestionRanking
    topic: TopicRanking
    digest: str

    def get_field(self, name: str) -> Field:
        """The field called `name` in Chinese or English. Raises FieldUnknown."""
        found = self.find_field(name)
        if found is None:
            raise FieldUnknown(name=name, known="、".join(f"{each.zh}({each.name})" for each in self.fields))
        return found

    def find_field(self, name: str) -> Field | None:
        folded = simplify(name.strip().lower())
        return next(
            (each for each in self.fields if folded in (each.name, each.zh, each.en.lower(), *each.names)), None
        )

    @property
    def facets(self) -> tuple[Field, ...]:
        return tuple(each for each in self.fields if each.facet)

    @property
    def defaults(self) -> tuple[Field, ...]:
        return tuple(each for each in self.fields if each.default)


def path_of(name: str) -> str:
    """A path as it is stored: gov.cn writes 市场监管\\食品药品监管 where others write 市场监管/食品药品监管."""
    return "/".join(filter(None, (step.strip() for step in _STEPS.split(name))))


@cache
def schema() -> Schema:
    table = tomllib.loads(_FILE.read_text("utf-8"))
    # What fields are called, and how a query is matched and ranked, may change without anything being indexed anew.
    fields = [{name: value for name, value in row.items() if name not in _NOT_INDEXED} for row in table["field"]]
    indexed = json.dumps(fields, ensure_ascii=False, sort_keys=True)
    return Schema(
        fields=tuple(_field(row) for row in table["field"]),
        matching=tuple(Matching(**row) for row in table["matching"]),
        ranking=Ranking(**{**table["ranking"], "ended": tuple(table["ranking"]["ended"])}),
        question=QuestionRanking(**table["question"]),
        topic=TopicRanking(**table["topic"]),
        digest=f"{FORMAT}-{hashlib.sha256(indexed.encode()).hexdigest()[:16]}",
    )


def _field(row: dict[str, Any]) -> Field:
    values = {value: tuple(names) for value, names in row.pop("values", {}).items()}
    return Field(
        **{**row, "type": FieldType(row["type"]), "names": tuple(row.get("names", ())), "values": values},
    )
