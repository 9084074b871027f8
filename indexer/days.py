"""Days as people write them in filters: a day, a month, a year, or from one to another."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from gazette.dates import parse_date
from gazette.errors import GongbaoError

_YEAR = re.compile(r"(\d{4})\s*年?")
_MONTH = re.compile(r"(\d{4})\s*[-./年]\s*(\d{1,2})\s*月?")
#: Written so, a day may also be one no document is of (9999-12-31 stands for an open end).
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
_RANGE = re.compile(r"[\[{]\s*(.*?)\s*\bto\b\s*(.*?)\s*[\]}]|(.*?)\s*(?:\.\.|/|至|~)\s*(.*)", re.IGNORECASE | re.DOTALL)


class DateInvalid(GongbaoError):
    code = "search.bad_date"
    zh, en = "日期无法识别：{value}，请写成2024年5月1日", "Not a date: {value}; write it as 2024-05-01"


class RangeReversed(GongbaoError):
    code = "search.range_reversed"
    zh, en = "起始日期晚于截止日期：{value}", "The range ends before it begins: {value}"


@dataclass(frozen=True, slots=True)
class Span:
    """From the first day to the last, both included; None is open."""

    first: date | None
    last: date | None


def parse_day(text: str) -> date:
    """One day. Raises DateInvalid."""
    day = parse_date(text.strip())
    if day is None:
        raise DateInvalid(value=text)
    return day


def parse_span(text: str) -> Span:
    """2018, 2018-04, 2018-04-08, 2018..2020, [2018 TO 2020], 2018.. Raises DateInvalid, RangeReversed."""
    whole = _whole(text)
    if whole:
        return whole
    match = _RANGE.fullmatch(text.strip())
    if not match:
        raise DateInvalid(value=text)
    low, high = (match[1], match[2]) if match[1] is not None else (match[3], match[4])
    return make_span(low, high, text)


def make_span(low: str | None, high: str | None, text: str) -> Span:
    """From the first day of `low` to the last of `high`; `text` is what an error quotes. Raises RangeReversed."""
    first = None if _is_open(low) else _get_whole(low or "", text).first
    last = None if _is_open(high) else _get_whole(high or "", text).last
    if first and last and first > last:
        raise RangeReversed(value=text)
    return Span(first, last)


def _is_open(bound: str | None) -> bool:
    return bound is None or bound.strip() in ("", "*")


def _get_whole(text: str, quoted: str) -> Span:
    span = _whole(text)
    if span is None:
        raise DateInvalid(value=quoted)
    return span


def _whole(text: str) -> Span | None:
    """The day, month or year that `text` is."""
    text = text.strip().strip("'\"")
    try:
        if match := _YEAR.fullmatch(text):
            year = int(match[1])
            return Span(date(year, 1, 1), date(year, 12, 31))
        if match := _MONTH.fullmatch(text):
            year, month = int(match[1]), int(match[2])
            return Span(date(year, month, 1), _last_of(year, month))
        day = date.fromisoformat(text) if _ISO.fullmatch(text) else parse_date(text)
    except ValueError:
        return None
    return Span(day, day) if day else None


def _last_of(year: int, month: int) -> date:
    return date(year, 12, 31) if month == 12 else date(year, month + 1, 1) - timedelta(days=1)
