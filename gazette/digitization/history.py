"""题注: the note under a title that tells when and by whom a text was adopted, approved, promulgated and amended.

立法法 第六十五条 orders it for laws; regulations carry the order that promulgated them.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from gazette.citations.numbers import find_doc_numbers
from gazette.citations.titles import find_titles
from gazette.dates import find_dates
from gazette.digitization.blocks import Block, BlockKind
from gazette.draft import HistoryEntry
from gazette.numerals import parse_chinese_number

_VERB = re.compile(
    r"(?:第\s*(?P<ordinal>[一二三四五六七八九十\d]{1,3})\s*次\s*)?"
    r"(?P<verb>修订通过|修正|修订|修改|通过|批准|核准|公布|发布|颁布|施行|实施)"
    # 2009年3月24日农业部令第20号: an order's number that ends a clause promulgates without a verb.
    r"|(?P<order>令\s*(?:\d{4}\s*年\s*)?第\s*[\d一二三四五六七八九十百]{1,8}\s*号)(?=[\s\u3000，,；;）)]|$)"
)
#: 江城市人民政府令第118号, 农业部令2020年第5号, 交通部第39号令.
_ORDER_NUMBER = re.compile(r"令\s*(?:\d{4}\s*年\s*)?第\s*[\d一二三四五六七八九十百]{1,8}\s*号|第\s*\d{1,4}\s*号令")
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
#: A verb that only describes the decision by which a text was amended: 会议通过的《…决定》修正.
_DESCRIBES = re.compile(r"\s*的\s*□+|，?并[经由于][^\n]{0,80}?(?:批准|通过|公布)\s*的\s*□")
_CAPTION_VERB = re.compile(r"令\s*第|第\d+号令|通过|批准|公布|发布|颁布|修正|修订|施行|实施|制定|核准")
#: A line of a note that lost its date: 江城市第七届人民代表大会常务委员会第二十六次会议批准.
_UNDATED = re.compile(
    r"(?<!日\n)^[^第\d\n。，；：]{2,20}第[一二三四五六七八九十]{1,3}届[^\d\n。；：]{4,60}?会议(?:通过|批准|核准|修订|修正)$",
    re.M,
)
#: A line broken before it says what was done: 2013年2月26日江城市第十五届人民代表大会常务委员会.
_BROKEN = re.compile(r"\d{4}年\d{1,2}月\d{1,2}日[^\d\n。；：]{4,60}(?:大会|委员会|会议)")
#: A 题注 in brackets runs over at most so many lines.
_LONGEST_NOTE = 30
#: A title's line that ends before the bracket of its note is closed.
_NOTE_OPENED = re.compile(r"(?P<title>[^。；]{4,}?)(?P<note>[（(][^（）()]{0,12}\d{4}年\d{1,2}月[^（）()]*)$")
_LONGEST_TITLE_LINE = 80
#: A line of a note that tells an act to its end.
_ENDS_ACT = re.compile(
    r"(?:令第[^，。]{1,8}号|通过|批准|公布|发布|颁布|修正|修订|修改|施行|实施|核准)[）)，,；;、。]?$"
)
#: A note under a title is not longer than this (characters of one line).
_LONGEST = 1500

#: The national assembly's laws are promulgated by an order of the President, signed the day they are adopted
#: (宪法 第八十条); the office was restored by the constitution of that day.
PRESIDENT_SINCE = dt.date(1982, 12, 4)
_NATIONAL = re.compile(r"第[一二三四五六七八九十]+届全国人民代表大会")


@dataclass(frozen=True, slots=True, kw_only=True)
class Caption:
    """What a 题注 says. `effective` is a commencement printed in it (自…起施行), `issuer` who made the text first,
    `ordered` are the days of which it names an order (2025年7月28日…令第118号…修正): an order publishes what it
    adopts."""

    entries: tuple[HistoryEntry, ...]
    ordered: frozenset[dt.date] = frozenset()
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


def is_undated_act(line: str) -> bool:
    """Whether a line in the midst of a 题注 tells of a meeting's act without its day."""
    return _UNDATED.fullmatch(line.strip()) is not None


def is_broken_caption(line: str) -> bool:
    """Whether a line names day and meeting, and the next one must say what was done."""
    return _BROKEN.fullmatch(line.strip()) is not None


