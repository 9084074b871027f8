"""施行失效日历: what commences and what ends, day by day, of all or of one agency or theme.

Read from effective dates and from the derived intervals, so that what the calendar says of a day is what the page of
the document will say on it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from gazette.record.agencies import AgencyRow
from gazette.record.documents import DocumentRow, DocumentState, IssuerRow, VersionRow, VersionState
from gazette.validity.events import IntervalRow
from gazette.validity.status import Status

_ENDS = (Status.REPEALED.value, Status.LAPSED.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarEntry:
    """One document for which something begins (施行) or ends (废止、失效) on `day`; `status` is what it then is."""

    day: date
    status: Status
    document: str
    title: str
    updated_at: datetime

    @property
    def begins(self) -> bool:
        return self.status is Status.IN_FORCE


def list_calendar(
    session: Session, first: date, last: date, *, issuer: str | None = None, theme: str | None = None
) -> tuple[CalendarEntry, ...]:
    """What commences and what ends from `first` to `last`, both included, day by day."""
    entries = {*_begins(session, first, last, issuer, theme), *_ended(session, first, last, issuer, theme)}
    return tuple(sorted(entries, key=lambda entry: (entry.day, not entry.begins, entry.title, entry.document)))


def list_endings(
    session: Session, today: date, months: int, *, issuer: str | None = None, theme: str | None = None
) -> tuple[CalendarEntry, ...]:
    """What ends after `today` and within so many months, the nearest first: what somebody may still want to renew."""
    entries = set(_ended(session, today + timedelta(days=1), months_later(today, months), issuer, theme))
    return tuple(sorted(entries, key=lambda entry: (entry.day, entry.title, entry.document)))


def months_later(day: date, months: int) -> date:
    """The same day of a later month, its last day where the month is shorter."""
    number = day.year * 12 + day.month - 1 + months
    first = date(number // 12, number % 12 + 1, 1)
    following = date((number + 1) // 12, (number + 1) % 12 + 1, 1)
    return min(first + timedelta(days=day.day - 1), following - timedelta(days=1))


def _begins(session: Session, first: date, last: date, issuer: str | None, theme: str | None) -> list[CalendarEntry]:
    query = (
        select(VersionRow.effective_date, VersionRow.document_id, VersionRow.title, DocumentRow.updated_at)
        .join(DocumentRow, DocumentRow.id == VersionRow.document_id)
        .where(_is_original(), VersionRow.effective_date.between(first, last), *_narrowed(issuer, theme))
    )
    return [
        CalendarEntry(day=day, status=Status.IN_FORCE, document=document, title=title, updated_at=at)
        for day, document, title, at in session.execute(query)
        if day
    ]


def _ended(session: Session, first: date, last: date, issuer: str | None, theme: str | None) -> list[CalendarEntry]:
    query = (
        select(
            IntervalRow.valid_from,
            IntervalRow.status,
            IntervalRow.document_id,
            VersionRow.title,
            DocumentRow.updated_at,
        )
        .join(VersionRow, VersionRow.id == IntervalRow.version_id)
        .join(DocumentRow, DocumentRow.id == IntervalRow.document_id)
        .where(
            _is_original(),
            IntervalRow.eid.is_(None),
            IntervalRow.status.in_(_ENDS),
            IntervalRow.valid_from.between(first, last),
            *_narrowed(issuer, theme),
        )
    )
    return [
        CalendarEntry(day=day, status=Status(status), document=document, title=title, updated_at=at)
        for day, status, document, title, at in session.execute(query)
        if day
    ]


def _is_original() -> ColumnElement[bool]:
    """A published version of a published document, and no translation."""
    return and_(
        DocumentRow.state == DocumentState.PUBLISHED.value,
        VersionRow.state == VersionState.PUBLISHED.value,
        VersionRow.is_translation.is_(False),
    )


def _narrowed(issuer: str | None, theme: str | None) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if issuer:
        issued = select(IssuerRow.document_id).join(AgencyRow, AgencyRow.id == IssuerRow.agency_id)
        found.append(DocumentRow.id.in_(issued.where(AgencyRow.name == issuer)))
    if theme:
        found.append(DocumentRow.theme == theme)
    return found
