"""Undo (撤销): take back one act of the trail, provided that nothing later rests on it.

Undoing is itself an act in the trail. What cannot be taken back (a purge, an ingest, a published issue) says so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy.orm import Session

from gazette.audit import AuditEntry, audit, find_standing_act, get_audit
from gazette.cleanups.clearing import take_back, withdraw
from gazette.editing.correction import read_fields, write_fields
from gazette.editing.judgement import close_event, reopen_event
from gazette.editing.merging import unmerge, unsplit
from gazette.editing.publication import retract_effects, settle_anew
from gazette.errors import Conflict, NotFound
from gazette.issues.gazettes import restore_contents
from gazette.issues.issue import parse_issue_address
from gazette.record.accession import touch
from gazette.record.documents import DocumentRow, DocumentState, VersionRow, VersionState
from gazette.store import Store
from gazette.validity.acceptance import restore_acceptance
from gazette.validity.events import EventRow
from gazette.versions.compilation import retire


def undo(store: Store, audit_id: int, *, actor: str, reason: str | None = None) -> int:
    """Take back what the entry `audit_id` did. Returns the audit id of the undoing.

    Raises NotFound, and Conflict when it was undone already, cannot be undone, or later changes rest on it.
    """
    with store.write() as session:
        return undo_within(session, audit_id, actor=actor, reason=reason)


def undo_latest(store: Store, subject: str, action: str, *, actor: str) -> int:
    """Take back the latest such act on a subject that still stands. Raises what `undo` raises."""
    with store.write() as session:
        entry = find_standing_act(session, subject, (action,))
        if entry is None:
            raise NotFound(what=f"操作记录 {action}")
        return undo_within(session, entry, actor=actor)


def undo_within(session: Session, audit_id: int, *, actor: str, reason: str | None = None) -> int:
    """The same within the caller's transaction. Raises Conflict for what was undone or cannot be."""
    entry = get_audit(session, audit_id)
    if entry.undone_by is not None:
        raise Conflict(why=f"该操作已被撤销（操作记录 {entry.undone_by}）")
    handler = _HANDLERS.get(entry.action)
    if handler is None:
        raise Conflict(why=f"{entry.action} 不能撤销")
    handler(session, entry)
    return audit(
        session,
        actor=actor,
        action="undo",
        topic=entry.topic,
        subject=entry.subject,
        before=entry.after,
        after=entry.before,
        reason=reason,
        undoes=entry.id,
    )


def _unpublish(session: Session, entry: AuditEntry) -> None:
    row = _in_state(session, entry.subject, DocumentState.PUBLISHED)
    for version in entry.before["versions"]:
        withdrawn = session.get_one(VersionRow, version)
        withdrawn.state = VersionState.DRAFT.value
        retract_effects(session, withdrawn)
    row.state = entry.before["state"]
    if row.state == DocumentState.DRAFT:
        row.first_published_at = None
    _changed(session, row)


def _restore(session: Session, entry: AuditEntry) -> None:
    row = _in_state(session, entry.subject, DocumentState.WITHDRAWN)
    row.state, row.withdrawn_at, row.withdrawn_reason = DocumentState.PUBLISHED.value, None, None
    _changed(session, row)


def _uncorrect(session: Session, entry: AuditEntry) -> None:
    version = session.get(VersionRow, entry.subject) if entry.topic == "version" else None
    document = version.document_id if version else entry.subject
    if read_fields(session, document, version.id if version else None, entry.after) != entry.after:
        raise Conflict(why="这些字段后来又有更正，请先撤销后来的更正")
    write_fields(session, document, version.id if version else None, entry.before)


def _unlabel(session: Session, entry: AuditEntry) -> None:
    _standing_event(session, entry)
    close_event(session, entry.after["event"])


def _undecide(session: Session, entry: AuditEntry) -> None:
    _standing_event(session, entry)
    close_event(session, entry.after["event"])
    reopen_event(session, entry.before["event"])


def _standing_event(session: Session, entry: AuditEntry) -> None:
    if session.get_one(EventRow, entry.after["event"]).known_to is not None:
        raise Conflict(why="该认定已被后来的认定取代")


def _unmerge(session: Session, entry: AuditEntry) -> None:
    unmerge(session, entry.subject, entry.before, entry.after)


def _uncompile(session: Session, entry: AuditEntry) -> None:
    retire(session, entry.after["version"])


def _unsplit(session: Session, entry: AuditEntry) -> None:
    unsplit(session, entry.subject, entry.after)


def _unclear(session: Session, entry: AuditEntry) -> None:
    take_back(session, entry.subject, entry.before, entry.after)


def _unopen(session: Session, entry: AuditEntry) -> None:
    withdraw(session, entry.subject)


def _unrule(session: Session, entry: AuditEntry) -> None:
    restore_acceptance(session, entry.before, entry.after)


def _rearrange(session: Session, entry: AuditEntry) -> None:
    restore_contents(session, parse_issue_address(entry.subject), entry.before, entry.after)


def _in_state(session: Session, document: str, state: DocumentState) -> DocumentRow:
    row = session.get_one(DocumentRow, document)
    if row.state != state:
        raise Conflict(why=f"《{row.title}》后来又有变动")
    return row


def _changed(session: Session, row: DocumentRow) -> None:
    touch(row)
    session.flush()
    settle_anew(session, {row.id})


_HANDLERS: Mapping[str, Callable[[Session, AuditEntry], Any]] = {
    "publish": _unpublish,
    "withdraw": _restore,
    "correct": _uncorrect,
    "redigitize": _uncorrect,
    "set_label": _unlabel,
    "accept_event": _undecide,
    "reject_event": _undecide,
    "merge": _unmerge,
    "split": _unsplit,
    "consolidate": _uncompile,
    "set_acceptance": _unrule,
    "open_cleanup": _unopen,
    "accept_lines": _unclear,
    "skip_line": _unclear,
    "assemble": _rearrange,
    "divide": _rearrange,
}

#: Acts of the trail that can be taken back.
UNDOABLE = frozenset(_HANDLERS)
