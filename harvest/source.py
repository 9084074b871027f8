"""What every source must do: say who it is, and gather what it holds.

A source knows nothing of documents held or of transactions. It yields `Found` values, one an item of its own; the run
decides what becomes of them. Bytes and drafts are loaded only for items that changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Protocol

from gazette.draft import Digitized
from gazette.errors import Finding
from gazette.settings import RecordSettings
from harvest.items import KnownItem
from harvest.reports import Outcome, Traffic
from harvest.settings import HarvestSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """An item read: its documents, the bytes kept as their copy, the day an official label on them was read, and the
    bytes of annexes not held yet."""

    digitized: Digitized
    data: bytes
    label_date: date | None = None
    annexes: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One item of a source. `load` is None when there is nothing to read: it is unchanged, or `lost` (skipped or
    failed, as `reason` says)."""

    item: KnownItem
    load: Callable[[], Loaded] | None = None
    reason: str | None = None
    lost: Outcome | None = None
    title: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathering:
    """What a source is given: what we know of it already, and its bounds. `at` is a mirror's address."""

    known: Mapping[str, KnownItem]
    record: RecordSettings
    settings: HarvestSettings
    spool: Path
    limit: int | None = None
    at: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """What a source gave. `pages` are addresses that hold no document of their own (lists, annexes); `whole` is False
    where the source was not seen to its end, so that nothing follows from what is absent."""

    found: Iterable[Found]
    pages: tuple[KnownItem, ...] = ()
    traffic: Traffic = Traffic()
    whole: bool = True
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A dry run: what the first list and one item of it say. Nothing is stored."""

    source: str
    reachable: bool
    listed: int
    sample_url: str | None
    fields: Mapping[str, str]
    findings: tuple[Finding, ...]

    def to_json(self) -> dict[str, object]:
        return {
            "source": self.source,
            "reachable": self.reachable,
            "listed": self.listed,
            "sample_url": self.sample_url,
            "fields": dict(self.fields),
            "findings": [finding.to_json() for finding in self.findings],
        }

    @property
    def ok(self) -> bool:
        return self.reachable and self.sample_url is not None

    def summary(self) -> str:
        """A few lines for a terminal."""
        lines = [f"{self.source}：列表 {self.listed} 条" if self.reachable else f"{self.source}：列表页取不到"]
        lines += [f"样例 {self.sample_url}"] if self.sample_url else []
        lines += [f"  {name:16} {value}" for name, value in self.fields.items()]
        return "\n".join([*lines, *(f"! {finding.message}" for finding in self.findings)])


class Source(Protocol):
    """Anything that can be harvested. `kind` is site or package; `every_days` how often a success is due."""

    name: str
    title: str
    agency: str
    kind: str
    every_days: int

    def missing_part(self) -> str | None:
        """Why this source cannot be harvested here (a package not installed); None when it can."""

    def to_json(self) -> dict[str, object]: ...

    def gather(self, gathering: Gathering) -> Gathered: ...

    def check(self, gathering: Gathering) -> Checked: ...


def describe(source: Source) -> dict[str, object]:
    """The JSON of a source, the same for every kind."""
    return {
        "name": source.name,
        "title": source.title,
        "agency": source.agency,
        "kind": source.kind,
        "every_days": source.every_days,
        "unavailable": source.missing_part(),
    }
