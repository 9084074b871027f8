"""Succession: the versions of a document in their order, and the day from which each of them stands.

The closing article of an amended text still states the first commencement, so the events decide where the dates that a
version prints cannot.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from gazette.validity.events import Event, EventKind

#: An amended text whose commencement is not stated has commenced by then; before, it is not known.
SURELY_COMMENCED = timedelta(days=366)


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionDates:
    """What status derivation needs of a version; versions of one document are ordered by `version_date`."""

    version: str
    version_date: date | None
    effective_date: date | None
    is_translation: bool = False


@dataclass(frozen=True, slots=True)
class Started:
    """A version with the day from which it stands; None where that is not known."""

    version: str
    version_date: date | None
    start: date | None
    event: Event | None

    @property
    def surely_by(self) -> date | None:
        """The day by which it stands for certain."""
        return self.start or (self.version_date + SURELY_COMMENCED if self.version_date else None)


def order_versions(versions: Sequence[VersionDates], events: Sequence[Event]) -> tuple[Started, ...]:
    """Versions oldest first, each with its start."""
    own = [each for each in versions if not each.is_translation] or list(versions)
    own.sort(key=lambda each: (each.version_date or each.effective_date or date.min, each.version))
    return tuple(_start(each, events, is_first=at == 0) for at, each in enumerate(own))


def standing_at(versions: Sequence[Started], as_of: date) -> int:
    """Which version stood on a day: the newest that had commenced, else the oldest."""
    for at in range(len(versions) - 1, 0, -1):
        surely = versions[at].surely_by
        if surely and surely <= as_of:
            return at
    return 0


def _start(version: VersionDates, events: Sequence[Event], *, is_first: bool) -> Started:
    """When a version came to stand. The closing article of an amended text still states the first commencement, so
    for a later version a day before its own date is no answer."""
    commenced = [
        event
        for event in events
        if event.kind is EventKind.COMMENCED
        and event.date
        and not event.provisions
        and event.version in (None, version.version)
    ]
    commenced.sort(key=lambda event: (event.version is None, event.date or date.max))
    event = commenced[0] if commenced else None
    start = version.effective_date or (event.date if event else None)
    if start and not is_first and version.version_date and start < version.version_date:
        start, event = None, None
    if start is None and not is_first:
        event = _amendment_of(version, events)
        start = event.date if event else None
    return Started(version.version, version.version_date, start, event if start else None)


def _amendment_of(version: VersionDates, events: Sequence[Event]) -> Event | None:
    """The amendment that made a later version: the first to take effect within a year of the version's own date."""
    made = [
        event
        for event in events
        if event.kind is EventKind.AMENDED
        and event.date
        and version.version_date
        and version.version_date <= event.date <= version.version_date + SURELY_COMMENCED
    ]
    return min(made, key=lambda event: event.date or date.max, default=None)
