"""What a page prints around its text: boxes and lines of labelled values, the heading above the text, and the day and
number under that heading.

A value is taken only where it plainly belongs to this page's document. A label alone is a word like any other, so it
counts where it stands in a box of several; what follows the text may speak of another document.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from gazette.citations.numbers import parse_doc_number
from gazette.citations.titles import letters
from gazette.dates import find_dates, parse_date
from gazette.digitization.blocks import fold_spaces
from gazette.digitization.history import is_caption
from gazette.digitization.labels import element_of_label, is_stated, split_labels
from gazette.digitization.readers.html_content import BLOCK_TAGS, SENTENCE
from gazette.digitization.readers.html_tags import speaks_as_title

#: 内容概述：, 【机构分类】: a label that names no element of ours.
_OTHER_LABEL = re.compile(
    r"[【\[]?[\u4e00-\u9fff][\u4e00-\u9fff\s\u3000]{1,11}[】\]]?\s*[:：]|[【\[][\u4e00-\u9fff\s\u3000]{2,12}[】\]]$"
)
#: A box of labels has at least so many, one of them of those that only documents have.
_LEAST_LABELS = 3
_OF_DOCUMENTS = frozenset({"index_number", "doc_number", "registry_number", "signed_date", "issuers", "publisher"})
_CELLS = frozenset({"td", "th"})
_DATES = frozenset({"signed_date", "published_date", "effective_date", "expiry_date"})
_LONGEST_VALUE = {"title": 300, "issuers": 200, "index_number": 60, "theme": 80}
_USUAL_VALUE = 120
#: A piece of text this short between two labels is a mark or an icon.
_STRAY = 4
#: A sentence of this length begins the text of a page without a known container.
_OPENING_SENTENCE = 30
_DAY_UNDER_TITLE = re.compile(r"[（(\[]?\s*(?P<day>[^（）()\[\]]{8,24}?)\s*[）)\]]?$")
_STAMP = re.compile(r"\d{4}[-/年.]\d{1,2}[-/月.]\d{1,2}日?\s+\d{1,2}:\d{2}(?::\d{2})?")
_SAYS_TIME = re.compile(r"time|date|(?:^|[_-])(?:sj|rq)(?:$|[_-])", re.I)
_LEAST_HEADING, _LONGEST_HEADING = 6, 250


@dataclass(frozen=True, slots=True)
class _Run:
    """One piece of printed text: the text or the tail of `element`, inside `holder`; `at` is its place on the page,
    `line` the printed line it stands on."""

    at: int
    line: int
    text: str
    element: Any
    holder: Any
    is_tail: bool
    is_linked: bool

    def blank(self) -> None:
        if self.is_tail:
            self.element.tail = None
        else:
            self.element.text = None


@dataclass(slots=True)
class _Pair:
    """A label and its value; `name` is None for a label of no element of ours, `is_bare` says that no colon or bracket
    marks the label as one."""

    name: str | None
    value: str
    runs: list[_Run] = field(default_factory=list)
    is_bare: bool = False


def take_labels(root: Any, content: Any, page_title: str | None) -> dict[str, str]:
    """The labelled values of the page's document, the heading above its text among them (`heading`). What is read
    inside `content` is blanked there, so that it is not printed as text."""
    runs = list(_iter_runs(root))
    begin, opening, end = _extent(runs, content)
    is_whole = content.tag in ("body", "html")
    found: dict[str, str] = {}
    for group in _groups(_iter_pairs(runs), runs):
        start = group[0].runs[0].at
        is_inside = begin <= start <= end
        if is_inside and (start >= opening or not (is_whole or _is_box(group))):
            continue
        if start > end and not (_is_box(group) and _is_about(group, page_title)):
            continue
        for pair in group:
            if pair.name and _is_plausible(pair.name, pair.value):
                found.setdefault(pair.name, pair.value)
            for run in pair.runs if is_inside else ():
                run.blank()
    return {**_heading(runs[: opening if is_whole else begin], page_title), **found}


def _iter_runs(root: Any) -> Iterator[_Run]:
    from lxml import etree

    at, line, linked = 0, 0, 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        linked += (element.tag == "a") * (1 if event == "start" else -1)
        line += element.tag == "br" or element.tag in BLOCK_TAGS or _is_h(element)
        is_tail = event == "end"
        text = fold_spaces((element.tail if is_tail else element.text) or "")
        if text and element.tag != "title":
            yield _Run(at, line, text, element, element.getparent() if is_tail else element, is_tail, linked > 0)
            at += 1


def _extent(runs: Sequence[_Run], content: Any) -> tuple[int, int, int]:
    """The places of the first piece of the content, of its first sentence and of its last piece."""
    inside = set(content.iter())
    places = [run.at for run in runs if run.holder in inside]
    if not places:
        return len(runs), len(runs), len(runs)
    begin, end = places[0], places[-1]
    return begin, next((run.at for run in runs[begin:end] if _is_sentence(run)), end + 1), end


def _is_sentence(run: _Run) -> bool:
    return len(run.text) >= _OPENING_SENTENCE and not run.is_linked and bool(SENTENCE.search(run.text))


def _iter_pairs(runs: Sequence[_Run]) -> Iterator[_Pair]:
    waiting: _Pair | None = None
    at = 0
    while at < len(runs):
        run = runs[at]
        at += 1
        label, inline = element_of_label(run.text), list(split_labels(run.text))
        is_other = label is None and not inline and _OTHER_LABEL.match(run.text) is not None
        if waiting is not None and not (label or inline or is_other) and _is_beside(run, waiting.runs[0]):
            value = list(_value(runs, at - 1, waiting.runs[0]))
            at += len(value) - 1
            waiting.is_bare = waiting.is_bare and run.text[0] not in ":："
            waiting.value = "".join(each.text for each in value).strip("：: \u3000")
            waiting.runs += value
            yield waiting
            waiting = None
            continue
        if waiting is not None:
            yield waiting
            waiting = None
        for name, value_ in inline:
            if value_:
                yield _Pair(name, value_, [run])
        if inline and not inline[-1][1]:
            waiting = _Pair(inline[-1][0], "", [run])
        elif label:
            waiting = _Pair(label, "", [run], is_bare=run.text[-1] not in ":：】]")
        elif is_other:
            waiting = _Pair(None, "", [run])
    if waiting is not None:
        yield waiting


def _is_beside(value: _Run, label: _Run) -> bool:
    """Whether a value stands right after its label: the text after it, or the next element of one around it."""
    if value.holder is label.holder:
        return True
    around = list(value.holder.iterancestors())
    chain = [value.holder, *around]
    child = label.holder
    while (above := child.getparent()) is not None and above.tag not in ("body", "html"):
        if above is value.holder:
            return True
        if above in around:
            following = chain[chain.index(above) - 1]
            is_next: bool = child.getnext() is following
            return is_next and not _are_alike(child, following)
        child = above
    return False


def _are_alike(element: Any, following: Any) -> bool:
    """Entries of one list look alike; a label and its value do not, but in cells and in the midst of a line."""
    is_entry = element.tag in BLOCK_TAGS and element.tag not in _CELLS
    return bool(is_entry and element.tag == following.tag and element.get("class") == following.get("class"))


def _value(runs: Sequence[_Run], start: int, label: _Run) -> Iterator[_Run]:
    """The pieces of a value that begins at `start`: all of the element beside the label, or the text up to a break."""
    first = runs[start]
    ancestors = list(label.holder.iterancestors())
    scope = first.holder
    while scope.getparent() is not None and scope.getparent() not in ancestors and scope not in ancestors:
        scope = scope.getparent()
    yield first
    for run in runs[start + 1 :]:
        if run.holder is not scope and scope not in run.holder.iterancestors():
            return
        if scope in ancestors and run.line != first.line:
            return
        if element_of_label(run.text) or any(True for _pair in split_labels(run.text)) or _OTHER_LABEL.match(run.text):
            return
        yield run


def _groups(pairs: Iterator[_Pair], runs: Sequence[_Run]) -> Iterator[list[_Pair]]:
    """Pairs that follow each other with nothing but stray marks between them; bare labels only where there are many."""
    groups: list[list[_Pair]] = []
    for pair in pairs:
        gap = runs[groups[-1][-1].runs[-1].at + 1 : pair.runs[0].at] if groups else ()
        if not groups or any(len(run.text) > _STRAY for run in gap):
            groups.append([])
        groups[-1].append(pair)
    for group in groups:
        # 各区人民政府： under a box opens the text.
        while group and not (group[-1].name or group[-1].value):
            group.pop()
        is_box = len({pair.name for pair in group if pair.name and pair.value}) >= _LEAST_LABELS
        if trusted := [pair for pair in group if is_box or not pair.is_bare]:
            yield trusted


def _is_box(group: Sequence[_Pair]) -> bool:
    names = {pair.name for pair in group if pair.name and pair.value}
    return len(names) >= _LEAST_LABELS and not names.isdisjoint(_OF_DOCUMENTS)


def _is_about(group: Sequence[_Pair], page_title: str | None) -> bool:
    """Whether labels that follow the text name this page's document."""
    title = letters(next((pair.value for pair in group if pair.name == "title"), ""))
    return len(title) >= _LEAST_HEADING and title in letters(page_title or "")


