"""A text that can be edited: its provisions as units that know their old address and their permanent one.

Chapters and articles lie side by side in reading order, so that an article is put in, taken out or moved without
regard to the tree; `freeze` nests them again and gives every node the address that its new number makes, while
the `wid` stays what it was.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from gazette.digitization.blocks import Block, BlockKind
from gazette.digitization.readers.numbering import chinese_number
from gazette.digitization.structure import build_body
from gazette.draft import Body, BodyType, Node, walk
from gazette.numerals import parse_chinese_number

CONTAINERS = {BodyType.PART: 1, BodyType.SUBPART: 2, BodyType.CHAPTER: 3, BodyType.SECTION: 4}
_COUNTED = frozenset({"para", "tbl", "hdg"})
_CN = "一二三四五六七八九十百千零〇两"
_NUMERAL = re.compile(rf"[{_CN}]+|\d+|[①-⑳]")
_OPENS = re.compile(
    rf"^\s*第([{_CN}\d]{{1,9}})条(?:之([一二三四五六七八九十]{{1,3}}))?(?![款项的规和或、，])[\s\u3000]*"
)


@dataclass(slots=True, eq=False)
class Unit:
    """One node that may change. `name` is the last part of its address (art_5, para_2), `eid` its whole old address.

    `number` and `insert` are those of 第N条之M; `pinned` says that the decision itself gives the number. A `container`
    (a chapter) holds what follows it, up to the next of its rank.
    """

    node: Node
    name: str
    eid: str
    wid: str
    num: str | None
    heading: str | None
    text: str | None
    children: list[Unit] = field(default_factory=list)
    gone: bool = False
    touched: bool = False
    number: int = 0
    insert: int = 0
    pinned: bool = False
    container: bool = False

    @property
    def type(self) -> BodyType:
        return self.node.type

    def walk(self) -> Iterator[Unit]:
        """This unit and all below it that still stand."""
        if not self.gone:
            yield self
            for child in self.children:
                yield from child.walk()

    def letters(self) -> str:
        """All its text without its own number."""
        inner = (
            part for unit in self.walk() for part in (unit.num if unit is not self else "", unit.heading, unit.text)
        )
        return "".join(part for part in inner if part)

    def pin(self, number: int, insert: int = 0) -> None:
        """Let it have the number that the decision gives it."""
        self.number, self.insert, self.pinned = number, insert, True

    def renumber(self, number: int, insert: int = 0) -> None:
        """Let it bear another number, printed as it was."""
        self.number, self.insert = number, insert
        kind = self.name.split("_")[0]
        self.name = f"{kind}_{number}" + (f"-{insert}" if insert else "")
        if self.num:
            base = re.sub(r"之[一二三四五六七八九十]+$", "", self.num)
            printed = str(number) if re.search(r"\d", base) else chinese_number(number)
            if re.search(r"[①-⑳]", base):
                printed = chr(ord("①") + number - 1) if number <= 20 else f"({number})"
            self.num = _NUMERAL.sub(printed, base, count=1) + (f"之{chinese_number(insert)}" if insert else "")


def thaw(body: Body) -> list[Unit]:
    """The units of a text in reading order: chapters without what they hold, articles whole."""
    has_articles = any(node.type is BodyType.ARTICLE for node in walk(body))
    return list(_spread(body, has_articles))


def _spread(nodes: Iterable[Node], has_articles: bool) -> Iterator[Unit]:
    for node in nodes:
        section = node.type is BodyType.SECTION and not (node.num or "").startswith("第")
        if node.type in CONTAINERS and not (section and not has_articles) and not _is_flat(node):
            holder = _unit(replace(node, children=()))
            holder.container = True
            yield holder
            yield from _spread(node.children, has_articles)
        else:
            yield thaw_node(node)


def _is_flat(node: Node) -> bool:
    """一、 with paragraphs of its own in a text that has articles elsewhere: no container of articles."""
    return (
        node.type is BodyType.SECTION
        and not (node.num or "").startswith("第")
        and not any(each.type is BodyType.ARTICLE for each in node.walk())
    )


def thaw_node(node: Node) -> Unit:
    """One node and all below it; an article of one 款 is given that 款 as a unit of its own."""
    unit = _unit(node)
    if node.type is BodyType.ATTACHMENT:
        return unit
    if node.type is BodyType.ARTICLE and not any(child.type is BodyType.PARAGRAPH for child in node.children):
        inner = Node(type=BodyType.PARAGRAPH, text=node.text, rows=node.rows, eid=f"{node.eid}__para_1")
        paragraph = _unit(inner)
        paragraph.children = [thaw_node(child) for child in node.children]
        unit.text, unit.node, unit.children = None, replace(node, rows=()), [paragraph]
    else:
        unit.children = [thaw_node(child) for child in node.children]
    return unit


def _unit(node: Node) -> Unit:
    name = re.sub(r"_v\d+$", "", node.eid.rpartition("__")[2])
    unit = Unit(node=node, name=name, eid=node.eid, wid=node.wid, num=node.num, heading=node.heading, text=node.text)
    match = re.fullmatch(r"[a-z]+_(\d+)(?:-(\d+))?", name)
    if match:
        unit.number, unit.insert = int(match[1]), int(match[2] or 0)
    return unit


def read_articles(text: str) -> list[Unit]:
    """Quoted text as articles and the chapters they stand in; a text that names no 第N条 is one article numbered 0."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    if not any(_OPENS.match(line) for line in lines):
        lines = [f"第一条　{lines[0]}", *lines[1:]] if lines else ["第一条　"]
        units = [unit for unit in _read(lines) if unit.type is not BodyType.PARAGRAPH]
        for unit in units:
            unit.number = 0
        return units
    printed: list[tuple[int, int]] = []

    def count(match: re.Match[str]) -> str:
        printed.append((parse_chinese_number(match[1]) or 0, parse_chinese_number(match[2] or "") or 0))
        return f"第{chinese_number(len(printed))}条　"

    # Read as if they were counted from one, so that each is seen to open whatever its number.
    units = _read([_OPENS.sub(count, line) for line in lines])
    for unit in units:
        if unit.type is BodyType.ARTICLE and 0 < unit.number <= len(printed):
            unit.renumber(*printed[unit.number - 1])
    return [unit for unit in units if unit.type is not BodyType.PARAGRAPH]


