"""The imprint of an issue, and the place of a document in it: plain values that drafts carry along."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Imprint:
    """What an issue prints about itself. `number` is 期 of the year (`number_to` the last one of a 合刊),
    `running_number` 总期, `supplement` 增刊."""

    gazette: str | None = None
    sponsor: str | None = None
    year: int | None = None
    volume: int | None = None
    number: int | None = None
    number_to: int | None = None
    running_number: int | None = None
    cover_date: dt.date | None = None
    supplement: str | None = None

    def to_json(self) -> dict[str, Any]:
        return {
            "gazette": self.gazette,
            "sponsor": self.sponsor,
            "year": self.year,
            "volume": self.volume,
            "number": self.number,
            "number_to": self.number_to,
            "running_number": self.running_number,
            "cover_date": self.cover_date.isoformat() if self.cover_date else None,
            "supplement": self.supplement,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """The document that a notice corrects or interprets (`kind`: corrects, interprets), as the notice names it."""

    kind: str
    title: str | None = None
    number: str | None = None

    def to_json(self) -> dict[str, Any]:
        return {"kind": self.kind, "title": self.title, "number": self.number}


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """Where a document stands in its issue: order from 1, column, printed pages; `listed` as the contents have it,
    `about` what a correction or an interpretation refers to."""

    position: int
    column: str | None = None
    page_from: int | None = None
    page_to: int | None = None
    listed: str | None = None
    issue: Imprint | None = None
    about: About | None = None

    def to_json(self) -> dict[str, Any]:
        return {
            "position": self.position,
            "column": self.column,
            "page_from": self.page_from,
            "page_to": self.page_to,
            "listed": self.listed,
            "issue": self.issue.to_json() if self.issue else None,
            "about": self.about.to_json() if self.about else None,
        }
