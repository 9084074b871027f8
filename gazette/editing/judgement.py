"""Judgement (认定): an editor's own word on a document's standing, and on events that were only proposed.

An event is never edited: a judgement closes the old one (`known_to`) and writes a new one, so what the record said
on any earlier day can still be asked.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sqlalchemy import inspect
from sqlalchemy.orm import Session

from gazette.audit import audit
from gazette.citations.numbers import parse_doc_number
from gazette.citations.resolution import find_by_key
from gazette.editing.publication import renew, settle_anew
from gazette.errors import BadInput, Conflict, NotFound
from gazette.record.accession import touch
from gazette.record.documents import DocumentRow, VersionRow
from gazette.store import Store, new_id, now
from gazette.validity.events import EventKind, EventRow, EventState, Origin, Ruling
from gazette.validity.status import Status

#: What an editor may say, the event it makes, and the official label it stands for.
_LABELS: Mapping[Status, tuple[EventKind, str]] = {
    Status.IN_FORCE: (EventKind.ATTESTED, "现行有效"),
    Status.AMENDED: (EventKind.AMENDED, "已被修改"),
    Status.PARTIAL: (EventKind.PARTLY_REPEALED, "部分失效"),
    Status.SUSPENDED: (EventKind.SUSPENDED, "暂停施行"),
    Status.REPEALED: (EventKind.REPEALED, "已废止"),
    Status.LAPSED: (EventKind.LAPSED, "已失效"),
}


def set_label(
    store: Store,
    document: str,
    status: Status,
    *,
    day: dt.date,
    evidence: str,
    actor: str,
    version: str | None = None,
    url: str | None = None,
    reason: str | None = None,
) -> str:
    """Say what the standing of a document (or of one version) is from `day` on, quoting the evidence.

    Returns the id of the editor's event. Raises BadInput without evidence or for what no one can attest.
    """
    if status not in _LABELS:
        raise BadInput(why=f"{status.value} 只能由日期推算，不能认定")
    if not evidence.strip():
        raise BadInput(why="认定效力状态必须引述依据")
    kind, label = _LABELS[status]
    with store.write() as session:
        row = session.get(DocumentRow, document)
        if row is None:
            raise NotFound(what=f"文件 {document}")
        held = session.get(VersionRow, version) if version else None
        if version and (held is None or held.document_id != document):
            raise NotFound(what=f"版本 {version}")
        event = EventRow(
            kind=kind.value,
            date=day,
            document_id=document,
            version_id=version,
            quote=evidence.strip(),
            source_url=url,
            origin=Origin.EDITOR.value,
            label=label,
            state=EventState.ACCEPTED.value,
        )
        session.add(event)
        session.flush()
        _audit(session, actor, "set_label", event, {}, {"event": event.id, "status": status.value}, reason)
        return event.id


def accept_event(
    store: Store, event: str, *, actor: str, document: str | None = None, reason: str | None = None
) -> str:
    """Accept a proposed or rejected event; of one of which it was not clear which document it means, say that it means
    `document`. Returns the id of the event that now stands."""
    return _decide(store, event, EventState.ACCEPTED, actor, reason, document)


def reject_event(store: Store, event: str, *, actor: str, reason: str | None = None) -> str:
    """Reject an event: it no longer counts. Returns the id of the event that now stands."""
    return _decide(store, event, EventState.REJECTED, actor, reason)


def close_event(session: Session, event: str) -> None:
    """From now on the record no longer says this."""
    row = session.get_one(EventRow, event)
    row.known_to = now()
    session.flush()
    _renew(session, row)


def reopen_event(session: Session, event: str) -> None:
    """Say again what was said before: a copy of a closed event, known from now."""
    row = session.get_one(EventRow, event)
    session.add(_successor(row, row.state, row.ruling))
    session.flush()
    _renew(session, row)


def _decide(
    store: Store, event: str, state: EventState, actor: str, reason: str | None, document: str | None = None
) -> str:
    with store.write() as session:
        row = session.get(EventRow, event)
        if row is None:
            raise NotFound(what=f"事件 {event}")
        if row.known_to is not None:
            raise Conflict(why="该事件已被后来的认定取代")
        if row.state == state:
            raise Conflict(why="该事件已是这一状态")
        if document is not None and session.get(DocumentRow, document) is None:
            raise NotFound(what=f"文件 {document}")
        successor = _successor(row, state.value, Ruling.DECIDED.value)
        if document is not None and row.document_id is None and document != row.act_document_id:
            successor.document_id = document
        row.known_to = successor.known_from
        session.add(successor)
        session.flush()
        before, after = {"event": row.id, "state": row.state}, {"event": successor.id, "state": state.value}
        _audit(
            session,
            actor,
            f"{'accept' if state is EventState.ACCEPTED else 'reject'}_event",
            successor,
            before,
            after,
            reason,
        )
        return successor.id


def _successor(row: EventRow, state: str, ruling: str | None) -> EventRow:
    values = {attribute.key: getattr(row, attribute.key) for attribute in inspect(EventRow).column_attrs}
    said = {"state": state, "ruling": ruling, "known_from": now(), "known_to": None}
    return EventRow(**(values | {"id": new_id()} | said))


def _audit(
    session: Session,
    actor: str,
    action: str,
    event: EventRow,
    before: dict[str, Any],
    after: dict[str, Any],
    reason: str | None,
) -> None:
    subject = event.document_id or event.act_document_id or event.id
    audit(
        session,
        actor=actor,
        action=action,
        topic="document",
        subject=subject,
        before=before,
        after=after,
        reason=reason,
    )
    _renew(session, event)


def _renew(session: Session, event: EventRow) -> None:
    concerned = [each for each in (event.document_id, event.act_document_id) if each]
    for each in concerned:
        touch(session.get_one(DocumentRow, each))
    session.flush()
    named = find_by_key(session, event.target_title, parse_doc_number(event.target_number))
    settle_anew(session, {event.document_id} if event.document_id else set(named))
    renew(session, concerned)
