"""Leaders of a scanned contents page: the dots from a title to its page number, and the number.

The recognizer takes dots for dirt and a single figure after them for more of it, so both are looked for in the white
to the right of each row; only the figure is then read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from gazette.digitization.readers.page_image import Box
from gazette.digitization.readers.page_layout import Piece, print_height, rows_of

#: A dot is smaller than this, and the dots of one leader keep to one height (in heights of print).
_DOT, _LEVEL = 0.3, 0.25
#: Half of a leader's dots keep within this of one line (in heights of print).
_STRAIGHT = 0.07
#: Half of the steps between them differ from the usual one by no more than this share of it.
_EVEN = 0.35
#: A row of fewer dots is an ellipsis or dirt; dots further apart than this many usual steps are two rows of them.
_LEAST_DOTS, _STEPS = 8, 3.0
#: Where no print tells that a row is there, it takes so many dots; they stand so far below its middle (in heights).
_LEAST_ALONE, _LOW = 20, 0.2
#: The page number begins and ends within so many heights of print after the last dot.
_NUMBER_WITHIN = 4.0
#: White around a figure, in heights of print, without which it is misread.
_WHITE = 0.25
_NUMBER = re.compile(r"[.·…\s]*\d{0,4}")
#: Dots that were taken for print, and what was taken for the number after them.
_READ_ALONG = re.compile(r"[\s.·…⋯]*(?:[.·]{2,}|[…⋯])[\s.·…⋯]*\d{0,4}$")
_AS_DIGITS = str.maketrans("OolI|", "00111")


@dataclass(frozen=True, slots=True)
class _Leader:
    """The dots of a row, the number after them, and the height on the page of the row's middle."""

    dots: Box
    number: Box | None
    middle: float


def add_leaders(points: Any, pieces: Sequence[Piece], read: Callable[[list[Any]], Sequence[str]]) -> list[Piece]:
    """The pieces of a page, and for each row with a leader one more that holds it and the number. `read` recognizes
    crops of `points`."""
    if not pieces:
        return []
    marks, height = _marks(points), print_height(pieces)
    rows = rows_of(pieces)
    kept: list[Piece] = []
    found: list[tuple[_Leader, float]] = []
    for row in rows:
        title = [piece for piece in row if not _NUMBER.fullmatch(piece.text)]
        leader = _find_leader(marks, title, height) if title else None
        kept += _without_leader(title, leader) if leader else row
        if leader:
            found.append((leader, title[-1].confidence))
    # A title that fills its line has its leader alone on the next.
    found += [(leader, 1.0) for leader in _leaders_between(marks, rows, height)]
    boxes = [leader.number for leader, _sure in found if leader.number]
    numbers = iter(read([_figure(points, box, height) for box in boxes]) if boxes else ())
    for leader, confidence in found:
        number = next(numbers).translate(_AS_DIGITS) if leader.number else ""
        right = leader.number[2] if leader.number else leader.dots[2]
        # As high as print, so that the row keeps its middle.
        place = leader.dots[0], leader.middle - height / 2, right, leader.middle + height / 2
        kept.append(Piece(place, "………" + re.sub(r"\D", "", number), confidence))
    return kept


def _without_leader(title: Sequence[Piece], leader: _Leader) -> list[Piece]:
    """The title, dots and number taken off where the recognizer read them with it."""
    last = title[-1]
    if last.box[2] <= leader.dots[0] or (match := _READ_ALONG.search(last.text)) is None:
        return list(title)
    left, top, _right, bottom = last.box
    return [*title[:-1], replace(last, box=(left, top, leader.dots[0], bottom), text=last.text[: match.start()])]


def _marks(points: Any) -> Any:
    """Every separate mark of ink: left, top, width, height, area."""
    import cv2

    grey = points if points.ndim == 2 else cv2.cvtColor(points, cv2.COLOR_RGB2GRAY)
    _level, ink = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY_INV | cv2.THRESH_OTSU)
    _count, _labels, stats, _middles = cv2.connectedComponentsWithStats(ink, connectivity=8)
    return stats[1:]


