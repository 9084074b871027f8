"""Recognized pages handed over one by one, and those of an earlier, interrupted reading taken from there.

A scan of hundreds of pages takes minutes. Each page is told as soon as it is read, so that whoever waits sees how far
it is, allows the next page its own time, and can keep the page for a second run. The readers know nothing of that:
the desk of the reading under way is a context variable, None for a reading nobody follows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import astuple, dataclass, field
from typing import Any

from gazette.readers.printed import PrintedLine

#: The lines of a page as plain values, which travel between processes and into a file.
PlainLines = list[Any]


@dataclass(frozen=True, slots=True)
class PageDesk:
    """`told` hears (page, of how many, its lines) after every page; `known` are the pages read before."""

    told: Callable[[int, int, PlainLines], None]
    known: Mapping[int, PlainLines] = field(default_factory=dict)


DESK: ContextVar[PageDesk | None] = ContextVar("page_desk", default=None)


def find_page(page: int) -> list[PrintedLine] | None:
    """The lines of a page that an earlier reading had finished."""
    desk = DESK.get()
    known = desk.known.get(page) if desk else None
    return None if known is None else [_line(values) for values in known]


def hand_over(page: int, total: int, lines: Sequence[PrintedLine]) -> None:
    """Tell whoever follows the reading that one more page is done."""
    desk = DESK.get()
    if desk is not None:
        desk.told(page, total, [list(astuple(line)) for line in lines])


def _line(values: Sequence[Any]) -> PrintedLine:
    text, page, left, right, top, size, confidence, box, turned = values
    return PrintedLine(text, page, left, right, top, size, confidence, tuple(box) if box else None, turned)
