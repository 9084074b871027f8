"""The outline of a text: which lines open a part, chapter, article or item, read line by line.

Statutes count 编、分编、章、节、条、款、项、目 (立法法 第六十五条); official documents count 一、（一）1.（1）
(GB/T 9704). Tables of contents are dropped, headings glued to the line before them are cut loose.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from gazette.citations.titles import letters
from gazette.digitization.blocks import Block, BlockKind
from gazette.draft import BodyType
from gazette.errors import Finding, Level, Locator
from gazette.numerals import parse_chinese_number

_CN = "一二三四五六七八九十百千零〇○两"
_STATUTE = re.compile(
    rf"第\s*([{_CN}\d][{_CN}\d\s]{{0,9}}?)\s*(编|分编|章|节|条|編|分編|節|條)(?:之([一二三四五六七八九十]{{1,3}}))?(?=([\s\u3000【]*)(.{{0,2}}))"
)
#: The units in traditional characters.
_SIMPLE = {"編": "编", "分編": "分编", "節": "节", "條": "条"}
_SECTION = re.compile(rf"([{_CN}]{{1,5}})\s*[、．.](?!\d)[\s\u3000]*")
_ITEM = re.compile(rf"[（(]\s*([{_CN}]{{1,5}})\s*[）)][\s\u3000]*[、.．]?")
_SUBITEM = re.compile(r"(\d{1,3})\s*[.．、](?!\d)[\s\u3000]*")
_POINT = re.compile(r"[（(]\s*(\d{1,3})\s*[）)][\s\u3000]*|([①-⑳])[\s\u3000]*")
_ATTACHMENT = re.compile(r"附\s*(?:件|表|录|图)?\s*([一二三四五六七八九十\d]{0,3})\s*[:：]?\s*$")
_ATTACHMENT_TITLED = re.compile(r"附\s*(?:件|表|录)?\s*([一二三四五六七八九十\d]{0,3})\s*[:：]\s*(.{1,60}[^。；;])$")
#: 附件1　标题, as renditions set it.
_ATTACHMENT_SET = re.compile(r"附件([一二三四五六七八九十\d]{0,3})\u3000(.+)$")
_CAPTION_IN_ARTICLE = re.compile(r"^【([^】]{1,40})】[\s\u3000]*")
_CONTENTS = re.compile(r"目\s*[录次]$")
_DOTS = re.compile(r"[.…·\s]{3,}[ivxIVX\d]*$|[\s\u3000]+\d{1,4}$")
_GLUED = re.compile(
    rf"(?<=[。；！？”）)])\s*(第[{_CN}]{{1,6}}[条章节编](?:之[一二三四五六七八九十]{{1,2}})?)(?=[\s\u3000【])"
)
#: The end of a sentence within a line.
_SENTENCE_CLOSED = re.compile(r"[。；](?=.)")
#: What follows a number that is spoken of (（二）项) or part of another (二、三级).
_NO_HEADING = frozenset("的项款目和或至、第级" + _CN) | {""}
#: What stands alone above a stretch of text without a number of its own.
_BARE_HEADINGS = frozenset({"序言", "前言", "引言", "总则", "附则", "总纲", "分则", "结束语", "附录", "總則", "附則"})
_SENTENCE_END = "。；;：:！？!?，,、"
#: A heading is short (characters).
_LONGEST_HEADING = 60
#: Words that follow 第N条 when a sentence speaks of an article instead of opening one; 中央, 项目 and 规划 open one.
_SPEAKING = re.compile(
    r"[款目的和或、，,至及与與修增删刪改第将將]|[项項](?!目)|[规規](?![划劃模范範])|中(?![央华華小国國外介心标標等型学學医醫])"
    r"|所(?![有属屬需])"
)

RANKS = {"编": 1, "分编": 2, "章": 3, "节": 4, "条": 5}
_TYPES = {
    "编": BodyType.PART,
    "分编": BodyType.SUBPART,
    "章": BodyType.CHAPTER,
    "节": BodyType.SECTION,
    "条": BodyType.ARTICLE,
}
_EID_NAMES = {"编": "part", "分编": "subpart", "章": "chp", "节": "sec", "条": "art"}
ATTACHMENT_RANK, SECTION_RANK, ITEM_RANK, SUBITEM_RANK, POINT_RANK = 0, 6, 7, 8, 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What a line opens: its rank (0 outermost), the number printed, the eId part (art_10-1) and the text after it."""

    rank: int
    type: BodyType
    num: str | None
    value: int
    eid: str
    heading: str | None
    text: str | None


@dataclass(frozen=True, slots=True)
class Outline:
    """How a text counts: found in one look over all lines before any is read."""

    has_articles: bool
    spaced: bool
    has_parts: bool


