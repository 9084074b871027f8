"""The editor's work on the record: publish, withdraw, purge, and by re-export correct, label, merge, split, undo.

Each is one transaction that leaves an entry in the trail and a line in the outbox. Nothing is thrown away: a
withdrawal leaves a tombstone and can be undone. The one exception is `purge`, for leaked personal data: text and bytes
go, hash, reason and tombstone stay, and the same bytes are not taken in again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, or_, select, text, update
from sqlalchemy.orm import Session

from gazette.audit import AuditEntry, AuditRow, audit, get_audit, list_audit
from gazette.citations.cited import CitationRow
from gazette.cleanups.cleanup import CleanupLineRow
from gazette.editing.correction import correct, correct_lines
from gazette.editing.judgement import accept_event, reject_event, set_label
from gazette.editing.merging import merge, split
from gazette.editing.publication import publish_version, renew, settle_anew
from gazette.editing.scans import ScanLineRow
from gazette.editing.undoing import undo
from gazette.errors import BadInput, Conflict, NotFound
from gazette.issues.issue import EntryRow
from gazette.outbox import enqueue
from gazette.record.accession import list_issuers, touch
from gazette.record.assembly import order_versions
from gazette.record.documents import (
    AttachmentRow,
    CopyRow,
    DocumentRow,
    DocumentState,
    IdentifierKind,
    IdentifierRow,
    VersionRow,
    VersionState,
)
from gazette.renditions.kept import forget_renditions
from gazette.store import Store, in_batches, now
from gazette.validity.events import EventRow
from gazette.versions.compilation import compile_version

__all__ = [
    "AuditEntry",
    "DraftSummary",
    "accept_event",
    "compile_version",
    "correct",
    "correct_lines",
    "get_audit",
    "list_audit",
    "list_drafts",
    "merge",
    "publish",
    "purge",
    "reject_event",
    "set_label",
    "split",
    "undo",
    "withdraw",
]

_PURGED_TITLE = "（已清除）"


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftSummary:
    """One document that waits for review, or a published one with a version that does."""

    document: str
    version: str
    title: str
    doc_number: str | None
    issuers: tuple[str, ...]
    state: DocumentState
    findings: tuple[dict[str, Any], ...]
    created_at: dt.datetime


def publish(store: Store, document: str, *, actor: str, reason: str | None = None) -> int:
    """Publish a document with every version of it that is in review. Returns the audit id.

    Raises Conflict when nothing waits or the document is a tombstone.
    """
    with store.write() as session:
        row = get_row(session, document)
        if row.state not in (DocumentState.DRAFT, DocumentState.PUBLISHED):
            raise Conflict(why=f"《{row.title}》已撤下或已并入他件，不能发布")
        waiting = [each for each in _versions(session, row.id) if each.state == VersionState.DRAFT]
        if not waiting and row.state == DocumentState.PUBLISHED:
            raise Conflict(why=f"《{row.title}》没有待发布的内容")
        before = {"state": row.state, "versions": [each.id for each in waiting]}
        for version in waiting or _versions(session, row.id)[-1:]:
            publish_version(session, row, version)
        return audit(
            session,
            actor=actor,
            action="publish",
            topic="document",
            subject=row.id,
            before=before,
            after={"state": row.state},
            reason=reason,
        )


def withdraw(store: Store, document: str, *, actor: str, reason: str) -> int:
    """Take a published document down; title, day and reason remain as its tombstone. Returns the audit id.

    Raises BadInput without a reason, Conflict for what is not public.
    """
    if not reason.strip():
        raise BadInput(why="撤下文件必须写明理由")
    with store.write() as session:
        row = get_row(session, document)
        if row.state != DocumentState.PUBLISHED:
            raise Conflict(why=f"《{row.title}》没有公开，不能撤下")
        row.state, row.withdrawn_at, row.withdrawn_reason = DocumentState.WITHDRAWN.value, now(), reason
        touch(row)
        settle_anew(session, {row.id})
        renew(session, _neighbours(session, row.id))
        return audit(
            session,
            actor=actor,
            action="withdraw",
            topic="document",
            subject=row.id,
            before={"state": "published"},
            after={"state": "withdrawn"},
            reason=reason,
        )


def purge(store: Store, document: str, *, actor: str, reason: str) -> int:
    """Destroy text and bytes of a document that should never have been public. Cannot be undone.

    Files that other documents rest on too are kept; what was derived from the whole record is asked to be made anew.
    Running it again finishes what a killed purge began.
    """
    if not reason.strip():
        raise BadInput(why="清除文件必须写明理由")
    from gazette.issues.boundaries import readings_with

    with store.write() as session:
        if session.get_bind().dialect.name == "sqlite":
            session.execute(text("PRAGMA secure_delete=ON"))
        row = get_row(session, document)
        versions = [each.id for each in _versions(session, row.id)]
        neighbours = _neighbours(session, row.id)
        digests = _own_digests(session, versions) | readings_with(session, versions)
        _destroy_text(session, row, versions, reason)
        settle_anew(session, {row.id})
        renew(session, neighbours)
        enqueue(session, "record", row.id)
        entry = audit(
            session,
            actor=actor,
            action="purge",
            topic="document",
            subject=row.id,
            after={"sha256": sorted(digests)},
            reason=reason,
        )
    for digest in digests:
        store.blobs.delete(digest)
    forget_renditions(store.settings, document)
    if store.engine.dialect.name == "sqlite":
        with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    return entry


def list_drafts(session: Session, *, limit: int = 100, offset: int = 0) -> tuple[DraftSummary, ...]:
    """What waits for review, the newest first: one line for each version in review."""
    rows = session.execute(
        select(VersionRow, DocumentRow)
        .join(DocumentRow, DocumentRow.id == VersionRow.document_id)
        .where(
            VersionRow.state == VersionState.DRAFT,
            DocumentRow.state.in_([DocumentState.DRAFT, DocumentState.PUBLISHED]),
        )
        .order_by(VersionRow.created_at.desc(), VersionRow.id)
        .limit(limit)
        .offset(offset)
    ).all()
    return tuple(
        DraftSummary(
            document=document.id,
            version=version.id,
            title=version.title,
            doc_number=version.doc_number,
            issuers=tuple(list_issuers(session, document.id)),
            state=DocumentState(document.state),
            findings=tuple(version.findings),
            created_at=version.created_at,
        )
        for version, document in rows
    )


def get_row(session: Session, document: str) -> DocumentRow:
    row = session.get(DocumentRow, document)
    if row is None:
        raise NotFound(what=f"文件 {document}")
    return row


def _versions(session: Session, document: str) -> list[VersionRow]:
    return order_versions(session.scalars(select(VersionRow).filter_by(document_id=document)))


def _neighbours(session: Session, document: str) -> set[str]:
    """Documents whose page or standing tells of this one."""
    events = session.execute(
        select(EventRow.document_id, EventRow.act_document_id).where(
            or_(EventRow.document_id == document, EventRow.act_document_id == document)
        )
    )
    return {each for pair in events for each in pair if each is not None} - {document}


def _own_digests(session: Session, versions: Sequence[str]) -> set[str]:
    """Hashes of the files that no other document rests on."""
    own: set[str] = set()
    others: set[str] = set()
    for row_class in (CopyRow, AttachmentRow):
        for batch in in_batches(versions):
            ours = select(row_class.sha256).where(row_class.version_id.in_(batch))
            own |= {digest for digest in session.scalars(ours) if digest}
    for row_class in (CopyRow, AttachmentRow):
        for batch in in_batches(own):
            holders = session.execute(select(row_class.sha256, row_class.version_id).where(row_class.sha256.in_(batch)))
            others |= {digest for digest, version in holders if digest and version not in versions}
    return own - others


def _destroy_text(session: Session, row: DocumentRow, versions: Sequence[str], reason: str) -> None:
    row.state = DocumentState.PURGED.value
    row.title, row.theme, row.keywords, row.disclosure = _PURGED_TITLE, None, [], None
    row.withdrawn_at, row.withdrawn_reason = row.withdrawn_at or now(), reason
    touch(row)
    session.execute(
        update(VersionRow)
        .where(VersionRow.id.in_(versions))
        .values(title=_PURGED_TITLE, body=[], notes=[], recipients=[], history=[], findings=[])
    )
    session.execute(update(CopyRow).where(CopyRow.version_id.in_(versions)).values(name=""))
    copies = select(CopyRow.id).where(CopyRow.version_id.in_(versions))
    session.execute(delete(ScanLineRow).where(ScanLineRow.copy_id.in_(copies)))
    session.execute(delete(AttachmentRow).where(AttachmentRow.version_id.in_(versions)))
    session.execute(delete(CitationRow).where(CitationRow.version_id.in_(versions)))
    session.execute(
        delete(IdentifierRow).where(
            IdentifierRow.document_id == row.id,
            IdentifierRow.kind.in_([IdentifierKind.TITLE, IdentifierKind.SHORT_TITLE, IdentifierKind.URL]),
        )
    )
    session.execute(update(EventRow).where(EventRow.act_document_id == row.id).values(quote=None, locator={}))
    session.execute(
        update(EventRow).where(EventRow.document_id == row.id).values(quote=None, locator={}, target_title=None)
    )
    session.execute(
        update(CleanupLineRow)
        .where(CleanupLineRow.document_id == row.id)
        .values(quote="", title=None, remark=None, candidates=[])
    )
    session.execute(update(EntryRow).where(EntryRow.document_id == row.id).values(title=_PURGED_TITLE))
    session.execute(
        update(AuditRow).where(AuditRow.subject.in_([row.id, *versions])).values(before={}, after={}, reason=None)
    )
    enqueue(session, "document", row.id)
