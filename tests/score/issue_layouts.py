"""Ways in which somebody might print the records of an issue one after another; the segmenter knows none of them.

A layout is a page of HTML with its print CSS. Titles, numbers, days and issuers are the record's own; the text is its
HTML, or its letters alone line by line.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
#: Characters a line of the layout that counts them, as simple programs do.
_LINE = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One record as its issue's XML has it."""

    title: str
    number: str
    issuer: str
    day: str
    chapter: str
    html: str

    @property
    def lines(self) -> list[str]:
        """The text of the record as a person copies it out of a browser."""
        from lxml import html

        root = html.document_fromstring(f"<div>{self.html}</div>")
        for element in root.iter("br", "p", "tr", "div", "li"):
            element.tail = "\n" + (element.tail or "")
        for element in root.iter("td"):
            element.tail = " " + (element.tail or "")
        text = re.sub(r"[ \t\xa0\r]+", " ", root.text_content())
        return [line.strip() for line in text.split("\n") if line.strip()]


def read_records(issue: Path) -> list[Record]:
    from lxml import etree

    text = _FORBIDDEN.sub("", gzip.decompress(issue.read_bytes()).decode("utf-8", "replace"))
    root = etree.fromstring(text.encode(), parser=etree.XMLParser(resolve_entities=False, no_network=True))
    return [
        Record(
            title=_field(record, "Title"),
            number=_field(record, "GazetteId"),
            issuer=_field(record, "PubGovName"),
            day=_field(record, "Date_Created"),
            chapter=_field(record, "Chapter"),
            html=record.findtext("HTMLContent") or "",
        )
        for record in root.iterchildren("Record")
    ]


def _field(record: object, name: str) -> str:
    return " ".join((record.findtext(name) or "").split())  # type: ignore[attr-defined]


def _paragraphs(record: Record) -> str:
    return "".join(f"<p>{escape(line)}</p>" for line in record.lines)


def _title(record: Record) -> str:
    return f"<h2>{escape(record.title)}</h2>"


def _number_and_day(record: Record) -> str:
    return "".join(f"<p>{escape(each)}</p>" for each in (record.number, record.day) if each)


def _headed(records: Sequence[Record]) -> Iterator[str]:
    """Centred bold headings, every record on a new page."""
    for record in records:
        yield f"<section>{_title(record)}{_number_and_day(record)}{_paragraphs(record)}</section>"


def _plain(records: Sequence[Record]) -> Iterator[str]:
    """One size of letters, nothing centred, nothing bold."""
    for record in records:
        yield f"<p>{escape(record.title)}</p>{_number_and_day(record)}{_paragraphs(record)}"


def _with_contents(records: Sequence[Record]) -> Iterator[str]:
    """A contents page by chapter, with leaders and page numbers, then the records."""
    yield "<h1>行政院公報</h1><h2>目　錄</h2><nav>"
    chapter = None
    for at, record in enumerate(records):
        if record.chapter != chapter:
            chapter = record.chapter
            yield f"<p><b>{escape(chapter)}</b></p>"
        yield f'<p><a href="#r{at}">{escape(record.title)}</a></p>'
    yield "</nav>"
    for at, record in enumerate(records):
        yield f'<h3 id="r{at}">{escape(record.title)}</h3>{_number_and_day(record)}{_paragraphs(record)}'


def _as_html(records: Sequence[Record]) -> Iterator[str]:
    """The records' own HTML, tables and all, under a heading."""
    for record in records:
        yield f"<div><h1>{escape(record.title)}</h1><p>{escape(record.number)}　{escape(record.day)}</p>"
        yield f"{record.html}</div><hr>"


def _number_first(records: Sequence[Record]) -> Iterator[str]:
    """Number and day above the title, all centred."""
    for record in records:
        yield f'<div class="head">{_number_and_day(record)}<p>{escape(record.title)}</p></div>{_paragraphs(record)}'


