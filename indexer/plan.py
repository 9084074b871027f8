"""From a request to a plan: which clauses must match, what ranks, what is counted. No engine is needed to read one.

request → reading (query) → intent, clauses (compiler) → plan → the engine's own query

What is put as a question or a topic has one plan. Any other request has two: the query as typed, and where that finds
nothing the same as a question. Filters have no say in which it is, so that adding one never widens what is found.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import TypeVar

from gazette.errors import BadInput
from indexer import clauses as c
from indexer import query as q
from indexer.analysis import Piece, content_words, is_question, is_told, piece, says_nothing
from indexer.authority import Weights
from indexer.clauses import Clause, Score
from indexer.compiler import MAX_WORDS, Compiler, piece_clause, standing_on, status_on, stretch_on
from indexer.cursors import Cursor, digest, parse_cursor
from indexer.engines.base import Sort, Tally, Unit
from indexer.guide import guide, guide_to_laws
from indexer.intent import Intent, find_intent, numbers_in
from indexer.questions import is_asked, is_topic, pairs_of, rank_answers, rank_documents, with_inner
from indexer.records import STRETCHES
from indexer.schema import Field, Matching, schema

#: A name of fewer characters is an ordinary word; a longer one than the other is no title.
_SHORTEST_SLIP, _LONGEST_SLIP = 3, 120
_HAS_DIGITS = re.compile(r"[\d〇一二三四五六七八九十百]")

_E = TypeVar("_E", Unit, Sort)


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchRequest:
    """What someone asks. `filters` are field (Chinese or English name) → values, any of which will do.

    `as_of` None is today. `facets` None counts every facet, () none. With `relax` off a query that finds nothing as
    typed finds nothing: for who waits for something to appear. `after` is the `next` of the page before, in place of
    an offset.
    """

    query: str = ""
    filters: Mapping[str, Sequence[str]] = field(default_factory=dict)
    sort: str = Sort.RELEVANCE.value
    as_of: date | None = None
    limit: int = 10
    offset: int = 0
    unit: str = Unit.DOCUMENT.value
    facets: tuple[str, ...] | None = None
    relax: bool = True
    after: str | None = None


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
    for. `asked` is the match without filters. `after` is where the page before ended, and `digest` what its cursor
    must be of. `eid` is the address the query names outright, in a text of one of `eid_titles`, and
    `provision` how it was written; `number` is the document number it names, `full_title` the title it calls one.
    `highlights` are folded."""

    unit: Unit
    match: Clause
    asked: Clause
    scores: tuple[Score, ...]
    passage_scores: tuple[Score, ...] = ()
    facets: tuple[FacetPlan, ...] = ()
    sort: Sort = Sort.RELEVANCE
    limit: int
    offset: int = 0
    after: Cursor | None = None
    digest: str = ""
    day: int
    eid: str | None = None
    eid_titles: tuple[str, ...] = ()
    provision: str | None = None
    number: str | None = None
    full_title: str | None = None
    highlights: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def iter_plans(request: SearchRequest, today: date, weights: Weights | None = None) -> Iterator[Plan]:
    """The plans for `request`, the later asking less of its words. What answers a question is also ranked by the
    weight of its law.

    Raises FieldUnknown, ValueUnknown, DateInvalid, RangeReversed, CursorInvalid, BadInput.
    """
    reading = q.read_query(request.query)
    before: Clause | None = None
    free = _free_text(reading.tree)
    asks = (
        _is_bare(reading.tree)
        and bool(free)
        and request.relax
        and (is_asked if request.unit == Unit.ARTICLE else is_topic)(free)
    )
    typed, *freely = schema().matching
    # A number is held or is not; what is like it is no answer.
    relaxes = request.relax and not (free and find_intent(free).number)
    answering = [each for each in freely if relaxes and each.unit == request.unit]
    for matching in answering if asks else [typed, *answering]:
        plan = _make_plan(request, reading, matching, today, weights or Weights(), asks=asks)
        if plan.asked != before:
            yield plan
        before = plan.asked


