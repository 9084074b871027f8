"""Segmentation: which documents one source holds.

A letter that prints and distributes measures (印发) and the measures it carries are two documents under one
number. A plan or list it carries has no articles and stays an attachment of the letter; an order (令) that
promulgates a regulation is no document of its own here but the regulation's promulgation.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from gazette.citations.titles import find_titles, letters
from gazette.digitization.blocks import Block, BlockKind
from gazette.digitization.elements import is_disclosure, is_number_line
from gazette.digitization.outline import ATTACHMENT_RANK, read_mark, survey
from gazette.digitization.signature import find_signature

_CARRIES = re.compile(r"印发|转发|批转|下发|颁发|颁布|发布|公布|重新|修订|下达|制定")
_ORDER = re.compile(r"令(?:[（(]?第?.{1,8}号[）)]?)?$|公告$")
_PROMULGATES = re.compile(r"现(?:予|将其)?(?:公布|发布)(?!给)")
#: A letter of more blocks than this is no mere order.
_LONGEST_ORDER = 12
#: A carried text of fewer articles than this is an attachment.
_LEAST_ARTICLES = 3
#: A title is broken over at most so many lines.
_TITLE_LINES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One document's blocks. `order` are the blocks of the order that promulgates it."""

    blocks: tuple[Block, ...]
    order: tuple[Block, ...] = ()


def segment(blocks: Sequence[Block], known_title: str | None = None) -> tuple[Part, ...]:
    """The documents in reading order: the letter first, what it carries after it.

    A page that calls itself by the title of the measures holds the measures; the letter then promulgates them.
    """
    signature = find_signature(blocks)
    if signature is None:
        return (Part(blocks=tuple(blocks)),)
    end = signature.end
    letter, rest = tuple(blocks[:end]), tuple(blocks[end:])
    opening = "".join(block.text for block in letter)
    if (
        not rest
        or (survey(letter).has_articles and not _is_order(letter))
        or not (_CARRIES.search(opening) or _is_order(letter))
    ):
        return (Part(blocks=tuple(blocks)),)
    carried = _without_attachment_mark(rest, letter)
    if carried is None:
        return (Part(blocks=tuple(blocks)),)
    has_articles = _count_articles(carried) >= _LEAST_ARTICLES
    # An order may promulgate a decision, which has no articles; it names the decision's title.
    if _is_order(letter) and (has_articles or letters(carried[0].text) in letters(opening)):
        return (Part(blocks=carried, order=letter),)
    if has_articles and _is_title_of_carried(known_title, letter):
        return (Part(blocks=carried, order=letter),)
    if not has_articles:
        return (Part(blocks=(*letter, *_as_attachment(carried))),)
    return (Part(blocks=letter), Part(blocks=carried))


def _is_order(letter: Sequence[Block]) -> bool:
    """The head of an order: …令 and 第N号, or 现予公布 in a letter to nobody."""
    head = [block.text for block in letter[:5]]
    if any(_ORDER.search(text) for text in head):
        return any(is_number_line(text) or ("第" in text and text.endswith("号")) for text in head)
    return len(letter) <= _LONGEST_ORDER and any(_PROMULGATES.search(block.text) for block in letter)


def _is_title_of_carried(known_title: str | None, letter: Sequence[Block]) -> bool:
    """Whether the page's title is that of a text the letter names, and not the letter's own."""
    if not known_title:
        return False
    named = [letters(title) for block in letter for title, _span in find_titles(block.text)]
    return letters(known_title) in named


def _without_attachment_mark(rest: tuple[Block, ...], letter: Sequence[Block]) -> tuple[Block, ...] | None:
    """What the letter carries, the mark 附件 before it taken off; None where the attachments are its own."""
    outline = survey(rest)
    mark = read_mark(rest[0], outline)
    if mark is None or mark.rank != ATTACHMENT_RANK:
        return rest
    if mark.heading is not None or len(rest) < 2:
        return None
    named = letters("".join(block.text for block in letter))
    title = letters("".join(block.text for block in rest[1 : 1 + _TITLE_LINES]))
    opens_with_title = letters(rest[1].text) in named and bool(title)
    return (
        rest[1:] if opens_with_title and _count_articles(_until_next_attachment(rest[1:])) >= _LEAST_ARTICLES else None
    )


def _until_next_attachment(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    outline = survey(blocks)
    for i, block in enumerate(blocks):
        mark = read_mark(block, outline)
        if mark is not None and mark.rank == ATTACHMENT_RANK:
            return blocks[:i]
    return blocks


def _count_articles(blocks: Sequence[Block]) -> int:
    outline, count, last = survey(blocks), 0, 0
    for block in blocks:
        mark = None if block.kind is BlockKind.TABLE else read_mark(block, outline, article=last)
        if mark is not None and mark.eid.startswith("art_"):
            count, last = count + 1, mark.value
    return count


def _as_attachment(carried: tuple[Block, ...]) -> tuple[Block, ...]:
    """Its title, perhaps over several lines, becomes the heading of an attachment (level 0)."""
    outline = survey(carried)
    lines = 0
    while (
        lines < min(_TITLE_LINES, len(carried))
        and _may_be_title(carried[lines])
        and read_mark(carried[lines], outline) is None
    ):
        lines += 1
    if lines == 0 or is_disclosure(carried[0].text):
        return (
            (replace(carried[0], kind=BlockKind.HEADING, level=0), *carried[1:])
            if _may_be_title(carried[0])
            else carried
        )
    title = replace(carried[0], kind=BlockKind.HEADING, level=0, text="".join(block.text for block in carried[:lines]))
    return (title, *carried[lines:])


def _may_be_title(block: Block) -> bool:
    return block.kind is not BlockKind.TABLE and 0 < len(block.text) <= 60 and block.text[-1] not in "。；：:，;"
