"""Settings of the datasets room: what a table from a stranger may cost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from gazette.settings import RoomSettings, setting


@dataclass(frozen=True, kw_only=True)
class DatasetSettings(RoomSettings):
    """Bounds on reading and checking one table file."""

    room: ClassVar[str] = "datasets"

    max_file_bytes: int = setting(64 * 1024 * 1024, "Largest table file that is opened")
    max_unpacked_bytes: int = setting(512 * 1024 * 1024, "Most bytes that a workbook may unpack to")
    max_cells: int = setting(5_000_000, "Most cells that one file may hold")
    max_columns: int = setting(1_000, "Most columns of one table")
    max_cell_chars: int = setting(100_000, "Longest text of one cell")
    max_problems: int = setting(500, "Most problems that one report lists")
    preview_rows: int = setting(20, "Rows shown in a report")
    query_timeout_s: float = setting(5.0, "Longest time a question to a table may take")
    query_memory_bytes: int = setting(128 * 1024 * 1024, "Most memory DuckDB may use for one question")
    check_timeout_s: float = setting(120.0, "Longest time one check may take")
    check_memory_bytes: int = setting(2 * 1024**3, "Most memory a checking process may use")
