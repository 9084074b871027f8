"""The home page: what is new, what this week brings, and the ways in by agency, subject and year."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy.orm import Session

from gazette.issues.gazettes import list_issues
from gazette.issues.issue import Issue
from gazette.record.library import (
    Count,
    Holdings,
    count_agencies,
    count_themes,
    count_updated,
    count_years,
    counts,
    list_latest,
)
from gazette.record.reading import DocumentRecord, iter_documents
from gazette.validity.calendar import CalendarEntry, list_calendar

#: Documents listed as latest, and values listed of each way in.
LATEST = 8
LISTED = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class HomePage:
    today: dt.date
    holdings: Holdings
    latest: tuple[DocumentRecord, ...]
    updated_today: int
    issue: Issue | None
    begins: tuple[CalendarEntry, ...]
    ends: tuple[CalendarEntry, ...]
    agencies: tuple[Count, ...]
    themes: tuple[Count, ...]
    years: tuple[Count, ...]


def read_home(session: Session, midnight: dt.datetime) -> HomePage:
    """The page of the day that began at `midnight`, in the site's time zone."""
    today = midnight.date()
    monday = today - dt.timedelta(days=today.weekday())
    ids = [each.id for each in list_latest(session, LATEST)]
    held = {document.id: document for document in iter_documents(session, ids, as_of=today)}
    issues = list_issues(session, published_only=True)
    week = list_calendar(session, monday, monday + dt.timedelta(days=6))
    return HomePage(
        today=today,
        holdings=counts(session),
        latest=tuple(held[id_] for id_ in ids if id_ in held),
        updated_today=count_updated(session, midnight),
        issue=max(issues, key=lambda issue: (issue.cover_date or dt.date.min, issue.year, issue.number), default=None),
        begins=tuple(entry for entry in week if entry.begins),
        ends=tuple(entry for entry in week if not entry.begins),
        agencies=count_agencies(session, LISTED),
        themes=count_themes(session, LISTED),
        years=count_years(session)[:LISTED],
    )
