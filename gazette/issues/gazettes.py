"""Gazettes (公报) at work: assembling an issue (编排) and publishing it.

Publishing an issue publishes what it prints and commits the ledger to its contents (`commitment`); from then on the
contents stand, and a mistake is put right in a later issue.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from gazette import ledger
from gazette.audit import audit
from gazette.editing.publication import publish_version
from gazette.errors import BadInput, Conflict, NotFound
from gazette.issues.commitment import commitment
from gazette.issues.issue import (
    Entry,
    EntryRow,
    Gazette,
    GazetteRow,
    Issue,
    IssueAddress,
    IssueRow,
    IssueState,
    find_issue_row,
    get_gazette,
    get_issue,
    issue_years,
    list_gazettes,
    list_issues,
    parse_issue_address,
)
from gazette.outbox import enqueue
from gazette.record.assembly import newest_version
from gazette.record.documents import DocumentRow, DocumentState, VersionRow
from gazette.store import Store, now, today

__all__ = [
    "Entry",
    "EntryDraft",
    "Gazette",
    "Issue",
    "IssueAddress",
    "IssueState",
    "add_gazette",
    "add_issue",
    "add_to_issue",
    "assemble",
    "check_open",
    "get_gazette",
    "get_issue",
    "issue_years",
    "keep_typeset",
    "list_gazettes",
    "list_issues",
    "parse_issue_address",
    "publish_issue",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryDraft:
    """One line of contents to be assembled; title and version default to the document's current ones."""

    document: str
    column: str | None = None
    title: str | None = None
    version: str | None = None
    page_from: int | None = None
    page_to: int | None = None


def add_gazette(
    store: Store,
    gazette: str,
    name: str,
    *,
    actor: str,
    name_en: str | None = None,
    sponsor: str | None = None,
    columns: Sequence[str] = (),
) -> Gazette:
    """Found a gazette, or bring its particulars up to date; the same again changes nothing."""
    parse_issue_address(f"{gazette}/2000/1")
    facts = {"name": name, "name_en": name_en, "sponsor": sponsor, "columns": list(columns)}
    with store.write() as session:
        row = session.get(GazetteRow, gazette)
        before = {key: getattr(row, key) for key in facts} if row else {}
        if before != facts:
            row = row or GazetteRow(id=gazette)
            for key, value in facts.items():
                setattr(row, key, value)
            session.add(row)
            session.flush()
            audit(
                session, actor=actor, action="add_gazette", topic="gazette", subject=gazette, before=before, after=facts
            )
        return get_gazette(session, gazette)


def add_issue(
    store: Store,
    address: IssueAddress,
    *,
    actor: str,
    cover_date: date | None = None,
    running_number: int | None = None,
) -> Issue:
    """Open an issue; one that is open already gets the dates that it lacked. Raises NotFound for its gazette."""
    with store.write() as session:
        _open_issue(session, address, actor, cover_date, running_number)
        return get_issue(session, address)


def assemble(
    store: Store,
    address: IssueAddress,
    entries: Iterable[EntryDraft],
    *,
    actor: str,
    act: str = "assemble",
    facts: Mapping[str, Any] | None = None,
) -> Issue:
    """Make `entries`, in order, the contents of an unpublished issue. `act` and `facts` are what the trail keeps."""
    with store.write() as session:
        row = _open_row(session, address)
        before = _contents(get_issue(session, address))
        _replace_entries(session, row, entries)
        after = get_issue(session, address)
        _audit(session, actor, act, address, before, {**_contents(after), **(facts or {})})
        return after


def restore_contents(
    session: Session, address: IssueAddress, before: Mapping[str, Any], after: Mapping[str, Any]
) -> None:
    """Give an unpublished issue the contents back that it had before an act of arranging. Raises Conflict where they
    were changed since."""
    row = _open_row(session, address)
    if _lines_of(_contents(get_issue(session, address))) != _lines_of(after):
        raise Conflict(why=f"{address} 的目录后来又有改动，请先撤销后来的改动")
    facts = ("document", "column", "title", "version", "page_from", "page_to")
    _replace_entries(session, row, [EntryDraft(**{name: each[name] for name in facts}) for each in before["entries"]])
    row.sha256, row.pages = before.get("sha256"), before.get("pages")
    session.flush()


def _contents(issue: Issue) -> dict[str, Any]:
    """The contents of an issue and its PDF as the trail keeps them."""
    return {"entries": issue.to_json()["entries"], "sha256": issue.sha256, "pages": issue.pages}


