"""The standing of a document through time: one stretch after another, each with the events that decide it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from gazette.record.documents import VersionState
from gazette.record.values import DocumentRecord
from gazette.validity.events import Event
from gazette.validity.status import Status, derive_intervals, derive_standing, find_version_standing
from gazette.versions.succession import VersionDates


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """One status of one version from `first` until the day before `until` (None: open); `events` decide, the first
    before all. `note` is the sentence shown beside the status (Chinese)."""

    status: Status
    version: str | None
    first: dt.date
    until: dt.date | None
    note: str | None
    events: tuple[Event, ...]


def timeline(document: DocumentRecord) -> tuple[Stretch, ...]:
    """The stretches of a document, oldest first, as the record knew them when the document was read."""
    known_at = document.standing.known_at
    dates = tuple(
        VersionDates(
            version=each.id,
            version_date=each.version_date,
            effective_date=each.effective_date,
            is_translation=each.is_translation,
        )
        for each in document.versions
        if each.state is VersionState.PUBLISHED
    )
    intervals = derive_intervals(dates, document.events, known_at=known_at)
    days = sorted({each.valid_from for each in intervals if each.valid_from and each.eid is None})
    found: list[Stretch] = []
    for day, until in zip(days, [*days[1:], None], strict=False):
        standing = derive_standing(dates, document.events, version=None, as_of=day, known_at=known_at)
        version = find_version_standing(dates, document.events, as_of=day, known_at=known_at)
        if found and (found[-1].status, found[-1].version) == (standing.status, version):
            first, note, events = found[-1].first, found[-1].note, found[-1].events
            found.pop()
        else:
            first, note, events = day, standing.note, standing.events
        found.append(
            Stretch(status=standing.status, version=version, first=first, until=until, note=note, events=events)
        )
    return tuple(found)
