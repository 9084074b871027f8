"""Which passage of a document a hit shows: the one the query names, else the one that answers it best."""

from __future__ import annotations

from collections.abc import Sequence

from indexer.clauses import AllOf, AnyOf, Clause, Prefix, Term
from indexer.compiler import standing_on
from indexer.engines.base import Reader, Row, Sort, Unit, number_of
from indexer.plan import Plan

#: Passages read for each document of a page. One whose passages none of the first are is asked alone.
_READ = 16


def best_passages(reader: Reader, plan: Plan, rows: Sequence[Row]) -> tuple[Row | None, ...]:
    """The passage to show of each document; None where none answers."""
    found = {row.facts["document"]: _named(reader, plan, row) for row in rows} if plan.eid else {}
    if plan.passage_scores:
        wanted = [row.facts["document"] for row in rows if not found.get(row.facts["document"])]
        best = _best(reader, plan, wanted, _READ * len(wanted))
        for document in wanted:
            found[document] = best.get(document) or _best(reader, plan, [document], 1).get(document)
    return tuple(found.get(row.facts["document"]) for row in rows)


def _named(reader: Reader, plan: Plan, row: Row) -> Row | None:
    """The passage that the query names outright, where it names one of this document."""
    if not plan.eid or not set(plan.eid_titles).intersection(row.facts["title_keys"]):
        return None
    article = plan.eid.split("__")[0]
    named = AnyOf((Term("eid", article), Prefix("eid", f"{article}__")))
    match = AllOf((*_of([row.facts["document"]], plan.day), named))
    rows = reader.find(Unit.ARTICLE, match, (), sort=Sort.RELEVANCE, limit=1, offset=0).rows
    return rows[0] if rows else None


def _best(reader: Reader, plan: Plan, documents: Sequence[str], limit: int) -> dict[str, Row]:
    """The passage that answers best of each of the documents that has one among the first `limit`."""
    if not documents:
        return {}
    match = AllOf(_of(documents, plan.day))
    found = reader.find(Unit.ARTICLE, match, plan.passage_scores, sort=Sort.RELEVANCE, limit=limit, offset=0)
    best: dict[int | None, Row] = {}
    for row in found.rows:
        if row.score > 0:
            best.setdefault(row.document, row)
    return {document: best[number] for document in documents if (number := number_of(document)) in best}


def _of(documents: Sequence[str], day: int) -> tuple[Clause, ...]:
    return AnyOf(tuple(Term("document", each) for each in documents)), standing_on(day)
