"""Pages handed over as they are read, and those of an earlier, interrupted reading taken from there.

A scan of hundreds of pages takes minutes, a bound volume of text tens of seconds. Each leaf of pages is told as soon
as it is read, so that whoever waits sees how far it is, allows the next leaf its own time, and can keep the leaf for a
second run. The readers know nothing of that: the desk of the reading under way is a context variable, None for a
reading nobody follows.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

#: No file is read that has more pages (a year's bound gazette has fewer).
MOST_PAGES = 3000
#: A leaf of quickly read pages is closed with this many of them, or once it took so long (seconds).
_LEAF_PAGES, _LEAF_S = 25, 2.0

#: What was read on a page as plain values, which travel between processes and into a file.
PlainPage = Any


class Stage(StrEnum):
    """How a page was read: from its text layer, or from its picture."""

    PRINT = "print"
    SCAN = "scan"


#: The pages read before, by stage and number (from 1).
Known = Mapping[tuple[Stage, int], PlainPage]


@dataclass(frozen=True, slots=True)
class Leaf:
    """Pages read at one stage, and how many of the file's `total` pages are `done` with them (0: not known)."""

    stage: Stage
    pages: Mapping[int, PlainPage]
    done: int
    total: int


@dataclass(slots=True)
class PageDesk:
    """`told` hears every leaf; `known` are the pages read before."""

    told: Callable[[Leaf], None]
    known: Known = field(default_factory=dict)


DESK: ContextVar[PageDesk | None] = ContextVar("page_desk", default=None)


def known_pages() -> Known:
    """The pages that an earlier reading had finished."""
    desk = DESK.get()
    return desk.known if desk else {}


def hand_over(leaf: Leaf) -> None:
    """Tell whoever follows the reading that more pages are done."""
    desk = DESK.get()
    if desk is not None:
        desk.told(leaf)


class Leaves:
    """Pages of a text layer gathered to leaves: a message and a file for every single one would cost more than
    reading it."""

    def __init__(self, total: int) -> None:
        self.total = total
        self.done = 0
        self._pages: dict[int, PlainPage] = {}
        self._opened = time.monotonic()

    def add(self, page: int, values: PlainPage, *, is_done: bool) -> None:
        """One more page; `is_done` is False for one that is yet to be read from its picture."""
        self._pages[page] = values
        self.done += is_done
        if len(self._pages) == _LEAF_PAGES or time.monotonic() - self._opened > _LEAF_S:
            hand_over(Leaf(Stage.PRINT, self._pages, self.done, self.total))
            self._pages, self._opened = {}, time.monotonic()
