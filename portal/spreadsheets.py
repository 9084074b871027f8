"""Tables to download as CSV: what a spreadsheet opens without harm, sent a few hundred lines at a time."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

#: Without it Excel takes UTF-8 for something else.
BYTE_ORDER_MARK = "\ufeff"
_LINES = 200
#: Spreadsheets take a cell that begins so for a formula; full-width signs too, where they are typed in Chinese.
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")


def csv_row(cells: Iterable[str | None]) -> str:
    """One line of CSV, its end included."""
    out = io.StringIO()
    csv.writer(out).writerow([f"'{cell}" if cell and cell.startswith(_FORMULA) else cell or "" for cell in cells])
    return out.getvalue()


def in_lots(lines: Iterable[str]) -> Iterator[str]:
    """A few hundred lines at a time: one write a line would be slow, all of them at once large."""
    lot: list[str] = []
    for line in lines:
        lot.append(line)
        if len(lot) == _LINES:
            yield "".join(lot)
            lot.clear()
    yield "".join(lot)
