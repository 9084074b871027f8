"""Links: citations tied to the documents they mean, whichever of the two is held first.

Only an unambiguous citation is tied. What cites a document that is not held keeps its key, by which the document
finds it when it comes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import NamedTuple

from sqlalchemy import false, or_, select
from sqlalchemy.orm import Session

from gazette.citations.cited import CitationRow
from gazette.citations.numbers import parse_doc_number
from gazette.citations.resolution import find_by_key, find_version
from gazette.citations.titles import is_interpretation
from gazette.citations.waiting import names_of
from gazette.record.documents import DocumentRow, VersionRow
from gazette.store import in_batches


class Name(NamedTuple):
    """Title and number as a citation prints them, and the provision where a number stands alone: a notice and what it
    carries share theirs, and the provision tells which is meant."""

    title: str | None
    number: str | None
    provision: str | None = None

    @classmethod
    def of(cls, title: str | None, number: str | None, provision: str | None) -> Name:
        return cls(title, number, None if title else provision)


@dataclass(frozen=True, slots=True)
class Cited:
    """The held document that a citation means; `version` where the text of that time is not today's."""

    document: str
    version: str | None


def find_cited(session: Session, version: str, *, written: date | None, today: date) -> dict[Name, Cited]:
    """What the citations of a version lead to, as of the day on which it was `written`."""
    query = (
        select(CitationRow.title, CitationRow.doc_number, CitationRow.provision_eid, CitationRow.target_document_id)
        .where(CitationRow.version_id == version, CitationRow.target_document_id.is_not(None))
        .distinct()
    )

    @cache
    def version_on(document: str, title: str | None, day: date | None) -> str | None:
        return find_version(session, document, title, day)

    found = {}
    for title, number, provision, document in session.execute(query):
        if document is None:
            continue
        then, now = version_on(document, title, written), version_on(document, None, today)
        found[Name.of(title, number, provision)] = Cited(document, then if then != now else None)
    return found


def link_citations(session: Session, version: str) -> None:
    """Tie the citations of a version to what is held."""
    session.flush()
    query = select(CitationRow).where(CitationRow.version_id == version, CitationRow.target_document_id.is_(None))
    _link(session, session.scalars(query).all())


def claim_citations(session: Session, document: str) -> set[str]:
    """Tie to a document the citations that waited for it; returns the documents that cite it."""
    session.flush()
    names = names_of(session, (document,)).conditions(CitationRow.target_key, CitationRow.doc_number)
    query = select(CitationRow).where(CitationRow.target_document_id.is_(None), or_(false(), *names))
    versions = {row.version_id for row in _link(session, session.scalars(query).all())}
    citing: set[str] = set()
    for batch in in_batches(versions):
        citing.update(session.scalars(select(VersionRow.document_id).where(VersionRow.id.in_(batch))))
    return citing - {document}


def find_interpreted(session: Session, documents: Iterable[str]) -> set[str]:
    """The documents that those of `documents` which are interpretations (政策解读) cite."""
    found: set[str] = set()
    for batch in in_batches(documents):
        query = (
            select(DocumentRow.title, CitationRow.target_document_id)
            .join(VersionRow, VersionRow.document_id == DocumentRow.id)
            .join(CitationRow, CitationRow.version_id == VersionRow.id)
            .where(DocumentRow.id.in_(batch), CitationRow.target_document_id.is_not(None))
        )
        found.update(target for title, target in session.execute(query) if target and is_interpretation(title))
    return found


def _link(session: Session, rows: Iterable[CitationRow]) -> list[CitationRow]:
    """Look each name up once; returns the rows that were tied."""
    found: dict[Name, str | None] = {}
    linked: list[CitationRow] = []
    for row in rows:
        name = Name.of(row.title, row.doc_number, row.provision_eid)
        if name not in found:
            number = parse_doc_number(row.doc_number)
            documents = find_by_key(session, row.title, number, provision=name.provision)
            found[name] = documents[0] if len(documents) == 1 else None
        if found[name] is not None:
            row.target_document_id = found[name]
            linked.append(row)
    session.flush()
    return linked
