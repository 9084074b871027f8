"""Cells: what each form takes, what it leaves alone, and that web workers stay light."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasets import cells
from datasets.schema import FORMS, plain_cell


@pytest.mark.parametrize(
    ("form", "text", "plain"),
    [
        ("integer", "1,200", "1200"),
        ("integer", "＋１２", "12"),
        ("integer", "007", None),
        ("integer", "1,20", None),
        ("integer", "1.0", None),
        ("number", "-0.50", "-0.50"),
        ("number", ".5", "0.5"),
        ("number", "1.2e3", "1.2e3"),
        ("number", "12.5%", None),
        ("number", "0571", None),
        ("percent", "12.5％", "12.5"),
        ("percent", "12.5", None),
        ("date", "2024年2月29日", "2024-02-29"),
        ("date", "2023年2月29日", None),
        ("date", "2024/1/5", "2024-01-05"),
        ("date", "20240105", None),
        ("date", "二〇二四年一月五日", "2024-01-05"),
        ("datetime", "2024-01-05 25:00", None),
        ("datetime", "2024年1月5日 8:05:09", "2024-01-05T08:05:09"),
        ("year", "1978年", "1978"),
        ("year", "78年", None),
        ("boolean", "√", "√"),
        ("boolean", "部分", None),
    ],
)
def test_a_form_takes_its_own_and_nothing_else(form: str, text: str, plain: str | None) -> None:
    assert FORMS[form].read(cells.fold(text)) == plain


@pytest.mark.parametrize("form", [form for form in FORMS if form != "boolean"])
@given(text=st.text(max_size=20))
def test_cleaning_a_clean_cell_changes_nothing(form: str, text: str) -> None:
    once = plain_cell(cells.tidy(text), form)
    assert plain_cell(once, form) == once


@given(st.dates(min_value=dt.date(1900, 1, 1), max_value=dt.date(2199, 12, 31)))
def test_every_way_to_print_a_day_is_that_day(day: dt.date) -> None:
    for text in (
        f"{day.year}年{day.month}月{day.day}日",
        f"{day.year}/{day.month}/{day.day}",
        f"{day.year}.{day.month:02d}.{day.day:02d}",
        day.isoformat(),
    ):
        assert cells.date(cells.fold(text)) == day.isoformat()


@given(st.integers(-(10**14), 10**14))
def test_every_way_to_print_a_figure_is_that_figure(figure: int) -> None:
    assert cells.integer(str(figure)) == str(figure)
    assert cells.integer(f"{figure:,}") == str(figure)


@given(st.from_regex(r"0[0-9]{1,17}", fullmatch=True))
def test_a_leading_zero_is_never_lost(code: str) -> None:
    for form in FORMS:
        assert plain_cell(code, form) == code


def test_an_identity_number_needs_its_check_character() -> None:
    assert cells.is_id_number("11010519491231002X")
    assert not cells.is_id_number("110105194912310021")


def test_a_web_worker_imports_none_of_the_heavy_libraries() -> None:
    rooms = "datasets.catalogue, datasets.package, datasets.query, datasets.export, datasets.record_dataset"
    heavy = "{'frictionless', 'duckdb', 'openpyxl', 'xlrd', 'lxml', 'charset_normalizer'}"
    code = f"import {rooms}, sys; print(*sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
