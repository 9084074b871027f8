"""From a request to a plan: which clauses must match, what ranks, what is counted. No engine is needed to read one.

request → reading (query) → intent → plan → the engine's own query
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from gazette.errors import BadInput
from indexer import clauses as c
from indexer import query as q
from indexer.analysis import Piece, content_words, fold, grams, piece, words
from indexer.clauses import Clause, Score
from indexer.days import DateInvalid, RangeReversed, Span, make_span, parse_span
from indexer.engines.base import Sort, Tally, Unit
from indexer.intent import Intent, find_intent
from indexer.records import LAST_DAY, STRETCHES
from indexer.schema import Field, FieldType, schema

_E = TypeVar("_E", Unit, Sort)

#: A range over years is spelled out as its years; no gazette needs more.
_MAX_YEARS = 400
#: A token shape with more wildcards than this is read as its pieces; engines compile shapes to automata.
_MAX_WILDCARDS = 4
#: How many words a query may be ranked and matched by.
_MAX_WORDS = 48
_HAN = re.compile(r"[〇㐀-鿿豈-﫿\U00020000-\U0003ffff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchRequest:
    """What someone asks. `filters` are field (Chinese or English name) → values, any of which will do.

    `as_of` None is today. `facets` None counts every facet, () none.
    """

    query: str = ""
    filters: Mapping[str, Sequence[str]] = field(default_factory=dict)
    sort: str = Sort.RELEVANCE.value
    as_of: date | None = None
    limit: int = 10
    offset: int = 0
    unit: str = Unit.DOCUMENT.value
    facets: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FacetPlan:
    """Facets counted over one and the same match; a facet's counts are the sums of its tallies.

    A facet that is filtered by is counted without its own filter, so that its other values stay choosable.
    """

    match: Clause
    tallies: tuple[tuple[str, Tally], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What the engine is asked. `passage_scores` choose a document's best passage; empty when nothing was searched
    for. `eid` is the address the query names outright. `highlights` are folded."""

    unit: Unit
    match: Clause
    scores: tuple[Score, ...]
    passage_scores: tuple[Score, ...]
    facets: tuple[FacetPlan, ...]
    sort: Sort
    limit: int
    offset: int
    day: int
    eid: str | None
    eid_title: str | None
    highlights: tuple[str, ...]
    notes: tuple[str, ...]


def make_plan(request: SearchRequest, today: date) -> Plan:
    """The plan for `request`. Raises FieldUnknown, DateInvalid, RangeReversed, BadInput."""
    unit, sort = _choice(Unit, request.unit, "unit"), _choice(Sort, request.sort, "sort")
    if request.limit < 0 or request.offset < 0:
        raise BadInput(why="limit 与 offset 不能为负数")
    day = (request.as_of or today).toordinal()
    reading = q.read_query(request.query)
    compiler = _Compiler(day, list(reading.notes))
    free = _free_text(reading.tree)
    intent = find_intent(free) if free else Intent()
    pins = _pins(intent, unit)
    asked = compiler.compile(reading.tree)
    if pins and _is_bare(reading.tree):
        asked = c.AnyOf((asked, *(pin.clause for pin in pins)))
    filters = {schema().get_field(name).name: compiler.filter(name, values) for name, values in request.filters.items()}
    base = (standing_on(day), asked)
    match = c.AllOf((*base, *filters.values()))
    terms = tuple(dict.fromkeys(compiler.highlights))
    ranked = _ranking(free, unit) if free else ()
    in_text = _in_text((*ranked, *compiler.bonuses))
    return Plan(
        unit=unit,
        match=match,
        scores=(*ranked, *compiler.bonuses, *pins, _standing_bonus(day)),
        passage_scores=in_text,
        facets=tuple(_facets(match, base, filters, _facet_fields(request.facets), day)),
        # Where nothing was searched for nothing is relevant; the newest is what people look for.
        sort=Sort.DATE if isinstance(reading.tree, q.All) else sort,
        limit=request.limit,
        offset=request.offset,
        day=day,
        eid=intent.eid,
        eid_title=intent.provision_title,
        highlights=terms,
        notes=tuple(dict.fromkeys(compiler.notes)),
    )


def standing_on(day: int) -> Clause:
    """What stands for its document on the day."""
    return c.AllOf((c.Between("stood_from", high=day), c.Between("stood_to", low=day + 1)))


