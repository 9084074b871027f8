"""Ingest (入库): source bytes become documents, versions and copies of the record.

One source file is one transaction: documents, citations, events, outbox and trail of everything found in it, or
nothing. Its bytes are kept first, so a process killed at any instant leaves at most a blob that the next run finds
again. A file known from the same place is not even opened.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import PurePosixPath
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from gazette.audit import audit
from gazette.blobs import sha256_of
from gazette.citations.cited import cite_body, save_citations
from gazette.citations.links import link_citations
from gazette.digitization.refusals import Refusals
from gazette.draft import Digitized, Draft, SourceFile
from gazette.editing.publication import publication_obstacle, publish_version, renew, settle_anew, state_effects
from gazette.errors import Finding, GongbaoError, Level
from gazette.outbox import enqueue
from gazette.record.accession import (
    Place,
    add_copy,
    add_document,
    add_names,
    add_version,
    fill_blanks,
    name_after_newest,
    touch,
)
from gazette.record.documents import CopyRow, DocumentRow, DocumentState, VersionRow, VersionState
from gazette.record.identity import Match, carries, match_draft
from gazette.record.likeness import text_hash
from gazette.store import Store, today
from gazette.validity.doubts import find_doubts, find_doubts_about
from gazette.validity.events import EventRow
from gazette.validity.official_labels import record_label
from gazette.versions.compilation import confirm

_PURGED = Finding(level=Level.ERROR, code="source.purged", message="该文件曾被清除，不再入库。")


class Action(StrEnum):
    """What ingest did with one document found in a source."""

    STORED = "stored"
    UNCHANGED = "unchanged"
    COPY_ADDED = "copy_added"
    VERSION_ADDED = "version_added"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ingested:
    """The outcome for one document; `document` and `version` are None when it failed. `source` names the file."""

    document: str | None
    version: str | None
    title: str | None
    doc_number: str | None
    action: Action
    source: str
    findings: tuple[Finding, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {
            "document": self.document,
            "version": self.version,
            "title": self.title,
            "doc_number": self.doc_number,
            "action": self.action.value,
            "source": self.source,
            "findings": [finding.to_json() for finding in self.findings],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """How the documents of a source are to be taken in, whoever found them."""

    publish: bool
    actor: str
    source_name: str | None = None
    label: str | None = None
    label_date: dt.date | None = None
    #: A text that differs by a letter is a version of its own: an editor has cut it so.
    is_exact: bool = False


def ingest(
    store: Store,
    source: SourceFile,
    *,
    publish: bool,
    actor: str,
    source_name: str | None = None,
    label: str | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[Ingested, ...]:
    """Take in every document of `source`; bytes known from the same place change nothing.

    A file that cannot be read is one `failed` outcome with the reason as its finding. `label` is an official
    validity label that came with the file (有效, 已废止).
    """
    from gazette.digitization.digitize import digitize

    order = Order(publish=publish, actor=actor, source_name=source_name, label=label)
    place = source.url or source.name
    held = _already_held(store, sha256_of(source.data), place)
    if held:
        return _relabel(store, held, [label] * len(held), source.url, order)
    try:
        digitized = digitize(source, settings=store.settings, progress=progress)
    except GongbaoError as error:
        return (not_taken_in(source.name, error.to_finding()),)
    if not digitized.drafts:
        return (not_taken_in(source.name, *_why_nothing(digitized)),)
    return _take_in(store, digitized, source.data, order)


def ingest_draft(
    store: Store,
    draft: Draft,
    data: bytes,
    *,
    publish: bool,
    actor: str,
    source_name: str | None = None,
    label: str | None = None,
    label_date: dt.date | None = None,
) -> Ingested:
    """Take in one document that was mapped, not digitized; `data` are the bytes it was mapped from."""
    source = replace(draft.source, sha256=sha256_of(data))
    digitized = Digitized(drafts=(replace(draft, source=source),), source=source)
    order = Order(publish=publish, actor=actor, source_name=source_name, label=label, label_date=label_date)
    return _ingest_read(store, digitized, data, order)[0]


def ingest_digitized(
    store: Store,
    digitized: Digitized,
    data: bytes,
    *,
    publish: bool,
    actor: str,
    source_name: str | None = None,
    label_date: dt.date | None = None,
) -> tuple[Ingested, ...]:
    """Take in what was digitized already, say of a page whose site told its metadata; `data` are the page's bytes.

    `label_date` is the day on which the drafts' official labels were read.
    """
    return _ingest_read(
        store, digitized, data, Order(publish=publish, actor=actor, source_name=source_name, label_date=label_date)
    )


def alike_once(outcomes: Iterable[tuple[SourceFile, Ingested]]) -> Iterator[Ingested]:
    """What became of the files, as it becomes known; members of an archive that fail alike are told together, last."""
    refusals = Refusals()
    for source, outcome in outcomes:
        if source.archive and outcome.document is None:
            refusals.add(source, outcome.findings)
        else:
            yield outcome
    for archive, finding in refusals.take():
        yield not_taken_in(archive, finding)


def ingest_again(store: Store, digitized: Digitized, data: bytes, *, actor: str) -> tuple[Ingested, ...]:
    """Take in documents of a file that is held already and was divided otherwise by an editor."""
    return _take_in(store, digitized, data, Order(publish=False, actor=actor, is_exact=True))


def _ingest_read(store: Store, digitized: Digitized, data: bytes, order: Order) -> tuple[Ingested, ...]:
    source = digitized.source
    held = _already_held(store, source.sha256, source.url or source.name)
    if held:
        labels = [order.label or draft.validity_label for draft in digitized.drafts]
        return _relabel(store, held, labels, source.url, order)
    return _take_in(store, digitized, data, order)


def _already_held(store: Store, sha256: str, place: str) -> tuple[Ingested, ...]:
    """The outcomes for bytes that are held from this very place, in the order in which the file has them."""
    with store.read() as session:
        if _is_purged(session, sha256):
            return (not_taken_in(place, _PURGED),)
        rows = session.execute(
            select(CopyRow, VersionRow)
            .join(VersionRow, VersionRow.id == CopyRow.version_id)
            .where(CopyRow.sha256 == sha256, CopyRow.place == place[:1000])
            .order_by(CopyRow.position, CopyRow.id)
        ).all()
    return tuple(
        Ingested(
            document=version.document_id,
            version=version.id,
            title=version.title,
            doc_number=version.doc_number,
            action=Action.UNCHANGED,
            source=copy.name,
        )
        for copy, version in rows
    )


def _relabel(
    store: Store, held: tuple[Ingested, ...], labels: Sequence[str | None], url: str | None, order: Order
) -> tuple[Ingested, ...]:
    """The same bytes under another official label: the text is unchanged, its standing may not be."""
    if any(labels):
        with store.write() as session:
            for each, label in zip(held, labels, strict=False):
                if each.version and label:
                    _keep_label(session, session.get_one(VersionRow, each.version), label, url, order)
    return held


def _is_purged(session: Session, sha256: str) -> bool:
    query = (
        select(CopyRow.id)
        .join(VersionRow, VersionRow.id == CopyRow.version_id)
        .join(DocumentRow, DocumentRow.id == VersionRow.document_id)
        .where(CopyRow.sha256 == sha256, DocumentRow.state == DocumentState.PURGED)
    )
    return session.scalar(query.limit(1)) is not None


def _take_in(store: Store, digitized: Digitized, data: bytes, order: Order) -> tuple[Ingested, ...]:
    store.blobs.put(data)
    outcomes: list[Ingested] = []
    with store.write() as session:
        for position, draft in enumerate(digitized.drafts):
            place = Place(
                place=(draft.source.url or digitized.source.url or draft.source.name)[:1000],
                source=order.source_name,
                position=position,
                bytes=len(data),
            )
            carrier = _carrier(digitized.drafts[:position], outcomes, draft)
            outcomes.append(_store(session, draft, place, order, carrier))
    return tuple(replace(each, findings=(*digitized.findings, *each.findings)) for each in outcomes)


def _carrier(before: tuple[Draft, ...], outcomes: list[Ingested], draft: Draft) -> str | None:
    """The document of an earlier notice in the same file that prints and distributes this one."""
    for notice, outcome in zip(before, outcomes, strict=True):
        if notice.title and draft.title and carries(notice.title, draft.title):
            return outcome.document
    return None


def _store(session: Session, draft: Draft, place: Place, order: Order, carrier: str | None) -> Ingested:
    """Find what the draft is, write what is new of it, and publish if that was asked for and nothing forbids it."""
    if not draft.title and not draft.body:
        empty = Finding(level=Level.ERROR, code="draft.empty", message="既无标题也无正文，未入库。")
        return not_taken_in(draft.source.name, *draft.findings, empty)
    match = match_draft(session, draft, carried_by=carrier)
    if order.is_exact and match.document:
        match = replace(match, version=_same_text(session, match.document, draft))
    if match.document and session.get_one(DocumentRow, match.document).state == DocumentState.PURGED:
        return not_taken_in(draft.source.name, _PURGED)
    obstacle = publication_obstacle(draft) if order.publish else None
    findings = (*draft.findings, *match.findings, *([obstacle] if obstacle else []))
    document, version, action = _enter(session, draft, match, place, findings)
    if action is not Action.UNCHANGED:
        if carrier and document.carried_by_id is None and carrier != document.id:
            document.carried_by_id = carrier
        _note(session, document, version, action, draft, place, order)
        if order.publish and not obstacle and document.state != DocumentState.WITHDRAWN:
            publish_version(session, document, version, effects=draft.effects or None)
    label = order.label or draft.validity_label
    if label:
        _keep_label(session, version, label, draft.source.url, order)
    if action is not Action.UNCHANGED and version.state == VersionState.PUBLISHED:
        about = (doubt for _, doubt in find_doubts_about(session, document.id))
        findings = (*findings, *find_doubts(session, document.id), *about)
    return _outcome(document, version, action, draft, findings)


def _same_text(session: Session, document: str, draft: Draft) -> str | None:
    """The version of a document that has the text of the draft, letter by letter."""
    query = select(VersionRow.id).filter_by(document_id=document, letters_sha256=text_hash(draft.body))
    return session.scalar(query.order_by(VersionRow.id).limit(1))


def _enter(
    session: Session, draft: Draft, match: Match, place: Place, findings: tuple[Finding, ...]
) -> tuple[DocumentRow, VersionRow, Action]:
    """Write what is new of a draft: a document, a version, a copy, or nothing."""
    title = draft.title or PurePosixPath(draft.source.name).stem
    document = session.get_one(DocumentRow, match.document) if match.document else add_document(session, draft, title)
    if match.version:
        version, action = session.get_one(VersionRow, match.version), Action.COPY_ADDED
        if _has_copy(session, version, draft, place):
            return document, version, Action.UNCHANGED
        confirm(version, draft)
        changed = fill_blanks(session, document, version, draft)
    else:
        version = add_version(session, document, draft, title, findings)
        action, changed = Action.VERSION_ADDED if match.document else Action.STORED, False
        save_citations(session, version.id, draft.citations or cite_body(draft.body, language=draft.language))
        link_citations(session, version.id)
        if match.document:
            name_after_newest(session, document, version, draft)
    add_copy(session, version, draft, place)
    renamed = add_names(session, document.id, draft)
    if version.state == VersionState.PUBLISHED and changed:
        state_effects(session, version)
    elif version.state == VersionState.PUBLISHED and renamed:
        settle_anew(session, {document.id})
    return document, version, action


def _note(
    session: Session,
    document: DocumentRow,
    version: VersionRow,
    action: Action,
    draft: Draft,
    place: Place,
    order: Order,
) -> None:
    """Trail and outbox of one draft taken in."""
    touch(document)
    session.flush()
    audit(
        session,
        actor=order.actor,
        action="ingest",
        topic="document",
        subject=document.id,
        after={"action": action.value, "version": version.id, "sha256": draft.source.sha256, "place": place.place},
    )
    enqueue(session, "document", document.id)


def _keep_label(session: Session, version: VersionRow, label: str, url: str | None, order: Order) -> None:
    """Keep what the source says of the text's validity; what is known already changes nothing."""
    before = _open_events(session, version.document_id)
    day = order.label_date or today()
    record_label(session, version.document_id, version.id, label, day, order.source_name or "upload", url)
    if _open_events(session, version.document_id) != before:
        renew(session, [version.document_id])


