"""Spreadsheets: XLSX through openpyxl, BIFF XLS through xlrd. Formulas are never evaluated: the value the author's
program stored is what counts, and a formula without one is a finding.
"""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Iterator
from typing import Any

from datasets.grids import Grid, Merge, TableTooLarge, TableUnreadable, bounded, cell_text, doubt
from datasets.settings import DatasetSettings
from gazette.errors import Finding, Level

_MERGE = re.compile(rb'<(?:\w+:)?mergeCell\b[^>]*?\bref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')
_UNSTORED = re.compile(
    rb"<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)\s*(?:<(?:\w+:)?v\s*/>|<v></v>)?\s*</(?:\w+:)?c>"
)
_MAX_MERGES = 100_000
#: A workbook whose parts unpack to more than this times their size is a bomb, not a table.
_MAX_RATIO = 500


def read_xlsx(data: bytes, name: str, settings: DatasetSettings) -> tuple[Grid, ...]:
    """Every visible sheet that holds something. Raises TableUnreadable."""
    import openpyxl

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive, warnings.catch_warnings():
            # openpyxl warns of styles and extensions it drops; none bears on the values.
            warnings.simplefilter("ignore")
            _refuse_bombs(archive, name, settings)
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
            try:
                grids = tuple(_iter_xlsx(book, archive, name, settings))
            finally:
                book.close()
    except (TableTooLarge, TableUnreadable):
        raise
    except Exception as error:
        # openpyxl answers a damaged part with whatever its parsers raise; each means the same to the sender.
        raise TableUnreadable(name=name, why="不是完整的 XLSX 工作簿，可能已损坏或加密") from error
    return grids


def read_xls(data: bytes, name: str, settings: DatasetSettings) -> tuple[Grid, ...]:
    """Every visible sheet of an old workbook that holds something. Raises TableUnreadable."""
    import xlrd

    def opened(formatting: bool) -> Any:
        return xlrd.open_workbook(file_contents=data, formatting_info=formatting, logfile=io.StringIO())

    try:
        try:
            book = opened(True)
        except xlrd.XLRDError:
            raise
        except Exception:
            # Formats of other programs trip xlrd; without them only merges and number formats are lost.
            book = opened(False)
        return tuple(_iter_xls(book, name, settings))
    except TableTooLarge:
        raise
    except Exception as error:
        why = "文件已加密" if "encrypted" in str(error).lower() else "不是完整的 XLS 工作簿，可能已损坏"
        raise TableUnreadable(name=name, why=why) from error


def _refuse_bombs(archive: zipfile.ZipFile, name: str, settings: DatasetSettings) -> None:
    unpacked = sum(info.file_size for info in archive.infolist())
    packed = sum(info.compress_size for info in archive.infolist()) or 1
    if unpacked > settings.max_unpacked_bytes or (unpacked > 64 * 1024 * 1024 and unpacked / packed > _MAX_RATIO):
        raise TableTooLarge(name=name, why=f"解压后达 {unpacked} 字节")
    for info in archive.infolist():
        if info.filename.endswith((".xml", ".rels")):
            with archive.open(info) as part:
                if b"<!DOCTYPE" in part.read(2048):
                    raise TableUnreadable(name=name, why="工作簿内含文档类型声明，已拒绝")


def _iter_xlsx(book: Any, archive: zipfile.ZipFile, name: str, settings: DatasetSettings) -> Iterator[Grid]:
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible":
            continue
        sheet.reset_dimensions()
        rows = bounded(([_xlsx_text(cell) for cell in row] for row in sheet.iter_rows()), name, settings)
        if not rows:
            continue
        part = archive.read(sheet._worksheet_path)
        yield Grid(name=sheet.title, rows=rows, merges=_merges(part), findings=_unstored(part, sheet.title))


def _xlsx_text(cell: Any) -> str:
    value = cell.value
    if isinstance(value, str) or value is None:
        return value or ""
    return cell_text(value, cell.number_format or "General")


def _merges(part: bytes) -> tuple[Merge, ...]:
    found = []
    for match in _MERGE.finditer(part):
        left, top, right, bottom = match.groups()
        found.append(Merge(top=int(top) - 1, left=_column(left), bottom=int(bottom) - 1, right=_column(right)))
        if len(found) == _MAX_MERGES:
            break
    return tuple(found)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


def _unstored(part: bytes, sheet: str) -> tuple[Finding, ...]:
    count = sum(1 for _ in _UNSTORED.finditer(part))
    if not count:
        return ()
    message = f"工作表“{sheet}”有 {count} 个公式没有保存计算结果，按空白处理；请在表格软件中打开并保存后重新上传"
    return (doubt(Level.WARNING, "table.formula_without_value", message),)


def _iter_xls(book: Any, name: str, settings: DatasetSettings) -> Iterator[Grid]:
    for sheet in book.sheets():
        if sheet.visibility:
            continue
        rows = bounded(
            ([_xls_text(book, sheet, r, c) for c in range(sheet.row_len(r))] for r in range(sheet.nrows)),
            name,
            settings,
        )
        if not rows:
            continue
        merges = tuple(
            Merge(top=top, left=left, bottom=bottom - 1, right=right - 1)
            for top, bottom, left, right in sheet.merged_cells[:_MAX_MERGES]
        )
        yield Grid(name=sheet.name, rows=rows, merges=merges)


def _xls_text(book: Any, sheet: Any, row: int, column: int) -> str:
    import xlrd

    cell = sheet.cell(row, column)
    if cell.ctype == xlrd.XL_CELL_TEXT:
        return str(cell.value)
    if cell.ctype == xlrd.XL_CELL_NUMBER:
        return cell_text(cell.value, _xls_format(book, cell))
    if cell.ctype == xlrd.XL_CELL_DATE:
        try:
            return cell_text(xlrd.xldate_as_datetime(cell.value, book.datemode))
        except (ValueError, OverflowError):
            return cell_text(cell.value)
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return cell_text(bool(cell.value))
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return str(xlrd.error_text_from_code.get(cell.value, "#N/A"))
    return ""


def _xls_format(book: Any, cell: Any) -> str:
    if cell.xf_index is None:
        return "General"
    key = book.xf_list[cell.xf_index].format_key
    return str(book.format_map[key].format_str) if key in book.format_map else "General"
