"""Accession (入藏): the rows of a draft that enters the record as a document, a version, or one more copy.

What is known is never overwritten by a copy, blanks are filled from it, and nothing that an editor corrected is
touched. The newest authentic version names the document.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from gazette.audit import AuditRow
from gazette.digitization.readers import READER
from gazette.draft import Draft
from gazette.editing.scans import save_lines
from gazette.errors import Finding
from gazette.record.agencies import AgencyRow
from gazette.record.assembly import newest_version
from gazette.record.documents import (
    AttachmentRow,
    CopyRow,
    DocumentRow,
    IdentifierKind,
    IdentifierRow,
    IssuerRow,
    VersionRow,
)
from gazette.record.identity import version_date
from gazette.record.likeness import text_hash, title_key
from gazette.store import now

_DOCUMENT_FIELDS = ("kind", "theme", "disclosure")
_VERSION_FIELDS = ("version_date", "signed_date", "published_date", "effective_date", "expiry_date")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a file came from: its address or name, and the name of the source that had it."""

    place: str
    source: str | None
    position: int
    bytes: int


def add_document(session: Session, draft: Draft, title: str) -> DocumentRow:
    """A new document of the draft's metadata, with its issuers; in review until it is published."""
    row = DocumentRow(
        title=title,
        kind=_cut(draft.kind, 40),
        theme=draft.theme,
        keywords=list(draft.keywords),
        disclosure=draft.disclosure,
    )
    session.add(row)
    session.flush()
    set_issuers(session, row.id, draft.issuers)
    return row


def add_version(
    session: Session, document: DocumentRow, draft: Draft, title: str, findings: Iterable[Finding]
) -> VersionRow:
    """A new version of `document` with the draft's text, dates and findings."""
    number = draft.doc_number
    row = VersionRow(
        document_id=document.id,
        title=title,
        doc_number=number.normalized if number else None,
        doc_number_raw=number.raw if number else None,
        version_date=version_date(draft),
        signed_date=draft.signed_date,
        published_date=draft.published_date,
        effective_date=draft.effective_date,
        expiry_date=draft.expiry_date,
        language=draft.language,
        is_translation=draft.is_translation,
        recipients=list(draft.recipients),
        history=[entry.to_json() for entry in draft.history],
        body=[node.to_json() for node in draft.body],
        notes=list(draft.notes),
        findings=[finding.to_json() for finding in findings],
        letters_sha256=text_hash(draft.body),
    )
    session.add(row)
    session.flush()
    for position, each in enumerate(draft.attachments):
        session.add(
            AttachmentRow(
                version_id=row.id,
                position=position,
                title=each.title,
                url=each.url,
                media_type=_cut(each.media_type, 100),
                sha256=each.sha256,
            )
        )
    return row


def add_copy(session: Session, version: VersionRow, draft: Draft, place: Place) -> CopyRow:
    """The file the text was read from, and where it came from, as a copy of `version`."""
    row = CopyRow(
        version_id=version.id,
        sha256=draft.source.sha256,
        place=place.place,
        name=draft.source.name,
        media_type=draft.source.media_type[:100],
        charset=_cut(draft.source.charset, 30),
        bytes=place.bytes,
        source=_cut(place.source, 60),
        position=place.position,
        reader=READER,
    )
    session.add(row)
    session.flush()
    save_lines(session, row.id, draft.scan)
    return row


def add_names(session: Session, document_id: str, draft: Draft) -> bool:
    """Every name the draft gives the document, each once; says whether any is new."""
    names = [(IdentifierKind.TITLE, title_key(draft.title), draft.title)] if draft.title else []
    if draft.doc_number:
        names.append((IdentifierKind.DOC_NUMBER, draft.doc_number.normalized, draft.doc_number.raw))
    if draft.registry_number:
        names.append((IdentifierKind.REGISTRY_NUMBER, draft.registry_number, draft.registry_number))
    if draft.index_number:
        names.append((IdentifierKind.INDEX_NUMBER, draft.index_number, draft.index_number))
    added = [add_name(session, document_id, kind, value, raw) for kind, value, raw in names]
    return any(added)


