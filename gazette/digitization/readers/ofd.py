"""OFD, the national format of official documents (GB/T 33190-2016): ZIP → OFD.xml → documents → pages → text.

Producers place text a line, a word or a letter at a time; what stands on one baseline is one line again here. Text
set aslant is a watermark, and seals are annotations: neither is read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from gazette.digitization.blocks import Reading, fold_spaces
from gazette.digitization.readers.package import Package, open_package, resolve
from gazette.digitization.readers.printed import PrintedLine, to_reading
from gazette.errors import CopyUnreadable, Finding, Level

_ROOT = "OFD.xml"
#: GM/T 0099 keeps the keys of an encrypted package here.
_KEYS = "Encryptions.xml"
#: More pages than this are not read (a year's bound gazette has fewer).
_MOST_PAGES = 3000
#: Page blocks may nest; deeper than this nothing is drawn by an honest producer.
_DEEPEST = 32
#: Millimetres, the unit of OFD: letters of 五号 where an object does not give its size.
_USUAL_SIZE = 3.7
#: Runs belong to one line while their baselines differ by less (in letter sizes).
_SAME_LINE = 0.4
#: A gap wider than this parts words, one wider than the second parts columns (in letter sizes).
_WORD_GAP, _COLUMN_GAP = 0.6, 6.0
#: A half page with fewer lines than this is no column.
_LEAST_COLUMN = 4


@dataclass(frozen=True, slots=True)
class _Run:
    """Letters set in one go: where they begin and end, their baseline and size (mm from the page's top left)."""

    text: str
    left: float
    right: float
    baseline: float
    size: float


def read_ofd(data: bytes) -> Reading:
    """Paragraphs in reading order with their pages. Raises CopyUnreadable for a broken or encrypted file."""
    with open_package(data, "OFD") as package:
        if _KEYS in package.names:
            raise CopyUnreadable(name="OFD", why="文件已加密")
        lines: list[PrintedLine] = []
        pages = 0
        for root in _texts(package.xml(_ROOT), "DocRoot"):
            document = _Document(package, resolve(root, _ROOT))
            for number, page in enumerate(document.pages, pages + 1):
                lines += _in_reading_order(_lines(document.runs(page), number))
            pages += len(document.pages)
    if lines:
        return to_reading(lines, charset="utf-8")
    message = f"版式文件共 {pages} 页，没有文字（可能是扫描图像），请导出为 PDF 或图像后识别"
    return Reading(blocks=(), findings=(Finding(level=Level.ERROR, code="scan.needs_ocr", message=message),))


class _Document:
    """One document of the package: its pages and the templates under them."""

    def __init__(self, package: Package, place: str) -> None:
        self.package = package
        self.place = place
        self.root = package.xml(place)

    @cached_property
    def pages(self) -> tuple[str, ...]:
        """The members that hold the pages, in order."""
        found = tuple(
            resolve(page.get("BaseLoc", ""), self.place)
            for holder in _named(self.root, "Pages")
            for page in _named(holder, "Page")
        )
        if len(found) > _MOST_PAGES:
            raise CopyUnreadable(name="OFD", why=f"页数超过 {_MOST_PAGES}")
        return found

    @cached_property
    def templates(self) -> dict[str, tuple[_Run, ...]]:
        """The text printed under pages, by the template's number."""
        return {
            page.get("ID", ""): tuple(_page_runs(self.package.xml(resolve(page.get("BaseLoc", ""), self.place))))
            for common in _named(self.root, "CommonData")
            for page in _named(common, "TemplatePage")
        }

    def runs(self, page: str) -> Iterator[_Run]:
        """What is set on one page, its templates first. A page that is named but missing is empty."""
        root = self.package.optional_xml(page)
        if root is None:
            return
        for template in _named(root, "Template"):
            yield from self.templates.get(template.get("TemplateID", ""), ())
        yield from _page_runs(root)


def _local(element: Any) -> str:
    """The name without its namespace, of which producers know several."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _named(parent: Any, name: str) -> Iterator[Any]:
    return (child for child in parent if _local(child) == name)


def _texts(root: Any, name: str) -> Iterator[str]:
    return ((element.text or "").strip() for element in root.iter() if _local(element) == name)


def _page_runs(root: Any) -> Iterator[_Run]:
    for content in _named(root, "Content"):
        for layer in _named(content, "Layer"):
            yield from _block_runs(layer, 0)


def _block_runs(block: Any, depth: int) -> Iterator[_Run]:
    for child in block:
        if child.get("Visible") == "false" or depth > _DEEPEST:
            continue
        if _local(child) == "PageBlock":
            yield from _block_runs(child, depth + 1)
        elif _local(child) == "TextObject":
            yield from _object_runs(child)


def _object_runs(element: Any) -> Iterator[_Run]:
    """The runs of one text object, moved from its own space to the page's."""
    x, y, *_size = (*_numbers(element.get("Boundary")), 0.0, 0.0)
    matrix = _numbers(element.get("CTM"))
    a, b, c, d, e, f = matrix if len(matrix) == 6 else (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
    if _is_aslant(a, b):
        return
    size = (_numbers(element.get("Size")) or [_USUAL_SIZE])[0]
    across = (_numbers(element.get("HScale")) or [1.0])[0]
    code_x = code_y = 0.0
    for code in _named(element, "TextCode"):
        # A run without a place of its own begins where the one before began.
        code_x, code_y = _number(code.get("X"), code_x), _number(code.get("Y"), code_y)
        text = "".join(code.itertext())
        if not text.strip():
            continue
        width = _width(text, _steps(code.get("DeltaX")), size * across)
        yield _Run(
            text=text,
            left=x + a * code_x + c * code_y + e,
            right=x + a * (code_x + width) + c * code_y + e,
            baseline=y + b * code_x + d * code_y + f,
            size=abs(size * (d or c)),
        )


def _is_aslant(a: float, b: float) -> bool:
    return min(abs(a), abs(b)) > 0.05 * max(abs(a), abs(b))


def _width(text: str, steps: Sequence[float], size: float) -> float:
    """From the first letter's left to the last one's right; where steps are missing by the usual width of letters."""
    given = min(len(steps), len(text) - 1)
    rest = text[given:]
    return sum(steps[:given]) + size * sum(0.5 if letter.isascii() else 1.0 for letter in rest)


def _steps(text: str | None) -> list[float]:
    """DeltaX: the steps from letter to letter; `g 5 3.2` stands for five steps of 3.2."""
    steps: list[float] = []
    words = iter((text or "").split())
    for word in words:
        if word == "g":
            count, step = _number(next(words, None), 0.0), _number(next(words, None), 0.0)
            steps += [step] * max(0, min(int(count), 10_000))
        else:
            steps.append(_number(word, 0.0))
    return steps


def _numbers(text: str | None) -> list[float]:
    return [_number(word, 0.0) for word in (text or "").split()]


def _number(text: str | None, otherwise: float) -> float:
    """A place or size; what is no finite number of a page's order counts as not given."""
    try:
        value = float(text) if text else otherwise
    except ValueError:
        return otherwise
    return value if abs(value) < 1e6 else otherwise


def _lines(runs: Iterator[_Run], page: int) -> list[PrintedLine]:
    """Runs on one baseline as one line, with a space where a gap parts words."""
    lines: list[_Run] = []
    for run in sorted(runs, key=lambda each: (round(each.baseline, 1), each.left)):
        for at in range(len(lines) - 1, max(-1, len(lines) - 5), -1):
            if _is_beside(lines[at], run):
                lines[at] = _joined(lines[at], run)
                break
        else:
            lines.append(run)
    return [
        PrintedLine(text, page, line.left, line.right, line.baseline - line.size, line.size)
        for line in lines
        if (text := fold_spaces(line.text))
    ]


def _is_beside(line: _Run, run: _Run) -> bool:
    size = max(line.size, run.size)
    gap = max(run.left - line.right, line.left - run.right)
    return abs(line.baseline - run.baseline) < _SAME_LINE * size and gap < _COLUMN_GAP * size


def _joined(line: _Run, run: _Run) -> _Run:
    first, second = (line, run) if line.left <= run.left else (run, line)
    gap = second.left - first.right
    space = " " if gap > _WORD_GAP * max(line.size, run.size) else ""
    return replace(
        line,
        text=first.text + space + second.text,
        left=first.left,
        right=max(first.right, second.right),
        size=max(line.size, run.size),
    )


def _in_reading_order(lines: list[PrintedLine]) -> list[PrintedLine]:
    """From top to bottom; between lines that cross the middle of the text, the left column before the right one."""
    if not lines:
        return []
    middle = (min(line.left for line in lines) + max(line.right for line in lines)) / 2
    ordered: list[PrintedLine] = []
    band: list[PrintedLine] = []
    for line in sorted(lines, key=lambda each: (each.top, each.left)):
        if line.left < middle < line.right:
            ordered += [*_columns(band, middle), line]
            band = []
        else:
            band.append(line)
    return ordered + _columns(band, middle)


def _columns(band: list[PrintedLine], middle: float) -> list[PrintedLine]:
    left = [line for line in band if line.right <= middle]
    right = [line for line in band if line.right > middle]
    return left + right if min(len(left), len(right)) >= _LEAST_COLUMN else band
