"""Facets of a search: every value with its exact count, chosen ones first, what is below a step under it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from gazette.validity.status import Status
from indexer.regions import STEP
from indexer.schema import schema
from indexer.search import FacetValue
from portal import words
from portal.language import language

#: Facets in the order shown; each is a field of the index.
FACETS = (
    "status",
    "agency_path",
    "theme",
    "kind",
    "year",
    "region",
    "source",
    "language",
    "has_interpretation",
    "has_attachment",
)

_OPTIONS_SHOWN = 8
_OPTIONS_LISTED = 60
#: Deeper steps are left to whoever chooses the one above.
_DEEPEST = {"theme": 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One value. `above` are the steps it stands under, from the top; `label` its own."""

    value: str
    label: str
    count: int
    checked: bool
    above: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Facet:
    """One facet; `options` stand open, `more` behind a fold."""

    name: str
    label: str
    options: tuple[Option, ...]
    more: tuple[Option, ...]


def make_facets(chosen: Mapping[str, Sequence[str]], counted: Mapping[str, Sequence[FacetValue]]) -> Iterator[Facet]:
    """Every facet that leaves a choice."""
    for name in FACETS:
        counts = {each.value: each.count for each in counted.get(name, ())}
        options = _options(name, counts, chosen.get(name, ()))
        if len(options) < 2 and not chosen.get(name):
            continue
        shown = _how_many_stand_open(options)
        yield Facet(
            name=name,
            label=field_label(name),
            options=tuple(options[:shown]),
            more=tuple(options[shown:_OPTIONS_LISTED]),
        )


def field_label(name: str) -> str:
    if name == "agency_path":
        return _("发文机关")
    field = schema().get_field(name)
    return field.en if language() == "en" else field.zh


def value_label(name: str, value: str) -> str:
    """The official word for a facet's value; of a path its last step."""
    if name == "status" and value in set(Status):
        return str(words.STATUS[Status(value)])
    if name == "language":
        return {"zh": _("中文"), "en": _("英文")}.get(value, value)
    if name in ("has_interpretation", "has_attachment"):
        return {"yes": _("有"), "no": _("无")}.get(value, value)
    return value.rsplit(STEP, 1)[-1] if schema().get_field(name).path else value


def _options(name: str, counts: Mapping[str, int], chosen: Sequence[str]) -> list[Option]:
    values = _in_order(name, counts)
    values = [*(value for value in chosen if value not in counts), *values]
    path = schema().get_field(name).path
    options = [
        Option(
            value=value,
            label=value_label(name, value),
            count=counts.get(value, 0),
            checked=value in chosen,
            above=tuple(value.split(STEP)[:-1]) if path else (),
        )
        for value in values
    ]
    options = [each for each in options if each.checked or len(each.above) < _DEEPEST.get(name, 9)]
    # Of a path what is chosen stays where it stands: under its step.
    return options if path else sorted(options, key=lambda option: not option.checked)


def _in_order(name: str, counts: Mapping[str, int]) -> list[str]:
    """Most frequent first; statuses and years in their own order, paths as a tree."""
    if name == "status":
        return [status.value for status in words.STATUS if status.value in counts]
    if name == "year":
        return sorted(counts, reverse=True)
    if not schema().get_field(name).path:
        return list(counts)

    def place(value: str) -> tuple[tuple[int, str], ...]:
        steps = value.split(STEP)
        above = [STEP.join(steps[: depth + 1]) for depth in range(len(steps))]
        return tuple((-counts.get(step, 0), step) for step in above)

    return sorted(counts, key=place)


def _how_many_stand_open(options: Sequence[Option]) -> int:
    """As many as are shown, and every one that is chosen."""
    last = max((number for number, each in enumerate(options, 1) if each.checked), default=0)
    return max(_OPTIONS_SHOWN, last)
