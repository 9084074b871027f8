"""Lines as they stand on a printed page, of a text layer or recognized: running heads out, lines to paragraphs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass
from itertools import pairwise
from statistics import median
from typing import Any

from gazette.digitization.blocks import Block, Reading, ScanLine, paragraph
from gazette.digitization.heads import find_leader, opens_document, stands_alone
from gazette.digitization.readers.lines import OPENER, glue
from gazette.errors import Finding

_FOLIO = re.compile(r"[-—–·\s]*(?:第?\s*\d{1,4}\s*页?(?:\s*[/／共]\s*\d{1,4}\s*页?)?|[ivxIVX]{1,5})[-—–·\s]*$")
#: Lines that stand this much further apart than usual are two paragraphs (in leadings).
_APART = 1.25
#: A row of figures at a page's edge is no running head, however often its like recurs.
_WORD = re.compile(r"[^\W\d_]{2}")
#: A line longer than this share of the measure is a long one; text is justified where so many of the long lines that
#: do not end a sentence reach its right edge.
_LONG_LINE, _JUSTIFIED = 0.75, 0.9
_ENDS = "。；：！？:;!?"
#: A line of so many short pieces is a row of a table and stays by itself.
_ROW_PIECES, _ROW_PIECE_LENGTH = 4, 12


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """One printed line: places from the left, top and right in any one unit; `size` is its height. `confidence` is
    the recognizer's, None for a text layer."""

    text: str
    page: int
    left: float
    right: float
    top: float
    size: float
    confidence: float | None = None
    #: Of a scanned line: its box on the upright page in widths of the page (left, top, right, bottom), and the
    #: quarters by which the page was turned clockwise to stand upright.
    box: tuple[float, float, float, float] | None = None
    turned: int = 0

    def to_plain(self) -> list[Any]:
        return list(astuple(self))

    @classmethod
    def from_plain(cls, values: Sequence[Any]) -> PrintedLine:
        text, page, left, right, top, size, confidence, box, turned = values
        return cls(text, page, left, right, top, size, confidence, tuple(box) if box else None, turned)


@dataclass(frozen=True, slots=True)
class Pages:
    """The lines of the text itself, the running heads taken out (each text once), and the page number (folio) printed
    on each sheet that bears one."""

    lines: tuple[PrintedLine, ...]
    running: tuple[str, ...]
    folios: Mapping[int, int]


def to_reading(
    lines: Sequence[PrintedLine], *, charset: str | None = None, findings: tuple[Finding, ...] = ()
) -> Reading:
    """What printed pages say: their paragraphs, and what stood at their edges."""
    pages = part_running_heads(lines)
    return Reading(
        blocks=tuple(join_paragraphs(pages.lines)),
        charset=charset,
        findings=findings,
        running=pages.running,
        folios=pages.folios,
    )


def part_running_heads(lines: Sequence[PrintedLine]) -> Pages:
    """Take out page numbers, and lines at a page's edge that repeat on at least half of three or more pages."""
    pages: dict[int, list[PrintedLine]] = {}
    for line in lines:
        pages.setdefault(line.page, []).append(line)
    edges = {number: _edge_lines(page) for number, page in pages.items()}
    counts = Counter(text for edge in edges.values() for text in {_pattern(line) for line in edge})
    repeated = {
        text for text, count in counts.items() if len(pages) >= 3 and count * 2 >= len(pages) and _WORD.search(text)
    }
    kept: list[PrintedLine] = []
    running: dict[str, str] = {}
    folios: dict[int, int] = {}
    for line in lines:
        if line not in edges[line.page]:
            kept.append(line)
        elif _FOLIO.match(line.text):
            if number := re.search(r"\d+", line.text):
                folios.setdefault(line.page, int(number[0]))
        elif _pattern(line) in repeated:
            running.setdefault(_pattern(line), line.text)
        else:
            kept.append(line)
    return Pages(tuple(kept), tuple(running.values()), folios)


def _edge_lines(page: Sequence[PrintedLine]) -> tuple[PrintedLine, ...]:
    """The two highest and two lowest lines as printed; margin text often comes last in the file."""
    placed = sorted(page, key=lambda line: line.top) if all(line.right for line in page) else list(page)
    return (*placed[:2], *placed[-2:])


def _pattern(line: PrintedLine) -> str:
    """The line with its numbers blanked, for running heads count pages, and without the spaces a recognizer guesses."""
    return re.sub(r"\d+", "#", re.sub(r"\s", "", line.text))


