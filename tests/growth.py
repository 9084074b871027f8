"""How the cost of work grows with its size, in user time of one run, so that a busy machine changes nothing."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable

#: Eight times the work may cost so many times as much: far under the square, far over what clocks are off by.
_MOST_FOR_EIGHT_TIMES = 24
#: Less user time than this (s) says nothing; what grows with the square takes minutes at the sizes asked.
_NOTICEABLE_S = 1.0


def is_linear(work: Callable[[int], object], size: int) -> bool:
    """Whether `work(size)` costs about eight times what an eighth of it does."""
    work(1)
    little, whole = (_cost(work, each) for each in (size // 8, size))
    return whole < max(_MOST_FOR_EIGHT_TIMES * little, _NOTICEABLE_S)


def _cost(work: Callable[[int], object], size: int) -> float:
    """The least of three goes; the collector stands still, for what it walks is the whole suite's."""
    costs = []
    gc.disable()
    try:
        for _ in range(3):
            begun = time.process_time()
            work(size)
            costs.append(time.process_time() - begun)
    finally:
        gc.enable()
    return min(costs)
