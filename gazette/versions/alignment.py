"""Alignment: which provision of one version is which of another.

Equal texts are one provision wherever they stand; the others are paired by likeness (shared pairs of characters), the
likeliest first, with a preference for the same permanent address, the same number and the same neighbours. So an
article that was renumbered, moved or reworded is recognised, and a code of 1,260 articles takes linear time but for
the few that changed.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from gazette.citations.titles import letters
from gazette.draft import Body, BodyType, Node
from gazette.versions.arrangement import staying

#: Provisions at least so alike are one; with the same number, address or neighbours less will do.
_ALIKE = 0.5
_ALIKE_IN_PLACE = 0.25
#: A pair of characters that stands in more provisions than this tells nothing.
_COMMON = 12
_CONTAINERS = frozenset({BodyType.PART, BodyType.SUBPART, BodyType.CHAPTER, BodyType.SECTION})


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """One provision as it is compared: an article whole, the heading of a chapter, a paragraph outside articles.

    A section with nothing but paragraphs (一、落实责任 of a notice) is a provision like an article, and no heading.
    """

    type: BodyType
    eid: str
    wid: str
    num: str | None
    lines: tuple[str, ...]
    is_heading: bool = False

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


@dataclass(frozen=True, slots=True)
class Aligned:
    """A provision of the old text and what it is in the new one; None where it was added or removed. `moved` says
    that it stands elsewhere among its neighbours."""

    old: Clause | None
    new: Clause | None
    moved: bool = False


def clauses_of(body: Iterable[Node]) -> Iterator[Clause]:
    """The provisions of a text in reading order."""
    for node in body:
        if (
            node.type in _CONTAINERS and any(child.type is not BodyType.PARAGRAPH for child in node.children)
        ) or node.type is BodyType.ATTACHMENT:
            own = tuple(part for part in (node.heading, node.text) if part)
            yield Clause(type=node.type, eid=node.eid, wid=node.wid, num=node.num, lines=own, is_heading=True)
            yield from clauses_of(node.children)
        else:
            yield Clause(
                type=node.type,
                eid=node.eid,
                wid=node.wid,
                num=node.num,
                lines=tuple(_lines(replace(node, num=None))),
                is_heading=node.type in _CONTAINERS and not node.children and not node.text,
            )


def _lines(node: Node) -> Iterator[str]:
    own = f"{node.num or ''}{node.heading or ''}{'　' if node.heading and node.text else ''}{node.text or ''}"
    if own:
        yield own
    for row in node.rows:
        yield "\t".join(row)
    for child in node.children:
        yield from _lines(child)


def align(old: Body, new: Body) -> tuple[Aligned, ...]:
    """Every provision of both texts once: in the order of the new one, what was removed after what it followed."""
    before, after = list(clauses_of(old)), list(clauses_of(new))
    pairs = _pair(before, after)
    return tuple(_in_order(before, after, pairs))


def _pair(before: Sequence[Clause], after: Sequence[Clause]) -> dict[int, int]:
    """Places in the old text by places in the new one."""
    pairs: dict[int, int] = {}
    _pair_equal(before, after, pairs)
    taken = set(pairs.values())
    old = [at for at in range(len(before)) if at not in taken]
    new = [at for at in range(len(after)) if at not in pairs]
    grams = {("o", at): _grams(before[at]) for at in old} | {("n", at): _grams(after[at]) for at in new}
    followers = _followers(len(before), pairs)
    scored = []
    for one, other in _candidates(before, after, old, new, grams, followers):
        likeness = _likeness(grams["o", one], grams["n", other])
        in_place = (
            before[one].wid == after[other].wid
            or _number(before[one]) == _number(after[other])
            or (one, other) in followers
        )
        enough = _ALIKE_IN_PLACE if in_place else _ALIKE
        if likeness >= enough or (in_place and before[one].is_heading):
            scored.append((-(likeness + 0.1 * in_place), abs(one - other), one, other))
    for _, _, one, other in sorted(scored):
        if one not in taken and other not in pairs:
            pairs[other] = one
            taken.add(one)
    return pairs


def _pair_equal(before: Sequence[Clause], after: Sequence[Clause], pairs: dict[int, int]) -> None:
    """Equal texts, the k-th with the k-th; of those that stand several times, first the ones with the same number."""
    places: defaultdict[tuple[bool, str], list[int]] = defaultdict(list)
    for at, clause in enumerate(before):
        places[clause.is_heading, letters(clause.text)].append(at)
    keys = [(clause.is_heading, letters(clause.text)) for clause in after]
    for same_number in (True, False):
        for at, key in enumerate(keys):
            if at in pairs or not key[1]:
                continue
            found = [each for each in places.get(key, ()) if not same_number or before[each].num == after[at].num]
            if found:
                pairs[at] = found[0]
                places[key].remove(found[0])


def _followers(count: int, pairs: dict[int, int]) -> frozenset[tuple[int, int]]:
    """Pairs of places that stand beside a pair which is known."""
    beside = {(old + step, new + step) for new, old in pairs.items() for step in (1, -1)}
    return frozenset((old, new) for old, new in beside if 0 <= old < count)


def _candidates(
    before: Sequence[Clause],
    after: Sequence[Clause],
    old: Sequence[int],
    new: Sequence[int],
    grams: dict[tuple[str, int], Counter[str]],
    followers: frozenset[tuple[int, int]],
) -> set[tuple[int, int]]:
    """Pairs worth comparing: same kind, and telling characters, number, address or neighbours in common."""
    by_gram: defaultdict[str, list[int]] = defaultdict(list)
    by_name: defaultdict[str, list[int]] = defaultdict(list)
    for at in old:
        for gram in grams["o", at]:
            by_gram[gram].append(at)
        by_name[before[at].wid].append(at)
        by_name[_number(before[at])].append(at)
    left = set(old)
    found: set[tuple[int, int]] = set()
    for at in new:
        shared: Counter[int] = Counter()
        for gram in grams["n", at]:
            places = by_gram.get(gram, ())
            if len(places) <= _COMMON:
                shared.update(places)
        near = [each for each, _ in shared.most_common(8)]
        near += by_name.get(after[at].wid, []) + by_name.get(_number(after[at]), [])
        near += [one for one in (at - 1, at, at + 1) if one in left]
        found.update((one, at) for one in near if before[one].is_heading == after[at].is_heading)
    found |= {
        (one, other)
        for one, other in followers
        if one in left and ("n", other) in grams and before[one].is_heading == after[other].is_heading
    }
    return found


def _grams(clause: Clause) -> Counter[str]:
    text = letters(clause.text)
    return Counter(text[at : at + 2] for at in range(max(1, len(text) - 1)))


def _likeness(one: Counter[str], other: Counter[str]) -> float:
    shared = sum((one & other).values())
    return 2 * shared / max(1, one.total() + other.total())


def _number(clause: Clause) -> str:
    return f"{clause.type.value} {clause.num}" if clause.num else clause.eid


def _in_order(before: Sequence[Clause], after: Sequence[Clause], pairs: dict[int, int]) -> Iterator[Aligned]:
    held = sorted(pairs)
    stays = staying([pairs[new] for new in held])
    moved = {new for place, new in enumerate(held) if place not in stays}
    paired = set(pairs.values())
    follow: defaultdict[int, list[int]] = defaultdict(list)
    anchor = -1
    unmoved = {pairs[new] for new in held if new not in moved}
    for at in range(len(before)):
        if at in unmoved:
            anchor = at
        elif at not in paired:
            follow[anchor].append(at)
    yield from (Aligned(before[gone], None) for gone in follow.pop(-1, ()))
    for at, clause in enumerate(after):
        one = pairs.get(at)
        yield Aligned(before[one] if one is not None else None, clause, at in moved)
        if one is not None and one in unmoved:
            yield from (Aligned(before[gone], None) for gone in follow.pop(one, ()))
