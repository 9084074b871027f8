"""What people type, read as Whoosh's query language into our query tree.

    食品安全 标题:条例 "信息公开" 有效性:现行有效 日期:[2018 TO 2020] NOT 征求意见 办法*

Fields answer to their Chinese and English names, with either colon; Chinese quotation marks are quotation marks.
Nothing people type is an error: what does not balance or cannot be meant is dropped, and a note says how the query
was read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import groupby, pairwise
from typing import Any

from whoosh import query as wq
from whoosh.analysis import IDAnalyzer
from whoosh.fields import TEXT
from whoosh.fields import Schema as WhooshSchema
from whoosh.qparser import (
    EveryPlugin,
    FieldsPlugin,
    GroupPlugin,
    OperatorsPlugin,
    PhrasePlugin,
    QueryParser,
    RangePlugin,
    WhitespacePlugin,
    WildcardPlugin,
    syntax,
)

from indexer.schema import FieldType, schema
from indexer.signs import bring_into_form

_LONGEST_SHOWN = 120
_WORDS = re.compile(r"[\w\s]+")
_OPERATORS = frozenset(("AND", "OR", "NOT"))


@dataclass(frozen=True, slots=True)
class All:
    """Every document (an empty query, or *)."""


@dataclass(frozen=True, slots=True)
class Words:
    """Words as typed, not quoted. `field` None means the default fields."""

    text: str
    field: str | None = None


@dataclass(frozen=True, slots=True)
class Phrase:
    """A quoted piece of text, to be found as it stands, or by its words near each other."""

    text: str
    field: str | None = None
    #: "甲 乙"~3: its words need only stand near each other, so many characters apart at most.
    apart: int | None = None


@dataclass(frozen=True, slots=True)
class Wildcard:
    """A word with * or ? in it."""

    pattern: str
    field: str | None = None


@dataclass(frozen=True, slots=True)
class Range:
    """From one value to another, as typed; None is open."""

    field: str | None
    low: str | None
    high: str | None


@dataclass(frozen=True, slots=True)
class And:
    """Every part. Words joined by AND are parts of their own; those side by side are one part, `Words`."""

    parts: tuple[Tree, ...]

    @property
    def joins_words(self) -> bool:
        """Whether words follow words, as only AND makes them."""
        return any(_bare(one) and _bare(other) for one, other in pairwise(self.parts))


@dataclass(frozen=True, slots=True)
class Or:
    parts: tuple[Tree, ...]


@dataclass(frozen=True, slots=True)
class Not:
    part: Tree


Tree = All | Words | Phrase | Wildcard | Range | And | Or | Not


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How a query was read. `notes` (Chinese) say what was taken otherwise than typed."""

    tree: Tree
    notes: tuple[str, ...] = ()


def read_query(text: str) -> Reading:
    """Read a query; never fails."""
    notes: list[str] = []
    cleaned = bring_into_form(text, notes)
    if not cleaned:
        if text.strip() and not notes:
            notes.append("没有写要查的文字，列出全部文件")
        return Reading(tree=All(), notes=tuple(notes))
    try:
        tree = _plain(cleaned) or _Translation(notes).translate(_parser().parse(cleaned, normalize=False))
    except (wq.QueryError, RecursionError, ValueError, AttributeError, IndexError):
        # Whoosh's grammar was not made for hostile input; the words are still worth searching.
        notes.append("检索式无法解析，已按普通词语检索")
        tree = Words(re.sub(r"[^\w\s]+", " ", cleaned))
    if notes:
        from indexer.phrasing import write_query

        notes.append(f"已按“{write_query(tree)[:_LONGEST_SHOWN]}”理解")
    return Reading(tree=tree, notes=tuple(dict.fromkeys(notes)))


def _plain(text: str) -> Words | None:
    """Words without any sign of the language; what the grammar reads in them, at a tenth of its cost."""
    words = text.split()
    return Words(" ".join(words)) if _WORDS.fullmatch(text) and _OPERATORS.isdisjoint(words) else None


# --- the grammar --------------------------------------------------------------------------------------------------


class _SideBySide(wq.And):  # type: ignore[misc]
    """What stands side by side, with no operator between."""


