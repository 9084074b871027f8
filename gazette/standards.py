"""Covers of standards (GB, DB, HJ…; GB/T 1.1 lays them out): number, title, what is replaced, who issued it and when.

A cover prints a standard's number alone on a line, 代替 … under it, the title in Chinese and English, and at its foot
two dates, 发布 and 实施, above the agencies that issue. A page that prints fewer of these is no cover.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

from gazette.blocks import Block, BlockKind
from gazette.dates import find_dates
from gazette.draft import DocNumber, Effect, EffectKind, Target
from gazette.elements import split_agencies
from gazette.errors import Locator
from gazette.titles import letters

_SERIES = r"(?:GB|DB\s*\d{2,4}|HJ|GBJ|GBZ|GA|JT|NY|SN|WS|YY|JJF|JJG|SL|AQ|MZ|CJ|JG|TD|LY|HY|QX|DZ|GY|YD|SB|WB)"
_DASH = "[-—–－一]"
_NUMBER = re.compile(
    rf"(?P<series>{_SERIES})\s*(?P<kind>/\s*[TZ])?\s*/?\s*(?P<serial>\d{{1,6}}(?:\.\d{{1,3}})?)\s*{_DASH}{{1,2}}\s*(?P<year>(?:19|20)?\d{{2}})(?!\d)"
)
_REPLACES = re.compile(r"^[（(]?\s*(?:部分)?代\s*替\s*[:：]?\s*(?P<what>.+?)[）)]?$")
_CLASSES = re.compile(r"(?:ICS|CCS)\b|^[A-Z]\s?\d{2}$|^UDC\b")
_KIND = re.compile(r"[\u4e00-\u9fff\s]{0,12}(?:国\s*家|行\s*业|地\s*方|团\s*体)(?:环境保护)?\s*标\s*准")
_DAY = r"(?:(?:19|20)\d{2}\s*[-—–－.年]\s*\d{1,2}\s*[-—–－.月]\s*\d{1,2}\s*日?)"
_ISSUED = re.compile(rf"({_DAY})\s*(?:发\s*布|批\s*准)")
_EFFECTIVE = re.compile(rf"({_DAY})\s*(?:实\s*施|施\s*行)")
_ISSUES = re.compile(r"发\s*布$")
_CONTENTS = re.compile(r"(?:目\s*[次录]|前\s*言)$")
_DRAFT = re.compile(r"[（(].{0,6}稿[）)]$|[（(]\s*试\s*行\s*[）)]$")
_LATIN = re.compile(r"[A-Za-z]{3}")
#: A cover is within so many blocks, and its lines are no longer than this (characters).
_LONGEST_COVER, _LONGEST_LINE = 40, 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """What the cover says; `end` is how many blocks it takes."""

    number: DocNumber
    title: str
    issued: dt.date | None
    effective: dt.date | None
    issuers: tuple[str, ...]
    replaces: tuple[DocNumber, ...]
    replaces_quote: str | None
    end: int

    def effects(self) -> tuple[Effect, ...]:
        """The standards that this one replaces, from the day on which it is in force."""
        return tuple(
            Effect(
                kind=EffectKind.REPEALS,
                target=Target(doc_number=number),
                scope="whole",
                date=self.effective,
                quote=self.replaces_quote or "",
                locator=Locator(page=1, quote=self.replaces_quote),
                confidence=0.9,
                rule="standard_replaces",
            )
            for number in self.replaces
        )


def find_cover(blocks: Sequence[Block]) -> Cover | None:
    """The cover that opens the text, None where it opens otherwise."""
    end = _end(blocks)
    lines = [" ".join(block.text.split()) for block in blocks[:end] if block.kind is not BlockKind.TABLE]
    at = next((at for at, line in enumerate(lines) if _is_number_line(line)), None)
    text = "\n".join(lines)
    issued, effective = _day(_ISSUED.search(_joined_days(text))), _day(_EFFECTIVE.search(_joined_days(text)))
    if at is None or (issued is None and effective is None):
        return None
    found = _NUMBER.search(lines[at])
    title = _title(lines[at + 1 :])
    if found is None or not title:
        return None
    quote = next((line for line in lines if _REPLACES.match(line)), None)
    replaced = _replaced(lines, quote)
    return Cover(
        number=_number(found),
        title=title,
        issued=issued,
        effective=effective,
        issuers=_issuers(lines),
        replaces=replaced,
        replaces_quote=quote,
        end=end,
    )


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
        ):
            return at
    return min(len(blocks), _LONGEST_COVER)


def _is_number_line(line: str) -> bool:
    match = _NUMBER.search(line)
    return match is not None and not _REPLACES.match(line) and len(letters(_NUMBER.sub("", line))) <= 4


def _number(match: re.Match[str]) -> DocNumber:
    """GB 18596-2001, DB44/818-2010: one form whatever dash and spaces are printed."""
    series = re.sub(r"\s", "", match["series"])
    kind = re.sub(r"\s", "", match["kind"] or "")
    is_local = series.startswith("DB")
    parted = f"{series}{kind}{'/' if is_local and not kind else ' '}{match['serial']}"
    year = match["year"]
    full = int(year) if len(year) == 4 else 1900 + int(year)
    return DocNumber(raw=match.group(), normalized=f"{parted}-{year}", prefix=f"{series}{kind}", year=full, serial=None)


def _title(lines: Sequence[str]) -> str | None:
    """The first Chinese lines under the number that are neither what is replaced nor dates nor agencies."""
    parts: list[str] = []
    for line in lines:
        if _REPLACES.match(line) or _NUMBER.search(line) or _CLASSES.search(line):
            continue
        is_other = _LATIN.search(line) or _DRAFT.match(line) or find_dates(line) or re.search(_DAY, line)
        if is_other or _ISSUES.search(line):
            if parts:
                break
            continue
        if _KIND.fullmatch(line):
            continue
        if re.search(r"[\u4e00-\u9fff]", line):
            parts.append(line)
        if len(parts) == 3:
            break
    return " ".join(parts) or None


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


def _replaced(lines: Sequence[str], quote: str | None) -> tuple[DocNumber, ...]:
    if quote is None:
        return ()
    at = lines.index(quote)
    numbers = [_number(match) for match in _NUMBER.finditer(quote)]
    for line in lines[at + 1 :]:
        # The list goes on below: lines that are numbers and nothing else.
        if not _is_number_line(line):
            break
        numbers += [_number(match) for match in _NUMBER.finditer(line)]
    return tuple(numbers)


def _issuers(lines: Sequence[str]) -> tuple[str, ...]:
    """The agencies at the foot, under the dates."""
    last = max((at for at, line in enumerate(lines) if re.search(_DAY, line)), default=len(lines))
    names = [name for line in lines[last:] for name in split_agencies(_ISSUES.sub("", line).strip())]
    return tuple(dict.fromkeys(names))
