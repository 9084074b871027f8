"""Derived stretches of status, kept per version so that "in force on a day" is a range filter, and the calendar.

Intervals are rebuilt whole from the events and can be thrown away at any time. What changes by the mere passing of
days (a commencement, an expiry) is carried to the index by `enqueue_calendar`, once a day.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from gazette.outbox import enqueue
from gazette.record.documents import VersionRow, VersionState
from gazette.store import Store, now, today
from gazette.validity.events import IntervalRow, list_events
from gazette.validity.status import Interval, VersionDates, derive_intervals

#: Where the last day carried to the index is noted, under the home folder; losing it repeats a month's work.
_MARK = "calendar.day"
_LOOK_BACK = timedelta(days=31)


def version_dates(session: Session, document_id: str) -> tuple[VersionDates, ...]:
    """The published versions of a document as status derivation wants them."""
    statement = select(
        VersionRow.id, VersionRow.version_date, VersionRow.effective_date, VersionRow.is_translation
    ).where(VersionRow.document_id == document_id, VersionRow.state == VersionState.PUBLISHED.value)
    return tuple(
        VersionDates(version=id, version_date=issued, effective_date=effective, is_translation=translated)
        for id, issued, effective, translated in session.execute(statement)
    )


def to_dates(row: VersionRow) -> VersionDates:
    return VersionDates(
        version=row.id,
        version_date=row.version_date,
        effective_date=row.effective_date,
        is_translation=row.is_translation,
    )


def refresh_intervals(session: Session, document_id: str, *, known_at: datetime | None = None) -> tuple[Interval, ...]:
    """Rebuild the intervals of a document from its versions and events."""
    session.flush()
    versions = version_dates(session, document_id)
    intervals = derive_intervals(versions, list_events(session, document_id), known_at=known_at or now())
    # By id, not by looking through everything the session holds: a clean-up renews thousands in one transaction.
    old = delete(IntervalRow).where(IntervalRow.document_id == document_id)
    session.execute(old.execution_options(synchronize_session="fetch"))
    session.add_all(
        IntervalRow(
            document_id=document_id,
            version_id=each.version,
            eid=each.eid,
            status=each.status.value,
            basis=each.basis,
            valid_from=each.valid_from,
            valid_to=each.valid_to,
        )
        for each in intervals
    )
    session.flush()
    return intervals


def enqueue_calendar(store: Store, day: date | None = None) -> int:
    """Announce every document whose status the calendar changed since the last call; returns how many.

    A day is one of China's calendar, by which documents commence and lapse; twice on one day announces nothing more.
    """
    day = day or today()
    mark = store.settings.home / _MARK
    since = _marked(mark) or day - _LOOK_BACK
    if since >= day:
        return 0
    with store.write() as session:
        statement = (
            select(IntervalRow.document_id)
            .where(IntervalRow.valid_from > since, IntervalRow.valid_from <= day)
            .distinct()
        )
        documents = sorted(session.scalars(statement))
        for document in documents:
            enqueue(session, "document", document)
    mark.write_text(day.isoformat(), "utf-8")
    return len(documents)


def _marked(mark: Path) -> date | None:
    try:
        return date.fromisoformat(mark.read_text("utf-8").strip())
    except (OSError, ValueError):
        return None
