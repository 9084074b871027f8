"""密级和保密期限 (党政机关公文格式 7.2.2; 保守国家秘密法 第十四条): the marks that keep a document from the public.

A mark stands on a line of its own, perhaps beside 份号 and 紧急程度; with its star (机密★5年) it is one on any short
line. What a classified letter carries is as secret as the letter.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import islice

from gazette.digitization.blocks import Block, BlockKind
from gazette.draft import Draft, Node

_LEVEL = r"(?:绝\s*密|机\s*密|秘\s*密)级?"
#: Up to when: a time, an event (启用前), or for good.
_SPAN = r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})\s*(?:年|个月|天)"
_TERM = rf"(?:\s*[★☆*＊]\s*(?:{_SPAN}|[^\s\u3000，。；]{{1,12}})?|\s*(?:{_SPAN}|长期))"
#: The mark as it is printed: 密级：机密★5年.
MARK = rf"(?:密\s*级\s*[:：]?\s*)?(?P<secrecy>{_LEVEL}{_TERM}?)"
_MARK = re.compile(MARK)
_STARRED = re.compile(rf"(?P<secrecy>{_LEVEL}\s*[★☆]\s*(?:{_SPAN}|[^\s\u3000，。；]{{1,8}})?)")
_NOTE = "密级："
#: The mark stands at the head of a document, on a line no longer than this.
_HEAD_BLOCKS, _HEAD_TABLES, _LONGEST_LINE = 8, 4, 60


def is_mark(line: str) -> bool:
    """Whether a line is the mark of secrecy and nothing else."""
    return _MARK.fullmatch(line.strip()) is not None


def starred_mark(line: str) -> re.Match[str] | None:
    """The mark with its star beside something else on a short line: 江政发〔2024〕3号　机密★5年 (group `secrecy`)."""
    return _STARRED.search(line) if len(line) <= _LONGEST_LINE else None


def find_mark(notes: Iterable[str], body: Iterable[Node]) -> str | None:
    """The mark among the notes of a text or at its head; None where nothing is secret."""
    head = (node for node in islice(body, _HEAD_BLOCKS) if node.num is None)
    lines = (line for node in head for line in (node.heading, node.text) if line)
    return next((each.strip() for each in (*notes, *lines) if is_mark(each)), None)


def spread_mark(drafts: Sequence[Draft], around: Iterable[str], blocks: Sequence[Block]) -> list[Draft]:
    """The drafts of one file, each with the mark that the file bears: `around` are its running heads and labels."""
    tables = (block for block in blocks[:_HEAD_TABLES] if block.kind is BlockKind.TABLE)
    cells = (cell for table in tables for row in table.rows for cell in row)
    said = [find_mark(draft.notes, draft.body) for draft in drafts[:1]]
    said += [line.strip() for line in (*around, *cells) if is_mark(line) or starred_mark(line)]
    mark = next(filter(None, said), None)
    if mark is None:
        return list(drafts)
    note = mark if mark.startswith("密") else f"{_NOTE}{mark}"
    return [
        draft if find_mark(draft.notes, draft.body) else replace(draft, notes=(note, *draft.notes)) for draft in drafts
    ]
