"""Reading order of what is printed on a page: from top to bottom, and between lines that cross the page column by
column."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from statistics import median

from gazette.readers.printed import PrintedLine

#: A gutter is looked for in strips of this width (in line heights).
_STEP = 0.5
#: Of a page's lines at most this share crosses its gutter.
_MOST_CROSSING = 0.34
#: A column has at least so many rows, is so wide (in line heights), and its lines fill it so far.
_LEAST_ROWS, _LEAST_WIDTH, _LEAST_FILL = 4, 5.0, 0.6
#: Pieces of one row keep their middles within this of each other (in line heights).
_SAME_ROW = 0.5


def in_reading_order(pieces: Sequence[PrintedLine]) -> list[PrintedLine]:
    """The lines of a page as they are read, pieces of one row joined with a space. Lines of columns are placed as
    if their column were the page, so that a full line is told by its right end."""
    if not pieces:
        return []
    left, right = min(each.left for each in pieces), max(each.right for each in pieces)
    return [line for flow in _flows(pieces) for line in _placed(flow, left, right)]


def _flows(pieces: Sequence[PrintedLine]) -> Iterator[list[PrintedLine]]:
    """Runs of rows that share one measure: the whole page's, or one column's."""
    gutter = _find_gutter(pieces)
    if gutter is None:
        yield [_as_line(row) for row in _rows(pieces)]
        return
    band: list[PrintedLine] = []
    across: list[PrintedLine] = []
    for row in _rows(pieces):
        if any(piece.left < gutter < piece.right for piece in row):
            if band:
                yield from _halves(band, gutter)
                band = []
            across.append(_as_line(row))
        else:
            if across:
                yield across
                across = []
            band += row
    if across:
        yield across
    if band:
        yield from _halves(band, gutter)


def _halves(band: Sequence[PrintedLine], gutter: float) -> Iterator[list[PrintedLine]]:
    for half in ([each for each in band if each.right <= gutter], [each for each in band if each.right > gutter]):
        if half:
            yield from _flows(half)


def _find_gutter(pieces: Sequence[PrintedLine]) -> float | None:
    """The middle of the white strip that the fewest lines cross, with a column of text on both sides of it."""
    if len(pieces) < 2 * _LEAST_ROWS:
        return None
    size = median(each.size for each in pieces)
    left, right = min(each.left for each in pieces), max(each.right for each in pieces)
    if size <= 0 or right - left < 2 * _LEAST_WIDTH * size:
        return None
    best: tuple[int, float, float] | None = None
    place = left + _LEAST_WIDTH * size
    while place < right - _LEAST_WIDTH * size:
        crossing = sum(each.left < place < each.right for each in pieces)
        aside = abs(place - (left + right) / 2)
        if crossing <= _MOST_CROSSING * len(pieces) and (best is None or (crossing, aside) < best[:2]):
            best = (crossing, aside, place)
        place += _STEP * size
    if best is None:
        return None
    gutter = best[2]
    sides = (
        [each for each in pieces if each.right <= gutter],
        [each for each in pieces if each.left >= gutter],
    )
    return gutter if all(_is_column(side, size) for side in sides) else None


def _is_column(pieces: Sequence[PrintedLine], size: float) -> bool:
    rows = list(_rows(pieces))
    if len(rows) < _LEAST_ROWS:
        return False
    width = max(each.right for each in pieces) - min(each.left for each in pieces)
    filled = median(sum(each.right - each.left for each in row) for row in rows)
    return width >= _LEAST_WIDTH * size and filled >= _LEAST_FILL * width


def _rows(pieces: Sequence[PrintedLine]) -> Iterator[list[PrintedLine]]:
    """Pieces side by side, from top to bottom, each row from left to right. What has no text of its own (a table's
    place) is a row by itself."""
    row: list[PrintedLine] = []
    for piece in sorted(pieces, key=_middle):
        if row and not _is_beside(row, piece):
            yield sorted(row, key=lambda each: each.left)
            row = []
        row.append(piece)
    if row:
        yield sorted(row, key=lambda each: each.left)


def _is_beside(row: Sequence[PrintedLine], piece: PrintedLine) -> bool:
    if not piece.text or not row[0].text:
        return False
    near = abs(_middle(piece) - _middle(row[0])) < _SAME_ROW * min(piece.size, row[0].size)
    return near and not any(
        min(piece.right, each.right) - max(piece.left, each.left) > 0.5 * piece.size for each in row
    )


def _middle(piece: PrintedLine) -> float:
    # A table is read where it begins.
    return piece.top + piece.size / 2 if piece.text else piece.top


def _as_line(row: Sequence[PrintedLine]) -> PrintedLine:
    """The pieces of one row as one line."""
    if len(row) == 1:
        return row[0]
    return replace(
        row[0],
        text=" ".join(piece.text for piece in row),
        right=max(piece.right for piece in row),
        top=min(piece.top for piece in row),
        size=max(piece.size for piece in row),
    )


def _placed(flow: Sequence[PrintedLine], left: float, right: float) -> Iterator[PrintedLine]:
    """The lines of one flow, a column's stretched to the page's measure."""
    own_left, own_right = min(each.left for each in flow), max(each.right for each in flow)
    if own_right - own_left > 0.7 * (right - left) or len(flow) < _LEAST_ROWS:
        yield from flow
        return
    for line in flow:
        near = line.left - own_left
        yield replace(line, left=left + near, right=max(right - (own_right - line.right), left + near + 0.1))
