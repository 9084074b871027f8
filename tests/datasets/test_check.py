"""The check as a whole: what a department's file becomes, and how its problems are worded."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from datasets.catalogue import add_dataset, find_dataset
from datasets.check import check
from datasets.check_worker import check_here
from datasets.dataset import DatasetMeta
from datasets.grids import TableTooLarge, TableUnreadable
from datasets.report import Problem, Report, TableReport
from datasets.settings import DatasetSettings
from datasets.words import load_words, says
from gazette.errors import BadInput, Level, NotFound
from gazette.store import Store

WriteCsv = Callable[..., Path]


def checked(path: Path, hints: Mapping[str, Any] | None = None) -> TableReport:
    """The one table of a file, checked in this process; the tests of the process itself call `check`."""
    (table,) = check_here(path, path.name, path.parent, hints or {}, DatasetSettings()).tables
    return table


def types(table: TableReport) -> dict[str, str]:
    return {field["name"]: field["type"] for field in table.schema["fields"]}


def problems(table: TableReport, code: str) -> list[Problem]:
    return [problem for problem in table.problems if problem.code == code]


def test_names_made_of_digits_stay_text_with_their_zeros(write_csv: WriteCsv) -> None:
    table = checked(
        write_csv(
            "a.csv",
            "行政区划代码,联系电话,邮编,统一社会信用代码,编码\n"
            "110101,01012345678,100010,91110000100000000X,007\n"
            "110102,13800138000,100020,911100001000000011,８\n",
        )
    )
    assert set(types(table).values()) == {"string"}
    assert table.preview[0] == ("110101", "01012345678", "100010", "91110000100000000X", "007")
    assert table.preview[1][4] == "8"


def test_dates_percentages_figures_and_yes_or_no_get_their_plain_form(write_csv: WriteCsv) -> None:
    table = checked(
        write_csv(
            "a.csv",
            "日期,时间,占比,金额,人数,年份,是否达标\n"
            '2024年1月5日,2024/1/5 8:30,12.5%,"1,200.50",１２,1978年,是\n'
            '二〇二四年一月六日,2024-01-06 18:00,7%,３.5,"1,000",1979年,否\n',
            "gb18030",
        )
    )
    assert list(types(table).values()) == ["date", "datetime", "number", "number", "integer", "year", "boolean"]
    assert table.preview == (
        ("2024-01-05", "2024-01-05T08:30:00", "12.5", "1200.50", "12", "1978", "是"),
        ("2024-01-06", "2024-01-06T18:00:00", "7", "3.5", "1000", "1979", "否"),
    )
    assert table.valid
    assert {problem.field for problem in problems(table, "cell.rewritten")} >= {"日期", "占比", "年份"}


def test_signs_for_no_value_become_blanks_and_words_stay(write_csv: WriteCsv) -> None:
    table = checked(write_csv("a.csv", "名称,数量,备注\n甲,—,无\n乙,3,/\n丙,4,暂停\n"))
    assert table.preview == (("甲", "", "无"), ("乙", "3", ""), ("丙", "4", "暂停"))
    assert types(table)["数量"] == "integer"


def test_a_wrong_value_is_named_by_row_and_column_in_chinese(write_csv: WriteCsv) -> None:
    rows = "".join(f"2024年1月{day}日,{day}\n" for day in range(1, 21))
    table = checked(write_csv("a.csv", f"标题行,\n日期,数值\n{rows}2024年2月30日,21\n2024年3月1日,约三十\n"))
    first, second = problems(table, "type-error")
    assert (first.row, first.field, first.level) == (23, "日期", Level.ERROR)
    assert first.message == "第23行“日期”的值“2024年2月30日”不是日期"
    assert second.message == "第24行“数值”的值“约三十”不是整数"
    assert not table.valid


def test_what_the_publisher_declares_is_checked(write_csv: WriteCsv) -> None:
    hints = {"数值": {"minimum": 0, "maximum": 500}, "等级": {"enum": ["优", "良"], "required": True}}
    table = checked(write_csv("a.csv", "数值,等级\n-5,优\n600,劣\n7,\n"), hints)
    assert [problem.message for problem in table.problems if problem.level is Level.ERROR] == [
        "第2行“数值”的值“-5”不符合约束：不小于 0",
        "第3行“数值”的值“600”不符合约束：不大于 500",
        "第3行“等级”的值“劣”不符合约束：须为 ['优', '良'] 之一",
        "第4行“等级”的值“”不符合约束：必填",
    ]


def test_a_wrong_declaration_is_refused(write_csv: WriteCsv) -> None:
    with pytest.raises(BadInput):
        check(write_csv("a.csv", "数值,等级\n1,优\n2,良\n"), hints={"数值": {"smallest": 0}})


def test_repeated_keys_repeated_rows_and_lost_zeros_are_found(write_csv: WriteCsv) -> None:
    rows = [f"0{n:03d},设施{n}" for n in range(1, 61)]
    rows[5], rows[9], rows[20] = "0005,别处", rows[8], "021,设施21"
    table = checked(write_csv("a.csv", "\n".join(["设施编号,名称", *rows])))
    assert [problem.row for problem in problems(table, "unique-error")] == [7, 11]
    assert [problem.row for problem in problems(table, "duplicate-row")] == [11]
    (lost,) = problems(table, "cell.lost_zero")
    assert (lost.row, lost.cell) == (22, "021")


def test_identity_numbers_are_an_error_and_mobiles_a_warning(write_csv: WriteCsv) -> None:
    table = checked(write_csv("a.csv", "姓名,证件,手机\n甲,11010519491231002X,13800138000\n乙,无,\n"))
    assert problems(table, "personal.id_number")[0].level is Level.ERROR
    assert problems(table, "personal.mobile")[0].level is Level.WARNING


def test_a_column_of_many_wrong_values_is_published_as_text(write_csv: WriteCsv) -> None:
    rows = "".join(f"{n},{n if n > 30 else f'约{n}'}\n" for n in range(1, 400))
    table = checked(write_csv("a.csv", f"序号,数值\n{rows}"))
    assert (types(table)["数值"], table.expected["fields"][1]["type"]) == ("string", "integer")
    assert len(problems(table, "type-error")) == 30


def test_a_report_survives_json(write_csv: WriteCsv) -> None:
    report = check(write_csv("a.csv", "编号,数值\n01,1\n02,二\n"))
    assert Report.from_json(json.loads(json.dumps(report.to_json()))) == report


def test_markup_in_cells_stays_text(store: Store, write_csv: WriteCsv) -> None:
    path = write_csv("<b>.csv", '名称,<script>alert(1)</script>\n"<img src=x onerror=alert(1)>",2\n甲,3\n')
    meta = DatasetMeta(name="markup", title="<i>标题</i>")
    (resource,) = add_dataset(store, meta, [path], actor="<u>").resources
    assert resource.report["preview"][0] == ["<img src=x onerror=alert(1)>", "2"]
    assert resource.report["header"][1] == "<script>alert(1)</script>"


def test_a_file_that_is_not_there_or_too_large_is_said_to_be(write_csv: WriteCsv, tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        check(tmp_path / "nothing.csv")
    with pytest.raises(TableTooLarge):
        check(write_csv("a.csv", "a,b\n1,2\n"), settings=DatasetSettings(max_file_bytes=3))


def test_a_check_that_takes_too_long_or_too_much_is_given_up(write_csv: WriteCsv) -> None:
    path = write_csv("a.csv", "编号,名称\n" + "1,甲\n" * 1000)
    with pytest.raises(TableTooLarge, match="秒"):
        check(path, settings=DatasetSettings(check_timeout_s=0.01))
    with pytest.raises((TableUnreadable, TableTooLarge)):
        check(path, settings=DatasetSettings(check_memory_bytes=24 * 1024 * 1024))


def test_nothing_is_stored_when_one_of_the_files_cannot_be_read(
    store: Store, write_csv: WriteCsv, tmp_path: Path
) -> None:
    good, bad = write_csv("a.csv", "编号,名称\n01,甲\n"), tmp_path / "b.pdf"
    bad.write_bytes(b"%PDF-1.5")
    with pytest.raises(TableUnreadable):
        add_dataset(store, DatasetMeta(name="a", title="甲"), [good, bad], actor="editor")
    with store.read() as session:
        assert find_dataset(session, "a") is None


@pytest.mark.parametrize("kind", ["caption", "note", "total", "code", "key"])
def test_every_pattern_matches_its_example_and_not_its_counter_example(kind: str) -> None:
    import re

    for entry in load_words()[kind]:
        assert re.match(entry["pattern"], entry["yes"]), entry
        assert not re.match(entry["pattern"], entry["no"]), entry
        assert says(kind, entry["yes"])