def read_paragraphs(text: str) -> list[Unit]:
    """Quoted text as the 款 of an article, each with its 项."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    articles = [unit for unit in _read(["第一条　" + (lines[0] if lines else ""), *lines[1:]]) if unit.children]
    if lines and re.match(r"[（(][一二三四五六七八九十]+[）)]", lines[0]):
        articles = [unit for unit in _read(["第一条", *lines]) if unit.children]
    return articles[0].children if articles else []


_ENDS = tuple("；。;：:，")


def read_items(text: str, num: str) -> list[Unit]:
    """Quoted text as 项; where no number is printed, as the one 项 numbered `num`."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    if lines and not re.match(r"[（(]?[一二三四五六七八九十\d]{1,4}[）)、.．]|[①-⑳]", lines[0]):
        lines[0] = num + lines[0]
    # A decision may leave out how a 项 ends: “（二）组织听证”。 A line without an end would be read as a heading.
    ended = [line if line.endswith(_ENDS) else f"{line}；" for line in lines]
    units = [unit for unit in _read(["第一条　……：", *ended]) if unit.children]
    items = [child for unit in units for paragraph in unit.children for child in paragraph.children]
    for item in items:
        if item.text and f"{item.num}{item.text[:-1]}" in lines:
            item.text = item.text[:-1]
    return items


def _read(lines: Sequence[str]) -> list[Unit]:
    body, _ = build_body([Block(kind=BlockKind.PARAGRAPH, text=line) for line in lines])
    units = thaw(body)
    for unit in units:
        for each in unit.walk():
            each.eid = each.wid = ""
    return units


def freeze(units: Iterable[Unit]) -> Body:
    """The tree of the units that stand, addressed anew."""
    return _Freezer([unit for unit in units if not unit.gone]).body()


class _Freezer:
    """Nests units by rank and gives addresses as `gazette.digitization.structure` does."""

    def __init__(self, units: Sequence[Unit]) -> None:
        self.units = units
        self.seen: dict[str, int] = {}
        self.wids = {each.wid for unit in units for each in unit.walk() if each.wid}
        self.wids |= {node.wid for unit in units if unit.type is BodyType.ATTACHMENT for node in unit.node.walk()}

    def body(self) -> Body:
        nodes, _ = self._level(0, 0, "", {})
        return tuple(nodes)

    def _level(self, at: int, rank: int, above: str, counts: dict[str, int]) -> tuple[list[Node], int]:
        """The nodes from `at` up to the next container of `rank` or higher."""
        nodes: list[Node] = []
        while at < len(self.units):
            unit = self.units[at]
            if not unit.container:
                if unit.type is BodyType.ATTACHMENT and rank:
                    break
                nodes.append(self._node(unit, above, counts))
                at += 1
                continue
            mine = CONTAINERS[unit.type]
            if rank and mine <= rank:
                break
            eid = self._address(unit, above, counts)
            children, at = self._level(at + 1, mine, eid, {})
            nodes.append(self._built(unit, eid, tuple(children)))
        return nodes, at

    def _node(self, unit: Unit, above: str, counts: dict[str, int]) -> Node:
        if unit.type is BodyType.ATTACHMENT:
            return unit.node
        eid = self._address(unit, above, counts)
        children = [child for child in unit.children if not child.gone]
        if unit.type is BodyType.ARTICLE and len(children) == 1 and children[0].type is BodyType.PARAGRAPH:
            only = children[0]
            inner: dict[str, int] = {}
            below = tuple(self._node(child, eid, inner) for child in only.children if not child.gone)
            built = self._built(unit, eid, below)
            return replace(built, text=only.text, rows=only.node.rows)
        inner = {}
        return self._built(unit, eid, tuple(self._node(child, eid, inner) for child in children))

    def _built(self, unit: Unit, eid: str, children: tuple[Node, ...]) -> Node:
        return Node(
            type=unit.type,
            num=unit.num,
            heading=unit.heading,
            text=unit.text,
            rows=unit.node.rows,
            children=children,
            eid=eid,
            wid=unit.wid or self._new_wid(eid),
        )

    def _address(self, unit: Unit, above: str, counts: dict[str, int]) -> str:
        name = unit.name
        kind = name.split("_")[0]
        if kind in _COUNTED:
            counts[kind] = counts.get(kind, 0) + 1
            name = f"{kind}_{counts[kind]}"
        eid = name if unit.type is BodyType.ARTICLE or not above else f"{above}__{name}"
        self.seen[eid] = self.seen.get(eid, 0) + 1
        return eid if self.seen[eid] == 1 else f"{eid}_v{self.seen[eid]}"

    def _new_wid(self, eid: str) -> str:
        """A permanent address that nothing in the text has borne."""
        wid, n = eid, 1
        while wid in self.wids:
            n += 1
            wid = f"{eid}_v{n}"
        self.wids.add(wid)
        return wid


def printed_number(num: str | None) -> int:
    """The number that （三）, 三、 or 3. prints; 0 where there is none."""
    match = _NUMERAL.search(num or "")
    return (parse_chinese_number(match[0]) or 0) if match and not "①" <= match[0] <= "⑳" else 0
