"""Issuing prefixes: what stands before the year or the serial of a document number (国办发, 国务院令), read backwards.

Running text leads up to a number without a mark (按照国办发〔2018〕23号), so the prefix is what is left of a bounded
stretch when the words that lead up to it are taken away. The words are data (numbers.toml).
"""

from __future__ import annotations

import re
import tomllib
from importlib.resources import files
from typing import Any

from gazette.numerals import CN

#: How numbers end whose year may stand with or without brackets.
ORDER_KINDS = ("令", "公告", "通告")
#: How far back from the core a prefix may reach.
_REACH = 60
#: How far before an issuer those stand who issued with it.
_JOINT_REACH = 16


_WORDS: dict[str, Any] = tomllib.loads(files("gazette").joinpath("data/numbers.toml").read_text("utf-8"))["prefixes"]
_PLACES_WITH_AND = "|".join(_WORDS["places_with_and"])
#: How the name of an issuer of orders ends, as a class.
_ENDS: str = _WORDS["issuer_ends"]
#: The office of whoever signed, before 令.
SIGNER = "|".join(_WORDS["signers"])
#: Who issued a number whose year stands first: 建设部（88）建房字第170号.
ISSUER = re.compile(rf"[一-龥]{{2,20}}[{_ENDS}]")
#: Words before a prefix; the last number and an address count too.
_BEFORE = re.compile(
    "|".join(_WORDS["before"])
    + "|号(?:令|公告|通告)?"
    + rf"|第[(]?[0-9{CN}]{{1,8}}[)]?(?:[编章节条款]|项(?!目)|目(?![标录]))(?:之[{CN}]{{1,3}})?"
    + r"|(?<!自)由|对(?!外)|[以的为是即被将在于并见按从至日]|(?<=[0-9])[年月]|[0-9]"
)
_LEAD = re.compile(
    rf"^(?:原|和(?!{_PLACES_WITH_AND})|及|与|经(?![贸济])|或|依|照|第(?![{CN}])|由|如|等|有关|包括|[年月日]|中华人民共和国(?=.))+"
)
#: 即政发, 日政发, 并人社发: the last character before the cut begins the abbreviation of a place.
_PLACE = re.compile(
    rf"(?:[{_WORDS['places']}]|(?<![一-龥])原)(?=[政府行署](?:[发办函规字秘呈通]|$))"
    rf"|并(?=[一-龥])|(?<![之即当同0-9{CN}])日(?=[一-龥])"
)
#: A series (江政发) is an abbreviation and names no two issuers; an issuer in full may (卫生和计划生育委员会).
_AND = re.compile(rf"(?<!呼)和(?!{_PLACES_WITH_AND})|与|及|或")
_FULL_NAME_END = "部委局署厅院会"
#: 财政部财税, 国务院办公厅国办发: who issued it in full, then the series.
_ISSUER_OF_SERIES = re.compile(
    r"[一-龥]{2,20}(?:人民政府|政府|办公厅|办公室|委员会|[部委局署院行会厅])(?=(?P<series>[一-龥][一-龥()]{1,9})$)"
)
_BREAK = re.compile(r"[^一-龥()〔〕、A-Za-z]")
#: 公安部部长令, 省长令: the office repeats how the issuer ends.
_SIGNED = re.compile(r"(?P<end>[部省市县区州局署行])(?P=end)?长$")


def prefix_before(folded: str, end: int, *, for_order: bool) -> tuple[int, str]:
    """The issuing prefix that ends at `end`: where it starts and what it is (may be empty for an order)."""
    window_start = max(0, end - _REACH)
    stop = end
    while stop > window_start and folded[stop - 1] == " ":
        stop -= 1
    window = folded[window_start:stop]
    cut = 0
    for match in _BREAK.finditer(window):
        cut = match.end()
    for match in _BEFORE.finditer(window, cut):
        if match.end() < len(window) or for_order:
            cut = match.end()
    is_series = not (for_order or window.endswith(ORDER_KINDS))
    if is_series and window[-1:] not in _FULL_NAME_END:
        for match in _AND.finditer(window, cut):
            cut = match.end()
    cut = _after_unbalanced(window, cut)
    cut = _after_list(window, cut, for_order=not is_series)
    lead = _LEAD.match(window[cut:])
    start = cut + (lead.end() if lead else 0)
    if is_series and start and _PLACE.match(window, start - 1):
        start -= 1
    if is_series and (issuer := _ISSUER_OF_SERIES.match(window, start)):
        # The series abbreviates its issuers, so it has a character of theirs: 工信部联规 is a series as it stands.
        named = window[max(0, start - _JOINT_REACH) : issuer.end()]
        start = issuer.end() if set(issuer["series"]) & set(named) else start
    return window_start + start, window[start:]


def order_issuer(prefix: str) -> str | None:
    """Who issued the order before whose 令 (公告, 通告) `prefix` stands; empty where nobody is named, None for words
    that end as no issuer does."""
    printed = prefix.rstrip(" )")
    name = _SIGNED.sub(r"\g<end>", printed.removesuffix("联合"))
    if name and name[-1] not in _ENDS:
        return None
    return prefix if name == printed else name


def lead_length(text: str) -> int:
    """How much of a printed number leads up to it (原, 和, 中华人民共和国)."""
    lead = _LEAD.match(text)
    return lead.end() if lead else 0


def _after_unbalanced(window: str, cut: int) -> int:
    """Past the last bracket that is opened and not closed, or closed and not opened, within the prefix."""
    opened = []
    for position in range(cut, len(window)):
        if window[position] in "(〔":
            opened.append(position)
        elif window[position] in ")〕":
            if opened:
                opened.pop()
            else:
                cut = position + 1
    return max([cut, *(position + 1 for position in opened)])


def _after_list(window: str, cut: int, *, for_order: bool) -> int:
    """Past the last 、 unless what stands before it is a joint issuer (交通部、国家统计局令)."""
    comma = window.rfind("、", cut)
    while comma >= cut:
        before = window[cut:comma]
        if not for_order or not before or before[-1] not in _ENDS:
            return comma + 1
        comma = window.rfind("、", cut, comma)
    return cut
