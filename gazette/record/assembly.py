"""Putting documents together: from the rows of a batch of documents to finished `DocumentRecord`s.

One query per table and batch, never one per document: the index, the exports and the feeds read everything.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from gazette.citations.cited import CitationRow
from gazette.draft import Node
from gazette.issues.issue import EntryRow, GazetteRow, IssueRow, IssueState
from gazette.record.agencies import AgencyRow
from gazette.record.documents import (
    AttachmentRow,
    CopyRow,
    DocumentRow,
    DocumentState,
    IdentifierKind,
    IdentifierRow,
    IssuerRow,
    VersionOrigin,
    VersionRow,
    VersionState,
)
from gazette.record.relations import Ties, find_subjects, is_known, relate
from gazette.record.values import (
    AttachmentRecord,
    CopyRecord,
    DocumentRecord,
    Gazetted,
    Identifier,
    Provenance,
    VersionRecord,
)
from gazette.store import in_batches
from gazette.validity.events import Event, EventRow, IntervalRow, to_event
from gazette.validity.intervals import to_dates
from gazette.validity.status import Interval, Status, VersionDates, derive_standing, find_version_standing

T = TypeVar("T")
Grouped = Mapping[str, list[T]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Batch:
    """Every row that belongs to a batch of documents, grouped by the document or version it belongs to."""

    issuers: Grouped[str]
    identifiers: Grouped[IdentifierRow]
    versions: Grouped[VersionRow]
    copies: Grouped[CopyRow]
    attachments: Grouped[AttachmentRow]
    intervals: Grouped[IntervalRow]
    events: Grouped[EventRow]
    acts: Grouped[EventRow]
    citing: Grouped[CitationRow]
    cited_by: Grouped[str]
    carried: Grouped[str]
    gazetted: Grouped[Gazetted]
    neighbours: Mapping[str, tuple[str, str | None]]
    subjects: Mapping[str, frozenset[str]]
    decisions: Mapping[str, tuple[str, str]]


def assemble_documents(
    session: Session,
    rows: Sequence[DocumentRow],
    *,
    as_of: dt.date,
    known_at: dt.datetime,
    drafts: bool = False,
) -> list[DocumentRecord]:
    """The finished records of `rows`, in their order; those without a version to show are left out."""
    batch = _read_batch(session, rows, drafts=drafts)
    return [_document(row, batch, as_of, known_at) for row in rows if batch.versions.get(row.id)]


def order_versions(versions: Iterable[VersionRow]) -> list[VersionRow]:
    """Oldest first; an undated version counts as oldest."""
    return sorted(versions, key=lambda row: (row.version_date or dt.date.min, row.created_at, row.id))


def newest_version(versions: Iterable[VersionRow]) -> VersionRow:
    """The newest authentic version; of translations only where nothing else is held."""
    ordered = order_versions(versions)
    return next((row for row in reversed(ordered) if not row.is_translation), ordered[-1])


def _read_batch(session: Session, rows: Sequence[DocumentRow], *, drafts: bool) -> _Batch:
    ids = [row.id for row in rows]
    shown = select(VersionRow).where(VersionRow.document_id.in_(ids))
    states = [VersionState.PUBLISHED, VersionState.DRAFT] if drafts else [VersionState.PUBLISHED]
    shown = shown.where(VersionRow.state.in_(states))
    versions = _grouped(order_versions(session.scalars(shown)), lambda row: row.document_id)
    version_ids = [version.id for group in versions.values() for version in group]
    owner = {version.id: version.document_id for group in versions.values() for version in group}

    def of_versions(row_class: Any, *order: Any) -> list[Any]:
        return list(session.scalars(select(row_class).where(row_class.version_id.in_(version_ids)).order_by(*order)))

    def of_documents(row_class: Any, column: Any, *order: Any) -> list[Any]:
        return list(session.scalars(select(row_class).where(column.in_(ids)).order_by(*order)))

    events = of_documents(EventRow, EventRow.document_id, EventRow.date, EventRow.known_from, EventRow.id)
    acts = of_documents(EventRow, EventRow.act_document_id, EventRow.date, EventRow.known_from, EventRow.id)
    citing: list[CitationRow] = of_versions(CitationRow, CitationRow.id)
    cited_by = session.execute(
        select(CitationRow.target_document_id, VersionRow.document_id)
        .join(VersionRow, VersionRow.id == CitationRow.version_id)
        .where(CitationRow.target_document_id.in_(ids), VersionRow.state == VersionState.PUBLISHED)
        .distinct()
    ).all()
    carried = session.execute(
        select(DocumentRow.carried_by_id, DocumentRow.id).where(DocumentRow.carried_by_id.in_(ids))
    ).all()
    others = {row.carried_by_id for row in rows}
    others |= {event.act_document_id for event in events} | {event.document_id for event in acts}
    others |= {row.target_document_id for row in citing} | {by for _, by in cited_by} | {child for _, child in carried}
    neighbours = _neighbours(session, {each for each in others if each is not None})
    titles = {each: title for each, (title, _number) in neighbours.items()} | {row.id: row.title for row in rows}
    return _Batch(
        issuers=_issuers(session, ids),
        identifiers=_grouped(
            of_documents(IdentifierRow, IdentifierRow.document_id, IdentifierRow.id), lambda row: row.document_id
        ),
        versions=versions,
        copies=_grouped(of_versions(CopyRow, CopyRow.fetched_at, CopyRow.id), lambda row: row.version_id),
        attachments=_grouped(of_versions(AttachmentRow, AttachmentRow.position), lambda row: row.version_id),
        intervals=_grouped(
            of_versions(IntervalRow, IntervalRow.valid_from, IntervalRow.id), lambda row: row.version_id
        ),
        events=_grouped(events, lambda row: row.document_id),
        acts=_grouped(acts, lambda row: row.act_document_id),
        citing=_grouped(citing, lambda row: owner[row.version_id]),
        cited_by=_pairs(cited_by),
        carried=_pairs(carried),
        gazetted=_gazetted(session, ids),
        neighbours=neighbours,
        subjects=find_subjects(session, titles),
        decisions=_decisions(session, [row for group in versions.values() for row in group]),
    )


def _grouped(rows: Iterable[T], key: Callable[[T], str | None]) -> dict[str, list[T]]:
    groups: defaultdict[str, list[T]] = defaultdict(list)
    for row in rows:
        owner = key(row)
        if owner is not None:
            groups[owner].append(row)
    return dict(groups)


def _pairs(pairs: Iterable[Any]) -> dict[str, list[str]]:
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for owner, value in pairs:
        groups[owner].append(value)
    return dict(groups)


def _issuers(session: Session, ids: Sequence[str]) -> dict[str, list[str]]:
    return _pairs(
        session.execute(
            select(IssuerRow.document_id, AgencyRow.name)
            .join(AgencyRow, AgencyRow.id == IssuerRow.agency_id)
            .where(IssuerRow.document_id.in_(ids))
            .order_by(IssuerRow.document_id, IssuerRow.position)
        )
    )


def _gazetted(session: Session, ids: Sequence[str]) -> dict[str, list[Gazetted]]:
    query = (
        select(EntryRow, IssueRow, GazetteRow.name)
        .join(IssueRow, IssueRow.id == EntryRow.issue_id)
        .join(GazetteRow, GazetteRow.id == IssueRow.gazette_id)
        .where(EntryRow.document_id.in_(ids), IssueRow.state == IssueState.PUBLISHED)
        .order_by(IssueRow.year, IssueRow.number, EntryRow.position)
    )
    return _pairs(
        (
            entry.document_id,
            Gazetted(
                gazette=issue.gazette_id,
                gazette_name=name,
                year=issue.year,
                number=issue.number,
                cover_date=issue.cover_date,
                page_from=entry.page_from,
            ),
        )
        for entry, issue, name in session.execute(query)
    )  # type: ignore[return-value]


def _neighbours(session: Session, ids: set[str]) -> dict[str, tuple[str, str | None]]:
    """Title and number of the published documents among `ids`."""
    found: dict[str, tuple[str, str | None]] = {}
    for part in in_batches(sorted(ids), 5000):
        titles = session.execute(
            select(DocumentRow.id, DocumentRow.title).where(
                DocumentRow.id.in_(part), DocumentRow.state == DocumentState.PUBLISHED
            )
        )
        found |= {document: (title, None) for document, title in titles}
        numbers = session.execute(
            select(IdentifierRow.document_id, IdentifierRow.value)
            .where(IdentifierRow.document_id.in_(part), IdentifierRow.kind == IdentifierKind.DOC_NUMBER)
            .order_by(IdentifierRow.id)
        )
        found |= {document: (found[document][0], number) for document, number in numbers if document in found}
    return found


def _decisions(session: Session, versions: Iterable[VersionRow]) -> dict[str, tuple[str, str]]:
    """Document and title of the decisions that consolidated texts rest on, by the decision's version."""
    ids = sorted({row.decision_version_id for row in versions if row.decision_version_id})
    query = select(VersionRow.id, VersionRow.document_id, VersionRow.title).where(VersionRow.id.in_(ids))
    return {version: (document, title) for version, document, title in session.execute(query)} if ids else {}


