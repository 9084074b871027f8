"""Relative references (本条例第三条, 前款, 前条第二项, 本章): the place in its own text that each of them means.

They count from where they stand, so the same words mean another place in every article. 前款 in the first 款 and 前条
in the first article mean nothing and stay without an address.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from gazette.citations.provisions import complete_address
from gazette.draft import Body, BodyType, Citation, Node, Provision
from gazette.numerals import parse_chinese_number

_NEAR = re.compile(
    r"(?P<which>[前上本])\s?(?P<count>[一二两三四五六七八九])?\s?(?P<unit>[编章节条款项])(?![例件约款目程])"
)
_ABOVE = {"编": "part", "章": "chp", "节": "sec"}
_INSIDE = {"款": "para", "项": "item"}
_TYPES = {BodyType.PART: "part", BodyType.CHAPTER: "chp", BodyType.SECTION: "sec"}


@dataclass(frozen=True, slots=True)
class Places:
    """The addresses of a body. `order`: articles, chapters and sections by unit, in reading order; `above`: the
    chapters and sections that each article stands in."""

    held: frozenset[str]
    order: dict[str, tuple[str, ...]]
    above: dict[str, tuple[str, ...]]

    @classmethod
    def of(cls, body: Body) -> Places:
        held: set[str] = set()
        order: dict[str, list[str]] = {"art": [], "part": [], "chp": [], "sec": []}
        above: dict[str, tuple[str, ...]] = {}
        for node, around in _nodes(body, ()):
            held.add(node.eid)
            if node.type is BodyType.ARTICLE:
                order["art"].append(node.eid)
                above[node.eid] = around
            elif node.type in _TYPES:
                order[_TYPES[node.type]].append(node.eid)
        return cls(frozenset(held), {unit: tuple(eids) for unit, eids in order.items()}, above)

    def find(self, citation: Citation, at: str) -> str | None:
        """The address that a relative citation means where it stands at `at`; a range for 前两款; None for none."""
        cited = citation.provision.eid if citation.provision else None
        near = _NEAR.match(citation.base or citation.raw)
        if near is None:
            return cited
        article = next((each for each in _ancestors(at) if each in self.above), None)
        if article is None:
            return None
        base = self._near(near, article, at)
        if base is None or "->" in base:
            return base
        return f"{base}__{cited}" if cited else base

    def _near(self, near: re.Match[str], article: str, at: str) -> str | None:
        unit, which = near["unit"], near["which"]
        count = parse_chinese_number(near["count"]) if near["count"] else 1
        back = 0 if which == "本" else (count or 1)
        if unit == "条":
            return _before(self.order["art"], article, back)
        if unit in _ABOVE:
            name = _ABOVE[unit]
            mine = next((each for each in self.above[article] if each.rpartition("__")[2].startswith(name)), None)
            return _before(self.order[name], mine, back) if mine else None
        return self._inside(_INSIDE[unit], article, at, back)

    def _inside(self, unit: str, article: str, at: str, back: int) -> str | None:
        """前款 and 前项: the numbers before that of the 款 or 项 in which the words stand."""
        steps = at.removeprefix(article).strip("_").split("__")
        here = next((step for step in steps if step.startswith(f"{unit}_")), None)
        if here is None:
            return article if unit == "para" and not back else None
        printed = here.rpartition("_")[2]
        # What stands before 第三项之一 or before a number printed twice is not to be counted.
        number = int(printed) if printed.isdecimal() else 0
        if number - back < 1:
            return None
        stem = "__".join([article, *steps[: steps.index(here)]])
        first = f"{stem}__{unit}_{number - back}"
        return f"{first}->{stem}__{unit}_{number - 1}" if back > 1 else first


def placed(citation: Citation, at: str | None, places: Places) -> Citation:
    """A relative citation with the full address it means; one that means none is left as it is printed."""
    eid = places.find(citation, at) if at else None
    if eid is None:
        return citation
    full = eid if "->" in eid else complete_address(eid, places.held) or eid
    printed = citation.provision.raw if citation.provision else citation.raw
    return replace(citation, provision=Provision(raw=printed, eid=full))


def _nodes(body: Body, around: tuple[str, ...]) -> Iterator[tuple[Node, tuple[str, ...]]]:
    for node in body:
        yield node, around
        inside = (*around, node.eid) if node.type in _TYPES else around
        yield from _nodes(node.children, inside)


def _ancestors(eid: str) -> Iterator[str]:
    """`eid` and the addresses it lies in, the narrowest first."""
    while eid:
        yield eid
        eid = eid.rpartition("__")[0]


def _before(order: tuple[str, ...], here: str, back: int) -> str | None:
    """What stands `back` places before `here`; a range up to the one before it for several."""
    place = order.index(here)
    if place < back:
        return None
    return f"{order[place - back]}->{order[place - 1]}" if back > 1 else order[place - back]