def _lines_of(contents: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """The lines without their pages, which typesetting sets."""
    return [tuple(each[name] for name in ("document", "version", "column", "title")) for each in contents["entries"]]


def _replace_entries(session: Session, row: IssueRow, entries: Iterable[EntryDraft]) -> None:
    session.execute(delete(EntryRow).where(EntryRow.issue_id == row.id))
    for position, draft in enumerate(entries, start=1):
        session.add(_entry_row(session, row.id, position, draft))
    row.sha256, row.pages = None, None
    session.flush()


def check_open(session: Session, address: IssueAddress) -> None:
    """Raise Conflict where the issue is published already, NotFound where there is no such gazette."""
    get_gazette(session, address.gazette)
    if find_issue_row(session, address) is not None:
        _open_row(session, address)


def add_to_issue(
    store: Store,
    address: IssueAddress,
    document: str,
    *,
    actor: str,
    column: str | None = None,
    cover_date: date | None = None,
) -> Issue:
    """Put a document at the end of an issue, which is opened if need be; one that stands in it already stays.

    Raises Conflict for a published issue.
    """
    with store.write() as session:
        row = _open_issue(session, address, actor, cover_date, None)
        issue = get_issue(session, address)
        if document not in {entry.document for entry in issue.entries}:
            if row.state == IssueState.PUBLISHED:
                raise Conflict(why=f"{address} 已发布，目录不能再改")
            position = max((entry.position for entry in issue.entries), default=0) + 1
            session.add(_entry_row(session, row.id, position, EntryDraft(document=document, column=column)))
            row.sha256, row.pages = None, None
            session.flush()
            _audit(session, actor, "add_to_issue", address, {}, {"document": document, "column": column})
        return get_issue(session, address)


def keep_typeset(
    store: Store,
    address: IssueAddress,
    *,
    pdf: bytes,
    pages: int,
    ranges: Sequence[tuple[int, int]],
    actor: str,
) -> Issue:
    """Keep the whole-issue PDF (清样) and each entry's page range, in the order of the contents.

    Raises Conflict where the contents have another number of entries than `ranges`.
    """
    digest = store.blobs.put(pdf)
    with store.write() as session:
        row = _open_row(session, address)
        contents = session.scalars(select(EntryRow).filter_by(issue_id=row.id).order_by(EntryRow.position)).all()
        if len(contents) != len(ranges):
            raise Conflict(why=f"{address} 有 {len(contents)} 件，清样却有 {len(ranges)} 件")
        row.sha256, row.pages = digest, pages
        for entry, (first, last) in zip(contents, ranges, strict=True):
            entry.page_from, entry.page_to = first, last
        session.flush()
        _audit(session, actor, "typeset", address, {}, {"sha256": digest, "pages": pages})
        return get_issue(session, address)


def publish_issue(store: Store, address: IssueAddress, *, actor: str) -> Issue:
    """Publish an issue and all it prints; a published one stays as it is. Raises Conflict for an empty issue or one
    that prints what was withdrawn."""
    with store.write() as session:
        row = _get_row(session, address)
        if row.state == IssueState.PUBLISHED:
            return get_issue(session, address)
        issue = get_issue(session, address)
        if not issue.entries:
            raise Conflict(why=f"{address} 没有编入任何文件")
        for entry in issue.entries:
            _publish_entry(session, entry)
        row.state, row.published_at = IssueState.PUBLISHED.value, now()
        row.cover_date = row.cover_date or today()
        session.flush()
        ledger.append(session, "issue", row.id, commitment(session, get_issue(session, address)))
        _audit(session, actor, "publish_issue", address, {"state": "draft"}, {"state": "published"})
        enqueue(session, "issue", str(address))
        return get_issue(session, address)


def _publish_entry(session: Session, entry: Entry) -> None:
    if entry.document is None or entry.version is None:
        return
    document = session.get_one(DocumentRow, entry.document)
    if document.state not in (DocumentState.DRAFT, DocumentState.PUBLISHED):
        raise Conflict(why=f"《{entry.title}》已撤下或已并入他件，不能随期发布")
    publish_version(session, document, session.get_one(VersionRow, entry.version))


def _entry_row(session: Session, issue: str, position: int, draft: EntryDraft) -> EntryRow:
    document = session.get(DocumentRow, draft.document)
    if document is None:
        raise NotFound(what=f"文件 {draft.document}")
    versions = session.scalars(select(VersionRow).filter_by(document_id=document.id)).all()
    if draft.version is not None and draft.version not in {row.id for row in versions}:
        raise BadInput(why=f"版本 {draft.version} 不属于文件 {document.id}")
    return EntryRow(
        issue_id=issue,
        position=position,
        column=draft.column,
        title=draft.title or document.title,
        document_id=document.id,
        version_id=draft.version or newest_version(versions).id,
        page_from=draft.page_from,
        page_to=draft.page_to,
    )


def _open_issue(
    session: Session, address: IssueAddress, actor: str, cover_date: date | None, running_number: int | None
) -> IssueRow:
    row = find_issue_row(session, address)
    if row is None:
        get_gazette(session, address.gazette)
        row = IssueRow(gazette_id=address.gazette, year=address.year, number=address.number)
        session.add(row)
        session.flush()
        _audit(session, actor, "add_issue", address, {}, {"state": row.state})
    if row.state == IssueState.DRAFT:
        row.cover_date = row.cover_date or cover_date
        row.running_number = row.running_number or running_number
        session.flush()
    return row


def _get_row(session: Session, address: IssueAddress) -> IssueRow:
    row = find_issue_row(session, address)
    if row is None:
        raise NotFound(what=f"公报期次 {address}")
    return row


def _open_row(session: Session, address: IssueAddress) -> IssueRow:
    row = _get_row(session, address)
    if row.state == IssueState.PUBLISHED:
        raise Conflict(why=f"{address} 已发布，目录不能再改")
    return row


def _audit(
    session: Session,
    actor: str,
    action: str,
    address: IssueAddress,
    before: dict[str, Any],
    after: dict[str, Any],
) -> None:
    audit(session, actor=actor, action=action, topic="issue", subject=str(address), before=before, after=after)
