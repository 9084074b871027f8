"""Tables of a page: which hold data, and their cells with spans repeated."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gazette.digitization.blocks import fold_spaces

#: A cell with more characters than this lays out the page; a data cell is short.
_LAYOUT_CELL = 600
_MAX_SPAN = 100


def data_rows(table: Any) -> tuple[tuple[str, ...], ...] | None:
    """The cells of a table of data, spans repeated; None for a table that lays out the page."""
    if table.find(".//table") is not None:
        return None
    rows = [[cell for cell in row if cell.tag in ("td", "th")] for row in table.iter("tr")]
    cells = [cell for row in rows for cell in row]
    if len(cells) < 2 or max(len(row) for row in rows) < 2:
        return None
    if any(len("".join(cell.itertext())) > _LAYOUT_CELL and len(cell.findall(".//p")) > 3 for cell in cells):
        return None
    return _spread(rows)


def _spread(rows: list[list[Any]]) -> tuple[tuple[str, ...], ...]:
    """Repeat the text of spanning cells over every place they cover."""
    carried: dict[int, tuple[int, str]] = {}
    spread: list[tuple[str, ...]] = []
    for row in rows:
        out: list[str] = []
        cells: Iterator[Any] = iter(row)
        cell = next(cells, None)
        while cell is not None or len(out) in carried:
            column = len(out)
            if column in carried:
                left, text = carried.pop(column)
                if left > 1:
                    carried[column] = (left - 1, text)
                out.append(text)
                continue
            assert cell is not None  # noqa: S101 - the loop's condition
            text = fold_spaces(" ".join(part for part in cell.itertext() if part.strip()))
            for offset in range(_span(cell, "colspan")):
                out.append(text)
                if _span(cell, "rowspan") > 1:
                    carried[column + offset] = (_span(cell, "rowspan") - 1, text)
            cell = next(cells, None)
        spread.append(tuple(out))
    return tuple(spread)


def _span(cell: Any, name: str) -> int:
    value = (cell.get(name) or "1").strip()
    return min(max(int(value), 1), _MAX_SPAN) if value.isdecimal() else 1
