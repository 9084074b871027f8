"""How much weight a law has: how often the texts of the record name it.

Lay questions are mostly answered by a few great laws, and those are the laws that the others rest on. While an index
is filled every text is read for what it names: a title in 《》, or a title written plainly before an article's number
(民法典第一百八十八条). The counts lie beside the generations of the index; what is indexed later adds to them, and a
rebuild counts anew. Plans turn them into levels: a law named often stands before one named seldom.
"""

from __future__ import annotations

import json
import math
import os
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from indexer.clauses import AnyOf, Bonus, Clause, Nothing, Term
from indexer.records import DocumentUnits, same_title_key
from indexer.schema import schema

_FILE = "authority.json"
_MARKED = re.compile(r"《([^《》]{2,120})》")
#: What stands right before an article's number; a title of fewer letters than two is none.
_PLAIN = re.compile(r"([^\W\d_]{2,40})第[〇零一二三四五六七八九十百千\d]+条")
#: Without this a text has nothing for `_PLAIN`, which takes a hundred times as long to find that out.
_NAMED = re.compile(r"第(?<=[^\W\d_]{2}第)[〇零一二三四五六七八九十百千\d]+条")
#: How a text names itself.
_ITSELF = tuple(f"本{each}" for each in ("法", "法典", "条例", "办法", "规定", "细则", "规则", "解释"))
#: Levels by which counts are told apart, to each unit of their logarithm.
_LEVELS = 2


@dataclass(frozen=True, slots=True)
class Weights:
    """What plans take from the counts: a bonus for each level, and what a great law is."""

    bonuses: tuple[Bonus, ...] = ()
    great: Clause = Nothing()


class Authority:
    """Counts of how often a title is named, by its key (`same_title_key`)."""

    def __init__(self, named: Mapping[str, int] | None = None) -> None:
        self.named: Counter[str] = Counter(named or {})
        self._plainly: Counter[str] = Counter()
        self._held: set[str] = set()

    def read(self, units: DocumentUnits) -> None:
        """Count what a document names; naming itself counts for nothing."""
        own = {key for unit in units.units for key in unit.title_keys}
        itself = (*own, *_ITSELF)
        self._held |= own
        for text in dict.fromkeys(passage.text for unit in units.units for passage in unit.passages):
            self.named.update(key for key in map(_key, _MARKED.findall(text)) if key and key not in own)
            if _NAMED.search(text):
                self._plainly.update(name for name in _PLAIN.findall(text) if not name.endswith(itself))

    def settle(self) -> None:
        """Turn what stood before articles' numbers into the titles it ends with, as far as they are known."""
        known = self._held | self.named.keys()
        for name, count in self._plainly.items():
            key = next((name[start:] for start in range(len(name) - 1) if name[start:] in known), None)
            if key:
                self.named[key] += count
        self._plainly.clear()

    def weights(self) -> Weights:
        """The counts as fields.toml weighs them."""
        question = schema().question
        great = tuple(Term("title_key", key) for key, count in sorted(self.named.items()) if count >= question.great)
        return Weights(bonuses=self._bonuses(question.authority), great=AnyOf(great))

    def _bonuses(self, weight: float) -> tuple[Bonus, ...]:
        """A bonus for each level: `weight` times the logarithm of the counts in it."""
        levels: dict[int, list[str]] = {}
        for key, count in sorted(self.named.items()):
            levels.setdefault(round(_LEVELS * math.log1p(count)), []).append(key)
        return tuple(
            Bonus(clause=AnyOf(tuple(Term("title_key", key) for key in keys)), points=weight * level / _LEVELS)
            for level, keys in sorted(levels.items())
            if level
        )

    def save(self, folder: Path) -> None:
        """Write the counts into `folder`, whole or not at all."""
        self.settle()
        folder.mkdir(parents=True, exist_ok=True)
        fresh = folder / f"{_FILE}.new"
        fresh.write_text(json.dumps(dict(self.named), ensure_ascii=False), "utf-8")
        os.replace(fresh, folder / _FILE)


def load_authority(folder: Path) -> Authority:
    """The counts in `folder`; none where there are none."""
    try:
        return Authority(json.loads((folder / _FILE).read_text("utf-8")))
    except (OSError, ValueError):
        return Authority()


class WeightsFile:
    """The weights that the counts in a folder give, read anew when those are written."""

    def __init__(self, folder: Path) -> None:
        self.current = Weights()
        self._folder = folder
        self._stamp: tuple[int, int] | None = None

    def refresh(self) -> None:
        try:
            state = (self._folder / _FILE).stat()
        except OSError:
            return
        if self._stamp != (state.st_ino, state.st_mtime_ns):
            self._stamp = state.st_ino, state.st_mtime_ns
            self.current = load_authority(self._folder).weights()


@lru_cache(maxsize=4096)
def _key(title: str) -> str:
    return same_title_key(title)