def _provenance(row: VersionRow, batch: _Batch) -> Provenance | None:
    if row.decision_version_id is None:
        return None
    document, title = batch.decisions.get(row.decision_version_id, (None, None))
    return Provenance(
        base=row.base_version_id, decision=row.decision_version_id, decision_document=document, decision_title=title
    )


def _document(row: DocumentRow, batch: _Batch, as_of: dt.date, known_at: dt.datetime) -> DocumentRecord:
    rows = batch.versions[row.id]
    every_event = tuple(_event(event, batch) for event in batch.events.get(row.id, ()))
    dates = [to_dates(version) for version in rows]
    versions = tuple(_version(version, batch, dates, every_event, as_of, known_at) for version in rows)
    standing_id = find_version_standing(dates, every_event, as_of=as_of, known_at=known_at)
    current = next(version for version in versions if version.id == standing_id)
    names = batch.identifiers.get(row.id, [])
    return DocumentRecord(
        id=row.id,
        title=row.title,
        state=DocumentState(row.state),
        doc_number=current.doc_number or _name(names, IdentifierKind.DOC_NUMBER),
        registry_number=_name(names, IdentifierKind.REGISTRY_NUMBER),
        index_number=_name(names, IdentifierKind.INDEX_NUMBER),
        issuers=tuple(batch.issuers.get(row.id, ())),
        kind=row.kind,
        theme=row.theme,
        keywords=tuple(row.keywords),
        disclosure=row.disclosure,
        identifiers=tuple(Identifier(kind=name.kind, value=name.value, raw=name.raw) for name in names),
        versions=versions,
        current=current,
        standing=derive_standing(dates, every_event, version=None, as_of=as_of, known_at=known_at),
        events=tuple(event for event in every_event if is_known(event, known_at)),
        gazetted=tuple(batch.gazetted.get(row.id, ())),
        related=tuple(relate(_ties(row, batch), batch.neighbours, batch.subjects, known_at)),
        sources=tuple(sorted({copy.source for version in versions for copy in version.copies if copy.source})),
        first_published_at=row.first_published_at,
        updated_at=row.updated_at,
        withdrawn_at=row.withdrawn_at,
        withdrawn_reason=row.withdrawn_reason,
    )


