"""What a query names outright and the record does not hold: said, so that nobody takes what is near it for it, nor an
empty page for a fault."""

from __future__ import annotations

from collections.abc import Sequence

from indexer.clauses import AllOf, AnyOf, Bonus, Prefix, Term
from indexer.compiler import Compiler, standing_on
from indexer.engines.base import Reader, Row, Sort, Unit
from indexer.paging import count
from indexer.plan import Plan, SearchRequest
from indexer.schema import FieldType, schema

#: Characters of a value that are shown.
_LONGEST_SHOWN = 80


def find_missing(reader: Reader, plan: Plan, rows: Sequence[Row], shown: Sequence[Row | None]) -> str | None:
    """The note (Chinese) on the number, title or provision that is named and not held; None where it is, or none is.
    `rows` are the first hits, `shown` the passages shown of them."""
    if plan.offset or plan.after or not plan.limit:
        return None
    if plan.number:
        if any(row.score >= schema().ranking.exact_number for row in rows):
            return None
        missing = f"没有收录文号为“{plan.number}”的文件"
        return f"{missing}，以下文件提到它" if rows else missing
    if plan.full_title and not (rows and rows[0].score >= schema().ranking.near_title):
        missing = f"没有收录《{plan.full_title}》"
        return f"{missing}，以下是含有这些词的文件" if rows else missing
    return _missing_provision(reader, plan, shown) if plan.eid and plan.provision else None


def find_unheld(reader: Reader, request: SearchRequest, plan: Plan, total: int) -> str | None:
    """The note (Chinese) on a filter's value that nothing has, where nothing was found; None where each is held."""
    if total:
        return None
    for name, values in request.filters.items():
        field = schema().get_field(name)
        if field.type is not FieldType.KEYWORD or field.closed:
            continue
        held = Compiler(plan.day, schema().matching[0], []).filter(name, values)
        if values and not count(reader, AllOf((held, standing_on(plan.day))), plan.unit):
            return f"没有{field.zh}为“{_shown(values)}”的文件"
    return None


def _shown(values: Sequence[str]) -> str:
    """Half a character (a lone surrogate) can be sent but not shown."""
    return "、".join(values)[:_LONGEST_SHOWN].encode("utf-8", "replace").decode()


def _missing_provision(reader: Reader, plan: Plan, shown: Sequence[Row | None]) -> str | None:
    article = str(plan.eid).split("__")[0]
    if any(each and str(each.facts["eid"]).split("__")[0] == article for each in shown[:1]):
        return None
    named = tuple(Term("title_key", title) for title in plan.eid_titles)
    # The longest title is the one that was meant.
    scores = tuple(Bonus(clause=each, points=float(len(each.value))) for each in named)
    match = AllOf((AnyOf(named), standing_on(plan.day)))
    found = reader.find(Unit.DOCUMENT, match, scores, sort=Sort.RELEVANCE, limit=1, offset=0).rows
    if not found:
        return None
    facts = found[0].facts
    in_it = (Term("document", facts["document"]), standing_on(plan.day))
    held = count(reader, AllOf((*in_it, Prefix("eid", "art_"))), Unit.ARTICLE)
    is_there = count(reader, AllOf((*in_it, Term("eid", article))), Unit.ARTICLE)
    return None if is_there or not held else f"《{facts['title']}》没有{plan.provision}，共{held}条"
