"""Insertion (增加): new articles, 款, 项 and chapters put into a text."""

from __future__ import annotations

import re
from collections.abc import Sequence

from gazette.digitization.readers.numbering import chinese_number
from gazette.draft import BodyType
from gazette.numerals import parse_chinese_number
from gazette.versions.drafting import LAST
from gazette.versions.operations import Operation
from gazette.versions.units import Unit, read_articles, read_items, read_paragraphs
from gazette.versions.working import Unfit, Working, heading_of, number_in


def insert(work: Working, operation: Operation) -> None:
    """Add what the decision quotes where it says. Raises Unfit."""
    unit = operation.unit or (operation.to[0].split("__")[-1].split("_")[0] if operation.to else "art")
    if not operation.texts:
        if unit in ("chp", "sec", "part") and operation.heading:
            _insert_heading(work, operation, unit)
            return
        if operation.places and unit in ("para", "item", "subitem"):
            # 增加一款，将该条修改为… : the new wording of the article follows and holds it.
            return
        raise Unfit("text_empty", "没有写明增加的内容")
    if unit in ("art", "chp", "sec", "part"):
        _insert_articles(work, operation, unit)
    elif unit == "para":
        _insert_paragraphs(work, operation)
    else:
        _insert_items(work, operation)


def _insert_articles(work: Working, operation: Operation, unit: str) -> None:
    new = read_articles(operation.text)
    if len(operation.texts) > 1 and len(new) == 1 and len(operation.texts) == len(operation.to):
        new = [each for text in operation.texts for each in read_articles(text)]
    elif len(operation.to) > 1 and len(new) == 1 and len(operation.text.split("\n")) == len(operation.to):
        new = [each for text in operation.text.split("\n") for each in read_articles(text)]
    articles = [each for each in new if not each.container]
    numbers = [each for each in operation.to if each.startswith("art_") and "__" not in each]
    for each, eid in zip(articles, numbers, strict=False):
        each.number, each.insert = number_in(eid)
    if unit != "art" and operation.heading and not any(each.container for each in new):
        new = [_container(unit, operation.heading, operation.to), *new]
    for each in articles:
        if each.number:
            each.pin(each.number, each.insert)
        each.touched = True
    anchor = _anchor(work, operation, articles)
    if anchor:
        work.put_after(anchor, new)
    else:
        work.units[0:0] = new


def _anchor(work: Working, operation: Operation, articles: Sequence[Unit]) -> Unit | None:
    """What a new article is put after; where its number is given, the order is settled by it later."""
    standing = [unit for unit in work.units if unit.type is not BodyType.ATTACHMENT]
    if operation.places and operation.side:
        place = work.at(operation.places[-1])
        if place.container:
            held = work.held_by(place)
            place = held[-1] if held and operation.side == "后" else place
        place = work.article_of(place)
        if operation.side == "前":
            at = work.units.index(place)
            return work.units[at - 1] if at else None
        return place
    number = articles[0].number if articles else 0
    before = [
        unit
        for unit in standing
        if not unit.container and unit.number and not unit.pinned and unit.number < (number or 10**6)
    ]
    if operation.places and work.at(operation.places[0]).container:
        held = [each for each in work.held_by(work.at(operation.places[0])) if not each.container]
        before = [each for each in held if not number or each.number < number] or held[:1] or before
    return before[-1] if before else (standing[-1] if standing and not number else None)


def _insert_heading(work: Working, operation: Operation, unit: str) -> None:
    new = _container(unit, operation.heading or "", operation.to)
    if operation.places:
        article = work.article_of(work.at(operation.places[0]))
        at = work.units.index(article) + (operation.side == "后")
    else:
        same = [each for each in work.units if each.container and each.name == new.name]
        if not same:
            raise Unfit("place_missing", "没有写明新增章节的位置")
        at = work.units.index(same[0])
    work.units.insert(at, new)


def _insert_paragraphs(work: Working, operation: Operation) -> None:
    article = _article_for(work, operation)
    new = read_paragraphs(operation.text)
    numbers = [number_in(each.split("__")[-1])[0] for each in operation.to if "para_" in each]
    numbers = [each for each in numbers if each != LAST]
    _put_in(work, article, new, numbers, operation, BodyType.PARAGRAPH)


def _article_for(work: Working, operation: Operation) -> Unit:
    if operation.places:
        return work.article_of(work.at(operation.places[-1], gone=True))
    if not operation.to:
        raise Unfit("place_missing", "没有写明在哪一条增加")
    wanted = operation.to[0].split("__")[0]
    for unit in work.units:
        if unit.pinned and not unit.gone and f"art_{unit.number}" == wanted:
            return unit
    return work.at(wanted)


def _insert_items(work: Working, operation: Operation) -> None:
    number = operation.to[0] if operation.to else None
    if operation.places:
        place = work.at(operation.places[-1], gone=True)
    elif number:
        place = work.at(number.rpartition("__")[0])
    else:
        raise Unfit("place_missing", "没有写明在哪一条增加")
    holder = place
    if place.type is BodyType.ARTICLE:
        holding = [child for child in place.children if child.children and not child.gone]
        holder = holding[0] if holding else place.children[-1]
    elif place.type in (BodyType.ITEM, BodyType.SUBITEM) and operation.unit != "subitem":
        holder = work.above[id(place)] or place
    new = read_items(operation.text, "（一）")
    for each in new:
        each.text = f"{each.text}；" if re.search(r"\w$", each.text or "") else each.text
    numbers = [number_in(each.split("__")[-1])[0] for each in operation.to]
    _put_in(work, holder, new, numbers, operation, BodyType.ITEM)


def _put_in(
    work: Working, holder: Unit, new: Sequence[Unit], numbers: Sequence[int], operation: Operation, kind: BodyType
) -> None:
    """Put provisions among those of their kind: where they are told to, by number, or at the end."""
    if not new:
        raise Unfit("text_empty", "引文中没有条文")
    if numbers:
        for offset, unit in enumerate(new):
            unit.number = numbers[offset] if offset < len(numbers) else numbers[-1] + offset - len(numbers) + 1
            unit.pinned = True
    place = work.at(operation.places[-1]) if operation.places and operation.side else None
    at = len(holder.children)
    if place is not None and place in holder.children:
        at = holder.children.index(place) + (operation.side == "后")
    holder.children[at:at] = new
    for unit in new:
        work.above[id(unit)] = holder
        unit.touched = True
    work.article_of(holder).touched = True


def _container(unit: str, heading: str, to: Sequence[str]) -> Unit:
    name = {"chp": "章", "sec": "节", "part": "编"}[unit]
    printed = re.match(rf"\s*第(.+?){name}", heading)
    number = number_in(to[0].split("__")[-1])[0] if to else (parse_chinese_number(printed[1]) or 1) if printed else 1
    made = read_articles(f"第{chinese_number(number or 1)}{name}　{heading_of(heading)}\n第一条　……")[0]
    made.number, made.pinned = number, bool(number)
    return made
