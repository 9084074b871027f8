"""The order of provisions after a decision: which number each bears, and where it stands.

A decision gives some provisions their number (增加一条，作为第五条; 第八条改为第九条). The others keep their order and
take the numbers that are left, which is what 条文序号作相应调整 means. Numbers that were missing before stay missing.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from gazette.versions.units import Unit


def fill_numbers(
    kept: Sequence[Unit | None], given: dict[int, Unit], *, first: int = 1
) -> tuple[list[tuple[int, Unit]], tuple[int, ...]]:
    """Each unit with its number: `given` theirs, the `kept` what is left, in order. None in `kept` is a number that
    stays empty. Also returns the given numbers that left a hole before them."""
    placed: list[tuple[int, Unit]] = []
    waiting = list(reversed(kept))
    rest = dict(given)
    number, beyond = first, []
    while waiting or rest:
        if number in rest:
            placed.append((number, rest.pop(number)))
        elif waiting:
            unit = waiting.pop()
            if unit is not None:
                placed.append((number, unit))
        else:
            # What is left was given numbers past the end.
            number = min(rest)
            beyond.append(number)
            placed.append((number, rest.pop(number)))
        number += 1
    return placed, tuple(beyond)


def staying(order: Sequence[int]) -> frozenset[int]:
    """The places in `order` (old positions, in new order) of a longest run that never went back: the rest has moved."""
    tails: list[int] = []
    tail_at: list[int] = []
    before: list[int] = [-1] * len(order)
    for at, value in enumerate(order):
        length = bisect_left(tails, value)
        if length == len(tails):
            tails.append(value)
            tail_at.append(at)
        else:
            tails[length], tail_at[length] = value, at
        before[at] = tail_at[length - 1] if length else -1
    kept: set[int] = set()
    at = tail_at[-1] if tail_at else -1
    while at != -1:
        kept.add(at)
        at = before[at]
    return frozenset(kept)
