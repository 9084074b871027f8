"""Lists of a clean-up (清理结果、废止目录) read line by line: which text, and what becomes of it.

A list comes as pasted lines, as the rows of a sheet, or as the body of a digitized file. Whichever it is, a heading
says what becomes of the lines below it until the next one, a head row says what the columns hold, and a cell or the
words beside a title overrule the heading. What is prose is no line. Draft lists (拟废止) decide nothing.
"""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any

from gazette.citations.numbers import find_doc_numbers, parse_doc_number
from gazette.citations.titles import find_titles
from gazette.dates import find_date, parse_date
from gazette.digitization.genre import find_kind
from gazette.draft import Body, BodyType, DocNumber, EffectKind, Node
from gazette.errors import BadInput
from gazette.validity.catalogues import find_outcome

#: A list longer than this is refused: the longest real ones have some thousands of lines.
MOST_LINES = 20_000
#: A decision that changes nothing yet (需修改).
NO_EFFECT = "none"
_LONGEST_HEADING = 80
_LONGEST_TITLE = 400
#: Words beside a title and its number; more of them are a sentence that mentions a text.
_MOST_WORDS_BESIDE = 24
_SERIAL = re.compile(
    r"^\s*(?:[（(]?[0-9一二三四五六七八九十百]{1,5}[）)]|[0-9一二三四五六七八九十百]{1,5}[.、．,，]|[①-⑳])\s*"
)
_HEADING = re.compile(
    r"(?:目录|清单|一览表|名单|明细表?|件[）)]|部分|文件|规章|法规|[:：])\s*(?:[（(][^（）()]{1,20}[）)])?[:：]?$"
)
_YEAR = re.compile(r"(?<!\d)(?:19[5-9]\d|20\d\d)(?!\d)")
#: What follows a title and dates it: （2015年）, （2010年3月1日江城市人民政府令第5号公布）, 2010.3.1.
_DAY = r"\d{4}\s*(?:年(?:\s*\d{1,2}\s*月(?:\s*\d{1,2}\s*日)?)?|[-./]\d{1,2}(?:[-./]\d{1,2})?)"
_DATING = re.compile(
    rf"\s*(?:[（(]\s*{_DAY}\s*(?:[^（）()《》]*?(?:公布|发布|印发|颁布|通过|批准|制定|施行|实施|第[^（）()]{{1,8}}号))?\s*[）)]"
    rf"|(?<=[\s》）)]){_DAY})\s*$"
)
#: Titles in which a year in brackets is part of the name: …目录（2022年）, …要点（2022年）.
_YEARLY = frozenset({"目录", "清单", "要点", "计划", "规划", "方案", "纲要", "标准", "指南", "预案"})
_EMPTY_BRACKETS = re.compile(r"[（(\[〔][\s，,、;；]*[）)\]〕]")
_SPACES = " \u3000\t"
_MARKS = f"《》〈〉{_SPACES}"
_LINE_BREAK = re.compile(r"[ \t]*[\r\n]+\s*")
_ENDS = "。；;，,、.．:："


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One piece of a list as it comes: the `cells` of a row (one cell is a line of text), and where it stands."""

    cells: tuple[str, ...]
    place: str
    eid: str | None = None
    is_heading: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedLine:
    """One text that a list names. `decision` is an effect, "none" (nothing has changed yet), or None where the list
    does not say. `quote` is the line as it stands, under the heading that decides; `place` is where in the list."""

    quote: str
    place: str
    eid: str | None = None
    title: str | None = None
    number: DocNumber | None = None
    issuer: str | None = None
    day: dt.date | None = None
    decision: str | None = None
    remark: str | None = None


def read_pasted(text: str) -> tuple[ListedLine, ...]:
    """Lines typed or pasted; cells of a pasted table stand between tabs. Raises BadInput for too many."""
    lines = ((number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip())
    return read_items(Item(cells=_cells(line.split("\t")), place=f"第{number}行") for number, line in lines)


def read_sheets(sheets: Iterable[tuple[str, Sequence[Sequence[str]]]]) -> tuple[ListedLine, ...]:
    """The rows of a workbook's sheets, by the sheet's name. Raises BadInput for too many."""
    return read_items(_sheet_items(sheets))


def read_bodies(bodies: Iterable[tuple[str | None, Body]]) -> tuple[ListedLine, ...]:
    """The lists in the bodies of a file's documents, each with its title. Raises BadInput for too many."""
    return read_items(item for title, body in bodies for item in _body_items(title, body))


