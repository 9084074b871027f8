"""题注: the note under a title that tells when and by whom a text was adopted, approved, promulgated and amended.

立法法 第六十五条 orders it for laws; regulations carry the order that promulgated them.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

from gazette.dates import find_dates
from gazette.draft import HistoryEntry
from gazette.numbers import find_doc_numbers, parse_chinese_number
from gazette.titles import find_titles

_VERB = re.compile(
    r"(?:第\s*([一二三四五六七八九十\d]{1,3})\s*次\s*)?(修订通过|修正|修订|修改|通过|批准|核准|公布|发布|颁布|施行|实施)"
)
_KINDS = {
    "通过": "adopted",
    "批准": "approved",
    "核准": "approved",
    "公布": "promulgated",
    "发布": "promulgated",
    "颁布": "promulgated",
    "修正": "amended",
    "修改": "amended",
    "修订": "revised",
    "修订通过": "revised",
}
#: A verb that only describes the decision by which a text was amended: 会议通过的《…决定》, 批准并….
_DESCRIBES = re.compile(r"\s*(?:的|并经|并由|，?并于)")
_MEETING = re.compile(r"[^，。；（）()《》\s]{2,40}?(?:会议|常务委员会|委员会|人民政府|国务院|全体会议)")
_CAPTION_VERB = re.compile(r"通过|批准|公布|发布|颁布|修正|修订|施行|实施|制定|核准")
#: A note under a title is not longer than this (characters of one line).
_LONGEST = 1500

#: The national assembly's laws are promulgated by an order of the President, signed the day they are adopted
#: (宪法 第八十条); the office was restored by the constitution of that day.
PRESIDENT_SINCE = dt.date(1982, 12, 4)
_NATIONAL = re.compile(r"第[一二三四五六七八九十]+届全国人民代表大会")


@dataclass(frozen=True, slots=True, kw_only=True)
class Caption:
    """What a 题注 says. `effective` is a commencement printed in it (自…起施行), `issuer` who made the text first."""

    entries: tuple[HistoryEntry, ...]
    effective: dt.date | None = None
    issuer: str | None = None
    national: bool = False

    @property
    def last(self) -> HistoryEntry | None:
        """The act that made the text as it stands."""
        dated = [entry for entry in self.entries if entry.date]
        return max(dated, key=lambda entry: entry.date or dt.date.min) if dated else None


def is_caption(line: str) -> bool:
    """Whether a line under a title is (part of) its 题注: a date and what happened on it, and no sentence."""
    text = line.strip(" \u3000（(）)")
    if len(line) > _LONGEST or line.endswith(("。", "：", ":")) or not _CAPTION_VERB.search(text):
        return False
    dates = find_dates(text)
    return bool(dates) and (
        line[0] in "（(" or dates[0][1][0] <= 2 or text.startswith(("根据", "自", "经")) or dates[0][1][0] < 40
    )


def read_caption(lines: Sequence[str]) -> Caption:
    """The acts named in a 题注, in order."""
    text = "\n".join(lines)
    outside = _mask_titles(text)
    days = find_dates(outside)
    entries: list[HistoryEntry] = []
    effective: dt.date | None = None
    issuer: str | None = None
    start = 0
    described = False
    for match in _VERB.finditer(outside):
        verb = match[2]
        before = [day for day in days if start <= day[1][0] < match.start()]
        if verb in ("施行", "实施"):
            if before:
                effective = before[-1][0]
                start = match.end()
            continue
        describes = bool(_DESCRIBES.match(outside, match.end())) and verb in (
            "通过",
            "批准",
            "公布",
            "发布",
            "修改",
            "修订",
            "修正",
        )
        if describes:
            described = True
            continue
        if not before and not described:
            continue
        since = [day for day in days if day[1][0] < match.start()]
        clause = text[start : match.start()]
        kind = _KINDS[verb]
        if since:
            entries.append(
                HistoryEntry(
                    kind=kind,
                    date=since[-1][0],
                    act=_act(clause, kind),
                    ordinal=parse_chinese_number(match[1]) if match[1] else None,
                )
            )
            issuer = issuer or _issuer(clause)
        start, described = match.end(), False
    return Caption(entries=tuple(entries), effective=effective, issuer=issuer, national=bool(_NATIONAL.search(outside)))


def _mask_titles(text: str) -> str:
    """The text with every 《title》 blanked, length kept: verbs and dates inside titles are not acts."""
    masked = list(text)
    for _title, (begin, end) in find_titles(text):
        masked[begin:end] = "\u25a1" * (end - begin)
    return "".join(masked)


def _act(clause: str, kind: str) -> str | None:
    """The deciding act: the decision's title, the order's number, else the meeting."""
    titles = find_titles(clause)
    if titles:
        return titles[-1][0]
    numbers = find_doc_numbers(clause)
    if numbers:
        return str(numbers[-1][0])
    days = find_dates(clause)
    rest = clause[days[-1][1][1] :] if days else clause
    rest = rest.strip(" \u3000\n，,（）()根据经由")
    return rest or None if kind in ("adopted", "approved", "revised", "amended", "promulgated") else None


_SESSION = re.compile(r"第[一二三四五六七八九十百零〇\d]+届")
_ORDER_OF = re.compile(r"(?:中华人民共和国)?([\u4e00-\u9fff、]{2,40}?)(?:令|公告)")


def _issuer(clause: str) -> str | None:
    """Who acted: 北京市第十一届人民代表大会常务委员会第三十三次会议 is 北京市人民代表大会常务委员会."""
    days = find_dates(clause)
    rest = (clause[days[-1][1][1] :] if days else clause).strip(" \u3000\n，,（）()经由")
    if match := re.match(r"([^第]{0,20})第[^届]{1,6}届([^第]*?人民代表大会(?:常务委员会)?)", rest):
        return match[1] + match[2]
    if match := re.match(r"([\u4e00-\u9fff]{2,30}?人民代表大会(?:常务委员会)?)", rest):
        return match[1]
    if rest.startswith("国务院"):
        return "国务院"
    if match := _ORDER_OF.match(rest):
        return None if match[1].endswith("主席") else match[1]
    if match := re.match(r"(最高人民法院|最高人民检察院)", rest):
        return match[1]
    return None
