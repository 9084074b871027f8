"""The masthead: which gazette, which number, which day, as the cover and the running heads of an issue print them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import replace

from gazette.dates import find_date, make_date
from gazette.issues.imprint import Imprint
from gazette.numerals import parse_chinese_number

_CN = "一二三四五六七八九十百千零〇○"
_NAME = re.compile(r"[\u4e00-\u9fff（）()·]{2,30}?(?:公报|公報|政报|政報)")
_YEAR = re.compile(r"([12]\d{3}|[一二][〇○零一二三四五六七八九]{3})\s*年")
#: 第1、2期合刊, 第23—24期: two numbers in one issue.
_AND = r"\s*[期号號]?\s*[、,，/和至\-—–－~～]\s*第?\s*"
_NUMBER = re.compile(rf"第\s*(\d{{1,4}}|[{_CN}]{{1,6}})(?:{_AND}(\d{{1,4}}|[{_CN}]{{1,6}}))?\s*[期号號]")
#: 总第1203、1204期, and 总号：1861.
_RUNNING = re.compile(
    rf"[总總][第字]?\s*(?:第\s*)?(\d{{1,5}}|[{_CN}]{{1,8}})(?:{_AND}(?:\d{{1,5}}|[{_CN}]{{1,8}}))?\s*[期号號]"
    r"|[总總]\s*[期号號]\s*[:：]?\s*第?\s*(\d{1,5})(?:\s*[期号號])?"
)
#: 4月30日出版, the year being that of the issue.
_DAY_OF_YEAR = re.compile(r"(?<![\d年])(\d{1,2})\s*月\s*(\d{1,2})\s*日\s*(?:出版|发行|出刊)")
_VOLUME = re.compile(r"第\s*(\d{1,4})\s*卷")
_COMPACT_DAY = re.compile(r"(?<!\d)((?:19|20)\d{2})(\d{2})(\d{2})(?!\d)")
_SPONSOR = re.compile(r"(?:主\s*办|主\s*辦|编\s*辑|主办单位|編輯)\s*(?:单位)?\s*[:：]?\s*([\u4e00-\u9fff]{4,30})$")
_SUPPLEMENT = re.compile(r"增\s*刊|特\s*刊|号外|號外|副\s*刊|專\s*刊|专\s*刊")


def read_imprint(lines: Iterable[str]) -> Imprint:
    """The facts of cover and running heads, the first of each kind; a line is cover or head and no text."""
    found = Imprint()
    for line in lines:
        found = _with(found, line)
    return found


def _with(found: Imprint, line: str) -> Imprint:
    name = _NAME.match(line.strip(" \u3000《"))
    running = _RUNNING.search(line)
    number = _NUMBER.search(_RUNNING.sub("", line))
    year = _YEAR.search(line)
    day = find_date(line) or _compact_day(line) or _day_of(found.year, line)
    sponsor = _SPONSOR.search(line)
    supplement = _SUPPLEMENT.search(line)
    volume = _VOLUME.search(line)
    return replace(
        found,
        gazette=found.gazette or (name[0] if name else None),
        sponsor=found.sponsor or (sponsor[1] if sponsor else None),
        # The year that stands beside a number is that of the issue.
        year=found.year or (_value(year[1]) if year and number else None),
        volume=found.volume or (int(volume[1]) if volume else None),
        number=found.number or (_value(number[1]) if number else None),
        number_to=found.number_to or (_value(number[2]) if number and number[2] and found.number is None else None),
        running_number=found.running_number or (_value(running[1] or running[2]) if running else None),
        cover_date=found.cover_date or day,
        supplement=found.supplement or ("".join(supplement[0].split()) if supplement else None),
    )


def _value(text: str) -> int | None:
    return parse_chinese_number(text.replace("○", "〇"))


def _day_of(year: int | None, line: str) -> dt.date | None:
    match = _DAY_OF_YEAR.search(line) if year else None
    return make_date(year, int(match[1]), int(match[2])) if match and year else None


def _compact_day(line: str) -> dt.date | None:
    match = _COMPACT_DAY.search(line)
    return make_date(int(match[1]), int(match[2]), int(match[3])) if match else None
