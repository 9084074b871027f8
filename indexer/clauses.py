"""What an engine is asked: a small algebra of clauses over indexed fields, all analysis already done.

Each engine compiles these dozen nodes and nothing else; what they mean is fixed here, so that all engines find the
same documents.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Everything:
    """Every record."""


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Nothing:
    """No record."""


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Term:
    """The field has this very token (text) or value (keyword)."""

    field: str
    value: str


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Prefix:
    """The field has a token that begins so."""

    field: str
    start: str


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Sequence:
    """The field has these tokens at consecutive positions; with `open_end` the last is the beginning of a token."""

    field: str
    tokens: tuple[str, ...]
    open_end: bool = False


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Close:
    """The field has both runs of tokens, in either order, with at most `apart` positions between what they take up:
    `one_places` and `other_places` of them (a pair of characters is one token and takes up two)."""

    field: str
    one: tuple[str, ...]
    one_places: int
    other: tuple[str, ...]
    other_places: int
    apart: int


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Glob:
    """The field has a token of this shape: * is any run of characters, ? is one."""

    field: str
    pattern: str


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Near:
    """The field has this value but for one slip: a wrong, missing, added or swapped character, or none."""

    field: str
    value: str


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Between:
    """The number in the field is in the range, both ends included; None is open."""

    field: str
    low: int | None = None
    high: int | None = None


@dataclass(frozen=True, slots=True, weakref_slot=True)
class AllOf:
    """Every part. Of no parts: everything."""

    parts: tuple[Clause, ...]


@dataclass(frozen=True, slots=True, weakref_slot=True)
class AnyOf:
    """At least `at_least` of the parts."""

    parts: tuple[Clause, ...]
    at_least: int = 1


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Without:
    """What does not match the part."""

    part: Clause


Clause = Everything | Nothing | Term | Prefix | Sequence | Close | Glob | Near | Between | AllOf | AnyOf | Without


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Rank by these words in a field (BM25), times `boost`; a word given twice may count twice."""

    field: str
    words: tuple[str, ...]
    boost: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Bonus:
    """Rank what matches the clause higher by `points`."""

    clause: Clause
    points: float


Score = Words | Bonus