def _labelled(records: Sequence[Record]) -> Iterator[str]:
    """A record's fields under the title, each with its label."""
    for record in records:
        yield f"<p><b>{escape(record.title)}</b></p>"
        yield f"<p>發文機關：{escape(record.issuer)}</p><p>發文日期：{escape(record.day)}</p>"
        yield f"<p>發文字號：{escape(record.number)}</p>"
        yield _paragraphs(record)


def _titles_alone(records: Sequence[Record]) -> Iterator[str]:
    """Titles and texts, no numbers, no days."""
    for record in records:
        yield f"<p><b>{escape(record.title)}</b></p>{_paragraphs(record)}"


def _counted(records: Sequence[Record]) -> Iterator[str]:
    """Lines broken after so many characters, as a program without a typesetter prints them."""
    yield "<pre>"
    for record in records:
        for line in (record.title, record.number, record.day, *record.lines, ""):
            yield "\n".join(escape(line[at : at + _LINE]) for at in range(0, max(len(line), 1), _LINE)) + "\n"
    yield "</pre>"


def _agency_above(records: Sequence[Record]) -> Iterator[str]:
    """Agency, title, number and day, each centred on its own line, in the size of the text."""
    for record in records:
        yield f'<div class="head"><p>{escape(record.issuer)}</p><p>{escape(record.title)}</p>'
        yield f"{_number_and_day(record)}</div>{_paragraphs(record)}"


def _running_on(records: Sequence[Record]) -> Iterator[str]:
    """Headings and texts one after the other."""
    for record in records:
        yield f"{_title(record)}{_number_and_day(record)}{_paragraphs(record)}"


_PAGE = '@page { size: A4; margin: 22mm } html { font: 11pt/1.6 "Noto Serif CJK TC", serif } p { margin: 0 }'
_RUNNING = '@page { @top-center { content: "行政院公報　第011卷第016期" } @bottom-center { content: counter(page) } }'

_COLUMNS = "body { column-count: 2; column-gap: 8mm; font-size: 9.5pt } p { text-align: justify; text-indent: 2em }"
_LEADERS = "a { color: #000; text-decoration: none } a::after { content: leader('.') target-counter(attr(href), page) }"

LAYOUTS: Mapping[str, tuple[Callable[[Sequence[Record]], Iterator[str]], str]] = {
    "headings, a page each": (
        _headed,
        _RUNNING + "h2 { font-size: 15pt; text-align: center } section { break-before: page }",
    ),
    "plain, running on": (_plain, "p { text-indent: 2em }"),
    "plain, flush left": (_plain, _RUNNING),
    "with contents": (
        _with_contents,
        _RUNNING + _LEADERS + "h3 { font-size: 11pt }",
    ),
    "the records' HTML": (_as_html, ""),
    "number above the title": (_number_first, ".head p { text-align: center; font-size: 14pt }"),
    "labelled fields": (_labelled, _RUNNING + "p { text-align: justify }"),
    "titles alone": (_titles_alone, _RUNNING),
    "counted lines": (_counted, "pre { font: 10.5pt/1.5 'Noto Sans CJK TC'; margin: 0 }"),
    "agency above the title": (_agency_above, _RUNNING + ".head p { text-align: center }"),
    "two columns, headings across": (
        _running_on,
        _RUNNING + _COLUMNS + "h2 { font-size: 14pt; text-align: center; column-span: all }",
    ),
    "two columns, headings within": (_running_on, _RUNNING + _COLUMNS + "h2 { font-size: 12pt; text-align: center }"),
    "two columns, plain": (_plain, _COLUMNS),
    "two columns with contents": (
        _with_contents,
        _RUNNING + _COLUMNS + _LEADERS + "nav, h1, h2 { column-span: all } h3 { font-size: 10.5pt }",
    ),
}


def print_issue(records: Sequence[Record], layout: str) -> bytes:
    """The records as one PDF."""
    from gazette.renditions.pdf import print_page

    body, style = LAYOUTS[layout]
    return print_page(f'<html lang="zh-TW"><meta charset="utf-8"><style>{_PAGE}{style}</style>{"".join(body(records))}')