def survey(blocks: Sequence[Block]) -> Outline:
    """Whether there are articles, and whether a space parts 第一条 from its text as print has it."""
    spaced = bare = parts = 0
    for block in blocks:
        match = _STATUTE.match(block.text)
        if match is None:
            continue
        if _unit(match) == "编":
            parts += 1
        elif _unit(match) == "条":
            spaced += bool(match[4]) or not match[5]
            bare += not match[4] and bool(match[5]) and not _SPEAKING.match(match[5])
    return Outline(has_articles=spaced + bare > 0, spaced=spaced >= bare, has_parts=parts > 0)


def read_mark(block: Block, outline: Outline, *, article: int = 0) -> Mark | None:
    """What `block` opens, if anything; `article` is the number of the article before it."""
    if block.kind is BlockKind.HEADING and block.level == 0:
        return _attachment_set(block.text)
    text = block.text
    if not text:
        return None
    first = text[0]
    if first == "第":
        return _statute(text, outline, article)
    if first == "附" and (match := _ATTACHMENT.match(text) or _ATTACHMENT_TITLED.match(text)):
        return _attachment(match[1], match[2] if match.re is _ATTACHMENT_TITLED else None)
    if first in "（(" or "①" <= first <= "⑳":
        if match := _ITEM.match(text):
            return _numbered(match, ITEM_RANK, BodyType.ITEM, "item", match[1])
        if match := _POINT.match(text):
            value = match[1] or str(ord(match[2]) - ord("①") + 1)
            return _numbered(match, POINT_RANK, BodyType.SUBITEM, "point", value)
    if match := _SECTION.match(text):
        return _numbered(match, SECTION_RANK, BodyType.SECTION, "sec", match[1])
    if match := _SUBITEM.match(text):
        return _numbered(match, SUBITEM_RANK, BodyType.SUBITEM, "subitem", match[1])
    return _bare_heading(block, outline)


def _unit(match: re.Match[str]) -> str:
    """编, 分编, 章, 节 or 条, in whichever characters it is printed."""
    return _SIMPLE.get(match[2], match[2])


def is_heading_line(text: str) -> bool:
    """Short, and no sentence."""
    return 0 < len(text) <= _LONGEST_HEADING and text[-1] not in _SENTENCE_END and "。" not in text


def tidy_heading(text: str) -> str:
    """总　　则 as 总则: print spreads short headings with spaces."""
    return re.sub(r"(?<=[\u4e00-\u9fff])[\s\u3000]+(?=[\u4e00-\u9fff])", "", text) if len(letters(text)) <= 4 else text


