"""Tables as print shows them: rules that enclose cells, and the letters in each cell.

Lines drawn over each other count once, lines that touch belong to one table. A cell that spans several places is
repeated in each of them, as in every other table we read.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from gazette.digitization.readers.lines import OPENER, glue
from gazette.digitization.readers.pdf_page import SAME_LINE, Letter, Rule, iter_pieces

#: Rules that miss each other by less than this touch (points).
_TOUCH = 3.0
#: A rule that reaches beyond the last one across it by more than this opens a cell without an outer rule (points).
_OPEN_SIDE = 12.0
#: Of a table's cells at least this share holds text; boxes of a drawing are mostly empty.
_LEAST_FILLED = 0.34
#: Where a table has no more ruled rows than this, one of them may hold at least so many printed ones.
_MOST_RULED, _UNRULED_ROWS = 3, 3
#: Tables of two pages have the same columns where their upright rules differ by less than this (points).
_SAME_COLUMN = 8.0


@dataclass(frozen=True, slots=True)
class Grid:
    """A table on one page: its cells' text, and where its columns begin and end."""

    rows: tuple[tuple[str, ...], ...]
    columns: tuple[float, ...]
    top: float
    bottom: float

    @property
    def left(self) -> float:
        return self.columns[0]

    @property
    def right(self) -> float:
        return self.columns[-1]

    def holds(self, letter: Letter) -> bool:
        return self.left <= (letter.left + letter.right) / 2 <= self.right and self.top <= letter.middle <= self.bottom


@dataclass(frozen=True, slots=True)
class _CellLine:
    """One line of print in a cell."""

    text: str
    middle: float
    right: float
    size: float


def find_grids(rules: Sequence[Rule], letters: Sequence[Letter]) -> tuple[Grid, ...]:
    """The tables of one page, from top to bottom; one inside another's cell is part of it."""
    found = sorted(
        (grid for group in _touching(_merged(rules)) if (grid := _grid(group, letters)) is not None),
        key=lambda grid: (grid.top, -grid.bottom),
    )
    outer: list[Grid] = []
    for grid in found:
        if not any(each.top - 1 <= grid.top and grid.bottom <= each.bottom + 1 for each in outer):
            outer.append(grid)
    return tuple(outer)


def joined(above: Grid, below: Grid) -> Grid | None:
    """A table that goes on at the top of the next page, its repeated head left out; None for two tables."""
    if len(above.columns) != len(below.columns):
        return None
    shift = below.left - above.left
    if any(abs(b - a - shift) > _SAME_COLUMN for a, b in zip(above.columns, below.columns, strict=True)):
        return None
    repeated = 0
    while repeated < min(len(above.rows), len(below.rows)) and above.rows[repeated] == below.rows[repeated]:
        repeated += 1
    return replace(above, rows=above.rows + below.rows[repeated:])


def _merged(rules: Sequence[Rule]) -> list[Rule]:
    """Rules in one line that touch, as one."""
    merged: list[Rule] = []
    for rule in sorted(rules, key=lambda each: (each.is_upright, round(each.at / _TOUCH), each.start)):
        for at in range(len(merged) - 1, max(-1, len(merged) - 40), -1):
            last = merged[at]
            if (
                last.is_upright == rule.is_upright
                and abs(last.at - rule.at) < _TOUCH / 2
                and rule.start <= last.end + _TOUCH
                and last.start <= rule.end + _TOUCH
            ):
                merged[at] = replace(last, start=min(last.start, rule.start), end=max(last.end, rule.end))
                break
        else:
            merged.append(rule)
    return merged


def _touching(rules: Sequence[Rule]) -> Iterator[list[Rule]]:
    """The rules in groups that hang together."""
    uprights = [rule for rule in rules if rule.is_upright]
    waiting = [rule for rule in rules if not rule.is_upright]
    groups: list[list[Rule]] = [[rule] for rule in uprights]
    for level in waiting:
        hit = [group for group in groups if any(_meet(level, each) for each in group if each.is_upright)]
        kept = [group for group in groups if not any(group is each for each in hit)]
        groups = [*kept, [level, *(rule for group in hit for rule in group)]]
    yield from groups


def _meet(level: Rule, upright: Rule) -> bool:
    return (
        level.start - _TOUCH <= upright.at <= level.end + _TOUCH
        and upright.start - _TOUCH <= level.at <= upright.end + _TOUCH
    )


def _grid(rules: Sequence[Rule], letters: Sequence[Letter]) -> Grid | None:
    levels = [rule for rule in rules if not rule.is_upright]
    uprights = [rule for rule in rules if rule.is_upright]
    if len(levels) < 2 or not uprights:
        return None
    columns, bands = _with_open_sides(uprights, levels), _with_open_sides(levels, uprights)
    if len(columns) < 3 or len(bands) < 2 or len(columns) > 60 or len(bands) > 400:
        return None
    empty = Grid(rows=(), columns=tuple(columns), top=bands[0], bottom=bands[-1])
    inside = [letter for letter in letters if empty.holds(letter)]
    rows = _rows(columns, bands, levels, uprights, inside)
    cells = [cell for row in rows for cell in row]
    if not cells or sum(map(bool, cells)) < _LEAST_FILLED * len(cells):
        return None
    return replace(empty, rows=rows)