def _find_leader(marks: Any, title: Sequence[Piece], height: float) -> _Leader | None:
    """The leader that begins where the title ends, or within it where the recognizer read it along."""
    last = title[-1]
    read_along = _READ_ALONG.search(last.text)
    start = last.box[0] if read_along else max(piece.box[2] for piece in title) - _DOT * height
    middle = sum(piece.middle for piece in title) / len(title)
    return _leader_at(marks, start, middle, height)


def _leaders_between(marks: Any, rows: Sequence[Sequence[Piece]], height: float) -> list[_Leader]:
    """The leaders that stand on lines of their own, where nothing was read or only the number."""
    import numpy

    middles = marks[:, 1] + marks[:, 3] / 2
    free = (marks[:, 2] < _DOT * height) & (marks[:, 3] < _DOT * height)
    for row in rows:
        if any(not _NUMBER.fullmatch(piece.text) for piece in row):
            free &= abs(middles - sum(piece.middle for piece in row) / len(row)) > height / 2
    found: list[_Leader] = []
    for middle in _levels(numpy.sort(middles[free]), height):
        leader = _leader_at(marks, 0.0, middle - _LOW * height, height)
        if leader and leader.number:
            found.append(leader)
    return found


def _levels(middles: Any, height: float) -> list[float]:
    """Heights on the page at which a leader's worth of dots stands."""
    import numpy

    parts = numpy.split(middles, numpy.flatnonzero(numpy.diff(middles) > _LEVEL * height / 2) + 1)
    return [float(numpy.median(part)) for part in parts if len(part) >= _LEAST_ALONE]


def _leader_at(marks: Any, start: float, middle: float, height: float) -> _Leader | None:
    """The row of dots to the right of `start` in the row of that middle, and the number behind it."""
    import numpy

    lefts, downs = marks[:, 0], marks[:, 1] + marks[:, 3] / 2
    here = marks[(lefts > start) & (abs(downs - middle) < height / 2)]
    is_dot = (here[:, 2] < _DOT * height) & (here[:, 3] < _DOT * height)
    dots = here[is_dot][numpy.argsort(here[is_dot][:, 0])]
    if len(dots) < _LEAST_DOTS:
        return None
    tops = dots[:, 1] + dots[:, 3] / 2
    dots = dots[abs(tops - numpy.median(tops)) < _LEVEL * height]
    steps = numpy.diff(dots[:, 0])
    if len(dots) < _LEAST_DOTS:
        return None
    tops = dots[:, 1] + dots[:, 3] / 2
    uneven = numpy.median(abs(steps - numpy.median(steps))) > _EVEN * numpy.median(steps)
    if uneven or numpy.median(abs(tops - numpy.median(tops))) > _STRAIGHT * height:
        # Specks of a worn page keep no line and no step.
        return None
    breaks = numpy.flatnonzero(steps > max(_STEPS * numpy.median(steps), height))
    if len(breaks):
        # Points of the title stand apart from those behind it.
        dots = dots[breaks[-1] + 1 :]
    if len(dots) < _LEAST_DOTS:
        return None
    print_between = ~is_dot & (here[:, 0] > dots[0, 0]) & (here[:, 0] < dots[-1, 0])
    if print_between.any():
        # Points within characters.
        return None
    end = float((dots[:, 0] + dots[:, 2]).max())
    after = here[~is_dot & (here[:, 0] >= end) & (here[:, 0] + here[:, 2] < end + _NUMBER_WITHIN * height)]
    return _Leader(_around(dots), _around(after) if len(after) else None, middle)


def _around(marks: Any) -> Box:
    rights, bottoms = marks[:, 0] + marks[:, 2], marks[:, 1] + marks[:, 3]
    return float(marks[:, 0].min()), float(marks[:, 1].min()), float(rights.max()), float(bottoms.max())


def _figure(points: Any, box: Box, height: float) -> Any:
    """The picture of a number with white around it."""
    import cv2

    left, top, right, bottom = map(round, box)
    white = round(_WHITE * height)
    return cv2.copyMakeBorder(
        points[top:bottom, left:right], white, white, white, white, cv2.BORDER_CONSTANT, value=(255, 255, 255)
    )
