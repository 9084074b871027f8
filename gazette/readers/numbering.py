"""Automatic paragraph numbers of a DOCX: 第%1条 is printed by Word, not written in the text, so we print it too."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DIGITS = "〇一二三四五六七八九"
_PLACE = re.compile(r"%(\d)")


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


_FORMATS: dict[str, Callable[[int], str]] = {
    "chineseCounting": chinese_number,
    "chineseCountingThousand": chinese_number,
    "japaneseCounting": chinese_number,
    "ideographDigital": chinese_number,
    "decimalEnclosedCircleChinese": lambda value: chr(0x245F + value) if 1 <= value <= 20 else str(value),
    "decimalEnclosedCircle": lambda value: chr(0x245F + value) if 1 <= value <= 20 else str(value),
    "lowerLetter": lambda value: chr(96 + value) if 1 <= value <= 26 else str(value),
    "upperLetter": lambda value: chr(64 + value) if 1 <= value <= 26 else str(value),
}


class Numbering:
    """Counts the paragraphs of each list; `next_number` prints the number of the next one."""

    def __init__(self, root: Any | None) -> None:
        self.levels: dict[tuple[str, int], tuple[str, str, int]] = {}
        self.counts: dict[str, list[int]] = {}
        if root is not None:
            self._load(root)

    def _load(self, root: Any) -> None:
        abstract = {each.get(f"{W}abstractNumId"): each for each in root.iter(f"{W}abstractNum")}
        for num in root.iter(f"{W}num"):
            link = num.find(f"{W}abstractNumId")
            definition = abstract.get(link.get(f"{W}val")) if link is not None else None
            if definition is None:
                continue
            for level in definition.iter(f"{W}lvl"):
                key = (num.get(f"{W}numId"), int(level.get(f"{W}ilvl", "0")))
                start = _value(level, "start", "1")
                self.levels[key] = (
                    _value(level, "numFmt", "decimal"),
                    _value(level, "lvlText", ""),
                    int(start) if start.isdecimal() else 1,
                )

    def next_number(self, element: Any) -> str:
        """The number Word prints before this paragraph, with a space; empty for an unnumbered one or a bullet."""
        properties = element.find(f"{W}pPr/{W}numPr")
        if properties is None:
            return ""
        number, level = _value(properties, "numId", "0"), int(_value(properties, "ilvl", "0") or 0)
        if (number, level) not in self.levels or level > 8:
            return ""
        counts = self.counts.setdefault(number, [0] * 9)
        style, pattern, start = self.levels[number, level]
        counts[level] = counts[level] + 1 if counts[level] else start
        counts[level + 1 :] = [0] * (8 - level)
        if style in ("bullet", "none") or not pattern:
            return ""
        return _PLACE.sub(lambda match: self._print(number, int(match[1]) - 1), pattern) + " "

    def _print(self, number: str, level: int) -> str:
        style, _pattern, start = self.levels.get((number, level), ("decimal", "", 1))
        value = self.counts[number][level] or start
        return _FORMATS.get(style, str)(value)


def _value(element: Any, name: str, default: str) -> str:
    child = element.find(f"{W}{name}")
    return default if child is None else str(child.get(f"{W}val", default))
