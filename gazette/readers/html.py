"""HTML pages and fragments: the element that holds the text, its blocks, and the metadata printed around it.

Nothing is fetched and no script runs; text that CSS hides is not text.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files
from typing import Any

from gazette.blocks import Block, BlockKind, Reading, fold_spaces
from gazette.errors import CopyUnreadable, Finding, Level
from gazette.labels import element_of_tag, labels_in_rows, split_label
from gazette.readers.extraction import extract_main
from gazette.readers.text import decode

_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([\w-]+)", re.I)
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d]*[1-9])|opacity\s*:\s*0\s*(?:;|$)"
    r"|text-indent\s*:\s*-\d{3,}",
    re.I,
)
#: Rules of a page's own style sheet; those for paper or narrow screens hide what a reader sees.
_STYLE_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_MEDIA_RULE = re.compile(r"@media[^{]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}", re.I)
_SIMPLE_SELECTOR = re.compile(r"[.#]([\w-]+)")
_ALIGN = re.compile(r"text-align\s*:\s*(left|center|right)", re.I)
_BLOCK_TAGS = frozenset(
    (
        *("address", "article", "aside", "blockquote", "body", "center", "div", "fieldset", "figure", "footer", "form"),
        *("header", "hr", "main", "p", "pre", "section", "ucapcontent", "dd", "dl", "dt", "li", "ol", "ul"),
        *("table", "tbody", "td", "tfoot", "th", "thead", "tr"),
    )
)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_FILE_LINK = re.compile(r"\.(?:docx?|xlsx?|pdf|zip|rar|wps|et|ofd|pptx?|csv|txt|7z)(?:[?#]|$)", re.I)
#: A cell with more characters than this lays out the page; a data cell is short.
_LAYOUT_CELL = 600
#: Less text than this under a container means that the container is not the one (characters).
_LEAST_TEXT = 40
#: With this share of its text in links a page is more than its text.
_MANY_LINKS = 0.25
_MAX_DEPTH = 250
_MAX_SPAN = 100


@dataclass(frozen=True, slots=True)
class _Containers:
    ids: tuple[str, ...]
    classes: tuple[str, ...]
    chrome_tags: frozenset[str]
    chrome_names: frozenset[str]


@cache
def _containers() -> _Containers:
    table = tomllib.loads(files("gazette").joinpath("data/containers.toml").read_text("utf-8"))
    return _Containers(
        ids=tuple(name.lower() for name in table["ids"]),
        classes=tuple(name.lower() for name in table["classes"]),
        chrome_tags=frozenset(table["chrome_tags"]),
        chrome_names=frozenset(table["chrome_names"]),
    )


def read_html(data: bytes, charset: str | None = None) -> Reading:
    """The blocks of the page's text and its labels. A page without text is a finding, not an error."""
    declared = _CHARSET.search(data[:4096])
    text, found, findings = decode(data, charset or (declared[1].decode("ascii", "replace") if declared else None))
    return read_html_text(text, found, findings)


def read_html_text(text: str, charset: str | None = None, findings: tuple[Finding, ...] = ()) -> Reading:
    """The same for text already decoded (the HTML chunks of a DOCX)."""
    from lxml import etree
    from lxml import html as lxml_html

    parser = lxml_html.HTMLParser(remove_comments=True, remove_pis=True, no_network=True, huge_tree=False)
    try:
        root = lxml_html.document_fromstring(_XML_DECLARATION.sub("", text).replace("\x00", ""), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, AssertionError) as error:
        raise CopyUnreadable(name="HTML", why="页面中没有可读的内容") from error
    labels = _official_tags(root)
    _drop_chrome(root)
    content = _find_content(root)
    walker = _Walker()
    walker.walk(_without_surroundings(content, root))
    walker.flush()
    labels = {**_labels_around(root, content), **walker.labels, **labels}
    if not walker.blocks:
        findings = (*findings, Finding(level=Level.ERROR, code="html.no_text", message="页面中没有正文"))
    return Reading(
        blocks=tuple(walker.blocks),
        charset=charset,
        labels=_with_page_title(labels, root),
        links=tuple(_file_links(content, root)),
        findings=findings,
    )


