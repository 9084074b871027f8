"""Reading the record: documents with everything that belongs to them, as of a day and as known at a moment.

Only what is published is read unless the caller says that it works for an editor.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gazette.errors import NotFound, Withdrawn
from gazette.record.assembly import assemble_documents, copy_record
from gazette.record.documents import CopyRow, DocumentRow, DocumentState
from gazette.record.values import (
    AttachmentRecord,
    CopyRecord,
    DocumentRecord,
    Gazetted,
    Identifier,
    Related,
    VersionRecord,
)
from gazette.store import in_batches, now, today

__all__ = [
    "AttachmentRecord",
    "CopyRecord",
    "DocumentRecord",
    "Gazetted",
    "Identifier",
    "Related",
    "VersionRecord",
    "count_documents",
    "get_copy",
    "get_document",
    "iter_documents",
    "latest_documents",
]

#: Documents read at once: few queries, little memory.
_BATCH = 200


def get_document(
    session: Session,
    document_id: str,
    *,
    as_of: dt.date | None = None,
    known_at: dt.datetime | None = None,
    allow_withdrawn: bool = False,
    drafts: bool = False,
) -> DocumentRecord:
    """One document on one day; a merged one is read where it lives on.

    Raises NotFound, and Withdrawn for a tombstone unless `allow_withdrawn` (what was purged is gone for everyone).
    `drafts` is for editors: documents and versions in review are read too.
    """
    row = _follow(session, document_id)
    if row is None or (row.state == DocumentState.DRAFT and not drafts):
        raise NotFound(what=f"文件 {document_id}")
    if row.state == DocumentState.PURGED or (row.state == DocumentState.WITHDRAWN and not allow_withdrawn):
        raise Withdrawn(title=row.title, reason=row.withdrawn_reason or "", withdrawn_at=row.withdrawn_at)
    found = assemble_documents(session, [row], as_of=as_of or today(), known_at=known_at or now(), drafts=drafts)
    if not found:
        raise NotFound(what=f"文件 {document_id}")
    return found[0]


def get_copy(session: Session, copy_id: str) -> CopyRecord:
    """One copy, whatever the state of its document: for editors. Raises NotFound."""
    row = session.get(CopyRow, copy_id)
    if row is None:
        raise NotFound(what=f"原件 {copy_id}")
    return copy_record(row)


def iter_documents(
    session: Session,
    ids: Iterable[str] | None = None,
    *,
    as_of: dt.date | None = None,
    known_at: dt.datetime | None = None,
) -> Iterator[DocumentRecord]:
    """Published documents in order of id, read in batches; only those of `ids`, if given."""
    day, moment = as_of or today(), known_at or now()
    for batch in _batches(session, None if ids is None else sorted(set(ids))):
        yield from assemble_documents(session, batch, as_of=day, known_at=moment)


def latest_documents(session: Session, n: int = 20) -> tuple[DocumentRecord, ...]:
    """The `n` documents published here last, newest first."""
    query = (
        select(DocumentRow)
        .where(DocumentRow.state == DocumentState.PUBLISHED)
        .order_by(DocumentRow.first_published_at.desc(), DocumentRow.id)
        .limit(n)
    )
    return tuple(assemble_documents(session, session.scalars(query).all(), as_of=today(), known_at=now()))


def count_documents(session: Session, state: DocumentState = DocumentState.PUBLISHED) -> int:
    return session.scalar(select(func.count()).select_from(DocumentRow).where(DocumentRow.state == state)) or 0


def _follow(session: Session, document_id: str) -> DocumentRow | None:
    """The row of a document, or of the one it was merged into."""
    row = session.get(DocumentRow, document_id)
    while row is not None and row.merged_into_id is not None:
        row = session.get(DocumentRow, row.merged_into_id)
    return row


def _batches(session: Session, ids: Sequence[str] | None) -> Iterator[Sequence[DocumentRow]]:
    published = select(DocumentRow).where(DocumentRow.state == DocumentState.PUBLISHED).order_by(DocumentRow.id)
    if ids is not None:
        for batch in in_batches(ids, _BATCH):
            yield session.scalars(published.where(DocumentRow.id.in_(batch))).all()
        return
    after = ""
    while rows := session.scalars(published.where(DocumentRow.id > after).limit(_BATCH)).all():
        yield rows
        after = rows[-1].id
