"""HTML pages and fragments: the element that holds the text, its blocks, and the metadata printed around it.

Nothing is fetched and no script runs; text that CSS hides is not text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from gazette.citations.titles import letters
from gazette.digitization.blocks import Block, BlockKind, Reading, fold_spaces
from gazette.digitization.readers.html_content import (
    BLOCK_TAGS,
    FILE_LINK,
    SENTENCE,
    drop_chrome,
    find_content,
    without_surroundings,
)
from gazette.digitization.readers.html_labels import take_labels
from gazette.digitization.readers.html_refusals import refusal
from gazette.digitization.readers.html_tables import data_rows
from gazette.digitization.readers.html_tags import official_tags, speaks_as_title
from gazette.digitization.readers.text import decode
from gazette.errors import CopyUnreadable, Finding, Level

_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([\w-]+)", re.I)
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_ALIGN = re.compile(r"text-align\s*:\s*(left|center|right)", re.I)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_MAX_DEPTH = 250
#: What a page prints above its title is within so many blocks.
_ABOVE_TITLE = 40


def read_html(data: bytes, charset: str | None = None) -> Reading:
    """The blocks of the page's text and its labels. A page without text is a finding, not an error, and so is one
    that answers in place of a document."""
    declared = _CHARSET.search(data[:4096])
    text, found, findings = decode(data, charset or (declared[1].decode("ascii", "replace") if declared else None))
    reading, content = _read(text)
    if refused := refusal(reading.blocks, content, reading.labels):
        reading = replace(reading, blocks=(), findings=(refused,))
    return replace(reading, charset=found, findings=(*findings, *reading.findings))


def read_html_text(text: str) -> Reading:
    """The same for a text that is known to be a document's, already decoded."""
    return _read(text)[0]


def _read(text: str) -> tuple[Reading, Any]:
    """What is read of a page, and the element that holds its text. Raises CopyUnreadable."""
    from lxml import etree
    from lxml import html as lxml_html

    parser = lxml_html.HTMLParser(remove_comments=True, remove_pis=True, no_network=True, huge_tree=False)
    try:
        root = lxml_html.document_fromstring(_XML_DECLARATION.sub("", text).replace("\x00", ""), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, AssertionError) as error:
        raise CopyUnreadable(name="HTML", why="页面中没有可读的内容") from error
    head = official_tags(root)
    drop_chrome(root)
    content = find_content(root)
    labels = {**take_labels(root, content, head.get("page_title")), **head}
    if speaks_as_title(head.get("page_title", "")):
        labels.setdefault("heading", head["page_title"])
    blocks = _walk(without_surroundings(content, root), labels.get("title") or labels.get("heading"))
    nothing = Finding(level=Level.ERROR, code="html.no_text", message="页面中没有正文")
    links = tuple(_file_links(content, root))
    return Reading(blocks=blocks, labels=labels, links=links, findings=() if blocks else (nothing,)), content


def _walk(content: Any, title: str | None) -> tuple[Block, ...]:
    walker = _Walker()
    walker.walk(content)
    walker.flush()
    return _from_title(walker.blocks, title) if content.tag in ("body", "html") else tuple(walker.blocks)


def _from_title(blocks: Sequence[Block], title: str | None) -> tuple[Block, ...]:
    """The blocks from the title on: what a page of unknown make prints above it is a site's own."""
    own = letters(title or "")
    for at, block in enumerate(blocks[:_ABOVE_TITLE]):
        if own and letters(block.text) == own:
            return tuple(blocks[at:])
        if SENTENCE.search(block.text):
            break
    return tuple(blocks)


@dataclass
class _Walker:
    """Walks a tree and gathers blocks; inline text collects in `line` until a block begins or ends."""

    blocks: list[Block] = field(default_factory=list)
    line: list[str] = field(default_factory=list)
    hint: Block = Block(kind=BlockKind.PARAGRAPH)

    def flush(self) -> None:
        text = fold_spaces("".join(self.line))
        self.line.clear()
        if text:
            self.blocks.append(replace(self.hint, text=text))

    def walk(self, element: Any, depth: int = 0) -> None:
        tag = element.tag if isinstance(element.tag, str) else ""
        if depth > _MAX_DEPTH:
            self.line.append("".join(element.itertext()))
        elif tag == "br":
            self.flush()
        elif tag == "head":
            return
        elif tag == "img":
            self.flush()
            if alt := fold_spaces(element.get("alt") or ""):
                self.blocks.append(Block(kind=BlockKind.IMAGE, text=alt, href=element.get("src")))
        elif tag == "table" and (rows := data_rows(element)) is not None:
            self.flush()
            if any(cell for row in rows for cell in row):
                self.blocks.append(Block(kind=BlockKind.TABLE, rows=rows))
        else:
            self._take_element(element, tag, depth)

    def _take_element(self, element: Any, tag: str, depth: int) -> None:
        is_block = tag in BLOCK_TAGS or tag in _HEADINGS
        outer = self.hint
        if is_block:
            self.flush()
            self.hint = _hint(element, tag, outer)
        self.line.append(element.text or "")
        for child in element:
            self.walk(child, depth + 1)
            self.line.append(child.tail or "")
        if is_block:
            self.flush()
            self.hint = outer


def _hint(element: Any, tag: str, outer: Block) -> Block:
    match = _ALIGN.search(element.get("style") or "")
    align = (
        match[1].lower()
        if match
        else (element.get("align") or "").lower() or ("center" if tag == "center" else outer.align)
    )
    if tag in _HEADINGS:
        return Block(kind=BlockKind.HEADING, level=_HEADINGS[tag], align=align)
    # A heading's hint ends with the heading: a paragraph inside it is still the heading.
    return replace(outer, align=align)


def _file_links(content: Any, root: Any) -> Iterator[Block]:
    """Links to files, in the text first, then elsewhere on the page; each target once."""
    seen: set[str] = set()
    for link in (*content.iter("a"), *root.iter("a")):
        href = (link.get("href") or "").strip()
        if FILE_LINK.search(href) and href not in seen:
            seen.add(href)
            text = fold_spaces("".join(link.itertext())) or fold_spaces(link.get("title") or "")
            yield Block(kind=BlockKind.LINK, text=text, href=href)
