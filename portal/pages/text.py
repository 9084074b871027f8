"""The text of a version as the page shows it: a flat run of lines with their anchors, cut into parts where it is long.

A text that would make the first view heavy (one national code is half a megabyte) opens part by part; each part
begins at a heading or, where there is none, at an article. An address may name the provision wanted (`at`), and the
part that holds it is shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from gazette.draft import Body, BodyType, walk
from gazette.renditions.layout import Block, BlockKind, iter_blocks

#: A text up to this many characters is shown whole: three bytes each in UTF-8, and the page around them, stay under
#: 150 kB. A longer one is cut at the first heading, or else article, after so many characters of a part.
WHOLE_CHARACTERS = 32_000
CUT_AT_HEADING = 18_000
CUT_AT_ARTICLE = 28_000
#: A list of contents longer than this helps nobody; below it, articles are listed where there are no headings.
MOST_ARTICLES_LISTED = 120

_SECTION = re.compile(r"sec_(\d+)")
_SELF_LINKED = frozenset({BodyType.ARTICLE, BodyType.ITEM, BodyType.SUBITEM})


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One printed line. `heading` is the level of h3–h6, 0 for a paragraph; `ended` the provision's own status
    where it no longer applies though the version does."""

    eid: str
    other_eids: tuple[str, ...]
    css: str
    heading: int
    num: str | None
    text: str
    linked: bool
    rows: tuple[tuple[str, ...], ...]
    ended: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the contents; `part` is where it stands, counted from 1."""

    eid: str
    label: str
    level: int
    part: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """What is shown: the lines of `part` of `parts`, or of the whole when `part` is None; contents of the whole."""

    lines: tuple[Line, ...]
    contents: tuple[Entry, ...]
    part: int | None
    parts: int
    found: Line | None


def lay_out(
    body: Body,
    *,
    at: str | None = None,
    part: int | None = None,
    full: bool = False,
    ended: dict[str, str] | None = None,
) -> Text:
    """Lay out `body`; `ended` maps eids of provisions to the status they ended with."""
    counts_articles = any(node.type is BodyType.ARTICLE for node in walk(body))
    parts = tuple(_cut(tuple(_lines(iter_blocks(body), ended or {}, counts_articles))))
    found, part_found = _find(parts, at)
    contents = tuple(_contents(parts))
    if full or len(parts) <= 1:
        lines = tuple(line for each in parts for line in each)
        return Text(lines=lines, contents=contents, part=None, parts=len(parts), found=found)
    shown = min(max(part or part_found or 1, 1), len(parts))
    return Text(lines=parts[shown - 1], contents=contents, part=shown, parts=len(parts), found=found)


def _lines(blocks: Iterable[Block], ended: dict[str, str], counts_articles: bool) -> Iterator[Line]:
    dead = ""
    for block in blocks:
        eid = block.anchors[0] if block.anchors else ""
        if eid and not (dead and eid.startswith(f"{dead}__")):
            dead = eid if eid in ended else ""
        heading = block.kind is BlockKind.HEADING
        yield Line(
            eid=eid,
            other_eids=block.anchors[1:] if counts_articles else (*block.anchors[1:], *_cited_as(block.anchors)),
            css=block.type.value,
            heading=min(block.level + 2, 6) if heading else 0,
            num=block.num,
            text="　".join(part for part in (block.heading, block.text) if part),
            linked=bool(eid and block.num) and block.type in _SELF_LINKED,
            rows=block.rows,
            ended=ended.get(dead),
        )


def _cited_as(anchors: Sequence[str]) -> Iterator[str]:
    """第五条 of a notice that counts 一、二、 is its 五、."""
    for eid in anchors:
        if match := _SECTION.fullmatch(eid):
            yield f"art_{match[1]}"


def _cut(lines: Sequence[Line]) -> Iterator[tuple[Line, ...]]:
    if sum(map(_weight, lines)) <= WHOLE_CHARACTERS:
        yield tuple(lines)
        return
    part: list[Line] = []
    held = 0
    for line in lines:
        if part and ((line.heading and held > CUT_AT_HEADING) or (line.eid and held > CUT_AT_ARTICLE)):
            yield tuple(part)
            part, held = [], 0
        part.append(line)
        held += _weight(line)
    yield tuple(part)


def _weight(line: Line) -> int:
    """Characters of a line, with an allowance for its markup."""
    return len(line.text) + 20 + sum(len(cell) + 10 for row in line.rows for cell in row)


def _find(parts: Sequence[Sequence[Line]], at: str | None) -> tuple[Line | None, int | None]:
    """The line that bears `at`, or the nearest provision around it, and its part."""
    while at:
        for number, part in enumerate(parts, start=1):
            for line in part:
                if line.eid == at or at in line.other_eids:
                    return line, number
        at = at.rpartition("__")[0]
    return None, None


def _contents(parts: Sequence[Sequence[Line]]) -> Iterator[Entry]:
    numbered = [(number, line) for number, part in enumerate(parts, start=1) for line in part if line.eid]
    listed = [pair for pair in numbered if pair[1].heading]
    if not listed:
        listed = [pair for pair in numbered if pair[1].css == BodyType.ARTICLE][:MOST_ARTICLES_LISTED]
    for number, line in listed:
        label = "　".join(word for word in (line.num, line.text if line.heading else "") if word)
        yield Entry(eid=line.eid, label=label[:60], level=max(line.heading - 2, 1), part=number)
