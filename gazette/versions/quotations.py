"""Quotations in an amending decision lifted out, so that what is left is the decision's own wording.

A quotation may hold whole articles on many lines and quotations of its own. Two ways of printing are met: one “ at the
head and one ” at the end, quotations inside printed with either kind of mark; or a “ at the head of every paragraph
and one ” after the last. What was lifted leaves a mark (“0”, “1” …) in its place.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from gazette.versions.unmarked import mark_wording

#: A quotation of more lines than this was never closed.
_LONGEST = 2000
#: How an item of a decision begins; a quotation that is never closed ends before the next one.
_NEXT_ITEM = re.compile(
    r"\s*(?:[一二三四五六七八九十百零〇]{1,6}、|[（(][一二三四五六七八九十百零]{1,6}[）)]|\d{1,3}[.．、])"
    r"\s*(?:将|把|对|在|删|增|第|《|修改|原)"
)
_ENDS = re.compile(r"”[。；;，,]?\s*$")


@dataclass(frozen=True, slots=True)
class Wording:
    """One line of a decision without what it quotes; `line` is where it began, counted from 0."""

    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Lifted:
    """The decision's own lines, the quotations they refer to, and lines whose quotation is never closed."""

    wordings: tuple[Wording, ...]
    quotations: tuple[str, ...]
    unclosed: tuple[int, ...]


def lift_quotations(lines: Sequence[str]) -> Lifted:
    """Take the quotations out of `lines`; a line of nothing but a quotation belongs to the line before it."""
    lines = mark_wording(_with_curved_marks(lines))
    wordings: list[Wording] = []
    quotations: list[str] = []
    unclosed: list[int] = []
    row = 0
    while row < len(lines):
        begun, text, column = row, "", 0
        while (start := lines[row].find("“", column)) != -1:
            text += lines[row][column:start]
            end = _find_end(lines, row, start + 1)
            if end is None:
                unclosed.append(row)
                end = _give_up(lines, row)
            quotations.append(_cut(lines, (row, start + 1), end))
            text += f"“{len(quotations) - 1}”"
            row, column = end[0], end[1] + 1
        text += lines[row][column:]
        row += 1
        if wordings and re.fullmatch(r"\s*(?:“\d+”)+[。；;，,]?\s*", text):
            last = wordings[-1]
            wordings[-1] = Wording(last.text + text.strip(), last.line)
        else:
            wordings.append(Wording(text, begun))
    return Lifted(tuple(wordings), tuple(quotations), tuple(unclosed))


def _with_curved_marks(lines: Sequence[str]) -> list[str]:
    """Marks of other kinds as curved ones, and those that were typed the wrong way round set right."""
    whole = "\n".join(lines).translate(str.maketrans("〝〞＂", '“”"'))
    if "“" not in whole and "「" not in whole:
        whole = whole.translate(str.maketrans("『』", "“”"))
    whole = whole.translate(str.maketrans("「」『』", "“”‘’"))
    if whole.count('"') % 2 == 0:
        parts = whole.split('"')
        whole = "".join(part + ("“" if i % 2 == 0 else "”") for i, part in enumerate(parts[:-1])) + parts[-1]
    if not re.search("[“”]", whole) and whole.count("‘") == whole.count("’"):
        whole = whole.translate(str.maketrans("‘’", "“”"))
    return [_turned(line) if line.count("“") != line.count("”") else line for line in whole.split("\n")]


def _turned(line: str) -> str:
    """修改为：”甲。” and 修改为：“甲。“ with their marks the right way round."""
    line = re.sub(r"^([^“”]*(?:[：:]|[改换订述容]为)\s*)”(?=[^。；;，,、\s”])", r"\1“", line)
    return re.sub(r"(?<=[^：:为\s])“(?=[。；;]?\s*$)", "”", line)


def _find_end(lines: Sequence[str], row: int, column: int) -> tuple[int, int] | None:
    """Where the quotation that opened before (row, column) is closed."""
    depth = 1
    for at in range(row, min(row + _LONGEST, len(lines))):
        line = lines[at]
        begin = column if at == row else 0
        if at > row and depth == 1 and _opens_again(line):
            begin = line.index("“") + 1
        for position in range(begin, len(line)):
            if line[position] == "“":
                depth += 1
            elif line[position] == "”":
                depth -= 1
                if depth == 0:
                    return at, position
    return None


def _opens_again(line: str) -> bool:
    """Whether a “ at the head of a line goes on with a quotation: it is closed nowhere in the line, or at its end."""
    if not line.lstrip().startswith("“"):
        return False
    depth = 0
    for position, char in enumerate(line):
        depth += (char == "“") - (char == "”")
        if depth == 0 and char == "”":
            return bool(re.fullmatch(r"[。；;，,]?\s*", line[position + 1 :]))
    return True


def _give_up(lines: Sequence[str], row: int) -> tuple[int, int]:
    """The end of a quotation that is never closed: before the next item of the decision."""
    last = row
    for at in range(row + 1, len(lines)):
        if _NEXT_ITEM.match(lines[at]):
            break
        last = at
    end = _ENDS.search(lines[last])
    return last, end.start() if end else len(lines[last])


def _cut(lines: Sequence[str], start: tuple[int, int], end: tuple[int, int]) -> str:
    """What stands between two places; marks inside that were made single for being inside are double again."""
    text = _between(lines, start, end)
    if "“" not in text and text.count("‘") == text.count("’"):
        return text.translate(str.maketrans("‘’", "“”"))
    return text


def _between(lines: Sequence[str], start: tuple[int, int], end: tuple[int, int]) -> str:
    if start[0] == end[0]:
        return lines[start[0]][start[1] : end[1]].strip()
    inner = [lines[start[0]][start[1] :], *lines[start[0] + 1 : end[0]], lines[end[0]][: end[1]]]
    again = [i for i in range(1, len(inner)) if _opens_again(lines[start[0] + i])]
    return "\n".join(
        text.strip().removeprefix("“") if i in again else text.strip() for i, text in enumerate(inner)
    ).strip()
