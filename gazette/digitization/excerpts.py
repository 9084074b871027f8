"""Excerpts: a file that holds one 编 of a code is not the code.

Publishers split a long code by its 编 (立法法 第六十五条) and print the code's title over each. Taken for the whole,
every part would pass for a version of the code, and the last one taken in for the text that stands. A part is
therefore kept as a document of its own, under the code's title with the 编 in brackets.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from gazette.digitization.blocks import Block, BlockKind
from gazette.digitization.outline import RANKS, drop_contents, read_mark, survey
from gazette.errors import Finding, Level

_CODE = re.compile(r"(?:法|法典)》?$")
#: 侵权责任编, as a line of its own or as the name of a file.
_BOOK = re.compile(r"[\u4e00-\u9fff]{2,12}(?<!分)编")


@dataclass(frozen=True, slots=True, kw_only=True)
class Excerpt:
    """The 编 that a file is confined to, and its blocks without the line that only names the 编."""

    book: str
    blocks: tuple[Block, ...]

    def title_within(self, code: str) -> str:
        return f"{code}（{self.book}）"

    def finding(self, code: str) -> Finding:
        message = f"本文件只载《{code}》{self.book}，不是全文；已单独建档，不作为该法的版本"
        return Finding(level=Level.WARNING, code="text.excerpt", message=message)


def is_code(title: str) -> bool:
    return _CODE.search(title) is not None


def find_excerpt(blocks: Sequence[Block], known_title: str | None, name: str) -> Excerpt | None:
    """The one 编 that `blocks` hold of a code; None for a whole text. `name` is the file's.

    The 编 is told by a line under the title (侵权责任编), by a single 第七编 over articles that do not begin with
    the first, or by the name of a file whose articles do not.
    """
    lines = [block for block in drop_contents(blocks) if block.kind is not BlockKind.TABLE]
    outline = survey(lines)
    first, start = 0, len(lines)
    numbered: list[str | None] = []
    for i, block in enumerate(lines):
        mark = read_mark(block, outline)
        if mark is None:
            continue
        if mark.rank == RANKS["编"]:
            numbered.append(mark.heading)
        elif mark.rank == RANKS["条"] and not first:
            first, start = mark.value, i
    if not first:
        return None
    named = [i for i, block in enumerate(lines) if _BOOK.fullmatch(block.text)]
    if len(named) == 1 and not numbered and named[0] < start:
        line = lines[named[0]]
        above = lines[named[0] - 1].text if named[0] else known_title or ""
        rest = tuple(block for block in blocks if block is not line)
        return Excerpt(book=line.text, blocks=rest) if is_code(above) else None
    stem = PurePosixPath(name).stem
    if first > 1 and len(numbered) == 1 and numbered[0]:
        return Excerpt(book=f"{numbered[0].removesuffix('编')}编", blocks=tuple(blocks))
    if first > 1 and not numbered and not named and _BOOK.fullmatch(stem):
        return Excerpt(book=stem, blocks=tuple(blocks))
    return None
