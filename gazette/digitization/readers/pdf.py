"""Text PDFs: printed lines in reading order, tables with their cells, running heads and page numbers taken out, lines
back to paragraphs.

Pages are read one at a time, and only their lines are kept. A page without a text layer, or with one that cannot be
what is printed, goes to OCR where the extra is installed; without it that is one finding.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from enum import Enum, auto
from functools import partial
from typing import Any, TypeVar

from gazette.digitization.blocks import Block, BlockKind, Reading, fold_spaces
from gazette.digitization.readers.aligned import find_aligned, may_hold_tables
from gazette.digitization.readers.columns import in_reading_order
from gazette.digitization.readers.garbled import is_garbled, mend
from gazette.digitization.readers.ocr import find_recognizer, recognize
from gazette.digitization.readers.page_desk import MOST_PAGES, Leaves, PlainPage, Stage, known_pages
from gazette.digitization.readers.page_image import LONGEST_SIDE
from gazette.digitization.readers.pdf_page import CELL_GAP, Letter, Piece, iter_pieces, read_letters, read_rules
from gazette.digitization.readers.printed import PrintedLine, join_paragraphs, part_running_heads, to_reading
from gazette.digitization.readers.ruled import Grid, find_grids, joined
from gazette.errors import CopyUnreadable, Finding, Level, Locator

#: A page with fewer characters than this has no text layer to speak of.
_LEAST_CHARS = 12
#: 中 华 人 民 共 和 国: print that spreads a line letter by letter.
_SPREAD = re.compile(r"[\u4e00-\u9fff](?: [\u4e00-\u9fff]){2,}")
#: The line above the part of a table that a new page opens with.
_CONTINUED = re.compile(r"续\s*表|[（(]?续[）)]?$|表\s*[\dA-Z.]{1,6}\s*[（(]续[）)]")
_DPI = 200
#: So many pages are read before the document is opened anew: it keeps the fonts and pictures of every page read.
_PAGES_AT_ONCE = 100


T = TypeVar("T")


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

    def to_plain(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_plain(cls, values: Mapping[str, Any]) -> PrintedTable:
        grid = values["grid"]
        rows = tuple(map(tuple, grid["rows"]))
        return cls(Grid(**{**grid, "rows": rows, "columns": tuple(grid["columns"])}), values["page"], values["until"])


#: What is printed on a page, in the order of the file; None where the file is damaged there.
Printed = list[PrintedLine | PrintedTable] | None


class _Layer(Enum):
    """What a page's text layer is worth."""

    DAMAGED = auto()
    BARE = auto()
    GARBLED = auto()
    TEXT = auto()


def read_pdf(data: bytes) -> Reading:
    """Paragraphs in reading order. Raises CopyUnreadable for a broken or encrypted file."""
    with _opened(data) as document:
        count = len(document)
    if count > MOST_PAGES:
        raise CopyUnreadable(name="PDF", why=f"页数超过 {MOST_PAGES}")
    printed: list[Sequence[PrintedLine | PrintedTable]] = []
    numbers: dict[_Layer, list[int]] = {layer: [] for layer in _Layer}
    for number, found, layer in _iter_pages(data, count):
        numbers[layer].append(number)
        if layer is _Layer.TEXT:
            printed.append(found or ())
    broken, bare = numbers[_Layer.DAMAGED], sorted(numbers[_Layer.BARE] + numbers[_Layer.GARBLED])
    if len(broken) == count:
        raise CopyUnreadable(name="PDF", why="文件不完整或已损坏")
    pages = _in_order(printed)
    parted = part_running_heads([each for each in pages if isinstance(each, PrintedLine)])
    kept = set(map(id, parted.lines))
    content = _with_whole_tables([each for each in pages if isinstance(each, PrintedTable) or id(each) in kept])
    blocks = list(join_paragraphs(content))
    reading = Reading(blocks=tuple(blocks))
    if bare:
        reading = _with_scans(data, blocks, bare, count)
    reading = replace(reading, running=(*parted.running, *reading.running), folios={**reading.folios, **parted.folios})
    return replace(
        reading, findings=(*_broken_finding(broken), *_garbled_finding(len(numbers[_Layer.GARBLED])), *reading.findings)
    )


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


def _iter_pages(data: bytes, count: int) -> Iterator[tuple[int, Printed, _Layer]]:
    """Every page by its number (from 1), what is printed on it and what that is worth. Pages that an interrupted
    reading had finished are not read again."""
    known, leaves = known_pages(), Leaves(count)
    for batch in _batches(range(1, count + 1)):
        with _opened(data) as document:
            for number in batch:
                held = (Stage.PRINT, number) in known
                found = _from_plain(known[Stage.PRINT, number]) if held else _try_page(document, number)
                layer = _layer_of(found)
                is_done = layer in (_Layer.TEXT, _Layer.DAMAGED)
                if held:
                    leaves.done += is_done
                else:
                    leaves.add(number, _to_plain(found), is_done=is_done)
                yield number, found, layer


