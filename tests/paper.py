"""Pages printed from known text as an office prints them, and the same pages as a worn scan shows them.

Noto Serif CJK **SC** is face 2 of its collection (face 0 is Japanese and draws other forms). The paper is A4; 3号字
(16 pt), 22 lines of 28 characters, is what GB/T 9704 prescribes.
"""

from __future__ import annotations

import io
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy
from PIL import Image, ImageDraw, ImageFilter, ImageFont

FONT = Path("/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc")
_SIMPLIFIED = 2
_WIDTH_MM, _HEIGHT_MM = 210, 297
_TEXT_WIDTH_MM, _TEXT_HEIGHT_MM = 156, 225
_LEFT_MM, _TOP_MM = 28, 37
_INK, _SEAL = (20, 20, 20), (200, 30, 40)
#: Marks that may not begin a line stay on the one before.
_NEVER_FIRST = "，。、；：？！）》」』”’〕%％"


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """How a page is set: characters a line, lines a page; the type size (points) fills the 156 mm of GB/T 9704."""

    columns: int
    rows: int

    @property
    def points(self) -> float:
        return _TEXT_WIDTH_MM / self.columns / 25.4 * 72


OFFICIAL = Layout(columns=28, rows=22)
TIGHT = Layout(columns=38, rows=32)


def is_there() -> bool:
    """Whether the font is installed (fonts-noto-cjk)."""
    return FONT.exists()


def font_of(points: float, dpi: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FONT), round(points * dpi / 72), index=_SIMPLIFIED)


def iter_pages(text: str, layout: Layout) -> Iterator[tuple[str, ...]]:
    """The lines of page after page, every paragraph indented by two characters."""
    lines = [line for paragraph in text.splitlines() if paragraph.strip() for line in _lines(paragraph, layout.columns)]
    for start in range(0, len(lines), layout.rows):
        yield tuple(lines[start : start + layout.rows])


def _lines(paragraph: str, columns: int) -> Iterator[str]:
    rest = "　　" + paragraph.strip()
    while rest:
        width = end = 0
        while end < len(rest) and (width := width + (1 if rest[end] < "\x80" else 2)) <= 2 * columns:
            end += 1
        while end < len(rest) and rest[end] in _NEVER_FIRST:
            end += 1
        yield rest[:end]
        rest = rest[end:]


def print_page(lines: tuple[str, ...], layout: Layout, *, dpi: int) -> Image.Image:
    """One A4 page."""
    mm = dpi / 25.4
    page = Image.new("RGB", (round(_WIDTH_MM * mm), round(_HEIGHT_MM * mm)), "white")
    pen, font = ImageDraw.Draw(page), font_of(layout.points, dpi)
    for number, line in enumerate(lines):
        pen.text((_LEFT_MM * mm, (_TOP_MM + number * _TEXT_HEIGHT_MM / layout.rows) * mm), line, font=font, fill=_INK)
    return page


def worn(page: Image.Image, *, dpi: int, seed: int) -> Image.Image:
    """The page stamped over its text, laid askew, blurred, greyed and speckled, and kept as a JPEG."""
    chance, noise = random.Random(seed), numpy.random.default_rng(seed)
    stamped = stamp(page, dpi=dpi, place=(0.65, chance.uniform(0.3, 0.8)))
    askew = stamped.rotate(chance.uniform(-1.5, 1.5), resample=Image.Resampling.BICUBIC, fillcolor="white")
    points = numpy.asarray(askew.filter(ImageFilter.GaussianBlur(0.5)), dtype=float) * 0.92 + 10
    points += noise.normal(0, 12, points.shape[:2])[..., None]
    specks = noise.random(points.shape[:2])
    points[specks < 0.0005], points[specks > 0.9995] = 0, 255
    kept = io.BytesIO()
    Image.fromarray(points.clip(0, 255).astype("uint8")).save(kept, "JPEG", quality=75)
    return Image.open(kept).convert("RGB")


def stamp(page: Image.Image, *, dpi: int, place: tuple[float, float], agency: str = "某某市人民政府") -> Image.Image:
    """The page with a round red seal of 42 mm over its print; ink multiplies, as on paper."""
    seal = Image.new("RGB", page.size, "white")
    pen = ImageDraw.Draw(seal)
    across, down = page.width * place[0], page.height * place[1]
    reach = 21 * dpi / 25.4
    pen.ellipse((across - reach, down - reach, across + reach, down + reach), outline=_SEAL, width=round(reach / 18))
    pen.text((across, down), "★", font=font_of(28, dpi), fill=_SEAL, anchor="mm")
    pen.text((across, down + reach * 0.55), agency, font=font_of(11, dpi), fill=_SEAL, anchor="mm")
    both = numpy.asarray(page, dtype=float) * numpy.asarray(seal, dtype=float) / 255
    return Image.fromarray(both.astype("uint8"))


def as_pdf(pages: list[Image.Image], *, dpi: int) -> bytes:
    """The pages as a PDF of pictures without a text layer."""
    kept = io.BytesIO()
    pages[0].save(kept, "PDF", save_all=True, append_images=pages[1:], resolution=dpi)
    return kept.getvalue()


def first_pages(data: bytes, count: int) -> bytes:
    """The PDF cut after so many pages."""
    import pypdfium2 as pdfium

    kept = io.BytesIO()
    with pdfium.PdfDocument(data) as whole, pdfium.PdfDocument.new() as front:
        front.import_pages(whole, list(range(min(count, len(whole)))))
        front.save(kept)
    return kept.getvalue()
