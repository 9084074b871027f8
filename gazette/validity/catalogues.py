"""Catalogues of a clean-up (继续有效、废止、宣布失效目录): what a table says of each text it lists.

A clean-up decision names most texts only in its annexed tables, and there the heading is the verb. The catalogue of
what stays in force is the strongest evidence there is that a text stands: it is dated, and it names the text.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from gazette.citations.numbers import find_doc_numbers, parse_doc_number
from gazette.draft import Body, BodyType, Effect, EffectKind, Node, Target, walk
from gazette.errors import Locator
from gazette.validity.clauses import is_vetoed
from gazette.validity.targets import WHOLE

_CONFIDENCE = 0.95
_LONGEST_HEADING = 80
_DRAFT = re.compile(r"拟|建议|征求意见|草案")
_MARKS = "《》〈〉 \u3000"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What becomes of the texts under a heading or beside an outcome cell."""

    rule: str
    kind: EffectKind
    pattern: re.Pattern[str]
    yes: str
    no: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Columns:
    """Where a table keeps title, number and outcome; None where it has no such column."""

    title: int
    number: int | None
    outcome: int | None


def find_listed(body: Body, *, day: date | None, rule: str | None = None) -> Iterator[Effect]:
    """The effects of every catalogue in `body`; they take hold on `day`, which was worked out by `rule`."""
    heading = ""
    for node in walk(body):
        heading = _heading(node) or heading
        if node.type is BodyType.TABLE and node.rows:
            yield from _rows(node, heading, day, rule)


@cache
def outcomes() -> tuple[Outcome, ...]:
    """The vocabulary of outcomes, in its order."""
    return tuple(
        Outcome(
            rule=each["rule"],
            kind=EffectKind(each["kind"]),
            pattern=re.compile(each["pattern"]),
            yes=each["yes"],
            no=each["no"],
        )
        for each in _vocabulary()["outcome"]
    )


def find_outcome(words: str) -> Outcome | None:
    """The one outcome that `words` (a heading or an outcome cell) name; None for none, for several, and for a draft."""
    if _DRAFT.search(words):
        return None
    found = [
        each for each in outcomes() if (match := each.pattern.search(words)) and not is_vetoed(words[: match.start()])
    ]
    return found[0] if len(found) == 1 else None


def find_heading(words: str) -> Outcome | None:
    """What the heading of a catalogue says of the texts under it; None for words that are no such heading."""
    names = _vocabulary()
    is_heading = re.search(names["heading"], words) or re.search(names["texts"], words)
    return find_outcome(words) if is_heading and len(words) <= _LONGEST_HEADING else None


def _heading(node: Node) -> str | None:
    """The heading of a catalogue, where `node` prints one."""
    for text in (node.heading, node.text):
        if text and len(text) <= _LONGEST_HEADING and re.search(_vocabulary()["heading"], text.strip()):
            return text.strip()
    return None


def _rows(table: Node, heading: str, day: date | None, rule: str | None) -> Iterator[Effect]:
    columns = _find_columns(table.rows[0])
    common = find_outcome(heading)
    if columns is None:
        return
    for row in table.rows[1:]:
        outcome = find_outcome(row[columns.outcome]) if columns.outcome is not None else common
        title = row[columns.title].strip(_MARKS)
        if outcome is None or not title:
            continue
        yield Effect(
            kind=outcome.kind,
            target=_target(title, row[columns.number] if columns.number is not None else ""),
            scope=WHOLE,
            date=day,
            date_rule=rule,
            quote=f"{heading}\n{'　'.join(cell for cell in row if cell)}".strip(),
            locator=Locator(eid=table.eid or None),
            confidence=_CONFIDENCE,
            rule=outcome.rule,
        )


def _find_columns(head: tuple[str, ...]) -> _Columns | None:
    """The columns by their head cells; a table that names no column of titles is no catalogue."""

    def place(name: str) -> int | None:
        cells = ("".join(cell.split()) for cell in head)
        return next((at for at, cell in enumerate(cells) if re.search(_vocabulary()["column"][name], cell)), None)

    title = place("title")
    return None if title is None else _Columns(title=title, number=place("number"), outcome=place("outcome"))


def _target(title: str, number: str) -> Target:
    """The text a row names; its number may stand in brackets behind the title."""
    parsed = parse_doc_number(number.strip())
    if parsed is None and (inside := find_doc_numbers(title)):
        parsed, (start, _end) = inside[-1]
        title = title[:start].rstrip("（(" + _MARKS)
    return Target(title=title, doc_number=parsed)


@cache
def _vocabulary() -> dict[str, Any]:
    return tomllib.loads(files("gazette").joinpath("data/catalogues.toml").read_text("utf-8"))
