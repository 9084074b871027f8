"""A body laid out as a flat run of blocks, the way it is printed: headings, paragraphs, tables.

One walk serves HTML, plain text and DOCX, so that all of them print the same lines in the same order.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from gazette.digitization.outline import is_heading_line
from gazette.draft import Body, BodyType, Node

_NOT_XML = re.compile("[^\\t\\n\\r\\u0020-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]")


class BlockKind(StrEnum):
    HEADING = "heading"
    TEXT = "text"
    TABLE = "table"


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One printed block. `anchors` are the eids that begin here, outermost first: 第三条 and its first 款 share
    a line. `level` counts headings from 1."""

    kind: BlockKind
    type: BodyType
    anchors: tuple[str, ...] = ()
    num: str | None = None
    heading: str | None = None
    text: str | None = None
    level: int = 1
    rows: tuple[tuple[str, ...], ...] = ()

    @property
    def line(self) -> str:
        """Number, heading and text as one line, parted by full-width spaces; （一） and 一、 need none."""
        rest = "　".join(part for part in (self.heading, self.text) if part)
        if not self.num:
            return rest
        return f"{self.num}{'' if self.num.endswith(('）', ')', '、', '．', '.')) or not rest else '　'}{rest}"


_HEADED = {
    BodyType.PART,
    BodyType.SUBPART,
    BodyType.CHAPTER,
    BodyType.SECTION,
    BodyType.HEADING,
    BodyType.ATTACHMENT,
}


def xml_safe(text: str) -> str:
    """`text` without the control characters that XML, and so DOCX, cannot carry."""
    return _NOT_XML.sub("", text)


def iter_blocks(body: Body, *, level: int = 1) -> Iterator[Block]:
    """The blocks of `body` in reading order."""
    for node in body:
        yield from _blocks(node, level)


def _blocks(node: Node, level: int) -> Iterator[Block]:
    anchors = (node.eid,) if node.eid else ()
    is_heading = node.type is BodyType.HEADING or (node.type in _HEADED and bool(node.num or node.heading))
    headed = is_heading and not _runs_in(node)
    if headed:
        # Of a plain heading, 一、 and what follows it on the line is the heading itself.
        is_plain = node.type is BodyType.HEADING and not node.heading
        heading, text = (node.text, None) if is_plain else (node.heading, node.text)
        yield Block(kind=BlockKind.HEADING, type=node.type, anchors=anchors, num=node.num, heading=heading, level=level)
        anchors = ()
        if text:
            yield Block(kind=BlockKind.TEXT, type=node.type, text=text)
    elif node.num or node.heading or node.text:
        # 第一条　【目的】为了…: the caption of an article stands in brackets on its line.
        is_caption = node.type is BodyType.ARTICLE and bool(node.heading)
        own = Block(
            kind=BlockKind.TEXT,
            type=node.type,
            anchors=anchors,
            num=node.num,
            heading=f"【{node.heading}】" if is_caption else node.heading,
            text=node.text,
        )
        if not node.text and (is_caption or not node.heading) and node.children:
            yield from _run_in(own, node, level)
            return
        yield own
        anchors = ()
    if node.rows:
        yield Block(kind=BlockKind.TABLE, type=node.type, anchors=anchors, rows=node.rows)
        anchors = ()
    children = iter_blocks(node.children, level=level + 1 if headed else level)
    yield from _anchored(anchors, children)


def _runs_in(node: Node) -> bool:
    """一、继续有效的规范性文件9件。 has a number and a sentence: it is a paragraph, and no heading over one."""
    if not (node.num and node.text) or node.heading:
        return False
    return "：" in node.text or not is_heading_line(node.text)


def _run_in(own: Block, node: Node, level: int) -> Iterator[Block]:
    """A number (第三条, with its caption) printed on the line of its first paragraph, where there is one to share."""
    children = iter_blocks(node.children, level=level)
    first = next(children, None)
    if first is not None and first.kind is BlockKind.TEXT and not first.num:
        yield replace(first, type=own.type, anchors=own.anchors + first.anchors, num=own.num, heading=own.heading)
    else:
        yield own
        if first is not None:
            yield first
    yield from children


def _anchored(anchors: tuple[str, ...], blocks: Iterator[Block]) -> Iterator[Block]:
    """A node that prints nothing itself hands its anchor to its first block."""
    first = next(blocks, None)
    if first is not None:
        yield replace(first, anchors=anchors + first.anchors)
    yield from blocks
