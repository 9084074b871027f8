"""Typesetting: a whole issue as one PDF, cover and contents with page numbers, so that web and paper are one text.

Pages are counted from the first page after the contents, as gazettes do. Documents run on: a page may hold the end
of one and the beginning of the next, so page ranges overlap. The same issue gives the same bytes.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from html import escape
from importlib.resources import files
from itertools import groupby
from typing import Any

from sqlalchemy.orm import Session

from gazette.draft import BodyType
from gazette.errors import Conflict, Finding
from gazette.issues.gazettes import keep_typeset
from gazette.issues.issue import Entry, Issue, IssueAddress, get_gazette, get_issue
from gazette.record.reading import DocumentRecord, VersionRecord, get_document
from gazette.renditions.frontmatter import caption, day
from gazette.renditions.html import body_html
from gazette.renditions.pdf import check_fonts, layout
from gazette.store import Store

#: The promulgating order among the notes of a version: 江城市人民政府令, 第119号, the sentence, signer, day.
_ORDER = re.compile(r"[^\n]{2,60}(?:令|公告)[^\n]{0,12}\n(?:[^\n]+\n){1,}")
_SIGNING_LINES = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryText:
    """One entry to print: its column (栏目) and the version whose text it is."""

    column: str | None
    document: DocumentRecord
    version: VersionRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueText:
    """What one issue prints. `sponsor` is the 主办单位, `running_number` the 总号."""

    gazette_name: str
    sponsor: str | None
    year: int
    number: int
    running_number: int | None
    cover_date: dt.date | None
    entries: tuple[EntryText, ...]

    @property
    def name(self) -> str:
        """2024年 第3号 （总第15号）."""
        running = f"　（总第{self.running_number}号）" if self.running_number else ""
        return f"{self.year}年　第{self.number}号{running}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Typeset:
    """The printed issue. `ranges` holds each entry's first and last page, in the order of the entries."""

    pdf: bytes
    pages: int
    ranges: tuple[tuple[int, int], ...]
    findings: tuple[Finding, ...]


def typeset(issue: IssueText) -> Typeset:
    """Print `issue` on A4."""
    printed = layout("\n".join(_page(issue)))
    places = _places(printed)
    first = min((number for name, number in places.items() if name.startswith("from-")), default=1)
    return Typeset(
        pdf=printed.write_pdf(),
        pages=len(printed.pages),
        ranges=tuple(
            (places[f"from-{position}"] - first + 1, places[f"to-{position}"] - first + 1)
            for position in range(len(issue.entries))
        ),
        findings=check_fonts(),
    )


def typeset_issue(store: Store, address: IssueAddress, *, actor: str) -> Issue:
    """Typeset an assembled issue and keep its PDF (清样) and page ranges with it."""
    with store.read() as session:
        text = _issue_text(session, get_issue(session, address))
    done = typeset(text)
    return keep_typeset(store, address, pdf=done.pdf, pages=done.pages, ranges=done.ranges, actor=actor)


def _issue_text(session: Session, issue: Issue) -> IssueText:
    return IssueText(
        gazette_name=issue.gazette_name,
        sponsor=get_gazette(session, issue.gazette).sponsor,
        year=issue.year,
        number=issue.number,
        running_number=issue.running_number,
        cover_date=issue.cover_date,
        entries=tuple(_entry_text(session, entry) for entry in issue.entries),
    )


def _entry_text(session: Session, entry: Entry) -> EntryText:
    """The version printed, which need not be the document's current one."""
    if entry.document is None:
        raise Conflict(why=f"目录中的《{entry.title}》没有对应的文件，不能排版")
    document = get_document(session, entry.document)
    version = next((each for each in document.versions if each.id == entry.version), document.current)
    return EntryText(column=entry.column, document=document, version=version)


def _places(printed: Any) -> dict[str, int]:
    """On which sheet each anchor first came to stand, counted from 1."""
    places: dict[str, int] = {}
    for number, page in enumerate(printed.pages, 1):
        for anchor in page.anchors:
            places.setdefault(anchor, number)
    return places


