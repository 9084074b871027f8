"""Comparison (新旧对照): two versions of a document side by side, article by article, changed words marked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from functools import cached_property
from typing import Any
from unicodedata import normalize

from gazette.citations.titles import letters
from gazette.draft import Body
from gazette.versions.alignment import Aligned, Clause, align

#: Texts whose changed part has more words than this (on either side) are marked line by line, to bound the time.
_MOST_WORDS = 1500
#: An unchanged stretch of so few letters between two changes is marked with them: 的 kept from either side is noise.
_SPECK = 1


class Change(StrEnum):
    """未变 仅序号变 修改 新增 删除."""

    SAME = "same"
    RENUMBERED = "renumbered"
    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"


class Mark(StrEnum):
    """What became of a stretch of words."""

    KEPT = "kept"
    INSERTED = "inserted"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of words with its mark."""

    text: str
    mark: Mark

    def to_json(self) -> dict[str, str]:
        return {"text": self.text, "mark": self.mark.value}


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One provision side by side. The pieces of `before` are kept or deleted, those of `after` kept or inserted."""

    change: Change
    moved: bool
    old: Clause | None
    new: Clause | None
    before: tuple[Piece, ...]
    after: tuple[Piece, ...]

    @property
    def is_heading(self) -> bool:
        clause = self.new or self.old
        return clause is not None and clause.is_heading

    @property
    def differs(self) -> bool:
        return self.change is not Change.SAME or self.moved

    def to_json(self) -> dict[str, Any]:
        return {
            "change": self.change.value,
            "moved": self.moved,
            "old": _side(self.old, self.before),
            "new": _side(self.new, self.after),
        }


@dataclass(frozen=True)
class Comparison:
    """Two versions compared, in the order of the newer."""

    rows: tuple[Compared, ...]

    @cached_property
    def counts(self) -> Counter[Change]:
        """How many provisions (headings apart) fared how."""
        return Counter(row.change for row in self.rows if not row.is_heading)

    @property
    def moved(self) -> int:
        return sum(row.moved for row in self.rows if not row.is_heading)

    @property
    def differs(self) -> bool:
        return any(row.differs for row in self.rows)

    def changed(self) -> tuple[Compared, ...]:
        """Only what differs."""
        return tuple(row for row in self.rows if row.differs)

    def to_json(self) -> dict[str, Any]:
        return {
            "counts": {change.value: self.counts[change] for change in Change} | {"moved": self.moved},
            "rows": [row.to_json() for row in self.rows],
        }


def compare(old: Body, new: Body) -> Comparison:
    """Compare two texts, the older first."""
    return Comparison(rows=tuple(map(_compared, align(old, new))))


def mark_words(old: str, new: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Both texts in pieces, the words that went and came marked."""
    if old == new:
        return _kept(old), _kept(new)
    one, other = _words(old), _words(new)
    start = 0
    while start < min(len(one), len(other)) and _folded(one[start]) == _folded(other[start]):
        start += 1
    end = 0
    while end < min(len(one), len(other)) - start and _folded(one[-1 - end]) == _folded(other[-1 - end]):
        end += 1
    middle = one[start : len(one) - end], other[start : len(other) - end]
    if max(map(len, middle)) > _MOST_WORDS:
        middle = _by_line(middle[0]), _by_line(middle[1])
    before, after = [("".join(one[:start]), Mark.KEPT)], [("".join(other[:start]), Mark.KEPT)]
    for tag, first, last, from_, to in _opcodes(*middle):
        gone, come = "".join(middle[0][first:last]), "".join(middle[1][from_:to])
        if tag == "equal":
            before.append((gone, Mark.KEPT))
            after.append((come, Mark.KEPT))
        else:
            head, tail = _only_put_in(gone, come)
            before += _marked(gone, head, tail, Mark.DELETED)
            after += _marked(come, head, tail, Mark.INSERTED)
    before.append(("".join(one[len(one) - end :]), Mark.KEPT))
    after.append(("".join(other[len(other) - end :]), Mark.KEPT))
    return _joined(before), _joined(after)


