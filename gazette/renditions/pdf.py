"""PDF: the printable page through WeasyPrint, on A4. Nothing is fetched: every address is refused."""

from __future__ import annotations

import subprocess
from typing import Any

from gazette.errors import Finding, Level
from gazette.record.reading import DocumentRecord, VersionRecord
from gazette.renditions.html import page


def render(document: DocumentRecord, version: VersionRecord, *, language: str, site: str) -> bytes:
    return print_page(page(document, version, language=language, site=site))


def print_page(html: str) -> bytes:
    """`html` as PDF bytes; the same page gives the same bytes."""
    return layout(html).write_pdf()  # type: ignore[no-any-return]


def layout(html: str) -> Any:
    """`html` broken into pages: a WeasyPrint document, whose pages and anchors can be asked for."""
    from weasyprint import HTML
    from weasyprint.urls import URLFetcher

    return HTML(string=html, url_fetcher=URLFetcher(allowed_protocols=())).render()


def check_fonts() -> tuple[Finding, ...]:
    """One finding where no font can draw Chinese, for then a PDF would be empty boxes."""
    try:
        known = subprocess.run(
            ["fc-list", ":lang=zh", "family"],  # noqa: S607 - wherever fontconfig is installed
            capture_output=True,
            timeout=30,
            check=False,
        ).stdout.strip()
    except OSError:
        known = b""
    if known:
        return ()
    message = "没有可用的中文字体，PDF 中的汉字将无法显示；请安装 fonts-noto-cjk"
    return (Finding(level=Level.WARNING, code="rendition.no_chinese_font", message=message),)
