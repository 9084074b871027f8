"""Markdown as laws are kept in it: headings, tables, links, and otherwise plain lines.

Read by lines, not by CommonMark: a list parser would renumber 1. 2. 3. and so change the text of a law.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from gazette.digitization.blocks import Block, BlockKind, Reading, fold_spaces
from gazette.digitization.readers.lines import rejoin
from gazette.digitization.readers.text import decode

_COMMENT = re.compile(r"<!--.*?-->", re.S)
_FRONT_MATTER = re.compile(r"\A---\n.*?\n---\n", re.S)
_HEADING = re.compile(r"\s{0,3}(#{1,6})\s+(.*?)\s*#*\s*$")
_RULE = re.compile(r"\s*(?:[-*_]\s*){3,}$")
_TABLE_RULE = re.compile(r"\s*\|?[\s:|-]+\|?\s*$")
_IMAGE = re.compile(r"!\[([^\]]*)\]\([^)]*\)")
_LINK = re.compile(r"\[([^\]]+)\]\([^)]*\)")
_EMPHASIS = re.compile(r"(\*{1,3}|_{2,3})(?=\S)(.+?)(?<=\S)\1")
_TAG = re.compile(r"</?(?:br|p|div|span|center|font|b|strong|i|em|u|sup|sub|a|table|tr|td|th|tbody)\b[^>]*>", re.I)
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+\-.!|<>~])")


def read_markdown(data: bytes, charset: str | None = None) -> Reading:
    """Headings keep their level; a paragraph's soft line breaks are joined where the sentence plainly goes on."""
    text, found, findings = decode(data, charset)
    # Comments give way to nothing but keep their lines, so that line numbers stay true.
    text = _COMMENT.sub(lambda match: "\n" * match.group().count("\n"), _FRONT_MATTER.sub("", text))
    return Reading(blocks=tuple(rejoin(_iter_blocks(text.splitlines()))), charset=found, findings=findings)


def _iter_blocks(lines: list[str]) -> Iterator[Block | None]:
    """Blocks in order; None where a blank line or a hard break ends a paragraph."""
    rows: list[tuple[str, ...]] = []
    for number, line in enumerate(lines, 1):
        if line.lstrip().startswith("|"):
            if not _TABLE_RULE.match(line):
                rows.append(tuple(_plain(cell) for cell in line.strip().strip("|").split("|")))
            continue
        if rows:
            yield Block(kind=BlockKind.TABLE, rows=tuple(rows), line=number - len(rows))
            rows = []
        if heading := _HEADING.match(line):
            yield Block(kind=BlockKind.HEADING, text=_plain(heading[2]), level=len(heading[1]), line=number)
        elif not line.strip() or _RULE.match(line):
            yield None
        elif text := _plain(line):
            yield Block(kind=BlockKind.PARAGRAPH, text=text, line=number)
            if line.endswith(("  ", "\\")):
                yield None
    if rows:
        yield Block(kind=BlockKind.TABLE, rows=tuple(rows))


def _plain(text: str) -> str:
    """A line without its marks."""
    if "[" in text:
        text = _LINK.sub(r"\1", _IMAGE.sub(r"\1", text))
    if "<" in text:
        text = _TAG.sub("", text)
    if "*" in text or "__" in text:
        text = _EMPHASIS.sub(r"\2", text)
    return fold_spaces(_ESCAPE.sub(r"\1", text))
