"""Plain text: what a citizen pastes into a message and a developer greps. UTF-8, one paragraph a line."""

from __future__ import annotations

from collections.abc import Iterator

from gazette.record.reading import DocumentRecord, VersionRecord
from gazette.renditions.frontmatter import describe
from gazette.renditions.layout import BlockKind, iter_blocks


def render(document: DocumentRecord, version: VersionRecord, *, language: str, site: str) -> bytes:
    return ("\n".join(_lines(document, version, language, site)) + "\n").encode()


def _lines(document: DocumentRecord, version: VersionRecord, language: str, site: str) -> Iterator[str]:
    front = describe(document, version, language=language, site=site)
    yield front.title
    if front.caption:
        yield front.caption
    yield ""
    yield front.standing
    if front.deciding:
        yield front.deciding
    yield from (f"{label}：{value}" for label, value in front.facts)
    yield ""
    for block in iter_blocks(version.body):
        if block.kind is BlockKind.TABLE:
            yield from ("\t".join(row) for row in block.rows)
        else:
            yield block.line
    yield ""
    yield from version.notes
    yield front.disclaimer
