"""署名和成文日期: who signs an official document and when, and the names of agencies in a line.

Agencies sign by name or by seal alone, several one under the other; orders are signed by persons.
"""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from gazette.citations.titles import letters
from gazette.dates import find_dates, parse_date
from gazette.digitization.blocks import Block, BlockKind
from gazette.draft import DocNumber

#: 附注: a line in brackets under the date: （此件公开发布）, （本文有删减）.
_REMARK = re.compile(r"[（(][^（）()]{2,28}[）)]$")
ATTACHED = re.compile(r"附件?\s*[:：]\s*(?P<first>\S.*)$")
ATTACHED_NEXT = re.compile(r"(?:附件)?\s*\d{1,2}\s*[.．、:：]\s*\S")


@cache
def agencies() -> tuple[tuple[str, ...], re.Pattern[str], Mapping[str, str]]:
    """How agencies' names end, who signs as a person, and which number series belong to whom."""
    table = tomllib.loads(files("gazette").joinpath("data/agencies.toml").read_text("utf-8"))
    offices = "|".join(r"[\s\u3000]*".join(office) for office in table["persons"])
    persons = re.compile(rf"(?:{offices})[\s\u3000:：]+\S{{2,4}}(?:[\s\u3000]\S{{1,2}})?$")
    return tuple(table["endings"]), persons, table["series"]


@dataclass(frozen=True, slots=True)
class Signature:
    """署名和成文日期: the blocks from `start` up to `end` (附注 included), the signers, the day and the 附注."""

    start: int
    end: int
    signers: tuple[str, ...]
    day: dt.date
    remarks: tuple[str, ...] = ()


def find_signature(blocks: Sequence[Block]) -> Signature | None:
    """The first signature: short lines that name agencies, then a line that is a date."""
    for i, block in enumerate(blocks):
        if block.kind is BlockKind.TABLE or len(block.text) > 120:
            continue
        day, own = _signing_day(block.text)
        if day is None or i == 0 or _is_print_day(blocks, i):
            continue
        signers = [own] if own else []
        start = i
        while start > 0 and len(signers) < 12 and not own and _may_sign(blocks[start - 1]):
            start -= 1
            signers.insert(0, blocks[start].text)
        if not signers or start == 0:
            continue
        end = i + 1
        while end < len(blocks) and _REMARK.match(blocks[end].text):
            end += 1
        remarks = tuple(block.text.strip("（）() ") for block in blocks[i + 1 : end])
        return Signature(start, end, split_agencies("；".join(signers)), day, remarks)
    return None


def split_agencies(text: str) -> tuple[str, ...]:
    """Agencies written one after another, parted by spaces, commas or 、; persons who sign are left out."""
    endings, persons, _series = agencies()
    text = re.sub(r"(?<=[\u4e00-\u9fff])[ \u3000](?=[\u4e00-\u9fff](?:[ \u3000；]|$))", "", text)
    if persons.match(text):
        return ()
    names: list[str] = []
    for name in re.split(r"[\s\u3000,，;；]+|(?<=[部委局厅院会署办府行])、", text):
        name = name.strip("（）() ") if name.count("（") != name.count("）") else name.strip()
        if len(name) > 1 and (name.endswith(endings) or name.endswith(("）", ")"))):
            names.append(name)
    return tuple(dict.fromkeys(names))


def names_agencies(text: str) -> bool:
    """Whether a line is agencies' names and nothing else."""
    return 3 <= len(text) <= 60 and sum(map(len, split_agencies(text))) == len(re.sub(r"[\s\u3000,，、;；]", "", text))


def issuers_of_title(title: str) -> tuple[str, ...]:
    """Who issues, where the title says so: 发文机关＋关于＋事由＋的＋文种."""
    match = re.match(r"(.{2,120}?)(?:关于|转发|批转|印发|(?<=府|厅|局|院|委|会)(?:公告|通告|令))", title)
    if match is None:
        return ()
    names = split_agencies(match[1])
    return names if names and sum(map(len, names)) >= len(letters(match[1])) - 4 else ()


def issuer_of_number(number: DocNumber | None) -> tuple[str, ...]:
    issuer = agencies()[2].get(number.prefix or "") if number else None
    return (issuer,) if issuer else ()


def _is_print_day(blocks: Sequence[Block], i: int) -> bool:
    """Whether the day is that of printing (印发), the word broken off to the next line."""
    return i + 1 < len(blocks) and "".join(blocks[i + 1].text.split()) == "印发"


def _signing_day(text: str) -> tuple[dt.date | None, str | None]:
    """The day of a line that is a date, or a short name and a date."""
    if text.rstrip("）) ")[-1:] not in tuple("日0123456789"):
        return None, None
    day = parse_date(re.sub(r"(?<=[\d一-龥])\s+(?=[\d一-龥])", "", text).strip("（）() "))
    if day is not None:
        return day, None
    if len(text) <= 60 and (days := find_dates(text)) and days[-1][1][1] == len(text):
        name = text[: days[-1][1][0]].strip(" \u3000")
        if name.endswith(agencies()[0]) and "，" not in name and "。" not in name:
            return days[-1][0], name
    return None, None


def _may_sign(block: Block) -> bool:
    text = block.text
    endings, persons, _series = agencies()
    if block.kind is BlockKind.TABLE or not text or len(text) > 80 or text[-1] in "。；：:，;！？":
        return False
    if (
        ATTACHED.match(text)
        or ATTACHED_NEXT.match(text)
        or parse_date(text)
        or re.match(r"[一二三四五六七八九十]+、|[（(第]", text)
    ):
        return False
    return bool(persons.match(text)) or text.rstrip("）) ").endswith(endings) or bool(split_agencies(text))
