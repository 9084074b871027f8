"""Bytes to grids: what a file is decides its reader, and its first bytes decide what it is.

The name is only a hint: half of the files called .xls are HTML, and a CSV is often called .txt.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import PurePath

from datasets.delimited import read_delimited
from datasets.grids import Grid, TableTooLarge, TableUnreadable
from datasets.settings import DatasetSettings
from datasets.webtables import read_webtables
from datasets.workbooks import read_xls, read_xlsx

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
XLS = "application/vnd.ms-excel"
CSV = "text/csv"
HTML = "text/html"

_READERS: Mapping[str, Callable[[bytes, str, DatasetSettings], tuple[Grid, ...]]] = {
    XLSX: read_xlsx,
    XLS: read_xls,
    CSV: read_delimited,
    HTML: read_webtables,
}
#: First bytes of formats that are no table for us, with what to tell the sender.
_FOREIGN = (
    (b"%PDF", "PDF 不是结构化表格，请上传 CSV 或 XLSX"),
    (b"\x1f\x8b", "压缩文件须先解压"),
    (b"7z\xbc\xaf", "压缩文件须先解压"),
    (b"Rar!", "压缩文件须先解压"),
    (b"PAR1", "暂不支持 Parquet，请上传 CSV 或 XLSX"),
    (b"SQLite format 3", "暂不支持数据库文件，请上传 CSV 或 XLSX"),
    (b"\x89PNG", "图片不是表格"),
    (b"\xff\xd8\xff", "图片不是表格"),
)


def read_grids(data: bytes, name: str, settings: DatasetSettings) -> tuple[Grid, ...]:
    """The sheets of a file; raises TableUnreadable or TableTooLarge, each saying why."""
    if len(data) > settings.max_file_bytes:
        raise TableTooLarge(name=name, why=f"超过 {settings.max_file_bytes} 字节")
    if not data.strip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0"):
        raise TableUnreadable(name=name, why="文件为空")
    grids = _READERS[sniff(data, name)](data, name, settings)
    if not grids or not any(grid.rows for grid in grids):
        raise TableUnreadable(name=name, why="没有找到表格")
    return grids


def sniff(data: bytes, name: str) -> str:
    """The media type of a table file; raises TableUnreadable for other formats."""
    for magic, why in _FOREIGN:
        if data.startswith(magic):
            raise TableUnreadable(name=name, why=why)
    if data.startswith(b"PK\x03\x04"):
        if b"xl/" in data and b"[Content_Types].xml" in data:
            return XLSX
        raise TableUnreadable(name=name, why="压缩文件不是 XLSX 工作簿；ODS 等请另存为 XLSX，压缩包须先解压")
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        return XLS
    opening = data[:4000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if opening.startswith((b"<!doctype html", b"<html", b"<table", b"<head", b"<meta")) or b"<table" in opening:
        return HTML
    if opening.startswith((b"<?xml", b"<workbook")) or PurePath(name).suffix.lower() in {".json", ".xml", ".yaml"}:
        raise TableUnreadable(name=name, why="不是表格文件，请上传 CSV、XLSX 或 XLS")
    return CSV
