"""Heads: the lines with which a document opens in print, whatever the layout.

A line of numbers and days (国办发〔2018〕23号; 財政部令　中華民國95年6月13日　台財庫字第09503500820號), the name of an
order (国务院令), a title that names its kind first (財政部令：修正…). These never go on with the line before them,
which readers of printed pages must know as well as the division of a whole issue.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from gazette.citations.numbers import parse_doc_number
from gazette.dates import parse_date

#: A line of numbers and days is no longer than this (characters); joint orders name three numbers.
_LONGEST_SERIAL = 160
_LONGEST_ORDER_NAME = 24
#: 发文字号：, 發文日期：, 文號：: a label before the value.
_LABEL = re.compile(
    r"[（(【\[]?\s*(?:发文字号|發文字號|发文文号|文\s*号|文\s*號|字\s*號|发文日期|發文日期|成文日期|發布日期|发布日期|日\s*期"
    r"|发文机关|發文機關|發布機關|发布机构|刊登日期|編號|编号)\s*[】\])）]?\s*(?:[:：]\s*|(?<=[^\s\u3000])[\s\u3000]+)"
)
#: 標題：, 名称：: a label before the title itself.
_TITLE_LABEL = re.compile(
    r"^[（(【\[]?\s*[\u4e00-\u9fff]{0,2}(?:标\s*题|標\s*題|题\s*名|題\s*名|名\s*称|名\s*稱)\s*[】\])）]?\s*[:：]\s*"
)
#: 補登: printed in a later issue than that of its day.
_REPRINTED = re.compile(r"[（(]?(?:補登|補刊|补登|补刊)[）)]?$")
_PARTS = re.compile(r"[\s\u3000;；、,，/|]+")
_NUMBER = re.compile(
    r"[（(]?(?:\d{2,3}[）)])?[\u4e00-\u9fffA-Z〔〕()（）]{1,30}(?:字第?\s*[0-9０-９A-Za-z*-]{3,14}\s*[號号]?|[〔\[（(﹝【][12]\d{3}[〕\])）﹞】]\s*第?\d{1,5}\s*号)[）)]?$"
)
_BARE_SERIAL = r"[（(]?\s*(?:[12]\d{3}\s*年?\s*)?第\s*[\d一二三四五六七八九十百零〇○]{1,8}\s*[号號]\s*[）)]?$"
_SERIAL = re.compile(_BARE_SERIAL)
_ORDER = re.compile(r"[\u4e00-\u9fff、，,（）()\s]{2,60}(?:令|公告|通告|函)$")
#: A name and 令, then its number on the same line.
_ORDER_AND_SERIAL = re.compile(r"[\u4e00-\u9fff、\s]{2,60}(?:令|公告|通告)\s*" + _BARE_SERIAL)
#: 財政部令：修正…; the agency is named before the kind, what it does after the colon.
_KIND_FIRST = re.compile(
    r"(?:[（(【\[]?\s*\d{1,3}\s*[】\])）.．、]?\s*)?(?P<agency>[\u4e00-\u9fff、，,；;（）()\s]{2,80}?)\s*(?P<kind>令|公告|函|書函|公文)\s*[：:]\s*(?P<about>\S)"
)
_SPACE_IN_DAY = re.compile(
    r"(?<=[年月国國\d〇一二三四五六七八九十])[\s\u3000]+(?=[\d〇一二三四五六七八九十年月日]{1,4}(?:\D|$))"
)
_LEADER = re.compile(
    r"(?:[.．…·‥⋯・]\s*){3,}\s*[（(]?\d{0,4}[）)]?\s*$|(?<=[\u4e00-\u9fff）)》」』〕\s])(?:[.．…·]\s*){1,2}[（(]?\d{1,4}[）)]?$"
)


@dataclass(frozen=True, slots=True)
class Serial:
    """What a line of numbers and days says: the numbers as printed, whether it has a day, and an order's name."""

    numbers: tuple[str, ...]
    has_day: bool
    order: str | None


def stands_alone(text: str) -> bool:
    """Whether a printed line is a piece of a head that neither continues a paragraph nor is continued."""
    if len(text) > _LONGEST_SERIAL:
        return False
    return read_serial(text) is not None or find_leader(text) is not None or _is_short_order_name(text)


def opens_document(text: str) -> bool:
    """Whether a printed line begins a title of the kind-first form."""
    return find_kind_first(text) is not None


def find_leader(text: str) -> re.Match[str] | None:
    """The dots and the page number that end a line of a contents page."""
    return _LEADER.search(text)


def find_kind_first(text: str) -> re.Match[str] | None:
    """財政部令：…, of an agency that ends like one; 訂定機關： and 命令： are none."""
    match = _KIND_FIRST.match(without_label(text)) if "：" in text[:100] or ":" in text[:100] else None
    if match is None:
        return None
    agency = "".join(match["agency"].split()).rstrip("）)")
    return match if agency.endswith(agency_endings()) else None


def without_label(title: str) -> str:
    """標題：財政部令：… without what says that it is the title."""
    return _TITLE_LABEL.sub("", title, count=1)


def read_serial(text: str) -> Serial | None:
    """A line that consists of numbers, days, labels and the names of orders and nothing else."""
    if not text or len(text) > _LONGEST_SERIAL or text[-1] in "。；;，,：":
        return None
    labelled = _LABEL.sub(" ", text)
    if _ORDER_AND_SERIAL.match(labelled):
        return Serial((labelled,), False, labelled)
    numbers: list[str] = []
    order: str | None = None
    has_day = False
    parts = [part for part in _PARTS.split(_join_days(labelled)) if part]
    for part in parts:
        if _is_number(part):
            numbers.append(part)
        elif parse_date(_REPRINTED.sub("", part.strip("（）()"))) is not None:
            has_day = True
        elif order is None and len(parts) > 1 and is_order_name(part):
            order = part
        elif not part.endswith(agency_endings()) or len(part) > _LONGEST_ORDER_NAME:
            return None
    return Serial(tuple(numbers), has_day, order) if numbers or has_day or labelled != text else None


def is_order_name(text: str) -> bool:
    """国务院令, 江城市人民政府公告: the name of an agency and the kind, nothing else."""
    squeezed = "".join(text.split())
    return bool(_ORDER.match(squeezed)) and squeezed.rstrip("令公告通函").endswith(agency_endings())


def _is_short_order_name(text: str) -> bool:
    """教育部令 on a line of its own; a longer line may be the end of a sentence."""
    return len(text) <= _LONGEST_ORDER_NAME and is_order_name(text)


def is_order_serial(text: str) -> bool:
    """第711号, alone on its line under the order's name."""
    return _SERIAL.match(text) is not None


@cache
def agency_endings() -> tuple[str, ...]:
    """How agencies' names end, in both kinds of characters."""
    table = tomllib.loads(files("gazette").joinpath("data/agencies.toml").read_text("utf-8"))
    return (*table["endings"], *table["traditional_endings"])


def _is_number(part: str) -> bool:
    return _SERIAL.match(part) is not None or (
        _NUMBER.match(part) is not None and ("字" in part or parse_doc_number(part) is not None)
    )


def _join_days(text: str) -> str:
    """中華民國 95 年 6 月 13 日 without its spaces, so that a day is one part."""
    return _SPACE_IN_DAY.sub("", text)