def drop_contents(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Without tables of contents: the lines from 目录 to where its first entry stands a second time."""
    start = next((i for i, block in enumerate(blocks) if _CONTENTS.match(block.text)), None)
    if start is None:
        return tuple(blocks)
    first = None
    for i in range(start + 1, len(blocks)):
        block = blocks[i]
        entry = letters(_DOTS.sub("", block.text))
        if entry and entry == first:
            return (*blocks[:start], *blocks[i:])
        is_entry = (
            block.kind is not BlockKind.TABLE and len(block.text) <= 2 * _LONGEST_HEADING and "。" not in block.text
        )
        is_article = block.text.startswith("第") and (match := _STATUTE.match(block.text)) and _unit(match) == "条"
        if not is_entry or is_article:
            return (*blocks[:start], *blocks[i:])
        first = first or entry
    return tuple(blocks)


def cut_loose(blocks: Sequence[Block]) -> tuple[tuple[Block, ...], tuple[Finding, ...]]:
    """Cut an article or chapter loose that was glued to the end of the line before; only where its number is the
    next one, so that a citation after a full stop stays where it is."""
    out: list[Block] = []
    findings: list[Finding] = []
    last: dict[str, int] = {}
    for block in blocks:
        for piece in _pieces(block, last):
            if (
                out
                and piece is not block
                and piece.text is not block.text
                and piece.line == block.line
                and not block.text.startswith(piece.text)
            ):
                message = f"{piece.text[:12]}…与上一行连排，已按编号断开"
                findings.append(Finding(level=Level.INFO, code="structure.glued", message=message, locator=_at(piece)))
            out.append(piece)
    return tuple(out), tuple(findings)


def _pieces(block: Block, last: dict[str, int]) -> Iterator[Block]:
    text, begin = block.text, 0
    if block.kind is not BlockKind.TABLE and text:
        if match := _STATUTE.match(text):
            last[_unit(match)] = parse_chinese_number(match[1].replace(" ", "")) or 0
        for cut in sorted({*_cuts(text, last), *_item_cuts(text, last)}):
            yield replace(block, text=text[begin:cut].rstrip())
            begin = cut
    yield replace(block, text=text[begin:]) if begin else block


def _cuts(text: str, last: dict[str, int]) -> Iterator[int]:
    for match in _GLUED.finditer(text) if "第" in text[1:] else ():
        inner = _STATUTE.match(match[1])
        value = parse_chinese_number(inner[1]) if inner else None
        if inner and value and value == last.get(inner[2], 0) + 1:
            last[inner[2]] = value
            yield match.start(1)


def _item_cuts(text: str, last: dict[str, int]) -> Iterator[int]:
    """Where the next 一、 or （一） begins in a line that opens with one itself, after the end of a sentence."""
    if not _count(text, 0, last):
        return
    for end in _SENTENCE_CLOSED.finditer(text):
        if _count(text, end.end(), last, only_next=True):
            yield end.end()


def _count(text: str, at: int, last: dict[str, int], *, only_next: bool = False) -> bool:
    """Whether 一、 or （一） stands at `at`; `last` then has its number, a section begins its items anew."""
    for name, mark in (("item", _ITEM), ("section", _SECTION)):
        match = mark.match(text, at)
        value = parse_chinese_number(match[1]) if match else None
        if match is None or value is None or text[match.end() : match.end() + 1] in _NO_HEADING:
            continue
        if only_next and value != last.get(name, 0) + 1:
            continue
        last[name] = value
        if name == "section":
            last["item"] = 0
        return True
    return False


def _at(block: Block) -> Locator:
    return Locator(page=block.page, line=block.line, quote=block.text[:40])


def _statute(text: str, outline: Outline, article: int) -> Mark | None:
    match = _STATUTE.match(text)
    if match is None:
        return None
    unit = _unit(match)
    value = parse_chinese_number("".join(match[1].split()))
    if value is None:
        return None
    bis = parse_chinese_number(match[3]) if match[3] else None
    rest = text[match.end() :].strip(" \u3000")
    if unit == "条":
        if not _opens_article(match, outline, value, article):
            return None
    elif (not is_heading_line(rest) and rest) or (not match[4] and rest and (_SPEAKING.match(rest) or len(rest) > 30)):
        return None
    heading: str | None = tidy_heading(rest) if unit != "条" and rest else None
    if unit == "条" and (caption := _CAPTION_IN_ARTICLE.match(rest)):
        heading, rest = caption[1], rest[caption.end() :]
    return Mark(
        rank=RANKS[unit],
        type=_TYPES[unit],
        num="".join(match.group().split()),
        value=value,
        eid=f"{_EID_NAMES[unit]}_{value}" + (f"-{bis}" if bis else ""),
        heading=heading,
        text=rest or None if unit == "条" else None,
    )


def _opens_article(match: re.Match[str], outline: Outline, value: int, article: int) -> bool:
    if match[4] or not match[5]:
        # 「第三十条 规定的」 in running text; a number out of order gives it away.
        rest = match.string[match.end() :].lstrip(" \u3000")
        return (
            value in (article, article + 1)
            or not _SPEAKING.match(rest)
            or not re.match(r"规定|規定|、|和|至|第|款|项|項", rest)
        )
    # Without the space only the next number opens an article, the first one only where none has a space.
    return value == article + 1 and not _SPEAKING.match(match[5]) and (article > 0 or not outline.spaced)


def _numbered(match: re.Match[str], rank: int, kind: BodyType, name: str, number: str) -> Mark | None:
    value = parse_chinese_number(number)
    if not value:
        return None
    rest = match.string[match.end() :]
    num = match.group().strip(" \u3000")
    is_heading = rank in (SECTION_RANK, ITEM_RANK) and is_heading_line(rest.rstrip("。")) and "：" not in rest
    # An item that is one short sentence of a statute is text; a heading of a document has no full stop inside.
    if is_heading and not rest.endswith("。"):
        return Mark(rank=rank, type=kind, num=num, value=value, eid=f"{name}_{value}", heading=rest, text=None)
    return Mark(rank=rank, type=kind, num=num, value=value, eid=f"{name}_{value}", heading=None, text=rest or None)


def _attachment(number: str, heading: str | None) -> Mark:
    value = parse_chinese_number(number) if number else None
    return Mark(
        rank=ATTACHMENT_RANK,
        type=BodyType.ATTACHMENT,
        num=f"附件{number}" if number or heading is None else None,
        value=value or 0,
        eid=f"att_{value or 1}",
        heading=heading,
        text=None,
    )


def _attachment_set(text: str) -> Mark:
    """What a heading of level 0 opens: an attachment by its title, by its number, or by both."""
    if match := _ATTACHMENT.match(text):
        return _attachment(match[1], None)
    if match := _ATTACHMENT_SET.match(text):
        return replace(_attachment(match[1], match[2]), num=f"附件{match[1]}")
    return _attachment("", text)


def _bare_heading(block: Block, outline: Outline) -> Mark | None:
    is_known = "".join(block.text.split()) in _BARE_HEADINGS
    if not is_known and not (block.kind is BlockKind.HEADING and is_heading_line(block.text)):
        return None
    rank = RANKS["编"] if outline.has_parts and is_known else RANKS["章"]
    kind = BodyType.CHAPTER if is_known else BodyType.HEADING
    return Mark(rank=rank, type=kind, num=None, value=0, eid="hdg", heading=tidy_heading(block.text), text=None)