class _Side(syntax.GroupNode):  # type: ignore[misc]
    merging = True
    qclass = _SideBySide


@cache
def _parser() -> QueryParser:
    """Whoosh's parser over our field names. Analysis comes later (`plan`), so each field takes its text whole."""
    fields = {field.name: TEXT(analyzer=IDAnalyzer()) for field in schema().fields}
    plugins = [
        WhitespacePlugin(),
        WildcardPlugin(),
        FieldsPlugin(),
        PhrasePlugin(),
        RangePlugin(),
        GroupPlugin(),
        OperatorsPlugin(AndMaybe=None, Require=None),
        EveryPlugin(),
    ]
    return QueryParser(None, WhooshSchema(**fields), plugins=plugins, group=_Side)


class _Translation:
    """Whoosh's tree into ours."""

    def __init__(self, notes: list[str]) -> None:
        self.notes = notes

    def translate(self, node: Any) -> Tree:
        for kind, rule in self._RULES.items():
            if isinstance(node, kind):
                return rule(self, node)
        return All()

    def _every(self, node: Any) -> Tree:
        return All()

    def _term(self, node: Any) -> Tree:
        return Words(str(node.text), node.fieldname or None)

    def _phrase(self, node: Any) -> Tree:
        return Phrase(" ".join(node.words), node.fieldname or None, node.slop - 2 if node.slop > 1 else None)

    def _wildcard(self, node: Any) -> Tree:
        text = f"{node.text}*" if isinstance(node, wq.Prefix) else str(node.text)
        return All() if not text.strip("*") and not node.fieldname else Wildcard(text, node.fieldname or None)

    def _range(self, node: Any) -> Tree:
        return Range(node.fieldname or None, _bound(node.start), _bound(node.end))

    def _side_by_side(self, node: Any) -> Tree:
        return _all_of(_joined(self.translate(each) for each in node.subqueries))

    def _and(self, node: Any) -> Tree:
        return _all_of(self.translate(each) for each in node.subqueries)

    def _or(self, node: Any) -> Tree:
        return _group(Or, [self.translate(each) for each in node.subqueries])

    def _not(self, node: Any) -> Tree:
        return Not(self.translate(node.query))

    def _and_not(self, node: Any) -> Tree:
        return And((self.translate(node.a), Not(self.translate(node.b))))

    _RULES: dict[Any, Callable[[_Translation, Any], Tree]] = {  # noqa: RUF012
        wq.Every: _every,
        wq.Phrase: _phrase,
        wq.Prefix: _wildcard,
        wq.Wildcard: _wildcard,
        wq.Term: _term,
        wq.TermRange: _range,
        wq.AndNot: _and_not,
        wq.Not: _not,
        _SideBySide: _side_by_side,
        wq.And: _and,
        wq.Or: _or,
    }


def _bound(value: Any) -> str | None:
    text = str(value).strip().strip("'") if value is not None else ""
    return text if text and text != "*" else None


def _group(kind: type[And] | type[Or], parts: list[Tree]) -> Tree:
    if not parts:
        return All()
    return parts[0] if len(parts) == 1 else kind(tuple(parts))


def _all_of(parts: Iterable[Tree]) -> Tree:
    """All of the parts, those of a group within the group around it."""
    flat: list[Tree] = []
    for part in parts:
        flat += part.parts if isinstance(part, And) else [part]
    return _group(And, flat)


def _joined(parts: Iterable[Tree]) -> Iterator[Tree]:
    """Words side by side are one query of several words, however they were spaced."""
    for are_words, run in groupby(parts, _bare):
        if are_words:
            yield Words(" ".join(each.text for each in run if isinstance(each, Words)))
        else:
            yield from run


def _bare(tree: Tree) -> bool:
    return isinstance(tree, Words) and tree.field is None


# The advanced form writes the same language.


def quote(text: str) -> str:
    """`text` as a phrase of the language."""
    return '"' + text.replace('"', " ").strip() + '"'


def in_field(name: str, text: str) -> str:
    """`text` in the field `name`, in the language: 标题:"食品安全". Raises FieldUnknown."""
    field = schema().get_field(name)
    return f"{field.zh}:{text if field.type is FieldType.DATE else quote(text)}"