def _page(issue: IssueText) -> Iterator[str]:
    yield '<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8">'
    yield f"<title>{escape(issue.gazette_name)} {escape(issue.name)}</title><style>{_style()}</style></head><body>"
    yield '<section class="cover">'
    yield f"<h1>{escape(issue.gazette_name)}</h1><p>{escape(issue.name)}</p><hr>"
    yield f"<p>{escape(issue.sponsor or '')}</p>"
    if issue.cover_date:
        yield f"<p>{day(issue.cover_date)}</p>"
    yield f'</section><p class="running">{escape(issue.gazette_name)}　{escape(issue.name)}</p>'
    numbered = tuple(enumerate(issue.entries))
    yield from _contents(numbered)
    yield '<section class="texts">'
    for column, entries in groupby(numbered, key=lambda pair: pair[1].column):
        if column:
            yield f'<p class="column">{escape(column)}</p>'
        for position, entry in entries:
            yield from _entry(position, entry)
    yield "</section></body></html>"


def _contents(numbered: tuple[tuple[int, EntryText], ...]) -> Iterator[str]:
    """目录: WeasyPrint fills in the page numbers (target-counter)."""
    yield '<nav class="contents"><h2>目　录</h2>'
    for column, entries in groupby(numbered, key=lambda pair: pair[1].column):
        if column:
            yield f'<p class="column">{escape(column)}</p>'
        for position, entry in entries:
            number = f"（{escape(entry.version.doc_number)}）" if entry.version.doc_number else ""
            yield f'<p><a href="#from-{position}">{escape(entry.version.title)}{number}</a></p>'
    yield "</nav>"


def _entry(position: int, entry: EntryText) -> Iterator[str]:
    """One document as official papers are laid out (GB/T 9704): number, title, recipients, text, signature, date.

    What an order promulgates is printed under the order, which bears number, signature and date.
    """
    version = entry.version
    order = next((note for note in version.notes if _ORDER.match(note)), None)
    yield f'<article id="from-{position}">'
    if order:
        yield from _order(order)
    elif version.doc_number:
        yield f'<p class="number">{escape(version.doc_number)}</p>'
    yield f"<h2>{escape(version.title)}</h2>"
    if text := caption(version):
        yield f'<p class="caption">{escape(text)}</p>'
    if version.recipients:
        yield f'<p class="recipients">{escape("，".join(version.recipients))}：</p>'
    # The signature stands under the text and before what is annexed to it.
    annexed = next((at for at, node in enumerate(version.body) if node.type is BodyType.ATTACHMENT), len(version.body))
    yield from body_html(version.body[:annexed], level=3, anchors=f"{position}-")
    if not order:
        yield from _signature(entry)
    yield from body_html(version.body[annexed:], level=3, anchors=f"{position}-")
    yield from (f'<p class="note">{escape(note)}</p>' for note in version.notes if note is not order)
    yield f'<a id="to-{position}"></a></article>'


def _order(order: str) -> Iterator[str]:
    """令: its name and number, what it says, who signs and when."""
    lines = order.split("\n")
    head = next((at for at, line in enumerate(lines, 1) if line.rstrip("）) ").endswith("号")), 1)
    tail = max(head, len(lines) - _SIGNING_LINES)
    yield from (f'<p class="number">{escape(line)}</p>' for line in lines[:head])
    yield from (f"<p>{escape(line)}</p>" for line in lines[head:tail])
    yield from (f'<p class="signature">{escape(line)}</p>' for line in lines[tail:])


def _signature(entry: EntryText) -> Iterator[str]:
    """署名、成文日期和附注."""
    yield from (f'<p class="signature">{escape(issuer)}</p>' for issuer in entry.document.issuers)
    if entry.version.signed_date:
        yield f'<p class="signature">{day(entry.version.signed_date)}</p>'
    if entry.document.disclosure:
        yield f'<p class="note">（{escape(entry.document.disclosure)}）</p>'


@cache
def _style() -> str:
    folder = files("gazette.renditions")
    return "\n".join((folder / name).read_text("utf-8") for name in ("print.css", "issue.css"))