def read_items(items: Iterable[Item]) -> tuple[ListedLine, ...]:
    """The lines of a list in their order. Raises BadInput for a list that is too long."""
    found: list[ListedLine] = []
    heading, decision = "", None
    columns: dict[str, int] = {}
    for item in items:
        if len(item.cells) > 1 and (named := _find_columns(item.cells)):
            columns = named
            continue
        text = item.cells[0] if item.cells else ""
        if len(set(item.cells)) == 1 and (item.is_heading or _is_heading(text)):
            heading, decision, columns = text, find_decision(text), {} if item.is_heading else columns
            continue
        line = _row(item, columns) if len(item.cells) > 1 else _text(item)
        if line is None:
            continue
        found.append(_under(line, heading, decision))
        if len(found) > MOST_LINES:
            raise BadInput(why=f"清单超过{MOST_LINES}行，请分开提交")
    return tuple(found)


def find_decision(words: str) -> str | None:
    """What `words` (a heading, a cell, what stands beside a title) say becomes of a text; None where they say nothing,
    or more than one thing."""
    folded = "".join(words.split()).strip(_ENDS)
    for row in _decisions():
        if folded in row["words"]:
            return str(row["kind"])
    for row in _decisions():
        if "pattern" in row and re.search(row["pattern"], folded):
            return str(row["kind"])
    outcome = find_outcome(folded)
    return outcome.kind.value if outcome else None


def years_beside(quote: str, title: str | None) -> frozenset[int]:
    """The years a line names beside the title of its text: of a column, a bracket, a number."""
    line = quote.rsplit("\n", 1)[-1].replace(title or "", " ")
    return frozenset(int(year) for year in _YEAR.findall(line))


def decision_kinds() -> tuple[str, ...]:
    """Every decision an editor may choose, the usual ones first."""
    usual = (EffectKind.REPEALS, EffectKind.LAPSES, EffectKind.ATTESTS)
    rest = [row["kind"] for row in _decisions() if row["kind"] not in usual and row["kind"] != NO_EFFECT]
    return (*(each.value for each in usual), *dict.fromkeys(rest), NO_EFFECT)


def _under(line: ListedLine, heading: str, decision: str | None) -> ListedLine:
    """A line that does not say for itself what becomes of its text says it by its heading, which is then quoted."""
    if line.decision or not decision:
        return line
    return replace(line, decision=decision, quote=f"{heading}\n{line.quote}")


def _row(item: Item, columns: dict[str, int]) -> ListedLine | None:
    """A row by its columns; without a head row its longest cell is the title."""

    def cell(name: str) -> str:
        at = columns.get(name)
        return item.cells[at].strip() if at is not None and at < len(item.cells) else ""

    cells = [each for each in item.cells if each.strip()]
    if not cells:
        return None
    said = cell("title") if columns else max(cells, key=_is_likely_title)
    whole = "".join(cells) if not columns else ""
    title, inside, day = _title_number_day(said)
    number = parse_doc_number(cell("number")) or inside or _only_number(cell("number") or whole)
    if not title and number is None:
        return None
    decision = cell("decision") if columns else next((each for each in reversed(cells) if find_decision(each)), "")
    if columns:
        day = parse_date(cell("day")) or find_date(cell("day")) or day
    else:
        day = day or next((found for each in cells if (found := parse_date(each))), None)
    return ListedLine(
        quote="　".join(cells),
        place=item.place,
        eid=item.eid,
        title=title,
        number=number,
        issuer=cell("issuer") or None,
        day=day,
        decision=find_decision(decision) if decision else None,
        remark=cell("remark") or None,
    )


