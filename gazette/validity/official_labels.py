"""Official labels (官方标注): what a page says of a document, kept as printed, as an event of its own kind.

A label that no table reads yet is kept too, as a clue that decides nothing, and is listed for editors until its meaning
is written down; then it is read as if it had been known on the day it was found.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from gazette.editing.publication import renew
from gazette.record.documents import DocumentRow
from gazette.store import Store, now, settings_of
from gazette.validity.acceptance import get_acceptance
from gazette.validity.events import LABEL_RULE, UNREAD, Event, EventKind, EventRow, EventState, Origin, to_event
from gazette.validity.status_labels import ANNOUNCED, label_status, label_words

#: A label seen again renews its attestation only after this long, so that a daily harvest changes nothing.
_ATTEST_AGAIN = dt.timedelta(days=180)
_DAY_OF_LABEL = "官方标注之日，实际日期未载明"
_KINDS = {
    "in_force": EventKind.ATTESTED,
    "pending": EventKind.ATTESTED,
    ANNOUNCED: EventKind.ATTESTED,
    "amended": EventKind.AMENDED,
    "repealed": EventKind.REPEALED,
    "lapsed": EventKind.LAPSED,
    "partial": EventKind.PARTLY_REPEALED,
    "suspended": EventKind.SUSPENDED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class UnreadLabel:
    """One label that no table reads, as one source prints it; `documents` are (id, title) of those that bear it."""

    label: str
    source: str | None
    documents: tuple[tuple[str, str], ...]


def record_label(
    session: Session,
    document_id: str,
    version_id: str | None,
    label: str,
    day: dt.date,
    source: str,
    url: str | None = None,
    *,
    system: str | None = None,
) -> Event:
    """Record what an official page says of a document (现行有效, 已废止), be it a word that nobody can read yet.

    `day` is when the page said so; it is not the day on which the document ended, and the rule says that.
    """
    status = label_status(label, system, _words(session))
    kind = _KINDS[status] if status else EventKind.ATTESTED
    rule = f"{LABEL_RULE}{source}"[:60]
    held = session.scalars(
        select(EventRow)
        .where(
            EventRow.document_id == document_id,
            EventRow.version_id == version_id,
            EventRow.origin == Origin.OFFICIAL_LABEL.value,
            EventRow.rule == rule,
            EventRow.known_to.is_(None),
        )
        .order_by(EventRow.date)
    ).all()
    unread = [row for row in held if row.confidence == UNREAD]
    if held and held[-1].label == label.strip() and (status is None or held[-1] not in unread):
        is_attest = kind is EventKind.ATTESTED and held[-1].date and day - held[-1].date >= _ATTEST_AGAIN
        if not is_attest:
            return to_event(held[-1])
    for row in held:
        # What a page takes back was never so; that it once was in force stays true.
        if row in unread or (row.kind != EventKind.ATTESTED and kind is EventKind.ATTESTED):
            row.known_to = now()
    row = EventRow(
        kind=kind.value,
        date=day,
        date_rule=None if kind is EventKind.ATTESTED else _DAY_OF_LABEL,
        document_id=document_id,
        version_id=version_id,
        origin=Origin.OFFICIAL_LABEL.value,
        label=label.strip(),
        source_url=url,
        state=(EventState.ACCEPTED if _counts(session, kind, label, status) else EventState.PROPOSED).value,
        confidence=None if status else UNREAD,
        rule=rule,
        provisions=[],
        locator={},
        scope="whole" if status != "partial" else label.strip(),
    )
    session.add(row)
    session.flush()
    return to_event(row)


def list_unread(session: Session) -> tuple[UnreadLabel, ...]:
    """Every label that no table reads, the most frequent first."""
    rows = session.execute(
        select(EventRow, DocumentRow.title)
        .join(DocumentRow, DocumentRow.id == EventRow.document_id)
        .where(_is_unread())
        .order_by(DocumentRow.title, EventRow.id)
    )
    found: defaultdict[tuple[str, str | None], list[tuple[str, str]]] = defaultdict(list)
    for row, title in rows:
        event = to_event(row)
        found[event.label or "", event.source].append((event.document or "", title))
    labels = (
        UnreadLabel(label=label, source=source, documents=tuple(dict.fromkeys(documents)))
        for (label, source), documents in found.items()
    )
    return tuple(sorted(labels, key=lambda each: (-len(each.documents), each.label)))


def read_again(store: Store) -> int:
    """Read with today's tables the labels that none could read; returns how many are understood now."""
    with store.write() as session:
        understood = [
            row
            for row in session.scalars(select(EventRow).where(_is_unread())).all()
            if label_status(row.label, None, _words(session))
        ]
        for row in understood:
            source = to_event(row).source or ""
            document, label, day = row.document_id or "", row.label or "", row.date or now().date()
            record_label(session, document, row.version_id, label, day, source, row.source_url)
        renew(session, {row.document_id for row in understood if row.document_id})
        return len(understood)


def _is_unread() -> ColumnElement[bool]:
    is_label = EventRow.origin == Origin.OFFICIAL_LABEL.value
    return and_(
        is_label,
        EventRow.confidence == UNREAD,
        EventRow.known_to.is_(None),
        EventRow.state != EventState.REJECTED.value,
        EventRow.document_id.is_not(None),
    )


def _counts(session: Session, kind: EventKind, label: str, status: str | None) -> bool:
    """Whether the event of a label decides without an editor. 尚未施行 in a code of another system would be taken for
    现行有效 once the system is forgotten, so it waits."""
    if status is None or (status == "pending" and label_status(label) != status):
        return False
    return get_acceptance(session).accepts(Origin.OFFICIAL_LABEL, kind, 1.0)


def _words(session: Session) -> Sequence[tuple[str, str]]:
    file = settings_of(session).status_labels
    return label_words(Path(file)) if file else ()
