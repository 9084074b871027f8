"""Document numbers (发文字号) in every form in which official texts print them.

One number, one spelling: 〔〕 around a four-digit year, ASCII digits, no 第 and no leading zero, so
国办发（二〇一八）第023号 is 国办发〔2018〕23号; orders and announcements are kind and number,
so 国务院第711号令 is 国务院令第711号 and 交通部1997年第16号令 is 交通部令1997年第16号.

The distinctive core (year and serial, or 令…号) is found by a linear expression; the issuing prefix is then
read backwards from it, a bounded stretch, so a paragraph of any length costs linear time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from gazette.citations.prefixes import ISSUER, SIGNER, lead_length, order_issuer, prefix_before
from gazette.citations.registers import parse_register_number
from gazette.draft import DocNumber
from gazette.numerals import CN, FOLD, parse_chinese_number

_WIDE_BRACKETS = str.maketrans("()〔〕", "（）（）")
_YEAR4 = r"(?:(?:18|19|20|21)\d{2}|[一二][〇一二三四五六七八九]{3})"
_SERIAL = rf"(?P<serial>\d{{1,7}}|[{CN}]{{1,9}})(?P<sub>-\d{{1,3}})?"
#: 国发〔2015〕12、13号: several serials share prefix and year.
_MORE_SERIALS = re.compile(r" ?[、和及] ?第? ?(?P<serial>\d{1,5}) ?(?P<end>号)?")
_SHARED_END = r"(?=(?: ?[、和及] ?第? ?\d{1,5}){1,20} ?号)"
#: 国函〔2003〕9号、〔2004〕10号: what may stand between two numbers of one series.
_JOINT = re.compile(r" ?(?:[、，,和及]|以及) ?")
_BRACKETED = re.compile(
    rf"[〔(<〈] {{0,2}}(?P<year>{_YEAR4}|\d{{2}}) {{0,2}}年? {{0,2}}[〕)>〉] {{0,3}}(?:字 ?)?第? {{0,2}}"
    rf"{_SERIAL} {{0,3}}(?P<end>号|{_SHARED_END})"
)
_YEAR_FIRST = re.compile(
    rf"[〔(] ?(?P<year>{_YEAR4}|\d{{2}}) ?年? ?[〕)] ?"
    rf"(?P<prefix>[一-龥]{{1,8}}?(?:[〔(][一-龥]{{1,4}}[〕)][一-龥]{{0,4}}?)?) ?第? ?{_SERIAL} ?号"
)
_KIND = r"(?P<kind>令|公告|通告)"
#: 公告〔十五届〕第8号: standing committees of congresses count through the five years of a congress.
_TERM = r"(?:[〔(]? ?第?(?P<term>[一二三四五六七八九十]{1,3}|\d{1,2}) ?届 ?[〕)]? ?)?"
_ORDER = re.compile(
    rf"{_KIND} {{0,10}}{_TERM}(?:[〔(]? ?(?P<year>{_YEAR4}) ?年? ?[〕)]? ?)?[〔(]? {{0,2}}第? {{0,2}}"
    rf"{_SERIAL} {{0,2}}(?P<end>号[〕)]?|{_SHARED_END})"
)
#: 令第12号、第15号, 公告2019年第5、6号, 公告2019年第1号、2020年第2号: the orders of one issuer.
_MORE_ORDERS = re.compile(
    rf" ?(?:[、和及]|以及) ?"
    rf"(?P<number>(?:(?P<year>{_YEAR4}) ?年 ?(?=第))?第? ?(?P<serial>\d{{1,5}}|(?<=第)[{CN}]{{1,6}}))"
    r" ?(?P<end>号(?! ?(?:令|公告|通告|[楼院井线])))?"
)
_REVERSED = re.compile(
    rf"(?:[〔(]?(?P<year>{_YEAR4}) ?年? ?[〕)]? ?)?(?:第|(?<=年)|(?<=年 )) ?"
    rf"(?P<before>(?:(?:\d{{1,5}}|[{CN}]{{1,6}}) ?(?:号 ?)?[、和及] ?第? ?){{0,20}})"
    rf"{_SERIAL} ?号 ?(?:{SIGNER})?{_KIND}"
)
_MEMBER = re.compile(rf"(?P<number>(?P<serial>\d{{1,5}}|[{CN}]{{1,6}}) ?号?) ?[、和及] ?")
#: Only where the whole string is meant to be a number: the year stands bare, or 号 is missing.
_LOOSE = re.compile(rf"(?P<prefix>[一-龥()〔〕、]{{1,30}}?)[〔(]?(?P<year>{_YEAR4})[年〕)-]{{0,2}}第?{_SERIAL}号?")
#: 关于…的通知（江防汛〔2024〕3号）: a title that carries its number.
_TITLED = re.compile(
    r"(?P<title>.{4,}?)\s*[（(](?P<number>[^（）()]*[〔\[【（(](?:19|20)\d{2}[〕\]】）)][^（）()]*号)[）)]$"
)
_CASE_NUMBER = re.compile(r"[民刑行执商知].{0,3}[初终再申监提他赔执抗]字?$")
#: Ministries that issue together are printed with a blank between them (财政部 税务总局公告2019年第94号).
_JOINT_BLANK = re.compile(
    r"(?<=[一-龥]{2}[部委局署行会院社])[ ](?=[一-龥]{2,20}(?<!办公)[部委局署行会院社厅办](?:[ 第0-9〔(]|令|公告|通告))"
)


class _Core(NamedTuple):
    start: int
    end: int
    prefix: str
    year: int | None
    serial: str
    kind: str | None
    #: 十五届, where a congress counts.
    term: str | None = None


def parse_doc_number(text: str | None) -> DocNumber | None:
    """`text` as one document number and nothing else (brackets around it are allowed)."""
    if not text:
        return None
    squeezed = "".join(_joined(text.translate(FOLD).strip()).split()).strip("。;；,，")
    squeezed = squeezed.removeprefix("文号:").removeprefix("文号：")
    if not squeezed:
        return None
    candidates = (squeezed, squeezed[1:-1]) if _is_wrapped(squeezed) else (squeezed,)
    for candidate in candidates:
        for core in _cores(candidate):
            if core.end == len(candidate) and (
                core.start <= lead_length(candidate) or ISSUER.fullmatch(candidate, 0, core.start)
            ):
                return _number(text.strip(), core)
    return parse_register_number(text) or _loose_number(text.strip(), candidates)


def _loose_number(raw: str, candidates: tuple[str, ...]) -> DocNumber | None:
    loose = next((match for each in candidates if (match := _LOOSE.fullmatch(each))), None)
    return _bracketed(raw, loose["prefix"], loose["year"], loose["serial"], loose["sub"]) if loose else None


def part_title(title: str) -> tuple[str, DocNumber | None]:
    """A title and the number it carries in brackets at its end: 关于防汛工作的通知（江防汛〔2024〕3号）."""
    match = _TITLED.fullmatch(title.strip())
    number = parse_doc_number(match["number"]) if match else None
    return (match["title"], number) if match and number else (title, None)


def find_doc_numbers(text: str) -> tuple[tuple[DocNumber, tuple[int, int]], ...]:
    """Every document number in running text with its span, in reading order."""
    if "号" not in text and "號" not in text:
        return ()
    folded = _joined(text.translate(FOLD))
    return tuple((_number(text[core.start : core.end], core), (core.start, core.end)) for core in _cores(folded))


def _joined(folded: str) -> str:
    """The text with a 、 for each blank between two issuers; as long as before."""
    return _JOINT_BLANK.sub("、", folded)


def _cores(folded: str) -> list[_Core]:
    """Cores of every form with their prefixes, overlaps resolved in favour of the one that begins first."""
    found = [*_bracketed_cores(folded), *_year_first_cores(folded), *_order_cores(folded), *_reversed_cores(folded)]
    found.sort(key=lambda core: (core.start, -core.end))
    kept: list[_Core] = []
    for core in found:
        if not kept or core.start >= kept[-1].end:
            kept.append(core)
    return kept


def _bracketed_cores(folded: str) -> Iterator[_Core]:
    last: _Core | None = None
    for match in _BRACKETED.finditer(folded):
        start, prefix = prefix_before(folded, match.start(), for_order=False)
        if not prefix and last and _JOINT.fullmatch(folded, last.end, match.start()):
            start, prefix = match.start(), last.prefix
        if prefix:
            first = _core(start, match, prefix, None)
            run = (first, *_more_serials(folded, first, match))
            yield from run
            last = run[-1]


def _year_first_cores(folded: str) -> Iterator[_Core]:
    for match in _YEAR_FIRST.finditer(folded):
        prefix = match["prefix"]
        if prefix[-1] in "字发函办规文" and not _CASE_NUMBER.search(prefix):
            yield _core(match.start(), match, prefix, None)


def _order_cores(folded: str) -> Iterator[_Core]:
    for match in _ORDER.finditer(folded):
        start, prefix = prefix_before(folded, match.start(), for_order=True)
        issuer = order_issuer(prefix)
        if issuer is not None:
            first = _core(start, match, issuer, match["kind"])
            yield first
            yield from _more_orders(folded, first, match)


def _reversed_cores(folded: str) -> Iterator[_Core]:
    """国务院第711号令, and every one of 第12号、第15号令."""
    for match in _REVERSED.finditer(folded):
        start, prefix = prefix_before(folded, match.start(), for_order=True)
        issuer = order_issuer(prefix)
        if issuer is None:
            continue
        last = _core(start, match, issuer, match["kind"])
        for member in _MEMBER.finditer(folded, *match.span("before")):
            serial = parse_chinese_number(member["serial"])
            yield last._replace(start=start, end=member.end("number"), serial=f"{serial}")
            start = member.end()
        yield last._replace(start=start)


def _core(start: int, match: re.Match[str], prefix: str, kind: str | None) -> _Core:
    year = parse_chinese_number(match["year"]) if match["year"] else None
    if year is not None and year < 100:
        year += 1900 if year >= 30 else 2000
    serial = parse_chinese_number(match["serial"])
    end = match.end()
    # A closing bracket belongs to the number only if its opening does: 令（第60号） but not （令第60号）.
    if (
        kind
        and match[0].endswith((")", "〕"))
        and match[0].count("(") + match[0].count("〔") < match[0].count(")") + match[0].count("〕")
    ):
        end -= 1
    return _Core(start, end, prefix, year, f"{serial}{match['sub'] or ''}", kind, match.groupdict().get("term"))


def _more_serials(folded: str, first: _Core, match: re.Match[str]) -> Iterator[_Core]:
    """The numbers that share prefix and year with the one before them: 〔2015〕12、13号, 〔2009〕59号、60号."""
    at, pending = match.end(), not match["end"]
    while more := _MORE_SERIALS.match(folded, at):
        if not (more["end"] or pending):
            return
        yield first._replace(start=more.start("serial"), end=more.end(), serial=more["serial"])
        at, pending = more.end(), pending and not more["end"]


def _more_orders(folded: str, first: _Core, match: re.Match[str]) -> Iterator[_Core]:
    """The orders that follow one of the same issuer: 令第12号、第15号, 公告2019年第5、6号."""
    at, pending = match.end(), not match["end"]
    while more := _MORE_ORDERS.match(folded, at):
        if not (more["end"] or pending):
            return
        year = parse_chinese_number(more["year"]) if more["year"] else first.year
        serial = parse_chinese_number(more["serial"])
        yield first._replace(start=more.start("number"), end=more.end(), year=year, serial=f"{serial}")
        at, pending = more.end(), pending and not more["end"]


def _number(raw: str, core: _Core) -> DocNumber:
    serial = core.serial.lstrip("-")
    if core.kind is None:
        return _bracketed(raw, core.prefix, str(core.year), serial, None)
    prefix = core.prefix.replace(" ", "").replace("、中华人民共和国", "、") + core.kind
    if core.term:
        prefix += f"〔{core.term}届〕"
    year = f"{core.year}年" if core.year else ""
    return DocNumber(
        raw=raw,
        normalized=f"{prefix}{year}第{serial}号",
        prefix=prefix,
        year=core.year,
        serial=int(serial.split("-")[0]),
    )


def _bracketed(raw: str, prefix: str, year: str, serial: str, sub: str | None) -> DocNumber:
    number = parse_chinese_number(serial.split("-")[0])
    tail = sub or ("-" + serial.split("-")[1] if "-" in serial else "")
    value = parse_chinese_number(year)
    prefix = prefix.replace(" ", "").translate(_WIDE_BRACKETS)
    return DocNumber(
        raw=raw,
        normalized=f"{prefix}〔{value}〕{number}{tail}号",
        prefix=prefix,
        year=value,
        serial=number,
    )


def _is_wrapped(text: str) -> bool:
    return len(text) > 2 and text[0] in "(〔" and text[-1] in ")〕"