def _ties(row: DocumentRow, batch: _Batch) -> Ties:
    return Ties(
        document=row.id,
        title=row.title,
        carried_by=row.carried_by_id,
        carries=batch.carried.get(row.id, ()),
        acts=batch.acts.get(row.id, ()),
        events=batch.events.get(row.id, ()),
        citing=batch.citing.get(row.id, ()),
        cited_by=batch.cited_by.get(row.id, ()),
    )


def _name(names: Iterable[IdentifierRow], kind: IdentifierKind) -> str | None:
    return next((name.value for name in names if name.kind == kind), None)


def _version(
    row: VersionRow,
    batch: _Batch,
    dates: Sequence[VersionDates],
    events: Sequence[Event],
    as_of: dt.date,
    known_at: dt.datetime,
) -> VersionRecord:
    return VersionRecord(
        id=row.id,
        title=row.title,
        doc_number=row.doc_number,
        version_date=row.version_date,
        signed_date=row.signed_date,
        published_date=row.published_date,
        effective_date=row.effective_date,
        expiry_date=row.expiry_date,
        language=row.language,
        is_translation=row.is_translation,
        recipients=tuple(row.recipients),
        history=tuple(row.history),
        body=tuple(Node.from_json(node) for node in row.body),
        notes=tuple(row.notes),
        findings=tuple(row.findings),
        copies=tuple(copy_record(copy) for copy in batch.copies.get(row.id, ())),
        attachments=tuple(
            AttachmentRecord(id=each.id, title=each.title, url=each.url, media_type=each.media_type, sha256=each.sha256)
            for each in batch.attachments.get(row.id, ())
        ),
        intervals=tuple(_interval(each) for each in batch.intervals.get(row.id, ())),
        standing=derive_standing(dates, events, version=row.id, as_of=as_of, known_at=known_at),
        state=VersionState(row.state),
        origin=VersionOrigin(row.origin),
        provenance=_provenance(row, batch),
    )


def copy_record(row: CopyRow) -> CopyRecord:
    return CopyRecord(
        id=row.id,
        sha256=row.sha256,
        place=row.place,
        name=row.name,
        media_type=row.media_type,
        charset=row.charset,
        bytes=row.bytes,
        source=row.source,
        fetched_at=row.fetched_at,
    )


def _interval(row: IntervalRow) -> Interval:
    return Interval(
        version=row.version_id,
        status=Status(row.status),
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        basis=row.basis,
        eid=row.eid,
    )


def _event(row: EventRow, batch: _Batch) -> Event:
    act = batch.neighbours.get(row.act_document_id) if row.act_document_id else None
    return to_event(row, act[0] if act else None)
