"""Defects of real copies: what is repaired before a text is read, and what its numbers say is missing or doubled.

Print and conversion glue a heading to what follows it, break or restart numbering and set brackets at half width.
Each repair is a finding, so that an editor sees what was done.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from gazette.digitization.blocks import Block, BlockKind
from gazette.draft import Body, BodyType, Node, walk
from gazette.errors import Finding, Level, Locator

_CN = "一二三四五六七八九十百零〇○"
#: 第一章　总则第一条　为了…: a heading with the article under it on its line.
_CHAPTER_ARTICLE = re.compile(
    rf"(第[{_CN}]{{1,5}}[编章节][\s\u3000]*(?![的第规中和或、至])[^。；：，\s\u3000]{{1,30}}?)"
    rf"[\s\u3000]*(第[{_CN}]{{1,6}}条[\s\u3000])"
)
#: 一、总体要求（一）指导思想。…: a section's heading with its first item on its line.
_SECTION_ITEM = re.compile(
    rf"([{_CN}]{{1,3}}、[^，。；：、（()）]{{2,30}})(?<![款条项目第])(?=[（(]一[）)](?![的项款目和至、]))"
)
_HALF_WIDTH = re.compile(rf"\([{_CN}]{{1,3}}\)")
_COUNTED = re.compile(r"(?P<name>sec|item|subitem|point)_(?P<value>\d+)(?P<again>_v\d+)?$")
_EXAMPLES = 3


def part_headings(blocks: Sequence[Block]) -> tuple[tuple[Block, ...], tuple[Finding, ...]]:
    """Headings cut loose from the article or item that was printed on their line."""
    out: list[Block] = []
    findings: list[Finding] = []
    for block in blocks:
        pieces = list(_pieces(block))
        out += pieces
        for piece in pieces[1:]:
            message = f"{piece.text[:12]}…与上一行连排，已按编号断开"
            where = Locator(page=piece.page, line=piece.line, quote=piece.text[:40])
            findings.append(Finding(level=Level.INFO, code="structure.glued", message=message, locator=where))
    return tuple(out), tuple(findings)


def half_width(blocks: Sequence[Block]) -> tuple[Finding, ...]:
    """Numbers in half-width brackets, read as （一）: one finding for the text."""
    found = [block for block in blocks if block.kind is not BlockKind.TABLE and _HALF_WIDTH.match(block.text)]
    if not found:
        return ()
    message = f"{len(found)} 处编号用半角括号，已按（一）读取"
    where = Locator(page=found[0].page, line=found[0].line, quote=found[0].text[:40])
    return (Finding(level=Level.INFO, code="structure.half_width", message=message, locator=where),)


def check_numbers(body: Body) -> tuple[Finding, ...]:
    """Numbers （一）、一、1. that leave a gap or begin again among their like. Numbers may run on from one
    section to the next (（三） opens 二、), so the first of its like is no gap; articles are checked on their own."""
    gaps: list[tuple[Node, int]] = []
    again: list[Node] = []
    for siblings in (body, *(node.children for node in walk(body))):
        last: dict[str, int] = {}
        for node in siblings:
            match = _COUNTED.search(node.eid.rpartition("__")[2])
            if match is None or node.type is BodyType.ATTACHMENT:
                continue
            value = int(match["value"])
            if match["again"]:
                again.append(node)
            elif match["name"] in last and value > last[match["name"]] + 1:
                gaps.append((node, last[match["name"]] + 1))
            last[match["name"]] = value
    return (*_gaps(gaps), *_again(again))


def _pieces(block: Block) -> Iterator[Block]:
    text = block.text
    if block.kind is not BlockKind.TABLE:
        if match := _CHAPTER_ARTICLE.match(text):
            yield replace(block, text=match[1])
            yield replace(block, text=text[match.start(2) :])
            return
        if match := _SECTION_ITEM.match(text):
            yield replace(block, text=match[1].rstrip())
            yield replace(block, text=text[match.end() :])
            return
    yield block


def _gaps(gaps: Sequence[tuple[Node, int]]) -> Iterator[Finding]:
    if gaps:
        shown = "、".join(f"“{node.num}”之前缺第 {missing} 项" for node, missing in gaps[:_EXAMPLES])
        message = f"编号不连续：{shown}" + (f"等 {len(gaps)} 处" if len(gaps) > _EXAMPLES else "")
        yield Finding(
            level=Level.WARNING, code="structure.number_missing", message=message, locator=Locator(eid=gaps[0][0].eid)
        )


def _again(again: Sequence[Node]) -> Iterator[Finding]:
    if again:
        message = f"编号“{again[0].num}”重新开始或重复" + (f"，共 {len(again)} 处" if len(again) > 1 else "")
        yield Finding(
            level=Level.WARNING, code="structure.number_repeated", message=message, locator=Locator(eid=again[0].eid)
        )
