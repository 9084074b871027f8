"""Tables out of grids: the header found, the rest told apart, nothing lost in silence."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasets.delimited import decode, read_delimited, sniff_delimiter
from datasets.grids import Grid, Merge, TableTooLarge, TableUnreadable, cell_text
from datasets.settings import DatasetSettings
from datasets.sources import read_grids
from datasets.tables import Table, find_table, find_tables

SETTINGS = DatasetSettings()


def table_of(*rows: str, merges: tuple[Merge, ...] = ()) -> Table:
    """The table of a grid whose rows are given as cells with | between."""
    table = find_table(Grid(name="", rows=tuple(tuple(row.split("|")) for row in rows), merges=merges))
    assert table is not None
    return table


def codes(table: Table) -> set[str]:
    return {finding.code for finding in table.findings}


def test_title_unit_and_notes_are_no_data() -> None:
    table = table_of(
        "江城市2024年主要经济指标||",
        "单位：万元||",
        "指标|2023年|2024年",
        "地区生产总值|100|120",
        "财政收入|30|31",
        "注：本表为快报数。||",
    )
    assert (table.title, table.notes) == ("江城市2024年主要经济指标", ("单位：万元", "注：本表为快报数。"))
    assert table.header == ("指标", "2023年", "2024年")
    assert table.lines == (4, 5)


def test_a_header_of_merged_rows_becomes_one() -> None:
    table = table_of(
        "区县|人口||面积",
        "|户籍|常住|",
        "临江区|10|12|33.5",
        merges=(
            Merge(top=0, left=1, bottom=0, right=2),
            Merge(top=0, left=0, bottom=1, right=0),
            Merge(top=0, left=3, bottom=1, right=3),
        ),
    )
    assert table.header == ("区县", "人口_户籍", "人口_常住", "面积")
    assert table.rows == (("临江区", "10", "12", "33.5"),)


def test_a_merged_header_saved_as_csv_is_recognised_by_its_blanks() -> None:
    table = table_of("区县|人口||面积", "|户籍|常住|", "临江区|10|12|33.5", "望湖区|9|8|21")
    assert table.header == ("区县", "人口_户籍", "人口_常住", "面积")


def test_a_row_of_data_with_blanks_is_not_taken_for_a_second_header() -> None:
    table = table_of("名称|地址||备注", "甲公司|中山路||", "乙公司|解放路|后门|无")
    assert len(table.rows) == 2


def test_merged_cells_of_the_body_are_filled_into_every_row() -> None:
    table = table_of("机关|事项|时限", "市数据局|登记|5", "|变更|3", merges=(Merge(top=1, left=0, bottom=2, right=0),))
    assert table.rows == (("市数据局", "登记", "5"), ("市数据局", "变更", "3"))
    assert "table.merged_cells" in codes(table)


def test_totals_subtitles_column_numbers_and_repeated_headers_are_taken_out_and_named() -> None:
    table = table_of(
        "名称|单位|数量",
        "甲|乙|1",
        "一、城区||",
        "小学|所|12",
        "名称|单位|数量",
        "中学|所|5",
        "合　计||17",
        merges=(Merge(top=2, left=0, bottom=2, right=2),),
    )
    assert table.rows == (("小学", "所", "12"), ("中学", "所", "5"))
    assert {"table.column_numbers", "table.subtitle", "table.repeated_header", "table.total"} <= codes(table)


def test_a_table_without_header_gets_names_by_order() -> None:
    table = table_of("1|甲", "2|乙", "3|丙")
    assert table.header == ("列1", "列2")
    assert not table.has_header


def test_years_are_names_of_columns_not_data() -> None:
    assert table_of("指标|2022|2023", "人口|10|11", "面积|5|5").header == ("指标", "2022", "2023")


def test_a_nameless_first_column_keeps_its_values() -> None:
    assert table_of("|山羊|绵羊", "1978年|1|2", "1979年|3|4").header == ("列1", "山羊", "绵羊")


def test_a_header_without_data_is_an_error() -> None:
    assert "table.empty" in codes(table_of("编号|名称"))


def test_names_are_made_unique() -> None:
    assert table_of("名称|数量|数量", "甲|1|2").header == ("名称", "数量", "数量_2")


def test_a_cell_that_slipped_past_the_header_is_an_error_of_its_row() -> None:
    table = table_of("编号|名称", *(f"{n}|甲" for n in range(10, 20)), "20|乙|丙")
    assert [finding.locator.line for finding in table.findings if finding.code == "extra-cell"] == [12]
    assert len(table.header) == 2


def test_a_headerless_table_continues_the_one_before() -> None:
    first = Grid(name="", rows=(("编号", "价格"), ("1", "2.5")))
    second = Grid(name="", rows=(("2", "3.5"), ("3", "4.5")))
    (table,) = find_tables((first, second))
    assert len(table.rows) == 3


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le"])
def test_every_usual_encoding_is_read(encoding: str) -> None:
    text = "编号,名称,备注\n01,江城市人民医院,急诊\n02,滨江公园,全天开放\n"
    (grid,) = read_delimited(text.encode(encoding), "a.csv", SETTINGS)
    assert grid.rows[1] == ("01", "江城市人民医院", "急诊")


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|", "，"])
def test_every_usual_delimiter_is_recognised(delimiter: str) -> None:
    rows = [["编号", "名称", "说明"], ["1", "甲", "早，晚"], ["2", "乙", "全天"]]
    if delimiter == "，":
        rows[1][2] = "早晚"
    assert sniff_delimiter("\n".join(delimiter.join(row) for row in rows)) == delimiter


def test_text_of_other_lands_is_not_taken_for_chinese() -> None:
    text, charset, _ = decode("id,nom\n1,Crème brûlée\n2,forêt\n".encode("latin-1"), "a.csv")
    assert "gb" not in charset
    assert "1," in text


def test_an_unclosed_quotation_mark_does_not_swallow_the_file() -> None:
    text = '编号,名称\n1,"甲\n' + "".join(f"{n},乙\n" for n in range(2, 100))
    (grid,) = read_delimited(text.encode(), "a.csv", SETTINGS)
    assert len(grid.rows) == 100
    assert [(each.code, each.locator.line) for each in grid.findings] == [("csv.unclosed_quote", 2)]


def test_an_xlsx_keeps_leading_zeros_percentages_and_dates(write_xlsx: Callable[..., Path], tmp_path: Path) -> None:
    import datetime as dt

    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    sheet.append(["编码", "比例", "日期", "数值"])
    sheet.append([7, 0.125, dt.date(2024, 1, 5), 0.1 + 0.2])
    sheet["A2"].number_format, sheet["B2"].number_format = "0000", "0.0%"
    book.save(tmp_path / "a.xlsx")
    (grid,) = read_grids((tmp_path / "a.xlsx").read_bytes(), "a.xlsx", SETTINGS)
    assert grid.rows[1] == ("0007", "12.5%", "2024-01-05", "0.3")


def test_a_formula_without_a_stored_value_is_a_finding_and_never_run(write_xlsx: Callable[..., Path]) -> None:
    path = write_xlsx("a.xlsx", [["编号", "金额"], ["1", "=1+1"], ["2", '=HYPERLINK("http://x","y")']])
    (grid,) = read_grids(path.read_bytes(), "a.xlsx", SETTINGS)
    assert grid.rows[1] == ("1",)
    assert [finding.code for finding in grid.findings] == ["table.formula_without_value"]


def test_an_html_table_under_the_name_of_xls_is_read() -> None:
    html = "<html><table><tr><th>编号<th>名称</tr><tr><td>01<td>江城市</tr></table></html>"
    (grid,) = read_grids(html.encode("gb18030"), "导出.xls", SETTINGS)
    assert grid.rows[0] == ("编号", "名称")


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("空.csv", b""),
        ("空白.csv", b"\xef\xbb\xbf \r\n\r\n"),
        ("图.csv", b"\x89PNG\r\n\x1a\n" + b"\0" * 50),
        ("二进制.csv", bytes(range(256)) * 10),
        ("文件.pdf", b"%PDF-1.5 \n"),
        ("截断.xlsx", b"PK\x03\x04" + b"xl/ [Content_Types].xml" * 3),
        ("截断.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600),
        ("压缩.zip", b"PK\x03\x04" + b"\0" * 40),
        ("说明.json", b'{"a": 1}'),
        ("网页.html", b"<html><body><p>no table</p></body></html>"),
        ("逗号.csv", b"," * 5000),
    ],
)
def test_what_is_no_table_is_one_clear_error(name: str, data: bytes) -> None:
    with pytest.raises((TableUnreadable, TableTooLarge)) as caught:
        read_grids(data, name, SETTINGS)
    assert name in str(caught.value)


def test_a_bomb_of_a_workbook_is_refused(tmp_path: Path) -> None:
    import zipfile

    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"\0" * (2 * 1024 * 1024))
    with pytest.raises(TableTooLarge):
        read_grids(path.read_bytes(), "bomb.xlsx", DatasetSettings(max_unpacked_bytes=1024 * 1024))


@pytest.mark.parametrize(
    "settings",
    [DatasetSettings(max_cells=50), DatasetSettings(max_columns=2), DatasetSettings(max_cell_chars=5)],
)
def test_every_bound_holds(settings: DatasetSettings) -> None:
    text = "编号,名称,说明\n" + "1,甲,一二三四五六七\n" * 30
    with pytest.raises(TableTooLarge):
        read_delimited(text.encode(), "a.csv", settings)


@pytest.mark.parametrize(
    ("value", "number_format", "shown"),
    [(1.0, "General", "1"), (1e-7, "General", "0.0000001"), (True, "General", "TRUE"), (5, "000", "005")],
)
def test_cells_are_shown_as_a_person_sees_them(value: object, number_format: str, shown: str) -> None:
    assert cell_text(value, number_format) == shown


cells_of_any_kind = st.lists(st.lists(st.text(max_size=8), max_size=5), max_size=12)


@given(cells_of_any_kind, st.lists(st.tuples(*[st.integers(0, 12)] * 4), max_size=3))
def test_any_grid_gives_a_rectangular_table_or_none(
    rows: list[list[str]], merges: list[tuple[int, int, int, int]]
) -> None:
    ranges = tuple(Merge(top=min(a, c), left=min(b, d), bottom=max(a, c), right=max(b, d)) for a, b, c, d in merges)
    table = find_table(Grid(name="", rows=tuple(map(tuple, rows)), merges=ranges))
    if table is not None:
        assert all(len(row) == len(table.header) for row in table.rows)
        assert len(set(table.header)) == len(table.header)
        assert len(table.lines) == len(table.rows)
        assert all(table.header)


written = st.text(alphabet='编号名甲乙0123."\n；', min_size=1, max_size=6)


@given(st.lists(st.tuples(written, written, written), min_size=3))
def test_what_was_written_as_csv_is_read_again(rows: list[tuple[str, ...]]) -> None:
    text = io.StringIO(newline="")
    csv.writer(text).writerows([("编号", "名称", "说明"), *rows])
    (grid,) = read_delimited(text.getvalue().encode(), "a.csv", SETTINGS)
    assert grid.rows[1:] == without_blank_ends([without_blank_ends(row) for row in rows])


def without_blank_ends(values: Sequence[Any]) -> tuple[Any, ...]:
    """As a reader keeps rows and files."""
    kept = list(values)
    while kept and not "".join(kept[-1]).strip():
        kept.pop()
    return tuple(kept)
