"""Text PDFs: printed lines with their places, running heads and page numbers taken out, lines back to paragraphs.

A page without a text layer goes to OCR where the extra is installed; without it that is one finding.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from gazette.blocks import Block, Reading, fold_spaces, paragraph
from gazette.errors import CopyUnreadable, Finding, Level
from gazette.readers.lines import OPENER, glue
from gazette.readers.ocr import find_recognizer, recognize

#: A page with fewer characters than this has no text layer to speak of.
_LEAST_CHARS = 12
#: More pages than this are not read (a year's bound gazette has fewer).
_MOST_PAGES = 3000
_FOLIO = re.compile(r"[-—–·\s]*(?:第?\s*\d{1,4}\s*页?(?:\s*[/／共]\s*\d{1,4}\s*页?)?|[ivxIVX]{1,5})[-—–·\s]*$")
_ENDS = "。；：！？:;!?"
#: 中 华 人 民 共 和 国: print that spreads a line letter by letter.
_SPREAD = re.compile(r"[\u4e00-\u9fff](?: [\u4e00-\u9fff]){2,}")
#: A line of so many short pieces is a row of a table and stays by itself.
_ROW_PIECES, _ROW_PIECE_LENGTH = 4, 12
_DPI = 200


@dataclass(frozen=True, slots=True)
class _Line:
    """One printed line: places in points from the left, top and right; `size` is its height."""

    text: str
    page: int
    left: float
    right: float
    top: float
    size: float


def read_pdf(data: bytes) -> Reading:
    """Paragraphs in reading order. Raises CopyUnreadable for a broken or encrypted file."""
    import pypdfium2 as pdfium

    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        why = "文件已加密，需要密码" if "password" in str(error).lower() else "文件不完整或已损坏"
        raise CopyUnreadable(name="PDF", why=why) from error
    try:
        if len(document) > _MOST_PAGES:
            raise CopyUnreadable(name="PDF", why=f"页数超过 {_MOST_PAGES}")
        return _read_document(document)
    finally:
        document.close()


def _read_document(document: Any) -> Reading:
    lines: list[_Line] = []
    bare: list[int] = []
    for number in range(len(document)):
        page = document[number]
        try:
            found = _page_lines(page, number + 1)
        finally:
            page.close()
        if sum(len(line.text) for line in found) < _LEAST_CHARS:
            bare.append(number)
        lines += found
    blocks = list(_paragraphs(_without_running_heads(lines)))
    if not bare:
        return Reading(blocks=tuple(blocks))
    return _with_scans(document, blocks, bare)


def _with_scans(document: Any, blocks: list[Block], bare: list[int]) -> Reading:
    """Recognize the pages that are only pictures, or say once that this needs OCR."""
    recognizer = find_recognizer()
    if recognizer is None:
        pages = "全部" if not blocks else f"其中 {len(bare)} 页"
        message = f"文件{pages}为扫描图像，没有文字层，需要安装 OCR 组件（pip install gongbao[ocr]）后识别"
        level = Level.WARNING if blocks else Level.ERROR
        return Reading(blocks=tuple(blocks), findings=(Finding(level=level, code="scan.needs_ocr", message=message),))
    for number in bare:
        page = document[number]
        try:
            image = page.render(scale=_DPI / 72).to_pil()
        finally:
            page.close()
        blocks += recognize(recognizer, image, page=number + 1)
    blocks.sort(key=lambda block: block.page or 0)
    finding = Finding(
        level=Level.INFO, code="scan.recognized", message=f"{len(bare)} 页扫描图像的文字由 OCR 识别，须人工核对"
    )
    return Reading(blocks=tuple(blocks), findings=(finding,))


def _page_lines(page: Any, number: int) -> list[_Line]:
    """The lines of one page with the boxes of their first and last characters."""
    textpage = page.get_textpage()
    try:
        text = textpage.get_text_range()
        height = page.get_height()
        exact = len(text) == textpage.count_chars()
        lines: list[_Line] = []
        for match in re.finditer(r"[^\r\n]+", text):
            printed = fold_spaces(match.group().replace("\ufffe", "").replace("\x02", ""))
            if _SPREAD.fullmatch(printed):
                printed = printed.replace(" ", "")
            if not printed:
                continue
            left = top = right = size = 0.0
            if exact:
                first = next(i for i in range(match.start(), match.end()) if not text[i].isspace())
                last = next(i for i in range(match.end() - 1, match.start() - 1, -1) if not text[i].isspace())
                left, bottom, _r, up = textpage.get_charbox(first, loose=True)
                right = textpage.get_charbox(last, loose=True)[2]
                top, size = height - up, up - bottom
            lines.append(_Line(printed, number, left, right, top, size))
        return lines
    finally:
        textpage.close()


def _without_running_heads(lines: Sequence[_Line]) -> list[_Line]:
    """Drop page numbers, and lines at a page's edge that repeat on at least half of three or more pages."""
    pages: dict[int, list[_Line]] = {}
    for line in lines:
        pages.setdefault(line.page, []).append(line)
    edges = {number: _edge_lines(page) for number, page in pages.items()}
    counts = Counter(text for edge in edges.values() for text in {_pattern(line) for line in edge})
    repeated = {text for text, count in counts.items() if len(pages) >= 3 and count * 2 >= len(pages)}
    return [
        line
        for line in lines
        if line not in edges[line.page] or not (_FOLIO.match(line.text) or _pattern(line) in repeated)
    ]


