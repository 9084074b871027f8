"""Division: a whole issue in print becomes its entries, each with its column and pages.

The printed contents are matched with the bodies and checked against them. Without contents, or where they leave
something out, documents are known by their heads: an order's name and number, a number above or below a title, a
title of the kind-first form, the first title under a column's heading. What a letter carries has no head of its own
and stays with the letter; gazette.digitization.segment parts the two afterwards.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from gazette.digitization.blocks import Block, Reading
from gazette.errors import Finding
from gazette.issues.collation import check_contents, match_contents, set_headlines
from gazette.issues.columns import Columns, get_columns
from gazette.issues.contents import Contents, Listed, read_contents
from gazette.issues.headlines import Headline, find_headlines
from gazette.issues.imprint import Imprint
from gazette.issues.masthead import read_imprint

#: Cover and colophon stand among so many blocks before the first document.
_FRONT = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One entry of an issue: the number of its first block, its blocks, column, printed pages, and its line in the
    contents."""

    start: int
    blocks: tuple[Block, ...]
    title: str | None
    kind_first: bool
    column: str | None
    page_from: int | None
    page_to: int | None
    listed: Listed | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Division:
    """What an issue prints about itself, its entries in order, and where contents and bodies disagree."""

    imprint: Imprint
    sections: tuple[Section, ...]
    findings: tuple[Finding, ...]


def divide(
    reading: Reading, *, own_columns: tuple[str, ...] = (), starts: Sequence[int] | None = None
) -> Division | None:
    """The entries of a whole issue; None where the file is no issue but one document. `starts` are the blocks with
    which the entries begin, where an editor has set them."""
    gazette = read_imprint((*reading.running, *(block.text for block in reading.blocks[:_FRONT]))).gazette
    columns = get_columns(gazette, own_columns)
    contents = read_contents(reading.blocks, columns)
    begin = min(contents.end if contents else 0, *(starts or ()), len(reading.blocks))
    blocks = reading.blocks[begin:]
    headlines = find_headlines(blocks, columns, contents.columns if contents else frozenset())
    if contents:
        headlines = match_contents(blocks, headlines, contents)
    front = reading.blocks[: contents.start] if contents else blocks[: headlines[0].start if headlines else 0][:_FRONT]
    imprint = read_imprint((*reading.running, *(block.text for block in front)))
    if starts:
        headlines = set_headlines(blocks, headlines, [start - begin for start in starts], columns, contents)
    elif not _is_issue(headlines, contents, imprint):
        return None
    pages = _Pages(reading, contents, headlines, blocks)
    sections = tuple(_sections(blocks, headlines, columns, contents, pages, begin))
    findings = check_contents(contents, sections, pages.last) if contents else ()
    return Division(imprint=imprint, sections=sections, findings=findings)


def _is_issue(headlines: Sequence[Headline], contents: Contents | None, imprint: Imprint) -> bool:
    """Two documents under a contents page or a gazette's name, two of the kind-first form, or three numbers."""
    if len(headlines) < 2:
        return False
    if contents and sum(head.listed is not None for head in headlines) >= 2:
        return True
    if imprint.gazette and (imprint.number or imprint.running_number):
        return True
    return sum(head.kind_first for head in headlines) >= 2 or len({head.number for head in headlines} - {None}) >= 3


class _Pages:
    """Sheets and the page numbers printed on them; where none are printed, the contents tell how far they are off."""

    def __init__(
        self, reading: Reading, contents: Contents | None, headlines: Sequence[Headline], blocks: Sequence[Block]
    ) -> None:
        self.folios = reading.folios
        offsets = Counter(folio - sheet for sheet, folio in reading.folios.items())
        if not offsets:
            offsets = Counter(
                head.listed.page - page
                for head in headlines
                if head.listed and head.listed.page and (page := blocks[head.start].page)
            )
        self.offset = offsets.most_common(1)[0][0] if offsets else 0
        last = max((block.page_to or block.page or 0 for block in blocks[-20:]), default=0)
        self.last = self.printed(last or None)

    def printed(self, sheet: int | None) -> int | None:
        return None if sheet is None else self.folios.get(sheet, sheet + self.offset)


def _sections(
    blocks: Sequence[Block],
    headlines: Sequence[Headline],
    columns: Columns,
    contents: Contents | None,
    pages: _Pages,
    begin: int,
) -> list[Section]:
    """The blocks between one head and the next; headings of columns belong to none of them."""
    known = contents.columns if contents else frozenset()
    sections: list[Section] = []
    for number, head in enumerate(headlines):
        end = headlines[number + 1].start if number + 1 < len(headlines) else len(blocks)
        own = list(blocks[head.start : end])
        # The column's heading stands just above the next document.
        while len(own) > 1 and (columns.find(own[-1].text) or own[-1].text in known):
            own.pop()
        last = max((block.page_to or block.page or 0) for block in own) or None
        sections.append(
            Section(
                start=begin + head.start,
                blocks=tuple(own),
                title=head.title,
                kind_first=head.kind_first,
                column=(head.listed.column if head.listed else None) or head.column,
                page_from=pages.printed(own[0].page),
                page_to=pages.printed(last),
                listed=head.listed,
            )
        )
    return sections


def without_front(reading: Reading, section: Section) -> Reading:
    """The reading of one entry alone: what was said beside the issue as a whole is not said of it."""
    title = section.title
    return replace(reading, blocks=section.blocks, labels={"title": title} if title else {}, links=())
