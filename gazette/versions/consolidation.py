"""Consolidation (整理): the operations of an amending decision applied to the text before it.

The decision addresses the old text; what it adds and renumbers, it addresses in the new one. So every change is made
on units that keep their old address, and only then is the order settled and every provision numbered. A change that
does not fit the text (an article that is not there, words that do not stand in it) is a finding and changes nothing.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from gazette.citations.titles import letters
from gazette.draft import Body
from gazette.errors import Finding, Level, Locator
from gazette.versions.insertion import insert
from gazette.versions.operations import Operation, OperationKind
from gazette.versions.ordering import Numbering, set_order
from gazette.versions.revision import delete, merge, move, renumber, replace, split, swap
from gazette.versions.units import Unit, freeze
from gazette.versions.wording import change_words, find_words
from gazette.versions.working import Unfit, Working, heading_of, in_words


@dataclass(frozen=True, slots=True, kw_only=True)
class Consolidated:
    """The text after a decision. `title` is None unless the decision changes it; `applied` counts what took effect."""

    body: Body
    title: str | None
    applied: int
    findings: tuple[Finding, ...]


def consolidate(body: Body, operations: Sequence[Operation]) -> Consolidated:
    """Apply `operations` of one decision to `body`."""
    work = Working(body)
    operations = _in_old_numbers(work, operations)
    applied = sum(_apply(work, each) for each in operations)
    numbering = Numbering(
        renumber=any(each.kind is OperationKind.ADJUST for each in operations),
        references=any(each.kind is OperationKind.ADJUST_REFERENCES for each in operations),
    )
    units, findings = set_order(work.units, numbering)
    return Consolidated(body=freeze(units), title=work.title, applied=applied, findings=(*work.findings, *findings))


def _apply(work: Working, operation: Operation) -> bool:
    """Do one thing; whether it took effect."""
    try:
        _HANDLERS[operation.kind](work, operation)
    except Unfit as unfit:
        work.findings.append(
            Finding(
                level=Level.WARNING,
                code=unfit.code,
                message=f"{unfit.message}：{operation.quote[:80]}" if operation.quote else unfit.message,
                locator=Locator(eid=operation.locator.eid, quote=operation.quote[:200] or None),
            )
        )
        return False
    return True


def _in_old_numbers(work: Working, operations: Sequence[Operation]) -> list[Operation]:
    """Some drafters, having said 第五条改为第六条, speak of 第六条 in what follows: the quoted wording tells which."""
    renamed: dict[str, str] = {}
    read: list[Operation] = []
    for each in operations:
        if each.kind is OperationKind.RENUMBER and len(each.places) == len(each.to):
            renamed |= dict(zip(each.to, each.places, strict=True))
        elif each.kind is OperationKind.REPLACE and len(each.places) == 1 and each.places[0] in renamed:
            old, other = each.places[0], renamed[each.places[0]]
            if other != old and _likeness(work, other, each.text) > _likeness(work, old, each.text) + _CLEARLY:
                each = dataclasses.replace(each, places=(other,))
        read.append(each)
    return read


#: By so much (of 1) new wording is more like one article than another to be taken for a rewording of it.
_CLEARLY = 0.2


def _likeness(work: Working, eid: str, text: str) -> float:
    """How much of two wordings is the same (Dice, by pairs of letters)."""
    unit = work.places.get(eid)
    wordings = (letters(unit.letters()) if unit else "", letters(_NUMBER.sub("", text)))
    one, other = ({each[i : i + 2] for i in range(len(each) - 1)} for each in wordings)
    return 2 * len(one & other) / max(1, len(one) + len(other))


def change_heading(work: Working, operation: Operation) -> None:
    for unit in work.all_at(operation.places):
        if operation.old and unit.heading and letters(operation.old[0]) != letters(unit.heading):
            if not change_words([unit], operation.old[0], lambda _: operation.new[0]):
                raise Unfit("words_missing", f"标题中没有“{operation.old[0][:30]}”")
        else:
            unit.heading = heading_of(operation.new[0])
        unit.touched = True


def change_title(work: Working, operation: Operation) -> None:
    work.title = re.sub(r"^《(.+)》$", r"\1", operation.new[0].strip())


def replace_words(work: Working, operation: Operation) -> None:
    """Put words for words, one for one or one for all, at the places named or everywhere. Raises Unfit."""
    old, new = operation.old, operation.new
    if len(new) == 1:
        pairs = [(each, new[0]) for each in old]
    elif len(old) == len(new):
        pairs = list(zip(old, new, strict=True))
    elif operation.places and _is_whole(work, operation.places, "".join(old)):
        _put_whole(work, operation.places, "\n".join(new))
        return
    else:
        raise Unfit("numbers_differ", "改动前后的词语数不一致")
    for words, instead in pairs:
        if chapter := next((unit for unit in work.units if unit.container and _is_name(unit, words)), None):
            chapter.heading, chapter.touched = heading_of(instead), True
            continue
        if _NUMBER.match(words) and _NUMBER.match(instead) and not _stands(work, operation, words):
            words, instead = _NUMBER.sub("", words), _NUMBER.sub("", instead)
        if operation.places and ("\n" in words or "\n" in instead) and _is_whole(work, operation.places, words):
            _put_whole(work, operation.places, instead)
        else:
            _change(work, operation, words, partial(_instead, instead))


#: The number of a 项, 条 or 章 that a decision quotes with the words after it.
_NUMBER = re.compile(r"^\s*(?:[（(][一二三四五六七八九十]+[）)]|第[一二三四五六七八九十百零]+[条章节][\s\u3000]+)")


def _is_name(chapter: Unit, words: str) -> bool:
    return bool(chapter.num) and letters(f"{chapter.num}{chapter.heading or ''}") == letters(words)


def _stands(work: Working, operation: Operation, words: str) -> bool:
    units = work.all_at(operation.places) if operation.places else work.units
    return any(find_words(each.text or "", words) for unit in units for each in unit.walk())


def _instead(new: str, found: str) -> str:
    return new


def _is_whole(work: Working, places: Sequence[str], words: str) -> bool:
    text = "".join(unit.letters() for unit in work.all_at(places))
    return letters(text) == letters(re.sub(r"^第[一二三四五六七八九十百]+条[\s\u3000]+", "", words))


def _put_whole(work: Working, places: Sequence[str], text: str) -> None:
    replace(work, Operation(kind=OperationKind.REPLACE, places=tuple(places), texts=(text,)))


def delete_words(work: Working, operation: Operation) -> None:
    for words in operation.old:
        if len(operation.places) == 1 and _is_whole(work, operation.places, words):
            delete(work, Operation(kind=OperationKind.DELETE, places=operation.places))
        else:
            _change(work, operation, words, lambda _: "")


def insert_words(work: Working, operation: Operation) -> None:
    """Add words before, after or at the end of what is named. Raises Unfit."""
    if not operation.old:
        if not operation.places:
            raise Unfit("place_missing", "没有写明在哪一条增加")
        unit = list(work.at(operation.places[-1]).walk())[-1]
        unit.text, unit.touched = (unit.text or "") + operation.new[0], True
        return
    before = operation.side == "前"
    for words in operation.old:
        _change(
            work,
            operation,
            words,
            lambda found: operation.new[0] + found if before else found + operation.new[0],
        )


def _change(work: Working, operation: Operation, words: str, change: Callable[[str], str]) -> None:
    """Change `words` in the places named, or everywhere; a place too narrow is widened to its article."""
    units = work.all_at(operation.places) if operation.places else work.units
    if operation.places and len(units) > 1:
        missing = [unit for unit in units if not change_words([unit], words, change)]
        if missing:
            where = "、".join(unit.num or "" for unit in map(work.article_of, missing))
            raise Unfit("words_missing", f"{where}中没有“{words[:30]}”")
        return
    if change_words(units, words, change, last_only=operation.sentence == -1):
        return
    if operation.places:
        if _is_whole(work, operation.places, words):
            _put_whole(work, operation.places, change(words))
            return
        article = work.article_of(units[0])
        if article is not units[0] and change_words([article], words, change):
            return
    where = in_words(operation.places[0]) if operation.places else "全文"
    raise Unfit("words_missing", f"{where}中没有“{words[:30]}”")


def nothing(work: Working, operation: Operation) -> None:
    """Adjusting numbers is done when all else is."""


_HANDLERS: Mapping[OperationKind, Callable[[Working, Operation], None]] = {
    OperationKind.REPLACE: replace,
    OperationKind.REPLACE_WORDS: replace_words,
    OperationKind.DELETE: delete,
    OperationKind.DELETE_WORDS: delete_words,
    OperationKind.INSERT: insert,
    OperationKind.INSERT_WORDS: insert_words,
    OperationKind.RENUMBER: renumber,
    OperationKind.MERGE: merge,
    OperationKind.SPLIT: split,
    OperationKind.MOVE: move,
    OperationKind.SWAP: swap,
    OperationKind.HEADING: change_heading,
    OperationKind.TITLE: change_title,
    OperationKind.ADJUST: nothing,
    OperationKind.ADJUST_REFERENCES: nothing,
}
