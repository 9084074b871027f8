"""The one interface of every engine: a reader that answers clauses, a writer that replaces documents.

An engine keeps two indexes under one roof: documents (one record per version), which answer counts and facets, and
articles (one per passage), which answer where in the text. What a clause means is fixed in `indexer.clauses`; an
engine may differ in how it scores, never in what it finds.
"""

from __future__ import annotations

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, ClassVar

from indexer.clauses import Between, Clause, Score
from indexer.generations import FolderGenerations, Generations
from indexer.records import DocumentUnits, newest, oldest

#: The record that keeps how far the outbox was derived, so that it is committed with what it describes.
STATE = "state"


def number_of(name: str) -> int:
    """A number that stands for a name: 56 bits of its hash."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:7])


class Unit(StrEnum):
    """What one hit is: 整篇 or 条文."""

    DOCUMENT = "document"
    ARTICLE = "article"


class Sort(StrEnum):
    """相关度; 发布日期 and 施行日期, newest or oldest first, the undated last and ids deciding ties."""

    RELEVANCE = "relevance"
    DATE = "date"
    DATE_OLDEST = "date-asc"
    EFFECTIVE = "effective"
    EFFECTIVE_OLDEST = "effective-asc"

    @property
    def order(self) -> str | None:
        """The indexed number this puts hits in order by, greatest first; None where scores do."""
        return _ORDERS.get(self)


_ORDERS = {
    Sort.DATE: newest("published"),
    Sort.DATE_OLDEST: oldest("published"),
    Sort.EFFECTIVE: newest("effective"),
    Sort.EFFECTIVE_OLDEST: oldest("effective"),
}


class Row:
    """One record found. `order` is the number it was put in order by, where it was by one; `title` and `document` are
    numbers that records of one title, and of one document, share (`number_of`)."""

    __slots__ = ("_facts", "_load", "document", "order", "score", "title")

    def __init__(
        self,
        load: Callable[[], Mapping[str, Any]],
        score: float = 0.0,
        order: int | None = None,
        title: int | None = None,
        document: int | None = None,
    ) -> None:
        self._load = load
        self._facts: Mapping[str, Any] | None = None
        self.score = score
        self.order = order
        self.title = title
        self.document = document

    @property
    def facts(self) -> Mapping[str, Any]:
        """What was stored with it: its document's facts, its address and its text. Read when first asked for: of the
        rows an order is made from few are shown."""
        if self._facts is None:
            self._facts = self._load()
        return self._facts


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The exact total, and the rows asked for."""

    total: int
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Count the values of a keyword field over the matching records whose numbers are `within` these ranges."""

    field: str
    within: tuple[Between, ...] = ()


class Reader(ABC):
    """A snapshot of a generation that is followed by `refresh`."""

    @abstractmethod
    def find(
        self, unit: Unit, match: Clause, scores: tuple[Score, ...], *, sort: Sort, limit: int, offset: int
    ) -> Found:
        """Rows from `offset` on; none beyond the total, however far. Between equals the order is the same every time
        until something is committed."""

    @abstractmethod
    def scan(self, unit: Unit, match: Clause, scores: tuple[Score, ...], *, sort: Sort) -> Iterator[Row]:
        """Every row, in the order of `find`."""

    @abstractmethod
    def count_values(self, unit: Unit, match: Clause, tallies: tuple[Tally, ...]) -> tuple[dict[str, int], ...]:
        """For each tally, how many matching records have each value; exact."""

    @abstractmethod
    def frequencies(self, unit: Unit, field: str, tokens: Sequence[str]) -> dict[str, int]:
        """In how many records, or nearly so many, each token of the field is."""

    @abstractmethod
    def fingerprints(self) -> Iterator[tuple[str, str, int, int]]:
        """(document, fingerprint, passages that should be, passages that are) of every document held."""

    @abstractmethod
    def last_change(self) -> int:
        """The outbox id up to which what is seen was derived; 0 for none."""

    @abstractmethod
    def refresh(self) -> None:
        """See what was committed since."""

    @abstractmethod
    def close(self) -> None: ...


class Writer(ABC):
    """The one writer of a generation. Nothing is seen by readers, and nothing survives a crash, before `commit`."""

    @abstractmethod
    def add(self, units: DocumentUnits) -> None:
        """Add a document that is not held yet."""

    @abstractmethod
    def remove(self, document: str) -> None:
        """Take a document out, if it is held."""

    @abstractmethod
    def last_change(self) -> int:
        """The outbox id up to which the last commit had derived; 0 for none."""

    @abstractmethod
    def commit(self, last_change: int) -> None:
        """Make everything visible at once, together with how far the outbox has been read."""

    @abstractmethod
    def close(self) -> None:
        """Let go; what was not committed is dropped."""


class Engine(ABC):
    """A kind of index, by name."""

    name: ClassVar[str]
    #: Differences from the conformance suite, in words; empty is the aim.
    gaps: ClassVar[tuple[str, ...]] = ()

    def generations(self, folder: Path) -> Generations:
        """The generations of this engine's index, whose own folder is `folder`."""
        return FolderGenerations(folder)

    @abstractmethod
    def create(self, folder: Path) -> None:
        """An empty index in `folder`."""

    def is_damage(self, error: BaseException) -> bool:
        """Whether an error met while reading says that a file of the index is damaged."""
        return False

    def is_sound(self, folder: Path) -> bool:
        """Whether every file of a generation is as it was written, read or not."""
        return True

    @abstractmethod
    def open_reader(self, folder: Path) -> Reader: ...

    @abstractmethod
    def open_writer(self, folder: Path, heap_bytes: int) -> Writer: ...