def _is_likely_title(cell: str) -> tuple[bool, int]:
    """How a cell ranks as the title of a row without heads: the longest one, if it is no date."""
    return parse_date(cell) is None, len(cell)


def _text(item: Item) -> ListedLine | None:
    """A line of text; None for prose and for what names nothing."""
    text = _SERIAL.sub("", item.cells[0].strip(), count=1) if item.cells else ""
    titles = find_titles(text)
    numbers = find_doc_numbers(text)
    title, number, day = _title_number_day(text)
    is_marked = bool(titles) and title == titles[0][0].strip(_MARKS)[:_LONGEST_TITLE]
    if is_marked and len(titles) > 1:
        return None
    beside = _beside(text, titles, numbers) if is_marked else ""
    if len(beside) > _MOST_WORDS_BESIDE or not (titles or number or find_kind(title)):
        return None
    if not titles and title and ("。" in title or ("，" in title and find_kind(title) is None)):
        return None
    return ListedLine(
        quote=item.cells[0].strip(),
        place=item.place,
        eid=item.eid,
        title=title,
        number=number,
        day=day or (find_date(beside) if beside else None),
        decision=find_decision(beside) if beside else None,
    )


def _title_number_day(said: str) -> tuple[str | None, DocNumber | None, dt.date | None]:
    """What a cell or line names, and the day it gives behind the title."""
    stem = _DATING.sub("", said, count=1).rstrip()
    note = said[len(stem) :]
    kind = find_kind(stem.strip(_MARKS))
    if not note or not stem or (kind in _YEARLY and find_date(note) is None):
        return *_title_and_number(said), None
    title, number = _title_and_number(stem)
    return title, number or _only_number(note), find_date(note)


def _title_and_number(said: str) -> tuple[str | None, DocNumber | None]:
    """The text that a cell or line names: what stands in 《》, unless that is part of a title (关于印发《》的通知)."""
    titles, numbers = find_titles(said), find_doc_numbers(said)
    whole, number = _bare_title(said)
    is_opened = said.lstrip(_SPACES).startswith("《")
    if not titles or (whole and find_kind(whole) and not (is_opened and _names_nothing(said[titles[0][1][1] :]))):
        return whole, number
    title, (_start, end) = titles[0]
    after = [number for number, (start, _) in numbers if start >= end]
    return title.strip(_MARKS)[:_LONGEST_TITLE] or None, after[0] if after else number


def _names_nothing(rest: str) -> bool:
    """Whether what follows a title in 《》 is no part of a longer one: a number, a bracket, nothing."""
    return find_kind(_bare_title(rest)[0]) is None


def _bare_title(said: str) -> tuple[str | None, DocNumber | None]:
    """What is left of a line without its number: its title, where no marks stand around it."""
    numbers = find_doc_numbers(said)
    number = None
    if numbers and numbers[-1][1][0] > 0:
        number, (start, end) = numbers[-1]
        said = said[:start] + said[end:]
    elif numbers:
        number, (_, end) = numbers[0]
        said = said[end:]
    title = _EMPTY_BRACKETS.sub("", said).strip(_MARKS + _ENDS)
    title = (
        re.sub(r"[（(][^（）()]*$", "", title).strip(_MARKS + _ENDS) if title.count("（") > title.count("）") else title
    )
    return title[:_LONGEST_TITLE] or None, number


def _only_number(text: str) -> DocNumber | None:
    numbers = find_doc_numbers(text)
    return numbers[0][0] if numbers else None


