"""Speed and memory of the readers: a government page, text PDFs beside bare extraction, a PDF of a thousand pages."""

from __future__ import annotations

import io
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from gazette.digitization import media
from gazette.digitization.readers import read
from tests.bench._memory import peak_mb
from tests.bench._row import row

RUNS = 5
PAGES = 1000
#: Reads the PDF that is named.
_READER = """
import sys
from gazette.digitization.readers.pdf import read_pdf
read_pdf(open(sys.argv[1], "rb").read())
"""
_EXTRACTOR = """
import sys, pypdfium2
document = pypdfium2.PdfDocument(open(sys.argv[1], "rb").read())
for page in document:
    textpage = page.get_textpage(); textpage.get_text_range(); textpage.close(); page.close()
"""


def rows(corpus: Path) -> list[dict[str, object]]:
    """Rows of name, ours, baseline, ratio, target. Times are those of the processor, so that neighbours count less."""
    pages = [path.read_bytes() for path in sorted((corpus / "gov_cn_pages" / "pages").glob("*.html"))]
    printed = [path.read_bytes() for path in sorted((corpus / "laws_multiformat").glob("*/*.pdf"))]
    html = [_milliseconds(lambda data=data: read(data, media.HTML, name="a.html")) for data in pages]
    parsed = [_milliseconds(lambda data=data: _parse(data)) for data in pages]
    ours = sum(_milliseconds(lambda data=data: read(data, media.PDF, name="a.pdf")) for data in printed)
    bare = sum(_milliseconds(lambda data=data: _extract(data)) for data in printed)
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(_repeated(printed, PAGES))
        file.flush()
        held, extracted = peak_mb(_READER, file.name), peak_mb(_EXTRACTOR, file.name)
    return [
        row(
            "readers: ms a government page (median); baseline is lxml's bare parse",
            *map(statistics.median, (html, parsed)),
            "<= 10",
        ),
        row(f"readers: ms over {len(printed)} text PDFs; baseline is bare pypdfium2", ours, bare, "ratio <= 6"),
        row(f"readers: MB at most on {PAGES} pages of PDF; baseline is bare pypdfium2", held, extracted, "<= 600"),
    ]


def _milliseconds(run: Callable[[], object]) -> float:
    """The least processor time of some runs (ms)."""
    times = []
    for _ in range(RUNS):
        begun = time.process_time()
        run()
        times.append((time.process_time() - begun) * 1000)
    return min(times)


def _parse(data: bytes) -> object:
    from lxml import html

    return html.document_fromstring(data)


def _extract(data: bytes) -> None:
    import pypdfium2

    document = pypdfium2.PdfDocument(data)
    for page in document:
        textpage = page.get_textpage()
        textpage.get_text_range()
        textpage.close()
        page.close()
    document.close()


def _repeated(files: Sequence[bytes], pages: int) -> bytes:
    """One PDF of so many pages, the given files' over and over."""
    import pypdfium2

    whole = pypdfium2.PdfDocument.new()
    sources = [pypdfium2.PdfDocument(data) for data in files]
    while len(whole) < pages:
        for source in sources:
            whole.import_pages(source)
    buffer = io.BytesIO()
    whole.save(buffer)
    for document in (whole, *sources):
        document.close()
    return buffer.getvalue()