def status_on(day: int, statuses: Sequence[str]) -> Clause:
    """What has one of the statuses on the day."""
    return c.AnyOf(
        tuple(
            c.AllOf((c.AnyOf(tuple(c.Term(f"status_{n}", each) for each in statuses)), *_stretch_on(n, day)))
            for n in range(1, STRETCHES + 1)
        )
    )


def _stretch_on(number: int, day: int) -> tuple[c.Between, c.Between]:
    return c.Between(f"from_{number}", high=day), c.Between(f"to_{number}", low=day + 1)


def _choice(kind: type[_E], value: str, name: str) -> _E:
    try:
        return kind(value)
    except ValueError:
        raise BadInput(why=f"{name}={value}，可用的有：{'、'.join(each.value for each in kind)}") from None


def _facet_fields(names: tuple[str, ...] | None) -> tuple[Field, ...]:
    if names is None:
        return schema().facets
    fields = tuple(schema().get_field(name) for name in names)
    if wrong := [each.name for each in fields if not each.facet]:
        raise BadInput(why=f"不能按{'、'.join(wrong)}统计")
    return fields


def _facets(
    match: Clause, base: tuple[Clause, ...], filters: Mapping[str, Clause], fields: tuple[Field, ...], day: int
) -> Iterator[FacetPlan]:
    if free := [each for each in fields if each.name not in filters]:
        yield FacetPlan(match=match, tallies=tuple(tally for each in free for tally in _tallies(each, day)))
    for each in fields:
        if each.name in filters:
            others = c.AllOf((*base, *(clause for name, clause in filters.items() if name != each.name)))
            yield FacetPlan(match=others, tallies=tuple(_tallies(each, day)))


def _tallies(each: Field, day: int) -> Iterator[tuple[str, Tally]]:
    if each.name != "status":
        yield each.name, Tally(field=each.name)
        return
    for number in range(1, STRETCHES + 1):
        yield each.name, Tally(field=f"status_{number}", within=_stretch_on(number, day))


# --- ranking ------------------------------------------------------------------------------------------------------


def _free_text(tree: q.Tree) -> str:
    """What was asked without naming a field: the part of a query that may name a title or number."""
    match tree:
        case q.Words(text, None) | q.Phrase(text, None):
            return text
        case q.And(parts):
            return " ".join(filter(None, map(_free_text, parts)))
        case _:
            return ""


def _is_bare(tree: q.Tree) -> bool:
    """Whether the query is nothing but free text; only then may a naming widen what matches."""
    match tree:
        case q.Words(_, None) | q.Phrase(_, None):
            return True
        case q.And(parts):
            return all(map(_is_bare, parts))
        case _:
            return False


def _pins(intent: Intent, unit: Unit) -> tuple[c.Bonus, ...]:
    """What the query names outright stands on top."""
    points = schema().ranking
    pins: list[c.Bonus] = []
    if intent.exact_title:
        pins.append(c.Bonus(clause=c.Term("title_key", intent.exact_title), points=points.exact_title))
    if intent.same_title:
        pins.append(c.Bonus(clause=c.Term("title_key", intent.same_title), points=points.same_title))
    if intent.number and (number := piece(intent.number)):
        pins.append(c.Bonus(clause=_sequence("doc_number", number), points=points.exact_number))
    if intent.provision_title:
        named: Clause = c.Term("title_key", intent.provision_title)
        if unit is Unit.ARTICLE and intent.eid:
            article = intent.eid.split("__")[0]
            named = c.AllOf((named, c.AnyOf((c.Term("eid", intent.eid), c.Term("eid", article)))))
        pins.append(c.Bonus(clause=named, points=points.provision))
    return tuple(pins)


def _ranking(free: str, unit: Unit) -> tuple[Score, ...]:
    """BM25 over dictionary words, and a bonus where a chunk stands in one piece."""
    kept = content_words(free)[:_MAX_WORDS]
    finer = tuple(word for word in words(" ".join(kept)) if len(word) > 1)
    ranking_words = tuple(dict.fromkeys((*kept, *finer)))
    scores: list[Score] = [
        c.Words(field=each.ranked, words=ranking_words, boost=each.words_boost)
        for each in schema().fields
        if each.ranked
    ]
    for chunk in dict.fromkeys(free.split()[:_MAX_WORDS]):
        found = piece(chunk)
        if found is None:
            continue
        scores += [
            c.Bonus(clause=_sequence(each.pieces, found), points=each.piece_boost)
            for each in schema().defaults
            if each.pieces
        ]
    return tuple(scores)


def _standing_bonus(day: int) -> c.Bonus:
    ranking = schema().ranking
    return c.Bonus(clause=c.Without(status_on(day, ranking.ended)), points=ranking.standing)


