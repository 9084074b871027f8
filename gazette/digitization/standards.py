"""Covers of standards (GB, DB, HJ…; GB/T 1.1 lays them out): number, title, what is replaced, who issued it and when.

A cover prints a standard's number alone on a line, 代替 … under it, the title in Chinese and English, and at its foot
two dates, 发布 and 实施, above the agencies that issue. A page that prints fewer of these is no cover.

Older standards have no cover of their own: the text begins under the title, what is replaced stands in a column beside
it (which a scan mixes with it line by line), and days and agency are the last line of the page.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

from gazette.citations.titles import letters
from gazette.dates import find_dates
from gazette.digitization.blocks import Block, BlockKind
from gazette.digitization.signature import split_agencies
from gazette.draft import DocNumber, Effect, EffectKind, Target
from gazette.errors import Locator

_SERIES = r"(?:GB|DB\s*\d{2,4}|HJ|GBJ|GBZ|GA|JT|NY|SN|WS|YY|JJF|JJG|SL|AQ|MZ|CJ|JG|TD|LY|HY|QX|DZ|GY|YD|SB|WB)"
_DASH = "[-—–－一]"
_NUMBER = re.compile(
    rf"(?P<series>{_SERIES})\s*(?P<kind>/\s*[TZ])?\s*/?\s*(?P<serial>\d{{1,6}}(?:\.\d{{1,3}})?)\s*{_DASH}{{1,2}}\s*(?P<year>(?:19|20)?\d{{2}})(?!\d)"
)
_REPLACES = re.compile(r"[（(]?\s*(?:部分)?代\s*替\s*[:：]?")
#: What a line begins with when it goes on with the list of what is replaced, and what replaces a part only.
_GOES_ON = re.compile(r"[等和与及、，；,;]")
_PARTLY = re.compile(r"等\s*\d*\s*项?标准的|的.{0,20}部分")
#: A title that is whole; another line after it is a second part (… 通则).
_WHOLE_TITLE = re.compile(r"(?:标准|规范|规程|方法|通则|导则|要求)$")
_TEXT_BEGINS = re.compile(r"1[.\s]*[\u4e00-\u9fff]|为(?:了|贯彻|保障|保护|防止|规范)|本标准")
_CLASSES = re.compile(r"(?:ICS|CCS)\b|^[A-Z]\s?\d{2}$|^UDC\b")
_KIND = re.compile(r"[\u4e00-\u9fff\s]{0,12}(?:国\s*家|行\s*业|地\s*方|团\s*体)(?:环境保护)?\s*标\s*准")
_DAY = r"(?:(?:19|20)\d{2}\s*[-—–－.年]\s*\d{1,2}\s*[-—–－.月]\s*\d{1,2}\s*日?)"
_ISSUED = re.compile(rf"({_DAY})\s*(?:发\s*布|批\s*准)")
_EFFECTIVE = re.compile(rf"({_DAY})\s*(?:实\s*施|施\s*行)")
_ISSUES = re.compile(r"发\s*布$")
_CONTENTS = re.compile(r"(?:目\s*[次录]|前\s*言)$")
_DRAFT = re.compile(r"[（(].{0,6}稿[）)]$|[（(]\s*试\s*行\s*[）)]$")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_LATIN = re.compile(r"[A-Za-z]{3}")
#: A cover is within so many blocks, and its lines are no longer than this (characters), its title of so
#: many lines.
_LONGEST_COVER, _LONGEST_LINE, _TITLE_LINES = 40, 120, 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """What the cover says; `end` is how many blocks it takes."""

    number: DocNumber
    title: str
    issued: dt.date | None
    effective: dt.date | None
    issuers: tuple[str, ...]
    replaces: tuple[DocNumber, ...]
    replaces_partly: tuple[DocNumber, ...]
    replaces_quote: str | None
    end: int

    def effects(self) -> tuple[Effect, ...]:
        """The standards that this one replaces, from the day on which it is in force."""
        return tuple(
            Effect(
                kind=EffectKind.REPEALS_PARTIALLY if partly else EffectKind.REPEALS,
                target=Target(doc_number=number),
                scope=(self.replaces_quote or "") if partly else "whole",
                date=self.effective,
                quote=self.replaces_quote or "",
                locator=Locator(page=1, quote=self.replaces_quote),
                confidence=0.9,
                rule="standard_replaces",
            )
            for numbers, partly in ((self.replaces, False), (self.replaces_partly, True))
            for number in numbers
        )


@dataclass(frozen=True, slots=True)
class _Head:
    """Number, title and what is replaced, as the lines of a cover mix them."""

    number: DocNumber | None
    title: str | None
    quote: str | None


def find_cover(blocks: Sequence[Block], running: Sequence[str] = ()) -> Cover | None:
    """The cover that opens the text, None where it opens otherwise.

    A number that heads every page stands only among the `running` heads.
    """
    end = _end(blocks)
    lines = [" ".join(block.text.split()) for block in blocks[:end] if block.kind is not BlockKind.TABLE]
    # Where the text begins under the title, days and agency are the foot of its page.
    foot = [" ".join(block.text.split()) for block in blocks[end:] if block.page and block.page == blocks[0].page]
    text = _joined_days("\n".join([*lines, *(line for line in foot if _ISSUED.search(line))]))
    issued, effective = _day(_ISSUED.search(text)), _day(_EFFECTIVE.search(text))
    head = _read_head(lines)
    number = head.number or next((_number(match) for line in running if (match := _NUMBER.fullmatch(line))), None)
    if number is None or head.title is None or (issued is None and effective is None):
        return None
    whole, partly = _replaced(head.quote, number)
    return Cover(
        number=number,
        title=head.title,
        issued=issued,
        effective=effective,
        issuers=_issuers(text.split("\n")),
        replaces=whole,
        replaces_partly=partly,
        replaces_quote=head.quote,
        end=end,
    )


def _read_head(lines: Sequence[str]) -> _Head:
    """Line by line: what stands before a number or 代替 belongs to the title, until the English title ends it."""
    number: DocNumber | None = None
    title: list[str] = []
    quote: list[str] = []
    kind = next((at for at, line in enumerate(lines) if _KIND.fullmatch(line)), None)
    ended = False
    for at, line in enumerate(lines):
        own, rest = _parted(line)
        if _is_other(line):
            ended = ended or bool(title)
            continue
        if number is None and not quote and _is_number_line(line):
            number = _number(next(_NUMBER.finditer(line)))
            continue
        goes_on = bool(quote) and (ended or _GOES_ON.match(own) is not None)
        if rest and (quote or _REPLACES.search(rest)):
            quote.append(f"{own if goes_on else ''}{rest}")
        elif goes_on and _GOES_ON.match(own):
            quote.append(own)
        is_below = number is not None or (kind is not None and at > kind)
        if is_below and not ended and not goes_on and len(title) < _TITLE_LINES and _HAN.search(own):
            title.append(own)
    return _Head(number, _joined_title(title), "".join(quote) or None)


def _parted(line: str) -> tuple[str, str]:
    """What stands before the first number or 代替, and the rest."""
    found = [match.start() for match in (_REPLACES.search(line), _NUMBER.search(line)) if match]
    start = min(found, default=len(line))
    return line[:start].strip(), line[start:].strip()


def _is_other(line: str) -> bool:
    """A line that is neither title nor number: classes, the English title, a draft mark, days, agencies."""
    if _REPLACES.search(line) or _NUMBER.search(line):
        return False
    is_mark = _CLASSES.search(line) or _DRAFT.match(line) or _KIND.fullmatch(line)
    return bool(is_mark or _LATIN.search(line) or re.search(_DAY, line) or find_dates(line) or _ISSUES.search(line))


def _joined_title(parts: Sequence[str]) -> str | None:
    title = ""
    for part in parts:
        title += (" " if _WHOLE_TITLE.search(title) else "") + part
    return title or None


def _end(blocks: Sequence[Block]) -> int:
    """Where the cover ends: with its page, or before the table of contents or the foreword."""
    first = blocks[0].page if blocks else None
    for at, block in enumerate(blocks[:_LONGEST_COVER]):
        is_other_page = first is not None and block.page != first
        if (
            is_other_page
            or block.kind is BlockKind.TABLE
            or _CONTENTS.match(block.text)
            or len(block.text) > _LONGEST_LINE
            or (at > 2 and _TEXT_BEGINS.match(block.text))
        ):
            return at
    return min(len(blocks), _LONGEST_COVER)


def _is_number_line(line: str) -> bool:
    match = _NUMBER.search(line)
    return match is not None and not _REPLACES.search(line) and len(letters(_NUMBER.sub("", line))) <= 4


def _number(match: re.Match[str]) -> DocNumber:
    """GB 18596-2001, DB44/818-2010: one form whatever dash and spaces are printed."""
    series = re.sub(r"\s", "", match["series"])
    kind = re.sub(r"\s", "", match["kind"] or "")
    is_local = series.startswith("DB")
    parted = f"{series}{kind}{'/' if is_local and not kind else ' '}{match['serial']}"
    year = match["year"]
    full = int(year) if len(year) == 4 else 1900 + int(year)
    return DocNumber(raw=match.group(), normalized=f"{parted}-{year}", prefix=f"{series}{kind}", year=full, serial=None)


def _joined_days(text: str) -> str:
    """发布 and 实施 stand beside their days, sometimes on the line below."""
    return re.sub(r"\s*\n\s*(?=发\s*布|实\s*施)", " ", text)


def _day(match: re.Match[str] | None) -> dt.date | None:
    if match is None:
        return None
    year, month, day = (int(part) for part in re.findall(r"\d+", match[1]))
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def _replaced(quote: str | None, own: DocNumber) -> tuple[tuple[DocNumber, ...], tuple[DocNumber, ...]]:
    """The numbers replaced whole, and those replaced in part: a part is said after them (…等5项标准的…部分和…)."""
    if quote is None:
        return (), ()
    part = _PARTLY.search(quote)
    numbers = [(_number(match), match.start()) for match in _NUMBER.finditer(quote)]
    others = [(number, at) for number, at in numbers if number.normalized != own.normalized]
    return (
        tuple(number for number, at in others if part is None or at > part.start()),
        tuple(number for number, at in others if part is not None and at < part.start()),
    )


def _issuers(lines: Sequence[str]) -> tuple[str, ...]:
    """The agencies at the foot, under the dates."""
    last = max((at for at, line in enumerate(lines) if re.search(_DAY, line)), default=len(lines))
    below = [_ISSUES.sub("", _ISSUED.sub("", _EFFECTIVE.sub("", line)).strip()).strip() for line in lines[last:]]
    names = [name for line in below for name in split_agencies(line)]
    return tuple(dict.fromkeys(names))