def join_paragraphs(content: Sequence[PrintedLine | Block]) -> Iterator[Block]:
    """Join the lines of one paragraph, over pages too; centred lines and those of a head keep to themselves, and so do
    the tables (blocks already) between the lines."""
    lines = [each for each in content if isinstance(each, PrintedLine)]
    measure, leading = _measure(lines), _leading(lines)
    open_lines: list[PrintedLine] = []
    text, is_centred, is_alone = "", False, False
    for each in content:
        if isinstance(each, Block):
            yield from _paragraph(text, open_lines, is_centred)
            yield each
            text, open_lines = "", []
            continue
        alone = stands_alone(each.text)
        if (
            text
            and not (is_centred or is_alone or alone)
            and not (text[-1] in _ENDS and _is_apart(open_lines[-1], each, leading))
            and _continues(open_lines[-1], each, text, measure)
        ):
            text = glue(text, each.text)
            open_lines.append(each)
            # The last line of an entry of a contents page ends it: its title may be broken over lines.
            is_alone = find_leader(each.text) is not None
        else:
            yield from _paragraph(text, open_lines, is_centred)
            text, open_lines = each.text, [each]
            is_centred, is_alone = _is_centred(each, measure), alone
    yield from _paragraph(text, open_lines, is_centred)


def _paragraph(text: str, lines: Sequence[PrintedLine], is_centred: bool) -> Iterator[Block]:
    """The paragraph of these lines; its confidence is that of the worst of them."""
    if lines:
        first, last = lines[0], lines[-1]
        yield paragraph(
            text,
            page=first.page,
            page_to=last.page if last.page != first.page else None,
            align="center" if is_centred else None,
            confidence=min((line.confidence for line in lines if line.confidence is not None), default=None),
            size=first.size or None,
            scan=tuple(_scan_line(line) for line in lines if line.box),
        )


def _scan_line(line: PrintedLine) -> ScanLine:
    box = line.box or (0.0, 0.0, 0.0, 0.0)
    return ScanLine(
        page=line.page, turned=line.turned, box=box, text=line.text, confidence=round(line.confidence or 0.0, 3)
    )


@dataclass(frozen=True, slots=True)
class _Measure:
    """The width in which the text is set. `is_justified`: lines that go on reach the right edge."""

    left: float
    right: float
    is_justified: bool

    def is_full(self, line: PrintedLine) -> bool:
        return line.right > self.right - 1.8 * line.size


def _measure(lines: Sequence[PrintedLine]) -> _Measure:
    if not lines:
        return _Measure(0.0, 0.0, is_justified=False)
    left = _edge([line.left for line in lines], low=True)
    widest = sorted((line.right for line in lines), reverse=True)[len(lines) // 50]
    # Rows of a table are short; only long lines tell where the text ends.
    right = _edge([line.right for line in lines if line.right >= left + _LONG_LINE * (widest - left)], low=False)
    ragged = _Measure(left, right, is_justified=False)
    long = [line for line in lines if line.right > left + _LONG_LINE * (right - left)]
    unfinished = [line for line in long if line.text[-1] not in _ENDS]
    full = sum(map(ragged.is_full, unfinished))
    return _Measure(left, right, is_justified=full >= _JUSTIFIED * len(unfinished) > 0)


def _leading(lines: Sequence[PrintedLine]) -> float:
    """From one line's top to the next one's, as most lines have it (0: not known)."""
    steps = [b.top - a.top for a, b in pairwise(lines) if a.page == b.page and 0 < b.top - a.top < 4 * a.size]
    return median(steps) if steps else 0.0


def _is_apart(before: PrintedLine, line: PrintedLine, leading: float) -> bool:
    """Whether more than the usual leading parts two lines of a page, as between paragraphs without indents."""
    return leading > 0 and before.page == line.page and line.top - before.top > _APART * leading


def _edge(places: Sequence[float], *, low: bool) -> float:
    """The margin: the place that the outermost tenth of the lines keep."""
    ordered = sorted(places, reverse=not low)
    return ordered[len(ordered) // 10]


def _continues(before: PrintedLine, line: PrintedLine, text: str, measure: _Measure) -> bool:
    """Whether `line` goes on with the paragraph `text` whose last line is `before`: it starts at the margin, or where
    the lines of an indented block do, and the line before is full, or stops in mid-sentence in a ragged text."""
    if _is_row(before.text) or _is_row(line.text):
        return False
    if (
        OPENER.match(line.text)
        or opens_document(line.text)
        or abs(before.size - line.size) > 0.25 * max(before.size, line.size, 1)
    ):
        return False
    if not before.right:
        return text[-1] not in _ENDS and len(text) > 20
    if line.left > measure.left + 1.2 * line.size:
        return measure.is_full(before) and text[-1] not in _ENDS and abs(line.left - before.left) < 0.5 * line.size
    return measure.is_full(before) or (not measure.is_justified and text[-1] not in _ENDS and len(text) > 20)


def _is_row(text: str) -> bool:
    pieces = text.split(" ")
    return len(pieces) >= _ROW_PIECES and len(text) < _ROW_PIECE_LENGTH * len(pieces)


def _is_centred(line: PrintedLine, measure: _Measure) -> bool:
    gap_left, gap_right = line.left - measure.left, measure.right - line.right
    return line.right > 0 and gap_left > 3 * line.size and abs(gap_left - gap_right) < 2.5 * line.size
