"""版头 and 版记: what GB/T 9704 prints above the title and under the last line of an official document.

Above: 份号, 密级和保密期限, 紧急程度, 发文机关标志 (…文件, in a letter 信函 the bare name; stacked where several
issue), 签发人 beside the number.
Below: 主题词, 抄送, 印发机关和印发日期. Each is taken out of the text and kept as a note of its own; the mark of
secrecy so kept is what holds back publication.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from gazette.digitization.blocks import Block, BlockKind
from gazette.digitization.secrecy import MARK, starred_mark

_COPY = r"(?:份\s*号\s*[:：]?\s*|N[oOº°][.．]?\s*)?(?P<copy>\d{6})"
_URGENCY = r"(?:紧急程度\s*[:：]?\s*)?(?P<urgency>特\s*急|加\s*急|特\s*提|平\s*急|急\s*件)"
#: Any of them stands alone on its line, or with others on one.
_MARKS = tuple(re.compile(pattern) for pattern in (_COPY, MARK, _URGENCY))
_LONGEST_MARKS = 40
#: 江城市人民政府文件: the red head.
_RED_HEAD = re.compile(r"(?P<names>[\u4e00-\u9fff、（）\s\u3000]{3,120}?)\s*文\s*件$")
_AGENCY_LINE = re.compile(r"[\u4e00-\u9fff（）\s\u3000]{3,40}$")
_APPROVER = re.compile(r"签\s*发\s*人\s*[:：]\s*(?P<names>[\u4e00-\u9fff·\s\u3000、，]{2,40})$")
_NAME = re.compile(r"[\u4e00-\u9fff·]{2,}|[\u4e00-\u9fff][\s\u3000]+[\u4e00-\u9fff](?![\u4e00-\u9fff])")
#: The head of a document is within so many blocks, the names of joint issuers are stacked no higher.
_LONGEST_HEAD, _HIGHEST_STACK = 14, 8
_TOPICS = re.compile(r"主\s*题\s*词\s*[:：]")
_COPIES_TO = re.compile(r"(?:主\s*送|抄\s*[送报发])\s*[:：]")
_PRINTED = re.compile(r"[\u4e00-\u9fff\s\u3000]{2,40}?\s*\S{4,14}日\s*印\s*发(?:[（(，,\s].{0,12}\d+\s*份[）)。]?)?$")
#: 2008 年 9 月 4 日, as PDF sets figures between letters.
_SPACE_IN_DAY = re.compile(r"(?<=\d)\s+(?=[年月日])|(?<=[年月])\s+(?=\d)")
_COPIES_MADE = re.compile(r"[（(]?\s*共?\s*印\s*(?:刷\s*)?\d+\s*份\s*[）)]?$")
#: A list of recipients runs over no more lines than this.
_LONGEST_LIST = 8
_LONGEST_PRINT = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Letterhead:
    """The elements above the title; `issuers` are the names of the red head as one text."""

    notes: tuple[str, ...] = ()
    issuers: str = ""


def take_letterhead(
    blocks: Sequence[Block], *, names_agencies: Callable[[str], bool], is_number: Callable[[str], bool]
) -> tuple[Letterhead, tuple[Block, ...]]:
    """The head and the blocks without it; where nothing of a head stands, the blocks as they are.

    `names_agencies` and `is_number` tell a line of agencies' names and a line that is a document number.
    """
    notes: list[str] = []
    issuers: list[str] = []
    rest: list[Block] = []
    at = 0
    while at < min(len(blocks), _LONGEST_HEAD):
        block = blocks[at]
        if block.kind is BlockKind.TABLE or not block.text:
            break
        if found := _marks(block.text):
            notes += found
        elif height := _red_head(blocks, at) or _bare_head(blocks, at, names_agencies, is_number):
            issuers += [_RED_HEAD.sub(r"\g<names>", each.text) for each in blocks[at : at + height]]
            at += height
            continue
        elif secret := starred_mark(block.text):
            notes.append(f"密级：{''.join(secret['secrecy'].split())}")
            beside = block.text.replace(secret[0], "").strip(" \u3000")
            rest += [replace(block, text=beside)] if beside else []
        elif match := _APPROVER.search(block.text):
            notes.append(f"签发人：{_names(match['names'])}")
            before = block.text[: match.start()].strip(" \u3000")
            if before:
                rest.append(replace(block, text=before))
        elif notes or issuers:
            # The number stands under the red head; whatever else follows is the title.
            break
        else:
            return Letterhead(), tuple(blocks)
        at += 1
    return Letterhead(notes=tuple(notes), issuers=" ".join(issuers)), (*rest, *blocks[at:])


def take_imprint(blocks: Sequence[Block]) -> tuple[tuple[str, ...], tuple[Block, ...]]:
    """The 版记 as notes, a list of recipients over several lines as one, and the blocks without it."""
    notes: list[str] = []
    rest: list[Block] = []
    at = 0
    while at < len(blocks):
        block = blocks[at]
        is_end = block.kind is not BlockKind.TABLE and at > 0
        if is_end and (_TOPICS.match(block.text) or _COPIES_TO.match(block.text)):
            width = _list_width(blocks, at)
            notes.append("".join(each.text for each in blocks[at : at + width]))
            at += width
            continue
        if is_end and (width := _print_width(blocks, at)):
            notes.append("".join(each.text for each in blocks[at : at + width]))
            at += width
            continue
        rest.append(block)
        at += 1
    return tuple(notes), tuple(rest)


def _marks(text: str) -> list[str]:
    """份号, 密级 and 紧急程度 of a line that prints nothing else, in whichever order."""
    found: dict[str, str] = {}
    rest = text if len(text) <= _LONGEST_MARKS else ""
    for mark in _MARKS:
        if match := mark.search(rest):
            found |= {name: "".join(value.split()) for name, value in match.groupdict().items()}
            rest = rest[: match.start()] + " " + rest[match.end() :]
    if not found or rest.strip(" \u3000★☆*|,，、·"):
        return []
    labels = {"copy": "份号", "secrecy": "密级", "urgency": "紧急程度"}
    return [f"{label}：{found[name]}" for name, label in labels.items() if name in found]


def _red_head(blocks: Sequence[Block], at: int) -> int:
    """How many lines the red head at `at` takes: agencies one under the other, 文件 after one of them."""
    for height in range(1, _HIGHEST_STACK + 1):
        if at + height > len(blocks):
            return 0
        text = blocks[at + height - 1].text
        if _RED_HEAD.match(text) and "关于" not in text and "的" not in text:
            return height
        if not _AGENCY_LINE.match(text) or "关于" in text or "的" in text:
            return 0
    return 0


def _bare_head(
    blocks: Sequence[Block], at: int, names_agencies: Callable[[str], bool], is_number: Callable[[str], bool]
) -> int:
    """How many lines a head without the word 文件 takes: names of agencies alone, then the number, then a title."""
    height = 0
    while height < _HIGHEST_STACK and at + height < len(blocks) and names_agencies(blocks[at + height].text):
        height += 1
    number, title = at + height, at + height + 1
    if not height or title >= len(blocks) or not is_number(_APPROVER.sub("", blocks[number].text).strip()):
        return 0
    follows = blocks[title]
    is_title = follows.kind is not BlockKind.TABLE and len(follows.text) <= 80 and follows.text[-1:] not in "：:。；，"
    return height if is_title else 0


def _names(text: str) -> str:
    """Persons parted by spaces or 、; a name of two letters is printed with a space in it (李　某)."""
    return "、".join("".join(name.split()) for name in _NAME.findall(text))


def _print_width(blocks: Sequence[Block], at: int) -> int:
    """How many lines 印发机关和印发日期 at `at` take, where 印发 may have been broken off; 0 for anything else."""
    text = _SPACE_IN_DAY.sub("", blocks[at].text)
    if len(text) < _LONGEST_PRINT and (_PRINTED.match(text) or _COPIES_MADE.match(text)):
        return 1
    is_broken = at + 1 < len(blocks) and "".join(blocks[at + 1].text.split()) == "印发" and text.endswith("日")
    return 2 if is_broken and _PRINTED.match(text + "印发") else 0


def _list_width(blocks: Sequence[Block], at: int) -> int:
    """How many lines a list takes that opens at `at`: up to its full stop, or to what is plainly no name."""
    width = 1
    while (
        width < _LONGEST_LIST
        and at + width < len(blocks)
        and blocks[at + width - 1].text[-1:] in "，,、；;"
        and blocks[at + width].kind is not BlockKind.TABLE
        and not _PRINTED.match(blocks[at + width].text)
    ):
        width += 1
    return width
