"""One change that an amending decision makes to a text, as a value: what is changed, where, into which words."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from gazette.errors import Locator


class OperationKind(StrEnum):
    """What one clause does to the amended text."""

    REPLACE = "replace"
    REPLACE_WORDS = "replace_words"
    DELETE = "delete"
    DELETE_WORDS = "delete_words"
    INSERT = "insert"
    INSERT_WORDS = "insert_words"
    RENUMBER = "renumber"
    MERGE = "merge"
    SPLIT = "split"
    MOVE = "move"
    SWAP = "swap"
    HEADING = "heading"
    TITLE = "title"
    ADJUST = "adjust"
    ADJUST_REFERENCES = "adjust_references"


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One change. `places` are addresses in the old text, `to` in the new one.

    `old` and `new` are words (replaced one for one, or all `old` by the one `new`), `texts` quoted provisions;
    `side` is 后 or 前 where something is put beside `places`; `unit` is what is added (art, para …). `sentence` counts
    the sentences of the place from 1, or from the end with -1; 0 is the whole.
    `quote` is the clause that says it.
    """

    kind: OperationKind
    places: tuple[str, ...] = ()
    to: tuple[str, ...] = ()
    old: tuple[str, ...] = ()
    new: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    heading: str | None = None
    side: str | None = None
    unit: str | None = None
    count: int | None = None
    sentence: int = 0
    heading_only: bool = False
    quote: str = ""
    locator: Locator = field(default_factory=Locator)

    @property
    def text(self) -> str:
        """What is quoted as a provision, whole."""
        return "\n".join(self.texts)

    def to_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind.value,
            "places": list(self.places),
            "to": list(self.to),
            "old": list(self.old),
            "new": list(self.new),
            "text": self.text or None,
            "quote": self.quote,
        }
