"""Text PDFs: printed lines in reading order, tables with their cells, running heads and page numbers taken out, lines
back to paragraphs.

Pages are read one at a time, and only their lines are kept. A page without a text layer, or with one that cannot be
what is printed, goes to OCR where the extra is installed; without it that is one finding.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from gazette.blocks import Block, BlockKind, Reading, fold_spaces
from gazette.errors import CopyUnreadable, Finding, Level, Locator
from gazette.readers.columns import in_reading_order
from gazette.readers.garbled import is_garbled, mend
from gazette.readers.ocr import find_recognizer, recognize
from gazette.readers.page_image import LONGEST_SIDE
from gazette.readers.pdf_page import Piece, iter_pieces, read_letters, read_rules
from gazette.readers.printed import PrintedLine, join_paragraphs, part_running_heads, to_reading
from gazette.readers.ruled import Grid, find_grids, joined

#: A page with fewer characters than this has no text layer to speak of.
_LEAST_CHARS = 12
#: More pages than this are not read (a year's bound gazette has fewer).
_MOST_PAGES = 3000
#: 中 华 人 民 共 和 国: print that spreads a line letter by letter.
_SPREAD = re.compile(r"[\u4e00-\u9fff](?: [\u4e00-\u9fff]){2,}")
#: The line above the part of a table that a new page opens with.
_CONTINUED = re.compile(r"续\s*表|[（(]?续[）)]?$|表\s*[\dA-Z.]{1,6}\s*[（(]续[）)]")
_DPI = 200
#: So many pages are read before the document is opened anew.
_PAGES_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class PrintedTable:
    """A table, the page it begins on and, where it goes on, the last page of it."""

    grid: Grid
    page: int
    until: int = 0

    @property
    def text(self) -> str:
        return "".join(cell for row in self.grid.rows for cell in row)

    @property
    def last_page(self) -> int:
        return self.until or self.page

    def block(self) -> Block:
        return Block(kind=BlockKind.TABLE, rows=self.grid.rows, page=self.page)


def read_pdf(data: bytes) -> Reading:
    """Paragraphs in reading order. Raises CopyUnreadable for a broken or encrypted file."""
    with _opened(data) as document:
        count = len(document)
    if count > _MOST_PAGES:
        raise CopyUnreadable(name="PDF", why=f"页数超过 {_MOST_PAGES}")
    pages: list[PrintedLine | PrintedTable] = []
    bare: list[int] = []
    garbled = 0
    broken: list[int] = []
    for number, found in _iter_pages(data, count):
        if found is None:
            broken.append(number + 1)
            continue
        text = "".join(each.text for each in found)
        is_lying = is_garbled(text)
        garbled += is_lying
        if is_lying or len(text) < _LEAST_CHARS:
            bare.append(number)
        else:
            pages += found
    if len(broken) == count:
        raise CopyUnreadable(name="PDF", why="文件不完整或已损坏")
    parted = part_running_heads([each for each in pages if isinstance(each, PrintedLine)])
    kept = set(map(id, parted.lines))
    content = _with_whole_tables([each for each in pages if isinstance(each, PrintedTable) or id(each) in kept])
    blocks = list(join_paragraphs(content))
    reading = Reading(blocks=tuple(blocks))
    if bare:
        with _opened(data) as document:
            reading = _with_scans(document, blocks, bare)
    reading = replace(reading, running=(*parted.running, *reading.running), folios={**reading.folios, **parted.folios})
    return replace(reading, findings=(*_broken_finding(broken), *_garbled_finding(garbled), *reading.findings))


@contextmanager
def _opened(data: bytes) -> Iterator[Any]:
    """The open document. Raises CopyUnreadable for one that is broken or asks for a password."""
    import pypdfium2 as pdfium

    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        why = "文件已加密，需要密码" if "password" in str(error).lower() else "文件不完整或已损坏"
        raise CopyUnreadable(name="PDF", why=why) from error
    try:
        yield document
    finally:
        document.close()


def _iter_pages(data: bytes, count: int) -> Iterator[tuple[int, list[PrintedLine | PrintedTable] | None]]:
    """Every page by its number (from 0) and what is printed on it. The document is opened anew now and then: it keeps
    the fonts of every page that was read."""
    for start in range(0, count, _PAGES_AT_ONCE):
        with _opened(data) as document:
            for number in range(start, min(start + _PAGES_AT_ONCE, count)):
                yield number, _try_page(document, number)


def _try_page(document: Any, number: int) -> list[PrintedLine | PrintedTable] | None:
    """What is printed on a page; None where the file is damaged there."""
    import pypdfium2 as pdfium

    try:
        page = document[number]
    except pdfium.PdfiumError:
        return None
    try:
        return _read_page(page, number + 1)
    except pdfium.PdfiumError:
        return None
    finally:
        page.close()


def _read_page(page: Any, number: int) -> list[PrintedLine | PrintedTable]:
    """What is printed on one page, in reading order."""
    textpage = page.get_textpage()
    try:
        letters = read_letters(page, textpage)
    finally:
        textpage.close()
    if not letters:
        return []
    grids = find_grids(read_rules(page), letters)
    if grids:
        letters = [letter for letter in letters if not any(grid.holds(letter) for grid in grids)]
    tables = {_place_of(grid, number): PrintedTable(grid, number) for grid in grids}
    pieces = [_as_line(piece, number) for piece in iter_pieces(letters)] if letters else []
    ordered = in_reading_order([*(piece for piece in pieces if piece.text), *tables])
    return [tables.get(line) or _tidied(line) for line in ordered]


def _as_line(piece: Piece, page: int) -> PrintedLine:
    return PrintedLine(mend(fold_spaces(piece.text)), page, piece.left, piece.right, piece.top, piece.size)


def _tidied(line: PrintedLine) -> PrintedLine:
    return replace(line, text=line.text.replace(" ", "")) if _SPREAD.fullmatch(line.text) else line


def _place_of(grid: Grid, page: int) -> PrintedLine:
    """A line without text that stands where the table does."""
    return PrintedLine("", page, grid.left, grid.right, grid.top, max(grid.bottom - grid.top, 1.0))


def _with_whole_tables(content: Sequence[PrintedLine | PrintedTable]) -> list[PrintedLine | Block]:
    """Tables broken over pages put together again; the line 续表 between their parts goes."""
    out: list[PrintedLine | PrintedTable] = []
    for each in content:
        if isinstance(each, PrintedTable):
            at = len(out) - 1
            while at >= 0 and isinstance(line := out[at], PrintedLine) and _CONTINUED.match(line.text):
                at -= 1
            before = out[at] if at >= 0 else None
            if isinstance(before, PrintedTable) and before.last_page + 1 == each.page:
                whole = joined(before.grid, each.grid)
                if whole is not None:
                    out[at:] = [PrintedTable(whole, before.page, each.page)]
                    continue
        out.append(each)
    return [each.block() if isinstance(each, PrintedTable) else each for each in out]


def _broken_finding(pages: Sequence[int]) -> Iterator[Finding]:
    if pages:
        message = f"{len(pages)} 页已损坏，无法读取"
        where = Locator(page=pages[0])
        yield Finding(level=Level.WARNING, code="pdf.page_unreadable", message=message, locator=where)


def _garbled_finding(pages: int) -> Iterator[Finding]:
    if pages:
        message = f"{pages} 页的文字层无法解读（字体没有对应的字符编码），改按图像识别"
        yield Finding(level=Level.WARNING, code="pdf.garbled", message=message)


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
        recognized += recognize(recognizer, image, page=number + 1, total=len(document))
    if not recognized:
        return Reading(blocks=tuple(blocks))
    scanned = to_reading(recognized)
    blocks += scanned.blocks
    blocks.sort(key=lambda block: block.page or 0)
    finding = Finding(
        level=Level.INFO, code="scan.recognized", message=f"{len(bare)} 页扫描图像的文字由 OCR 识别，须人工核对"
    )
    return replace(scanned, blocks=tuple(blocks), findings=(finding,))
