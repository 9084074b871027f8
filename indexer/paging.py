"""One page of a plan's hits: by offset or after a cursor, and the cursor of the page after it.

Among the first hits no ended text stands before the one in force of the same title, unless it was asked for by its
number; how many are looked at is `window` in fields.toml.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from indexer.clauses import AllOf, Between, Clause
from indexer.cursors import Cursor
from indexer.engines.base import Reader, Row, Sort, Unit
from indexer.plan import Plan
from indexer.schema import schema

#: How far around its place the last hit shown is looked for when the index has changed.
_REACH = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """`total` is exact and of all pages; `next` is None on the last one."""

    total: int
    rows: tuple[Row, ...]
    next: Cursor | None = None


def count(reader: Reader, clause: Clause, unit: Unit) -> int:
    return reader.find(unit, clause, (), sort=Sort.RELEVANCE, limit=0, offset=0).total


def find_page(reader: Reader, plan: Plan) -> Page:
    """The page asked for; empty beyond the last hit."""
    if not plan.limit:
        return Page(total=count(reader, plan.match, plan.unit), rows=())
    return _by_score(reader, plan) if plan.sort.order is None else _in_order(reader, plan, plan.sort.order)


def iter_rows(reader: Reader, plan: Plan) -> Iterator[Row]:
    """Every row of the plan, as the pages have them one after the other."""
    rows = reader.scan(plan.unit, plan.match, plan.scores, sort=plan.sort)
    if plan.sort.order is None:
        window = schema().ranking.window
        yield from _standing_first(tuple(islice(rows, window)), plan, range(window))
    yield from rows


def status_of(row: Row, day: int) -> str:
    """The status of the record on the day."""
    return next((status for status, start, end in row.facts["stretches"] if start <= day < end), "unknown")


def _in_order(reader: Reader, plan: Plan, order: str) -> Page:
    """What comes after the cursor's number is a range of it, so that depth costs nothing."""
    after = plan.after
    start = after.ties if after else plan.offset
    rest = AllOf((plan.match, Between(order, high=after.order))) if after else plan.match
    found = reader.find(plan.unit, rest, (), sort=plan.sort, limit=plan.limit + 1, offset=start)
    rows = found.rows[: plan.limit]
    total = count(reader, plan.match, plan.unit) if after else found.total
    if len(found.rows) <= plan.limit:
        return Page(total=total, rows=rows)
    last = rows[-1].order
    ties = sum(row.order == last for row in rows)
    if ties == len(rows):
        # The rows before this page may have had the same number.
        ties += after.ties if after and after.order == last else _ties_before(reader, plan, order, last)
    seen = (after.seen if after else plan.offset) + len(rows)
    return Page(total=total, rows=rows, next=_cursor(plan, seen, rows[-1], ties))


def _ties_before(reader: Reader, plan: Plan, order: str, number: int | None) -> int:
    """How many rows before the page asked for by offset had this number."""
    if plan.after or not plan.offset:
        return 0
    greater = count(reader, AllOf((plan.match, Between(order, low=(number or 0) + 1))), plan.unit)
    return max(0, plan.offset - greater)


def _by_score(reader: Reader, plan: Plan) -> Page:
    seen = _place_after(reader, plan, plan.after) if plan.after else plan.offset
    total, rows = _scored(reader, plan, seen, plan.limit)
    after = seen + len(rows)
    more = bool(rows) and after < total
    return Page(total=total, rows=rows, next=_cursor(plan, after, rows[-1], 0) if more else None)


def _place_after(reader: Reader, plan: Plan, after: Cursor) -> int:
    """Where the hit after the last one shown stands now."""
    _, before = _scored(reader, plan, after.seen - 1, 1) if after.seen else (0, ())
    if not before or _identity(before[0]) == after.last:
        return after.seen
    start = max(0, after.seen - _REACH)
    _, around = _scored(reader, plan, start, 2 * _REACH)
    found = next((place for place, row in enumerate(around) if _identity(row) == after.last), None)
    return after.seen if found is None else start + found + 1


def _scored(reader: Reader, plan: Plan, offset: int, limit: int) -> tuple[int, tuple[Row, ...]]:
    """The total, and the rows from `offset` on by score."""
    window = schema().ranking.window
    if offset >= window:
        found = reader.find(plan.unit, plan.match, plan.scores, sort=plan.sort, limit=limit, offset=offset)
        return found.total, found.rows
    reach = max(window, offset + limit)
    found = reader.find(plan.unit, plan.match, plan.scores, sort=plan.sort, limit=reach, offset=0)
    rows = _standing_first(found.rows[:window], plan, range(offset, offset + limit)) + found.rows[window:]
    return found.total, rows[offset : offset + limit]


def _standing_first(rows: tuple[Row, ...], plan: Plan, shown: range) -> tuple[Row, ...]:
    """Rows of one title share the places they hold; those that have ended take the last of them. Of articles only
    the first has to be of the one in force: the others are different provisions, each in its place. Which have ended
    is read of titles only that have a place among the `shown`, and of no more articles than it takes."""
    places: dict[int | None, list[int]] = {}
    for place, row in enumerate(rows):
        places.setdefault(row.title, []).append(place)
    ordered = list(rows)
    for group in (each for each in places.values() if len(each) > 1 and any(place in shown for place in each)):
        same_title = [rows[place] for place in group]
        if plan.number and same_title[0].score >= schema().ranking.named > same_title[-1].score:
            # Asked for by its number, which the one in force does not have.
            continue
        stand = (row for row in same_title if status_of(row, plan.day) not in schema().ranking.ended)
        first = list(islice(stand, 1 if plan.unit is Unit.ARTICLE else None))
        if first == same_title[: len(first)]:
            continue
        best_first = first + [row for row in same_title if row not in first]
        for place, row in zip(group, best_first, strict=True):
            ordered[place] = row
    return tuple(ordered)


def _cursor(plan: Plan, seen: int, last: Row, ties: int) -> Cursor:
    return Cursor(asked=plan.digest, seen=seen, last=_identity(last), order=last.order, ties=ties)


def _identity(row: Row) -> str:
    """What tells one record from any other."""
    return "/".join(str(row.facts.get(name, "")) for name in ("document", "version", "place"))
