"""From a grid to a table: where the header stands, what belongs to it, and what is no data.

Official tables carry a title above, a header of several merged rows, subtitles and totals between, notes below. Only
rows of data stay in the table; everything taken away is named in a finding or kept as title and notes, and the
original file stands beside the cleaned one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from datasets import cells
from datasets.grids import Grid, Merge, Rows, doubt
from datasets.words import says
from gazette.errors import Finding, Level

_HEADER_SEARCH_ROWS = 30
_MAX_HEADER_DEPTH = 6
_MAX_LABEL_CHARS = 80
#: A merged range over this share of the width is a line of its own: title, subtitle, note.
_BANNER_SHARE = 0.6
#: A nameless column past the header that fewer rows than this fill is made of cells that slipped to the right.
_OVERFLOW_SHARE = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Header and rows of equal width. `lines` is the row in the file, counted from 1, of each row."""

    name: str
    title: str | None
    notes: tuple[str, ...]
    header: tuple[str, ...]
    rows: Rows
    lines: tuple[int, ...]
    has_header: bool = True
    charset: str | None = None
    findings: tuple[Finding, ...] = ()


@dataclass
class _Sheet:
    """A grid laid out for reading: padded, merges filled in, its lines of text marked."""

    rows: list[list[str]]
    own: list[bool]
    banners: set[int]
    merges: Sequence[Merge]
    findings: list[Finding] = field(default_factory=list)

    @property
    def width(self) -> int:
        return len(self.rows[0]) if self.rows else 0

    def filled(self, row: int) -> list[str]:
        return [text for text in self.rows[row] if text]


def find_table(grid: Grid) -> Table | None:
    """The table of a grid; None where there is not one row of data and no header."""
    sheet = _lay_out(grid)
    if not any(sheet.own):
        return None
    start, depth = _find_header(sheet)
    header = _name_columns(sheet, start, depth)
    title, notes = _read_preamble(sheet, start)
    body, footnotes = _read_body(sheet, start, depth)
    rows, header = _cut_overflow(sheet, body, header)
    if not rows:
        sheet.findings.append(doubt(Level.ERROR, "table.empty", "只有表头，没有数据", start + 1))
    return Table(
        name=grid.name,
        title=title,
        notes=(*notes, *footnotes),
        header=_unique(sheet, header),
        rows=rows,
        lines=tuple(row + 1 for row in body),
        has_header=depth > 0,
        charset=grid.charset,
        findings=(*grid.findings, *sheet.findings),
    )


def find_tables(grids: Sequence[Grid]) -> tuple[Table, ...]:
    """The tables of a file. One without header that follows one of the same width is its continuation: pages cut
    long tables to pieces."""
    tables: list[Table] = []
    for grid in grids:
        table = find_table(grid)
        if table is None or not table.header:
            continue
        before = tables[-1] if tables else None
        if before and not table.has_header and before.name == table.name and len(before.header) == len(table.header):
            tables[-1] = _continue(before, table)
        else:
            tables.append(table)
    return tuple(tables)


def _continue(table: Table, more: Table) -> Table:
    message = f"后面一张没有表头的表（{len(more.rows)} 行）已接在本表之后"
    return replace(
        table,
        rows=table.rows + more.rows,
        lines=table.lines + tuple(table.lines[-1] + line for line in more.lines) if table.lines else more.lines,
        notes=table.notes + more.notes,
        findings=(*table.findings, doubt(Level.WARNING, "table.continued", message)),
    )


def _lay_out(grid: Grid) -> _Sheet:
    width = max(map(len, grid.rows), default=0)
    rows = [[cells.tidy(text) for text in row] + [""] * (width - len(row)) for row in grid.rows]
    own = [any(row) for row in rows]
    used = sum(any(row[column] for row in rows) for column in range(width))
    banners: set[int] = set()
    filled_down = 0
    for merge in grid.merges:
        bottom, right = min(merge.bottom, len(rows) - 1), min(merge.right, width - 1)
        if merge.top > bottom or merge.left > right:
            continue
        text = rows[merge.top][merge.left]
        if right - merge.left + 1 >= max(2, _BANNER_SHARE * used):
            if sum(map(bool, rows[merge.top])) == 1:
                banners.add(merge.top)
            continue
        for row in range(merge.top, bottom + 1):
            for column in range(merge.left, right + 1):
                filled_down += row > merge.top and own[row] and bool(text)
                rows[row][column] = rows[row][column] or text
    sheet = _Sheet(rows=rows, own=own, banners=banners, merges=grid.merges)
    if filled_down:
        sheet.findings.append(doubt(Level.INFO, "table.merged_cells", f"合并单元格的内容已填入 {filled_down} 个格子"))
    return sheet