def _make_plan(
    request: SearchRequest,
    reading: q.Reading,
    matching: Matching,
    today: date,
    weights: Weights,
    *,
    asks: bool,
) -> Plan:
    unit, sort = _choice(Unit, request.unit, "unit"), _choice(Sort, request.sort, "sort")
    if request.limit < 0 or request.offset < 0:
        raise BadInput(why="limit 与 offset 不能为负数")
    day = (request.as_of or today).toordinal()
    free = _free_text(reading.tree)
    answers = bool(free) and matching.unit is not None
    of_articles = answers and unit is Unit.ARTICLE
    compiler = Compiler(day, matching, list(reading.notes), weights.great if of_articles else None)
    intent = find_intent(free) if free else Intent()
    pins = _pins(intent, unit, "" if of_articles else request.query)
    led_to = guide(free) if answers else ()
    if of_articles:
        pins = (*pins, *led_to)
    elif answers and (is_told(free) or not asks):
        # What people complain of is answered by a law; a topic is looked for under its name. What no document says in
        # the words typed leads to a law where the guide has every one of them.
        pins = (*pins, *guide_to_laws(free, of_every_word=not asks))
    searched = compiler.compile(_numbers_whole(reading.tree))
    if pins and _is_bare(reading.tree):
        searched = c.AnyOf((searched, *(pin.clause for pin in pins)))
    asked = c.AllOf((standing_on(day), searched))
    filters = {schema().get_field(name).name: compiler.filter(name, values) for name, values in request.filters.items()}
    match = c.AllOf((asked, *filters.values())) if filters else asked
    ranked = (*_rank(free, unit, answers=answers), *compiler.bonuses)
    # A topic is looked for where it is treated; only a question put in words is one for the great laws.
    of_laws = weights.bonuses if of_articles or (answers and is_question(free)) else ()
    looked_for = (*rank_answers(free), *compiler.bonuses) if answers else ranked
    asked_digest = digest(request.query, sorted(request.filters.items()), sort, unit, request.as_of, request.relax)
    if free and says_nothing(free):
        compiler.notes.append("检索词都是过于常见的字词，请写要办的事或文件名称")
    return Plan(
        unit=unit,
        match=match,
        asked=asked,
        scores=(*ranked, *pins, *of_laws, standing_bonus(day)),
        passage_scores=(*_in_text(looked_for), *led_to),
        facets=tuple(_facets(match, asked, filters, _facet_fields(request.facets), day)),
        # Where nothing was searched for nothing is relevant; the newest is what people look for.
        sort=Sort.DATE if sort is Sort.RELEVANCE and not (ranked or pins) else sort,
        limit=request.limit,
        offset=request.offset,
        after=parse_cursor(request.after, asked_digest) if request.after else None,
        digest=asked_digest,
        day=day,
        eid=intent.eid,
        eid_titles=intent.provision_titles,
        provision=intent.provision,
        number=intent.number,
        # 《》 are no part of the free text.
        full_title=find_intent(request.query).full_title if free else None,
        highlights=tuple(dict.fromkeys(compiler.highlights)),
        notes=tuple(dict.fromkeys(filter(None, (*compiler.notes, matching.note)))),
    )


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
    match: Clause, asked: Clause, filters: Mapping[str, Clause], fields: tuple[Field, ...], day: int
) -> Iterator[FacetPlan]:
    if free := [each for each in fields if each.name not in filters]:
        yield FacetPlan(match=match, tallies=tuple(tally for each in free for tally in _tallies(each, day)))
    for each in fields:
        if each.name in filters:
            others = c.AllOf((asked, *(clause for name, clause in filters.items() if name != each.name)))
            yield FacetPlan(match=others, tallies=tuple(_tallies(each, day)))


def _tallies(each: Field, day: int) -> Iterator[tuple[str, Tally]]:
    if each.name != "status":
        yield each.name, Tally(field=each.name)
        return
    for number in range(1, STRETCHES + 1):
        yield each.name, Tally(field=f"status_{number}", within=stretch_on(number, day))


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


def _numbers_whole(tree: q.Tree) -> q.Tree:
    """The tree with each document number among few words as a phrase, or as any of the names it is listed by."""
    match tree:
        case q.Words(text, None) if _HAS_DIGITS.search(text):
            names, rest = numbers_in(text)
            if not names or len(content_words(rest)) > schema().matching[0].all_up_to:
                return tree
            number = q.Or(tuple(map(q.Phrase, names)))
            return q.And((q.Words(rest), number)) if rest else number
        case q.And(parts):
            return q.And(tuple(map(_numbers_whole, parts)))
        case _:
            return tree