@dataclass
class _Walker:
    """Walks a tree and gathers blocks; inline text collects in `line` until a block begins or ends."""

    blocks: list[Block] = field(default_factory=list)
    labels: dict[str, str] = field(default_factory=dict)
    line: list[str] = field(default_factory=list)
    hint: Block = Block(kind=BlockKind.PARAGRAPH)

    def flush(self) -> None:
        text = fold_spaces("".join(self.line))
        self.line.clear()
        if text:
            self.blocks.append(replace(self.hint, text=text))

    def walk(self, element: Any, depth: int = 0) -> None:
        tag = element.tag if isinstance(element.tag, str) else ""
        if depth > _MAX_DEPTH:
            self.line.append("".join(element.itertext()))
        elif tag == "br":
            self.flush()
        elif tag == "img":
            self.flush()
            if alt := fold_spaces(element.get("alt") or ""):
                self.blocks.append(Block(kind=BlockKind.IMAGE, text=alt, href=element.get("src")))
        elif tag == "table" and (rows := _data_rows(element)) is not None:
            self._take_table(rows)
        else:
            self._take_element(element, tag, depth)

    def _take_element(self, element: Any, tag: str, depth: int) -> None:
        is_block = tag in _BLOCK_TAGS or tag in _HEADINGS
        outer = self.hint
        if is_block:
            self.flush()
            self.hint = _hint(element, tag, outer)
        self.line.append(element.text or "")
        for child in element:
            self.walk(child, depth + 1)
            self.line.append(child.tail or "")
        if is_block:
            self.flush()
            self.hint = outer

    def _take_table(self, rows: tuple[tuple[str, ...], ...]) -> None:
        self.flush()
        labelled = labels_in_rows(rows)
        if len(labelled) >= 3:
            self.labels.update(labelled)
        elif any(cell for row in rows for cell in row):
            self.blocks.append(Block(kind=BlockKind.TABLE, rows=rows))


def _hint(element: Any, tag: str, outer: Block) -> Block:
    match = _ALIGN.search(element.get("style") or "")
    align = (
        match[1].lower()
        if match
        else (element.get("align") or "").lower() or ("center" if tag == "center" else outer.align)
    )
    if tag in _HEADINGS:
        return Block(kind=BlockKind.HEADING, level=_HEADINGS[tag], align=align)
    # A heading's hint ends with the heading: a paragraph inside it is still the heading.
    return replace(outer, align=align)


def _official_tags(root: Any) -> dict[str, str]:
    """What the official <meta> set says; the first of a name counts."""
    found: dict[str, str] = {}
    for tag in root.iter("meta"):
        element = element_of_tag(tag.get("name") or "")
        content = fold_spaces(tag.get("content") or "")
        if element and content:
            found.setdefault(element, content)
    return found


def _names(element: Any) -> list[str]:
    return f"{element.get('id') or ''} {element.get('class') or ''}".lower().split()


def _drop_chrome(root: Any) -> None:
    """Take out what is never text: scripts, forms, hidden elements, share bars."""
    known = _containers()
    hidden = _hidden_names(root)
    doomed = [
        element
        for element in root.iter()
        if isinstance(element.tag, str)
        and (_is_chrome(element, known) or (hidden and not hidden.isdisjoint(_names(element))))
    ]
    for element in doomed:
        if element.getparent() is not None:
            element.drop_tree()


def _hidden_names(root: Any) -> frozenset[str]:
    """The classes and ids that the page's own style sheet hides."""
    hidden: set[str] = set()
    for sheet in root.iter("style"):
        for selectors, rules in _STYLE_RULE.findall(_MEDIA_RULE.sub("", sheet.text or "")):
            if _HIDDEN.search(rules):
                simple = (_SIMPLE_SELECTOR.fullmatch(each.strip()) for each in selectors.split(","))
                hidden |= {match[1].lower() for match in simple if match}
    return frozenset(hidden)


def _is_chrome(element: Any, known: _Containers) -> bool:
    if element.tag in ("html", "head", "body", "title"):
        return False
    if element.tag in known.chrome_tags or element.get("hidden") is not None or element.get("aria-hidden") == "true":
        return True
    return bool(_HIDDEN.search(element.get("style") or "")) or any(
        name in known.chrome_names for name in _names(element)
    )


def _text_length(element: Any) -> int:
    """Characters of text that is not a link's."""
    total = sum(len(text.strip()) for text in element.itertext())
    return total - sum(len(text.strip()) for link in element.iter("a") for text in link.itertext())


def _find_content(root: Any) -> Any:
    """The element around the text: a known container, else the densest one, else the body."""
    body = root.find(".//body")
    body = root if body is None else body
    known = _containers()
    by_name: dict[str, Any] = {}
    for element in body.iter():
        if isinstance(element.tag, str):
            for name in _names(element):
                if name not in by_name or _text_length(element) > _text_length(by_name[name]):
                    by_name[name] = element
    for name in (*known.ids, *known.classes):
        if name in by_name and _text_length(by_name[name]) >= _LEAST_TEXT:
            return by_name[name]
    return _densest(body)


def _without_surroundings(content: Any, root: Any) -> Any:
    """`content`, unless neither a name nor the structure told it from the page around it and much of that is links:
    then what the general extractor takes for the text."""
    if content.tag not in ("body", "html"):
        return content
    every = sum(len(text.strip()) for text in content.itertext())
    if every - _text_length(content) < _MANY_LINKS * every:
        return content
    extracted = extract_main(root)
    return content if extracted is None else extracted


