"""Questions to one table: filter, sort, page, download; answered by DuckDB straight from the cleaned CSV.

No SQL comes from outside. Columns are c0, c1, … in every statement, operators are rows of a table below, values are
bound. DuckDB sees one file and nothing else, one thread, little memory, a few seconds.
"""

from __future__ import annotations

import csv
import io
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from datasets import cells
from datasets.dataset import Resource
from datasets.settings import DatasetSettings
from gazette.errors import BadInput, GongbaoError
from gazette.store import Store

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_MAX_LIMIT = 1000
_MAX_FILTERS = 20
_FETCH = 2000
_LONGEST_LINE_BYTES = 8 * 1024 * 1024
#: Cells that a spreadsheet would take for a formula (CSV injection).
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


class QueryTooCostly(GongbaoError):
    code, status = "query.too_costly", 503
    zh = "查询超出时间（{seconds:g} 秒）或内存限制，请缩小范围或下载数据包"
    en = "The query needs more time ({seconds:g} s) or memory than allowed; narrow it or download the package"


@dataclass(frozen=True, slots=True, kw_only=True)
class Operator:
    """One comparison: what the page calls it and its SQL, `{x}` being the column. `typed` compares numbers and days
    as such, else the text does."""

    name: str
    label: str
    sql: str
    typed: bool = False
    takes_value: bool = True


OPERATORS: Mapping[str, Operator] = {
    each.name: each
    for each in (
        Operator(name="eq", label="等于", sql="{x} = ?", typed=True),
        Operator(name="ne", label="不等于", sql="{x} IS DISTINCT FROM ?", typed=True),
        Operator(name="contains", label="包含", sql="contains(lower({x}), lower(?))"),
        Operator(name="starts", label="开头是", sql="starts_with({x}, ?)"),
        Operator(name="lt", label="小于", sql="{x} < ?", typed=True),
        Operator(name="le", label="不大于", sql="{x} <= ?", typed=True),
        Operator(name="gt", label="大于", sql="{x} > ?", typed=True),
        Operator(name="ge", label="不小于", sql="{x} >= ?", typed=True),
        Operator(name="empty", label="为空", sql="{x} IS NULL", takes_value=False),
        Operator(name="filled", label="不为空", sql="{x} IS NOT NULL", takes_value=False),
    )
}

