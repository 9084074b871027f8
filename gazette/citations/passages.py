"""Passages: the stretches of a body in which a text speaks for itself, each with its address.

What an amending decision puts between quotation marks is the new wording of another law; its 同时废止 is not said by
the decision and is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from gazette.draft import Body, BodyType, Node, walk
from gazette.validity.clauses import Sentence, split_sentences

_QUOTE_OPENS = re.compile(r"(?:修改为|改为|作为[^“]{0,20}|增加[^“]{0,30}|表述为|如下)[：:]?$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A stretch of body text with its address, cut into sentences once for all who read it."""

    text: str
    sentences: tuple[Sentence, ...]
    eid: str | None
    is_entry: bool


def find_passages(body: Body) -> Iterator[Passage]:
    """The body's own words; text that an amending decision quotes belongs to the amended law and is left out."""
    quoting = False
    for node in walk(body):
        for text, is_entry in _texts(node):
            kept, quoting = _without_quoted(text, quoting)
            if kept.strip():
                sentences = tuple(split_sentences(kept))
                yield Passage(text=kept, sentences=sentences, eid=node.eid or None, is_entry=is_entry)


def _texts(node: Node) -> Iterator[tuple[str, bool]]:
    is_entry = node.type in (BodyType.ITEM, BodyType.SUBITEM, BodyType.LIST) or (
        node.type is BodyType.PARAGRAPH and bool(node.num)
    )
    if node.heading:
        yield node.heading, is_entry
    if node.text:
        for line in node.text.split("\n\n"):
            yield line, is_entry


def _without_quoted(text: str, quoting: bool) -> tuple[str, bool]:
    """`text` without quoted provisions, and whether a quotation is still open at its end."""
    if not quoting and "“" not in text:
        return text, False
    kept, start = [], 0
    if quoting:
        end = text.find("”")
        if end == -1:
            return "", True
        start = end + 1
    while (opened := text.find("“", start)) != -1:
        if not _QUOTE_OPENS.search(text[max(0, opened - 40) : opened]):
            kept.append(text[start : opened + 1])
            start = opened + 1
            continue
        kept.append(text[start:opened])
        end = text.find("”", opened)
        if end == -1:
            return "".join(kept), True
        start = end + 1
    kept.append(text[start:])
    return "".join(kept), False
