"""Days as people write them in filters."""

from __future__ import annotations

from datetime import date

import pytest

from indexer.days import DateInvalid, RangeReversed, Span, parse_day, parse_span


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2018", "2018-01-01", "2018-12-31"),
        ("2018年", "2018-01-01", "2018-12-31"),
        ("2020-02", "2020-02-01", "2020-02-29"),
        ("2018年4月8日", "2018-04-08", "2018-04-08"),
        ("2018..2020-03", "2018-01-01", "2020-03-31"),
        ("[2018 TO 2020]", "2018-01-01", "2020-12-31"),
        ("2018..", "2018-01-01", None),
        ("..2018-04-08", None, "2018-04-08"),
        ("9999", "9999-01-01", "9999-12-31"),
    ],
)
def test_a_span_is_read(text: str, first: str | None, last: str | None) -> None:
    ends = [date.fromisoformat(each) if each else None for each in (first, last)]
    assert parse_span(text) == Span(*ends)


@pytest.mark.parametrize("text", ["", "昨天", "2018-13", "2018-02-30", "0000", "2018..昨天"])
def test_what_is_no_date_is_said_so(text: str) -> None:
    with pytest.raises(DateInvalid):
        parse_span(text)


def test_a_range_must_not_end_before_it_begins() -> None:
    with pytest.raises(RangeReversed):
        parse_span("2020..2018")


def test_one_day() -> None:
    assert parse_day("2018年4月8日") == date(2018, 4, 8)
    with pytest.raises(DateInvalid):
        parse_day("2018-02-30")