#: How a column of a Table Schema type compares; others compare as text.
_SQL_TYPES = {"integer": "DOUBLE", "number": "DOUBLE", "year": "DOUBLE", "date": "DATE", "datetime": "TIMESTAMP"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """One condition; `operator` is a key of OPERATORS."""

    column: str
    operator: str
    value: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sort:
    column: str
    descending: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TablePage:
    """One page of a table; `total` is the exact number of rows that meet the filters."""

    columns: tuple[str, ...]
    types: tuple[str, ...]
    total: int
    offset: int
    rows: tuple[tuple[str, ...], ...]


def rows(
    store: Store,
    resource: Resource,
    filters: Sequence[Filter] = (),
    sort: Sort | None = None,
    offset: int = 0,
    limit: int = 100,
    *,
    settings: DatasetSettings | None = None,
) -> TablePage:
    """The rows from `offset` on; raises BadInput for an unknown column, operator or a value of the wrong kind."""
    settings = settings or DatasetSettings()
    question = _Question(resource, filters, sort)
    offset, limit = max(0, offset), min(max(0, limit), _MAX_LIMIT)
    with (
        store.blobs.as_file(resource.table_sha256) as file,
        _asking(file, settings) as connection,
        _clock(connection, settings),
    ):
        counted = connection.execute(*question.count(file)).fetchone()
        found = connection.execute(*question.select(file, offset, limit)).fetchall()
    return TablePage(
        columns=question.columns,
        types=question.types,
        total=counted[0] if counted else 0,
        offset=offset,
        rows=tuple(_texts(row) for row in found),
    )


def iter_csv(
    store: Store,
    resource: Resource,
    filters: Sequence[Filter] = (),
    sort: Sort | None = None,
    *,
    for_spreadsheet: bool = True,
    settings: DatasetSettings | None = None,
) -> Iterator[bytes]:
    """The rows that meet the filters as CSV, streamed.

    `for_spreadsheet` begins with a byte order mark, without which Excel takes UTF-8 for GBK, and puts an apostrophe
    before text that Excel would run as a formula; figures keep their sign. Programs ask without it and get the data
    as it is.
    """
    settings = settings or DatasetSettings()
    question = _Question(resource, filters, sort)
    figures = tuple(kind in _SQL_TYPES for kind in question.types)
    if for_spreadsheet:
        yield b"\xef\xbb\xbf"
    yield _csv_bytes([question.columns])
    with store.blobs.as_file(resource.table_sha256) as file, _asking(file, settings) as connection:
        # Only the answering is timed: how fast the reader takes the rows is his affair.
        with _clock(connection, settings):
            found = connection.execute(*question.select(file, 0, None))
        while batch := found.fetchmany(_FETCH):
            texts = (_texts(row) for row in batch)
            yield _csv_bytes([_guarded(row, figures) for row in texts] if for_spreadsheet else list(texts))


class _Question:
    """A checked question, and the statements it becomes."""

    def __init__(self, resource: Resource, filters: Sequence[Filter], sort: Sort | None) -> None:
        if not resource.is_table:
            raise BadInput(why=f"资源 {resource.name} 不是表格，不能按列查询")
        if len(filters) > _MAX_FILTERS:
            raise BadInput(why=f"条件不能超过 {_MAX_FILTERS} 个")
        fields = resource.schema["fields"]
        self.columns = tuple(str(each["name"]) for each in fields)
        self.types = tuple(str(each["type"]) for each in fields)
        self.conditions: list[str] = []
        self.values: list[Any] = []
        for each in filters:
            self._add(each)
        self.order = ""
        if sort:
            position = self._position(sort.column)
            self.order = f"{self._typed(position)} {'DESC' if sort.descending else 'ASC'} NULLS LAST"

    def count(self, file: Path) -> tuple[str, list[Any]]:
        return f"SELECT count(*) FROM {self._table()} {self._where()}", [str(file), *self.values]  # noqa: S608

    def select(self, file: Path, offset: int, limit: int | None) -> tuple[str, list[Any]]:
        names = ", ".join(f"c{position}" for position in range(len(self.columns)))
        page = "" if limit is None else f"LIMIT {int(limit)} OFFSET {int(offset)}"
        if not self.order:
            # The order of the file, which DuckDB keeps and which costs no memory.
            return f"SELECT {names} FROM {self._table()} {self._where()} {page}", [str(file), *self.values]  # noqa: S608
        statement = (
            f"SELECT {names} FROM (SELECT *, row_number() OVER () AS n FROM {self._table()}) "  # noqa: S608
            f"{self._where()} ORDER BY {self.order}, n {page}"
        )
        return statement, [str(file), *self.values]

    def _add(self, each: Filter) -> None:
        position = self._position(each.column)
        if (operator := OPERATORS.get(each.operator)) is None:
            raise BadInput(why=f"没有“{each.operator}”这种条件")
        self.conditions.append(operator.sql.format(x=self._typed(position) if operator.typed else f"c{position}"))
        if operator.takes_value:
            self.values.append(self._value(position, each.value) if operator.typed else each.value)

    def _position(self, column: str) -> int:
        if column not in self.columns:
            raise BadInput(why=f"没有“{column}”这一列")
        return self.columns.index(column)

    def _typed(self, position: int) -> str:
        kind = _SQL_TYPES.get(self.types[position])
        return f"TRY_CAST(c{position} AS {kind})" if kind else f"c{position}"

    def _value(self, position: int, text: str) -> Any:
        """A value as the column compares it; people type 2024年1月5日 and 1,200 here too."""
        kind = _SQL_TYPES.get(self.types[position])
        folded = cells.fold(text)
        if kind == "DOUBLE":
            plain = cells.year(folded) or cells.number(folded) or cells.percent(folded)
            if plain is None:
                raise BadInput(why=f"“{self.columns[position]}”须与数字比较，而不是“{text}”")
            return float(plain)
        if kind in {"DATE", "TIMESTAMP"}:
            plain = cells.date(folded) or (cells.moment(folded) if kind == "TIMESTAMP" else None)
            if plain is None:
                raise BadInput(why=f"“{self.columns[position]}”须与日期比较，而不是“{text}”")
            return plain
        return text

    def _table(self) -> str:
        columns = ", ".join(f"'c{position}': 'VARCHAR'" for position in range(len(self.columns)))
        return (
            f"read_csv(?, columns={{{columns}}}, auto_detect=false, header=true, delim=',', quote='\"', "
            f"escape='\"', max_line_size={_LONGEST_LINE_BYTES})"
        )

    def _where(self) -> str:
        return f"WHERE {' AND '.join(self.conditions)}" if self.conditions else ""


@contextmanager
def _asking(file: Path, settings: DatasetSettings) -> Iterator[DuckDBPyConnection]:
    """A DuckDB of its own that sees only `file`."""
    import duckdb

    connection = duckdb.connect(
        ":memory:",
        config={"threads": 1, "memory_limit": f"{settings.query_memory_bytes // 1024}KiB", "temp_directory": ""},
    )
    try:
        connection.execute("SET allowed_paths = [?]", [str(file)])
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
        yield connection
    except (duckdb.InterruptException, duckdb.OutOfMemoryException) as error:
        raise QueryTooCostly(seconds=settings.query_timeout_s) from error
    finally:
        connection.close()


@contextmanager
def _clock(connection: DuckDBPyConnection, settings: DatasetSettings) -> Iterator[None]:
    """Interrupt the connection when its time is up."""
    clock = threading.Timer(settings.query_timeout_s, connection.interrupt)
    clock.start()
    try:
        yield
    finally:
        clock.cancel()


def _texts(row: Sequence[str | None]) -> tuple[str, ...]:
    return tuple(text or "" for text in row)


def _guarded(row: Sequence[str], figures: Sequence[bool]) -> list[str]:
    return [
        f"'{text}" if text.startswith(_FORMULA_STARTS) and not is_figure else text
        for text, is_figure in zip(row, figures, strict=True)
    ]


def _csv_bytes(lines: Sequence[Sequence[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(lines)
    return text.getvalue().encode()
