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
from unicodedata import normalize

from gazette.draft import DocNumber

#: Character by character, so that spans in the folded text are spans in the text.
_FOLD = str.maketrans(
    "０１２３４５６７８９（）﹝﹞［］[]【】〖〗「」『』{}—–－‐―−號○Ｏ零　\xa0\t\n\r",
    "0123456789()〔〕〔〕〔〕〔〕〔〕〔〕〔〕〔〕------号〇〇〇     ",
) | {ord("Ａ") + at: chr(ord("A") + at) for at in range(26) if at != 14}
_WIDE_BRACKETS = str.maketrans("()〔〕", "（）（）")
_CN = "一二三四五六七八九〇十百千两"
_CN_VALUE = {each: value for value, each in enumerate("〇一二三四五六七八九")} | {"两": 2, "零": 0, "○": 0}
_CN_UNIT = {"十": 10, "百": 100, "千": 1000}

_YEAR4 = r"(?:(?:18|19|20|21)\d{2}|[一二][〇一二三四五六七八九]{3})"
_SERIAL = rf"(?P<serial>\d{{1,7}}|[{_CN}]{{1,9}})(?P<sub>-\d{{1,3}})?"
#: 国发〔2015〕12、13号: several serials share prefix and year.
_MORE_SERIALS = re.compile(r" ?[、和及] ?第? ?(?P<serial>\d{1,5}) ?(?P<end>号)?")
_BRACKETED = re.compile(
    rf"[〔(<〈] {{0,2}}(?P<year>{_YEAR4}|\d{{2}}) {{0,2}}年? {{0,2}}[〕)>〉] {{0,3}}(?:字 ?)?第? {{0,2}}"
    rf"{_SERIAL} {{0,3}}(?P<end>号|(?=(?: ?[、和及] ?第? ?\d{{1,5}}){{1,20}} ?号))"
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
    rf"{_SERIAL} {{0,2}}号[〕)]?"
)
_MORE_ORDERS = re.compile(
    rf" ?(?:[、和及]|以及) ?(?P<first>第) ?(?P<serial>\d{{1,5}}|[{_CN}]{{1,6}}) ?号(?! ?(?:令|公告|通告|[楼院井线]))"
)
_REVERSED = re.compile(rf"(?:[〔(]?(?P<year>{_YEAR4}) ?年? ?[〕)]? ?)?(?:第|(?<=年)|(?<=年 )) ?{_SERIAL} ?号 ?{_KIND}")
#: Only where the whole string is meant to be a number: the year stands bare, or 号 is missing.
_LOOSE = re.compile(rf"(?P<prefix>[一-龥()〔〕、]{{1,30}}?)[〔(]?(?P<year>{_YEAR4})[年〕)-]{{0,2}}第?{_SERIAL}号?")
_REGISTRY = re.compile(
    r"(?<![A-Za-z0-9])(?P<prefix>[A-Z]{2,8}\d{0,4}) ?-+ ?(?P<year>(?:19|20)\d{2}) ?-+ ?(?P<serial>\d{1,8})(?!\d)"
)
#: Without a dash there is neither a registration number nor an index number; most sentences have none.
_DASH = re.compile("[-—–－‐―−]")
_INDEX = re.compile(
    r"(?<![A-Za-z0-9])(?:(?:\d{8}-?[\dX]|[0-9A-HJ-NPQRTUWXY]{18}|[A-Z]\d{8})[/-]|[A-Z]{2,8}\d{0,6}/)"
    r"(?:\d{2}_[A-Z]/)?(?:19|20)\d{2}-\d{4,8}(?!\d)"
)
#: 关于…的通知（江防汛〔2024〕3号）: a title that carries its number.
_TITLED = re.compile(
    r"(?P<title>.{4,}?)\s*[（(](?P<number>[^（）()]*[〔\[【（(](?:19|20)\d{2}[〕\]】）)][^（）()]*号)[）)]$"
)
_CASE_NUMBER = re.compile(r"[民刑行执商知].{0,3}[初终再申监提他赔执抗]字?$")

#: 台財庫字第09403500820號: the series of an agency and ten figures without a year of four; only Taiwan prints 號.
_WORD_SERIES = re.compile(r"(?P<prefix>[一-龥A-Z0-9()]{1,20}字)第?(?P<serial>\d{4,12}(?:-?[A-Za-z]|[-之]\d{1,3})?)号")

