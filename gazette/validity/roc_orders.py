"""What the orders of Taiwan's agencies say in their titles: 經濟部令：廢止「甲辦法」，自94年1月1日生效.

An order (令) or notice (公告) is its title: verbs with the texts they act upon in 「」, several in a row, years counted
from 1912. 預告廢止 announces and does nothing; an order that repeals an interpretation of 「乙法」第3條 does not touch
乙法, nor does the statute on which a repealed rule was based (依「乙法」第3條授權訂定之「丙規則」).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from gazette.draft import Effect, EffectKind, Target
from gazette.errors import Locator
from gazette.validity.targets import WHOLE

_ORDER = re.compile(r"^[^：:「」]{2,80}(?:令|公告|函)[：:]\s*(?P<text>.+)$", re.DOTALL)
_VERB = re.compile(
    r"委任|委託|核釋|修正名稱為|名稱修正為|(?P<end>廢止|停止適用|不再適用)|(?P<amend>修正)"
    r"|(?P<make>訂定(?!之|發布之)|制定(?!之))|發布(?!之)"
)
#: What may stand after the name of a text that is itself acted upon; 第3條, 有關, 之解釋令 belong to something else.
_ENDS_NAME = re.compile(
    r"^\s*(?:$|[、，；。及與和暨並（(]"
    r"|等(?:\d+|[一二三四五六七八九十]+)?[種件項則]?(?:行政規則|法規|命令|規定)?(?=[，；。]|$)"
    r"|部分|全文|條文(?=[，；。]|$)|第[^，；。]{1,40}條文)"
)
#: 廢止「甲細則」第5條條文 leaves the rest.
_PART = re.compile(r"^\s*(?P<part>部分[^，。；「]{0,8}|第[^，。；「]{1,40}條文)")
#: Corrections and withdrawals of orders, and what only announces one.
_UNDOES = re.compile(r"更正|註銷|撤銷")
_BELONGS = re.compile(r"\s*(?:第|有關|之|所)")
_NAMED_FIRST = re.compile(r"^(?:，?[^，；]{0,40}屆滿)?，?(?:業經|並|均|當然|自|溯自|於)?[^，；「」]{0,20}，?(?:當然)?$")
_GROUND = re.compile(r"依(?:據|照)?[^，、；]*$")
_DAY = re.compile(
    r"(?:自|於)(?:中華民國)?(?P<year>\d{2,3})年(?P<month>\d{1,2})月(?P<day>\d{1,2})日"
    r"[^，；]{0,6}(?:生效|施行|起|廢止|停止適用)"
)
_FIRST_YEAR = 1911
_CONFIDENCE = 0.93


@dataclass(frozen=True, slots=True)
class _Name:
    """A text in 「」: its title and where it stands, marks included."""

    title: str
    start: int
    end: int


def find_order_effects(title: str, *, day: date | None, rule: str | None) -> Iterator[Effect]:
    """The repeals and amendments that the title of an order states; on the day it prints, else on `day`."""
    order = _ORDER.match(title)
    if order is None or _UNDOES.match(order["text"]) or "預告" in title or "草案" in title:
        return
    text = order["text"]
    printed = _printed_day(text)
    for kind, name in _acts(text):
        part = _PART.match(text[name.end :]) if kind is EffectKind.REPEALS else None
        yield Effect(
            kind=EffectKind.REPEALS_PARTIALLY if part else kind,
            target=Target(title=name.title),
            scope=part["part"] if part else WHOLE,
            date=printed or day,
            date_rule=None if printed else rule,
            quote=title,
            locator=Locator(),
            confidence=_CONFIDENCE,
            rule="title.order",
        )


def _acts(text: str) -> Iterator[tuple[EffectKind, _Name]]:
    """Each verb with the names up to the next verb; a name without a verb before it in its clause takes the next."""
    names = list(_names(text))
    verbs = [each for each in _VERB.finditer(text) if not any(name.start < each.start() < name.end for name in names)]
    made: set[str] = set()
    for at, verb in enumerate(verbs):
        kind = EffectKind.REPEALS if verb["end"] else EffectKind.AMENDS if verb["amend"] else None
        end = verbs[at + 1].start() if at + 1 < len(verbs) else len(text)
        after = [name for name in names if verb.end() <= name.start < end]
        if verb["make"]:
            made.update(name.title for name in after)
        if kind is None:
            continue
        clause = text.rfind("；", 0, verb.start()) + 1
        is_first = at == 0 or verbs[at - 1].end() <= clause
        before = [name for name in names if clause <= name.start and name.end <= verb.start()] if is_first else []
        before = before if verb["end"] and not after else []
        if before and _NAMED_FIRST.match(text[before[-1].end : verb.start()]):
            yield from ((kind, name) for name in before if not _BELONGS.match(text[name.end :]))
        begin = verb.end()
        for name in after:
            lead, begin = text[begin : name.start], name.end
            # A title made anew in the same order lives on under the text that replaces the old one.
            if _ENDS_NAME.match(text[name.end :]) and not _GROUND.search(lead) and name.title not in made:
                yield kind, name


def _names(text: str) -> Iterator[_Name]:
    """The outermost 「」 of a text; one that is never closed is none."""
    depth = start = 0
    for at, char in enumerate(text):
        if char == "「":
            start = at if depth == 0 else start
            depth += 1
        elif char == "」" and depth:
            depth -= 1
            if depth == 0:
                yield _Name(text[start + 1 : at], start, at + 1)


def _printed_day(text: str) -> date | None:
    match = _DAY.search(text)
    if match is None:
        return None
    try:
        return date(int(match["year"]) + _FIRST_YEAR, int(match["month"]), int(match["day"]))
    except ValueError:
        return None
