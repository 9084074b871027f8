"""DOCX: WordprocessingML read straight from its XML, HTML chunks (altChunk) followed, automatic numbers printed.

Read as Word would print it with every revision accepted: deleted and hidden runs are left out, comments are not
read, footnotes become notes, and a text box stands before the paragraph that holds it. Entities are not resolved,
members are bounded, macros are never looked at.
"""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from gazette.digitization import media
from gazette.digitization.blocks import Block, BlockKind, Reading, fold_spaces, paragraph
from gazette.digitization.labels import labels_in_rows
from gazette.digitization.readers.html import read_html
from gazette.digitization.readers.numbering import Numbering
from gazette.digitization.readers.package import MACROS_IGNORED, Package, open_package, resolve
from gazette.digitization.readers.text import read_text
from gazette.digitization.readers.wordstyles import Styles, W, value_of
from gazette.errors import CopyUnreadable, Finding, Level

R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_OFFICE_DOCUMENT = "/officeDocument"
_USUAL_DOCUMENT = "word/document.xml"
_MACROS = "vbaProject.bin"
_HEADER = re.compile(r"word/header\d*\.xml")
#: Content controls of our own renditions (gazette.renditions.docx): what stands there is not the text.
_OURS = "gongbao-"
_NOTES = "gongbao-notes"
_TRANSPARENT = frozenset(f"{W}{name}" for name in ("sdtContent", "ins", "moveTo", "customXml", "smartTag"))
#: Runs below these are not printed once every revision is accepted, or stand elsewhere.
_UNPRINTED = frozenset((*(f"{W}{name}" for name in ("del", "moveFrom", "txbxContent", "rt")), _FALLBACK))
_PRINTED = {f"{W}tab": " ", f"{W}noBreakHyphen": "-", f"{W}br": "\n", f"{W}cr": "\n"}
#: Tables and text boxes stand inside each other; deeper than this nobody nests them.
_DEEPEST = 40
_MOST_COLUMNS = 100


def read_docx(data: bytes, *, is_chunk: bool = False) -> Reading:
    """Paragraphs, headings and tables in reading order; `is_chunk` says that another document holds this one. Raises
    CopyUnreadable for a broken or encrypted file."""
    with open_package(data, "DOCX") as package:
        return _Document(package, is_chunk=is_chunk).read()


