"""A query's tree and filters into clauses: which records must match.

Words are content words, found in any default field; how many of them must occur is a row of [[matching]] in
fields.toml. What people type is never an error here: what cannot be meant is left out, and a note says so. Only
filters, which come from forms, raise.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

from indexer import clauses as c
from indexer import query as q
from indexer.analysis import Piece, content_words, fold, grams, is_set_apart, legal_terms, pairs, piece, words
from indexer.clauses import Clause, Score
from indexer.days import DateInvalid, RangeReversed, Span, make_span, parse_span
from indexer.engines.base import Unit
from indexer.records import LAST_DAY, STRETCHES
from indexer.schema import Field, FieldType, Matching, schema

#: A range over years is spelled out as its years; no gazette needs more.
_MAX_YEARS = 400
#: A token shape with more wildcards than this is read as its pieces; engines compile shapes to automata.
_MAX_WILDCARDS = 4
_YEAR = re.compile(r"(\d{4})\s?年?")
#: How many words a query may be ranked and matched by.
MAX_WORDS = 48
_HAN = re.compile(r"[〇㐀-鿿豈-﫿\U00020000-\U0003ffff]")


@lru_cache(maxsize=16)
def standing_on(day: int) -> Clause:
    """What stands for its document on the day."""
    return c.AllOf((c.Between("stood_from", high=day), c.Between("stood_to", low=day + 1)))


@lru_cache(maxsize=64)
def status_on(day: int, statuses: tuple[str, ...]) -> Clause:
    """What has one of the statuses on the day."""
    return c.AnyOf(
        tuple(
            c.AllOf((c.AnyOf(tuple(c.Term(f"status_{n}", each) for each in statuses)), *stretch_on(n, day)))
            for n in range(1, STRETCHES + 1)
        )
    )


@lru_cache(maxsize=64)
def stretch_on(number: int, day: int) -> tuple[c.Between, c.Between]:
    return c.Between(f"from_{number}", high=day), c.Between(f"to_{number}", low=day + 1)


def piece_clause(indexed: str, found: Piece) -> Clause:
    """The clause that finds a piece in an indexed field."""
    if len(found.tokens) > 1:
        return c.Sequence(indexed, found.tokens, found.open_end)
    return (c.Prefix if found.open_end else c.Term)(indexed, found.tokens[0])


class Compiler:
    """One query's tree and filters into clauses; gathers notes, what to highlight, and bonuses for named fields."""

    def __init__(self, day: int, matching: Matching, notes: list[str], great: Clause | None = None) -> None:
        self.day = day
        self.matching = matching
        self.great = great or c.Nothing()
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
            case q.Phrase(text, name, None):
                return self._phrase(text, name, wanted)
            case q.Phrase(text, name, apart):
                return self._near(text, name, int(apart or 0), wanted)
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
        """One filter: any of the values. Keywords compare whole; raises on what is no date and on an unknown status."""
        # Half a character (a lone surrogate) can be sent but not looked for.
        values = [value.encode("utf-8", "replace").decode() for value in values]
        each = schema().get_field(name)
        if not values:
            return c.Everything()
        if each.type is FieldType.DATE:
            return c.AnyOf(tuple(_days(each, parse_span(value)) for value in values))
        if each.closed:
            values = [each.get_value(value) for value in values]
        if each.name == "status":
            return status_on(self.day, tuple(values))
        if each.type is FieldType.KEYWORD:
            return c.AnyOf(tuple(c.Term(each.name, each.value(value)) for value in values))
        return c.AnyOf(tuple(self._phrase(value, each.name, True) for value in values))

    def _words(self, text: str, name: str | None, wanted: bool) -> Clause:
        if name and not schema().get_field(name).ranked:
            return self._phrase(text, name, wanted)
        rule = self.matching if wanted and not name else schema().matching[0]
        pieces, least = _matching_pieces(text, rule)
        if rule.unit and pieces:
            terms = legal_terms(text, of_documents=rule.unit == Unit.DOCUMENT)
            return self._question(pieces, least, terms)
        parts = [self._anywhere(each, name, wanted) for each in pieces]
        if not parts:
            self.notes.append(f"“{text[:20]}”中没有可检索的文字，已忽略")
            return c.Everything()
        if name:
            self._rank_field(name, text, wanted)
            return c.AllOf(tuple(parts))
        return c.AnyOf(tuple(parts), least)

    def _question(self, asked: tuple[str, ...], least: int, terms: tuple[str, ...]) -> Clause:
        """What may answer a question: enough pairs of what was asked or of what the law calls it, in title or text.
        In a whole document what the law calls it is looked for in one piece, since pairs of it stand in most of them;
        one that is called so treats it, whatever else it holds. A single pair of characters is meant as typed."""
        whole = self.matching.unit == Unit.DOCUMENT
        terms = () if whole and least < 2 else terms
        self.highlights += [*asked, *terms]
        of_terms = terms if whole else tuple(pair for term in terms for pair in pairs(term))
        wanted = filter(None, map(piece, dict.fromkeys((*asked, *of_terms))))
        parts = tuple(c.AnyOf((piece_clause("text", each), piece_clause("title", each))) for each in wanted)
        called = tuple(piece_clause("title", each) for each in map(piece, terms) if each) if whole else ()
        return c.AnyOf((c.AnyOf(parts, least), *called, c.AllOf((self.great, c.AnyOf(parts)))))

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

    def _near(self, text: str, name: str | None, apart: int, wanted: bool) -> Clause:
        """Each word near the next. What is one word, or has no words that can be placed, is a phrase."""
        fields = (schema().get_field(name),) if name else tuple(each for each in schema().defaults if each.ranked)
        chunks = text.split() if len(text.split()) > 1 else content_words(text)
        runs = [(each, found) for each in chunks[:MAX_WORDS] if (found := piece(each))]
        if len(runs) < 2 or any(each.type is not FieldType.TEXT for each in fields):
            return self._phrase(text, name, wanted)
        if any(found.open_end for _, found in runs):
            self.notes.append("单个汉字不能按邻近检索，已按同时出现检索")
            return c.AllOf(tuple(self._anywhere(each, name, wanted) for each, _ in runs))
        if wanted:
            self.highlights.extend(fold(each) for each, _ in runs)
        return c.AnyOf(
            tuple(
                c.AllOf(
                    tuple(
                        c.Close(each.name, one.tokens, len(grams(a)), other.tokens, len(grams(b)), apart)
                        for (a, one), (b, other) in pairwise(runs)
                    )
                )
                for each in fields
            )
        )

    def _anywhere(self, text: str, name: str | None, wanted: bool) -> Clause:
        """The piece of text in the field, or in any default field."""
        found = piece(text)
        if found is None:
            return c.Nothing()
        if wanted:
            self.highlights.append(fold(text).strip())
        fields = (schema().get_field(name),) if name else schema().defaults
        return c.AnyOf(tuple(piece_clause(each.pieces, found) for each in fields if each.pieces))

    def _keyword(self, each: Field, text: str) -> Clause:
        value = each.value(text.strip())
        if each.name == "year":
            year = _YEAR.fullmatch(value)
            if year is None:
                self.notes.append(f"年份“{text[:20]}”无法识别，已忽略，请写成2024")
                return c.Everything()
            value = year[1]
        if each.values and value not in each.values:
            self.notes.append(f"{each.zh}没有“{text}”这一取值")
        if each.name == "status":
            return status_on(self.day, (value,))
        whole: Clause = c.Term(each.name, value)
        found = piece(text) if each.pieces else None
        return c.AnyOf((whole, piece_clause(each.pieces, found))) if each.pieces and found else whole

    def _wildcard(self, pattern: str, name: str | None, wanted: bool) -> Clause:
        fields = (schema().get_field(name),) if name else schema().defaults
        if any(each.type is FieldType.DATE for each in fields):
            return c.AnyOf(tuple(c.Between(each.name, low=1) for each in fields))
        if all(each.type is FieldType.KEYWORD for each in fields):
            return self._keyword_shape(fields[0], pattern)
        parts = list(dict.fromkeys(part for part in re.split(r"[*?]+", fold(pattern)) if grams(part)))[:MAX_WORDS]
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
            self.notes.append(f"日期“{text}”无法识别，已忽略，请写成2024年5月1日")
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


def _matching_pieces(text: str, rule: Matching) -> tuple[tuple[str, ...], int]:
    """Content words, or for a question the pairs of characters in them, and how many must occur. Single characters
    only where there is too little else. Of words set apart by spaces no single one stands for all in a document."""
    kept = content_words(text)[:MAX_WORDS]
    longer = tuple(word for word in kept if len(word) > 1)
    chosen = longer if len(longer) >= rule.all_up_to else kept
    if rule.unit is None:
        return chosen, len(chosen) if is_set_apart(text, rule.all_up_to) else rule.least(len(chosen))
    inside = [pairs(word) for word in chosen]
    pieces = tuple(dict.fromkeys(pair for each in inside for pair in each))
    apart = rule.unit == Unit.DOCUMENT and len(text.split()) > 1
    return pieces, min(len(pieces), max(rule.least(len(pieces)), 1 + max(map(len, inside), default=0) if apart else 0))


def _days(each: Field, span: Span) -> Clause:
    """Days in the field; a field without a day is never in a range."""
    return c.Between(
        each.name,
        low=span.first.toordinal() if span.first else 1,
        high=span.last.toordinal() if span.last else LAST_DAY,
    )