#: How far back from the core a prefix may reach.
_REACH = 60
#: How the name of an issuer of orders ends; 责令第3号 is no order.
_ORG_END = "部委局署办厅府院会行社省市县区州司军席团队处所校国"
#: Who issued a number whose year stands first: 建设部（88）建房字第170号.
_ISSUER = re.compile(rf"[一-龥]{{2,20}}[{_ORG_END}]")
#: Words after which a prefix can begin but which are no part of it; the last number and an address count too.
_BEFORE = re.compile(
    r"根据|依据|依照|按照|参照|遵照|执行|适用|违反|作出|发布|公布|颁布|印发|批准|转发|下发|修订|修正|修改|废止"
    r"|通知|意见|办法|规定|决定|条例|细则|文件|以下简称|号(?:令|公告|通告)?|连同|结合|以及"
    rf"|第[(]?[0-9{_CN}]{{1,8}}[)]?(?:[编章节条款]|项(?!目)|目(?![标录]))(?:之[{_CN}]{{1,3}})?"
    r"|(?<!自)由|对(?!外)|[以的为是即被将在于并见按从至日]|(?<=[0-9])[年月]|[0-9]"
)
#: What follows 和 where it begins the name of a place: 和田, 和平.
_PLACES_WITH_AND = "田|平|县|顺|静|硕|龙市|林格尔"
_LEAD = re.compile(
    rf"^(?:原|和(?!{_PLACES_WITH_AND})|及|与|经(?![贸济])|或|依|照|第(?![{_CN}])|由|如|等|有关|包括|[年月日]|中华人民共和国(?=.))+"
)
#: How numbers end whose year may stand with or without brackets.
ORDER_KINDS = ("令", "公告", "通告")
#: Ministries that issue together are printed with a blank between them (财政部 税务总局公告2019年第94号).
_JOINT_BLANK = re.compile(
    r"(?<=[一-龥]{2}[部委局署行会院社])[ ](?=[一-龥]{2,20}(?<!办公)[部委局署行会院社厅办](?:[ 第0-9〔(]|令|公告|通告))"
)
#: A series (江政发) is an abbreviation and names no two issuers; an issuer in full may (卫生和计划生育委员会).
_AND = re.compile(rf"(?<!呼)和(?!{_PLACES_WITH_AND})|与|及|或")
_FULL_NAME_END = "部委局署厅院会"
_PREFIX_BREAK = re.compile(r"[^一-龥()〔〕、A-Za-z]")


class _Core(NamedTuple):
    start: int
    end: int
    prefix: str
    year: int | None
    serial: str
    kind: str | None
    #: 十五届, where a congress counts.
    term: str | None = None


def parse_chinese_number(text: str) -> int | None:
    """三十八 → 38, 一百零五 → 105, 二〇一八 → 2018, 38 → 38; None for what is no number."""
    text = text.strip().translate(_FOLD)
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


def parse_doc_number(text: str | None) -> DocNumber | None:
    """`text` as one document number and nothing else (brackets around it are allowed)."""
    if not text:
        return None
    squeezed = "".join(_joined(text.translate(_FOLD).strip()).split()).strip("。;；,，")
    squeezed = squeezed.removeprefix("文号:").removeprefix("文号：")
    if not squeezed:
        return None
    for candidate in dict.fromkeys((squeezed, squeezed[1:-1] if _is_wrapped(squeezed) else squeezed)):
        for core in _cores(candidate):
            if core.end == len(candidate) and (
                core.start <= _lead_length(candidate) or _ISSUER.fullmatch(candidate, 0, core.start)
            ):
                return _number(text.strip(), core)
        loose = _LOOSE.fullmatch(candidate)
        if loose:
            return _bracketed(text.strip(), loose["prefix"], loose["year"], loose["serial"], loose["sub"])
    return _word_series(text, squeezed) or parse_registry_number(text)


def part_title(title: str) -> tuple[str, DocNumber | None]:
    """A title and the number it carries in brackets at its end: 关于防汛工作的通知（江防汛〔2024〕3号）."""
    match = _TITLED.fullmatch(title.strip())
    number = parse_doc_number(match["number"]) if match else None
    return (match["title"], number) if match and number else (title, None)


def _word_series(text: str, squeezed: str) -> DocNumber | None:
    match = _WORD_SERIES.fullmatch(normalize("NFKC", squeezed)) if "號" in text else None
    if match is None:
        return None
    prefix = match["prefix"].translate(_WIDE_BRACKETS)
    return DocNumber(raw=text.strip(), normalized=f"{prefix}第{match['serial']}號", prefix=prefix)


def find_doc_numbers(text: str) -> tuple[tuple[DocNumber, tuple[int, int]], ...]:
    """Every document number in running text with its span, in reading order."""
    if "号" not in text and "號" not in text:
        return ()
    folded = _joined(text.translate(_FOLD))
    return tuple((_number(text[core.start : core.end], core), (core.start, core.end)) for core in _cores(folded))


