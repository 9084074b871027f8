"""The laws of the corpus over and over, each time with other titles and edited articles: as many articles as asked."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace

from gazette.draft import Body, Node
from gazette.record.reading import DocumentRecord
from indexer.records import passages

_PLACES = ("江城市", "河阳市", "临川县", "云岭省", "海州市", "东湖区", "北屯县", "南浦市", "西塘区", "金沙省")
_WORDS = ("应当", "可以", "不得", "依法", "及时", "按照规定", "主管部门", "有关单位", "责令改正", "备案")


def replicate(laws: Sequence[DocumentRecord], articles: int) -> Iterator[DocumentRecord]:
    """The laws, then edited copies of them, until they hold `articles` passages."""
    chance, made, turn = random.Random(7), 0, 0
    while True:
        for law in laws:
            document = law if turn == 0 else _edited(law, turn, chance)
            made += sum(1 for _ in passages(document.current.body))
            yield document
            if made >= articles:
                return
        turn += 1


def _edited(law: DocumentRecord, turn: int, chance: random.Random) -> DocumentRecord:
    place = _PLACES[turn % len(_PLACES)]
    title = f"{place}{law.title}"
    current = replace(
        law.current,
        id=f"{turn:02x}{law.current.id[2:]}",
        title=title,
        body=tuple(_edited_node(node, chance) for node in law.current.body),
    )
    mixed = f"{chance.getrandbits(60):012x}"[:12]
    return replace(law, id=mixed, title=title, versions=(current,), current=current)


def _edited_node(node: Node, chance: random.Random) -> Node:
    children: Body = tuple(_edited_node(child, chance) for child in node.children)
    text = node.text
    if text and chance.random() < 0.5:
        at = chance.randrange(len(text))
        text = text[:at] + chance.choice(_WORDS) + text[at + chance.randrange(3) :]
    return replace(node, text=text, children=children)