def part_caption(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """A 题注 that opens on the title's own line and is closed lines later stands on a line of its own."""
    for i, block in enumerate(blocks):
        match = _NOTE_OPENED.fullmatch(block.text) if len(block.text) <= _LONGEST_TITLE_LINE else None
        if match is None:
            continue
        note = Block(kind=BlockKind.PARAGRAPH, text=match["note"], page=block.page, line=block.line)
        parted = (*blocks[:i], replace(block, text=match["title"].rstrip()), note, *blocks[i + 1 :])
        return parted if _bracketed_caption(parted, i + 1) else blocks
    return blocks


def caption_width(blocks: Sequence[Block], i: int) -> int:
    """How many blocks the 题注 at `i` takes (0: none); one in brackets runs to its closing bracket."""
    text = blocks[i].text
    if text[:1] in "（(" and (width := _bracketed_caption(blocks, i)):
        return width
    # Without brackets, lines of the note follow each other; one broken in a title or before its verb goes on.
    width = 1
    while (text.count("《") > text.count("》") or is_broken_caption(text)) and i + width < len(blocks) and width < 4:
        text += blocks[i + width].text
        width += 1
    return width if is_caption(text) else 0


def join_caption(lines: Sequence[str]) -> tuple[str, ...]:
    """A note in brackets, printed in lines: those that were broken before the act was told are one again."""
    joined: list[str] = []
    for line in lines:
        if joined and not _ENDS_ACT.search(joined[-1]):
            joined[-1] += line
        else:
            joined.append(line)
    return tuple(joined)


def read_caption(lines: Sequence[str]) -> Caption:
    """The acts named in a 题注, in order."""
    text = "\n".join(line.strip() for line in lines)
    outside = _mask_titles(text)
    days = find_dates(outside)
    undated = [match.span() for match in _UNDATED.finditer(outside)]
    entries: list[HistoryEntry] = []
    decisions: list[tuple[dt.date, str]] = []
    effective: dt.date | None = None
    start = 0
    for match in _VERB.finditer(outside):
        if any(begin <= match.start() < end for begin, end in undated):
            act = text[start : match.start()].strip()
            entries.append(HistoryEntry(kind=_KINDS[match["verb"]], date=None, act=act))
            start = match.end()
            continue
        known = [day for day, (begin, _end) in days if begin < match.start()]
        if not known:
            continue
        if match["order"]:
            _add_order(entries, known[-1], text[start : match.end()])
            start = match.end()
            continue
        clause, kind = text[start : match.start()], _KINDS.get(match["verb"])
        if describing := _DESCRIBES.match(outside, match.end()):
            if describing.group().endswith("□□"):
                decisions.append((known[-1], find_titles(text[match.end() : describing.end()])[0][0]))
            continue
        start = match.end()
        if kind is None:
            effective = known[-1]
            continue
        acts = decisions if kind in ("amended", "revised") and decisions else [(known[-1], _act(clause))]
        ordinal = parse_chinese_number(match["ordinal"]) if match["ordinal"] else None
        entries += [HistoryEntry(kind=kind, date=day, act=act, ordinal=ordinal) for day, act in acts]
        decisions = []
    # Decisions named without a verb after them amended the text too.
    entries += [HistoryEntry(kind="amended", date=day, act=act) for day, act in decisions]
    return Caption(
        entries=tuple(entries),
        ordered=frozenset(_ordered_days(outside, days)),
        effective=effective,
        issuer=next((name for entry in entries[:2] if entry.act and (name := _issuer(entry.act))), None),
        national=bool(_NATIONAL.search(outside)),
    )


def _ordered_days(outside: str, days: Sequence[tuple[dt.date, tuple[int, int]]]) -> Iterator[dt.date]:
    """The day last named before each order's number."""
    for order in _ORDER_NUMBER.finditer(outside):
        before = [day for day, (_, end) in days if end <= order.start()]
        if before:
            yield before[-1]


def _bracketed_caption(blocks: Sequence[Block], i: int) -> int:
    """How many blocks the note takes whose bracket opens at `i`; its first line need not tell an act yet."""
    depth, note = 0, ""
    for width, block in enumerate(blocks[i : i + _LONGEST_NOTE], 1):
        if block.kind is BlockKind.TABLE:
            break
        note += block.text
        depth += sum(block.text.count(mark) for mark in "（(") - sum(block.text.count(mark) for mark in "）)")
        if depth <= 0:
            return width if is_caption(note) else 0
    return int(is_caption(blocks[i].text))


def _add_order(entries: list[HistoryEntry], day: dt.date, clause: str) -> None:
    """An order's number without a verb: of the promulgation just named (公布，农业部令第50号), or one of its own."""
    if entries and entries[-1].kind == "promulgated" and not find_dates(clause):
        entries[-1] = replace(entries[-1], act=_act(clause))
    else:
        entries.append(HistoryEntry(kind="promulgated", date=day, act=_act(clause)))


def _mask_titles(text: str) -> str:
    """The text with every 《title》 blanked, length kept: verbs and dates inside titles are not acts."""
    masked = list(text)
    for _title, (begin, end) in find_titles(text):
        masked[begin:end] = "□" * (end - begin)
    return "".join(masked)


def _act(clause: str) -> str | None:
    """The deciding act: the decision's title, the order's number, else the meeting."""
    clause = clause.replace("\n", "")
    if titles := find_titles(clause):
        return titles[-1][0]
    if numbers := find_doc_numbers(clause):
        return str(numbers[-1][0])
    days = find_dates(clause)
    rest = clause[days[-1][1][1] :] if days else clause
    return rest.strip(" \u3000\n，,、（）()根据经由和并于同日起自") or None


_ORDER_OF = re.compile(r"(?:中华人民共和国)?([\u4e00-\u9fff、]{2,40}?)(?:令|公告|第\d)")
_AGENCY = re.compile(r"(?:中华人民共和国)?([\u4e00-\u9fff、]{2,30}?[部委局署厅院会府行])(?:[\u4e00-\u9fff]{1,8}〔.*)?$")


def _issuer(act: str) -> str | None:
    """Who acted: 北京市第十一届人民代表大会常务委员会第三十三次会议 is 北京市人民代表大会常务委员会."""
    if match := re.match(r"([^第]{0,20})第[^届]{1,6}届([^第]*?人民代表大会(?:常务委员会)?)", act):
        return match[1] + match[2]
    if match := re.match(r"([\u4e00-\u9fff]{2,30}?人民代表大会(?:常务委员会)?)", act):
        return match[1]
    if match := re.match(r"国务院|最高人民法院|最高人民检察院", act):
        return match[0]
    match = _ORDER_OF.match(act) or _AGENCY.match(act)
    return None if match is None or match[1].endswith("主席") else match[1]
