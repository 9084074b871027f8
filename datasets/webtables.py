"""HTML tables: a page that holds them, and the "XLS" that many office systems export, which is an HTML table under
another name.
"""

from __future__ import annotations

import re
from typing import Any

from datasets.delimited import decode
from datasets.grids import Grid, Merge, TableUnreadable, bounded
from datasets.settings import DatasetSettings

_MAX_SPAN = 1000
_SPACE = re.compile(r"[ \t\r\n\xa0]+")


def read_webtables(data: bytes, name: str, settings: DatasetSettings) -> tuple[Grid, ...]:
    """Every innermost table of at least two rows and two columns: outer tables are page layout.

    Raises TableUnreadable.
    """
    from lxml import html

    text, charset, findings = decode(data, name)
    # An XML declaration inside text makes lxml refuse it.
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", text)
    try:
        root = html.fromstring(text, parser=html.HTMLParser(no_network=True, huge_tree=False))
    except (ValueError, TypeError, AssertionError) as error:
        raise TableUnreadable(name=name, why="网页内容无法解析") from error
    except Exception as error:
        raise TableUnreadable(name=name, why="网页内容无法解析") from error
    grids = []
    for table in root.iter("table"):
        if table.find(".//table") is not None:
            continue
        rows, merges = _lay_out(table, settings)
        kept = bounded(rows, name, settings)
        if len(kept) >= 2 and max(map(len, kept)) >= 2:
            grids.append(Grid(name="", rows=kept, merges=merges, charset=charset, findings=findings))
    return tuple(grids)


def _lay_out(table: Any, settings: DatasetSettings) -> tuple[list[list[str]], tuple[Merge, ...]]:
    """Cells at the places their spans leave them."""
    rows: list[list[str]] = []
    merges: list[Merge] = []
    taken: set[tuple[int, int]] = set()
    for number, row in enumerate(table.iter("tr")):
        texts: list[str] = []
        column = 0
        for cell in row.iterchildren("td", "th"):
            while (number, column) in taken:
                texts.append("")
                column += 1
            down, across = _span(cell, "rowspan"), _span(cell, "colspan")
            across = min(across, settings.max_columns)
            texts.append(_SPACE.sub(" ", cell.text_content()).strip())
            texts.extend("" for _ in range(across - 1))
            if down > 1 or across > 1:
                merges.append(Merge(top=number, left=column, bottom=number + down - 1, right=column + across - 1))
                taken.update((r, c) for r in range(number + 1, number + down) for c in range(column, column + across))
            column += across
        rows.append(texts)
    return rows, tuple(merges)


def _span(cell: Any, name: str) -> int:
    text = cell.get(name, "1").strip()
    return min(max(int(text), 1), _MAX_SPAN) if text.isdecimal() else 1
