"""One page of a PDF as it is printed: its letters with their places, and the rules drawn on it.

Places are in points from the page's top left. Letters set aslant are a watermark and are left out.
"""

from __future__ import annotations

import ctypes
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

#: Letters on one line keep their middle within this of each other (in letter heights).
SAME_LINE = 0.5
#: A gap wider than this parts a line into pieces: columns, cells, a label and its value (in letter heights).
_PIECE_GAP = 1.8
#: A gap wider than this parts the cells of a table without rules (in letter heights).
CELL_GAP = 0.7
#: A gap narrower than this between two Chinese letters is no space, whatever the file says (in letter heights).
_LEAST_SPACE = 0.12
#: A page of more drawn objects than this is a map or a drawing: no tables are looked for.
_MOST_OBJECTS = 20_000
#: A path of more segments than this is a curve, no rule.
_MOST_SEGMENTS = 2_000
#: A rule is at most this thick and at least this long (points).
_THICKEST, _SHORTEST = 2.5, 6.0
#: Text turned by less than this stands upright (radians).
_ASLANT = 0.05
_QUARTER = math.pi / 2


@dataclass(frozen=True, slots=True)
class Letter:
    """One printed character, the space that the file puts before it (often none), and its box."""

    text: str
    space: str
    left: float
    top: float
    right: float
    bottom: float

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2

    @property
    def size(self) -> float:
        return self.bottom - self.top


@dataclass(frozen=True, slots=True)
class Piece:
    """Letters set side by side without a wide gap."""

    text: str
    left: float
    top: float
    right: float
    bottom: float

    @property
    def size(self) -> float:
        return self.bottom - self.top


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight line drawn along the page: `at` is its y (its x where it is upright), from `start` to `end`."""

    is_upright: bool
    at: float
    start: float
    end: float


def read_letters(page: Any, textpage: Any) -> list[Letter]:
    """The printed characters in the order of the file."""
    from pypdfium2 import raw

    box, height = raw.FS_RECTF(), page.get_height()
    place = ctypes.byref(box)
    letters: list[Letter] = []
    space, is_fresh, is_aslant, high = "", True, False, 0
    for index in range(textpage.count_chars()):
        code = raw.FPDFText_GetUnicode(textpage, index)
        if code <= 0x20 or code in (0x3000, 0xA0, 0xFFFE, 0xFFFF):
            if code not in (0x02, 0xFFFE, 0xFFFF):
                space, is_fresh = "\u3000" if code == 0x3000 else " ", True
            continue
        if 0xD800 <= code < 0xDC00:
            high = code
            continue
        if 0xDC00 <= code < 0xE000:
            code = 0x10000 + ((high & 0x3FF) << 10) + (code & 0x3FF)
        if is_fresh:
            # What is set in one go ends with a space or a line end at the latest.
            turn = raw.FPDFText_GetCharAngle(textpage, index) % _QUARTER
            is_aslant, is_fresh = _ASLANT < turn < _QUARTER - _ASLANT, False
        if not is_aslant and raw.FPDFText_GetLooseCharBox(textpage, index, place):
            letters.append(Letter(chr(code), space, box.left, height - box.top, box.right, height - box.bottom))
            space = ""
    return letters


def iter_pieces(letters: Sequence[Letter], *, gap: float = _PIECE_GAP) -> Iterator[Piece]:
    """The letters put together to pieces, in the order of the file; a gap so wide (in letter heights) parts them."""
    start = 0
    for at in range(1, len(letters) + 1):
        if at == len(letters) or not _goes_on(letters[at - 1], letters[at], gap):
            yield as_piece(letters[start:at])
            start = at


def as_piece(letters: Sequence[Letter]) -> Piece:
    """One piece of these letters, spaces between them where print shows some."""
    return Piece(
        text=letters[0].text + "".join(_space(*pair) + pair[1].text for pair in pairwise(letters)),
        left=min(each.left for each in letters),
        top=min(each.top for each in letters),
        right=max(each.right for each in letters),
        bottom=max(each.bottom for each in letters),
    )


def read_rules(page: Any) -> list[Rule]:
    """The horizontal and upright lines drawn on the page, thin filled boxes and outlines of boxes included."""
    from pypdfium2 import raw

    count = raw.FPDFPage_CountObjects(page)
    rules: list[Rule] = []
    for index in range(count if count <= _MOST_OBJECTS else 0):
        drawn = raw.FPDFPage_GetObject(page, index)
        if raw.FPDFPageObj_GetType(drawn) == raw.FPDF_PAGEOBJ_PATH:
            rules += _path_rules(drawn, page.get_height())
    return rules


def _goes_on(before: Letter, letter: Letter, widest: float) -> bool:
    size = max(before.size, letter.size)
    gap = letter.left - before.right
    return abs(before.middle - letter.middle) < SAME_LINE * size and -size < gap < widest * size


def _space(before: Letter, letter: Letter) -> str:
    is_chinese = before.text > "\u2e7f" and letter.text > "\u2e7f"
    if is_chinese and letter.left - before.right < _LEAST_SPACE * letter.size:
        return ""
    return letter.space


def _path_rules(path: Any, height: float) -> Iterator[Rule]:
    """The rules of one path: a thin box is one, an outline as many as it has straight sides along the page."""
    from pypdfium2 import raw

    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    if not raw.FPDFPageObj_GetBounds(path, left, bottom, right, top):
        return
    width, depth = right.value - left.value, top.value - bottom.value
    if min(width, depth) <= _THICKEST:
        if max(width, depth) >= _SHORTEST:
            yield _rule(left.value, height - top.value, right.value, height - bottom.value)
        return
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    count = raw.FPDFPath_CountSegments(path)
    if count > _MOST_SEGMENTS or not raw.FPDFPath_GetDrawMode(path, fill, stroke) or not stroke.value:
        return
    matrix = raw.FS_MATRIX()
    raw.FPDFPageObj_GetMatrix(path, matrix)
    x, y = ctypes.c_float(), ctypes.c_float()
    start = last = (0.0, 0.0)
    for index in range(count):
        segment = raw.FPDFPath_GetPathSegment(path, index)
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        point = (
            matrix.a * x.value + matrix.c * y.value + matrix.e,
            height - (matrix.b * x.value + matrix.d * y.value + matrix.f),
        )
        kind = raw.FPDFPathSegment_GetType(segment)
        if kind == raw.FPDF_SEGMENT_MOVETO:
            start = point
        elif kind == raw.FPDF_SEGMENT_LINETO:
            yield from _side(last, point)
        if raw.FPDFPathSegment_GetClose(segment):
            yield from _side(point, start)
        last = point


def _side(first: tuple[float, float], second: tuple[float, float]) -> Iterator[Rule]:
    across, down = abs(first[0] - second[0]), abs(first[1] - second[1])
    if min(across, down) <= 1.0 and max(across, down) >= _SHORTEST:
        yield _rule(
            min(first[0], second[0]), min(first[1], second[1]), max(first[0], second[0]), max(first[1], second[1])
        )


def _rule(left: float, top: float, right: float, bottom: float) -> Rule:
    if right - left >= bottom - top:
        return Rule(False, (top + bottom) / 2, left, right)
    return Rule(True, (left + right) / 2, top, bottom)