class _Document:
    """One open package with its relationships, styles and numbering."""

    def __init__(self, package: Package, *, is_chunk: bool = False) -> None:
        self.package = package
        self.is_chunk = is_chunk
        self.place = self._main_part()
        self.targets = self._relationships()
        self.numbering = Numbering(self._part("numbering.xml"))
        self.styles = Styles(self._part("styles.xml"))
        self.findings: list[Finding] = []
        self.labels: dict[str, str] = {}
        self.notes: list[str] = []
        self.cited: list[str] = []

    def read(self) -> Reading:
        body = self.package.xml(self.place).find(f"{W}body")
        blocks = tuple(self._iter_blocks(body)) if body is not None else ()
        if any(name.endswith(_MACROS) for name in self.package.names):
            self.findings.append(MACROS_IGNORED)
        return Reading(
            blocks=blocks,
            charset="utf-8",
            labels=self.labels,
            notes=(*self._footnotes(), *self.notes),
            findings=tuple(self.findings),
            running=tuple(dict.fromkeys(self._headers())),
        )

    def _main_part(self) -> str:
        """The member that holds the text: some producers call it document2.xml."""
        root = self.package.optional_xml("_rels/.rels")
        for relation in root if root is not None else ():
            if (relation.get("Type") or "").endswith(_OFFICE_DOCUMENT):
                place = resolve(relation.get("Target") or "", "")
                if place in self.package.names:
                    return place
        return _USUAL_DOCUMENT

    def _part(self, name: str) -> Any:
        return self.package.optional_xml(resolve(name, self.place))

    def _relationships(self) -> dict[str, str]:
        folder, _, name = self.place.rpartition("/")
        root = self.package.optional_xml(f"{folder}/_rels/{name}.rels")
        if root is None:
            return {}
        return {each.get("Id"): each.get("Target") or "" for each in root if each.get("TargetMode") != "External"}

    def _iter_blocks(self, parent: Any, depth: int = 0) -> Iterator[Block]:
        """The blocks of a body, cell or text box; a paragraph whose mark was deleted runs on into the next one."""
        before: Block | None = None
        for element in parent if depth < _DEEPEST else ():
            blocks = list(self._blocks_of(element, depth))
            if before is not None and blocks and blocks[0].kind is not BlockKind.TABLE:
                blocks[0] = replace(blocks[0], text=before.text + blocks[0].text)
            elif before is not None:
                blocks.insert(0, before)
            before = None
            if blocks and element.tag == f"{W}p" and element.find(f"{W}pPr/{W}rPr/{W}del") is not None:
                before = blocks.pop()
            yield from blocks
        if before is not None:
            yield before

    def _blocks_of(self, element: Any, depth: int) -> Iterator[Block]:
        if element.tag == f"{W}p":
            for box in _outermost(element, f"{W}txbxContent"):
                yield from self._iter_blocks(box, depth + 1)
            yield from self._paragraph(element)
        elif element.tag == f"{W}tbl":
            yield from self._table(element, depth)
        elif element.tag == f"{W}altChunk":
            yield from self._chunk(element.get(f"{R}id") or "")
        elif element.tag == f"{W}sdt":
            yield from self._control(element, depth)
        elif element.tag in _TRANSPARENT:
            yield from self._iter_blocks(element, depth + 1)

    def _control(self, element: Any, depth: int) -> Iterator[Block]:
        """A content control; one of our own holds what a rendition prints beside the text."""
        content = element.find(f"{W}sdtContent")
        blocks = list(self._iter_blocks(content, depth + 1)) if content is not None else []
        tag = value_of(element, "sdtPr", "tag") or ""
        if not tag.startswith(_OURS):
            yield from blocks
        elif tag == _NOTES:
            self.notes += [block.text for block in blocks]
        else:
            for block in blocks:
                self.labels.update(labels_in_rows(block.rows))

    def _paragraph(self, element: Any) -> Iterator[Block]:
        style = self.styles.of(element)
        align = value_of(element, "pPr", "jc") or style.align
        number = self.numbering.next_number(element, style.numbering)
        self.cited += [each.get(f"{W}id") or "" for each in element.iter(f"{W}footnoteReference")]
        for index, line in enumerate(_text(element).split("\n")):
            text = fold_spaces((number if index == 0 else "") + line)
            if not text:
                continue
            if style.level is not None:
                yield Block(kind=BlockKind.HEADING, text=text, level=style.level, align=align)
            else:
                yield paragraph(text, align=align)

    def _table(self, element: Any, depth: int) -> Iterator[Block]:
        """A table of data, its labels where it is the metadata above a text; a table of one cell only frames text."""
        rows = [row for row in _outermost(element, f"{W}tr") if row.find(f"{W}trPr/{W}del") is None]
        if len(rows) == 1 and len(cells := list(_cells(rows[0]))) == 1:
            yield from self._iter_blocks(cells[0], depth + 1)
            return
        block = Block(kind=BlockKind.TABLE, rows=_rows(rows))
        labels = labels_in_rows(block.rows)
        if len(labels) >= 3:
            self.labels.update(labels)
        elif any(cell for row in block.rows for cell in row):
            yield block

    def _chunk(self, relation: str) -> Iterator[Block]:
        """What a converter put in place of WordprocessingML: HTML, MHTML, text, or another document."""
        target = resolve(self.targets.get(relation, ""), self.place)
        if target not in self.package.names:
            return
        data = self.package.member(target)
        kind = media.detect_media_type(data, target)
        if target.endswith((".mht", ".mhtml")):
            reading = _read_mhtml(data)
        elif kind == media.HTML:
            reading = read_html(data)
        elif kind == media.TEXT:
            reading = read_text(data)
        elif kind == media.DOCX and not self.is_chunk:
            reading = read_docx(data, is_chunk=True)
        else:
            message = f"内嵌的内容（{kind}）没有读取，请对照原件"
            self.findings.append(Finding(level=Level.WARNING, code="docx.chunk_unread", message=message))
            return
        self.findings.extend(reading.findings)
        self.notes += reading.notes
        yield from reading.blocks

    def _headers(self) -> Iterator[str]:
        """The lines of the page headers."""
        for name in sorted(filter(_HEADER.fullmatch, self.package.names)):
            yield from filter(None, (fold_spaces(_text(each)) for each in self.package.xml(name).iter(f"{W}p")))

    def _footnotes(self) -> Iterator[str]:
        """The footnotes in the order in which the text refers to them."""
        root = self._part("footnotes.xml") if self.cited else None
        if root is None:
            return
        texts = {each.get(f"{W}id"): " ".join(map(_text, each.iter(f"{W}p"))) for each in root.iter(f"{W}footnote")}
        for number, note in enumerate(dict.fromkeys(self.cited), 1):
            if text := fold_spaces(texts.get(note, "")):
                yield f"脚注{number}：{text}"


