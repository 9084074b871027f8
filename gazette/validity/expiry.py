"""Expiry (有效期届满): the last day that a text gives itself, and the one that renewals have put in its place.

The day that a text prints stays what it printed; read alone after a renewal it would be wrong.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from gazette.record.values import DocumentRecord, VersionRecord
from gazette.validity.events import Event, EventKind, Origin
from gazette.validity.status import known_events
from gazette.validity.verdicts import renewals

_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Expiry:
    """The last day of a version: as printed, and as it stands after `renewals` (oldest first; none: as printed).

    `until` is None where a renewal does not say for how long. `lapse` is the evidence of what is printed.
    """

    printed: dt.date | None
    until: dt.date | None
    lapse: Event | None
    renewals: tuple[Event, ...] = ()


def find_expiry(document: DocumentRecord, version: VersionRecord) -> Expiry | None:
    """When the term of `version` ends, as the record knew it when the document was read; None without a term."""
    events = known_events(document.events, document.standing.known_at)
    ends = [
        event
        for event in events
        if event.kind is EventKind.LAPSED and event.origin is Origin.DATE and event.version in (None, version.id)
    ]
    lapse = min(ends, key=lambda event: (event.version is None, event.date or dt.date.max), default=None)
    ends_on = lapse.date if lapse else None
    printed = ends_on - _DAY if ends_on else version.expiry_date
    renewed = renewals(lapse, events) if lapse else ()
    if not (printed or renewed):
        return None
    last = renewed[-1][0] if renewed else ends_on
    until = last - _DAY if last else (None if renewed else printed)
    return Expiry(printed=printed, until=until, lapse=lapse, renewals=tuple(event for _, event in renewed))
