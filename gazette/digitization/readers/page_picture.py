"""One page of a scan as a JPEG for the editor's screen, upright; drawn where strangers' bytes are read."""

from __future__ import annotations

import io
from typing import Any

from gazette.digitization import media
from gazette.digitization.readers.page_image import Frames
from gazette.errors import CopyUnreadable

#: Sharp enough to tell 末 from 未 in 小五, small enough for a slow line (points across).
_WIDTH = 1400


def draw_page(data: bytes, page: int, turned: int) -> bytes:
    """Page `page` (from 1) turned clockwise by so many quarters. Raises CopyUnreadable."""
    from PIL import Image

    picture = _pdf_page(data, page) if media.detect_media_type(data) == media.PDF else _frame(data, page)
    if turned % 4:
        picture = picture.rotate(-90 * (turned % 4), expand=True)
    picture.thumbnail((_WIDTH, _WIDTH * 20), Image.Resampling.LANCZOS)
    kept = io.BytesIO()
    picture.convert("RGB").save(kept, "JPEG", quality=80)
    return kept.getvalue()


def _pdf_page(data: bytes, page: int) -> Any:
    import pypdfium2 as pdfium

    try:
        with pdfium.PdfDocument(data) as document:
            if not 0 < page <= len(document):
                raise CopyUnreadable(name="PDF", why=f"没有第 {page} 页")
            sheet = document[page - 1]
            try:
                return sheet.render(scale=2 * _WIDTH / sum(sheet.get_size())).to_pil()
            finally:
                sheet.close()
    except pdfium.PdfiumError as error:
        raise CopyUnreadable(name="PDF", why="文件不完整或已损坏") from error


def _frame(data: bytes, page: int) -> Any:
    with Frames(data) as frames:
        if not 0 < page <= frames.count:
            raise CopyUnreadable(name="图像", why=f"没有第 {page} 页")
        return frames.draw(page)
