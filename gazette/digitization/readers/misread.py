"""Marks that recognition confuses, set right where Chinese print leaves one reading.

Only what the neighbours decide is touched: half-width punctuation between Chinese characters, 〇 in a year written in
characters, letters inside a number. What could be either stays as it was read, for an editor to see.
"""

from __future__ import annotations

import re

_HAN = "\u3400-\u4dbf\u4e00-\u9fff〇"
_WIDE = {",": "，", ";": "；", ":": "：", "?": "？", "!": "！"}
#: After a Chinese character or a closing mark, and not before a digit or letter, punctuation is Chinese.
_AFTER_HAN = re.compile(rf"(?<=[{_HAN}）》」』”〕]) ?([,;:?!])(?![0-9A-Za-z])")
_BEFORE_HAN = re.compile(rf"([,;]) ?(?=[{_HAN}《「『“（])")
_FULL_STOP = re.compile(rf"(?<=[{_HAN}）》”])\.(?=$|[{_HAN}])")
_BRACKETS = re.compile(rf"\(([^()（）]*[{_HAN}][^()（）]*)\)")
#: 二○一八年, 二O一八年, 二0一八年: the nought of a year in characters is 〇.
_YEAR = re.compile(
    r"(?:[一二三四五六七八九〇○◯oO0ＯΟ]{4})(?=年)|(?<=[一二三四五六七八九])[○◯oO0ＯΟ]+(?=[一二三四五六七八九])"
)
_NOUGHT = re.compile(r"[○◯oO0ＯΟ]")
#: 〔2O18〕, 第l2号: a letter among digits.
_NUMBER = re.compile(r"(?<![A-Za-z0-9])(?=[0-9OolI]*[0-9])[0-9OolI]{2,}(?=[号〕\]年月日条款项页])")
_DIGITS = str.maketrans("OolI", "0011")
#: One bracket of a number read as two: 江政办发（〔2026〕12号.
_OPEN, _CLOSE = r"[〔［\[﹝【]", r"[〕］\]﹞】]"
_DOUBLED = re.compile(
    rf"(?<=[{_HAN}])(?:[（(]|{_OPEN}) ?(?={_OPEN} ?\d{{4}} ?{_CLOSE})"
    rf"|(?<=\d{_CLOSE})(?:[）)]|{_CLOSE})(?= ?第?\d{{1,5}} ?号)"
)
#: The dash of two strokes, read as one, as 一 or as hyphens.
_DASH = re.compile(rf"(?<=[{_HAN}，。》”])(?:--+|一—|—一|――)(?=[{_HAN}“《])")


def amend(line: str) -> str:
    """One recognized line with its confused marks set right."""
    line = _BRACKETS.sub(r"（\1）", line)
    line = _AFTER_HAN.sub(lambda mark: _WIDE[mark[1]], line)
    line = _BEFORE_HAN.sub(lambda mark: _WIDE[mark[1]], line)
    line = _FULL_STOP.sub("。", line)
    line = _YEAR.sub(lambda year: _nought(year.group()), line)
    line = _NUMBER.sub(lambda number: number.group().translate(_DIGITS), line)
    line = _DOUBLED.sub("", line)
    return _DASH.sub("——", line)


def _nought(year: str) -> str:
    return _NOUGHT.sub("〇", year) if re.search("[一二三四五六七八九]", year) else year
