"""How names are read aloud: one syllable a character, phrases read as phrases (重庆 is chong qing).

Read when names are written down, never while somebody types: the dictionaries of pypinyin take a fifth of a second
and fifty megabytes, which the process that keeps the index can spare and a web worker need not.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


def syllables(key: str) -> tuple[str, ...]:
    """One reading a character, without tones, ü written v; what has none (a digit, a Latin letter) is itself."""
    from pypinyin import lazy_pinyin

    # A run without readings is taken apart; pypinyin's own type leaves that out.
    apart: Any = list
    return tuple(lazy_pinyin(key, errors=apart))


def initials(read: Sequence[str]) -> str:
    """The first letter of each syllable: 食品安全法 is spaqf."""
    return "".join(each[0] for each in read)
