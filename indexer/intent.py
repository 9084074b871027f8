"""What a query names outright: a document number, a title, or a provision of a titled text (民法典第一百八十八条).

Nothing here needs the index. A naming that turns out to name nothing held costs nothing: the words are searched
all the same.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache

from gazette.citations.laws import nicknames
from gazette.citations.numbers import find_doc_numbers, parse_doc_number
from gazette.citations.provisions import parse_provision
from indexer.records import same_title_key, title_key

_CN = "〇零一二三四五六七八九十百千"
_PROVISION = re.compile(
    rf"^(?P<title>.*[^\d\s第《》“”\"‘’。，,]).{{0,3}}?(?P<provision>第\s?[{_CN}万亿\d]+\s?条.{{0,40}})$"
)
#: 民法典188, 刑法二百三十六条, 民法典188条1款; without 条 one character alone (规定二) or a year names no article.
_BARE = re.compile(
    rf"^(?P<title>[^\d]*?[法典例定则])》?\s*§?\s*"
    rf"(?:(?P<number>(?!(?:19|20)\d\d$)\d{{1,4}}|[{_CN}]{{2,9}})|(?P<told>(?:\d{{1,6}}|[{_CN}]{{1,9}})\s?条(?:之[一二三四五六])?))"
    rf"(?:第?(?P<paragraph>\d{{1,2}}|[一二三四五六七八九十])款)?$"
)
#: 食品安全法 2021, 食品安全法（2021年修正）: the title is what was meant.
_OF_YEAR = re.compile(r"(?<=[法典例定则])\s*[(（]?(?:19|20)\d\d\s*年?\s*(?:版|修正|修订|修正版|修订版|本)?[)）]?\s*$")
#: What people add to a title: a word of their own, or that it is on trial, which it may no longer be.
_ADDED = re.compile(r"(?:全文|[(（](?:试行|暂行|全文)[)）])\s*$")
#: What people write after a number, and orders named the other way round (教育部45号令).
_OF_NUMBER = re.compile(r"(?:文件|文)$")
_ORDER = re.compile(
    rf"^(?P<issuer>[^\d第{_CN}]{{2,30}})?第?(?P<serial>\d{{1,4}}|[{_CN}]{{1,9}})号令$"
    r"|^(?P<order>[^\d\s第]{1,30})令\s?第?(?P<bare>(?!(?:19|20)\d\d)\d{1,4})号?$"
)
#: 2024年第17号, 〔2024〕17号: whose number it is was left out.
_UNSIGNED = re.compile(r"^[(\[〔【（]?(?P<year>(?:19|20)\d\d)(?:[)\]〕】）]|年)\s?第?(?P<serial>\d{1,4})号$")
#: 市政府令第119号 of whichever place.
_OWN_ORDER = re.compile(r"^[省市区县州旗]?政府令(?=第)")
#: Names by which orders are listed and cited.
_ORDERS = {"国令": "国务院令", "国务院令": "国令", "主席令": "中华人民共和国主席令"}
_WHOLE_TITLE = re.compile(r"《([^《》]{2,120})》")
_IMPOSSIBLE = re.compile(rf"第[{_CN}万亿\d]+条$")
_TAIL = re.compile(r"(?:的)?(?:规定|内容)?(?:是|有)?(?:什么|哪些)?(?:内容|规定)?[?？。！!\s]*$")

#: How much of what stands before a provision is looked at for the end of a title.
_LONGEST_ENDING = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """What the query may name. `title` keys are as stored with each record, `bare_title` is one without what was added
    to it (试行, 全文); `eid` is an article's address.

    People write something before a title (根据民法典第五条), so a provision may be of any title that what stands
    before it ends with: `provision_titles`, longest first; `provision` is how it was written. `full_title` is what
    the whole of it calls a title: one in 《》, or the one a nickname stands for.
    """

    number: str | None = None
    full_title: str | None = None
    exact_title: str | None = None
    same_title: str | None = None
    bare_title: str | None = None
    provision_titles: tuple[str, ...] = ()
    eid: str | None = None
    provision: str | None = None


@lru_cache(maxsize=64)
def find_intent(text: str) -> Intent:
    """What `text`, as a whole, names."""
    title, wording, eid = _provision(text)
    bare = _ADDED.sub("", text)
    return Intent(
        number=None if eid else _number(text),
        full_title=_full_title(text),
        exact_title=title_key(text) or None,
        same_title=_full(same_title_key(_OF_YEAR.sub("", text))) or None,
        bare_title=same_title_key(bare) if bare != text else None,
        provision_titles=_endings(same_title_key(title)) if title else (),
        eid=eid,
        provision=wording,
    )


def numbers_in(text: str) -> tuple[tuple[str, ...], str]:
    """The document numbers in a query, each with the other names it is listed by, and the rest of the query."""
    if whole := _number(text):
        return _names_of(whole), ""
    names: list[str] = []
    rest, last = [], 0
    for number, (start, end) in find_doc_numbers(text):
        names += _names_of(str(number))
        rest.append(text[last:start])
        last = end
    return tuple(dict.fromkeys(names)), " ".join(" ".join((*rest, text[last:])).split())


def _number(text: str) -> str | None:
    """The document number that the whole of `text` names."""
    bare = unicodedata.normalize("NFKC", _OF_NUMBER.sub("", _TAIL.sub("", text.strip())))
    if unsigned := _UNSIGNED.match(bare):
        return f"〔{unsigned['year']}〕{int(unsigned['serial'])}号"
    order = _ORDER.match(bare)
    if order and not (order["issuer"] or order["order"]):
        return f"令第{order['serial']}号"
    written = f"{order['issuer'] or order['order']}令第{order['serial'] or order['bare']}号" if order else bare
    number = parse_doc_number(written)
    return str(number) if number else None


def _names_of(number: str) -> tuple[str, ...]:
    if unsigned := _UNSIGNED.match(number):
        return number, f"{unsigned['year']}年第{unsigned['serial']}号"
    if _OWN_ORDER.match(number):
        return number, _OWN_ORDER.sub("人民政府令", number)
    issuer, order, rest = number.partition("令")
    other = _ORDERS.get(f"{issuer}{order}")
    return (number, f"{other}{rest}") if other else (number,)


def _endings(key: str) -> tuple[str, ...]:
    """A title and what it ends with; no title has less than two characters."""
    kept = key[-_LONGEST_ENDING:]
    endings = dict.fromkeys([key, *(kept[start:] for start in range(max(0, len(kept) - 1)))])
    return tuple(dict.fromkeys(name for each in endings for name in (_full(each), each)))


def _full_title(text: str) -> str | None:
    key = title_key(text)
    if _full(key) != key:
        return _full(key)
    written = _WHOLE_TITLE.fullmatch(text.strip())
    return written[1] if written else None


def _full(key: str) -> str:
    """The title a nickname stands for; anything else is itself."""
    return _nicknames().get(key, key)


@cache
def _nicknames() -> dict[str, str]:
    return {title_key(said): same_title_key(title) for said, title in nicknames().items()}


def _provision(text: str) -> tuple[str | None, str | None, str | None]:
    """The title, the wording and the address in 《民法典》第一百八十八条 or 民法典188; art_0 is one that cannot be."""
    text = _TAIL.sub("", text.strip())
    if match := _PROVISION.match(text):
        title, wording = match["title"], "".join(match["provision"].split())
    elif match := _BARE.match(text):
        paragraph = f"第{match['paragraph']}款" if match["paragraph"] else ""
        told = "".join((match["told"] or f"{match['number']}条").split())
        title, wording = match["title"], f"第{told}{paragraph}"
    else:
        return None, None, None
    provision = parse_provision(wording)
    if provision is None and not _IMPOSSIBLE.match(wording):
        return None, None, None
    return title, wording, provision.eid if provision else "art_0"
