"""Punctuation of pages set vertically, which the recognizer passes over.

Such a page is read turned a quarter anticlockwise, its characters lying on their side. It reads those well, but takes
the small marks in the upper right of their cells for dirt. They are looked for in the picture: cell by cell, a mark
is ink that is small and stands in the corner. Where cells and characters do not come out even, the line stays as read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from gazette.digitization.readers.page_layout import Piece

#: What the recognizer makes of a mark that it does see.
_READ_AS_MARKS = frozenset("，。、；：‘’'`\"“”,.;:·°｡ ")
_MARKS = frozenset("，。、；：")
#: A mark is at most so large and ends within the upper right so far (in widths of the column).
_LARGEST, _CORNER = 0.5, 0.62
_RISE = 0.12
#: Cells are so long (in widths of the column), and a mark fills so much of the last one.
_SHORTEST_CELL, _LONGEST_CELL, _LAST_MARK = 0.8, 1.7, 0.45
#: Components of fewer points than this share of a cell are dirt.
_DIRT = 0.004
#: The dots of a colon are alike, the lower one of a semicolon is so much larger.
_LIKE = 1.3


@dataclass(frozen=True, slots=True)
class _Blob:
    """One connected piece of ink in the turned column: its box and area."""

    left: int
    top: int
    width: int
    height: int
    area: int
    label: int

    @property
    def middle(self) -> float:
        return self.left + self.width / 2


def add_marks(points: Any, pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces of a page turned a quarter anticlockwise, each with the marks found in its column."""
    return [replace(piece, text=_with_marks(points, piece)) for piece in pieces]


def _with_marks(points: Any, piece: Piece) -> str:
    letters = [letter for letter in piece.text if letter not in _READ_AS_MARKS]
    if len(letters) < 3 or any(letter.isascii() for letter in letters):
        return piece.text
    labels, blobs = _blobs(points, piece)
    cells = _fit(blobs, len(letters), piece.height)
    if cells is None:
        return piece.text
    text, rest = "", iter(letters)
    for cell in cells:
        if _is_mark(cell, piece.height):
            text += _name(labels, cell)
        elif cell:
            text += next(rest)
    # A page that only lies on its side shows its marks to the recognizer.
    return text if _marks_in(text) > _marks_in(piece.text) else piece.text


def _marks_in(text: str) -> int:
    return sum(letter in _MARKS for letter in text)


def _blobs(points: Any, piece: Piece) -> tuple[Any, list[_Blob]]:
    import cv2

    first, high, last, low = (round(edge) for edge in piece.box)
    # A mark may rise above the characters of its column.
    high -= round(_RISE * piece.height)
    crop = points[max(0, high) : low, max(0, first) : last]
    grey = crop if crop.ndim == 2 else cv2.cvtColor(crop, cv2.COLOR_RGB2GRAY)
    _level, ink = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY_INV | cv2.THRESH_OTSU)
    _count, labels, stats, _middles = cv2.connectedComponentsWithStats(ink, connectivity=8)
    least = _DIRT * piece.height**2
    blobs = [
        _Blob(left, top, width, height, area, label)
        for label, (left, top, width, height, area) in enumerate(stats[1:].tolist(), 1)
        if area > least
    ]
    return labels, sorted(blobs, key=lambda blob: blob.left)


def _fit(blobs: Sequence[_Blob], count: int, width: float) -> list[list[_Blob]] | None:
    """The blobs cell by cell, so that just `count` cells hold characters; None where no even division does."""
    if not blobs:
        return None
    start, end = blobs[0].left, max(blob.left + blob.width for blob in blobs)
    fits: list[tuple[int, list[list[_Blob]]]] = []
    for total in range(count, count + count // 2 + 3):
        for filled in (1.0, _LAST_MARK):
            pitch = (end - start) / (total - 1 + filled)
            if not _SHORTEST_CELL * width <= pitch <= _LONGEST_CELL * width:
                continue
            cells = list(_cells(blobs, start, pitch, total))
            characters = sum(bool(cell) and not _is_mark(cell, width) for cell in cells)
            is_even = characters == count and bool(cells[-1]) and _is_mark(cells[-1], width) == (filled < 1)
            if is_even and not _is_mark(cells[0], width):
                borders = [start + pitch * at for at in range(1, total)]
                cut = sum(blob.left + 1 < at < blob.left + blob.width - 1 for at in borders for blob in blobs)
                fits.append((cut, cells))
    return min(fits, key=lambda fit: fit[0])[1] if fits else None


def _cells(blobs: Sequence[_Blob], start: float, pitch: float, total: int) -> Iterator[list[_Blob]]:
    for at in range(total):
        first, last = start + pitch * at, start + pitch * (at + 1)
        yield [blob for blob in blobs if first <= blob.middle < last or (at == total - 1 and blob.middle >= last)]


def _is_mark(cell: Sequence[_Blob], width: float) -> bool:
    """Whether a cell holds a mark and nothing else: small, and at the top of the turned column."""
    if not cell:
        return False
    around = max(blob.left + blob.width for blob in cell) - min(blob.left for blob in cell)
    lowest = max(blob.top + blob.height for blob in cell)
    return around <= _LARGEST * width and lowest <= _CORNER * width


def _name(labels: Any, cell: Sequence[_Blob]) -> str:
    """Which mark it is, told by its shape as it stands upright."""
    import cv2
    import numpy

    if len(cell) > 1:
        upper, lower = cell[0], cell[-1]
        return "；" if lower.area > _LIKE * upper.area else "："
    blob = cell[0]
    mask = labels[blob.top : blob.top + blob.height, blob.left : blob.left + blob.width] == blob.label
    upright = numpy.pad(numpy.rot90(mask, -1).astype(numpy.uint8), 1)
    _outlines, hierarchy = cv2.findContours(upright, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
    if hierarchy is not None and (hierarchy[0][:, 3] >= 0).any():
        return "。"
    down, across = numpy.nonzero(upright)
    # 、 runs down to the right, the tail of ， to the left.
    return "、" if float(((down - down.mean()) * (across - across.mean())).mean()) > 0 else "，"