def _read_mhtml(data: bytes) -> Reading:
    message = email.message_from_bytes(data, policy=email.policy.default)
    for part in message.walk():
        payload = part.get_payload(decode=True) if part.get_content_type() == "text/html" else None
        if isinstance(payload, bytes):
            return read_html(payload, part.get_content_charset())
    raise CopyUnreadable(name="DOCX", why="内嵌的 MHTML 中没有正文")


def _text(element: Any) -> str:
    """The paragraph's text; breaks are line ends, deleted and hidden runs, readings and field codes are no text."""
    parts: list[str] = []
    waiting = [element]
    while waiting:
        node = waiting.pop()
        if node.tag == f"{W}t":
            parts.append(node.text or "")
        elif node.tag in _PRINTED:
            parts.append(_PRINTED[node.tag])
        elif node.tag not in _UNPRINTED and not (node.tag == f"{W}r" and _is_hidden(node)):
            waiting += reversed(node)
    return "".join(parts)


def _is_hidden(run: Any) -> bool:
    vanish = run.find(f"{W}rPr/{W}vanish")
    return vanish is not None and vanish.get(f"{W}val") not in ("0", "false", "off")


def _outermost(element: Any, tag: str) -> Iterator[Any]:
    """The elements of this name below `element` that stand in no other of that name, nor in a fallback."""
    waiting = list(reversed(element))
    while waiting:
        node = waiting.pop()
        if node.tag == tag:
            yield node
        elif node.tag != _FALLBACK and not (tag == f"{W}tr" and node.tag == f"{W}tc"):
            waiting += reversed(node)


def _cells(row: Any) -> Iterator[Any]:
    """The cells of a row, those inside content controls too."""
    return _outermost(row, f"{W}tc")


def _rows(rows: list[Any]) -> tuple[tuple[str, ...], ...]:
    """Cells in order; a cell that spans columns or continues the one above is repeated."""
    spread: list[tuple[str, ...]] = []
    for row in rows:
        cells: list[str] = []
        for cell in _cells(row):
            text = fold_spaces(" ".join(_text(each) for each in cell.iter(f"{W}p")))
            merge = cell.find(f"{W}tcPr/{W}vMerge")
            if merge is not None and merge.get(f"{W}val") != "restart" and spread and len(cells) < len(spread[-1]):
                text = spread[-1][len(cells)]
            width = value_of(cell, "tcPr", "gridSpan") or "1"
            cells += [text] * (max(1, min(int(width), _MOST_COLUMNS)) if width.isdecimal() else 1)
        spread.append(tuple(cells))
    return tuple(spread)
