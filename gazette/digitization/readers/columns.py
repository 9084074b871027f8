"""Reading order of what is printed on pages: from top to bottom, and between lines that cross the page column by
column.

A page tells its columns by itself where their lines fill them. An issue set in columns also has pages of short lines
(lists, signatures, the last page): they are read by the gutter of the others.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import median

from gazette.digitization.readers.printed import PrintedLine

#: A gutter is looked for in strips of this width (in line heights).
_STEP = 0.5
#: Of a page's lines at most this share crosses its gutter.
_MOST_CROSSING = 0.34
#: A column has at least so many rows and is so wide (in line heights).
_LEAST_ROWS, _LEAST_WIDTH = 4, 5.0
#: The rows of a column fill it so far, or so many of them, and this share, reach its right edge.
_LEAST_FILL, _LEAST_FULL, _FULL_SHARE = 0.6, 4, 0.2
#: A full row is this wide at least (of its column), and ends this near to the edge (in line heights).
_FULL_WIDTH, _FULL_NEAR = 0.75, 1.8
#: Of the rows to the right of another page's gutter this share begin at the column's left edge or indented by two.
_LEAST_ALIGNED, _EDGE_NEAR, _INDENT = 0.6, 0.8, 1.5
#: Gutters nearer than this are one (in line heights).
_SAME_GUTTER = 2.0
#: Pieces of one row keep their middles within this of each other (in line heights).
_SAME_ROW = 0.5


@dataclass(frozen=True, slots=True)
class _Gutter:
    """The white strip between two columns: its middle, and where the columns beside it begin and end."""

    at: float
    left: float
    inner_left: float
    inner_right: float
    right: float


def in_reading_order(pages: Sequence[Sequence[PrintedLine]]) -> list[list[PrintedLine]]:
    """The lines of each page as they are read, pieces of one row joined with a space. Lines of columns are placed as
    if their column were the page, so that a full line is told by its right end."""
    own = [_find_gutter(pieces) for pieces in pages]
    known = _settle([(gutter, pieces) for gutter, pieces in zip(own, pages, strict=True) if gutter is not None])
    return [_ordered(pieces, _choose(gutter, known, pieces)) for gutter, pieces in zip(own, pages, strict=True)]


def _ordered(pieces: Sequence[PrintedLine], gutter: _Gutter | None) -> list[PrintedLine]:
    if gutter is None:
        return [_as_line(row) for row in _rows(pieces)]
    return [line for flow in _flows(pieces, gutter) for line in flow]


def _choose(own: float | None, known: Sequence[_Gutter], pieces: Sequence[PrintedLine]) -> _Gutter | None:
    """The gutter of a page: its own, or another page's that its lines keep clear of."""
    if own is not None:
        return min(known, key=lambda each: abs(each.at - own))
    return next((gutter for gutter in known if _keeps(pieces, gutter)), None)


def _settle(found: Sequence[tuple[float, Sequence[PrintedLine]]]) -> list[_Gutter]:
    """The gutters of all pages, those of one place as one, the most frequent first."""
    groups: list[list[tuple[float, Sequence[PrintedLine]]]] = []
    for at, pieces in sorted(found, key=lambda each: each[0]):
        if groups and at - groups[-1][-1][0] < _SAME_GUTTER * median(each.size for each in pieces):
            groups[-1].append((at, pieces))
        else:
            groups.append([(at, pieces)])
    groups.sort(key=len, reverse=True)
    return [
        _measured(median(at for at, _pieces in group), [each for _at, page in group for each in page])
        for group in groups
    ]


def _measured(at: float, pieces: Sequence[PrintedLine]) -> _Gutter:
    """The gutter with the edges that most lines of its columns keep."""
    first = [each for each in pieces if each.right <= at]
    second = [each for each in pieces if each.left >= at]
    return _Gutter(
        at,
        _edge(first, is_left=True),
        _edge(first, is_left=False),
        _edge(second, is_left=True),
        _edge(second, is_left=False),
    )


def _edge(pieces: Sequence[PrintedLine], *, is_left: bool) -> float:
    """The place where the outermost tenth of the lines begin or end."""
    places = sorted((each.left for each in pieces) if is_left else (-each.right for each in pieces))
    place = places[len(places) // 10]
    return place if is_left else -place


def _keeps(pieces: Sequence[PrintedLine], gutter: _Gutter) -> bool:
    """Whether rows stand side by side here as in the columns of that gutter."""
    aside = [each for each in pieces if each.text and each.left >= gutter.at]
    if len(aside) < _LEAST_ROWS:
        return False
    indents = [(each.left - gutter.inner_right) / each.size for each in aside]
    aligned = sum(min(abs(indent), abs(indent - _INDENT)) < _EDGE_NEAR for indent in indents)
    return aligned >= _LEAST_ALIGNED * len(aside)


def _flows(pieces: Sequence[PrintedLine], gutter: _Gutter) -> Iterator[list[PrintedLine]]:
    """Runs of rows that share one measure: the whole page's, or one column's."""
    band: list[PrintedLine] = []
    across: list[PrintedLine] = []
    for row in _rows(pieces):
        if any(piece.left < gutter.at < piece.right for piece in row):
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


def _halves(band: Sequence[PrintedLine], gutter: _Gutter) -> Iterator[list[PrintedLine]]:
    for half, left, right in (
        ([each for each in band if each.right <= gutter.at], gutter.left, gutter.inner_left),
        ([each for each in band if each.right > gutter.at], gutter.inner_right, gutter.right),
    ):
        at = _find_gutter(half)
        lines = _ordered(half, _measured(at, half) if at is not None else None)
        if lines:
            yield [_widened(line, left, right, gutter) for line in lines]


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
    """Rows that fill a measure, or keep to one that some of them fill."""
    rows = list(_rows(pieces))
    if len(rows) < _LEAST_ROWS:
        return False
    right = max(each.right for each in pieces)
    width = right - min(each.left for each in pieces)
    if width < _LEAST_WIDTH * size:
        return False
    if median(sum(each.right - each.left for each in row) for row in rows) >= _LEAST_FILL * width:
        return True
    full = sum(
        len(row) == 1 and row[0].right - row[0].left > _FULL_WIDTH * width and row[0].right > right - _FULL_NEAR * size
        for row in rows
    )
    return full >= max(_LEAST_FULL, _FULL_SHARE * len(rows))


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


def _widened(line: PrintedLine, left: float, right: float, gutter: _Gutter) -> PrintedLine:
    """A column's line stretched to the page's measure; a table keeps its place, by which it is known."""
    if not line.text:
        return line
    near = gutter.left + line.left - left
    return replace(line, left=near, right=max(gutter.right - (right - line.right), near + 0.1))
