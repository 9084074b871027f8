"""One figure of the score, and the sets it is taken on."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One figure. `set` is the corpus folder's name, `target` what it should reach (">= 0.99"), `wrong` examples
    of what missed, for whoever looks into it."""

    set: str
    metric: str
    n: int
    figure: float
    target: str
    wrong: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {
            "set": self.set,
            "metric": self.metric,
            "n": self.n,
            "figure": round(self.figure, 4),
            "target": self.target,
        }

    @property
    def reached(self) -> bool:
        sign, limit = self.target.split()
        return self.figure >= float(limit) if sign == ">=" else self.figure <= float(limit)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """A way to take figures: which files and folders of the corpus it needs, and the function that takes them."""

    needs: tuple[str, ...]
    rows: Callable[[Path], Iterable[Row]]


def right_of(of: str, metric: str, n: int, wrong: Iterable[str], least: float | int) -> Row:
    """The share that is right. `least` is a share, or how many may be wrong as a negative whole number."""
    missed = tuple(wrong)
    share = least if least > 0 else 1 + least / max(n, 1)
    # Rounded down, so that a target of "all but one" is met by exactly that.
    target = f">= {int(share * 10_000) / 10_000:g}"
    return Row(set=of, metric=metric, n=n, figure=1 - len(missed) / max(n, 1), target=target, wrong=missed[:10])


def wrong_of(of: str, metric: str, n: int, wrong: Iterable[str], most: float) -> Row:
    """The share that is wrong. `most` is a share, or how many may be as a negative whole number."""
    missed = tuple(wrong)
    share = most if most >= 0 else -most / max(n, 1)
    # Rounded up, so that a target of "at most one" is met by exactly that.
    target = f"<= {math.ceil(share * 10_000) / 10_000:g}"
    return Row(set=of, metric=metric, n=n, figure=len(missed) / max(n, 1), target=target, wrong=missed[:10])


def iter_rows(measures: Iterable[Measure], corpus: Path) -> Iterator[Row]:
    """The figures of every measure whose material is there; what is absent or asks nothing is said and passed over."""
    for measure in measures:
        absent = [name for name in measure.needs if not (corpus / name).exists()]
        if absent:
            print(f"skipped, absent: {', '.join(absent)}")
            continue
        for row in measure.rows(corpus):
            if row.n:
                yield row
            else:
                print(f"skipped, nothing to ask: {row.set}, {row.metric}")
