"""Tombstones: documents that were public once and are no longer, so that whoever copied them learns of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from gazette.record.documents import DocumentRow, DocumentState
from gazette.store import in_batches

#: Ids asked for at once; SQLite takes a limited number of bound values.
_BATCH = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Tombstone:
    """What remains of a document: withdrawn with a reason, or merged into another."""

    document: str
    title: str
    state: DocumentState
    withdrawn_at: datetime | None
    reason: str | None
    merged_into: str | None


def iter_tombstones(session: Session, ids: Iterable[str] | None = None) -> Iterator[Tombstone]:
    """Tombstones in order of id; only those of `ids`, if given. Drafts never published leave none."""
    query = (
        select(DocumentRow)
        .where(
            DocumentRow.state.in_([DocumentState.WITHDRAWN.value, DocumentState.MERGED.value]),
            DocumentRow.first_published_at.is_not(None),
        )
        .order_by(DocumentRow.id)
    )
    if ids is None:
        yield from map(_tombstone, session.scalars(query.execution_options(yield_per=_BATCH)))
        return
    for batch in in_batches(sorted(set(ids))):
        yield from map(_tombstone, session.scalars(query.where(DocumentRow.id.in_(batch))))


def _tombstone(row: DocumentRow) -> Tombstone:
    return Tombstone(
        document=row.id,
        title=row.title,
        state=DocumentState(row.state),
        withdrawn_at=row.withdrawn_at,
        reason=row.withdrawn_reason,
        merged_into=row.merged_into_id,
    )
