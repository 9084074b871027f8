"""The printed contents page (目录) of an issue: columns, titles, numbers and page numbers.

Leaders are dots, spaces or nothing; a title may run over several lines and only the last one bears the page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from gazette.citations.numbers import parse_doc_number
from gazette.citations.titles import letters
from gazette.digitization.blocks import Block, BlockKind
from gazette.digitization.genre import find_kind
from gazette.digitization.heads import find_kind_first, find_leader, is_order_name, read_serial
from gazette.draft import DocNumber
from gazette.issues.columns import Columns, tidy_column

_HEADING = re.compile(r"(?:本期|总|總|分类|分類)?\s*目\s*[录錄次](?:\s*[A-Za-z]+)?$|要\s*目$")
_PAGE = re.compile(r"(?<=[^\d.\-/])[\s\u3000]+[（(]?\s*(\d{1,4})\s*[）)]?$|[（(]\s*(\d{1,3})\s*[）)]$")
_NUMBER = re.compile(
    r"[（(【\[]([^（(）)]{2,40}(?:[（(][^（）()]{1,8}[）)][^（）()]{0,20})?号|[^（()）]{2,60}號)[）)】\]]$"
)
#: 中华人民共和国国务院令（第780号）: an order's name and number, no title.
_ORDER_LINE = re.compile(r"(?P<name>[\u4e00-\u9fff、\s]{2,60}?令)\s*[（(]?\s*第\s*\d{1,5}\s*号\s*[）)]?$")
_BULLET = re.compile(r"^[·•●○◆◇■□★☆▪▶►*]\s*|^[（(]?\d{1,3}[）)．、]\s*(?=[\u4e00-\u9fff《])")
_CHAPTER = re.compile(
    r"第?\s*[\d一二三四五六七八九十百]{1,4}\s*(?:编|分编|章|节|条|編|節|條|部分|、)|附\s*[则錄录件則]$"
)
#: A contents page begins among the first blocks of an issue and is no longer than this.
_BEGINS_WITHIN, _LONGEST = 400, 3000
#: A title runs over no more lines than this.
_TITLE_LINES = 8
#: Without a heading 目录 so many lines with leaders are a contents page.
_LEAST_LEADERS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One line of the contents."""

    title: str
    number: DocNumber | None
    column: str | None
    page: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """The contents page: its blocks from `start` up to `end`, its entries in order, and columns that hold none."""

    start: int
    end: int
    entries: tuple[Listed, ...]
    empty_columns: tuple[str, ...] = ()

    @property
    def columns(self) -> frozenset[str]:
        return frozenset(entry.column for entry in self.entries if entry.column)


def read_contents(blocks: Sequence[Block], columns: Columns) -> Contents | None:
    """The contents page near the front; None where there is none, or none with two entries."""
    heading = next((at for at, block in enumerate(blocks[:_BEGINS_WITHIN]) if _HEADING.match(block.text)), None)
    start = heading if heading is not None else _first_leader(blocks, columns)
    if start is None:
        return None
    reader = _Reader(columns)
    begin = start + (heading is not None)
    end = reader.read(blocks, begin)
    if len(reader.entries) < 2 or not _lists_documents(reader.entries):
        return None
    entries = tuple(_with_orders(reader.entries))
    used = {entry.column for entry in entries}
    empty = tuple(column for column in reader.seen if column not in used)
    return Contents(start=start, end=end, entries=entries, empty_columns=empty)


def _with_orders(entries: Sequence[Listed]) -> Iterator[Listed]:
    """The lines, an order's (国务院令（第780号）) joined with that of the regulation it promulgates on the next."""
    order: Listed | None = None
    for entry in entries:
        match = _ORDER_LINE.match(entry.title)
        is_order = match is not None and is_order_name(match["name"])
        if order is not None and not is_order and entry.column == order.column and entry.number is None:
            number = parse_doc_number("".join(re.split(r"[（()）\s]", order.title)))
            yield replace(entry, number=number, page=order.page)
            order = None
            continue
        if order is not None:
            yield order
        order = entry if is_order else None
        if not is_order:
            yield entry
    if order is not None:
        yield order