def _densest(body: Any) -> Any:
    """Descend while one child holds nearly all the text that its parent holds."""
    element = body
    while True:
        children = [child for child in element if isinstance(child.tag, str) and child.tag in _BLOCK_TAGS]
        if not children:
            return element
        best = max(children, key=_text_length)
        if best.tag in ("p", "table", "li") or _text_length(best) < 0.85 * max(1, _text_length(element)):
            return element
        element = best


def _labels_around(root: Any, content: Any) -> dict[str, str]:
    """Labelled values printed outside the text: metadata tables, lists of 「文号：…」."""
    if content.getparent() is None or content.tag == "body":
        return {}
    walker = _Walker()
    inside = set(content.iter())
    for element in root.iter("table"):
        if element not in inside and content not in set(element.iter()) and (rows := _data_rows(element)) is not None:
            walker.labels.update({**labels_in_rows(rows), **walker.labels})
    return {**_labels_in_lines(root, content, inside), **walker.labels}


def _labels_in_lines(root: Any, content: Any, inside: set[Any]) -> dict[str, str]:
    """「文号：」 and its value on one line, or the value next to it in the same cell or list entry."""
    found: dict[str, str] = {}
    waiting: tuple[str, Any] | None = None
    for element in root.iter():
        if element in inside or not isinstance(element.tag, str):
            continue
        for text, holder in ((element.text, element), (element.tail, element.getparent())):
            line = fold_spaces(text or "")
            if not line or (holder is not element and element is content):
                continue
            pair = split_label(line)
            if pair is not None:
                waiting = None if pair[1] else (pair[0], holder)
                if pair[1]:
                    found.setdefault(*pair)
            elif waiting is not None:
                if _is_beside(holder, waiting[1]):
                    found.setdefault(waiting[0], line)
                waiting = None
    return found


def _is_beside(value: Any, label: Any) -> bool:
    """Whether a value stands in the element of its label or right beside that element."""
    around = label.getparent()
    return value is label or (
        around is not None and around.tag not in ("body", "html") and around in (value, *value.iterancestors())
    )


def _with_page_title(labels: dict[str, str], root: Any) -> dict[str, str]:
    """The <title> without the site's name after it, as the last resort for a title."""
    title = root.find(".//title")
    text = fold_spaces("".join(title.itertext())) if title is not None else ""
    if text:
        labels["page_title"] = re.sub(r"\s*[-_—|]{1,2}\s*[^-_—|]{2,24}$", "", text) or text
    return labels


def _data_rows(table: Any) -> tuple[tuple[str, ...], ...] | None:
    """The cells of a table of data, spans repeated; None for a table that lays out the page."""
    if table.find(".//table") is not None:
        return None
    rows = [[cell for cell in row if cell.tag in ("td", "th")] for row in table.iter("tr")]
    cells = [cell for row in rows for cell in row]
    if len(cells) < 2 or max(len(row) for row in rows) < 2:
        return None
    if any(len("".join(cell.itertext())) > _LAYOUT_CELL and len(cell.findall(".//p")) > 3 for cell in cells):
        return None
    return _spread(rows)


def _spread(rows: list[list[Any]]) -> tuple[tuple[str, ...], ...]:
    """Repeat the text of spanning cells over every place they cover."""
    carried: dict[int, tuple[int, str]] = {}
    spread: list[tuple[str, ...]] = []
    for row in rows:
        out: list[str] = []
        cells: Iterator[Any] = iter(row)
        cell = next(cells, None)
        while cell is not None or len(out) in carried:
            column = len(out)
            if column in carried:
                left, text = carried.pop(column)
                if left > 1:
                    carried[column] = (left - 1, text)
                out.append(text)
                continue
            assert cell is not None  # noqa: S101 - the loop's condition
            text = fold_spaces(" ".join(part for part in cell.itertext() if part.strip()))
            for offset in range(_span(cell, "colspan")):
                out.append(text)
                if _span(cell, "rowspan") > 1:
                    carried[column + offset] = (_span(cell, "rowspan") - 1, text)
            cell = next(cells, None)
        spread.append(tuple(out))
    return tuple(spread)


def _span(cell: Any, name: str) -> int:
    value = (cell.get(name) or "1").strip()
    return min(max(int(value), 1), _MAX_SPAN) if value.isdecimal() else 1


def _file_links(content: Any, root: Any) -> Iterator[Block]:
    """Links to files, in the text first, then elsewhere on the page; each target once."""
    seen: set[str] = set()
    for link in (*content.iter("a"), *root.iter("a")):
        href = (link.get("href") or "").strip()
        if _FILE_LINK.search(href) and href not in seen:
            seen.add(href)
            text = fold_spaces("".join(link.itertext())) or fold_spaces(link.get("title") or "")
            yield Block(kind=BlockKind.LINK, text=text, href=href)
