"""Printed lines back into paragraphs: a line that stops in mid-sentence goes on in the next."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from gazette.digitization.blocks import Block, BlockKind

#: A line that opens something new never continues the one before.
OPENER = re.compile(
    r"\s*(?:第\s*[一二三四五六七八九十百千零〇○0-9]+\s*(?:编|分编|章|节|条)(?![款项目规的])|[一二三四五六七八九十]+、"
    r"|[（(]\s*[一二三四五六七八九十0-9]+\s*[）)]|[0-9]{1,3}\s*[.．、](?!\d)|[①-⑳]|附件|附表|附[:：]|目\s*[录次]$|【)"
)
_ENDS = "。；：！？:;!?”」』）)》…"
#: A shorter line may be a name, a date or a heading that stands alone (characters).
_SHORT = 16


def goes_on(line: str, following: str) -> bool:
    """Whether `following` plainly continues `line` (both are stripped)."""
    return len(line) >= _SHORT and line[-1] not in _ENDS and not OPENER.match(following)


def glue(line: str, following: str) -> str:
    """Two halves of one paragraph; a space only between Latin words."""
    spaced = line[-1:].isascii() and following[:1].isascii() and line[-1:].isalnum() and following[:1].isalnum()
    return (
        f"{line} {following}" if spaced and not (line[-1:].isdigit() and following[:1].isdigit()) else line + following
    )


def rejoin(blocks: Iterable[Block | None]) -> Iterator[Block]:
    """Join paragraphs that go on over a soft line break; None marks an end that is certain."""
    open_block: Block | None = None
    for block in blocks:
        mergeable = block is not None and block.kind is BlockKind.PARAGRAPH
        if block is not None and mergeable and open_block is not None and goes_on(open_block.text, block.text):
            open_block = replace(open_block, text=glue(open_block.text, block.text))
            continue
        if open_block is not None:
            yield open_block
        open_block = block if mergeable else None
        if block is not None and not mergeable:
            yield block
    if open_block is not None:
        yield open_block