def _is_plausible(name: str, value: str) -> bool:
    if not is_stated(value) or len(value) > _LONGEST_VALUE.get(name, _USUAL_VALUE):
        return False
    if name in _DATES:
        return bool(find_dates(value)) or parse_date(value) is not None
    if name == "doc_number":
        return parse_doc_number(value) is not None
    if name == "index_number":
        return any(each.isdigit() for each in value) and "。" not in value
    return True


def _heading(runs: Sequence[_Run], page_title: str | None) -> dict[str, str]:
    """The title printed above the text, and the day and number printed under it."""
    lines = list(_lines(runs))
    for at in range(len(lines) - 1, -1, -1):
        text = "".join(run.text for run in lines[at])
        title, day = _without_day(text)
        if not all(run.is_linked for run in lines[at]) and _is_heading(title, lines[at][0], page_title):
            above = "".join(run.text for run in lines[at - 1]) if at else ""
            if letters(above + title) == letters(page_title or ""):
                title = above + title
            return {"heading": title, **({"published_date": day} if day else {}), **_under(lines[at + 1 :])}
    return {}


def _lines(runs: Sequence[_Run]) -> Iterator[list[_Run]]:
    """Pieces of text that one block of the page holds, breaks and all."""
    line: list[_Run] = []
    block = None
    for run in runs:
        own = _block_around(run.holder)
        if line and own is not block:
            yield line
            line = []
        line.append(run)
        block = own
    if line:
        yield line