def add_name(session: Session, document_id: str, kind: IdentifierKind, value: str, raw: str) -> bool:
    """One name of a document; a second time changes nothing. Says whether it is new."""
    key = {"document_id": document_id, "kind": kind.value, "value": value[:400]}
    if not value or session.scalar(select(IdentifierRow.id).filter_by(**key)) is not None:
        return False
    session.add(IdentifierRow(**key, raw=raw))
    session.flush()
    return True


def set_issuers(session: Session, document_id: str, names: Iterable[str]) -> None:
    """The agencies that issued a document, in order; an agency is made on first mention."""
    for row in session.scalars(select(IssuerRow).filter_by(document_id=document_id)):
        session.delete(row)
    session.flush()
    for position, name in enumerate(dict.fromkeys(name.strip()[:200] for name in names if name.strip())):
        session.add(IssuerRow(document_id=document_id, position=position, agency_id=_agency(session, name)))
    session.flush()


def list_issuers(session: Session, document_id: str) -> list[str]:
    """The names of the agencies that issued a document, in the order signed."""
    query = (
        select(AgencyRow.name)
        .join(IssuerRow, IssuerRow.agency_id == AgencyRow.id)
        .where(IssuerRow.document_id == document_id)
        .order_by(IssuerRow.position)
    )
    return list(session.scalars(query))


def fill_blanks(session: Session, document: DocumentRow, version: VersionRow, draft: Draft) -> bool:
    """Take from one more copy what was not known; says whether anything was."""
    kept = corrected_fields(session, document.id) | corrected_fields(session, version.id)
    changed = False
    for row, names in ((document, _DOCUMENT_FIELDS), (version, _VERSION_FIELDS)):
        for name in names:
            value = version_date(draft) if name == "version_date" else getattr(draft, name)
            if value is not None and getattr(row, name) is None and name not in kept:
                setattr(row, name, _fitted(name, value))
                changed = True
    if draft.issuers and "issuers" not in kept and not list_issuers(session, document.id):
        set_issuers(session, document.id, draft.issuers)
        changed = True
    if draft.doc_number and version.doc_number is None and "doc_number" not in kept:
        version.doc_number, version.doc_number_raw = draft.doc_number.normalized, draft.doc_number.raw
        changed = True
    return changed


def name_after_newest(session: Session, document: DocumentRow, version: VersionRow, draft: Draft) -> None:
    """Let the newest authentic version give the document its title and, where it says so, its metadata."""
    held = session.scalars(select(VersionRow).filter_by(document_id=document.id))
    if newest_version(held).id != version.id:
        return
    kept = corrected_fields(session, document.id)
    if "title" not in kept:
        document.title = version.title
    for name in _DOCUMENT_FIELDS:
        value = getattr(draft, name)
        if value is not None and name not in kept:
            setattr(document, name, _fitted(name, value))
    if draft.issuers and "issuers" not in kept:
        set_issuers(session, document.id, draft.issuers)


def corrected_fields(session: Session, subject: str) -> frozenset[str]:
    """The fields of a document or version that an editor has set by hand."""
    rows = session.scalars(select(AuditRow.after).filter_by(subject=subject, action="correct"))
    return frozenset(name for after in rows for name in after)


def touch(document: DocumentRow, moment: dt.datetime | None = None) -> None:
    document.updated_at = moment or now()


def _agency(session: Session, name: str) -> str:
    found = session.scalar(select(AgencyRow.id).filter_by(name=name))
    if found is None:
        row = AgencyRow(name=name)
        session.add(row)
        session.flush()
        found = row.id
    return found


def _fitted(name: str, value: Any) -> Any:
    return _cut(value, 40) if name == "kind" else value


def _cut(text: str | None, length: int) -> str | None:
    return text[:length] if text is not None else None
