"""Status: derived from events by pure functions, never stored as truth.

`in_force` needs a commencement and a dated attestation; commencement and silence is `unknown`, shown as
「已施行，未见废止记载」. `amended` is said of an old version.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from gazette.events import Event


class Status(StrEnum):
    PENDING = "pending"
    IN_FORCE = "in_force"
    AMENDED = "amended"
    PARTIAL = "partial"
    SUSPENDED = "suspended"
    REPEALED = "repealed"
    LAPSED = "lapsed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionDates:
    """What status derivation needs of a version; versions of one document are ordered by `version_date`."""

    version: str
    version_date: date | None
    effective_date: date | None
    is_translation: bool = False


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
