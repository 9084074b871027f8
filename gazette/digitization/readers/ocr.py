"""Optical character recognition of scanned pages, with the models bundled in the `ocr` extra.

A page is made ready (page_image), its print is found and read by rapidocr, lines are put in reading order
(page_layout) and the marks a recognizer confuses are set right (misread). Without the extra nothing here is imported.
"""

from __future__ import annotations

import importlib.util
import logging
import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache, partial
from typing import Any

from gazette.digitization.blocks import Reading, fold_spaces
from gazette.digitization.readers.misread import amend
from gazette.digitization.readers.page_desk import Leaf, Stage, hand_over, known_pages
from gazette.digitization.readers.page_image import Box, Frames, PageImage, prepare, turn
from gazette.digitization.readers.page_layout import Piece, arrange, print_height, printed_lines, whole_lines
from gazette.digitization.readers.page_leaders import add_leaders
from gazette.digitization.readers.page_marks import add_marks
from gazette.digitization.readers.printed import PrintedLine, to_reading
from gazette.errors import Finding, Level

#: Print is looked for on a copy with this many points on the longer side; on a finer one where print is small.
_DETECTION_SIDE, _FINE_DETECTION_SIDE = 1280, 2048
#: Print lower than this on the copy (points) is looked for again on the finer one.
_LEAST_PRINT = 13
#: A line read with less confidence than this (0 to 1) is not print: a stain, a picture, a signature.
_LEAST_CONFIDENCE = 0.5
#: Lines read with less than this on the average lie upside down or on their side, until tried.
_UPRIGHT = 0.85
#: Quarters by which a page set vertically is turned clockwise.
_ANTICLOCKWISE = 3
#: So many of the longest lines are tried for the page's direction.
_TRIED = 5


@cache
def find_recognizer() -> Any | None:
    """The recognizer, loaded once a process; None where the extra is not installed."""
    if importlib.util.find_spec("rapidocr") is None or importlib.util.find_spec("onnxruntime") is None:
        return None
    from rapidocr import RapidOCR

    # It reports every model file it opens.
    logging.getLogger("RapidOCR").setLevel(logging.ERROR)
    # Every thread's stack and heap count against the reader's memory limit.
    threads = min(4, os.cpu_count() or 1)
    return RapidOCR(
        params={
            "Global.log_level": "error",
            "EngineConfig.onnxruntime.intra_op_num_threads": threads,
            # Line by line: in batches short lines are padded to the longest, which takes 100 MB and no less time.
            "Rec.rec_batch_num": 1,
        }
    )


def recognize(recognizer: Any, draw: Callable[[], Any], *, page: int, done: int, total: int) -> list[PrintedLine]:
    """The lines of one page in reading order; `done` of `total` pages of the file are read with it.

    `draw` gives the page as a Pillow picture; of a page that an interrupted reading had finished it is not asked.
    """
    held = known_pages().get((Stage.SCAN, page))
    if held is not None:
        return list(map(PrintedLine.from_plain, held))
    lines = recognize_page(recognizer, draw(), page=page)
    hand_over(Leaf(Stage.SCAN, {page: [line.to_plain() for line in lines]}, done, total))
    return lines


def recognize_page(recognizer: Any, picture: Any, *, page: int) -> list[PrintedLine]:
    """The lines of one page (a Pillow picture) in reading order, with their places and confidence."""
    image, pieces = _read_upright(recognizer, prepare(picture))
    if image.turned == _ANTICLOCKWISE:
        pieces = add_marks(image.points, pieces)
    pieces = add_leaders(image.points, pieces, lambda crops: recognizer.recognize_txt(crops).txts)
    boxes = {piece.box: image.place(piece.box) for piece in pieces}
    width = image.points.shape[1]
    lines = printed_lines(list(arrange(pieces, width)), page=page, width=width, boxes=boxes, turned=image.turned)
    amended = (replace(line, text=fold_spaces(amend(line.text))) for line in lines)
    return [line for line in amended if line.text]