def _beside(text: str, titles: Sequence[Any], numbers: Sequence[Any]) -> str:
    """What a line says besides its title and number."""
    spans = sorted([titles[0][1], *(span for _, span in numbers)])
    kept, at = "", 0
    for start, end in spans:
        kept += text[at:start] if start > at else ""
        at = max(at, end)
    return _EMPTY_BRACKETS.sub("", kept + text[at:]).strip(_MARKS + _ENDS + "（）()")


def _is_heading(text: str) -> bool:
    """Whether a line heads those below it: short, names no text, and says what becomes of them or what they are."""
    said = text.strip()
    if not said or len(said) > _LONGEST_HEADING or find_titles(said) or find_doc_numbers(said):
        return False
    bare = _SERIAL.sub("", said, count=1)
    if find_decision(re.sub(r"[（(][^（）()]{1,20}[）)][:：]?$", "", bare)) and not bare.startswith("关于"):
        return bool(_HEADING.search(bare)) or find_kind(bare) is None
    return bool(re.search(r"(?:目录|清单|一览表)(?:[（(][^（）()]{1,20}[）)])?$", said))


def _find_columns(cells: Sequence[str]) -> dict[str, int]:
    """What the columns hold, where the row is a head row: it names a column of titles or numbers and no text."""
    patterns = _vocabulary()["column"]
    named: dict[str, int] = {}
    for at, cell in enumerate(cells):
        folded = "".join(cell.split())
        if not folded or len(folded) > 16:
            continue
        name = next((each for each, pattern in patterns.items() if re.search(pattern, folded)), None)
        if name and name not in named:
            named[name] = at
    is_head = ("title" in named or "number" in named) and len(named) > 1
    return named if is_head and not any(find_doc_numbers(cell) or find_titles(cell) for cell in cells) else {}


def _sheet_items(sheets: Iterable[tuple[str, Sequence[Sequence[str]]]]) -> Iterator[Item]:
    for name, rows in sheets:
        if name:
            yield Item(cells=(name,), place=name, is_heading=True)
        for number, row in enumerate(rows, 1):
            cells = _cells(row)
            filled = [cell for cell in cells if cell]
            if filled:
                place = f"{name}第{number}行" if name else f"第{number}行"
                yield Item(cells=tuple(filled) if len(filled) == 1 else cells, place=place)


def _body_items(title: str | None, body: Body) -> Iterator[Item]:
    """Headings, lines and rows of a body. Lines that hang together (a list's items) are one line each."""
    if title:
        yield Item(cells=(title,), place="标题", is_heading=True)
    tables = 0
    for node in (each for top in body for each in top.walk()):
        if node.type is BodyType.TABLE:
            tables += 1
            for number, row in enumerate(node.rows, 1):
                yield Item(cells=_merged(row), place=f"表{tables}第{number}行", eid=node.eid or None)
        else:
            yield from _node_items(node)


def _node_items(node: Node) -> Iterator[Item]:
    number = node.num or ""
    for text in (node.heading, node.text):
        for line in (text or "").splitlines():
            said = f"{number}{line}".strip()
            if said:
                is_heading = node.type is BodyType.ATTACHMENT and text is node.heading
                yield Item(cells=(said,), place=f"“{said[:20]}”", eid=node.eid or None, is_heading=is_heading)


def _cells(row: Iterable[str]) -> tuple[str, ...]:
    """Cells as they stand, a broken line joined."""
    return tuple(_LINE_BREAK.sub("", cell).strip() for cell in row)


def _merged(row: Sequence[str]) -> tuple[str, ...]:
    """A row of a table; one whose cells all repeat one text (a merged row) is that text."""
    cells = _cells(row)
    return cells[:1] if len(set(filter(None, cells))) == 1 else cells


@cache
def _decisions() -> tuple[dict[str, Any], ...]:
    return tuple(_vocabulary()["decision"])


@cache
def _vocabulary() -> dict[str, Any]:
    return tomllib.loads(files("gazette").joinpath("data/cleanup.toml").read_text("utf-8"))
