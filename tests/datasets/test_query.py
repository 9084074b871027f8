"""Questions to a table: exact totals, types that compare as such, nothing of the question becomes SQL."""

from __future__ import annotations

import csv
import io

import pytest

from datasets.dataset import Resource
from datasets.query import OPERATORS, Filter, QueryTooCostly, Sort, iter_csv, rows
from datasets.schema import infer_columns, plain_rows, schema_json
from datasets.settings import DatasetSettings
from datasets.sources import read_grids
from datasets.tables import find_tables
from gazette.errors import BadInput, NotFound
from gazette.store import Store

TEXT = """停车场编号,名称,车位数,收费,启用日期,备注
0001,中山路停车场,120,是,2020年3月1日,
0002,"解放路""东""停车场",９,否,2021/5/6,=HYPERLINK("http://x")
0003,江滩停车场,"1,030",是,2019.12.31,<script>alert(1)</script>
0004,火车站停车场,—,是,2022-01-01,-1
"""


@pytest.fixture
def lots(store: Store) -> Resource:
    """The table as a check leaves it, cleaned in this process for speed."""
    (table,) = find_tables(read_grids(TEXT.encode(), "停车场.csv", DatasetSettings()))
    columns = infer_columns(table)
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows([table.header, *plain_rows(table, columns)])
    digest = store.blobs.put(text.getvalue().encode())
    return Resource(
        id="r",
        dataset="parking",
        name="table",
        title="公共停车场",
        file_name="停车场.csv",
        media_type="text/csv",
        sha256=digest,
        bytes=len(TEXT),
        table_sha256=digest,
        table_bytes=len(TEXT),
        rows=len(table.rows),
        schema=schema_json(columns),
        report={},
    )


def names(store: Store, lots: Resource, *filters: Filter, sort: Sort | None = None) -> list[str]:
    return [row[0] for row in rows(store, lots, filters, sort).rows]


def test_without_conditions_the_file_order_and_the_exact_total_come_back(store: Store, lots: Resource) -> None:
    page = rows(store, lots, offset=1, limit=2)
    assert (page.total, [row[0] for row in page.rows]) == (4, ["0002", "0003"])
    assert page.columns[0] == "停车场编号"
    assert page.types == ("string", "string", "integer", "boolean", "date", "string")


def test_figures_sort_as_figures_and_blanks_come_last(store: Store, lots: Resource) -> None:
    assert names(store, lots, sort=Sort(column="车位数")) == ["0002", "0001", "0003", "0004"]
    assert names(store, lots, sort=Sort(column="车位数", descending=True)) == ["0003", "0001", "0002", "0004"]


@pytest.mark.parametrize(
    ("column", "operator", "value", "found"),
    [
        ("车位数", "gt", "100", ["0001", "0003"]),
        ("车位数", "eq", "1,030", ["0003"]),
        ("车位数", "empty", "", ["0004"]),
        ("车位数", "filled", "", ["0001", "0002", "0003"]),
        ("启用日期", "le", "2020年3月1日", ["0001", "0003"]),
        ("名称", "contains", "路", ["0001", "0002"]),
        ("名称", "eq", '解放路"东"停车场', ["0002"]),
        ("停车场编号", "starts", "000", ["0001", "0002", "0003", "0004"]),
        ("收费", "ne", "是", ["0002"]),
        ("名称", "eq", "' OR 1=1 --", []),
    ],
)
def test_conditions_find(
    store: Store, lots: Resource, column: str, operator: str, value: str, found: list[str]
) -> None:
    assert names(store, lots, Filter(column=column, operator=operator, value=value)) == found


@pytest.mark.parametrize(
    "wrong",
    [
        Filter(column="价格", operator="eq", value="1"),
        Filter(column="名称", operator="like", value="1"),
        Filter(column="车位数", operator="gt", value="很多"),
        Filter(column="启用日期", operator="gt", value="2月30日"),
    ],
)
def test_a_wrong_condition_is_one_clear_error(store: Store, lots: Resource, wrong: Filter) -> None:
    with pytest.raises(BadInput):
        rows(store, lots, [wrong])


def test_pages_beyond_the_end_are_empty_and_keep_the_total(store: Store, lots: Resource) -> None:
    page = rows(store, lots, offset=10**9)
    assert (page.total, page.rows) == (4, ())


def test_a_download_for_spreadsheets_defuses_formulas_and_keeps_leading_zeros(store: Store, lots: Resource) -> None:
    text = b"".join(iter_csv(store, lots)).decode("utf-8")
    assert text.startswith("\ufeff停车场编号,")
    assert "'=HYPERLINK" in text
    assert "\r\n0001,中山路停车场,120,是,2020-03-01,\r\n" in text
    assert text.endswith(",'-1\r\n")


def test_a_download_for_programs_is_the_data_as_it_is(store: Store, lots: Resource) -> None:
    chosen = [Filter(column="车位数", operator="lt", value="100")]
    text = b"".join(iter_csv(store, lots, chosen, for_spreadsheet=False)).decode("utf-8")
    assert text.splitlines()[1].endswith('"=HYPERLINK(""http://x"")"')
    assert len(text.splitlines()) == 2


def test_a_question_that_needs_too_much_is_given_up(store: Store, lots: Resource) -> None:
    with pytest.raises(QueryTooCostly):
        rows(store, lots, settings=DatasetSettings(query_memory_bytes=1024 * 64))


def test_a_table_whose_bytes_were_purged_is_not_found(store: Store, lots: Resource) -> None:
    store.blobs.delete(lots.table_sha256)
    with pytest.raises(NotFound):
        rows(store, lots)


def test_every_operator_has_a_label(store: Store, lots: Resource) -> None:
    assert all(operator.label for operator in OPERATORS.values())
