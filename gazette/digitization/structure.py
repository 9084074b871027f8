"""Structure: blocks into a tree of nodes with Akoma Ntoso addresses.

Addresses are public, so they follow from the text alone and never repeat: chp_3__sec_1, art_38__para_2__item_1,
art_10-1 for 第十条之一. An article of one 款 has its 项 directly under it (art_38__item_1), as it is cited.
In official documents 一、 is sec_1, （一） item_1, 1. subitem_1 and （1） point_1. Attachments open with att_1.
`wid` equals `eid` at birth; it stays when a later version renumbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from gazette.digitization.blocks import Block, BlockKind
from gazette.digitization.defects import check_numbers, half_width, part_headings
from gazette.digitization.outline import (
    ATTACHMENT_RANK,
    ITEM_RANK,
    RANKS,
    SECTION_RANK,
    Mark,
    Outline,
    cut_loose,
    drop_contents,
    is_heading_line,
    read_mark,
    survey,
)
from gazette.draft import Body, BodyType, Node
from gazette.errors import Finding, Level, Locator

_ARTICLE_RANK = RANKS["条"]
_PARAGRAPH_RANK = 5.5
#: A quotation in an amending decision is given up as never closed after this many lines.
_LONGEST_QUOTATION = 40
#: Put in by us where the numbered part of a text ends.
_CLOSING = Block(kind=BlockKind.PARAGRAPH, level=-1)


@dataclass(slots=True)
class _Open:
    """A node that may still grow."""

    type: BodyType
    rank: float
    name: str
    num: str | None = None
    heading: str | None = None
    text: str | None = None
    rows: tuple[tuple[str, ...], ...] = ()
    children: list[_Open] = field(default_factory=list)


def build_body(blocks: Sequence[Block], *, amends: bool = False) -> tuple[Body, tuple[Finding, ...]]:
    """The tree of `blocks` and doubts about its numbering. `amends` says that the text quotes articles of another
    one (a decision to amend), whose lines open nothing here."""
    whole, parted = part_headings(drop_contents(blocks))
    cut, glued = cut_loose(whole)
    lines, parted_then = part_headings(cut)
    lines, displaced = _replace_headings(lines)
    root = _grow(lines, survey(lines), amends=amends)
    body = _finish(root)
    numbers = () if amends else check_numbers(body)
    return body, (*parted, *glued, *parted_then, *displaced, *half_width(lines), *_check_articles(body), *numbers)


def _grow(lines: Sequence[Block], outline: Outline, *, amends: bool) -> _Open:
    root = _Open(BodyType.HEADING, -1, "")
    stack = [root]
    article, quoted, wants_heading = 0, 0, False
    for index, block in enumerate(lines):
        if block is _CLOSING:
            while stack[-1].rank > ATTACHMENT_RANK:
                stack.pop()
            continue
        mark = None if block.kind is BlockKind.TABLE else read_mark(block, outline, article=article)
        if mark is not None and quoted and mark.rank <= _ARTICLE_RANK:
            mark = None
        if amends:
            quoted = _still_quoted(block.text, quoted)
        if mark is None and wants_heading and block.kind is not BlockKind.TABLE and is_heading_line(block.text):
            stack[-1].heading = (stack[-1].heading or "") + block.text
            wants_heading = stack[-1].rank == ATTACHMENT_RANK and _title_goes_on(lines, index)
            continue
        wants_heading = False
        if mark is None:
            _add_text(stack, block)
            continue
        if mark.rank == _ARTICLE_RANK:
            article = mark.value
        elif mark.rank == ATTACHMENT_RANK:
            article = 0
        _open(stack, mark)
        wants_heading = mark.rank <= RANKS["节"] and mark.heading is None
    return root


def _title_goes_on(lines: Sequence[Block], index: int) -> bool:
    """The title of an attachment may be broken over two centred lines."""
    following = lines[index + 1] if index + 1 < len(lines) else None
    return following is not None and following.align == "center" and lines[index].align == "center"


def _still_quoted(text: str, quoted: int) -> int:
    """How many lines an open “ has run; 0 when none is open."""
    if "“" in text or "”" in text:
        return 1 if text.rfind("“") > text.rfind("”") else 0
    return quoted + 1 if 0 < quoted < _LONGEST_QUOTATION else 0


def _open(stack: list[_Open], mark: Mark) -> None:
    while stack[-1].rank >= mark.rank:
        stack.pop()
    kind, name = mark.type, mark.eid
    if mark.rank == SECTION_RANK and stack[-1].rank >= _ARTICLE_RANK:
        # Some statutes count 一、二、 inside an article: those are items.
        kind, name = BodyType.ITEM, f"item_{mark.value}"
    if mark.rank >= ITEM_RANK and stack[-1].rank == _ARTICLE_RANK:
        stack.append(_child(stack[-1], _Open(BodyType.PARAGRAPH, _PARAGRAPH_RANK, "para")))
    node = _child(stack[-1], _Open(kind, mark.rank, name, mark.num, mark.heading))
    stack.append(node)
    if mark.rank == _ARTICLE_RANK:
        if mark.text is not None:
            stack.append(_child(node, _Open(BodyType.PARAGRAPH, _PARAGRAPH_RANK, "para", text=mark.text)))
    else:
        node.text = mark.text


def _add_text(stack: list[_Open], block: Block) -> None:
    """A line that opens nothing: the next 款 of the open article, else a paragraph of what is open."""
    if block.kind is BlockKind.TABLE:
        parent = stack[-1]
        _child(parent, _Open(BodyType.TABLE, 99, "tbl", rows=block.rows))
        return
    if not block.text:
        return
    article = next((node for node in stack if node.rank == _ARTICLE_RANK), None)
    if article is not None:
        while stack[-1] is not article:
            stack.pop()
        stack.append(_child(article, _Open(BodyType.PARAGRAPH, _PARAGRAPH_RANK, "para", text=block.text)))
    else:
        kind = BodyType.HEADING if block.kind is BlockKind.HEADING else BodyType.PARAGRAPH
        _child(stack[-1], _Open(kind, 99, "para", text=block.text))


def _child(parent: _Open, node: _Open) -> _Open:
    parent.children.append(node)
    return node


def _finish(root: _Open) -> Body:
    """Freeze the tree and give every node its address."""
    seen: dict[str, int] = {}
    counts: dict[str, int] = {}
    return tuple(_freeze(node, "", seen, counts) for node in root.children)


def _freeze(node: _Open, above: str, seen: dict[str, int], counts: dict[str, int]) -> Node:
    if node.rank == _ARTICLE_RANK and len(node.children) == 1 and node.children[0].rank == _PARAGRAPH_RANK:
        only = node.children[0]
        node.text, node.children, node.rows = only.text, only.children, only.rows
    if node.rank in (SECTION_RANK, ITEM_RANK) and _is_heading_of(node):
        node.heading, node.text = node.text, None
    eid = _address(node, above, seen, counts)
    inner: dict[str, int] = {}
    children = tuple(_freeze(child, eid, seen, inner) for child in node.children)
    return Node(
        type=node.type,
        num=node.num,
        heading=node.heading,
        text=node.text,
        children=children,
        rows=node.rows,
        eid=eid,
        wid=eid,
    )


def _is_heading_of(node: _Open) -> bool:
    """（一）推进网上办事。 above paragraphs of its own is their heading, full stop or not."""
    return bool(
        node.text and node.children and node.children[0].name == "para" and is_heading_line(node.text.rstrip("。"))
    )


def _address(node: _Open, above: str, seen: dict[str, int], counts: dict[str, int]) -> str:
    """Articles are counted through the whole text, so they stand alone; all else is addressed from above."""
    name = node.name
    if name in ("para", "tbl", "hdg"):
        counts[name] = counts.get(name, 0) + 1
        name = f"{name}_{counts[name]}"
    if node.rank == _ARTICLE_RANK:
        attachment = above.split("__")[0] if above.startswith("att_") else ""
        above = attachment
    eid = f"{above}__{name}" if above else name
    seen[eid] = seen.get(eid, 0) + 1
    if seen[eid] == 1:
        return eid
    if node.rank == ATTACHMENT_RANK:
        # 附件 without a number follow each other: att_1, att_2.
        free = next(n for n in range(seen[eid], 10_000) if f"att_{n}" not in seen)
        seen[f"att_{free}"] = 1
        return f"att_{free}"
    return f"{eid}_v{seen[eid]}"


def _check_articles(body: Body) -> tuple[Finding, ...]:
    """Articles count up by one; a gap or a number twice is a doubt about the source or about the reading."""
    findings: list[Finding] = []
    repeated: list[Node] = []
    last = 0
    for node in _articles(body):
        value = int(node.eid.removeprefix("art_").split("-")[0].split("_")[0])
        if "_v" in node.eid:
            repeated.append(node)
        elif value > last + 1:
            message = f"{node.num}之前缺第{last + 1}条" + (f"至第{value - 1}条" if value - last > 2 else "")
            findings.append(_article_doubt("structure.article_missing", message, node))
        last = max(last, value)
    if repeated:
        message = f"{repeated[0].num}重复出现" + (f"，共 {len(repeated)} 条编号重复" if len(repeated) > 1 else "")
        findings.append(_article_doubt("structure.article_repeated", message, repeated[0]))
    return tuple(findings)


def _article_doubt(code: str, message: str, node: Node) -> Finding:
    return Finding(level=Level.WARNING, code=code, message=message, locator=Locator(eid=node.eid))


def _articles(body: Sequence[Node]) -> list[Node]:
    found: list[Node] = []
    for node in body:
        if node.type is BodyType.ARTICLE:
            found.append(node)
        elif node.type is not BodyType.ATTACHMENT:
            found += _articles(node.children)
    return found


def _replace_headings(lines: Sequence[Block]) -> tuple[tuple[Block, ...], tuple[Finding, ...]]:
    """Put headings （一）… back before their paragraphs where extraction printed every one of them after.

    It is so when each section 一、 opens with a plain paragraph and each heading in it has one before itself.
    """
    outline = survey(lines)
    marks = [None if block.kind is BlockKind.TABLE else read_mark(block, outline) for block in lines]
    headings = [i for i, mark in enumerate(marks) if _is_bare_item(mark)]
    starts = [i for i, mark in enumerate(marks) if mark is not None and mark.rank == SECTION_RANK and mark.heading]
    if (
        outline.has_articles
        or len(headings) < 3
        or len(starts) < 2
        or not all(_is_displaced(marks, i) for i in headings)
    ):
        return tuple(lines), ()
    if any(i + 1 >= len(marks) or marks[i + 1] is not None for i in starts):
        return tuple(lines), ()
    out = list(lines)
    for i in headings:
        out[i - 1], out[i] = out[i], out[i - 1]
    # What follows the last heading closes the document and belongs to no section.
    out.insert(headings[-1] + 1, _CLOSING)
    finding = Finding(
        level=Level.WARNING,
        code="structure.headings_displaced",
        message=f"原文 {len(headings)} 个小标题排在各自段落之后，已移回段落之前，请核对",
        locator=Locator(line=lines[headings[0]].line, quote=lines[headings[0]].text[:40]),
    )
    return tuple(out), (finding,)


def _is_bare_item(mark: Mark | None) -> bool:
    """（一） with a heading and no text of its own; the closing 。 of a heading counts as none."""
    return (
        mark is not None
        and mark.rank == ITEM_RANK
        and (mark.heading is not None or is_heading_line((mark.text or "").rstrip("。")))
    )


def _is_displaced(marks: Sequence[Mark | None], i: int) -> bool:
    before = marks[i - 1] if i else None
    second = marks[i - 2] if i > 1 else None
    return i > 1 and before is None and (_is_bare_item(second) or (second is not None and second.rank == SECTION_RANK))
