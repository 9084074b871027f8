"""Where recognized pieces of print stand on a page, and in which order they are read.

Pieces of one row are one line; a page in two or more columns is read column by column, what stands across them
(a title, a full line) parting it into bands. It knows rows only: a page set vertically comes to it turned a quarter.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from gazette.digitization.readers.page_image import Box
from gazette.digitization.readers.printed import PrintedLine

#: Pages are measured in points of A4 (595 wide), whatever the scan's resolution.
_PAGE_WIDTH = 595.0
#: A column has at least so many lines, is at least so many heights of print wide, and its lines mostly fill it.
_LEAST_COLUMN_LINES, _LEAST_COLUMN_WIDTH, _LEAST_FILL = 4, 9.0, 0.72
#: A gap wider than this (heights of print) within a row is printed as a space.
_SPACE = 0.9
#: Print of so many characters and more tells its size by how wide they stand; justified lines differ less than this.
_LEAST_TELLING, _STRETCHED = 8.0, 0.15
_SENTENCE_ENDS = ("。", "；")
#: Pieces nearer than this (heights of print) are one line that the detector broke.
_BREAK = 0.6


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of print in points of the page image; `text` is empty until it is recognized."""

    box: Box
    text: str = ""
    confidence: float = 0.0

    @property
    def width(self) -> float:
        return self.box[2] - self.box[0]

    @property
    def height(self) -> float:
        return self.box[3] - self.box[1]

    @property
    def middle(self) -> float:
        return (self.box[1] + self.box[3]) / 2


def print_height(pieces: Sequence[Piece]) -> float:
    """The height of the page's common print."""
    return median(piece.height for piece in pieces)


def whole_lines(pieces: Sequence[Piece]) -> list[Piece]:
    """Pieces that touch on one row made one, for print is recognized best by the whole line."""
    if not pieces:
        return []
    lines: list[Piece] = []
    for row in rows_of(pieces):
        line = row[0]
        for piece in row[1:]:
            size = min(line.height, piece.height)
            if piece.box[0] - line.box[2] < _BREAK * size and max(line.height, piece.height) < 1.6 * size:
                line = Piece(_around([line, piece]))
            else:
                lines.append(line)
                line = piece
        lines.append(line)
    return lines


def arrange(pieces: Sequence[Piece], width: float) -> Iterator[tuple[Piece, ...]]:
    """The rows of a page in reading order, the pieces of each from left to right."""
    if not pieces:
        return
    height = print_height(pieces)
    gutter = _gutter(pieces, height)
    if gutter is None:
        yield from map(tuple, rows_of(pieces))
        return
    for band in _bands(pieces, gutter, height):
        left = [piece for piece in band if piece.box[2] <= gutter + height / 3]
        right = [piece for piece in band if piece.box[0] >= gutter - height / 3]
        if len(left) + len(right) == len(band) and _is_column(left, height) and _is_column(right, height):
            yield from arrange(left, width)
            yield from arrange(right, width)
        else:
            yield from map(tuple, rows_of(band))


