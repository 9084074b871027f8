"""Citations of a body, and the table of who cites whom."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, delete
from sqlalchemy import text as sql_text
from sqlalchemy.orm import Mapped, Session, mapped_column

from gazette.citations.grammar import find_spans
from gazette.citations.registers import find_register_numbers
from gazette.citations.relatives import Places, placed
from gazette.citations.titles import names_document, normal_title
from gazette.draft import TRADITIONAL, Body, Citation, DocNumber, walk
from gazette.errors import Locator
from gazette.store import Base

_UNRESOLVED = sql_text("target_document_id IS NULL")


class CitationRow(Base):
    """One citation in a stored version; `target_key` (normalised title or number) joins it to what is held later."""

    __tablename__ = "citations"
    __table_args__ = (
        Index("ix_citations_target_key", "target_key"),
        # What is not held, for the acquisition list and for what comes: a small part of all citations.
        Index(
            "ix_citations_unresolved",
            "target_key",
            "version_id",
            sqlite_where=_UNRESOLVED,
            postgresql_where=_UNRESOLVED,
        ),
        Index(
            "ix_citations_unresolved_number",
            "doc_number",
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


def cite_body(body: Body, *, language: str = "zh") -> tuple[Citation, ...]:
    """Every citation of a structured body, each with the address of the node that cites.

    Of a text in traditional characters only the numbers: its 項 is the 款 of a simplified text and its 款 the 项, and
    half a citation (第一款 without its 第十條) would name another provision.
    """
    if language == TRADITIONAL:
        return tuple(_numbers_cited(body))
    shorts: dict[str, str] = {}
    places = Places.of(body)
    found: list[Citation] = []
    for node in walk(body):
        for text in (node.heading, node.text, *(cell for row in node.rows for cell in row)):
            for span in find_spans(text, shorts) if text else ():
                cited = replace(span.citation, locator=Locator(eid=node.eid or None, quote=span.citation.raw))
                found.append(placed(cited, node.eid, places) if cited.kind == "relative" else cited)
    return tuple(found)


def _numbers_cited(body: Body) -> Iterator[Citation]:
    for node in walk(body):
        for text in (node.heading, node.text):
            for number, _ in find_register_numbers(text) if text else ():
                locator = Locator(eid=node.eid or None, quote=number.raw)
                yield Citation(raw=number.raw, kind="number", doc_number=number, locator=locator)


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
            target_key=_wanted_key(each),
            target_document_id=each.document,
            locator=each.locator.to_json(),
        )
        for each in citations
        if each.kind != "relative"
    ]
    session.add_all(rows)
    return len(rows)


def _wanted_key(citation: Citation) -> str | None:
    """None for a paper that is no document, which nothing can wait for."""
    named = citation.title is None or citation.doc_number is not None or names_document(citation.title)
    return target_key(citation.title, citation.doc_number) if named else None


def target_key(title: str | None, number: DocNumber | None) -> str | None:
    """The key under which a named text is looked for: its folded title, else its number."""
    key = normal_title(title) if title else ""
    return (key or (number_key(number) if number else ""))[:400] or None


def number_key(number: DocNumber) -> str:
    """One key for all spellings of a number: 国令第711号 and 国务院令第711号 are one order."""
    prefix = (number.prefix or "").removeprefix("中华人民共和国")
    prefix = {"国令": "国务院令"}.get(prefix, prefix)
    return f"{prefix}|{number.year or ''}|{number.serial or ''}" if number.serial else number.normalized
