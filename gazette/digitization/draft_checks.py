"""Doubts about one draft as a whole: what is missing, what cannot be, what was hard to read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from gazette.citations.numbers import parse_doc_number
from gazette.dates import find_date
from gazette.digitization.blocks import Block, BlockKind, ScanLine
from gazette.digitization.elements import is_number_line
from gazette.digitization.signature import find_signature
from gazette.draft import Draft, Effect, EffectKind, Target
from gazette.errors import Finding, Level, Locator

_IMPOSSIBLE_DATE = re.compile(r"(?<!\d)(\d{4})年(\d{1,2})月(\d{1,2})日")
#: A recognized line below this confidence is a finding; so many of them are said one by one.
_SURE, _MOST_UNSURE = 0.85, 40


def check_draft(draft: Draft, blocks: Sequence[Block], effects: Sequence[Effect]) -> tuple[Finding, ...]:
    """All doubts about a draft that was read from `blocks`."""
    scan = tuple(line for block in blocks for line in block.scan)
    return (*_check(draft, blocks), *_second_letter(draft, blocks), *_unsure(scan), *_unnamed(effects))


def _check(draft: Draft, blocks: Sequence[Block]) -> tuple[Finding, ...]:
    """Doubts about the whole: no title, no text, a day the calendar does not have."""
    findings: list[Finding] = []
    if not draft.title:
        findings.append(Finding(level=Level.WARNING, code="title.missing", message="没有找到标题"))
    if not draft.body:
        findings.append(Finding(level=Level.WARNING, code="body.empty", message="没有找到正文"))
    for block in blocks:
        if block.kind is BlockKind.TABLE or "日" not in block.text:
            continue
        for match in _IMPOSSIBLE_DATE.finditer(block.text):
            if find_date(match.group()) is None:
                where = Locator(page=block.page, line=block.line, quote=match.group())
                message = f"日期 {match.group()} 不存在"
                findings.append(Finding(level=Level.WARNING, code="date.impossible", message=message, locator=where))
    return tuple(findings)


def _second_letter(draft: Draft, blocks: Sequence[Block]) -> Iterator[Finding]:
    """A number of its own and a signature under the first one: a file that two letters were put into."""
    signature = find_signature(blocks)
    rest = blocks[signature.end :] if signature else ()
    for at, block in enumerate(rest):
        number = parse_doc_number(block.text) if is_number_line(block.text) else None
        if number and str(number) != str(draft.doc_number) and find_signature(rest[at:]):
            message = f"文中似乎还有另一份文件（{number}），请拆开后分别录入"
            where = Locator(page=block.page, line=block.line, quote=block.text)
            yield Finding(level=Level.WARNING, code="source.second_document", message=message, locator=where)
            return


def _unsure(scan: Sequence[ScanLine]) -> Iterator[Finding]:
    """Lines the recognizer was not sure of, the worst of a page full of them first."""
    doubtful = sorted((line for line in scan if line.confidence < _SURE), key=lambda line: line.confidence)
    for line in doubtful[:_MOST_UNSURE]:
        message = f"第 {line.page} 页有一行识别把握不大（{line.confidence:.0%}），请对照原件"
        where = Locator(page=line.page, quote=line.text, box=line.box)
        yield Finding(level=Level.WARNING, code="scan.unsure", message=message, locator=where)
    if rest := len(doubtful) - _MOST_UNSURE:
        message = f"另有 {rest} 行识别把握不大，请对照原件"
        if rest > 0:
            yield Finding(level=Level.WARNING, code="scan.unsure", message=message)


def _unnamed(effects: Iterable[Effect]) -> Iterator[Finding]:
    """Texts that are ended by description only (凡未纳入目录的…一律废止): nobody but an editor can tell which."""
    for effect in effects:
        if effect.kind in (EffectKind.REPEALS, EffectKind.LAPSES) and effect.target == Target():
            message = f"“{effect.scope}”没有逐件列出，须编辑对照目录认定"
            where = replace(effect.locator, quote=effect.quote)
            yield Finding(level=Level.WARNING, code="effect.unnamed", message=message, locator=where)