def _is_bare(tree: q.Tree) -> bool:
    """Whether the query is nothing but free text; only then may a naming widen what matches, or a question be asked."""
    match tree:
        case q.Words(_, None) | q.Phrase(_, None, None):
            return True
        case q.And(parts):
            return not tree.joins_words and all(map(_is_bare, parts))
        case _:
            return False


def _pins(intent: Intent, unit: Unit, typed: str) -> tuple[c.Bonus, ...]:
    """What the query names outright stands on top."""
    points = schema().ranking
    pins: list[c.Bonus] = []
    if intent.exact_title:
        pins.append(c.Bonus(clause=c.Term("title_key", intent.exact_title), points=points.exact_title))
    if intent.same_title:
        pins.append(c.Bonus(clause=c.Term("title_key", intent.same_title), points=points.same_title))
    if intent.bare_title:
        pins.append(c.Bonus(clause=c.Term("title_key", intent.bare_title), points=points.near_title))
    if intent.number and (names := tuple(filter(None, map(piece, numbers_in(intent.number)[0])))):
        named = c.AnyOf(tuple(piece_clause("doc_number", each) for each in names))
        pins.append(c.Bonus(clause=named, points=points.exact_number))
    for title in intent.provision_titles:
        of_title: Clause = c.Term("title_key", title)
        if unit is Unit.ARTICLE and intent.eid:
            article = intent.eid.split("__")[0]
            of_title = c.AllOf((of_title, c.AnyOf((c.Term("eid", intent.eid), c.Term("eid", article)))))
        # The longest title is the one that was meant.
        pins.append(c.Bonus(clause=of_title, points=points.provision * (1 + len(title) / 100)))
    if len(typed.split()) == 1:
        for key in dict.fromkeys(filter(None, (intent.exact_title, intent.same_title))):
            if _SHORTEST_SLIP <= len(key) <= _LONGEST_SLIP:
                pins.append(c.Bonus(clause=c.Near("title_key", key), points=points.near_title))
    return tuple(pins)


def _rank(free: str, unit: Unit, *, answers: bool) -> tuple[Score, ...]:
    """What ranks by the free text of a query."""
    if not free:
        return ()
    if not answers:
        return (*_rank_words(free), *_rank_pieces(free))
    return rank_answers(free) if unit is Unit.ARTICLE else (*rank_documents(free), *_rank_pieces(free))


def _rank_words(free: str) -> Iterator[Score]:
    """BM25 over dictionary words with those inside them."""
    kept = with_inner(content_words(free)[:MAX_WORDS])
    for each in schema().fields:
        if each.ranked and kept:
            yield c.Words(field=each.ranked, words=kept, boost=each.words_boost)


def _rank_pieces(free: str) -> Iterator[Score]:
    """A bonus where a chunk stands in one piece. A last character on its own, as in 解释（一）, is left out of it:
    finding it means trying every token that begins so, at ten times the cost."""
    for chunk in dict.fromkeys(free.split()[:MAX_WORDS]):
        found = piece(chunk)
        if found is None:
            continue
        if found.open_end and len(found.tokens) > 1:
            found = Piece(tokens=found.tokens[:-1])
        for each in schema().defaults:
            if each.pieces:
                yield c.Bonus(clause=piece_clause(each.pieces, found), points=each.piece_boost)


@lru_cache(maxsize=16)
def standing_bonus(day: int) -> c.Bonus:
    ranking = schema().ranking
    return c.Bonus(clause=c.Without(status_on(day, ranking.ended)), points=ranking.standing)


def _in_text(scores: tuple[Score, ...]) -> tuple[Score, ...]:
    """The scores that look at the text itself: what chooses the passage to show. Words are looked for by their pairs,
    since a passage has the words of its title too. A single character (a prefix) chooses only where nothing else
    does."""
    looking = tuple(_by_pairs(each) for each in scores if _field_of(each) in ("text", "text_words"))
    pieces = tuple(each for each in looking if isinstance(each, c.Bonus))
    characters = tuple(each for each in pieces if isinstance(each.clause, c.Prefix))
    return looking if pieces == characters else tuple(each for each in looking if each not in characters)


def _by_pairs(score: Score) -> Score:
    if isinstance(score, c.Words) and score.field == "text_words":
        return c.Words(field="text", words=pairs_of(" ".join(score.words)), boost=score.boost)
    return score


def _field_of(score: Score) -> str | None:
    """The field a score looks at; None where it is no single one."""
    return score.field if isinstance(score, c.Words) else getattr(score.clause, "field", None)
