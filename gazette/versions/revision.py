"""Revision: whole provisions given new wording, deleted, renumbered, merged, split or moved."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Sequence

from gazette.draft import BodyType
from gazette.versions.operations import Operation
from gazette.versions.units import Unit, read_articles, read_items, read_paragraphs
from gazette.versions.working import Unfit, Working, heading_of, number_in


def replace(work: Working, operation: Operation) -> None:
    """Put the new wording where the decision says. Raises Unfit where it fits nothing."""
    if not operation.places:
        raise Unfit("place_missing", "没有写明修改哪一条")
    units = work.all_at(operation.places)
    if len(units) > 1 and len(operation.texts) == len(units) and not operation.to:
        for place, text in zip(operation.places, operation.texts, strict=True):
            replace(work, Operation(kind=operation.kind, places=(place,), texts=(text,)))
        return
    first = units[0]
    if operation.sentence:
        change_sentence(work, first, operation.sentence, operation.text)
        return
    if first.container:
        _replace_chapter(work, first, operation)
        return
    if first.type is BodyType.ARTICLE or first in work.units:
        new = [each for each in read_articles(operation.text) if not each.container]
        pair_numbers = len(new) == len(units) or len(units) > 1
        _exchange(work, units, new, lambda old, fresh: _rewrite_article(work, old, fresh, pinned=pair_numbers))
    elif first.type is BodyType.PARAGRAPH:
        _exchange(work, units, read_paragraphs(operation.text), _rewrite)
    else:
        _exchange(work, units, read_items(operation.text, first.num or ""), _rewrite)


def _exchange(work: Working, old: Sequence[Unit], new: Sequence[Unit], rewrite: Callable[[Unit, Unit], None]) -> None:
    """Put the wording of `new` into `old` one by one; what is over goes after the last, what is left is deleted."""
    if not new:
        raise Unfit("text_empty", "引文中没有条文")
    by_number = {(each.number, each.insert): each for each in new if each.number and each.type is BodyType.ARTICLE}
    keys = [(each.number, each.insert) for each in old]
    if len(new) != len(old) and by_number and any(key in by_number for key in keys):
        pairs = [(each, by_number[key]) for each, key in zip(old, keys, strict=True) if key in by_number]
    else:
        pairs = list(zip(old, new, strict=False))
    taken = {id(fresh) for _, fresh in pairs}
    kept = {id(each) for each, _ in pairs}
    for each, fresh in pairs:
        rewrite(each, fresh)
    for each in old:
        each.gone |= id(each) not in kept
    over = [each for each in new if id(each) not in taken]
    for each in over:
        each.pinned = each.type is BodyType.ARTICLE and each.number > 0
    work.put_after(pairs[-1][0], over)


def _rewrite_article(work: Working, old: Unit, new: Unit, *, pinned: bool) -> None:
    if pinned and new.number and (new.number, new.insert) != (old.number, old.insert) and not old.pinned:
        old.pin(new.number, new.insert)
    if new.type is not BodyType.ARTICLE or old.type is not BodyType.ARTICLE:
        new.children = new.children[0].children if len(new.children) == 1 and not new.text else new.children
    old.heading = new.heading or (old.heading if old.type is BodyType.ARTICLE else None)
    if old.type is BodyType.ARTICLE:
        _keep_wids(old, new)
        old.text = new.text
    else:
        old.text, old.children = new.letters(), []
    old.touched = True


def _replace_chapter(work: Working, chapter: Unit, operation: Operation) -> None:
    new = read_articles(operation.text)
    if not any(unit.number for unit in new if not unit.container) and "\n" not in operation.text:
        chapter.heading, chapter.touched = heading_of(operation.text), True
        return
    held = work.held_by(chapter)
    if new[0].container:
        chapter.heading = new[0].heading or chapter.heading
        new = new[1:]
    olds = {(unit.number, unit.insert): unit for unit in held if not unit.container}
    order: list[Unit] = []
    for unit in new:
        old = olds.pop((unit.number, unit.insert), None) if not unit.container else None
        if old is not None:
            _rewrite_article(work, old, unit, pinned=False)
        else:
            unit.pinned = not unit.container and unit.number > 0
        order.append(old or unit)
    for unit in held:
        unit.gone |= unit not in order
    at = work.units.index(chapter) + 1
    work.units[at : at + len(held)] = [*order, *(unit for unit in held if unit.gone)]


def change_sentence(work: Working, unit: Unit, count: int, instead: str) -> None:
    """Put `instead` for one sentence of a provision; where it is but one, for its part up to a ；."""
    if unit.type is BodyType.ARTICLE and unit.children:
        unit = unit.children[0]
    text = unit.text or ""
    parts = re.findall(r"[^。]*。|[^。]+$", text)
    if len(parts) == 1:
        parts = re.findall(r"[^；]*；|[^；]+$", text)
    if abs(count) > len(parts) or (count > 0 and count == len(parts) == 1 and not instead):
        raise Unfit("place_missing", "原文没有这一句")
    parts[count - 1 if count > 0 else count] = instead
    unit.text, unit.touched = "".join(parts), True


def delete(work: Working, operation: Operation) -> None:
    if operation.sentence:
        change_sentence(work, work.at(operation.places[-1]), operation.sentence, "")
        return
    for unit in work.all_at(operation.places):
        unit.gone = True
        work.article_of(unit).touched = True
        if unit.container and not operation.heading_only:
            for held in work.held_by(unit):
                held.gone = True


def renumber(work: Working, operation: Operation) -> None:
    """Give provisions the numbers the decision states. Raises Unfit where their count differs."""
    units = work.all_at(operation.places)
    if len(units) != len(operation.to):
        raise Unfit("numbers_differ", "改动前后的条款数不一致")
    for unit, eid in zip(units, operation.to, strict=True):
        kind = eid.split("__")[-1].split("_")[0]
        if unit.type is BodyType.PARAGRAPH and kind == "art":
            _promote(work, unit, eid)
        elif unit.type is BodyType.ARTICLE and eid.endswith("__para_1"):
            # 第三十九条改为第四十五条第一款: what it gets beside is added to it.
            unit.pin(*number_in(eid.split("__")[0]))
        elif unit.type is BodyType.ARTICLE and kind == "para":
            _demote(work, unit, eid)
        else:
            unit.pin(*number_in(eid.split("__")[-1]))
            article, told = work.article_of(unit), eid.split("__")[0]
            if kind != "art" and told.startswith("art_") and told != unit.eid.split("__")[0]:
                # 第五条第一款改为第六条第一款: the article goes along.
                article.pin(*number_in(told))


def _promote(work: Working, paragraph: Unit, eid: str) -> None:
    """第五条第二款改为第六条."""
    article = work.article_of(paragraph)
    fresh = read_articles("……")[0]
    copy = read_paragraphs("……")[0]
    copy.text, copy.children, copy.wid = paragraph.text, paragraph.children, ""
    fresh.children = [copy]
    fresh.pin(*number_in(eid.split("__")[-1]))
    paragraph.gone = article.touched = True
    work.put_after(article, [fresh])
    # What the decision says of the paragraph later is said of the article it has become.
    work.places[paragraph.eid] = copy
    work.above[id(copy)] = fresh


def _demote(work: Working, article: Unit, eid: str) -> None:
    """第六条改为第五条第二款."""
    host = work.at(eid.split("__")[0])
    moved = [child for child in article.children if not child.gone]
    number = number_in(eid.split("__")[-1])[0]
    for offset, unit in enumerate(moved):
        unit.number, unit.pinned = number + offset, True
        work.above[id(unit)] = host
    host.children += moved
    article.children, article.gone, host.touched = [], True, True
    work.places[article.eid] = moved[0] if moved else host


def merge(work: Working, operation: Operation) -> None:
    """Make several provisions one, at the place of the first. Raises Unfit."""
    units = work.all_at(operation.places)
    if len(units) == 1 and operation.to:
        # 将第五条并入第四条.
        units.insert(0, work.at(operation.to[0]))
        operation = dataclasses.replace(operation, places=(operation.to[0], *operation.places))
    first = units[0]
    if first.container:
        for unit in units[1:]:
            unit.gone = True
        first.heading = heading_of(operation.heading) if operation.heading else first.heading
        return
    if operation.texts:
        replace(work, operation)
    else:
        for unit in units[1:]:
            if first.type is BodyType.ARTICLE:
                first.children += unit.children
                for child in unit.children:
                    work.above[id(child)] = first
            else:
                first.text = (first.text or "") + (unit.text or "")
                first.children += unit.children
    for unit in units[1:]:
        unit.gone = True
    first.touched = True
    if operation.to:
        first.pin(*number_in(operation.to[0].split("__")[-1]))


def split(work: Working, operation: Operation) -> None:
    """Make several provisions of one, with the wording the decision gives. Raises Unfit."""
    unit = work.at(operation.places[-1])
    if not operation.texts:
        raise Unfit("text_empty", "没有写明拆分后的内容")
    if unit.type is not BodyType.ARTICLE:
        # The pieces of a 款 take its place; so do the chapters that a chapter is divided into, with their articles.
        replace(work, operation)
        return
    new = [each for each in read_articles(operation.text) if not each.container]
    if len(new) == 1 and len(operation.texts) == len(operation.to):
        new = [each for text in operation.texts for each in read_articles(text)]
    for each, eid in zip(new, operation.to, strict=False):
        each.number, each.insert = number_in(eid)
    first, *rest = new
    _rewrite_article(work, unit, first, pinned=False)
    if first.number:
        unit.pin(first.number, first.insert)
    for each in rest:
        if each.number:
            each.pin(each.number, each.insert)
        each.touched = True
    work.put_after(unit, rest)


def move(work: Working, operation: Operation) -> None:
    """Put provisions in another place, under the numbers stated. Raises Unfit."""
    parts = work.all_at(operation.places)
    if parts[0].type is not BodyType.ARTICLE and "__" in operation.to[0]:
        # 第三款移作第二款: within its article, a move is a new number.
        renumber(work, operation)
        return
    units = [work.article_of(unit) for unit in parts]
    target = next((eid for eid in operation.to if not eid.startswith("art_")), None)
    numbers = [eid for eid in operation.to if eid.startswith("art_")]
    anchor = None
    if target:
        chapter = work.at(target)
        anchor = ([chapter, *work.held_by(chapter)])[-1]
    elif operation.side and numbers:
        anchor = work.at(numbers.pop(0))
        if operation.side == "前":
            at = work.units.index(anchor)
            anchor = work.units[at - 1] if at else anchor
    for unit in units:
        if anchor is not None and anchor is not unit:
            work.units.remove(unit)
            work.units.insert(work.units.index(anchor) + 1, unit)
            unit.number = 0
            anchor = unit
    for unit, eid in zip(units, numbers, strict=False):
        unit.pin(*number_in(eid))


def swap(work: Working, operation: Operation) -> None:
    units = work.all_at(operation.places)
    if len(units) != 2:
        raise Unfit("numbers_differ", "互换的不是两条")
    one, other = units
    numbers = (one.number, one.insert), (other.number, other.insert)
    one.pin(*numbers[1])
    other.pin(*numbers[0])


def _rewrite(old: Unit, new: Unit) -> None:
    _keep_wids(old, new)
    if old.text and not old.heading and new.heading and not new.text:
        # A few words without a stop were read as a heading.
        new.text, new.heading = new.heading, None
    stop = re.search(r"[。；]$", old.text or "")
    if stop and new.text and not re.search(r"[。；：！？…”）]$", new.text):
        new.text += stop[0]
    old.text, old.heading, old.touched = new.text, new.heading, True
    old.node = new.node if new.node.rows else old.node


def _keep_wids(old: Unit, new: Unit) -> None:
    """The provisions of the new wording bear the permanent addresses of those whose place they take."""
    pairs = list(zip(old.children, new.children, strict=False))
    for before, after in pairs:
        if before.type is after.type:
            after.wid = before.wid
            pairs += zip(before.children, after.children, strict=False)
    old.children = new.children