def _find_header(sheet: _Sheet) -> tuple[int, int]:
    """First row and depth of the header; depth 0 when the data begins at once."""
    counts = sorted(len(sheet.filled(row)) for row in range(len(sheet.rows)) if sheet.own[row])
    typical = counts[len(counts) * 3 // 4]
    candidates = [row for row in range(len(sheet.rows)) if sheet.own[row]][:_HEADER_SEARCH_ROWS]
    for row in candidates:
        if row in sheet.banners or not _is_wide_enough(sheet.rows[row], typical):
            continue
        filled = sheet.filled(row)
        if all(says("caption", text) for text in filled) or any(len(text) > _MAX_LABEL_CHARS for text in filled):
            continue
        if _is_data(sheet, row):
            return row, 0
        return row, _header_depth(sheet, row)
    return candidates[0], 0


def _is_wide_enough(row: Sequence[str], typical: int) -> bool:
    """Names for most columns; or for all but the first, whose name is often left out."""
    filled = [text for text in row if text]
    if not row[0] and len(filled) == len(row) - 1:
        return True
    return len(set(filled)) >= min(2, typical) and len(filled) >= 0.6 * typical


def _is_data(sheet: _Sheet, start: int) -> bool:
    """Whether a row is data already: of the columns that hold values below, it has values in most."""
    below = [row for row in range(start + 1, len(sheet.rows)) if sheet.own[row]][:20]
    agreeing = differing = 0
    for column, text in enumerate(sheet.rows[start]):
        under = [sheet.rows[row][column] for row in below if sheet.rows[row][column]]
        if text and under and sum(map(_is_value, under)) >= 0.8 * len(under):
            agreeing += _is_value(text)
            differing += not _is_value(text)
    return agreeing > differing


def _is_value(text: str) -> bool:
    """A number or a date. Years are names as often as values: many tables have a column a year."""
    plain = cells.fold(text)
    if not plain or cells.year(plain):
        return False
    return any(kind(plain) is not None for kind in (cells.number, cells.percent, cells.date)) or (
        plain.isdecimal() and cells.has_leading_zero(plain)
    )


def _header_depth(sheet: _Sheet, start: int) -> int:
    depth = 1
    while depth < _MAX_HEADER_DEPTH and start + depth < len(sheet.rows):
        row = start + depth
        if not (_is_merged_with(sheet, start, row) or _completes(sheet, row)):
            break
        depth += 1
    return depth


def _is_merged_with(sheet: _Sheet, start: int, row: int) -> bool:
    """A merged label reaches down into this row, or one just above spreads over several names in it."""
    if row in sheet.banners or any(map(_is_value, sheet.rows[row])):
        return False
    above = [merge for merge in sheet.merges if start <= merge.top < row and merge.top not in sheet.banners]
    return any(
        row <= merge.bottom or (sheet.own[row] and merge.bottom == row - 1 and merge.right > merge.left)
        for merge in above
    )


def _completes(sheet: _Sheet, row: int) -> bool:
    """A merged header saved as CSV: blanks to the right of a group's name, the members' names below.

    Strict, for a false second row would eat data: every group must be named in full and nothing else.
    """
    upper, lower = sheet.rows[row - 1], sheet.rows[row]
    if not upper[0] or not any(lower) or any(map(_is_value, lower)) or row + 1 >= len(sheet.rows):
        return False
    starts = [column for column, text in enumerate(upper) if text] + [len(upper)]
    groups = [range(first, after) for first, after in pairwise(starts)]
    if not any(len(group) > 1 for group in groups):
        return False
    for group in groups:
        names = [lower[column] for column in group]
        if len(group) == 1 and names[0]:
            return False
        if len(group) > 1 and (not all(names) or len(set(names)) < len(names)):
            return False
    for group in groups:
        for column in group:
            sheet.rows[row - 1][column] = upper[group[0]]
    return True


def _name_columns(sheet: _Sheet, start: int, depth: int) -> list[str]:
    """One name a column: the names of all levels, each said once (空气质量_PM2.5)."""
    if depth == 0:
        sheet.findings.append(doubt(Level.WARNING, "table.no_header", "没有找到表头，已按列序命名", start + 1))
        return [f"列{column + 1}" for column in range(sheet.width)]
    names = []
    for column in range(sheet.width):
        levels: list[str] = []
        for row in range(start, start + depth):
            text = sheet.rows[row][column]
            if text and (not levels or levels[-1] != text):
                levels.append(text)
        names.append("_".join(levels))
    if depth > 1:
        sheet.findings.append(doubt(Level.INFO, "table.deep_header", f"{depth} 层表头已合并为一层", start + 1))
    return names


def _read_preamble(sheet: _Sheet, start: int) -> tuple[str | None, tuple[str, ...]]:
    """The title (the first line that is no caption) and the other lines above the header."""
    lines = ["　".join(dict.fromkeys(sheet.filled(row))) for row in range(start) if sheet.own[row]]
    title = next((line for line in lines if not says("caption", line)), None)
    if lines:
        sheet.findings.append(doubt(Level.INFO, "table.preamble", f"表头上方有 {len(lines)} 行说明文字，已移出数据"))
    return title, tuple(line for line in lines if line != title)


def _read_body(sheet: _Sheet, start: int, depth: int) -> tuple[list[int], tuple[str, ...]]:
    """The rows of data, and the notes below them."""
    labels = [cells.fold(text) for text in sheet.rows[start + depth - 1]] if depth else []
    body = [row for row in range(start + depth, len(sheet.rows)) if sheet.own[row]]
    notes: list[str] = []
    while body and _is_note(sheet, body[-1]):
        notes.insert(0, "　".join(dict.fromkeys(sheet.filled(body.pop()))))
    if notes:
        sheet.findings.append(doubt(Level.INFO, "table.notes", f"表格下方有 {len(notes)} 行注释，已移出数据"))
    kept = []
    for row in body:
        if row in sheet.banners:
            text = sheet.filled(row)[0]
            sheet.findings.append(doubt(Level.INFO, "table.subtitle", f"小标题“{text}”已移出数据", row + 1))
        elif labels and _repeats(sheet.rows[row], labels):
            sheet.findings.append(doubt(Level.INFO, "table.repeated_header", "重复的表头已移出数据", row + 1))
        elif row == start + depth and depth and _is_numbering(sheet.filled(row)):
            sheet.findings.append(doubt(Level.INFO, "table.column_numbers", "栏次行已移出数据", row + 1))
        elif any(says("total", text) for text in sheet.filled(row)[:2]):
            sheet.findings.append(doubt(Level.INFO, "table.total", "合计行已移出数据", row + 1))
        else:
            kept.append(row)
    return kept, tuple(notes)


def _is_note(sheet: _Sheet, row: int) -> bool:
    filled = sheet.filled(row)
    if row in sheet.banners:
        return True
    if sheet.width < 2 or len(filled) > max(1, 0.3 * sheet.width):
        return False
    if says("note", filled[0]) or all(says("caption", text) for text in filled):
        return True
    return len(filled) == 1 and sheet.width >= 3 and len(filled[0]) > 40


def _repeats(row: Sequence[str], labels: Sequence[str]) -> bool:
    filled = [(cells.fold(text), label) for text, label in zip(row, labels, strict=True) if text]
    return len(filled) >= 2 and sum(text == label for text, label in filled) >= 0.8 * len(filled)


def _is_numbering(filled: Sequence[str]) -> bool:
    """栏次: 甲 乙 1 2 3 … under the header of statistical reports."""
    marks = [text for text in filled if text not in {"甲", "乙", "丙", "丁", "戊", "栏次", "栏目"}]
    counted = marks == [str(number) for number in range(1, len(marks) + 1)]
    # Without 甲 or 栏次, 1 2 3 may be a row of data.
    return counted and len(marks) >= (1 if len(marks) < len(filled) else 8)


def _cut_overflow(sheet: _Sheet, body: Sequence[int], header: list[str]) -> tuple[Rows, list[str]]:
    """Drop empty nameless columns; cells that slipped past the header are errors of their rows."""
    named = max((column for column, name in enumerate(header) if name), default=-1)
    keep = []
    for column, name in enumerate(header):
        filled = [row for row in body if sheet.rows[row][column]]
        if name or (filled and (column < named or len(filled) > _OVERFLOW_SHARE * len(body))):
            keep.append(column)
            continue
        for row in filled:
            message = f"多出一格“{sheet.rows[row][column][:40]}”，这一行可能错位"
            sheet.findings.append(doubt(Level.ERROR, "extra-cell", message, row + 1))
    return tuple(tuple(sheet.rows[row][column] for column in keep) for row in body), [header[each] for each in keep]


def _unique(sheet: _Sheet, header: Sequence[str]) -> tuple[str, ...]:
    """Every column named, no name twice."""
    names: list[str] = []
    for number, name in enumerate(header, 1):
        if not name:
            name = f"列{number}"
            sheet.findings.append(doubt(Level.WARNING, "table.blank_label", f"第{number}列没有名称，已命名为“{name}”"))
        unique, copy = name, 1
        while unique in names:
            copy += 1
            unique = f"{name}_{copy}"
        if unique != name:
            message = f"列名“{name}”重复，第{number}列已改称“{unique}”"
            sheet.findings.append(doubt(Level.WARNING, "table.duplicate_label", message))
        names.append(unique)
    return tuple(names)
