"""The order and the numbers of a text after a decision has changed its provisions.

Articles keep their numbers unless the decision says that the numbers are adjusted (条文序号作相应调整), or unless its
own numbers cannot stand beside the old ones, which is a finding. 款 and 项 always count on. References inside the text
to articles that bear another number now are put right only where the decision says so; otherwise they are findings.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from gazette.citations.provisions import find_provisions
from gazette.digitization.readers.numbering import chinese_number
from gazette.draft import BodyType
from gazette.errors import Finding, Level, Locator
from gazette.versions.arrangement import fill_numbers, staying
from gazette.versions.units import CONTAINERS, Unit, printed_number

Number = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Numbering:
    """What the decision says of numbers: that articles are renumbered, that references to them are."""

    renumber: bool
    references: bool


def set_order(units: Sequence[Unit], numbering: Numbering) -> tuple[list[Unit], tuple[Finding, ...]]:
    """The units in their new order, numbered, and doubts about it."""
    findings: list[Finding] = []
    for unit in units:
        for each in unit.walk():
            _order_children(each)
    standing = [unit for unit in units if not unit.gone]
    articles = [unit for unit in standing if unit.type is BodyType.ARTICLE]
    old = {id(unit): _number_of(unit) for unit in articles if unit.eid}
    ordered = _order_articles(units, numbering, findings)
    arranged = _with_their_articles(_arranged(standing, ordered) if ordered else standing)
    _number_containers(arranged, numbering)
    changed = {
        old[id(unit)]: (unit.number, unit.insert)
        for unit in ordered
        if id(unit) in old and old[id(unit)] != (unit.number, unit.insert)
    }
    if changed:
        findings += _references(arranged, changed, adjust=numbering.references)
    return arranged, tuple(findings)


def _number_of(unit: Unit) -> Number:
    """The number an article bore before, by its old address."""
    main, _, insert = re.sub(r"_v\d+$", "", unit.eid).rpartition("_")[2].partition("-")
    return int(main), int(insert or 0)


def _order_articles(units: Sequence[Unit], numbering: Numbering, findings: list[Finding]) -> list[Unit]:
    """The articles that stand, in their new order and with their new numbers."""
    articles = [unit for unit in units if unit.type is BodyType.ARTICLE]
    standing = [unit for unit in articles if not unit.gone]
    pinned = [unit for unit in standing if unit.pinned]
    for twice in _twice(pinned):
        findings.append(_doubt("number_clash", f"决定把第{twice[0]}条给了两个条文，请核对"))
    renumber = numbering.renumber
    if not renumber and (_collide(standing) or _leaves_hole(articles)):
        renumber = True
        message = "决定没有写明调整条文序号，但新条文的序号与原有序号冲突，已依次调整，请核对"
        findings.append(_doubt("renumbering_inferred", message))
    mains, inserts = _split_inserts(units)
    if not renumber:
        ordered = sorted(standing, key=lambda unit: (unit.number or 10**6, unit.insert))
        for unit in ordered:
            unit.renumber(unit.number, unit.insert)
        return ordered
    placed, beyond = fill_numbers(
        _kept(mains), {unit.number: unit for unit in reversed(mains) if unit.pinned and not unit.gone}
    )
    for number in beyond:
        findings.append(_doubt("number_beyond", f"决定给出的第{number}条超出调整后的条文总数，请核对"))
    ordered = []
    by_old = dict(inserts)
    own: dict[int, list[Unit]] = {}
    for unit in (each for each in standing if each.insert and each.pinned):
        own.setdefault(unit.number, []).append(unit)
    for number, unit in placed:
        unit.renumber(number)
        ordered.append(unit)
        following = [each for each in by_old.get(id(unit), ()) if not each.pinned]
        for each in sorted([*following, *own.pop(number, ())], key=lambda each: each.insert):
            each.renumber(number, each.insert)
            ordered.append(each)
    for left in own.values():
        for each in left:
            findings.append(_doubt("place_missing", f"没有第{each.number}条，无从在其后增加"))
            each.renumber(each.number, each.insert)
            ordered.append(each)
    # An article pinned to a number that another took stands after it.
    missing = [unit for unit in standing if unit not in ordered]
    for unit in missing:
        at = next((i for i, each in enumerate(ordered) if each.number == unit.number), len(ordered) - 1)
        unit.renumber(unit.number, unit.insert)
        ordered.insert(at + 1, unit)
    return ordered


def _split_inserts(units: Sequence[Unit]) -> tuple[list[Unit], dict[int, list[Unit]]]:
    """Articles of whole numbers (deleted ones too), and by each of them the 之一, 之二 that follow it."""
    mains: list[Unit] = []
    inserts: dict[int, list[Unit]] = {}
    for unit in units:
        if unit.type is not BodyType.ARTICLE:
            continue
        if unit.insert and mains:
            if not unit.gone:
                inserts.setdefault(id(mains[-1]), []).append(unit)
        else:
            mains.append(unit)
    return mains, inserts


def _kept(mains: Sequence[Unit]) -> list[Unit | None]:
    """The articles that take the numbers left over, in order; None for numbers that no article bore before."""
    kept: list[Unit | None] = []
    last = 0
    for unit in mains:
        if unit.eid:
            number = _number_of(unit)[0]
            kept += [None] * max(0, number - last - 1)
            last = max(last, number)
        if not unit.gone and not unit.pinned:
            kept.append(unit)
    return kept


def _twice(pinned: Iterable[Unit]) -> list[Number]:
    seen: set[Number] = set()
    twice: list[Number] = []
    for unit in pinned:
        number = (unit.number, unit.insert)
        if number in seen:
            twice.append(number)
        seen.add(number)
    return twice


def _collide(standing: Sequence[Unit]) -> bool:
    numbers = [(unit.number, unit.insert) for unit in standing]
    return 0 in [number for number, _ in numbers] or len(set(numbers)) < len(numbers)


def _leaves_hole(articles: Sequence[Unit]) -> bool:
    """Whether renumbering some articles would leave numbers without an article that had one."""
    before = {_number_of(unit)[0] for unit in articles if unit.eid}
    after = {unit.number for unit in articles if not unit.gone}
    renumbered = any(unit.pinned and unit.eid and unit.number != _number_of(unit)[0] for unit in articles)
    return renumbered and any(number not in after for number in before if number < max(after, default=0))


def _arranged(standing: Sequence[Unit], ordered: Sequence[Unit]) -> list[Unit]:
    """Chapters and articles in the new order: what was added or moved stands after its new predecessor."""
    position = {id(unit): place for place, unit in enumerate(standing)}
    stays = staying([position[id(unit)] for unit in ordered])
    moved = {id(unit) for place, unit in enumerate(ordered) if place not in stays}
    arranged = [unit for unit in standing if id(unit) not in moved]
    for place, unit in enumerate(ordered):
        if id(unit) in moved:
            at = arranged.index(ordered[place - 1]) + 1 if place else arranged.index(ordered[1])
            arranged.insert(at, unit)
    return arranged


def _with_their_articles(units: Sequence[Unit]) -> list[Unit]:
    """A chapter added by its name alone holds the articles added just before the one that follows it."""
    filled = list(units)
    for chapter in (unit for unit in units if unit.container and not unit.eid):
        at = filled.index(chapter)
        after = filled[at + 1] if at + 1 < len(filled) else None
        if after is not None and not (after.container and CONTAINERS[after.type] <= CONTAINERS[chapter.type]):
            continue
        first = at
        while first and filled[first - 1].type is BodyType.ARTICLE and not filled[first - 1].eid:
            first -= 1
        filled.insert(first, filled.pop(at))
    return filled


def _order_children(unit: Unit) -> None:
    """Put the 款 of an article, or the 项 of a 款, in order and number them on."""
    own = [child for child in unit.children if child.type in (BodyType.PARAGRAPH, BodyType.ITEM, BodyType.SUBITEM)]
    if not any(child.gone or child.pinned or not child.eid for child in own):
        return
    standing = [child for child in own if not child.gone]
    given: dict[int, Unit] = {}
    for child in standing:
        if child.pinned:
            given.setdefault(child.number, child)
    rest: list[Unit | None] = [child for child in standing if given.get(child.number) is not child or not child.pinned]
    first = 1
    placed, _ = fill_numbers(rest, given, first=first)
    others = [child for child in unit.children if child not in own]
    for number, child in placed:
        if child.num is not None and printed_number(child.num):
            child.renumber(number)
        else:
            child.number = number
    unit.children = [*(child for _, child in placed), *others, *(child for child in own if child.gone)]


def _number_containers(units: Sequence[Unit], numbering: Numbering) -> None:
    """Chapters count on where one was added, or where one went and numbers are adjusted."""
    for kind in CONTAINERS:
        same = [unit for unit in units if unit.container and unit.type is kind and unit.number]
        if not same or not (numbering.renumber or any(not unit.eid for unit in same)):
            continue
        restarts = _restarts(units, kind)
        number = 0
        for unit in units:
            if unit.container and CONTAINERS[unit.type] < CONTAINERS[kind] and restarts:
                number = 0
            elif unit.container and unit.type is kind and unit.number:
                number += 1
                unit.renumber(number)


def _restarts(units: Sequence[Unit], kind: BodyType) -> bool:
    """Whether this kind of container is counted anew in each container above it (节 always, 章 in some codes)."""
    if kind is BodyType.SECTION:
        return True
    firsts = [unit for unit in units if unit.container and unit.type is kind and unit.eid and unit.name.endswith("_1")]
    return len(firsts) > 1


_OUTSIDE = re.compile(r"(?:》|[法典例定则程释章约])(?:[（(][^（）()]*[）)])?$")
_OWN = re.compile(r"本(?:法|条例|规定|办法|细则|规则|章程|解释|决定|规程|通则|守则)$")


def _references(units: Sequence[Unit], changed: Mapping[Number, Number], *, adjust: bool) -> Iterator[Finding]:
    """Where the text refers to an article that bears another number now."""
    for unit in units:
        for each in unit.walk():
            if not each.text or each.touched or unit.touched:
                continue
            text, stale = _readdressed(each.text, changed)
            if not stale:
                continue
            if adjust:
                each.text = text
            else:
                yield Finding(
                    level=Level.INFO,
                    code="consolidation.reference_stale",
                    message=f"{unit.num or ''}引用的{'、'.join(stale)}序号已变，决定没有写明引用作相应修改，未改动",
                    locator=Locator(quote=each.text[:200]),
                )


def _readdressed(text: str, changed: Mapping[Number, Number]) -> tuple[str, list[str]]:
    out, at, stale, outside = "", 0, [], False
    end = 0
    for span in find_provisions(text):
        before = text[max(0, span.start - 12) : span.start]
        if not re.fullmatch(r"[、和及或至与]|以及|或者", text[end : span.start]) or not end:
            outside = bool(_OUTSIDE.search(before)) and not _OWN.search(before)
        end = span.end
        match = re.match(r"art_(\d+)(?:-(\d+))?", span.provision.eid)
        new = changed.get((int(match[1]), int(match[2] or 0))) if match and not outside else None
        if new is None:
            continue
        stale.append(span.provision.raw)
        printed = re.match(r"第[^条至到、—～~-]+条(?:之[一二三四五六七八九十]+)?", span.provision.raw)
        if printed:
            instead = f"第{chinese_number(new[0])}条" + (f"之{chinese_number(new[1])}" if new[1] else "")
            out += text[at : span.start] + instead
            at = span.start + printed.end()
    return out + text[at:], stale


def _doubt(code: str, message: str) -> Finding:
    return Finding(level=Level.WARNING, code=f"consolidation.{code}", message=message)
