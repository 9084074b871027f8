"""Builders of small files that look like what departments send."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest


@pytest.fixture
def write_csv(tmp_path: Path) -> Callable[..., Path]:
    """`write_csv("a.csv", "编号,名称\\n01,甲", encoding="gb18030")` gives the path."""

    def write(name: str, text: str, encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_bytes(text.encode(encoding))
        return path

    return write


@pytest.fixture
def write_xlsx(tmp_path: Path) -> Callable[..., Path]:
    """`write_xlsx("a.xlsx", rows, merges=("A1:C1",))` gives the path."""
    from openpyxl import Workbook

    def write(name: str, rows: Sequence[Sequence[object]], merges: Sequence[str] = ()) -> Path:
        book = Workbook()
        sheet = book.active
        for row in rows:
            sheet.append(list(row))
        for merge in merges:
            sheet.merge_cells(merge)
        path = tmp_path / name
        book.save(path)
        return path

    return write
