"""A grid: one sheet as it came, every cell as the text a person would see, before anybody asks what it means.

Readers turn bytes into rows of text; `bounded` is the one place where their size is held in check, so that a file of
a stranger cannot fill the memory whatever its format.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from datasets.settings import DatasetSettings
from gazette.errors import Finding, GongbaoError, Level, Locator

Rows = tuple[tuple[str, ...], ...]


class TableUnreadable(GongbaoError):
    code = "table.unreadable"
    zh, en = "无法读取表格 {name}：{why}", "Cannot read the table {name}: {why}"


class TableTooLarge(GongbaoError):
    code = "table.too_large"
    status = 413
    zh, en = "表格 {name} 过大：{why}", "The table {name} is too large: {why}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """A merged range; rows and columns count from 0, both ends belong to it."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """One sheet. Rows may be ragged; a merged range has its text in its first cell only."""

    name: str
    rows: Rows
    merges: tuple[Merge, ...] = ()
    charset: str | None = None
    findings: tuple[Finding, ...] = ()


def doubt(level: Level, code: str, message: str, line: int | None = None) -> Finding:
    """A finding about a table; `line` is the row in the file as a person counts it, from 1."""
    return Finding(level=level, code=code, message=message, locator=Locator(line=line))


def bounded(rows: Iterable[Iterable[str]], name: str, settings: DatasetSettings) -> Rows:
    """`rows` without trailing blanks, each within bounds; raises TableTooLarge."""
    kept: list[tuple[str, ...]] = []
    cells = 0
    filled = 0
    for number, row in enumerate(rows, 1):
        texts = list(row)
        while texts and not texts[-1].strip():
            texts.pop()
        # A blank row costs as much as a cell: a sheet may have a million of them.
        cells += len(texts) + 1
        if len(texts) > settings.max_columns:
            raise TableTooLarge(name=name, why=f"第{number}行超过 {settings.max_columns} 列")
        if cells > settings.max_cells:
            raise TableTooLarge(name=name, why=f"超过 {settings.max_cells} 个单元格")
        if any(len(text) > settings.max_cell_chars for text in texts):
            raise TableTooLarge(name=name, why=f"第{number}行有超过 {settings.max_cell_chars} 字的单元格")
        kept.append(tuple(texts))
        if texts:
            filled = len(kept)
    return tuple(kept[:filled])


def cell_text(value: object, number_format: str = "General") -> str:
    """The text a spreadsheet shows for a stored value, as far as it bears meaning: leading zeros of a format of
    zeros, per cent signs, ISO dates; never the binary noise of a float."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return _number_text(value, number_format)
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ", "seconds")
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return str(value)


def _number_text(value: float, number_format: str) -> str:
    shown = number_format.split(";")[0]
    if re.fullmatch(r"0{2,}", shown) and value == int(value) and value >= 0:
        return str(int(value)).zfill(len(shown))
    if shown.endswith("%"):
        places = len(shown.rstrip("%").partition(".")[2])
        return f"{value * 100:.{places}f}%"
    if value != value or value in (float("inf"), float("-inf")):
        return ""
    # 15 significant digits are what a spreadsheet keeps; 0.1+0.2 is 0.3 there.
    text = format(Decimal(format(value, ".15g")), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
