"""Titles and their identity.

Two sites print one title in different widths, brackets and spacing, with or without 中华人民共和国 and with or
without the year of the last amendment. All of that is folded for matching. 暂行 and 试行 never are: the trial
measures and the final ones are two documents.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

from gazette.dates import find_date

_STATE = "中华人民共和国"
_QUOTES = re.compile(r"[《》〈〉<>«»‹›「」『』“”\"‘’']")
_DASHES = re.compile(r"[‐-―−－﹣]+|-{2,}")
_SQUARE = str.maketrans("〔〕﹝﹞[]【】〖〗{}", "()()()()()()")
#: A site's own mark on a title that has ended: 【已失效】办法.
_MARK = re.compile(r"^[(【〔\[]?(?:已?失效|已?废止|有效|现行有效|已被?修改)[)】〕\]]")
_SUFFIX = re.compile(
    r"[((](?P<inside>"
    r"(?:\d{4}年?(?:\d{1,2}月(?:\d{1,2}日)?)?)?(?:第?[一二三四五六七八九十\d]{1,3}次)?(?:修正|修订|修改|修正本|修订本|修正版|修订版|公布|发布|通过)"
    r"|\d{4}[-.]\d{1,2}[-.]\d{1,2}(?:修正|修订|修改)?"
    r"|\d{4}年\d{1,2}月\d{1,2}日(?:起?施行|起?实施)?(?:,有效期[^()]{1,20})?"
    r"|(?:\d{8}|\d{4})"
    r"|已?失效|已?废止|该文件已废止"
    r")[))]$"
)
#: The number a site prints after a title, once brackets are folded: 关于…的通知(江防汛(2024)3号).
_NUMBER = re.compile(r"(?<=.{4})\([^()]{1,12}\((?:19|20)\d{2}\)\d{1,5}号\)$")
#: How titles of texts that explain another document end or say so.
_INTERPRETATION = re.compile(r"解读|解讀|图解|一图读懂|一图看懂|答记者问|政策问答|问答$|起草说明")
_NO_LETTER = re.compile(r"[\W_]+")
_YEAR = re.compile(r"\d{4}")
#: Real titles reach 250 characters; a mark open for longer was a misprint.
_LONGEST_TITLE = 400
_DEEPEST_TITLE = 4


def is_interpretation(title: str) -> bool:
    """Whether the title is of a text that explains another document (政策解读)."""
    return bool(_INTERPRETATION.search(title))


def names_document(title: str) -> bool:
    """Whether 《title》 can be a document of its own: an application form is none, and 《办法》 says not whose."""
    paper, bare = _papers()
    name = normal_title(title)
    return name not in bare and not paper.search(name)


@cache
def _papers() -> tuple[re.Pattern[str], frozenset[str]]:
    table = tomllib.loads(files("gazette").joinpath("data/papers.toml").read_text("utf-8"))
    return re.compile(f"(?:{'|'.join(table['endings'])})$"), frozenset(table["bare"])


@dataclass(frozen=True, slots=True, kw_only=True)
class TitleParts:
    """A title taken apart: `name` is the matching form, `suffix` the version mark split off (2018年修正)."""

    name: str
    suffix: str | None = None
    year: int | None = None
    date: date | None = None


def normal_title(title: str) -> str:
    """The form under which titles are compared; empty for a title without letters."""
    return split_title(title).name


def split_title(title: str) -> TitleParts:
    """Take the version mark off a title and fold the rest for comparison."""
    text = unicodedata.normalize("NFKC", title)
    text = "".join(text.split())
    text = _QUOTES.sub("", text)
    text = _DASHES.sub("-", text.translate(_SQUARE))
    text = _NUMBER.sub("", _MARK.sub("", text))
    suffix = _SUFFIX.search(text)
    inside = None
    if suffix and suffix.start():
        inside, text = suffix["inside"], text[: suffix.start()]
    if text.startswith(_STATE) and len(text) > len(_STATE):
        text = text[len(_STATE) :]
    year = _YEAR.search(inside) if inside else None
    return TitleParts(
        name=text.strip("。;,:"),
        suffix=inside,
        year=int(year[0]) if year else None,
        date=find_date(inside) if inside else None,
    )


def letters(text: str) -> str:
    """Letters and digits only, NFKC: the text as a proof-reader who ignores layout and punctuation sees it."""
    return _NO_LETTER.sub("", unicodedata.normalize("NFKC", text))


def find_titles(text: str) -> tuple[tuple[str, tuple[int, int]], ...]:
    """Every outermost 《title》 in reading order: what stands inside, and the span with its marks.

    Nested marks belong to the outer title, be they 〈〉 as the rules of print want or 《》 again. A mark that is
    never closed within the longest title's length is skipped.
    """
    found = []
    position = text.find("《")
    while position != -1:
        end = _closing_mark(text, position)
        if end is None:
            position = text.find("《", position + 1)
            continue
        found.append((text[position + 1 : end], (position, end + 1)))
        position = text.find("《", end + 1)
    return tuple(found)


def _closing_mark(text: str, start: int) -> int | None:
    """Where the title opened at `start` ends; None where it is never closed, so that the mark inside it begins one."""
    depth = 0
    has_closed = False
    for position in range(start, min(len(text), start + _LONGEST_TITLE)):
        if text[position] == "《":
            depth += 1
            if depth > _DEEPEST_TITLE:
                return None
        elif text[position] == "》":
            depth -= 1
            has_closed = True
            if depth == 0:
                return position
        elif text[position] in "。；" and has_closed:
            return None
    return None
