"""Leaders of a scanned contents page: the dots from a title to its page number, and the number.

The recognizer takes dots for dirt and a single figure after them for more of it, so both are looked for in the white
to the right of each row; only the figure is then read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from gazette.readers.page_image import Box
from gazette.readers.page_layout import Piece, print_height, rows_of

#: A dot is smaller than this, and the dots of one leader keep to one height (in heights of print).
_DOT, _LEVEL = 0.3, 0.25
#: A row of fewer dots is an ellipsis or dirt; dots further apart than this many usual steps are two rows of them.
_LEAST_DOTS, _STEPS = 8, 3.0
#: The page number begins and ends within so many heights of print after the last dot.
_NUMBER_WITHIN = 4.0
#: White around a figure, in heights of print, without which it is misread.
_WHITE = 0.25
_NUMBER = re.compile(r"[.·…\s]*\d{0,4}")
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
    kept: list[Piece] = []
    found: list[tuple[_Leader, float]] = []
    for row in rows_of(pieces):
        title = [piece for piece in row if not _NUMBER.fullmatch(piece.text)]
        leader = _find_leader(marks, title, height) if title else None
        kept += title if leader else row
        if leader:
            found.append((leader, title[-1].confidence))
    boxes = [leader.number for leader, _sure in found if leader.number]
    numbers = iter(read([_figure(points, box, height) for box in boxes]) if boxes else ())
    for leader, confidence in found:
        number = next(numbers).translate(_AS_DIGITS) if leader.number else ""
        right = leader.number[2] if leader.number else leader.dots[2]
        # As high as print, so that the row keeps its middle.
        place = leader.dots[0], leader.middle - height / 2, right, leader.middle + height / 2
        kept.append(Piece(place, "………" + re.sub(r"\D", "", number), confidence))
    return kept


def _marks(points: Any) -> Any:
    """Every separate mark of ink: left, top, width, height, area."""
    import cv2

    grey = points if points.ndim == 2 else cv2.cvtColor(points, cv2.COLOR_RGB2GRAY)
    _level, ink = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY_INV | cv2.THRESH_OTSU)
    _count, _labels, stats, _middles = cv2.connectedComponentsWithStats(ink, connectivity=8)
    return stats[1:]


def _find_leader(marks: Any, title: Sequence[Piece], height: float) -> _Leader | None:
    """The leader that begins where the title ends."""
    import numpy

    start = max(piece.box[2] for piece in title)
    middle = sum(piece.middle for piece in title) / len(title)
    lefts, downs = marks[:, 0], marks[:, 1] + marks[:, 3] / 2
    here = marks[(lefts > start - _DOT * height) & (abs(downs - middle) < height / 2)]
    is_dot = (here[:, 2] < _DOT * height) & (here[:, 3] < _DOT * height)
    dots = here[is_dot][numpy.argsort(here[is_dot][:, 0])]
    if len(dots) < _LEAST_DOTS:
        return None
    tops = dots[:, 1] + dots[:, 3] / 2
    dots = dots[abs(tops - numpy.median(tops)) < _LEVEL * height]
    steps = numpy.diff(dots[:, 0])
    if len(dots) < _LEAST_DOTS or steps.max() > max(_STEPS * numpy.median(steps), height):
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