def read_image(data: bytes) -> Reading:
    """A picture of a page, or of several where the format holds several. Raises CopyUnreadable."""
    lines: list[PrintedLine] = []
    with Frames(data) as frames:
        recognizer = find_recognizer()
        if recognizer is None:
            message = "文件为图像，没有文字层，需要安装 OCR 组件（pip install gongbao[ocr]）后识别"
            return Reading(blocks=(), findings=(Finding(level=Level.ERROR, code="scan.needs_ocr", message=message),))
        for page in range(1, frames.count + 1):
            draw = partial(frames.draw, page)
            lines += recognize(recognizer, draw, page=page, done=page, total=frames.count)
    if not lines:
        return Reading(blocks=())
    finding = Finding(level=Level.INFO, code="scan.recognized", message="图像中的文字由 OCR 识别，须人工核对")
    return to_reading(lines, findings=(finding,))


def _read_upright(recognizer: Any, image: PageImage) -> tuple[PageImage, list[Piece]]:
    """The page turned so that its print can be read, and what was read on it.

    Columns of a page set vertically, turned a quarter anticlockwise, are rows whose characters lie on their side,
    the rightmost column first; the recognizer knows those as well.
    """
    pieces = _detect(recognizer, image.points)
    if not pieces:
        return image, []
    if _mostly_tall(pieces):
        image = max((turn(image, quarters) for quarters in (3, 1)), key=lambda each: _sureness(recognizer, each))
        pieces = _detect(recognizer, image.points)
    pieces = whole_lines(pieces)
    sample = sorted(pieces, key=lambda piece: -piece.width)[:_TRIED]
    read = _read(recognizer, image.points, sample)
    if _mean(read) < _UPRIGHT and _sureness(recognizer, other := turn(image, 2)) > _mean(read):
        image, pieces, sample, read = other, whole_lines(_detect(recognizer, other.points)), [], []
    rest = [piece for piece in pieces if piece not in sample]
    return image, _sure(read + _read(recognizer, image.points, rest))


def _sureness(recognizer: Any, image: PageImage) -> float:
    """How sure the recognizer is of the longest lines of the page as it lies."""
    pieces = sorted(whole_lines(_detect(recognizer, image.points)), key=lambda piece: -piece.width)[:_TRIED]
    return _mean(_read(recognizer, image.points, pieces))


def _detect(recognizer: Any, points: Any) -> list[Piece]:
    """Where print stands on the page."""
    pieces = _detect_at(recognizer, points, _DETECTION_SIDE)
    side = max(points.shape[:2])
    if not pieces or side <= _DETECTION_SIDE or _mostly_tall(pieces):
        return pieces
    is_small = print_height(pieces) * _DETECTION_SIDE / side < _LEAST_PRINT
    return _detect_at(recognizer, points, _FINE_DETECTION_SIDE) if is_small else pieces


def _detect_at(recognizer: Any, points: Any, side: int) -> list[Piece]:
    import cv2
    from rapidocr.main import RapidOCRError

    factor = min(1.0, side / max(points.shape[:2]))
    small = cv2.resize(points, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA) if factor < 1 else points
    try:
        _crops, found = recognizer.detect_and_crop(small, {})
    except RapidOCRError:
        # Its way of saying that a page is empty.
        return []
    return [Piece(_box(corners, factor)) for corners in found.boxes]


def _box(corners: Any, factor: float) -> Box:
    across, down = corners[:, 0] / factor, corners[:, 1] / factor
    return float(across.min()), float(down.min()), float(across.max()), float(down.max())


def _mostly_tall(pieces: Sequence[Piece]) -> bool:
    """Whether most print stands in boxes higher than wide: a page on its side, or one set vertically."""
    tall = sum(piece.height for piece in pieces if piece.height > 1.8 * piece.width)
    wide = sum(piece.width for piece in pieces if piece.width > 1.8 * piece.height)
    return tall > wide


def _read(recognizer: Any, points: Any, pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces with what is printed in them."""
    if not pieces:
        return []
    found = recognizer.recognize_txt([_crop(points, piece.box) for piece in pieces])
    return [
        Piece(piece.box, text, float(score))
        for piece, text, score in zip(pieces, found.txts, found.scores, strict=True)
    ]


def _crop(points: Any, box: Box) -> Any:
    left, top, right, bottom = (round(edge) for edge in box)
    return points[max(0, top) : max(bottom, top + 2), max(0, left) : max(right, left + 2)]


def _sure(pieces: Sequence[Piece]) -> list[Piece]:
    return [piece for piece in pieces if piece.text.strip() and piece.confidence >= _LEAST_CONFIDENCE]


def _mean(pieces: Sequence[Piece]) -> float:
    return sum(piece.confidence for piece in pieces) / len(pieces) if pieces else 0.0