def _only_put_in(gone: str, come: str) -> tuple[int, int]:
    """How many characters at either end both share where the longer one only has something put in: 时30分至 and 时至
    are cut into words otherwise, yet only 30分 went. (0, 0) where words were replaced, which are marked whole."""
    shorter, longer = sorted((gone, come), key=len)
    head = next((at for at, pair in enumerate(zip(shorter, longer, strict=False)) if pair[0] != pair[1]), len(shorter))
    tail = len(shorter) - head
    is_put_in = bool(shorter) and (not tail or longer.endswith(shorter[head:]))
    return (head, tail) if is_put_in and len(longer) - len(shorter) > 1 else (0, 0)


def _marked(text: str, head: int, tail: int, mark: Mark) -> tuple[tuple[str, Mark], ...]:
    end = len(text) - tail
    return (text[:head], Mark.KEPT), (text[head:end], mark), (text[end:], Mark.KEPT)


def _compared(pair: Aligned) -> Compared:
    old, new = pair.old, pair.new
    if old is None or new is None:
        return Compared(
            change=Change.ADDED if old is None else Change.REMOVED,
            moved=False,
            old=old,
            new=new,
            before=(Piece(old.text, Mark.DELETED),) if old else (),
            after=(Piece(new.text, Mark.INSERTED),) if new else (),
        )
    if letters(old.text) != letters(new.text):
        change, (before, after) = Change.CHANGED, mark_words(old.text, new.text)
    else:
        change = Change.SAME if _printed(old.num) == _printed(new.num) else Change.RENUMBERED
        before, after = _kept(old.text), _kept(new.text)
    return Compared(change=change, moved=pair.moved, old=old, new=new, before=before, after=after)


def _printed(num: str | None) -> str:
    return "".join((num or "").split())


def _words(text: str) -> list[str]:
    import rjieba

    return list(rjieba.cut(text))


def _opcodes(one: Sequence[str], other: Sequence[str]) -> Iterator[tuple[str, int, int, int, int]]:
    """What changed, specks between two changes taken as changed too."""
    folded = [_folded(each) for each in one], [_folded(each) for each in other]
    codes = SequenceMatcher(None, *folded, autojunk=False).get_opcodes()
    merged: list[tuple[str, int, int, int, int]] = []
    for place, code in enumerate(codes):
        tag, first, last, start, stop = code
        between = 0 < place < len(codes) - 1
        if (
            tag == "equal"
            and between
            and len(letters("".join(one[first:last]))) <= _SPECK
            and "\n" not in one[first:last]
        ):
            tag = "replace"
        if merged and tag != "equal" and merged[-1][0] != "equal":
            merged[-1] = ("replace", merged[-1][1], last, merged[-1][3], stop)
        else:
            merged.append((tag, first, last, start, stop))
    yield from merged


def _folded(word: str) -> str:
    """A word for comparison: the width of a bracket is no change."""
    return normalize("NFKC", word)


def _by_line(words: Sequence[str]) -> list[str]:
    return "".join(words).splitlines(keepends=True)


def _kept(text: str) -> tuple[Piece, ...]:
    return (Piece(text, Mark.KEPT),) if text else ()


def _joined(pieces: Sequence[tuple[str, Mark]]) -> tuple[Piece, ...]:
    joined: list[Piece] = []
    for text, mark in pieces:
        if not text:
            continue
        if joined and joined[-1].mark is mark:
            joined[-1] = Piece(joined[-1].text + text, mark)
        else:
            joined.append(Piece(text, mark))
    return tuple(joined)


def _side(clause: Clause | None, pieces: Sequence[Piece]) -> dict[str, Any] | None:
    if clause is None:
        return None
    return {
        "eid": clause.eid,
        "wid": clause.wid,
        "num": clause.num,
        "type": clause.type.value,
        "pieces": [piece.to_json() for piece in pieces],
    }
