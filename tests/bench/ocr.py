"""Text recognition: our pages beside bare rapidocr on the same pictures, turn about in the same run.

Both sides have the models loaded and are given the same arrays; processor seconds are compared, for both use every
core. What making a page ready costs (scaling, seals, skew) stands in a row of its own.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy
from PIL import Image

from gazette.digitization.readers.ocr import find_recognizer, recognize_page
from gazette.digitization.readers.page_image import prepare
from tests import paper
from tests.bench._row import row

#: The target of the issue, and how often every page is read by either side.
_MOST, _ROUNDS = "ratio <= 1.15", 2
_TEXTS = ("中华人民共和国公证法",)


def rows(corpus: Path) -> list[dict[str, object]]:
    """Rows of name, ours, baseline, ratio, target."""
    recognizer = find_recognizer()
    if recognizer is None or not paper.is_there():
        print("bench: OCR skipped, needs the ocr extra and fonts-noto-cjk")
        return []
    from rapidocr import RapidOCR

    bare = RapidOCR(params={"Global.log_level": "error"})
    pages = _pages(corpus)
    ours = baseline = ready = 0.0
    for _round in range(_ROUNDS + 1):
        for page in pages:
            took = (
                _seconds(lambda page=page: recognize_page(recognizer, page, page=1)),
                _seconds(lambda page=page: bare(numpy.asarray(page))),
                _seconds(lambda page=page: prepare(page)),
            )
            # The first round loads and warms up both.
            if _round:
                ours, baseline, ready = ours + took[0], baseline + took[1], ready + took[2]
    count = _ROUNDS * len(pages)
    return [
        row("ocr: processor s a page; baseline is bare rapidocr", ours / count, baseline / count, _MOST),
        row("ocr: of these, making the page ready", ready / count, baseline / count, ""),
    ]


def _pages(corpus: Path) -> list[Image.Image]:
    """Clean and worn pages, official and tight."""
    pages: list[Image.Image] = []
    for number, file in enumerate(sorted((corpus / "flk_law_text").glob("*_*.txt"))):
        if file.stem.split("_")[0] not in _TEXTS:
            continue
        text = file.read_text("utf-8-sig")
        official = next(paper.iter_pages(text, paper.OFFICIAL))
        tight = next(paper.iter_pages(text, paper.TIGHT))
        pages.append(paper.print_page(official, paper.OFFICIAL, dpi=200))
        pages.append(paper.worn(paper.print_page(tight, paper.TIGHT, dpi=150), dpi=150, seed=number))
    return pages


def _seconds(work: Callable[[], Any]) -> float:
    begun = time.process_time()
    work()
    return time.process_time() - begun
