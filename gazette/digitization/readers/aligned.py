"""Tables without rules: rows of short pieces whose columns white space alone keeps apart.

Only plain cases are taken: three full rows and more, three columns and more, the same white strips down all of them,
and a column of figures. Names set in columns, prose in columns and a contents page have none, and stay lines.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import pairwise

from gazette.digitization.readers.lines import glue
from gazette.digitization.readers.pdf_page import CELL_GAP
from gazette.digitization.readers.printed import PrintedLine
from gazette.digitization.readers.ruled import Grid

#: A table has at least so many full rows and columns.
_LEAST_ROWS, _LEAST_COLUMNS = 3, 3
#: White down all rows parts columns where it is as wide as what parts their cells.
_STRIP = CELL_GAP
#: Rows of a table follow each other within so many line heights.
_NEXT_ROW = 3.2
#: Pieces of one row keep their middles within this of each other (in line heights).
_SAME_ROW = 0.5
#: Of a column of figures at least this share of the cells below the head are.
_MOSTLY = 0.66
_FIGURE = re.compile(r"(?=.*\d)[\d\s.,，%％/:：\-—–~～+≥≤<>±×()（）年月日元万亿]+")


def may_hold_tables(pieces: Sequence[PrintedLine]) -> bool:
    """Whether a page has as many rows of several pieces as the least table, so that a closer look is worth its time."""
    return len(pieces) > _LEAST_ROWS and sum(len(row) > 1 for row in _rows(pieces)) >= _LEAST_ROWS


def find_aligned(pieces: Sequence[PrintedLine]) -> tuple[Grid, ...]:
    """The tables without rules among the pieces of one page, parted at every gap, from top to bottom."""
    rows = list(_rows(pieces))
    found: list[Grid] = []
    at = 0
    while at < len(rows):
        table = _table_at(rows, at) if len(rows[at]) >= _LEAST_COLUMNS else None
        if table is None:
            at += 1
        else:
            found.append(table[0])
            at += table[1]
    return tuple(found)


def _table_at(rows: Sequence[Sequence[PrintedLine]], start: int) -> tuple[Grid, int] | None:
    """The table that begins with the row `start`, and how many rows it takes."""
    full = start + 1
    for at in range(start + 1, len(rows)):
        if not _follows(rows[at - 1], rows[at]) or len(_strips(rows[start : at + 1])) < _LEAST_COLUMNS - 1:
            break
        if len(rows[at]) >= _LEAST_COLUMNS:
            full = at + 1
    taken = rows[start:full]
    strips = _strips(taken)
    if len(strips) < _LEAST_COLUMNS - 1:
        return None
    cells = [_cells(row, [(left + right) / 2 for left, right in strips]) for row in taken]
    whole = _whole_rows(cells)
    if len(whole) < _LEAST_ROWS or not _has_figures(whole):
        return None
    used = [piece for row in taken for piece in row]
    borders = ((left + right) / 2 for left, right in strips)
    grid = Grid(
        rows=tuple(whole),
        columns=(min(piece.left for piece in used), *borders, max(piece.right for piece in used)),
        top=min(piece.top for piece in used),
        bottom=max(piece.top + piece.size for piece in used),
    )
    return grid, len(taken)


def _rows(pieces: Sequence[PrintedLine]) -> Iterator[list[PrintedLine]]:
    row: list[PrintedLine] = []
    for piece in sorted(pieces, key=lambda each: each.top + each.size / 2):
        middle = piece.top + piece.size / 2
        if row and middle - (row[0].top + row[0].size / 2) > _SAME_ROW * min(piece.size, row[0].size):
            yield sorted(row, key=lambda each: each.left)
            row = []
        row.append(piece)
    if row:
        yield sorted(row, key=lambda each: each.left)


def _follows(before: Sequence[PrintedLine], row: Sequence[PrintedLine]) -> bool:
    """Whether a row may go on with the table of the row before: near, and in print of its size."""
    size, other = before[0].size, row[0].size
    return row[0].top - before[0].top < _NEXT_ROW * size and abs(size - other) < 0.3 * max(size, other)


def _strips(rows: Sequence[Sequence[PrintedLine]]) -> list[tuple[float, float]]:
    """The white strips that part the columns of all the rows."""
    pieces = sorted((piece for row in rows for piece in row), key=lambda each: each.left)
    covered = [(pieces[0].left, pieces[0].right)]
    for piece in pieces[1:]:
        left, right = covered[-1]
        if piece.left < right + _STRIP * piece.size:
            covered[-1] = left, max(right, piece.right)
        else:
            covered.append((piece.left, piece.right))
    return [(one[1], other[0]) for one, other in pairwise(covered)]


def _cells(row: Sequence[PrintedLine], borders: Sequence[float]) -> tuple[str, ...]:
    cells = [""] * (len(borders) + 1)
    for piece in row:
        column = bisect_right(borders, (piece.left + piece.right) / 2)
        cells[column] = f"{cells[column]} {piece.text}".strip()
    return tuple(cells)


def _whole_rows(rows: Sequence[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """The rows, the broken end of a long cell put back to the row it belongs to."""
    whole: list[tuple[str, ...]] = []
    for row in rows:
        if whole and sum(map(bool, row)) < _LEAST_COLUMNS and not row[0]:
            whole[-1] = tuple(glue(above, cell) if cell else above for above, cell in zip(whole[-1], row, strict=True))
        else:
            whole.append(row)
    return whole


def _has_figures(rows: Sequence[tuple[str, ...]]) -> bool:
    """Whether every row fills three columns, and one column below the head is of figures."""
    if any(sum(map(bool, row)) < _LEAST_COLUMNS for row in rows):
        return False
    columns = list(zip(*rows[1:], strict=True))
    return any(sum(bool(_FIGURE.fullmatch(cell)) for cell in column) >= _MOSTLY * len(column) for column in columns)