def _edge_lines(page: Sequence[_Line]) -> tuple[_Line, ...]:
    """The two highest and two lowest lines as printed; margin text often comes last in the file."""
    placed = sorted(page, key=lambda line: line.top) if all(line.right for line in page) else list(page)
    return (*placed[:2], *placed[-2:])


def _pattern(line: _Line) -> str:
    """The line with its numbers blanked: running heads count pages."""
    return re.sub(r"\d+", "#", line.text)


def _paragraphs(lines: Sequence[_Line]) -> Iterator[Block]:
    """Join the lines of one paragraph, over pages too; centred lines keep to themselves."""
    if not lines:
        return
    left_edge = _edge([line.left for line in lines], low=True)
    right_edge = _edge([line.right for line in lines], low=False)
    text, align, page, before = "", None, 1, lines[0]
    for line in lines:
        if text and align is None and _continues(before, line, text, left_edge, right_edge):
            text = glue(text, line.text)
        else:
            if text:
                yield paragraph(text, page=page, align=align)
            text, page = line.text, line.page
            align = "center" if _is_centred(line, left_edge, right_edge) else None
        before = line
    yield paragraph(text, page=page, align=align)


def _edge(places: Sequence[float], *, low: bool) -> float:
    """The margin: the place that the outermost tenth of the lines keep."""
    ordered = sorted(places, reverse=not low)
    return ordered[len(ordered) // 10]


def _continues(before: _Line, line: _Line, text: str, left_edge: float, right_edge: float) -> bool:
    """Whether `line` goes on with the paragraph `text` whose last line is `before`: it starts at the margin, or where
    the lines of an indented block do, and the line before is full or stops in mid-sentence."""
    if _is_row(before.text) or _is_row(line.text):
        return False
    if OPENER.match(line.text) or abs(before.size - line.size) > 0.25 * max(before.size, line.size, 1):
        return False
    if not before.right:
        return text[-1] not in _ENDS and len(text) > 20
    is_full = before.right > right_edge - 1.8 * before.size
    if line.left > left_edge + 1.2 * line.size:
        return is_full and text[-1] not in _ENDS and abs(line.left - before.left) < 0.5 * line.size
    return is_full or (text[-1] not in _ENDS and len(text) > 20)


def _is_row(text: str) -> bool:
    pieces = text.split(" ")
    return len(pieces) >= _ROW_PIECES and len(text) < _ROW_PIECE_LENGTH * len(pieces)


def _is_centred(line: _Line, left_edge: float, right_edge: float) -> bool:
    gap_left, gap_right = line.left - left_edge, right_edge - line.right
    return line.right > 0 and gap_left > 3 * line.size and abs(gap_left - gap_right) < 2.5 * line.size
