"""行政院公報 of the Executive Yuan: one XML file an issue, one <Record> a document, its text as HTML.

The record says itself what it is, so nothing about it is guessed; only the text is read. Some issues carry control
characters that XML forbids (a raw ESC inside CDATA); they print nothing and are taken out.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any
from unicodedata import normalize

from gazette.dates import parse_date
from gazette.digitization.blocks import Block, BlockKind, fold_spaces
from gazette.digitization.readers.html import read_html_text
from gazette.errors import CopyUnreadable, Finding, Level

ROOT = "Gazette"
_FORBIDDEN = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")
#: The lines above a text that only repeat its record are among the first of these.
_LONGEST_HEAD = 6
#: The head of a table that only lays out: so many rows, the first one no longer than this (characters).
_HEAD_ROWS, _LONGEST_HEAD_ROW = 3, 120
_DAY = re.compile("中華民國.{1,3}年.{1,2}月.{1,3}日")
_CELLS = frozenset({"table", "tbody", "thead", "tfoot", "tr", "td", "th"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One document of an issue as its record describes it. `kind` is 令, 公告 or 函; `day` the day it is dated."""

    title: str
    number: str | None
    issuers: tuple[str, ...]
    kind: str | None
    day: dt.date | None
    theme: str | None
    keywords: tuple[str, ...]
    blocks: tuple[Block, ...]
    findings: tuple[Finding, ...] = ()


def read_issue(data: bytes) -> tuple[Record, ...]:
    """Every record of the issue, in order. Raises CopyUnreadable for what is no XML."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(_FORBIDDEN.sub(b"", data), parser=parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise CopyUnreadable(name="XML", why="不是有效的 XML") from error
    return tuple(_read_record(record) for record in root.iterchildren("Record"))


def _read_record(record: Any) -> Record:
    title = _text(record, "Title")
    kind = re.search(r"(令|公告|函)$", title.partition("：")[0])
    number = _text(record, "GazetteId") or None
    day = parse_date(_text(record, "Date_Created"))
    findings: tuple[Finding, ...] = ()
    try:
        blocks = tuple(_read_text(record.findtext("HTMLContent") or "", number))
    except CopyUnreadable:
        # One text that cannot be read does not cost the issue its other documents.
        blocks = ()
        findings = (Finding(level=Level.ERROR, code="record.no_text", message="记录的 HTML 正文无法读取"),)
    return Record(
        title=title,
        number=number,
        issuers=_list(_text(record, "PubGovName") or _text(record, "PubGov")),
        kind=kind[1] if kind else None,
        day=day,
        theme=_text(record, "Chapter") or None,
        keywords=_list(_text(record, "Keyword")),
        blocks=tuple(_without_head(blocks, number, day)),
        findings=findings,
    )


def _text(record: Any, name: str) -> str:
    return fold_spaces(record.findtext(name) or "")


def _list(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part for each in re.split("[;；]", text) if (part := each.strip())))


def _read_text(html: str, number: str | None) -> Iterator[Block]:
    """The blocks of a record's HTML; the table that only lays out head and text is no table of data."""
    from lxml import etree
    from lxml import html as lxml_html

    if not html.strip():
        return
    parser = lxml_html.HTMLParser(remove_comments=True, remove_pis=True, no_network=True, huge_tree=False)
    try:
        root = lxml_html.document_fromstring(html, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, AssertionError) as error:
        raise CopyUnreadable(name="XML", why="记录中没有可读的内容") from error
    for table in list(root.iter("table")):
        if _lays_out(table, number):
            _dissolve(table)
    yield from read_html_text(lxml_html.tostring(root, encoding="unicode")).blocks


def _lays_out(table: Any, number: str | None) -> bool:
    """Whether the head of the document stands in the first rows of this table: its number, or the day above it."""
    rows = [_squeeze("".join(row.itertext())) for row in islice(table.iter("tr"), _HEAD_ROWS)]
    first = _squeeze(re.split("[;；、]", number)[0]) if number else ""
    return bool((first and first in "".join(rows)) or (rows and _DAY.search(rows[0][:_LONGEST_HEAD_ROW])))


def _squeeze(text: str) -> str:
    """Without spaces and in one width: heads are printed 金管銀（二）字 and recorded 金管銀(二)字."""
    return "".join(normalize("NFKC", text).split())


def _dissolve(table: Any) -> None:
    """Turn a table's own cells, not those of tables inside it, into plain divisions."""
    waiting = [table]
    while waiting:
        element = waiting.pop()
        waiting += [child for child in element if isinstance(child.tag, str) and child.tag in _CELLS - {"table"}]
        element.tag = "div"


def _without_head(blocks: tuple[Block, ...], number: str | None, day: dt.date | None) -> Iterator[Block]:
    """The text below the head (教育部令, the date, the number), which the record repeats."""
    last = -1
    for at, block in enumerate(blocks[:_LONGEST_HEAD]):
        line = _squeeze(block.text)
        if block.kind is BlockKind.PARAGRAPH and (line in _squeeze(number or "") or (day and parse_date(line) == day)):
            last = at
    yield from blocks[last + 1 :]
