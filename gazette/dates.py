"""Dates as Chinese official texts print them.

Absent or impossible is None: 2月30日 is never bent to the nearest day, for a date decides what law applied.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

_FOLD = str.maketrans(
    "０１２３４５６７８９／．－–—‐○Ｏ零Oo　\xa0",
    "0123456789/.----〇〇〇〇〇  ",
)
_DIGITS = {"〇": 0, "一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}

#: A calendar day as it stands in a sentence without white space; what it means is read by `find_date`.
DATE = (
    r"(?:(?:\d{4}|[〇○ＯOo零一二三四五六七八九]{4})年(?:\d{1,2}|[元一二三四五六七八九十]{1,3})月"
    r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})日|\d{4}(?:[-./．]\d{1,2}){2}(?!\d))"
)
_DATE = re.compile(
    r"(?P<minguo>(?:中[华華])?民[国國]\s?)?(?<!\d)(?P<year>\d{2,4}|[〇一二三四五六七八九]{4})\s{0,3}年\s{0,3}"
    r"(?P<month>\d{1,2}|[一二三四五六七八九十]{1,3}|元)\s{0,3}月\s{0,3}"
    r"(?P<day>\d{1,2}|[一二三四五六七八九十]{1,3})\s{0,3}日"
    r"|(?<!\d)(?P<year_>\d{4})(?P<mark>[-./])(?P<month_>\d{1,2})(?P=mark)(?P<day_>\d{1,2})(?!\d)"
)
_CALENDAR_DAY = re.compile(DATE)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:\d{6})?")
_TIME = re.compile(r"[T\s]*(?:\d{1,2}[::时点]\d{1,2}(?:[::分]\d{1,2}(?:\.\d+)?秒?)?分?)?\s*(?:Z|[+-]\d{2}:?\d{2})?")
_IMPOSSIBLE = "不存在"
#: Years outside are misprints (or running numbers), not dates of official documents.
_FIRST_YEAR, _LAST_YEAR = 1800, 2199
_MINGUO_OFFSET = 1911


def find_date(text: str) -> date | None:
    """The first date printed in `text`; None where there is none, or where the first one is impossible."""
    match = _DATE.search(text.translate(_FOLD))
    return _to_date(match) if match else None


def find_impossible(text: str) -> str | None:
    """What is to be said of a day that the calendar does not have (日期2月30日不存在); None for any other wording."""
    is_none = _CALENDAR_DAY.fullmatch(text) and find_date(text) is None
    return f"日期{text}{_IMPOSSIBLE}" if is_none else None


def is_impossible(rule: str | None) -> bool:
    """Whether a date rule is what `find_impossible` says."""
    return bool(rule and rule.endswith(_IMPOSSIBLE))


def find_dates(text: str) -> tuple[tuple[date, tuple[int, int]], ...]:
    """Every possible date in reading order, with its span in `text`."""
    return tuple(_iter_dates(text))


def parse_date(text: str | None) -> date | None:
    """`text` as one date and nothing else (a time of day is allowed and ignored); 20180408 counts too."""
    if not text:
        return None
    folded = text.translate(_FOLD).strip()
    match = _DATE.match(folded)
    if match:
        return _to_date(match) if _TIME.fullmatch(folded, match.end()) else None
    compact = _COMPACT.fullmatch(folded)
    return make_date(*map(int, compact.groups())) if compact else None


def make_date(year: int, month: int, day: int) -> date | None:
    """A date, or None where the calendar has no such day or official documents no such year."""
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _iter_dates(text: str) -> Iterator[tuple[date, tuple[int, int]]]:
    for match in _DATE.finditer(text.translate(_FOLD)):
        day = _to_date(match)
        if day:
            yield day, match.span()


def _to_date(match: re.Match[str]) -> date | None:
    if match["year_"]:
        return make_date(int(match["year_"]), int(match["month_"]), int(match["day_"]))
    year, month, day = _year(match["year"]), _small(match["month"]), _small(match["day"])
    if match["minguo"]:
        year += _MINGUO_OFFSET
    return make_date(year, month, day)


def _year(text: str) -> int:
    """2018, or 二〇一八 read digit by digit."""
    return int(text) if text.isdecimal() else int("".join(str(_DIGITS[each]) for each in text))


def _small(text: str) -> int:
    """A month or day: 8, 八, 十八, 二十八, 元(月); 0 for what is no number, which no calendar knows."""
    if text == "元":
        return 1
    if text.isdecimal():
        return int(text)
    tens, ten, ones = text.partition("十")
    if not ten:
        return _DIGITS[text] if len(text) == 1 else 0
    if len(tens) > 1 or len(ones) > 1 or "十" in ones:
        return 0
    return (_DIGITS[tens] if tens else 1) * 10 + (_DIGITS[ones] if ones else 0)
