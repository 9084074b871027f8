"""Compilation (整理): consolidated versions in the record, from proposal to the official text that replaces them.

When an act that amends a held text is published, the text as amended is proposed as a version of its own, in review,
marked as made by us. Where the official text arrives it takes that version's place, and how the two differ is told to
the editors. A consolidated version is never a source: what it rests on is named in it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from gazette.audit import audit
from gazette.citations.cited import cite_body, save_citations
from gazette.citations.resolution import find_by_key
from gazette.draft import Body, Draft, HistoryEntry, Node
from gazette.errors import Conflict, Finding, GongbaoError, Level, NotFound
from gazette.outbox import enqueue
from gazette.record.accession import touch
from gazette.record.assembly import order_versions
from gazette.record.documents import (
    DocumentRow,
    DocumentState,
    IdentifierKind,
    IdentifierRow,
    VersionOrigin,
    VersionRow,
    VersionState,
)
from gazette.record.likeness import text_hash, title_key
from gazette.store import Store, now
from gazette.validity.events import EventKind, EventRow, EventState
from gazette.versions.amendments import Amendment, Decision, read_decision
from gazette.versions.comparison import compare
from gazette.versions.consolidation import consolidate
from gazette.versions.inheritance import inherit_addresses

#: Who proposes when an amending act is published.
PROPOSER = "gongbao"
#: So many provisions are named where an official text differs from ours.
_NAMED = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Compiled:
    """A consolidated version that was made, or was there already."""

    document: str
    version: str
    is_new: bool
    audit: int | None
    doubts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Applicable:
    """A published decision that amends a document and of which no text is held yet."""

    document: str
    version: str
    title: str
    date: dt.date | None


def compile_version(store: Store, document: str, decision: str, *, actor: str, reason: str | None = None) -> Compiled:
    """Apply the decision (a document's id) to the version of `document` before it; the result waits for review.

    Run again it changes nothing. Raises NotFound, and Conflict where the decision does not fit the document.
    """
    with store.write() as session:
        row = session.get(DocumentRow, document)
        act = session.get(DocumentRow, decision)
        if row is None or act is None:
            raise NotFound(what=f"文件 {document if row is None else decision}")
        versions = order_versions(session.scalars(select(VersionRow).filter_by(document_id=act.id)))
        published = [each for each in versions if each.state == VersionState.PUBLISHED and not each.is_translation]
        if not published:
            raise Conflict(why=f"《{act.title}》没有公开的文本")
        return _compile(session, row, published[-1], _read(published[-1]), actor=actor, reason=reason)


def propose(session: Session, act: VersionRow) -> Iterator[Compiled]:
    """Propose the texts that a newly published act amends; what does not fit is left to the editors."""
    if act.is_translation or act.origin == VersionOrigin.CONSOLIDATED or not _amends(session, act):
        return
    decision = _read(act)
    for amendment in decision.amendments:
        held = find_by_key(session, amendment.title, None) if amendment.title else ()
        row = session.get(DocumentRow, held[0]) if len(held) == 1 else None
        if row is None or row.state != DocumentState.PUBLISHED:
            continue
        try:
            yield _compile(session, row, act, decision, actor=PROPOSER, reason=None)
        except GongbaoError:
            continue


def settle(session: Session, official: VersionRow) -> None:
    """An official text was published: consolidated ones of the same act give way; the differences are kept."""
    if official.origin == VersionOrigin.CONSOLIDATED or official.is_translation:
        return
    query = select(VersionRow).where(
        VersionRow.document_id == official.document_id,
        VersionRow.origin == VersionOrigin.CONSOLIDATED,
        VersionRow.state != VersionState.RETIRED,
    )
    for row in session.scalars(query).all():
        if row.version_date is not None and row.version_date == official.version_date:
            official.findings = [*official.findings, _difference(row, official).to_json()]
            official.body = [node.to_json() for node in inherit_addresses(_body(row), _body(official))]
            row.state, row.replaced_by_id = VersionState.RETIRED.value, official.id


def find_replaced(session: Session, official: str) -> Body | None:
    """The text of ours whose place the official version took; None where we had made none."""
    query = select(VersionRow).filter_by(replaced_by_id=official, origin=VersionOrigin.CONSOLIDATED.value)
    row = session.scalar(query.order_by(VersionRow.created_at.desc()).limit(1))
    return _body(row) if row else None


def confirm(version: VersionRow, draft: Draft) -> None:
    """An official copy says just what we made: the version is official from now on, and so is what is known of it."""
    if version.origin != VersionOrigin.CONSOLIDATED:
        return
    version.origin = VersionOrigin.OFFICIAL.value
    version.title = draft.title or version.title
    version.signed_date, version.published_date = draft.signed_date, draft.published_date
    version.effective_date, version.expiry_date = draft.effective_date, draft.expiry_date
    version.history = [entry.to_json() for entry in draft.history] or version.history
    version.notes, version.recipients = list(draft.notes), list(draft.recipients)
    if version.state == VersionState.RETIRED and version.replaced_by_id is None:
        version.state = VersionState.DRAFT.value
    said = Finding(
        level=Level.INFO, code="consolidation.confirmed", message="官方文本与本平台此前整理的文本一致，已改为官方文本"
    )
    version.findings = [*version.findings, said.to_json()]


def retire(session: Session, version: str) -> None:
    """Take a proposed text back. Raises Conflict once it is public."""
    row = session.get_one(VersionRow, version)
    if row.state != VersionState.DRAFT or row.origin != VersionOrigin.CONSOLIDATED:
        raise Conflict(why="该整理文本已发布或已被取代，请先撤销发布")
    row.state = VersionState.RETIRED.value
    document = session.get_one(DocumentRow, row.document_id)
    touch(document)
    enqueue(session, "document", document.id)


def list_applicable(session: Session, document: str) -> tuple[Applicable, ...]:
    """The decisions whose text as amended is not held, oldest first: what an editor may have compiled."""
    query = (
        select(EventRow.act_document_id)
        .where(
            EventRow.document_id == document,
            EventRow.kind == EventKind.AMENDED.value,
            EventRow.state != EventState.REJECTED.value,
            EventRow.known_to.is_(None),
            EventRow.act_document_id.is_not(None),
            EventRow.act_document_id != document,
        )
        .distinct()
    )
    versions = list(session.scalars(select(VersionRow).filter_by(document_id=document)))
    made = {row.decision_version_id for row in versions if row.state != VersionState.RETIRED or row.replaced_by_id}
    days = {row.version_date for row in versions if row.origin == VersionOrigin.OFFICIAL}
    acts = session.scalars(
        select(VersionRow)
        .join(DocumentRow, DocumentRow.id == VersionRow.document_id)
        .where(
            VersionRow.document_id.in_(query),
            VersionRow.state == VersionState.PUBLISHED,
            VersionRow.is_translation.is_(False),
        )
    )
    return tuple(
        Applicable(document=row.document_id, version=row.id, title=row.title, date=_day(row))
        for row in order_versions(acts)
        if row.id not in made and _day(row) not in days
    )


def list_compiled(session: Session) -> tuple[str, ...]:
    """The documents with a consolidated version that waits for review."""
    query = (
        select(VersionRow.document_id)
        .where(VersionRow.origin == VersionOrigin.CONSOLIDATED, VersionRow.state == VersionState.DRAFT)
        .distinct()
    )
    return tuple(sorted(session.scalars(query)))


def _amends(session: Session, act: VersionRow) -> bool:
    """Whether the act's text was found to amend something."""
    query = select(EventRow.id).where(
        EventRow.act_version_id == act.id,
        EventRow.kind == EventKind.AMENDED.value,
        EventRow.known_to.is_(None),
        EventRow.document_id != act.document_id,
    )
    return session.scalar(query.limit(1)) is not None


def _compile(
    session: Session, row: DocumentRow, act: VersionRow, decision: Decision, *, actor: str, reason: str | None
) -> Compiled:
    if act.document_id == row.id:
        raise Conflict(why="文件不能以自身为修改决定")
    amendment = _amendment_of(session, row, decision)
    day = _day(act)
    if day is None:
        raise Conflict(why=f"《{act.title}》没有日期，无法确定整理文本的日期")
    base = _base(session, row, act, day)
    before = _made(session, row, act)
    if before is not None and before.state != VersionState.RETIRED:
        return Compiled(document=row.id, version=before.id, is_new=False, audit=None, doubts=len(before.findings))
    if before is not None and before.replaced_by_id is not None:
        raise Conflict(why="该次修改的官方文本已经收录")
    done = consolidate(_body(base), amendment.operations)
    if not done.applied:
        raise Conflict(why=f"《{act.title}》中没有可以适用于《{row.title}》的修改")
    findings = (*decision.findings, *done.findings)
    version = before or VersionRow(document_id=row.id, origin=VersionOrigin.CONSOLIDATED.value)
    _write(version, base, act, day, done.body, done.title)
    if not _states_commencement(session, row, act):
        version.effective_date = act.effective_date
    version.findings = [finding.to_json() for finding in findings]
    version.state = VersionState.DRAFT.value
    session.add(version)
    session.flush()
    save_citations(session, version.id, cite_body(done.body, language=version.language))
    touch(row)
    enqueue(session, "document", row.id)
    entry = audit(
        session,
        actor=actor,
        action="consolidate",
        topic="document",
        subject=row.id,
        after={"version": version.id, "base": base.id, "decision": act.id},
        reason=reason,
    )
    doubts = sum(finding.level is not Level.INFO for finding in findings)
    return Compiled(document=row.id, version=version.id, is_new=True, audit=entry, doubts=doubts)


def _write(version: VersionRow, base: VersionRow, act: VersionRow, day: dt.date, body: Body, title: str | None) -> None:
    entry = HistoryEntry(kind="amended", date=day, act=act.title)
    version.title = title or base.title
    version.doc_number, version.doc_number_raw = base.doc_number, base.doc_number_raw
    version.version_date = day
    version.signed_date = base.signed_date
    version.published_date = act.published_date or act.signed_date
    version.effective_date = base.effective_date
    version.expiry_date = base.expiry_date
    version.language = base.language
    version.recipients = list(base.recipients)
    version.history = [*base.history, entry.to_json()]
    version.notes = list(base.notes)
    version.body = [node.to_json() for node in body]
    version.letters_sha256 = text_hash(body)
    version.base_version_id, version.decision_version_id = base.id, act.id
    version.updated_at = now()


def _states_commencement(session: Session, row: DocumentRow, act: VersionRow) -> bool:
    """Whether the record knows from the decision when the amended text came to stand; the sentence is its evidence."""
    query = select(EventRow.id).where(
        EventRow.document_id == row.id,
        EventRow.act_document_id == act.document_id,
        EventRow.kind == EventKind.AMENDED.value,
        EventRow.state == EventState.ACCEPTED.value,
        EventRow.known_to.is_(None),
        EventRow.date.is_not(None),
    )
    return session.scalar(query.limit(1)) is not None


def _made(session: Session, row: DocumentRow, act: VersionRow) -> VersionRow | None:
    query = select(VersionRow).filter_by(document_id=row.id, decision_version_id=act.id)
    return session.scalar(query.order_by(VersionRow.created_at.desc()).limit(1))


def _base(session: Session, row: DocumentRow, act: VersionRow, day: dt.date) -> VersionRow:
    """The version in force before the decision."""
    query = select(VersionRow).where(
        VersionRow.document_id == row.id,
        VersionRow.state == VersionState.PUBLISHED,
        VersionRow.is_translation.is_(False),
    )
    versions = [each for each in order_versions(session.scalars(query)) if each.decision_version_id != act.id]
    if any(each.version_date == day and each.origin == VersionOrigin.OFFICIAL for each in versions):
        raise Conflict(why="该次修改的官方文本已经收录")
    earlier = [each for each in versions if each.version_date is None or each.version_date < day]
    if not earlier:
        raise Conflict(why=f"《{act.title}》的日期早于《{row.title}》的文本")
    return earlier[-1]


def _amendment_of(session: Session, row: DocumentRow, decision: Decision) -> Amendment:
    """What the decision does to this document; of a decision that amends one act only, that."""
    query = select(IdentifierRow.value).filter_by(document_id=row.id, kind=IdentifierKind.TITLE.value)
    names = {value.removeprefix("中华人民共和国") for value in session.scalars(query)}
    for amendment in decision.amendments:
        if amendment.title and title_key(amendment.title).removeprefix("中华人民共和国") in names:
            return amendment
    if len(decision.amendments) == 1 and decision.amendments[0].title is None:
        return decision.amendments[0]
    raise Conflict(why=f"决定没有写明修改《{row.title}》")


def _difference(ours: VersionRow, official: VersionRow) -> Finding:
    """How an official text differs from the one that we had made."""
    rows = [each for each in compare(_body(ours), _body(official)).changed() if not each.is_heading]
    if not rows:
        return Finding(
            level=Level.INFO, code="consolidation.confirmed", message="官方文本与本平台此前整理的文本各条一致"
        )
    held = [each.new or each.old for each in rows]
    names = [clause.num or clause.eid for clause in held if clause]
    more = "等" if len(names) > _NAMED else ""
    return Finding(
        level=Level.WARNING,
        code="consolidation.differs",
        message=f"官方文本与本平台此前整理的文本有{len(rows)}处不同：{'、'.join(names[:_NAMED])}{more}",
    )


def _read(act: VersionRow) -> Decision:
    return read_decision(_body(act), title=act.title)


def _body(row: VersionRow) -> Body:
    return tuple(Node.from_json(node) for node in row.body)


def _day(row: VersionRow) -> dt.date | None:
    return row.version_date or row.published_date or row.signed_date