def parse_registry_number(text: str | None) -> DocNumber | None:
    """A unified registration number (统一登记号 HFGS-2022-7): a second number beside the 文号."""
    found = find_registry_numbers(text.strip()) if text else ()
    return found[0][0] if found and text and found[0][1] == (0, len(text.strip())) else None


def find_registry_numbers(text: str) -> tuple[tuple[DocNumber, tuple[int, int]], ...]:
    """Every unified registration number in running text with its span."""
    return tuple(_iter_registry(text))


def find_index_numbers(text: str) -> tuple[tuple[str, tuple[int, int]], ...]:
    """Every index number (索引号, 000014349/2018-00079) with its span; spaces and widths folded."""
    if not _DASH.search(text):
        return ()
    folded = text.translate(_FOLD)
    return tuple((match[0], match.span()) for match in _INDEX.finditer(folded))


def _iter_registry(text: str) -> Iterator[tuple[DocNumber, tuple[int, int]]]:
    if not _DASH.search(text):
        return
    for match in _REGISTRY.finditer(text.translate(_FOLD)):
        prefix, year, serial = match["prefix"], int(match["year"]), int(match["serial"])
        number = DocNumber(
            raw=text[match.start() : match.end()],
            normalized=f"{prefix}-{year}-{serial}",
            prefix=prefix,
            year=year,
            serial=serial,
        )
        yield number, match.span()


def _joined(folded: str) -> str:
    """The text with a 、 for each blank between two issuers; as long as before."""
    return _JOINT_BLANK.sub("、", folded)


def _cores(folded: str) -> list[_Core]:
    """Cores of every form with their prefixes, overlaps resolved in favour of the one that begins first."""
    found = []
    for match in _BRACKETED.finditer(folded):
        start, prefix = _prefix_before(folded, match.start(), for_order=False)
        if prefix:
            found.append(_core(start, match, prefix, None))
            found += _more_serials(folded, found[-1], match)
    for match in _YEAR_FIRST.finditer(folded):
        prefix = match["prefix"]
        if prefix[-1] in "字发函办规文" and not _CASE_NUMBER.search(prefix):
            found.append(_core(match.start(), match, prefix, None))
    for pattern in (_ORDER, _REVERSED):
        for match in pattern.finditer(folded):
            start, prefix = _prefix_before(folded, match.start(), for_order=True)
            if prefix and prefix.rstrip(" )")[-1:] not in _ORG_END:
                continue
            found.append(_core(start, match, prefix, match["kind"]))
            if pattern is _ORDER:
                found += _more_orders(folded, found[-1])
    found.sort(key=lambda core: (core.start, -core.end))
    kept: list[_Core] = []
    for core in found:
        if not kept or core.start >= kept[-1].end:
            kept.append(core)
    return kept


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


def _more_orders(folded: str, first: _Core) -> Iterator[_Core]:
    """令第12号、第15号: the orders of one issuer."""
    at = first.end
    while more := _MORE_ORDERS.match(folded, at):
        serial = parse_chinese_number(more["serial"])
        yield first._replace(start=more.start("first"), end=more.end(), serial=f"{serial}")
        at = more.end()


def _prefix_before(folded: str, end: int, *, for_order: bool) -> tuple[int, str]:
    """The issuing prefix that ends at `end`: where it starts and what it is (may be empty for an order)."""
    window_start = max(0, end - _REACH)
    stop = end
    while stop > window_start and folded[stop - 1] == " ":
        stop -= 1
    window = folded[window_start:stop]
    cut = 0
    for match in _PREFIX_BREAK.finditer(window):
        cut = match.end()
    for match in _BEFORE.finditer(window, cut):
        if match.end() < len(window) or for_order:
            cut = match.end()
    for_order = for_order or window.endswith(ORDER_KINDS)
    if not for_order and window[-1:] not in _FULL_NAME_END:
        for match in _AND.finditer(window, cut):
            cut = match.end()
    cut = _after_unbalanced(window, cut)
    cut = _after_list(window, cut, for_order=for_order)
    lead = _LEAD.match(window[cut:])
    name = window[cut + (lead.end() if lead else 0) :]
    return window_start + cut + (lead.end() if lead else 0), name


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
        if not for_order or not before or before[-1] not in _ORG_END:
            return comma + 1
        comma = window.rfind("、", cut, comma)
    return cut


def _number(raw: str, core: _Core) -> DocNumber:
    serial = core.serial.lstrip("-")
    if core.kind is None:
        return _bracketed(raw, core.prefix, str(core.year), serial, None)
    prefix = core.prefix.replace(" ", "") + core.kind
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


def _lead_length(text: str) -> int:
    lead = _LEAD.match(text)
    return lead.end() if lead else 0
