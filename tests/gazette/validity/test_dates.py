from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gazette.dates import find_date, find_dates, parse_date


@pytest.mark.parametrize(
    "text",
    [
        "2018年4月8日",
        "2018 年 04 月 08 日",
        "２０１８年４月８日",
        "二〇一八年四月八日",
        "二○一八年四月八日",
        "2018-04-08",
        "2018.4.8",
        "2018/4/8",
        "20180408",
        "2018-04-08 15:30:00",
        "2018-04-08T15:30:00Z",
        "民國107年4月8日",
        "中華民國107年4月8日",
    ],
)
def test_every_written_form_is_one_day(text):
    assert parse_date(text) == date(2018, 4, 8)


@pytest.mark.parametrize(
    "text", ["", None, "2018年2月30日", "2018-13-01", "2018年4月", "昨天", "2018年4月8日起施行", "20181301"]
)
def test_an_impossible_or_partial_date_is_none(text):
    assert parse_date(text) is None


def test_the_first_date_of_a_text_is_found():
    assert find_date("1994年8月26日通过，2001年1月1日起施行") == date(1994, 8, 26)
    assert find_date("自二〇一〇年十二月三十一日起施行") == date(2010, 12, 31)


def test_an_impossible_first_date_is_not_replaced_by_a_later_one():
    assert find_date("2018年2月30日通过，2019年1月1日施行") is None


def test_all_dates_come_with_their_place():
    text = "自2020年1月1日起，至2021-01-01止"
    assert [(day.year, text[start:end]) for day, (start, end) in find_dates(text)] == [
        (2020, "2020年1月1日"),
        (2021, "2021-01-01"),
    ]


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)))
def test_a_day_survives_print_and_parse(day):
    assert parse_date(f"{day.year}年{day.month}月{day.day}日") == day == parse_date(day.isoformat())


@given(st.text())
def test_no_text_breaks_the_search(text):
    find_dates(text)
    parse_date(text)
