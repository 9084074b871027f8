"""The contents page against the bodies: which line stands where, and what one has that the other lacks."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from gazette.citations.titles import letters
from gazette.digitization.blocks import Block, BlockKind
from gazette.digitization.heads import find_kind_first, is_order_name, read_serial
from gazette.errors import Finding, Level
from gazette.issues.columns import Columns, tidy_column
from gazette.issues.contents import Contents, Listed
from gazette.issues.headlines import Headline, looks_like_title, may_be_title, read_title

if TYPE_CHECKING:
    from gazette.issues.division import Section

#: A title is printed over at most so many lines.
_TITLE_LINES = 8
#: Titles that agree so far are one where recognition may have misread a letter.
_ALIKE = 0.85
#: Fewer letters than this say nothing by themselves.
_LEAST_LETTERS = 2
#: A shorter title is only found letter by letter; no more titles than this are compared with every line.
_LEAST_TITLE, _MOST_COMPARED = 6, 100
#: Number and day stand on so many lines above a title.
_HEAD_LINES = 6
#: An order stands no more blocks above the regulation it promulgates.
_ORDER_REACH = 16


def match_contents(blocks: Sequence[Block], headlines: Sequence[Headline], contents: Contents) -> tuple[Headline, ...]:
    """The heads of an issue with contents: those of its lines, and further ones that the contents leave out."""
    places = _places(blocks, contents.entries)
    chosen = _in_order([_find(places, listed) for listed in contents.entries])
    found: dict[int, Headline] = {}
    covered: list[tuple[int, int]] = []
    for listed, place in zip(contents.entries, chosen, strict=True):
        if place is None:
            continue
        at, width = place
        start = _head_above(blocks, at, headlines, floor=covered[-1][1] if covered else 0)
        covered.append((start, at + width))
        known = next((head for head in headlines if start <= head.start <= at), None)
        title = "".join(block.text for block in blocks[at : at + width])
        kind_first = known.kind_first if known else False
        found[start] = Headline(
            start=start,
            title_at=at,
            title=title,
            column=listed.column,
            kind_first=kind_first,
            listed=listed,
            number=str(listed.number) if listed.number else known.number if known else None,
        )
    for head in headlines:
        if any(start <= head.start < end for start, end in covered) or _repeats_its_carrier(head, found):
            continue
        found.setdefault(head.start, head)
    return tuple(found[start] for start in sorted(found))


def set_headlines(
    blocks: Sequence[Block],
    headlines: Sequence[Headline],
    starts: Sequence[int],
    columns: Columns,
    contents: Contents | None,
) -> tuple[Headline, ...]:
    """The heads at the blocks that an editor chose: known ones as they are, others with the title that follows."""
    known = {head.start: head for head in headlines}
    entries = contents.entries if contents else ()
    listed = {letters(entry.title): entry for entry in entries}
    return tuple(
        known.get(start) or _headline_at(blocks, start, columns, contents, listed) for start in sorted(set(starts))
    )


def _headline_at(
    blocks: Sequence[Block], start: int, columns: Columns, contents: Contents | None, listed: Mapping[str, Listed]
) -> Headline:
    """A head where nobody had seen one: the first title below it, or its own first line."""
    named = contents.columns if contents else frozenset()
    above = (tidy_column(block.text) for block in reversed(blocks[:start]) if _is_column(block, columns, named))
    for at in range(start, min(start + _HEAD_LINES, len(blocks))):
        title, _width = read_title(blocks, at)
        kind_first = find_kind_first(blocks[at].text) is not None
        if kind_first or (title and looks_like_title(title)):
            break
    else:
        at, title, kind_first = start, blocks[start].text, False
    title = title or blocks[at].text
    line = listed.get(letters(title))
    return Headline(
        start=start,
        title_at=at,
        title=title,
        kind_first=kind_first,
        column=line.column if line else next(above, None),
        listed=line,
    )


def _is_column(block: Block, columns: Columns, named: Collection[str]) -> bool:
    return columns.find(block.text) is not None or tidy_column(block.text) in named


def check_contents(contents: Contents, sections: Sequence[Section], last: int | None) -> tuple[Finding, ...]:
    """One finding for each line without a body, body without a line, title or page that differs, title that repeats."""
    return tuple(_differences(contents, sections, last))


def _differences(contents: Contents, sections: Sequence[Section], last: int | None) -> list[Finding]:
    found: list[Finding] = []
    present = {id(section.listed) for section in sections if section.listed}
    seen: set[tuple[str, str]] = set()
    for listed in contents.entries:
        key = letters(listed.title), str(listed.number or "")
        if key in seen:
            found.append(_doubt("issue.title_repeated", f"目录中《{listed.title}》出现不止一次"))
        seen.add(key)
        if _is_beyond(listed, last):
            message = f"目录所列《{listed.title}》在第 {listed.page} 页，而本期只到第 {last} 页"
            found.append(_doubt("issue.page_beyond", message))
        elif id(listed) not in present:
            found.append(_doubt("issue.entry_missing", f"目录所列《{listed.title}》未在正文中找到"))
    for column in contents.empty_columns:
        found.append(_doubt("issue.column_empty", f"目录的栏目“{column}”下没有文件"))
    for section in sections:
        if section.listed is None:
            found.append(_doubt("issue.entry_unlisted", f"《{section.title or '（无标题）'}》未列入目录"))
            continue
        if letters(section.title or "") != letters(section.listed.title):
            message = f"《{section.listed.title}》目录如此，正文标题作《{section.title}》"
            found.append(_doubt("issue.title_differs", message))
        if section.listed.page not in (None, section.page_from) and not _is_beyond(section.listed, last):
            message = f"《{section.listed.title}》目录作第 {section.listed.page} 页，实在第 {section.page_from} 页"
            found.append(_doubt("issue.page_differs", message))
    return found


def _is_beyond(listed: Listed, last: int | None) -> bool:
    """Whether the contents name a page that the issue does not have."""
    return listed.page is not None and last is not None and listed.page > last


def _doubt(code: str, message: str) -> Finding:
    return Finding(level=Level.WARNING, code=code, message=message)


def _places(blocks: Sequence[Block], entries: Sequence[Listed]) -> dict[str, list[tuple[int, int]]]:
    """Where each listed title is printed: first block and how many blocks it takes."""
    wanted = {letters(entry.title) for entry in entries}
    openings = {title[:_LEAST_LETTERS] for title in wanted}
    places: dict[str, list[tuple[int, int]]] = {}
    texts = [letters(block.text) if _may_hold_title(block) else "" for block in blocks]
    for at, text in enumerate(texts):
        if text[:_LEAST_LETTERS] not in openings or not text:
            continue
        joined = ""
        for width in range(1, _TITLE_LINES + 1):
            if at + width > len(texts) or not texts[at + width - 1]:
                break
            joined += texts[at + width - 1]
            if joined in wanted:
                if at + 1 < len(texts) and texts[at + 1] == joined:
                    # 更正 is a column's heading and the title under it.
                    break
                places.setdefault(joined, []).append((at, width))
                break
    missing = [title for title in sorted(wanted) if title not in places and len(title) >= _LEAST_TITLE]
    starts = [at for at, text in enumerate(texts) if text and may_be_title(blocks[at])] if missing else []
    for title in missing[:_MOST_COMPARED]:
        if (near := _nearly(texts, starts, title)) is not None:
            places[title] = [near]
    return places


def _may_hold_title(block: Block) -> bool:
    return block.kind is not BlockKind.TABLE and 0 < len(block.text) <= 400 and block.text[-1] != "。"


def _nearly(texts: Sequence[str], starts: Sequence[int], title: str) -> tuple[int, int] | None:
    """The place where a title stands that differs in a letter or two, as recognized and mistyped ones do."""
    best, found = _ALIKE, None
    matcher = SequenceMatcher(autojunk=False)
    matcher.set_seq2(title)
    for at in starts:
        joined = ""
        for width in range(1, 4):
            if at + width > len(texts) or not texts[at + width - 1]:
                break
            joined += texts[at + width - 1]
            if abs(len(joined) - len(title)) > 0.2 * len(title):
                continue
            matcher.set_seq1(joined)
            if matcher.real_quick_ratio() > best and matcher.quick_ratio() > best and matcher.ratio() > best:
                best, found = matcher.ratio(), (at, width)
    return found


def _find(places: dict[str, list[tuple[int, int]]], listed: Listed) -> list[tuple[int, int]]:
    return places.get(letters(listed.title), [])


def _in_order(candidates: Sequence[list[tuple[int, int]]]) -> list[tuple[int, int] | None]:
    """One place for each line so that as many as possible follow one another as listed."""
    # The longest chain: lines matched so far, the line, the link before in `best`, the place.
    best: list[tuple[int, int, int, tuple[int, int]]] = []
    for line, places in enumerate(candidates):
        for place in places[:8]:
            count, previous = 1, -1
            for number, (length, other_line, _before, other) in enumerate(best):
                if other_line < line and other[0] < place[0] and length + 1 > count:
                    count, previous = length + 1, number
            best.append((count, line, previous, place))
    chosen: list[tuple[int, int] | None] = [None] * len(candidates)
    number = max(range(len(best)), key=lambda each: best[each][0], default=-1)
    while number >= 0:
        _count, line, before, place = best[number]
        chosen[line] = place
        number = before
    return chosen


def _head_above(blocks: Sequence[Block], at: int, headlines: Sequence[Headline], *, floor: int) -> int:
    """Where the head begins whose title stands at `at`: the number above it, or the order that promulgates it."""
    for head in headlines:
        if head.title_at == at and at - _ORDER_REACH <= head.start and head.start >= floor:
            return head.start
    start = at
    while start - 1 >= floor and not _ends_before(blocks, start - 1, floor):
        serial = read_serial(blocks[start - 1].text)
        if serial is None:
            break
        start -= 1
        if serial.numbers:
            break
    return start


def _ends_before(blocks: Sequence[Block], at: int, floor: int) -> bool:
    """Whether the line at `at` is the day under a signature, which ends the document before."""
    serial = read_serial(blocks[at].text)
    return (
        serial is not None
        and not serial.numbers
        and not serial.order
        and at > floor
        and not is_order_name(blocks[at - 1].text)
    )


def _repeats_its_carrier(head: Headline, found: dict[int, Headline]) -> bool:
    """A carried text bears its letter's number once more."""
    before = [each for start, each in found.items() if start < head.start]
    if not before:
        return False
    carrier = max(before, key=lambda each: each.start)
    return head.number is not None and carrier.number is not None and letters(head.number) == letters(carrier.number)
