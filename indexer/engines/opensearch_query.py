"""Clauses and scores as OpenSearch is asked for them (its query DSL)."""

from __future__ import annotations

from collections.abc import Sequence as Several
from typing import Any

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
)

#: Tokens that the beginning of a token may stand for; far more than there are characters to follow one.
_MAX_ENDINGS = 100_000


def score_of(score: Score) -> dict[str, Any]:
    if isinstance(score, Bonus):
        return {"constant_score": {"filter": query_of(score.clause), "boost": score.points}}
    terms = [{"term": {score.field: {"value": word}}} for word in score.words]
    return {"bool": {"should": terms, "boost": score.boost}}


def query_of(clause: Clause) -> dict[str, Any]:
    match clause:
        case Everything():
            return {"match_all": {}}
        case Nothing():
            return {"match_none": {}}
        case Term(field, value):
            return {"term": {field: {"value": value}}}
        case Prefix(field, start):
            return {"prefix": {field: {"value": start}}}
        case Sequence(field, tokens, open_end):
            text = {"query": " ".join(tokens)}
            return (
                {"match_phrase_prefix": {field: {**text, "max_expansions": _MAX_ENDINGS}}}
                if open_end
                else {"match_phrase": {field: text}}
            )
        case Close():
            one, other = (clause.one, clause.one_places), (clause.other, clause.other_places)
            ways = [_followed(*one, clause.other, clause.apart), _followed(*other, clause.one, clause.apart)]
            return {"intervals": {clause.field: {"any_of": {"intervals": ways}}}}
        case Glob(field, pattern):
            return {"wildcard": {field: {"value": pattern.replace("\\", "\\\\")}}}
        case Near(field, value):
            near = {"value": value, "fuzziness": 1, "transpositions": True, "rewrite": "constant_score"}
            return {"fuzzy": {field: near}}
        case Between(field, low, high):
            return {"range": {field: {end: bound for end, bound in (("gte", low), ("lte", high)) if bound is not None}}}
        case AllOf(parts):
            return {"bool": {"filter": [query_of(part) for part in parts]}} if parts else {"match_all": {}}
        case AnyOf(parts, at_least):
            return _any(parts, at_least)
        case Without(part):
            return {"bool": {"must_not": [query_of(part)]}}


def _followed(first: Several[str], places: int, second: Several[str], apart: int) -> dict[str, Any]:
    """`second` after `first`. A run that ends in a pair of characters leaves one position of its own uncovered;
    what begins in it would be a text that shares a character with it."""
    runs = [{"match": {"query": " ".join(each), "mode": "ordered", "max_gaps": 0}} for each in (first, second)]
    inside = places - len(first)
    found: dict[str, Any] = {"mode": "ordered", "max_gaps": apart + inside, "intervals": runs}
    if inside:
        shared = {"all_of": {"mode": "ordered", "max_gaps": inside - 1, "intervals": runs}}
        found["filter"] = {"not_containing": shared}
    return {"all_of": found}


def _any(parts: tuple[Clause, ...], at_least: int) -> dict[str, Any]:
    if at_least <= 0:
        return {"match_all": {}}
    if len(parts) < at_least:
        return {"match_none": {}}
    terms = [part for part in parts if isinstance(part, Term)]
    if at_least == 1 and len(terms) == len(parts) and len({term.field for term in terms}) == 1:
        # A cluster bounds the number of clauses, not of values.
        return {"terms": {terms[0].field: [term.value for term in terms]}}
    return {"bool": {"should": [query_of(part) for part in parts], "minimum_should_match": at_least}}
