"""The 1,641 laws of the shared corpus as finished records: what the search room is measured on.

The splitting is deliberately plain (lines that begin 第…条): these figures are about search, not about reading.
"""

from __future__ import annotations

import re
import tarfile
from collections.abc import Iterator
from pathlib import Path

from gazette.dates import parse_date
from gazette.record.reading import DocumentRecord
from tests.builders import a_document, an_id, articles_body

_ARTICLE = re.compile(r"^第[〇零一二三四五六七八九十百千]+条[\s　]*", re.MULTILINE)
_MARKUP = re.compile(r"^#+\s*|<!--.*?-->", re.MULTILINE)
_DAY = re.compile(r"\d{4}年\d{1,2}月\d{1,2}日")


def iter_laws(corpus: Path) -> Iterator[DocumentRecord]:
    """One record a law, in the order of the archive."""
    with tarfile.open(corpus / "law_markdown.tar.gz") as archive:
        members = [member for member in archive.getmembers() if member.name.endswith(".md")]
        for number, member in enumerate(members, 1):
            file = archive.extractfile(member)
            assert file is not None
            yield _law(number, Path(member.name), file.read().decode("utf-8"))


def _law(number: int, path: Path, text: str) -> DocumentRecord:
    heading = re.search(r"^#\s+(.+)$", text, re.MULTILINE)
    preamble, *articles = _ARTICLE.split(_MARKUP.sub("", text.split("<!-- INFO END -->")[-1]))
    days = sorted(filter(None, map(parse_date, _DAY.findall(text.split("<!-- INFO END -->")[0]))))
    return a_document(
        id=an_id(number),
        title=heading[1].strip() if heading else path.stem,
        body=articles_body([each.strip() for each in articles] or [preamble.strip()]),
        published=days[-1] if days else None,
        kind=path.parts[-2],
        issuers=(path.parts[-2],),
        status="in_force" if number % 3 else "unknown",
        sources=("law_markdown",),
    )
