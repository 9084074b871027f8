"""Divergence: what official labels say, beside what the texts themselves say.

For each official label the status is derived anew without any official label, as of the day the label was read. Where
the texts are silent (已施行，未见废止记载) a label contradicts nothing; where they say otherwise, a person should look.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from gazette.documents import DocumentRow, VersionRow
from gazette.events import EventRow, Origin, list_events
from gazette.intervals import version_dates
from gazette.status import Status, derive_standing
from gazette.status_labels import label_status
from gazette.store import now


class Verdict(StrEnum):
    """一致 条文未载 不一致."""

    AGREES = "agrees"
    SILENT = "silent"
    DIVERGES = "diverges"


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelCheck:
    """One official label checked. `ours` is derived from texts and dates alone; `quote` is the sentence it rests on."""

    document: str
    version: str | None
    title: str
    label: str
    source: str | None
    as_of: date
    ours: Status
    verdict: Verdict
    quote: str | None

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
    labels = (
        select(EventRow.id, EventRow.document_id, EventRow.version_id, EventRow.label, EventRow.date, EventRow.rule)
        .join(DocumentRow, DocumentRow.id == EventRow.document_id)
        .where(
            EventRow.origin == Origin.OFFICIAL_LABEL.value,
            EventRow.known_to.is_(None),
            EventRow.label.is_not(None),
            EventRow.date.is_not(None),
        )
        .order_by(DocumentRow.title, EventRow.document_id, EventRow.date, EventRow.id)
    )
    if source:
        labels = labels.where(EventRow.rule == f"label:{source}"[:60])
    checks = (_check(session, *row[1:]) for row in session.execute(labels).all())
    return tuple(check for check in checks if check)


def count_verdicts(checks: Iterable[LabelCheck]) -> dict[str, int]:
    """How many labels had each verdict; every verdict is named."""
    found = Counter(check.verdict for check in checks)
    return {verdict.value: found[verdict] for verdict in Verdict}


def _check(
    session: Session, document: str, version: str | None, label: str, day: date, rule: str | None
) -> LabelCheck | None:
    said = label_status(label)
    if said is None:
        return None
    events = [event for event in list_events(session, document) if event.origin is not Origin.OFFICIAL_LABEL]
    standing = derive_standing(version_dates(session, document), events, version=version, as_of=day, known_at=now())
    row = session.get(VersionRow, version) if version else None
    return LabelCheck(
        document=document,
        version=version,
        title=row.title if row else session.get_one(DocumentRow, document).title,
        label=label,
        source=(rule or "").removeprefix("label:") or None,
        as_of=day,
        ours=standing.status,
        verdict=_compared(Status(said), standing.status),
        quote=standing.events[0].quote if standing.events else None,
    )


def _compared(said: Status, ours: Status) -> Verdict:
    if said is ours:
        return Verdict.AGREES
    return Verdict.SILENT if ours is Status.UNKNOWN else Verdict.DIVERGES
