"""A text in the making: its units, where they stand, and what does not fit it.

What the changes of a decision have in common: `Working` finds a provision by its address in the old text, also after
others have been put in or taken out around it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from gazette.citations.provisions import complete_address
from gazette.draft import Body, BodyType, walk
from gazette.errors import Finding
from gazette.versions.drafting import LAST
from gazette.versions.units import CONTAINERS, Unit, thaw

_NAMES = {
    "part": "第{}编",
    "chp": "第{}章",
    "sec": "第{}节",
    "art": "第{}条",
    "para": "第{}款",
    "item": "第{}项",
    "subitem": "第{}目",
}


class Unfit(Exception):
    """This operation does not fit the text: a code and a sentence."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code, self.message = f"consolidation.{code}", message


class Working:
    """The text while it is changed."""

    def __init__(self, body: Body) -> None:
        self.units = thaw(body)
        self.title: str | None = None
        self.findings: list[Finding] = []
        self.places: dict[str, Unit] = {}
        self.above: dict[int, Unit | None] = {}
        for unit in self.units:
            self._note(unit, None)
        if not any(node.type is BodyType.ARTICLE for node in walk(body)):
            # In a notice without articles, 第二条 is 二、.
            for eid, unit in tuple(self.places.items()):
                if eid.startswith("sec_"):
                    self.places.setdefault("art_" + eid.removeprefix("sec_"), unit)

    def _note(self, unit: Unit, above: Unit | None) -> None:
        self.above[id(unit)] = above
        if unit.eid and unit.type is not BodyType.ATTACHMENT:
            self.places.setdefault(unit.eid, unit)
        for child in unit.children:
            self._note(child, unit)

    def at(self, eid: str, *, gone: bool = False) -> Unit:
        """The provision of this old address; one that was deleted only if `gone`."""
        found = self.places.get(eid) or self._last(eid)
        if found is None:
            whole = complete_address(eid, self.places)
            # An article of one 款 has its 项 as its own.
            found = self.places.get(whole or eid.replace("__para_1__", "__"))
        if found is None or (found.gone and not gone):
            raise Unfit("place_missing", f"原文没有{in_words(eid)}")
        return found

    def _last(self, eid: str) -> Unit | None:
        """最后一款 of an article."""
        above, _, name = eid.rpartition("__")
        if not above or number_in(name)[0] != LAST:
            return None
        kind = name.partition("_")[0]
        below = [each for each in self.at(above).walk() if each.eid and each.name.startswith(f"{kind}_")]
        return below[-1] if below else None

    def all_at(self, eids: Sequence[str]) -> list[Unit]:
        return list(dict.fromkeys(self.at(eid) for eid in eids))

    def article_of(self, unit: Unit) -> Unit:
        above = self.above.get(id(unit))
        while above is not None:
            unit, above = above, self.above.get(id(above))
        return unit

    def siblings(self, unit: Unit) -> list[Unit]:
        above = self.above.get(id(unit))
        return above.children if above else self.units

    def put_after(self, anchor: Unit, new: Sequence[Unit]) -> None:
        among = self.siblings(anchor)
        at = among.index(anchor) + 1
        among[at:at] = new
        for unit in new:
            self.above[id(unit)] = self.above.get(id(anchor))

    def held_by(self, chapter: Unit) -> list[Unit]:
        """What follows a container up to the next of its rank."""
        held: list[Unit] = []
        for unit in self.units[self.units.index(chapter) + 1 :]:
            if unit.type is BodyType.ATTACHMENT or (
                unit.container and CONTAINERS[unit.type] <= CONTAINERS[chapter.type]
            ):
                break
            held.append(unit)
        return held


def in_words(eid: str) -> str:
    """An address as it is cited: 第3条第2款."""
    words = ""
    for part in eid.split("__"):
        name, _, number = part.partition("_")
        main, _, insert = number.partition("-")
        words += _NAMES.get(name, "{}").format(main) + (f"之{insert}" if insert else "")
    return words


def number_in(part: str) -> tuple[int, int]:
    """Number and 之N in the last part of an address: (10, 1) of art_10-1."""
    main, _, insert = part.rpartition("_")[2].partition("-")
    return int(main or 0), int(insert or 0)


def heading_of(text: str) -> str:
    """A heading without the number before it."""
    return re.sub(r"^\s*第[一二三四五六七八九十百]+[编章节][\s\u3000]*", "", text.strip())
