"""Automatic paragraph numbers of a DOCX: 第%1条 is printed by Word, not written in the text, so we print it too."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from gazette.digitization.readers.wordstyles import W, value_of

_DIGITS = "〇一二三四五六七八九"
_LEGAL = str.maketrans("一二三四五六七八九十百千零", "壹贰叁肆伍陆柒捌玖拾佰仟零")
_ROMAN = ((100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
_PLACE = re.compile(r"%(\d)")
_LEVELS = 9


def chinese_number(value: int) -> str:
    """38 as 三十八; from 1 to 9999."""
    parts: list[str] = []
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = value // unit % 10
        if digit:
            parts.append(_DIGITS[digit] + name)
        elif parts and parts[-1] != "零" and value % unit:
            parts.append("零")
    text = "".join(parts)
    return text.removeprefix("一") if text.startswith("一十") else text


def roman_number(value: int) -> str:
    """14 as xiv; from 1 to 399."""
    text = ""
    for unit, name in _ROMAN:
        text += name * (value // unit)
        value %= unit
    return text


def _one_of(letters: str) -> Callable[[int], str]:
    return lambda value: letters[value - 1] if 1 <= value <= len(letters) else str(value)


_FORMATS: dict[str, Callable[[int], str]] = {
    "chineseCounting": chinese_number,
    "chineseCountingThousand": chinese_number,
    "japaneseCounting": chinese_number,
    "taiwaneseCountingThousand": chinese_number,
    "ideographDigital": chinese_number,
    "chineseLegalSimplified": lambda value: chinese_number(value).translate(_LEGAL),
    "ideographTraditional": _one_of("甲乙丙丁戊己庚辛壬癸"),
    "ideographZodiac": _one_of("子丑寅卯辰巳午未申酉戌亥"),
    "decimalEnclosedCircleChinese": lambda value: chr(0x245F + value) if 1 <= value <= 20 else str(value),
    "decimalEnclosedCircle": lambda value: chr(0x245F + value) if 1 <= value <= 20 else str(value),
    "decimalZero": lambda value: f"{value:02d}",
    "lowerLetter": _one_of("abcdefghijklmnopqrstuvwxyz"),
    "upperLetter": _one_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
    "lowerRoman": roman_number,
    "upperRoman": lambda value: roman_number(value).upper(),
}


@dataclass(frozen=True, slots=True)
class _Level:
    """How one level of a list counts: the style of its number, the pattern around it and the first value. It begins
    anew under each of its first `restart` levels; None means under all above it, 0 that it runs on (第三条 opens a
    second chapter)."""

    style: str
    pattern: str
    start: int
    is_legal: bool
    restart: int | None = None


class Numbering:
    """Counts the paragraphs of each list; `next_number` prints the number of the next one.

    Lists of one definition count on together, as in Word; a list that overrides its start counts anew.
    """

    def __init__(self, root: Any | None) -> None:
        self.levels: dict[tuple[str, int], _Level] = {}
        self.counter_of: dict[str, str] = {}
        self.counts: dict[str, list[int]] = {}
        if root is not None:
            self._load(root)

    def _load(self, root: Any) -> None:
        definitions = {each.get(f"{W}abstractNumId"): each for each in root.iter(f"{W}abstractNum")}
        for num in root.iter(f"{W}num"):
            number, link = num.get(f"{W}numId"), value_of(num, "abstractNumId")
            definition = definitions.get(link)
            if definition is None:
                continue
            overrides = {_integer(each.get(f"{W}ilvl"), 0): each for each in num.iter(f"{W}lvlOverride")}
            self.counter_of[number] = f"num {number}" if overrides else f"abstract {link}"
            for element in definition.iter(f"{W}lvl"):
                at = _integer(element.get(f"{W}ilvl"), 0)
                override = overrides.get(at)
                own = override.find(f"{W}lvl") if override is not None else None
                level = _level(own if own is not None else element)
                start = value_of(override, "startOverride") if override is not None else None
                self.levels[number, at] = replace(level, start=_integer(start, level.start))

    def next_number(self, paragraph: Any, inherited: Any | None = None) -> str:
        """The number Word prints before this paragraph, with a space; empty for an unnumbered one or a bullet.
        `inherited` are the numbering properties of its style."""
        own = paragraph.find(f"{W}pPr/{W}numPr")
        number, at = self._place(own, inherited)
        level = self.levels.get((number, at))
        if level is None or at >= _LEVELS:
            return ""
        counts = self.counts.setdefault(self.counter_of[number], [0] * _LEVELS)
        counts[at] = counts[at] + 1 if counts[at] else level.start
        for below in range(at + 1, _LEVELS):
            inner = self.levels.get((number, below))
            if inner is None or inner.restart is None or at < inner.restart:
                counts[below] = 0
        if level.style in ("bullet", "none") or not level.pattern:
            return ""
        printed = _PLACE.sub(lambda match: self._print(number, int(match[1]) - 1, level.is_legal), level.pattern)
        return printed + " "

    def _place(self, own: Any | None, inherited: Any | None) -> tuple[str, int]:
        """The list and level of a paragraph; what it does not say itself its style says. List 0 is none."""
        given = [each for each in (own, inherited) if each is not None]
        number = next((value for each in given if (value := value_of(each, "numId")) is not None), "0")
        level = next((value for each in given if (value := value_of(each, "ilvl")) is not None), "0")
        return number, _integer(level, 0)

    def _print(self, number: str, at: int, is_legal: bool) -> str:
        level = self.levels.get((number, at))
        counts = self.counts[self.counter_of[number]]
        value = counts[at] if 0 <= at < _LEVELS else 0
        if level is None:
            return str(value)
        # A level marked legal prints every number in digits: 1.2 under 第一章.
        return (str if is_legal else _FORMATS.get(level.style, str))(value or level.start)


def _level(element: Any) -> _Level:
    return _Level(
        style=value_of(element, "numFmt") or "decimal",
        pattern=value_of(element, "lvlText") or "",
        start=_integer(value_of(element, "start"), 1),
        is_legal=element.find(f"{W}isLgl") is not None,
        restart=_integer(restart, 0) if (restart := value_of(element, "lvlRestart")) is not None else None,
    )


def _integer(text: str | None, otherwise: int) -> int:
    """A count of Word's; what is no small number counts as not given."""
    return int(text) if text is not None and text.isdecimal() and len(text) < 5 else otherwise
