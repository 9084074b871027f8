"""Citations: one grammar for numbers, titles and provisions; and the table of who cites whom.

A citation is read where it stands: a title takes the number in the bracket after it and the provision that
follows; 本条例第三条 and 前款 are relative to the text that says so; a short name (以下简称《X》) stands for the title
it was given to.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any, NamedTuple

from sqlalchemy import ForeignKey, Index, String, Text, delete
from sqlalchemy import text as sql_text
from sqlalchemy.orm import Mapped, Session, mapped_column

from gazette.draft import TRADITIONAL, Body, Citation, DocNumber, Provision, walk
from gazette.errors import Locator
from gazette.numbers import find_doc_numbers
from gazette.numerals import parse_chinese_number
from gazette.provisions import ProvisionSpan, find_provisions, parse_provision
from gazette.registers import find_register_numbers
from gazette.relatives import Places, placed
from gazette.store import Base
from gazette.titles import find_titles, normal_title

__all__ = [
    "CitationRow",
    "cite_body",
    "find_citations",
    "number_key",
    "parse_provision",
    "save_citations",
    "target_key",
]


_UNRESOLVED = sql_text("target_document_id IS NULL")


class CitationRow(Base):
    """One citation in a stored version; `target_key` (normalised title or number) joins it to what is held later."""

    __tablename__ = "citations"
    __table_args__ = (
        Index("ix_citations_target_key", "target_key"),
        # What is not held, for the acquisition list: a small part of all citations.
        Index(
            "ix_citations_unresolved",
            "target_key",
            "version_id",
            sqlite_where=_UNRESOLVED,
            postgresql_where=_UNRESOLVED,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    version_id: Mapped[str] = mapped_column(ForeignKey("versions.id"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    raw: Mapped[str] = mapped_column(Text)
    title: Mapped[str | None] = mapped_column(Text)
    doc_number: Mapped[str | None] = mapped_column(Text)
    provision_eid: Mapped[str | None] = mapped_column(String(200))
    target_key: Mapped[str | None] = mapped_column(String(400))
    target_document_id: Mapped[str | None] = mapped_column(ForeignKey("documents.id"), index=True)
    locator: Mapped[dict[str, Any]] = mapped_column(default=dict)


#: What may stand between a title (or number) and its provision.
_GAP = re.compile(r"\s{0,2}(?:文件|文)?(?:的|中|中的|之)?\s?")
_BRACKET_AFTER = re.compile(
    r"\s?[（(［\[](?P<inside>[^（）()\[\]［］《》]{0,60}(?:[（(〔\[][^）)〕\]]{1,20}[）)〕\]][^（）()《》]{0,30})?)[）)\]］]"
)
#: What belongs to the name of the text cited: its version, or that it is on trial or a draft.
_VERSION_MARK = re.compile(
    r"\d{4}年?.{0,12}?(?:修正|修订|修改|公布|发布)|\d{4}[-.]\d{1,2}[-.]\d{1,2}|^(?:修正|修订)"
    r"|^(?:试行|暂行|试点|(?:修订|修改|修正)?草案|征求意见稿|送审稿|修订稿)$"
)
_RELATIVE = re.compile(
    r"(?P<self>本(?:法典|法|条例|办法|规定|细则|规则|决定|解释|通知|意见|规程|准则|章程|方案|标准|公告|通告|令|目录))"
    r"|(?P<near>[前上本]\s?[一二两三四五六七八九]?\s?(?:条|款|项|章|节|编))(?![例件约款目程])"
)
_SHORT_FOR = re.compile(
    r"\s?[（(](?:[^（）()《》]{0,40}(?:[（(][^（）()]{1,12}[）)][^（）()《》]{0,20})?[，,；;])?"
    r"(?:以下|下)?(?:均|统一)?(?:简称|统称|合称|下称|称)(?:为|作)?[:：]?\s?(?P<name>[^（）()]{1,40})[）)]"
)
#: 建筑法 in 以下简称建筑法: a short name without marks, where words lead up to it and its provision follows.
_LEADS_TO_NAME = re.compile(
    r"(?:^|[\s，。；、：（(“]|根据|依据|依照|按照|参照|违反|适用|执行|符合|[按照以和及与或对在经由])$"
)
_LONGEST_LEAD, _LONGEST_SHORT = 4, 20
_ANNEX = re.compile(r"(?:所附)?附件\s?(?P<n>[0-9０-９一二三四五六七八九十]{1,3})(?=第|[^一-龥]|$)")
_AND = re.compile(r"[、，和及或与以]{1,2}")
_OUTER = '《》“”"「」〈〉'


class Span(NamedTuple):
    """A citation and where it stands in its text."""

    start: int
    end: int
    citation: Citation


def find_citations(text: str) -> tuple[Citation, ...]:
    """Every citation in `text`, in reading order."""
    return tuple(span.citation for span in find_spans(text, {}))


def cite_body(body: Body, *, language: str = "zh") -> tuple[Citation, ...]:
    """Every citation of a structured body, each with the address of the node that cites.

    None of a text in traditional characters: its 項 is the 款 of a simplified text and its 款 the 项, and half a
    citation (第一款 without its 第十條) would name another provision.
    """
    if language == TRADITIONAL:
        return ()
    shorts: dict[str, str] = {}
    places = Places.of(body)
    found: list[Citation] = []
    for node in walk(body):
        for text in (node.heading, node.text, *(cell for row in node.rows for cell in row)):
            for span in find_spans(text, shorts) if text else ():
                cited = replace(span.citation, locator=Locator(eid=node.eid or None, quote=span.citation.raw))
                found.append(placed(cited, node.eid, places) if cited.kind == "relative" else cited)
    return tuple(found)


def save_citations(session: Session, version_id: str, citations: Iterable[Citation]) -> int:
    """Put the citations of a version in place of those it had; relative ones point into itself and are not kept."""
    session.execute(delete(CitationRow).where(CitationRow.version_id == version_id))
    rows = [
        CitationRow(
            version_id=version_id,
            kind=each.kind,
            raw=each.raw,
            title=each.title,
            doc_number=str(each.doc_number) if each.doc_number else None,
            provision_eid=each.provision.eid if each.provision else None,
            target_key=target_key(each.title, each.doc_number),
            target_document_id=each.document,
            locator=each.locator.to_json(),
        )
        for each in citations
        if each.kind != "relative"
    ]
    session.add_all(rows)
    return len(rows)


def target_key(title: str | None, number: DocNumber | None) -> str | None:
    """The key under which a named text is looked for: its folded title, else its number."""
    key = normal_title(title) if title else ""
    return (key or (number_key(number) if number else ""))[:400] or None


def number_key(number: DocNumber) -> str:
    """One key for all spellings of a number: 国令第711号 and 国务院令第711号 are one order."""
    prefix = (number.prefix or "").removeprefix("中华人民共和国")
    prefix = {"国令": "国务院令"}.get(prefix, prefix)
    return f"{prefix}|{number.year or ''}|{number.serial or ''}" if number.serial else number.normalized


def find_short_names(text: str) -> dict[str, str]:
    """The short names a text gives (以下简称《X》), folded, each with the title it stands for."""
    shorts: dict[str, str] = {}
    for title, (_, end) in find_titles(text):
        short = _SHORT_FOR.match(text, end)
        if short:
            shorts[normal_title(short["name"].strip(_OUTER))] = title
    return shorts


def find_spans(text: str, shorts: dict[str, str]) -> tuple[Span, ...]:
    """Citations of one text in reading order, each where it stands; `shorts` are the short names given so far (folded,
    with their titles) and take up those that this text gives."""
    provisions = {span.start: span for span in find_provisions(text)}
    numbers = _numbers(text)
    found: list[Span] = []
    taken = bytearray(len(text))
    for title, (start, end) in find_titles(text):
        if taken[start]:
            continue
        citation, end = _title_citation(text, title, start, end, numbers, shorts)
        taken[start:end] = b"\1" * (end - start)
        found += _with_provisions(text, citation, start, end, provisions)
    for number, (start, end) in numbers:
        if not taken[start]:
            citation = Citation(raw=text[start:end], kind="number", doc_number=number)
            taken[start:end] = b"\1" * (end - start)
            found += _with_provisions(text, citation, start, end, provisions)
    for start, end, title in _bare_shorts(text, shorts, provisions):
        if not any(taken[start:end]):
            citation = Citation(raw=text[start:end], kind="short", title=title)
            taken[start:end] = b"\1" * (end - start)
            found += _with_provisions(text, citation, start, end, provisions)
    for match in _RELATIVE.finditer(text):
        start, end = match.span()
        if not taken[start]:
            citation = Citation(raw=match[0], kind="relative")
            found += _with_provisions(text, citation, start, end, provisions, needed=match["self"] is not None)
    found += [
        Span(span.start, span.end, Citation(raw=span.provision.raw, kind="provision", provision=span.provision))
        for span in provisions.values()
        if not taken[span.start]
    ]
    return tuple(sorted(found, key=lambda each: each.start))


def _numbers(text: str) -> list[tuple[DocNumber, tuple[int, int]]]:
    """Document numbers and those of other registers in reading order."""
    found = sorted((*find_doc_numbers(text), *find_register_numbers(text)), key=lambda each: each[1])
    return [each for at, each in enumerate(found) if not at or found[at - 1][1][1] <= each[1][0]]


def _bare_shorts(
    text: str, shorts: dict[str, str], provisions: dict[int, ProvisionSpan]
) -> Iterator[tuple[int, int, str]]:
    """Short names printed without 《》, each right before a provision: 违反建筑法第七条."""
    for start in tuple(provisions) if shorts else ():
        words = text[max(0, start - _LONGEST_SHORT) : start]
        for length in range(len(words), 1, -1):
            title = shorts.get(words[-length:])
            if title and _LEADS_TO_NAME.search(text[max(0, start - length - _LONGEST_LEAD) : start - length]):
                yield start - length, start, title
                break


def _title_citation(
    text: str,
    title: str,
    start: int,
    end: int,
    numbers: list[tuple[DocNumber, tuple[int, int]]],
    shorts: dict[str, str],
) -> tuple[Citation, int]:
    """The citation of a title with what its brackets add: number, version mark, short name."""
    number = None
    kind = "title"
    if normal_title(title) in shorts:
        kind, title = "short", shorts[normal_title(title)]
    for _ in range(3):
        short = _SHORT_FOR.match(text, end)
        bracket = _BRACKET_AFTER.match(text, end)
        if short:
            shorts[normal_title(short["name"].strip(_OUTER))] = title
            number, end = number or _number_within(short, numbers), short.end()
        elif bracket and (inside := _number_within(bracket, numbers)):
            number, end = number or inside, bracket.end()
        elif bracket and _VERSION_MARK.search(bracket["inside"]):
            title, end = f"{title}（{bracket['inside']}）", bracket.end()
        else:
            break
    return Citation(raw=text[start:end], kind=kind, title=title, doc_number=number), end


def _number_within(bracket: re.Match[str], numbers: list[tuple[DocNumber, tuple[int, int]]]) -> DocNumber | None:
    low, high = bracket.span()
    return next((number for number, (start, end) in numbers if low <= start and end <= high), None)


def _with_provisions(
    text: str,
    citation: Citation,
    start: int,
    end: int,
    provisions: dict[int, ProvisionSpan],
    *,
    needed: bool = False,
) -> Iterator[Span]:
    """The citation once for each provision that follows it, or once without; `needed` drops the bare form."""
    gap = _GAP.match(text, end)
    at = gap.end() if gap else end
    annex = _ANNEX.match(text, at) if citation.title else None
    if annex:
        yield from _in_annex(text, citation, start, annex, provisions)
        return
    if at not in provisions:
        if not needed:
            yield Span(start, end, citation)
        return
    while at in provisions:
        span = provisions.pop(at)
        yield Span(start, span.end, replace(citation, raw=text[start : span.end], provision=span.provision))
        comma = _AND.match(text, span.end)
        at = start = comma.end() if comma else -1


def _in_annex(
    text: str, citation: Citation, start: int, annex: re.Match[str], provisions: dict[int, ProvisionSpan]
) -> Iterator[Span]:
    """《甲办法》附件2第三条 is att_2__art_3."""
    inside = provisions.pop(annex.end(), None)
    end = inside.end if inside else annex.end()
    eid = f"att_{parse_chinese_number(annex['n'])}"
    provision = Provision(raw=text[annex.start() : end], eid=f"{eid}__{inside.provision.eid}" if inside else eid)
    yield Span(start, end, replace(citation, raw=text[start:end], provision=provision))