def _with_open_sides(rules: Sequence[Rule], across: Sequence[Rule]) -> list[float]:
    """Where `rules` stand, and the ends of those across them where these reach beyond the outermost."""
    places = _places(rules)
    first, last = min(rule.start for rule in across), max(rule.end for rule in across)
    return [
        *([first] if first < places[0] - _OPEN_SIDE else []),
        *places,
        *([last] if last > places[-1] + _OPEN_SIDE else []),
    ]


def _places(rules: Sequence[Rule]) -> list[float]:
    """Where rules stand, those near each other as one place."""
    places: list[list[float]] = []
    for rule in sorted(rules, key=lambda each: each.at):
        if places and rule.at - places[-1][-1] < _TOUCH:
            places[-1].append(rule.at)
        else:
            places.append([rule.at])
    return [sum(each) / len(each) for each in places]


def _rows(
    columns: Sequence[float],
    bands: Sequence[float],
    levels: Sequence[Rule],
    uprights: Sequence[Rule],
    letters: Sequence[Letter],
) -> tuple[tuple[str, ...], ...]:
    """The text of every place of the grid; places without a rule between them are one cell."""
    cell_of = _cells(columns, bands, levels, uprights)
    held: dict[int, list[Letter]] = {}
    for letter in letters:
        across = _between(columns, (letter.left + letter.right) / 2)
        down = _between(bands, letter.middle)
        held.setdefault(cell_of[down][across], []).append(letter)
    rows: list[tuple[str, ...]] = []
    for row in cell_of:
        parts = [_lines(held.get(cell, ())) for cell in row]
        is_whole = len(set(row)) == len(row) and len(cell_of) <= _MOST_RULED
        rows += _unruled(parts) if is_whole else [tuple(map(_glued, parts))]
    return tuple(row for row in rows if any(row))


def _cells(
    columns: Sequence[float], bands: Sequence[float], levels: Sequence[Rule], uprights: Sequence[Rule]
) -> list[list[int]]:
    """For each place the number of its cell."""
    width = len(columns) - 1
    cell = list(range(width * (len(bands) - 1)))

    def root(at: int) -> int:
        while cell[at] != at:
            at = cell[at]
        return at

    for down, (top, bottom) in enumerate(pairwise(bands)):
        for across, (left, right) in enumerate(pairwise(columns)):
            here = down * width + across
            if across + 1 < width and not _is_ruled(uprights, right, (top + bottom) / 2):
                cell[root(here + 1)] = root(here)
            if down + 2 < len(bands) and not _is_ruled(levels, bottom, (left + right) / 2):
                cell[root(here + width)] = root(here)
    return [[root(down * width + across) for across in range(width)] for down in range(len(bands) - 1)]


def _is_ruled(rules: Sequence[Rule], at: float, along: float) -> bool:
    return any(abs(rule.at - at) < _TOUCH and rule.start - _TOUCH <= along <= rule.end + _TOUCH for rule in rules)


def _between(places: Sequence[float], at: float) -> int:
    """The band that `at` lies in; what stands just outside belongs to the outermost."""
    return min(max(bisect_right(places, at) - 1, 0), len(places) - 2)


def _lines(letters: Sequence[Letter]) -> list[_CellLine]:
    """The lines of one cell from top to bottom."""
    lines: list[_CellLine] = []
    pieces = list(iter_pieces(letters)) if letters else []
    for piece in sorted(pieces, key=lambda each: (round((each.top + each.bottom) / 4), each.left)):
        middle = (piece.top + piece.bottom) / 2
        if lines and abs(lines[-1].middle - middle) < SAME_LINE * piece.size:
            lines[-1] = replace(lines[-1], text=f"{lines[-1].text} {piece.text}", right=piece.right)
        else:
            lines.append(_CellLine(piece.text, middle, piece.right, piece.size))
    return lines


def _glued(lines: Sequence[_CellLine]) -> str:
    """The text of a cell: a line that fills the cell runs on, after a shorter one comes a space."""
    text, before = "", None
    full = max((line.right - 1.2 * line.size for line in lines), default=0.0)
    for line in lines:
        runs_on = before is not None and before.right >= full and not OPENER.match(line.text)
        text = glue(text, line.text) if runs_on else f"{text} {line.text}".strip()
        before = line
    return text


def _unruled(parts: Sequence[list[_CellLine]]) -> list[tuple[str, ...]]:
    """A row of the grid as printed rows: where every cell has as many lines on the same heights, each is a row."""
    count = len(parts[0])
    if count < _UNRULED_ROWS or any(len(part) != count for part in parts):
        return [tuple(map(_glued, parts))]
    steps = [b.middle - a.middle for a, b in pairwise(parts[0])]
    if any(abs(part[n].middle - parts[0][n].middle) > 0.3 * median(steps) for part in parts for n in range(count)):
        return [tuple(map(_glued, parts))]
    return [tuple(part[n].text for part in parts) for n in range(count)]
