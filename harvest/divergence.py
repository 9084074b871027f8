"""Divergence: what official labels say, beside what the texts themselves say.

For each official label the status is derived anew without any official label, as of the day the label was read. Where
the texts are silent (已施行，未见废止记载) a label contradicts nothing; where they say otherwise, a person should look.
What an editor has decided since the label was read (by rejecting it, or by a finding of their own) is decided.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from gazette.errors import NotFound
from gazette.record.documents import DocumentRow, VersionRow, VersionState
from gazette.store import in_batches, now
from gazette.validity.events import LABEL_RULE, Event, EventKind, EventRow, EventState, Origin, to_event
from gazette.validity.intervals import to_dates
from gazette.validity.status import Status, VersionDates, derive_standing
from gazette.validity.status_labels import ANNOUNCED, label_status

#: What an event of a label says where the label is a code that only its own system knows.
_SAID = {
    EventKind.ATTESTED: Status.IN_FORCE,
    EventKind.AMENDED: Status.AMENDED,
    EventKind.REPEALED: Status.REPEALED,
    EventKind.LAPSED: Status.LAPSED,
    EventKind.PARTLY_REPEALED: Status.PARTIAL,
    EventKind.SUSPENDED: Status.SUSPENDED,
}


class Verdict(StrEnum):
    """一致 条文未载 不一致 已处理."""

    AGREES = "agrees"
    SILENT = "silent"
    DIVERGES = "diverges"
    DECIDED = "decided"


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelCheck:
    """One official label checked. `said` is what it means, `ours` what texts, dates and editors say on that day.
    `quote` stands for ours, in the document `act`; `url` is where the label was read."""

    event: str
    document: str
    version: str | None
    title: str
    label: str
    source: str | None
    as_of: date
    said: Status
    ours: Status
    verdict: Verdict
    quote: str | None
    act: str | None = None
    act_title: str | None = None
    url: str | None = None

    def to_json(self) -> dict[str, Any]:
        return {
            "document": self.document,
            "version": self.version,
            "title": self.title,
            "label": self.label,
            "source": self.source,
            "as_of": self.as_of.isoformat(),
            "ours": self.ours.value,
            "verdict": self.verdict.value,
            "quote": self.quote,
        }


def labels_divergence(session: Session, *, source: str | None = None) -> tuple[LabelCheck, ...]:
    """Every official label in force of knowledge, checked; `source` narrows to labels of one source."""
    labels = _labels().order_by(DocumentRow.title, EventRow.document_id, EventRow.date, EventRow.id)
    if source:
        labels = labels.where(EventRow.rule == f"{LABEL_RULE}{source}"[:60])
    return tuple(
        check for batch in in_batches(session.scalars(labels)) for check in _checks(session, batch) if check is not None
    )


def get_check(session: Session, event: str) -> LabelCheck:
    """The check of one label. Raises NotFound for what is no label that counts."""
    for check in _checks(session, session.scalars(_labels().where(EventRow.id == event)).all()):
        if check is not None:
            return check
    raise NotFound(what=f"事件 {event}")


def count_verdicts(checks: Iterable[LabelCheck]) -> dict[str, int]:
    """How many labels had each verdict; every verdict is named."""
    found = Counter(check.verdict for check in checks)
    return {verdict.value: found[verdict] for verdict in Verdict}


def _labels() -> Any:
    return (
        select(EventRow)
        .join(DocumentRow, DocumentRow.id == EventRow.document_id)
        .where(
            EventRow.origin == Origin.OFFICIAL_LABEL.value,
            EventRow.known_to.is_(None),
            EventRow.state != EventState.REJECTED.value,
            EventRow.label.is_not(None),
            EventRow.date.is_not(None),
        )
    )


def _checks(session: Session, labels: Sequence[EventRow]) -> Iterator[LabelCheck | None]:
    documents = sorted({row.document_id for row in labels if row.document_id})
    versions: dict[str, list[VersionRow]] = defaultdict(list)
    for version in session.scalars(select(VersionRow).where(VersionRow.document_id.in_(documents))):
        versions[version.document_id].append(version)
    events: dict[str, list[Event]] = defaultdict(list)
    others = (EventRow.document_id.in_(documents), EventRow.origin != Origin.OFFICIAL_LABEL.value)
    stated = (
        select(EventRow, DocumentRow.title)
        .outerjoin(DocumentRow, DocumentRow.id == EventRow.act_document_id)
        .where(*others)
    )
    for row, act_title in session.execute(stated):
        events[row.document_id].append(to_event(row, act_title))
    titles = {
        row.id: row.title
        for row in session.execute(select(DocumentRow.id, DocumentRow.title).where(DocumentRow.id.in_(documents)))
    }
    for label in labels:
        document = label.document_id or ""
        yield _check(to_event(label), titles[document], versions[document], events[document])


def _check(label: Event, title: str, versions: Sequence[VersionRow], events: Sequence[Event]) -> LabelCheck | None:
    known = label_status(label.label)
    if known == ANNOUNCED or label.is_unread or label.date is None or label.document is None:
        return None
    said = Status(known) if known else _SAID[label.kind]
    days: tuple[VersionDates, ...] = tuple(to_dates(row) for row in versions if row.state == VersionState.PUBLISHED)
    standing = derive_standing(days, events, version=label.version, as_of=label.date, known_at=now())
    named = next((row.title for row in versions if row.id == label.version), title)
    first = standing.events[0] if standing.events else None
    verdict = _compared(said, standing.status)
    if verdict is Verdict.DIVERGES and any(_decides(event, label) for event in events):
        verdict = Verdict.DECIDED
    return LabelCheck(
        event=label.id,
        document=label.document,
        version=label.version,
        title=named,
        label=label.label or "",
        source=label.source,
        as_of=label.date,
        said=said,
        ours=standing.status,
        verdict=verdict,
        quote=first.quote if first else None,
        act=first.act_document if first else None,
        act_title=first.act_title if first else None,
        url=label.source_url,
    )


def _decides(event: Event, label: Event) -> bool:
    """Whether an editor found something for the same text after the label was read."""
    return (
        event.origin is Origin.EDITOR
        and event.state is EventState.ACCEPTED
        and event.known_to is None
        and event.known_from > label.known_from
        and event.version in (None, label.version)
    )


def _compared(said: Status, ours: Status) -> Verdict:
    """Many sites know 有效 and 失效 only: what they call 失效 may have been repealed."""
    if said is ours or (said is Status.LAPSED and ours is Status.REPEALED):
        return Verdict.AGREES
    return Verdict.SILENT if ours is Status.UNKNOWN else Verdict.DIVERGES