def printed_lines(
    rows: Sequence[tuple[Piece, ...]], *, page: int, width: float, boxes: dict[Box, Box], turned: int = 0
) -> Iterator[PrintedLine]:
    """The rows as printed lines, measured from the page's own left margin so that pages laid askew agree.

    `boxes` gives for each piece its place on the picture, which was `turned` by so many quarters.
    """
    if not rows:
        return
    unit = _PAGE_WIDTH / width
    lefts = sorted(row[0].box[0] for row in rows)
    margin = lefts[len(lefts) // 10]
    common = print_height([piece for row in rows for piece in row])
    pitches = [pitch for row in rows if (pitch := _pitch(row)) is not None]
    usual = median(pitches) if pitches else 0.0
    for row in rows:
        text, before = "", None
        for piece in row:
            gap = piece.box[0] - before.box[2] if before else 0.0
            text += (" " if gap > _SPACE * piece.height else "") + piece.text
            before = piece
        around = _around(row)
        places = [boxes[piece.box] for piece in row]
        yield PrintedLine(
            text=text,
            page=page,
            left=(around[0] - margin) * unit,
            right=max((around[2] - margin) * unit, 0.1),
            top=around[1] * unit,
            size=_size(row, common, usual) * unit,
            confidence=round(min(piece.confidence for piece in row), 3),
            box=_around([Piece(place) for place in places]),
            turned=turned,
        )


def _size(row: Sequence[Piece], common: float, usual: float) -> float:
    """How high the print of a row is: on a longer line as its characters stand apart, on a short one as its box is.

    Brackets and strokes that rise or hang make boxes of one print differ by a third.
    """
    pitch = _pitch(row)
    if pitch is not None:
        return common if abs(pitch - usual) < _STRETCHED * usual else common * pitch / usual
    if row[-1].text.endswith(_SENTENCE_ENDS):
        # The short last line of a paragraph; no heading ends so.
        return common
    around = _around(row)
    size = around[3] - around[1]
    return common if abs(size - common) < 0.35 * common else size


def _pitch(row: Sequence[Piece]) -> float | None:
    """The width of one Chinese character in the row's longest piece; None where it is short."""
    piece = max(row, key=lambda piece: len(piece.text))
    characters = sum(0.5 if letter.isascii() else 1.0 for letter in piece.text)
    return piece.width / characters if characters >= _LEAST_TELLING else None


def rows_of(pieces: Sequence[Piece]) -> list[list[Piece]]:
    """Pieces that stand on one line, line by line from the top, whatever their exact height."""
    rows: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda piece: piece.middle):
        row = rows[-1] if rows else None
        if row is not None:
            size = min(piece.height, median(each.height for each in row))
            middle = sum(each.middle for each in row) / len(row)
            across = any(min(piece.box[2], each.box[2]) - max(piece.box[0], each.box[0]) > 0.5 * size for each in row)
            if piece.middle - middle < 0.5 * size and not across:
                row.append(piece)
                continue
        rows.append([piece])
    for row in rows:
        row.sort(key=lambda piece: piece.box[0])
    return rows


def _gutter(pieces: Sequence[Piece], height: float) -> float | None:
    """The middle of a white strip down the page that few pieces cross, with print on both sides of it."""
    left, right = min(piece.box[0] for piece in pieces), max(piece.box[2] for piece in pieces)
    best: tuple[int, float, float] | None = None
    step = height / 2
    place = left + _LEAST_COLUMN_WIDTH * height
    while place < right - _LEAST_COLUMN_WIDTH * height:
        crossing = sum(piece.box[0] < place - height / 3 and piece.box[2] > place + height / 3 for piece in pieces)
        aside = abs(place - (left + right) / 2)
        if crossing * 4 <= len(pieces) and (best is None or (crossing, aside) < best[:2]):
            best = (crossing, aside, place)
        place += step
    return best[2] if best else None


def _bands(pieces: Sequence[Piece], gutter: float, height: float) -> Iterator[list[Piece]]:
    """The page from top to bottom, parted where a piece stands across the gutter."""
    band: list[Piece] = []
    for row in rows_of(pieces):
        if any(piece.box[0] < gutter - height / 3 and piece.box[2] > gutter + height / 3 for piece in row):
            if band:
                yield band
            yield row
            band = []
        else:
            band += row
    if band:
        yield band


def _is_column(pieces: Sequence[Piece], height: float) -> bool:
    if len(pieces) < _LEAST_COLUMN_LINES:
        return False
    around = _around(pieces)
    width = around[2] - around[0]
    filled = median(sum(piece.width for piece in row) for row in rows_of(pieces))
    return width >= _LEAST_COLUMN_WIDTH * height and filled >= _LEAST_FILL * width


def _around(pieces: Sequence[Piece]) -> Box:
    boxes = [piece.box for piece in pieces]
    return (
        min(box[0] for box in boxes),
        min(box[1] for box in boxes),
        max(box[2] for box in boxes),
        max(box[3] for box in boxes),
    )