def _block_around(element: Any) -> Any:
    while element.getparent() is not None and element.tag not in BLOCK_TAGS and not _is_h(element):
        element = element.getparent()
    return element


def _is_h(element: Any) -> bool:
    return len(element.tag) == 2 and element.tag[0] == "h" and element.tag[1].isdigit()


def _is_heading(text: str, run: _Run, page_title: str | None) -> bool:
    if not _LEAST_HEADING <= len(text) <= _LONGEST_HEADING or any(True for _pair in split_labels(text)):
        return False
    own, page = letters(text), letters(page_title or "")
    if page and len(own) >= _LEAST_HEADING and (own == page or (page.startswith(own) and speaks_as_title(text))):
        return True
    block = _block_around(run.holder)
    return speaks_as_title(text) and (_is_h(block) or block.tag == "ucaptitle" or "关于" in text)


def _without_day(text: str) -> tuple[str, str | None]:
    """A heading and the day in brackets printed after it: …的通知 （2024年03月29日）."""
    days = find_dates(text)
    begin, end = days[-1][1] if days else (0, 0)
    if begin > _LEAST_HEADING and text[begin - 1] in "（([" and text[end:] in ("）", ")", "]"):
        return text[: begin - 1].strip(" \u3000"), text[begin:end]
    return text, None


def _under(lines: Sequence[Sequence[_Run]]) -> dict[str, str]:
    """A day with its time of day, in brackets or marked as one; a number alone on its line; the 题注."""
    found: dict[str, str] = {}
    for run in (run for line in lines for run in line if not run.is_linked):
        if stamp := _STAMP.match(run.text):
            found.setdefault("published_date", stamp[0])
            continue
        match = _DAY_UNDER_TITLE.match(run.text)
        if match and parse_date(match["day"]) is not None:
            named = f"{run.holder.get('class') or ''} {run.holder.get('id') or ''}"
            if ":" in match["day"] or run.text[0] in "（([" or _SAYS_TIME.search(named):
                found.setdefault("published_date", match["day"])
        elif is_caption(run.text):
            found.setdefault("caption", run.text)
        elif run.text[-1] == "号" and parse_doc_number(run.text) is not None:
            found.setdefault("doc_number", run.text)
    return found
