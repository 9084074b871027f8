"""DOCX: WordprocessingML read straight from its XML, HTML chunks (altChunk) followed, automatic numbers printed.

Entities are not resolved, members are bounded, deleted revisions are left out.
"""

from __future__ import annotations

import email
import email.policy
from collections.abc import Iterator
from typing import Any

from gazette.blocks import Block, BlockKind, Reading, fold_spaces, paragraph
from gazette.errors import CopyUnreadable, Finding
from gazette.readers.html import read_html, read_html_text
from gazette.readers.numbering import Numbering
from gazette.readers.package import Package, open_package, resolve

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_DOCUMENT = "word/document.xml"


def read_docx(data: bytes) -> Reading:
    """Paragraphs, headings and tables in reading order. Raises CopyUnreadable for a broken or encrypted file."""
    with open_package(data, "DOCX") as package:
        return _Document(package).read()


class _Document:
    """One open package with its relationships and numbering."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self.targets = self._relationships()
        self.numbering = Numbering(package.optional_xml("word/numbering.xml"))
        self.findings: list[Finding] = []

    def read(self) -> Reading:
        body = self.package.xml(_DOCUMENT).find(f"{W}body")
        blocks = tuple(self._iter_blocks(body)) if body is not None else ()
        return Reading(blocks=blocks, charset="utf-8", findings=tuple(self.findings))

    def _relationships(self) -> dict[str, str]:
        root = self.package.optional_xml("word/_rels/document.xml.rels")
        if root is None:
            return {}
        return {each.get("Id"): each.get("Target") for each in root if each.get("TargetMode") != "External"}

    def _iter_blocks(self, parent: Any) -> Iterator[Block]:
        for element in parent:
            if element.tag == f"{W}p":
                yield from self._paragraph(element)
            elif element.tag == f"{W}tbl":
                yield Block(kind=BlockKind.TABLE, rows=_rows(element))
            elif element.tag == f"{W}altChunk":
                yield from self._chunk(element.get(f"{R}id"))
            elif element.tag in (f"{W}sdt", f"{W}sdtContent", f"{W}ins", f"{W}customXml"):
                yield from self._iter_blocks(element)

    def _paragraph(self, element: Any) -> Iterator[Block]:
        style = element.find(f"{W}pPr/{W}pStyle")
        level = _heading_level(style.get(f"{W}val") if style is not None else "")
        align = element.find(f"{W}pPr/{W}jc")
        number = self.numbering.next_number(element)
        for index, line in enumerate(_text(element).split("\n")):
            text = fold_spaces((number if index == 0 else "") + line)
            if not text:
                continue
            if level is not None:
                yield Block(kind=BlockKind.HEADING, text=text, level=level)
            else:
                yield paragraph(text, align=align.get(f"{W}val") if align is not None else None)

    def _chunk(self, relation: str) -> Iterator[Block]:
        """The HTML or MHTML that a converter put in place of WordprocessingML."""
        target = resolve(self.targets.get(relation, ""), _DOCUMENT)
        if target not in self.package.names:
            return
        data = self.package.member(target)
        reading = _read_mhtml(data) if target.endswith((".mht", ".mhtml")) else read_html(data)
        self.findings.extend(reading.findings)
        yield from reading.blocks


def _read_mhtml(data: bytes) -> Reading:
    message = email.message_from_bytes(data, policy=email.policy.default)
    for part in message.walk():
        if part.get_content_type() == "text/html":
            payload = part.get_payload(decode=True)
            charset = part.get_content_charset() or "utf-8"
            if isinstance(payload, bytes):
                return read_html_text(payload.decode(charset, "replace"), charset)
    raise CopyUnreadable(name="DOCX", why="内嵌的 MHTML 中没有正文")


def _text(element: Any) -> str:
    """The paragraph's text; breaks are line ends, deleted runs and field codes are no text."""
    parts: list[str] = []
    for node in element.iter(f"{W}t", f"{W}tab", f"{W}br", f"{W}cr", f"{W}noBreakHyphen"):
        if any(ancestor.tag in (f"{W}del", f"{W}txbxContent") for ancestor in node.iterancestors()):
            continue
        parts.append({f"{W}t": node.text or "", f"{W}tab": " ", f"{W}noBreakHyphen": "-"}.get(node.tag, "\n"))
    return "".join(parts)


def _rows(table: Any) -> tuple[tuple[str, ...], ...]:
    """Cells in order; a cell that spans columns or continues the one above is repeated."""
    rows: list[tuple[str, ...]] = []
    for row in table.iter(f"{W}tr"):
        cells: list[str] = []
        for cell in row.iterchildren(f"{W}tc"):
            text = fold_spaces(" ".join(_text(each) for each in cell.iter(f"{W}p")))
            merge = cell.find(f"{W}tcPr/{W}vMerge")
            if merge is not None and merge.get(f"{W}val") != "restart" and rows and len(cells) < len(rows[-1]):
                text = rows[-1][len(cells)]
            span = cell.find(f"{W}tcPr/{W}gridSpan")
            width = span.get(f"{W}val", "1") if span is not None else "1"
            cells += [text] * (min(int(width), 100) if width.isdecimal() else 1)
        rows.append(tuple(cells))
    return tuple(rows)


def _heading_level(style: str) -> int | None:
    name = style.lower().replace(" ", "")
    if name == "title":
        return 1
    for prefix in ("heading", "标题"):
        if name.startswith(prefix) and name[len(prefix) :].isdecimal():
            return int(name[len(prefix) :])
    return None
