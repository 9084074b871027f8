"""Headlines: where the documents of an issue begin, told by their heads alone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from gazette.citations.titles import find_titles, letters
from gazette.digitization.blocks import Block, BlockKind
from gazette.digitization.genre import find_kind
from gazette.digitization.heads import (
    Serial,
    agency_endings,
    find_kind_first,
    is_order_name,
    is_order_serial,
    read_serial,
)
from gazette.digitization.outline import read_mark, survey
from gazette.issues.columns import Columns, tidy_column
from gazette.issues.contents import Listed

#: A title is broken over at most so many lines, and no line of it is longer (characters).
_TITLE_LINES, _LONGEST_LINE = 6, 120
#: An order says what it promulgates within so many blocks.
_ORDER_REACH = 16
#: A line of a title set in the measure of the text is as long as this where another follows.
_FILLS = 30
#: Letters so much higher than those of the text are a heading's.
_LARGE = 1.08
#: A head that repeats a title within so many blocks is the text's own.
_REPEATS_WITHIN = 12
#: The text of a document begins within so many blocks below its head.
_TEXT_WITHIN = 4
_LETTER = re.compile(r"关于.{2,}(?:通知|意见|决定|批复|复函|函|通报|报告|公告|通告|命令|请示|答复)$")
_NAMED_ALONE = re.compile(
    r"《.{2,60}》.{0,12}(?:解读|说明|问答)$|.{0,40}(?:政策解读|解读材料)$|更\s*正(?:启事|说明)?$|勘\s*误(?:表|启事)?$"
)
#: 行政院第2923次會議院長提示暨院會決定決議事項, printed among orders under no number.
_MEETING = re.compile(r"第.{1,9}次(?:會議|院會|会议|常务会议).{0,40}(?:事項|紀錄|記錄|決議|议定事项|纪要)$")
#: The row of a list of documents begins with its number.
_ROW = re.compile(r"\d{1,3}[\s\u3000]")
_ENDS_TEXT = "。；：:，,;！？、"


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """The head of one document: its first block, that of its title, the title, the column above it."""

    start: int
    title_at: int | None
    title: str | None
    column: str | None = None
    number: str | None = None
    kind_first: bool = False
    listed: Listed | None = None


def find_headlines(blocks: Sequence[Block], columns: Columns, listed_columns: frozenset[str]) -> tuple[Headline, ...]:
    """The heads in order. `listed_columns` are those that the contents name."""
    return tuple(_Headlines(blocks, columns, listed_columns).find())


def read_title(blocks: Sequence[Block], at: int) -> tuple[str, int]:
    """The title whose first line is `at`, and how many blocks it takes; "" and 0 where no title stands there."""
    lines: list[str] = []
    first = blocks[at] if at < len(blocks) else None
    for block in blocks[at : at + _TITLE_LINES]:
        if not may_be_title(block) or (first and lines and not _same_hand(first, block)):
            break
        lines.append(block.text)
        if looks_like_title("".join(lines)) and not _goes_on(blocks, at + len(lines), lines):
            break
    return "".join(lines), len(lines)


def may_be_title(block: Block) -> bool:
    """A line without the end of a sentence that opens no article or item and is no number."""
    text = block.text
    return (
        block.kind is not BlockKind.TABLE
        and 1 < len(text) <= _LONGEST_LINE
        and text[-1] not in _ENDS_TEXT
        and _ROW.match(text) is None
        and read_serial(text) is None
        and not is_order_name(text)
        and read_mark(block, survey((block,))) is None
    )


def looks_like_title(text: str) -> bool:
    return len(letters(text)) >= 6 and (find_kind(text) is not None or bool(_NAMED_ALONE.match(text)))


def _same_hand(first: Block, block: Block) -> bool:
    """Lines of one title are of one size and place."""
    return not (first.size and block.size and abs(first.size - block.size) > 0.07 * first.size)


def _goes_on(blocks: Sequence[Block], at: int, lines: list[str]) -> bool:
    """Whether the next line is more of the title: 的通知 and the like, or a second line set as large."""
    if at >= len(blocks) or not may_be_title(blocks[at]):
        return False
    following = blocks[at].text
    return following.startswith(("的", "（试行", "（暂行", "（修订")) or len("".join(lines)) < 6


class _Headlines:
    def __init__(self, blocks: Sequence[Block], columns: Columns, listed_columns: frozenset[str]) -> None:
        self.blocks = blocks
        self.serials: dict[int, Serial] = {}
        self.kind_first: list[int] = []
        for at, block in enumerate(blocks):
            if block.kind is BlockKind.TABLE:
                continue
            if (serial := read_serial(block.text)) is not None:
                self.serials[at] = serial
            elif find_kind_first(block.text) and block.text[-1] not in "。；":
                self.kind_first.append(at)
        self.columns = dict(self._find_columns(columns, listed_columns))
        self.number_first = self._stands_above()
        self.body_size = median([block.size for block in blocks if block.size] or [0.0])

    def find(self) -> Iterator[Headline]:
        heads = sorted({head.start: head for head in (*self._kind_first(), *self._official())}.values(), key=_start)
        last: Headline | None = None
        for head in heads:
            if last is not None and self._belongs_to(head, last):
                continue
            yield head
            last = head

    def _kind_first(self) -> Iterator[Headline]:
        """財政部令：修正…, with the number above it where this issue prints numbers so."""
        starts = [(self._above(at) if self.number_first else at, at) for at in self.kind_first]
        taken = set(self.kind_first)
        if len(starts) >= 2:
            starts += [(at, at) for at in self._like(self.kind_first) if at not in taken]
        for start, at in sorted(starts):
            yield Headline(
                start=start,
                title_at=at,
                title=self._whole_title(at),
                column=self._column_above(start),
                kind_first=True,
            )

    def _whole_title(self, at: int) -> str:
        """The title with its further lines, which stand by themselves where titles are centred or set large."""
        first = self.blocks[at]
        lines = [first.text]
        is_large = bool(first.size) and (first.size or 0.0) > _LARGE * self.body_size
        for place in range(at + 1, min(at + _TITLE_LINES, len(self.blocks))):
            block = self.blocks[place]
            # A line that fills the measure is centred, too, if the shorter one below it is.
            is_set_apart = is_large or (
                block.align == "center" and (first.align == "center" or len(lines[-1]) > len(block.text))
            )
            if (
                not (is_set_apart or self._ends_title(place, lines))
                or place in self.serials
                or place in self.kind_first
                or is_order_name(block.text)
                or not _same_hand(first, block)
            ):
                break
            lines.append(block.text)
        return "".join(lines)

    def _ends_title(self, at: int, lines: Sequence[str]) -> bool:
        """Whether `at` is the last line of a title that fills the measure: the number follows, and it is no agency."""
        text = self.blocks[at].text
        return (
            at + 1 in self.serials
            and len(lines[-1]) >= _FILLS
            and len(text) <= len(lines[-1])
            and not text.endswith(agency_endings())
            and may_be_title(self.blocks[at])
        )

    def _stands_above(self) -> bool:
        """Whether numbers stand above the titles of the kind-first form in this issue."""
        above = sum(at - 1 in self.serials and bool(self.kind_first) for at in self.kind_first)
        return above * 5 >= 3 * len(self.kind_first) > 0

    def _above(self, at: int) -> int:
        while at - 1 in self.serials:
            at -= 1
        return at

    def _like(self, heads: Sequence[int]) -> Iterator[int]:
        """Titles of another form that are set or accompanied as the kind-first ones of this issue are."""
        sizes = [self.blocks[at].size or 0.0 for at in heads]
        size = median(sizes)
        larger = self.body_size > 0 and size > _LARGE * self.body_size
        followed = sum(at + 1 in self.serials for at in heads) * 5 >= 4 * len(heads)
        for at, block in enumerate(self.blocks):
            if not may_be_title(block) or is_order_name(block.text) or at in self.kind_first:
                continue
            if _MEETING.search(block.text) and self._ended(at):
                yield at
            elif larger:
                if self._is_first_as_large(at, size):
                    yield at
            elif followed and self._is_dated_title(at):
                yield at

    def _is_first_as_large(self, at: int, size: float) -> bool:
        """A line of that size which is not the further line of a title above it."""
        before = self.blocks[at - 1].size if at else None
        return self._is_of(at, size) and not (
            before and abs(before - size) < 0.04 * size and at - 1 not in self.serials
        )

    def _is_of(self, at: int, size: float) -> bool:
        own = self.blocks[at].size
        return own is not None and abs(own - size) < 0.04 * size

    def _is_dated_title(self, at: int) -> bool:
        """A longer line followed by its day or number alone, not itself within a head."""
        following = self.serials.get(at + 1)
        if following is None or following.order or len(self.blocks[at].text) < 12:
            return False
        return at - 1 not in self.serials and at - 1 not in self.kind_first and at + 1 < len(self.blocks)

    def _official(self) -> Iterator[Headline]:
        """Heads of official papers: orders, numbers and titles, titles under a column's heading."""
        taken = -1
        for at, block in enumerate(self.blocks):
            if at <= taken or block.kind is BlockKind.TABLE or at in self.kind_first:
                continue
            if at in self.columns and not (at and block.text == self.blocks[at - 1].text):
                if self._is_notice(at):
                    yield Headline(start=at, title_at=at, title=tidy_column(block.text), column=self.columns[at])
                continue
            head = self._order(at) or self._numbered(at) or self._under_column(at) or self._letter(at)
            if head is not None:
                yield head
                taken = head.title_at if head.title_at is not None else head.start

    def _order(self, at: int) -> Headline | None:
        """江城市人民政府令 第115号, and the regulation it promulgates."""
        text = self.blocks[at].text
        own = self.serials.get(at)
        if own and own.order and own.numbers == (own.order,):
            number: str | None = own.order
        elif is_order_name(text) and at + 1 < len(self.blocks) and is_order_serial(self.blocks[at + 1].text):
            number = text + self.blocks[at + 1].text
        else:
            return None
        title_at, title = self._promulgated(at)
        return Headline(start=at, title_at=title_at, title=title, number=number, column=self._column_above(at))

    def _promulgated(self, at: int) -> tuple[int | None, str | None]:
        """The regulation named by the order that begins at `at`, where it is printed below the order."""
        named: set[str] = set()
        for place in range(at + 1, min(at + _ORDER_REACH, len(self.blocks))):
            block = self.blocks[place]
            named |= {letters(title) for title, _span in find_titles(block.text)}
            title, width = read_title(self.blocks, place)
            if width and named and letters(title) in named:
                return place, title
        return None, None

    def _numbered(self, at: int) -> Headline | None:
        """A number above a title, or a title above its number."""
        serial = self.serials.get(at)
        if serial is not None:
            if not serial.numbers or serial.order or is_order_serial(self.blocks[at].text):
                return None
            title_at = at + 1
            # Of two numbers the lower one is the document's, the upper one the last row of a list before it.
            while title_at in self.serials and not self.serials[title_at].numbers:
                title_at += 1
            title, width = read_title(self.blocks, title_at)
            if not width or not looks_like_title(title) or not self._text_follows(title_at + width):
                return None
            return Headline(
                start=at, title_at=title_at, title=title, number=serial.numbers[0], column=self._column_above(at)
            )
        title, width = read_title(self.blocks, at)
        below = self.serials.get(at + width)
        if not width or not looks_like_title(title) or below is None or not below.numbers or below.order:
            return None
        if not self._ended(at) or not self._text_follows(at + width + 1):
            return None
        return Headline(start=at, title_at=at, title=title, number=below.numbers[0], column=self._column_above(at))

    def _under_column(self, at: int) -> Headline | None:
        """The first title under a column's heading."""
        if at - 1 not in self.columns:
            return None
        title, width = read_title(self.blocks, at)
        if not width or not self._text_follows(at + width):
            return None
        return Headline(start=at, title_at=at, title=title, column=self.columns[at - 1])

    def _letter(self, at: int) -> Headline | None:
        """…关于…的通知 with those it is sent to below, or a notice to readers; what was before it has ended."""
        if not may_be_title(self.blocks[at]) or not self._ended(at):
            return None
        title, width = read_title(self.blocks, at)
        if not width:
            return None
        after = self.blocks[at + width] if at + width < len(self.blocks) else None
        addressed = after is not None and after.text.endswith(("：", ":")) and len(after.text) <= 200
        if not (_LETTER.search(title) and addressed) and not _NAMED_ALONE.match(title):
            return None
        return Headline(start=at, title_at=at, title=title, column=self._column_above(at))

    def _is_notice(self, at: int) -> bool:
        """更正 and 勘误 over a text without a title of its own: column and title at once."""
        if not _NAMED_ALONE.match(tidy_column(self.blocks[at].text)) or at + 1 >= len(self.blocks):
            return False
        return self.blocks[at + 1].text.endswith(("。", "；", "：", "”"))

    def _ended(self, at: int) -> bool:
        """Whether the document before `at` has come to its end: a day, a note in brackets, a full stop, a column."""
        if at == 0:
            return True
        before = self.blocks[at - 1].text
        return at - 1 in self.serials or before[-1:] in ("。", "）", ")", "日") or at - 1 in self.columns

    def _text_follows(self, at: int) -> bool:
        """Whether sentences or articles follow within a few blocks; the rows of a list of documents have none."""
        for place in range(at, min(at + _TEXT_WITHIN, len(self.blocks))):
            block = self.blocks[place]
            if block.kind is BlockKind.TABLE or block.text.endswith(("。", "：", ":", "；")):
                return True
            if block.text.startswith("第一") and read_mark(block, survey((block,))) is not None:
                return True
        return False

    def _find_columns(self, columns: Columns, listed: frozenset[str]) -> Iterator[tuple[int, str]]:
        """Where headings of columns stand, in order; the name over an order's number is none."""
        for at, block in enumerate(self.blocks):
            name = tidy_column(block.text)
            if columns.find(block.text) is None and name not in listed:
                continue
            following = self.blocks[at + 1].text if at + 1 < len(self.blocks) else ""
            if not (is_order_name(block.text) and is_order_serial(following)):
                yield at, name

    def _column_above(self, start: int) -> str | None:
        """The nearest column's heading above."""
        above = [at for at in self.columns if at < start]
        return self.columns[above[-1]] if above else None

    def _belongs_to(self, head: Headline, last: Headline) -> bool:
        """Whether `head` is but another part of the document that `last` opens."""
        if last.title_at is not None and head.start <= last.title_at:
            return True
        if head.start - last.start <= _REPEATS_WITHIN and letters(head.title or "") == letters(last.title or "-"):
            return True
        if last.kind_first != head.kind_first:
            # A text in traditional characters repeats number and day of its own head.
            return last.kind_first
        return False


def _start(head: Headline) -> int:
    return head.start
