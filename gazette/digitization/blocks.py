"""Blocks: what every reader yields, whatever the format. One block is one printed line or paragraph, heading,
table, picture or link, in reading order; everything after the readers works on blocks alone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from gazette.errors import Finding

#: Characters that print nothing: zero-width marks, byte order mark, soft hyphen, directional marks.
_INVISIBLE = re.compile("[\u200b-\u200f\u2028-\u202e\u2060\ufeff\u00ad\x00-\x08\x0b\x0c\x0e-\x1f]")
_SPACES = re.compile("[ \t\u00a0\u2000-\u200a\u202f\u205f]+")
_WIDE_SPACES = re.compile("[ \u3000]*\u3000[ \u3000]*")


class BlockKind(StrEnum):
    PARAGRAPH = "paragraph"
    HEADING = "heading"
    TABLE = "table"
    IMAGE = "image"
    LINK = "link"


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanLine:
    """One recognized line: the page, turned clockwise by so many quarters so that it stands upright, and on it the
    box (left, top, right, bottom, in widths of that page); confidence from 0 to 1."""

    page: int
    turned: int
    box: tuple[float, float, float, float]
    text: str
    confidence: float

    def to_json(self) -> dict[str, Any]:
        return {
            "page": self.page,
            "turned": self.turned,
            "box": list(self.box),
            "text": self.text,
            "confidence": self.confidence,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One block. `level` is a heading's (1 is the title), `align` is left, center or right where the source says so,
    `rows` are a table's cells with spans repeated, `href` a link's target, `confidence` that of OCR (0 to 1), `size`
    the height of its letters in the page's own unit, `page_to` the page on which it ends where that is another, `scan`
    the recognized lines it is made of."""

    kind: BlockKind
    text: str = ""
    level: int | None = None
    align: str | None = None
    bold: bool = False
    rows: tuple[tuple[str, ...], ...] = ()
    href: str | None = None
    page: int | None = None
    line: int | None = None
    confidence: float | None = None
    size: float | None = None
    page_to: int | None = None
    scan: tuple[ScanLine, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a reader got out of a file. `labels` are metadata printed beside the text (索引号, 发文机关, <meta> tags)
    under the element names of data/labels.toml; `links` are the files it links to, `notes` what stands under the
    text and is no part of it (footnotes), `running` the texts of its running heads and feet, each once, `folios` the
    page numbers printed on its sheets (counted from 1)."""

    blocks: tuple[Block, ...]
    charset: str | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
    links: tuple[Block, ...] = ()
    notes: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    running: tuple[str, ...] = ()
    folios: Mapping[int, int] = field(default_factory=dict)


def fold_spaces(text: str) -> str:
    """One line of printed text: no invisible characters, NBSP and runs of spaces folded, ends trimmed.

    An ideographic space stays (it parts 第一条　from its text), a run of them becomes one.
    """
    text = _SPACES.sub(" ", _INVISIBLE.sub("", text.replace("\r", " ").replace("\n", " ")))
    return _WIDE_SPACES.sub("\u3000", text).strip(" \u3000")


def paragraph(text: str, **hints: object) -> Block:
    return Block(kind=BlockKind.PARAGRAPH, text=text, **hints)  # type: ignore[arg-type]


def iter_paragraphs(lines: list[str]) -> Iterator[Block]:
    """A paragraph block for every line that prints something, with its line number (from 1)."""
    for number, line in enumerate(lines, 1):
        if text := fold_spaces(line):
            yield paragraph(text, line=number)