def _lists_documents(entries: Sequence[Listed]) -> bool:
    """Titles of documents, and not the chapters of one."""
    named = sum(
        entry.number is not None or find_kind(entry.title) is not None or find_kind_first(entry.title) is not None
        for entry in entries
        if not _CHAPTER.match(entry.title)
    )
    return 2 * named >= len(entries)


def _first_leader(blocks: Sequence[Block], columns: Columns) -> int | None:
    """Where the lines with leaders begin that no heading announces, the column above them included."""
    leaders = [at for at, block in enumerate(blocks[:_BEGINS_WITHIN]) if _page_of(block.text)[0]]
    if len(leaders) < _LEAST_LEADERS:
        return None
    first = leaders[0]
    while first > 0 and columns.find(blocks[first - 1].text):
        first -= 1
    return first


class _Reader:
    """The contents being read: `waiting` are the lines of a title whose page has not come yet."""

    def __init__(self, columns: Columns) -> None:
        self.columns = columns
        self.entries: list[Listed] = []
        self.column: str | None = None
        self.seen: list[str] = []
        self.waiting: list[str] = []
        self.first: str | None = None
        self.has_pages = False

    def read(self, blocks: Sequence[Block], begin: int) -> int:
        """Read from `begin` on; returns where the contents end."""
        end = begin
        waiting_columns: list[tuple[int, str]] = []
        for at in range(begin, min(len(blocks), begin + _LONGEST)):
            text = _BULLET.sub("", blocks[at].text.strip())
            if self._ends(blocks, at, text):
                break
            has_page, title, page = _page_of(text)
            if has_page:
                self._enter("".join((*self.waiting, title)), page)
                self.waiting, self.has_pages, end = [], True, at + 1
            elif self._is_column(text):
                self._flush()
                self.column, end = tidy_column(text), (at + 1 if not self.has_pages else end)
                waiting_columns.append((at, self.column))
            elif len(self.waiting) >= _TITLE_LINES:
                break
            else:
                self.waiting.append(text)
        if not self.has_pages:
            self._flush()
            end = at
        # A column below the last line with a page stands above the texts.
        self.seen = [column for at, column in waiting_columns if at < end]
        return end

    def _ends(self, blocks: Sequence[Block], at: int, text: str) -> bool:
        """Whether the texts begin here: the first title again, a table, a sentence, a number, an order's name."""
        block = blocks[at]
        if block.kind is BlockKind.TABLE or text.endswith(("。", "；")) or len(text) > 400:
            return True
        if self.entries and letters(text)[:40] == letters(self.entries[0].title)[:40]:
            return True
        serial = read_serial(text)
        return serial is not None and not self.waiting and not _page_of(text)[0] and bool(self.entries or serial.order)

    def _is_column(self, text: str) -> bool:
        """A short line before a title: of the vocabulary, or marked as one (【…】)."""
        if self.columns.find(text):
            return True
        return not self.waiting and text[:1] in "【〖◆●■" and len(tidy_column(text)) <= self.columns.longest

    def _flush(self) -> None:
        """Without pages every line is a title."""
        if not self.has_pages:
            for title in self.waiting:
                self._enter(title, None)
        self.waiting = []

    def _enter(self, printed: str, page: int | None) -> None:
        match = _NUMBER.search(printed)
        number = parse_doc_number(match[1]) if match else None
        title = printed[: match.start()] if match and number else printed
        if letters(title):
            self.entries.append(Listed(title=title.strip(" \u3000"), number=number, column=self.column, page=page))


def _page_of(text: str) -> tuple[bool, str, int | None]:
    """Whether a line ends with leaders or a page number; the title before them; the page."""
    if leader := find_leader(text):
        page = re.search(r"\d{1,4}", leader[0])
        return True, text[: leader.start()].strip(" \u3000"), int(page[0]) if page else None
    match = _PAGE.search(text)
    if match and len(text) > 8:
        return True, text[: match.start()].strip(" \u3000"), int(match[1] or match[2])
    return False, text, None
