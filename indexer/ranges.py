"""Ranges as people write them after a field of days or years, brought into the one form of the language.

    日期:>2018    日期:2018-2020    日期:[2018 到 2020]    日期:[2018 TO     →    published:[… TO …]

A day, month or year is compared whole: after 2018 begins on 1 January 2019. What is no such range is left as it is.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from indexer.days import DateInvalid, parse_span
from indexer.schema import FieldType, schema

_DAY = r"\d{4}(?:\s?[-./年]\s?\d{1,2}(?!\d)(?:\s?[-./月]\s?\d{1,2}(?!\d)\s?日?|\s?月)?|\s?年)?(?!\d)"
_TO = r"\s*(?:\bto\b|\.\.+|[~～至到—–－,，/]|-)\s*"
_NAME = r"(?<![\w:])(\w{1,20})\s?"
_COMPARED = re.compile(rf"{_NAME}[:：]?\s?([<>＜＞]\s?[=＝]?|[≤≥])\s?({_DAY})")
_RANGE = re.compile(
    rf"{_NAME}[:：]\s?([\[{{〔［【]?)\s*({_DAY}|\*)?{_TO}({_DAY}|\*)?\s*([\]}}〕］】]?)(?=[\s()]|$)", re.IGNORECASE
)

_COMPLETED = "区间写得不完整，已补全"
_READ_AS_RANGE = "比较符号已按日期区间检索"


def read_ranges(text: str, notes: list[str]) -> str:
    """The text with such ranges as [低 TO 高]; notes say where more than the signs was changed."""
    return _RANGE.sub(
        lambda match: _bracketed(match, notes), _COMPARED.sub(lambda match: _compared(match, notes), text)
    )


def _compared(match: re.Match[str], notes: list[str]) -> str:
    name, sign = _field(match[1]), match[2]
    try:
        span = parse_span(match[3])
        inclusive = sign[-1] in "=＝≤≥"
        if sign[0] in ">＞≥":
            low, high = (span.first if inclusive else _shifted(span.last, 1)), None
        else:
            low, high = None, (span.last if inclusive else _shifted(span.first, -1))
    except (DateInvalid, OverflowError):
        return match[0]
    if name is None:
        return match[0]
    notes.append(_READ_AS_RANGE)
    return f"{name}:[{_written(name, low)} TO {_written(name, high)}]"


def _bracketed(match: re.Match[str], notes: list[str]) -> str:
    _, opened, low, high, closed = match.groups()
    name = _field(match[1])
    if name is None or not (low or high):
        return match[0]
    if bool(opened) != bool(closed):
        notes.append(_COMPLETED)
    return f"{name}:[{low or ''} TO {high or ''}]"


def _field(named: str) -> str | None:
    """The field so called, where it has ranges."""
    field = schema().find_field(named)
    return field.name if field and (field.type is FieldType.DATE or field.name == "year") else None


def _shifted(day: date | None, days: int) -> date | None:
    return day + timedelta(days=days) if day else None


def _written(name: str, day: date | None) -> str:
    if day is None:
        return ""
    return f"{day.year:04d}" if name == "year" else day.isoformat()
