"""Status: derived from events by pure functions, never stored as truth.

`in_force` needs a commencement and a dated attestation; commencement and silence is `unknown`, shown as
「已施行，未见废止记载」. `amended` is said of an old version. Only accepted events that were known at the time asked
about decide.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from gazette.validity.events import Event, EventKind, EventState
from gazette.validity.verdicts import ATTESTATION_HOLDS, SILENT, Status, judge, renewals
from gazette.versions.succession import SURELY_COMMENCED, Started, VersionDates, order_versions, standing_at

__all__ = [
    "ATTESTATION_HOLDS",
    "SILENT",
    "Interval",
    "Standing",
    "Status",
    "VersionDates",
    "derive_intervals",
    "derive_standing",
    "find_version_standing",
    "known_events",
]

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The answer to "was it in force?". `basis` is official-label, text, date, editor or None.

    `note` is the sentence shown beside the label (Chinese), e.g. 已施行，未见废止记载. `events` are those that decide,
    the deciding one first.
    """

    status: Status
    as_of: date
    known_at: datetime
    basis: str | None
    note: str | None = None
    events: tuple[Event, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """One stretch of one status of a version (or of a provision of it); `valid_to` is exclusive."""

    version: str
    status: Status
    valid_from: date | None
    valid_to: date | None
    basis: str | None = None
    eid: str | None = None

    def to_json(self) -> dict[str, Any]:
        return {
            "version": self.version,
            "eid": self.eid,
            "status": self.status.value,
            "valid_from": self.valid_from.isoformat() if self.valid_from else None,
            "valid_to": self.valid_to.isoformat() if self.valid_to else None,
            "basis": self.basis,
        }


def derive_standing(
    versions: Sequence[VersionDates],
    events: Sequence[Event],
    *,
    version: str | None,
    as_of: date,
    known_at: datetime,
    eid: str | None = None,
) -> Standing:
    """The status of a document (`version` None), of one version, or of one provision of it, on a day."""
    deciding = known_events(events, known_at)
    started = order_versions(versions, deciding)
    verdict = judge(started, deciding, version, as_of, eid)
    return Standing(
        status=verdict.status,
        as_of=as_of,
        known_at=known_at,
        basis=verdict.basis,
        note=verdict.note,
        events=verdict.events,
    )


def derive_intervals(
    versions: Sequence[VersionDates], events: Sequence[Event], *, known_at: datetime
) -> tuple[Interval, ...]:
    """Every stretch of one status, for each version and each provision that fares otherwise than its version."""
    deciding = known_events(events, known_at)
    started = order_versions(versions, deciding)
    days = sorted(_turning_days(started, deciding))
    eids: list[str | None] = [None, *sorted({eid for event in deciding for eid in event.provisions})]
    found: list[Interval] = []
    for each in started:
        whole = _stretches(started, deciding, each.version, None, days)
        found += whole
        for eid in eids[1:]:
            part = _stretches(started, deciding, each.version, eid, days)
            found += part
    return tuple(found)


def find_version_standing(
    versions: Sequence[VersionDates], events: Sequence[Event], *, as_of: date, known_at: datetime
) -> str | None:
    """The version that is the document's text on a day: the newest that had commenced, else the oldest."""
    started = order_versions(versions, known_events(events, known_at))
    return started[standing_at(started, as_of)].version if started else None


def known_events(events: Iterable[Event], known_at: datetime) -> tuple[Event, ...]:
    """The events that may decide: accepted, and in the record's knowledge at `known_at`."""
    return tuple(
        event
        for event in events
        if event.state is EventState.ACCEPTED
        and event.known_from <= known_at
        and (event.known_to is None or known_at < event.known_to)
    )


def _stretches(
    versions: Sequence[Started], events: Sequence[Event], version: str, eid: str | None, days: list[date]
) -> list[Interval]:
    """The status between turning days, equal neighbours joined."""
    found: list[Interval] = []
    probes: list[tuple[date | None, date]] = [(None, days[0] - _DAY if days else date.min)]
    probes += [(day, day) for day in days]
    for valid_from, day in probes:
        verdict = judge(versions, events, version, day, eid)
        if found and (found[-1].status, found[-1].basis) == (verdict.status, verdict.basis):
            continue
        if found:
            found[-1] = replace(found[-1], valid_to=valid_from)
        found.append(
            Interval(
                version=version,
                status=verdict.status,
                valid_from=valid_from,
                valid_to=None,
                basis=verdict.basis,
                eid=eid,
            )
        )
    return found


def _turning_days(versions: Sequence[Started], events: Sequence[Event]) -> set[date]:
    """Every day on which some status may change."""
    days = {day for each in versions for day in (each.start, each.version_date, each.surely_by) if day}
    for event in events:
        if event.date is None:
            continue
        days.add(event.date)
        if event.kind is EventKind.ATTESTED:
            days.add(event.date + ATTESTATION_HOLDS + _DAY)
        if event.kind is EventKind.LAPSED:
            days |= {day for day, _ in renewals(event, events) if day}
        if event.kind is EventKind.AMENDED:
            days.add(event.date + SURELY_COMMENCED)
    return days | {event.known_from.date() for event in events if event.date is None}
