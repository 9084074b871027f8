"""Optical character recognition of scanned pages, with the models bundled in the `ocr` extra.

Recognized lines with their places and confidence; without the extra nothing here is imported.
"""

from __future__ import annotations

import importlib.util
import io
import logging
from collections.abc import Iterator
from functools import cache
from typing import Any

from gazette.blocks import Reading, fold_spaces
from gazette.errors import CopyUnreadable, Finding, Level
from gazette.readers.printed import PrintedLine, join_paragraphs, without_running_heads

#: A picture with more points than this is refused: a page at 600 dpi has a third of it.
_MOST_PIXELS = 120_000_000


@cache
def find_recognizer() -> Any | None:
    """The recognizer, loaded once a process; None where the extra is not installed."""
    if importlib.util.find_spec("rapidocr") is None or importlib.util.find_spec("onnxruntime") is None:
        return None
    from rapidocr import RapidOCR

    # It reports every model file it opens.
    logging.getLogger("RapidOCR").setLevel(logging.WARNING)
    return RapidOCR(params={"Global.log_level": "warning"})


def recognize(recognizer: Any, image: Any, *, page: int) -> Iterator[PrintedLine]:
    """The lines of one page image from top to bottom, placed in points of the picture."""
    import numpy

    result = recognizer(numpy.asarray(image.convert("RGB")))
    if not result.txts:
        return
    found = sorted(zip(result.boxes, result.txts, result.scores, strict=True), key=lambda each: float(each[0][0][1]))
    for box, text, score in found:
        if line := fold_spaces(text):
            across, down = [float(x) for x, _ in box], [float(y) for _, y in box]
            yield PrintedLine(
                text=line,
                page=page,
                left=min(across),
                right=max(across),
                top=min(down),
                size=max(down) - min(down),
                confidence=round(float(score), 3),
            )


def read_image(data: bytes) -> Reading:
    """A picture of one page."""
    recognizer = find_recognizer()
    if recognizer is None:
        message = "文件为图像，没有文字层，需要安装 OCR 组件（pip install gongbao[ocr]）后识别"
        return Reading(blocks=(), findings=(Finding(level=Level.ERROR, code="scan.needs_ocr", message=message),))
    from PIL import Image

    try:
        with Image.open(io.BytesIO(data)) as image:
            if image.width * image.height > _MOST_PIXELS:
                raise CopyUnreadable(name="图像", why="图像尺寸过大")
            lines = tuple(recognize(recognizer, image, page=1))
    except (OSError, ValueError, Image.DecompressionBombError) as error:
        raise CopyUnreadable(name="图像", why="文件不完整或已损坏") from error
    finding = Finding(level=Level.INFO, code="scan.recognized", message="图像中的文字由 OCR 识别，须人工核对")
    return Reading(blocks=tuple(join_paragraphs(without_running_heads(lines))), findings=(finding,))
