"""Text PDFs: printed lines with their places, running heads and page numbers taken out, lines back to paragraphs.

A page without a text layer goes to OCR where the extra is installed; without it that is one finding.
"""

from __future__ import annotations

import re
from typing import Any

from gazette.blocks import Block, Reading, fold_spaces
from gazette.errors import CopyUnreadable, Finding, Level
from gazette.readers.ocr import find_recognizer, recognize
from gazette.readers.page_image import LONGEST_SIDE
from gazette.readers.printed import PrintedLine, join_paragraphs, without_running_heads

#: A page with fewer characters than this has no text layer to speak of.
_LEAST_CHARS = 12
#: More pages than this are not read (a year's bound gazette has fewer).
_MOST_PAGES = 3000
#: 中 华 人 民 共 和 国: print that spreads a line letter by letter.
_SPREAD = re.compile(r"[\u4e00-\u9fff](?: [\u4e00-\u9fff]){2,}")
_DPI = 200


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
    lines: list[PrintedLine] = []
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
    blocks = list(join_paragraphs(without_running_heads(lines)))
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
    recognized: list[PrintedLine] = []
    for number in bare:
        page = document[number]
        try:
            image = page.render(scale=min(_DPI / 72, LONGEST_SIDE / max(page.get_size()))).to_pil()
        finally:
            page.close()
        recognized += recognize(recognizer, image, page=number + 1)
    if not recognized:
        return Reading(blocks=tuple(blocks))
    blocks += join_paragraphs(without_running_heads(recognized))
    blocks.sort(key=lambda block: block.page or 0)
    finding = Finding(
        level=Level.INFO, code="scan.recognized", message=f"{len(bare)} 页扫描图像的文字由 OCR 识别，须人工核对"
    )
    return Reading(blocks=tuple(blocks), findings=(finding,))


def _page_lines(page: Any, number: int) -> list[PrintedLine]:
    """The lines of one page with the boxes of their first and last characters."""
    textpage = page.get_textpage()
    try:
        text = textpage.get_text_range()
        height = page.get_height()
        exact = len(text) == textpage.count_chars()
        lines: list[PrintedLine] = []
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
            lines.append(PrintedLine(printed, number, left, right, top, size))
        return lines
    finally:
        textpage.close()