def _batches(pages: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(pages), _PAGES_AT_ONCE):
        yield pages[start : start + _PAGES_AT_ONCE]


def _layer_of(found: Printed) -> _Layer:
    if found is None:
        return _Layer.DAMAGED
    text = "".join(each.text for each in found)
    if is_garbled(text):
        return _Layer.GARBLED
    return _Layer.BARE if len(text) < _LEAST_CHARS else _Layer.TEXT


def _to_plain(found: Printed) -> PlainPage:
    return None if found is None else [each.to_plain() for each in found]


def _from_plain(page: PlainPage) -> Printed:
    if page is None:
        return None
    return [PrintedTable.from_plain(each) if isinstance(each, dict) else PrintedLine.from_plain(each) for each in page]


def _try_page(document: Any, number: int) -> Printed:
    import pypdfium2 as pdfium

    try:
        page = document[number - 1]
    except pdfium.PdfiumError:
        return None
    try:
        return _read_page(page, number)
    except pdfium.PdfiumError:
        return None
    finally:
        page.close()


def _read_page(page: Any, number: int) -> list[PrintedLine | PrintedTable]:
    """Pieces of lines and tables of one page."""
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
    pieces = _pieces(letters, number)
    if may_hold_tables(pieces):
        unruled = find_aligned([_as_line(piece, number) for piece in iter_pieces(letters, gap=CELL_GAP)])
        if unruled:
            grids += unruled
            letters = [letter for letter in letters if not any(grid.holds(letter) for grid in unruled)]
            pieces = _pieces(letters, number)
    return [*(piece for piece in pieces if piece.text), *(PrintedTable(grid, number) for grid in grids)]


def _in_order(pages: Sequence[Sequence[PrintedLine | PrintedTable]]) -> list[PrintedLine | PrintedTable]:
    """Lines and tables of all pages as they are read."""
    tables = {_place_of(each): each for page in pages for each in page if isinstance(each, PrintedTable)}
    places = [[_place_of(each) if isinstance(each, PrintedTable) else each for each in page] for page in pages]
    return [tables.get(line) or _tidied(line) for lines in in_reading_order(places) for line in lines]


def _pieces(letters: Sequence[Letter], page: int) -> list[PrintedLine]:
    return [_as_line(piece, page) for piece in iter_pieces(letters)] if letters else []


def _as_line(piece: Piece, page: int) -> PrintedLine:
    return PrintedLine(mend(fold_spaces(piece.text)), page, piece.left, piece.right, piece.top, piece.size)


def _tidied(line: PrintedLine) -> PrintedLine:
    return replace(line, text=line.text.replace(" ", "")) if _SPREAD.fullmatch(line.text) else line


def _place_of(table: PrintedTable) -> PrintedLine:
    """A line without text that stands where the table does."""
    grid = table.grid
    return PrintedLine("", table.page, grid.left, grid.right, grid.top, max(grid.bottom - grid.top, 1.0))


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


def _with_scans(data: bytes, blocks: list[Block], bare: Sequence[int], count: int) -> Reading:
    """Recognize the pages that are only pictures, or say once that this needs OCR."""
    recognizer = find_recognizer()
    if recognizer is None:
        pages = "全部" if not blocks else f"其中 {len(bare)} 页"
        message = f"文件{pages}为扫描图像，没有文字层，需要安装 OCR 组件（pip install gongbao[ocr]）后识别"
        level = Level.WARNING if blocks else Level.ERROR
        return Reading(blocks=tuple(blocks), findings=(Finding(level=level, code="scan.needs_ocr", message=message),))
    recognized: list[PrintedLine] = []
    for batch in _batches(list(enumerate(bare, count - len(bare) + 1))):
        with _opened(data) as document:
            for done, number in batch:
                draw = partial(_draw, document, number)
                recognized += recognize(recognizer, draw, page=number, done=done, total=count)
    if not recognized:
        return Reading(blocks=tuple(blocks))
    scanned = to_reading(recognized)
    blocks += scanned.blocks
    blocks.sort(key=lambda block: block.page or 0)
    finding = Finding(
        level=Level.INFO, code="scan.recognized", message=f"{len(bare)} 页扫描图像的文字由 OCR 识别，须人工核对"
    )
    return replace(scanned, blocks=tuple(blocks), findings=(finding,))


def _draw(document: Any, number: int) -> Any:
    page = document[number - 1]
    try:
        return page.render(scale=min(_DPI / 72, LONGEST_SIDE / max(page.get_size()))).to_pil()
    finally:
        page.close()
