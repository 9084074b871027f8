"""Text layers that lie: letters without Unicode values, GBK read as Latin, glyph numbers for Chinese.

What can be mended is; a page that cannot is read from its picture, as a scan is.
"""

from __future__ import annotations

import re

#: Fewer letters than this prove nothing.
_LEAST = 24
#: Of a readable page at most this share of letters has no meaning.
_MOST_UNMAPPED = 0.12
#: GBK taken for Latin prints letters of these blocks only; of a page so garbled they are at least this share.
_LATIN = re.compile("[\u00a1-\u00ff]")
_LEAST_LATIN = 0.25
_UNMAPPED = re.compile("[\ue000-\uf8ff\ufffd\u0080-\u009f\U000f0000-\U0010ffff]")
_CHINESE = re.compile("[\u4e00-\u9fff]")
#: In a text of so many Chinese letters some are common ones, whatever it is about.
_ENOUGH_CHINESE, _LEAST_COMMON = 120, 0.04
_COMMON = frozenset(
    "的一在人有不中国为和是了以大会发行工业部市民政法规定关于第条应当及其他相本等机构年月日号上下公司县区省委办理"
    "對於會業規應當為與機構條號區縣務辦務内容项目时间单位名称标准技术要求环境安全生产经地方管监督检查实施办文件通知"
    "三二四五六七八九十"
)


def mend(text: str) -> str:
    """Latin that is GBK under a wrong name as the Chinese it stands for: ÖÐ¹ú is 中国; any other text as it is."""
    high = _LATIN.findall(text)
    if len(high) < 2 or len(high) < 0.5 * len(text.replace(" ", "")) or _CHINESE.search(text):
        return text
    try:
        mended = text.encode("latin-1").decode("gbk")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return text
    return mended if 2 * len(_CHINESE.findall(mended)) >= 0.6 * len(high) else text


def is_garbled(text: str) -> bool:
    """Whether the letters of a page cannot be what is printed on it."""
    letters = "".join(text.split())
    if len(letters) < _LEAST:
        return False
    if len(_UNMAPPED.findall(letters)) > _MOST_UNMAPPED * len(letters):
        return True
    chinese = _CHINESE.findall(letters)
    if len(_LATIN.findall(letters)) > _LEAST_LATIN * len(letters) and not chinese:
        return True
    return len(chinese) >= _ENOUGH_CHINESE and commonness(letters) < _LEAST_COMMON


def commonness(text: str) -> float:
    """The share of a text's Chinese letters that are among the commonest; 0 for a text without any."""
    chinese = _CHINESE.findall(text)
    return sum(letter in _COMMON for letter in chinese) / len(chinese) if chinese else 0.0
