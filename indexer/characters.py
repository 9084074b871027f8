"""Traditional characters read as the simplified ones, one by one, so that 食品安全衛生管理法 and 食品安全卫生管理法
find each other while every text is kept and shown as it is.

The table is OpenCC's, asked about every character alone: what is indexed must not depend on what stands around it, for
a query holds only a piece of it. A character stays one character, so that places in a text do not move. Words that
differ across the strait (資訊, 信息) stay apart.
"""

from __future__ import annotations

from functools import cache

#: Blocks of Han characters: Extension A, Unified Ideographs, Compatibility Ideographs, Extensions B to F.
_BLOCKS = ((0x3400, 0x4DC0), (0x4E00, 0xA000), (0xF900, 0xFB00), (0x20000, 0x2EBF0))


def simplify(text: str) -> str:
    """The text with each traditional character in its simplified form."""
    return text if text.isascii() else text.translate(_table())


@cache
def _table() -> dict[int, str]:
    """Every character that has a simplified form, and that form."""
    from opencc import OpenCC

    characters = [chr(code) for first, end in _BLOCKS for code in range(first, end)]
    simplified = OpenCC("t2s").convert("\n".join(characters)).split("\n")
    return {
        ord(one): other for one, other in zip(characters, simplified, strict=True) if one != other and len(other) == 1
    }
