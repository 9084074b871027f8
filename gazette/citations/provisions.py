"""Addresses inside a document: 第三十八条第二款第（一）项 is art_38__para_2__item_1, 第十条之一 is art_10-1.

The eIds are those of Akoma Ntoso, the same as `Node.eid`, so a citation is an address that can be opened. A range
(第三条至第五条) is written art_3->art_5, as in Akoma Ntoso references.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from gazette.draft import Provision
from gazette.numerals import parse_chinese_number

_N = r"[0-9０-９一二三四五六七八九十百千零〇两]{1,8}"
_ONE = rf"第?\s?[(（]?\s?{_N}\s?[)）]?\s?(?:之{_N})?"
_JOINT = r"(?:[、，和及或与]{1,2}|\s?[至到—\-~～]\s?)"
_UNIT = r"(?P<unit>分编|[编章节条款项目])(?![例件目标录程])"
#: 第三、四、五条, 第十二至十五条, 第（一）、（二）项: several numbers before their one unit.
_SERIES = re.compile(rf"(?=第){_ONE}(?:{_JOINT}{_ONE}){{1,30}}{_UNIT}")
_MEMBER = re.compile(rf"(?P<joint>{_JOINT})?第?\s?[(（]?\s?(?P<n>{_N})\s?[)）]?\s?(?:之(?P<insert>{_N}))?")
_ITEM = rf"第?[(（]\s?(?P<item_b>{_N})\s?[)）]\s?(?:项|(?!(?:{_JOINT}{_ONE}){{1,30}}项))|第(?P<item>{_N})项"
_PROVISION = re.compile(
    rf"(?:第\s?(?P<part>{_N})\s?编\s?)?(?:第\s?(?P<subpart>{_N})\s?分编\s?)?"
    rf"(?:第\s?(?P<chapter>{_N})\s?章\s?)?(?:第\s?(?P<section>{_N})\s?(?:节|部分)\s?)?"
    rf"(?:第\s?(?P<article>{_N})\s?条(?:之(?P<insert>{_N}))?\s?)?"
    rf"(?:第\s?[(（]?(?P<paragraph>{_N})[)）]?\s?款\s?)?"
    rf"(?:(?:{_ITEM})\s?)?"
    rf"(?:第\s?(?P<subitem>{_N})\s?目)?"
)
#: Where an address can begin; a bare （一） in running text is a list marker, not an address.
_START = re.compile(
    rf"第\s?{_N}\s?(?:分编|部分|[编章节条款目])|第{_N}项|第[(（]\s?{_N}\s?[)）]\s?项"
    rf"|(?=第){_ONE}(?:{_JOINT}{_ONE}){{1,30}}{_UNIT}"
)
_RANGE = re.compile(r"\s?(?:至|到|—|-|～|~)\s?")
_IS_RANGE = re.compile(r"[至到—\-~～]")
_LIST_ITEM = re.compile(rf"(?P<joint>[、，和及或与]{{1,2}})第?[(（]?(?P<n>{_N})[)）]?(?P<unit>[条款项])(?![例件目])")

#: 第一百二十条之一、之二.
_NEXT_INSERT = re.compile(rf"(?P<joint>[、，和及或与]{{1,2}})之(?P<n>{_N})(?=[、，。；和及或与的第]|$)")
_INSERTED = re.compile(r"(art_\d+)-\d+")

_PREFIXES = (
    ("part", "part"),
    ("subpart", "subpart"),
    ("chapter", "chp"),
    ("section", "sec"),
    ("article", "art"),
    ("paragraph", "para"),
    ("item", "item"),
    ("subitem", "subitem"),
)
_UNITS = tuple(unit for _, unit in _PREFIXES)
#: A range of more provisions is not written out.
_LONGEST_RANGE = 500
_ABOVE_ARTICLE = {"part", "subpart", "chp", "sec"}
_PREFIX_OF = {
    "编": "part",
    "分编": "subpart",
    "章": "chp",
    "节": "sec",
    "条": "art",
    "款": "para",
    "项": "item",
    "目": "subitem",
}


@dataclass(frozen=True, slots=True)
class ProvisionSpan:
    """An address found in running text and where it stands."""

    provision: Provision
    start: int
    end: int


def parse_provision(text: str | None) -> Provision | None:
    """`text` as one address (or range of addresses) and nothing else."""
    if not text:
        return None
    squeezed = "".join(text.split())
    match = _PROVISION.fullmatch(squeezed)
    if match and match[0]:
        return Provision(raw=text.strip(), eid=_eid(match))
    found = next(iter(_iter_provisions(squeezed)), None)
    if found and (found.start, found.end) == (0, len(squeezed)):
        return Provision(raw=text.strip(), eid=found.provision.eid)
    return None


def find_provisions(text: str) -> tuple[ProvisionSpan, ...]:
    """Every address in running text; 第三条第一款、第二款 yields two, the second with its article filled in."""
    return tuple(_iter_provisions(text))


def complete_run(run: Sequence[str], context: str | None) -> tuple[str, ...]:
    """A run of addresses, each completed from the one before it (the first from `context`), ranges written out."""
    found: list[str] = []
    for eid in run:
        first, _, last = eid.partition("->")
        context = _within(context, first)
        found.append(context)
        if last:
            found += _range(context, _within(context, last))
            context = found[-1]
    return tuple(found)


def complete_address(eid: str, held: Collection[str]) -> str | None:
    """The one address that `eid` can mean, as 第二十二条第（一）项 leaves out the 款; None where none or several can.

    第一款 of an article that has only one may be named or not, and so may a part, a chapter or an annex.
    """
    if eid in held:
        return eid
    eid = _by_section(eid, held)
    cited = eid.split("__")
    found = [each for each in held if _leaves_out(cited, each.split("__"))]
    if not found and "para_1" in cited:
        at = cited.index("para_1")
        paragraphs, rest = "__".join([*cited[:at], "para_"]), cited[:at] + cited[at + 1 :]
        if rest and not any(each.startswith(paragraphs) for each in held):
            return complete_address("__".join(rest), held)
    return found[0] if len(found) == 1 else None


def nearest_address(eid: str, held: Collection[str]) -> str | None:
    """Where in a text `eid` leads: the address itself, else the narrowest one held that it lies in."""
    while eid:
        found = complete_address(eid, held)
        if found:
            return found
        eid = eid.rpartition("__")[0]
    return None


def _by_section(eid: str, held: Collection[str]) -> str:
    """第五条 of a notice that counts 一、二、 is its 五、."""
    if eid.startswith("art_") and not any("art_" in each for each in held):
        return f"sec_{eid.removeprefix('art_')}"
    return eid


def _leaves_out(cited: list[str], full: list[str]) -> bool:
    """Whether `cited` is `full` with some of the units above its last one left out."""
    above = iter(full)
    return cited[-1] == full[-1] and all(part in above for part in cited)


def _iter_provisions(text: str) -> Iterator[ProvisionSpan]:
    position = 0
    while start := _START.search(text, position):
        series = _SERIES.match(text, start.start())
        if series:
            yield from _members(series, None)
            position = series.end()
            continue
        match = _PROVISION.match(text, start.start())
        if match is None or not match[0]:
            position = start.end()
            continue
        eid, end = _eid(match), match.end()
        inner = _SERIES.match(text, end)
        if inner and _rank(_PREFIX_OF[inner["unit"]]) > _rank(eid.rpartition("__")[2]):
            first, *rest = _members(inner, eid)
            position = inner.end()
            yield replace(
                first, provision=replace(first.provision, raw=text[start.start() : first.end]), start=start.start()
            )
            yield from rest
            continue
        to = _RANGE.match(text, end)
        last = _PROVISION.match(text, to.end()) if to else None
        if last and last[0]:
            eid, end = f"{eid}->{_within(eid, _eid(last))}", last.end()
        raw = text[start.start() : end].strip()
        yield ProvisionSpan(Provision(raw=raw, eid=eid), start.start(), start.start() + len(raw))
        position = end
        for sibling in _siblings(text, end, eid):
            yield sibling
            position = sibling.end


def _siblings(text: str, position: int, eid: str) -> Iterator[ProvisionSpan]:
    """What follows an address in a list and leaves out what it shares with it: 第三条第一款、第二款, 第三条、四条."""
    eid = eid.rpartition("->")[2]
    while True:
        if (more := _NEXT_INSERT.match(text, position)) and (article := _INSERTED.fullmatch(eid)):
            eid, position = f"{article[1]}-{parse_chinese_number(more['n'])}", more.end()
            yield ProvisionSpan(Provision(raw=text[more.end("joint") : position], eid=eid), more.end("joint"), position)
            continue
        if not (more := _LIST_ITEM.match(text, position)):
            break
        begin = more.end("joint")
        nested = _PROVISION.match(text, begin) if text[begin] == "第" else None
        if nested and more["unit"] == "条":
            break
        if nested and nested.end() > more.end():
            eid, position = _within(eid, _eid(nested)), nested.end()
        else:
            eid, position = _within(eid, f"{_PREFIX_OF[more['unit']]}_{parse_chinese_number(more['n'])}"), more.end()
        yield ProvisionSpan(Provision(raw=text[begin:position], eid=eid), begin, position)


def _members(series: re.Match[str], context: str | None) -> tuple[ProvisionSpan, ...]:
    """What a series names, one span a number (a range is one), each completed from `context`."""
    unit = _PREFIX_OF[series["unit"]]
    text, position, found = series.string, series.start(), list[ProvisionSpan]()
    while position < series.start("unit") and (member := _MEMBER.match(text, position)):
        number = f"{unit}_{parse_chinese_number(member['n'])}"
        if member["insert"]:
            number += f"-{parse_chinese_number(member['insert'])}"
        eid = _within(context, number)
        is_last = member.end() >= series.start("unit")
        end = series.end() if is_last else member.end()
        joint = member["joint"] or ""
        if found and _IS_RANGE.search(joint) and "->" not in found[-1].provision.eid:
            first = found.pop()
            begin, eid = first.start, f"{first.provision.eid}->{eid}"
        else:
            begin = member.start() + len(joint)
        found.append(ProvisionSpan(Provision(raw=text[begin:end], eid=eid), begin, end))
        position = member.end()
    return tuple(found)


def _eid(match: re.Match[str]) -> str:
    parts = []
    for group, prefix in _PREFIXES:
        printed = match[group] or (match["item_b"] if group == "item" else None)
        if printed:
            number = str(parse_chinese_number(printed))
            insert = match["insert"] if group == "article" else None
            parts.append(f"{prefix}_{number}" + (f"-{parse_chinese_number(insert)}" if insert else ""))
    if any(part.startswith("art_") for part in parts):
        # Articles are numbered through the whole document, so their address needs no chapter.
        parts = [part for part in parts if part.split("_")[0] not in _ABOVE_ARTICLE]
    return "__".join(parts)


def _within(context: str | None, eid: str) -> str:
    """`eid` completed from the address before it: (art_3__para_1__item_2, para_2) is art_3__para_2."""
    unit = _rank(eid)
    if context is None or unit == _rank("art"):
        return eid
    return "__".join([*(part for part in context.split("__") if _rank(part) < unit), eid])


def _rank(eid: str) -> int:
    """How deep the first unit of an address stands."""
    return _UNITS.index(eid.split("_")[0])


def _range(first: str, last: str) -> Iterator[str]:
    """What follows `first` up to `last`."""
    stem, _, number = first.rpartition("_")
    end = last.rpartition("_")[2]
    if number.isdigit() and end.isdigit():
        for value in range(int(number) + 1, min(int(end), int(number) + _LONGEST_RANGE) + 1):
            yield f"{stem}_{value}"
    else:
        yield last