def _in_text(scores: tuple[Score, ...]) -> tuple[Score, ...]:
    """The scores that look at the text itself: what chooses the passage to show. A single character (a prefix)
    chooses only where nothing else does."""
    looking = tuple(each for each in scores if _field_of(each) in ("text", "text_words"))
    pieces = tuple(each for each in looking if isinstance(each, c.Bonus))
    characters = tuple(each for each in pieces if isinstance(each.clause, c.Prefix))
    return looking if pieces == characters else tuple(each for each in looking if each not in characters)


def _field_of(score: Score) -> str | None:
    """The field a score looks at; None where it is no single one."""
    return score.field if isinstance(score, c.Words) else getattr(score.clause, "field", None)


def _sequence(indexed: str, found: Piece) -> Clause:
    """The clause that finds a piece in an indexed field."""
    if len(found.tokens) > 1:
        return c.Sequence(indexed, found.tokens, found.open_end)
    return (c.Prefix if found.open_end else c.Term)(indexed, found.tokens[0])


# --- matching -----------------------------------------------------------------------------------------------------


class _Compiler:
    """One query's tree and filters into clauses; gathers notes, what to highlight, and bonuses for named fields."""

    def __init__(self, day: int, notes: list[str]) -> None:
        self.day = day
        self.notes = notes
        self.highlights: list[str] = []
        self.bonuses: list[Score] = []

    def compile(self, tree: q.Tree, *, wanted: bool = True) -> Clause:
        """`wanted` is False under NOT: what must not occur is neither highlighted nor ranked."""
        match tree:
            case q.All():
                return c.Everything()
            case q.Words(text, name):
                return self._words(text, name, wanted)
            case q.Phrase(text, name):
                return self._phrase(text, name, wanted)
            case q.Wildcard(pattern, name):
                return self._wildcard(pattern, name, wanted)
            case q.Range():
                return self._range(tree)
            case q.And(parts):
                return c.AllOf(tuple(self.compile(part, wanted=wanted) for part in parts))
            case q.Or(parts):
                return c.AnyOf(tuple(self.compile(part, wanted=wanted) for part in parts))
            case q.Not(part):
                return c.Without(self.compile(part, wanted=not wanted))

    def filter(self, name: str, values: Sequence[str]) -> Clause:
        """One filter: any of the values. Keywords compare whole; dates raise on what is no date."""
        each = schema().get_field(name)
        if not values:
            return c.Everything()
        if each.type is FieldType.DATE:
            return c.AnyOf(tuple(_days(each, parse_span(value)) for value in values))
        if each.name == "status":
            return status_on(self.day, tuple(each.value(value) for value in values))
        if each.type is FieldType.KEYWORD:
            return c.AnyOf(tuple(c.Term(each.name, each.value(value)) for value in values))
        return c.AnyOf(tuple(self._phrase(value, each.name, True) for value in values))

    def _words(self, text: str, name: str | None, wanted: bool) -> Clause:
        if name and not schema().get_field(name).ranked:
            return self._phrase(text, name, wanted)
        parts = [self._anywhere(word, name, wanted) for word in _matching_words(text)]
        if not parts:
            self.notes.append(f"“{text[:20]}”中没有可检索的文字，已忽略")
            return c.Everything()
        if name:
            self._rank_field(name, text, wanted)
            return c.AllOf(tuple(parts))
        rule = schema().matching
        least = len(parts) if len(parts) <= rule.all_up_to else max(rule.all_up_to, math.ceil(rule.share * len(parts)))
        return c.AnyOf(tuple(parts), least)

    def _rank_field(self, name: str, text: str, wanted: bool) -> None:
        each = schema().get_field(name)
        if wanted and each.ranked:
            self.bonuses.append(
                c.Words(field=each.ranked, words=tuple(dict.fromkeys(words(text))), boost=each.words_boost)
            )

    def _phrase(self, text: str, name: str | None, wanted: bool) -> Clause:
        each = schema().get_field(name) if name else None
        if each and each.type is FieldType.DATE:
            return self._lenient_days(each, text, text, text)
        if each and each.type is FieldType.KEYWORD:
            return self._keyword(each, text)
        if piece(text) is None:
            self.notes.append(f"“{text[:20]}”中没有可检索的文字，已忽略")
            return c.Everything()
        if name:
            self._rank_field(name, text, wanted)
        return self._anywhere(text, name, wanted)

    def _anywhere(self, text: str, name: str | None, wanted: bool) -> Clause:
        """The piece of text in the field, or in any default field."""
        found = piece(text)
        if found is None:
            return c.Nothing()
        if wanted:
            self.highlights.append(fold(text).strip())
        fields = (schema().get_field(name),) if name else schema().defaults
        return c.AnyOf(tuple(_sequence(each.pieces, found) for each in fields if each.pieces))

    def _keyword(self, each: Field, text: str) -> Clause:
        value = each.value(text.strip())
        if each.values and value not in each.values:
            self.notes.append(f"{each.zh}没有“{text}”这一取值")
        if each.name == "status":
            return status_on(self.day, (value,))
        whole: Clause = c.Term(each.name, value)
        found = piece(text) if each.pieces else None
        return c.AnyOf((whole, _sequence(each.pieces, found))) if each.pieces and found else whole

    def _wildcard(self, pattern: str, name: str | None, wanted: bool) -> Clause:
        fields = (schema().get_field(name),) if name else schema().defaults
        if any(each.type is FieldType.DATE for each in fields):
            return c.AnyOf(tuple(c.Between(each.name, low=1) for each in fields))
        if all(each.type is FieldType.KEYWORD for each in fields):
            return self._keyword_shape(fields[0], pattern)
        parts = [part for part in re.split(r"[*?]+", fold(pattern)) if grams(part)]
        shape = fold(pattern)
        if not parts and name:
            return c.AnyOf(tuple(c.Prefix(each.pieces, "") for each in fields if each.pieces))
        if not parts:
            return c.Everything()
        plain = re.fullmatch(r"[\w*?]+", shape) and not _HAN.search(shape)
        if plain and len(re.findall(r"[*?]+", shape)) <= _MAX_WILDCARDS:
            return c.AnyOf(tuple(c.Glob(each.pieces, re.sub(r"\*+", "*", shape)) for each in fields if each.pieces))
        if len(parts) > 1 or "?" in shape:
            self.notes.append(f"通配符“{pattern[:20]}”按各段文字同时出现检索")
        return c.AllOf(tuple(self._anywhere(part, name, wanted) for part in parts))

    def _keyword_shape(self, each: Field, pattern: str) -> Clause:
        shape = re.sub(r"\*+", "*", pattern)
        if len(re.findall(r"[*?]", shape)) > _MAX_WILDCARDS:
            self.notes.append(f"通配符“{pattern[:20]}”过多，已忽略")
            return c.Everything()
        if each.name == "status":
            return c.Everything()
        return c.Glob(each.name, shape)

    def _range(self, tree: q.Range) -> Clause:
        each = schema().get_field(tree.field) if tree.field else None
        low, high = tree.low, tree.high
        if each is None or (each.type is not FieldType.DATE and each.name != "year"):
            self.notes.append("只有日期和年份可以写区间，已按普通词语检索")
            return self._words(" ".join(filter(None, (low, high))), None, True)
        if each.name == "year":
            return self._years(low, high)
        return self._lenient_days(each, low, high, f"{low or ''} TO {high or ''}")

    def _lenient_days(self, each: Field, low: str | None, high: str | None, text: str) -> Clause:
        """In a typed query a date that is none is left out and said so; a reversed range is turned."""
        try:
            return _days(each, parse_span(text) if low == high == text else make_span(low, high, text))
        except DateInvalid:
            self.notes.append(f"日期“{text}”无法识别，已忽略，请写成2024-05-01")
            return c.Everything()
        except RangeReversed:
            self.notes.append(f"日期“{text}”起止颠倒，已对调")
            return _days(each, make_span(high, low, text))

    def _years(self, low: str | None, high: str | None) -> Clause:
        bounds = [int(each) if each and each.isdecimal() else None for each in (low, high)]
        first, last = bounds[0] or 1800, bounds[1] or 2200
        first, last = min(first, last), max(first, last)
        years = range(first, min(last, first + _MAX_YEARS) + 1)
        return c.AnyOf(tuple(c.Term("year", f"{year:04d}") for year in years))


def _matching_words(text: str) -> tuple[str, ...]:
    """Content words; single characters only where there is too little else to go by."""
    kept = content_words(text)[:_MAX_WORDS]
    longer = tuple(word for word in kept if len(word) > 1)
    return longer if len(longer) >= schema().matching.all_up_to else kept


def _days(each: Field, span: Span) -> Clause:
    """Days in the field; a field without a day is never in a range."""
    return c.Between(
        each.name,
        low=span.first.toordinal() if span.first else 1,
        high=span.last.toordinal() if span.last else LAST_DAY,
    )
