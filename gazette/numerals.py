"""Figures as Chinese texts print them: in any width, as Chinese numerals, between brackets of any make."""

from __future__ import annotations

#: Chinese digits and units, for classes in expressions.
CN = "一二三四五六七八九〇十百千两"
#: Character by character, so that spans in the folded text are spans in the text.
FOLD = str.maketrans(
    "０１２３４５６７８９（）﹝﹞［］[]【】〖〗「」『』{}—–－‐―−號○Ｏ零　\xa0\t\n\r",
    "0123456789()〔〕〔〕〔〕〔〕〔〕〔〕〔〕〔〕------号〇〇〇     ",
) | {ord("Ａ") + at: chr(ord("A") + at) for at in range(26) if at != 14}
_CN_VALUE = {each: value for value, each in enumerate("〇一二三四五六七八九")} | {"两": 2, "零": 0, "○": 0}
_CN_UNIT = {"十": 10, "百": 100, "千": 1000}


def parse_chinese_number(text: str) -> int | None:
    """三十八 → 38, 一百零五 → 105, 二〇一八 → 2018, 38 → 38; None for what is no number."""
    text = text.strip().translate(FOLD)
    if text.isascii():
        return int(text) if text.isdigit() else None
    if not any(each in _CN_UNIT for each in text):
        digits = [_CN_VALUE.get(each) for each in text]
        return None if not digits or None in digits else int("".join(map(str, digits)))
    total, digit = 0, None
    for each in text:
        if each in _CN_UNIT:
            total += (1 if digit is None else digit) * _CN_UNIT[each]
            digit = None
        elif each in _CN_VALUE:
            digit = _CN_VALUE[each] or None
        else:
            return None
    return total + (digit or 0)