def _open_events(session: Session, document: str) -> set[str]:
    query = select(EventRow.id).where(EventRow.document_id == document, EventRow.known_to.is_(None))
    return set(session.scalars(query))


def _has_copy(session: Session, version: VersionRow, draft: Draft, place: Place) -> bool:
    query = select(CopyRow.id).filter_by(version_id=version.id, sha256=draft.source.sha256, place=place.place)
    return session.scalar(query) is not None


def _outcome(
    document: DocumentRow, version: VersionRow, action: Action, draft: Draft, findings: tuple[Finding, ...]
) -> Ingested:
    return Ingested(
        document=document.id,
        version=version.id,
        title=version.title,
        doc_number=version.doc_number,
        action=action,
        source=draft.source.name,
        findings=findings,
    )


def _why_nothing(digitized: Digitized) -> tuple[Finding, ...]:
    """Why a file that was read holds no document: the reader's own words, or that it is empty. One error either way."""
    if any(finding.level is Level.ERROR for finding in digitized.findings):
        return digitized.findings
    name = digitized.source.name
    return *digitized.findings, Finding(level=Level.ERROR, code="source.empty", message=f"{name} 中没有识别出文件。")


def not_taken_in(source: str, *findings: Finding) -> Ingested:
    """The outcome for a file that could not be read."""
    return Ingested(
        document=None, version=None, title=None, doc_number=None, action=Action.FAILED, source=source, findings=findings
    )
