"""Mentions: what a text cites, looked up in the record; people leave the 《》 out, so names held are found without.

食品安全法第三条 names no title by its marks. Where a text ends a word as titles end, the longest stretch before it
that is the title (or short title) of a held document is read as if it stood in 《》; nothing else is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import islice

from sqlalchemy import select
from sqlalchemy.orm import Session

from gazette.citations.grammar import find_citations
from gazette.citations.resolution import resolve
from gazette.citations.titles import find_titles, normal_title
from gazette.draft import Citation
from gazette.record.documents import TITLE_KINDS, IdentifierRow
from gazette.store import in_batches

_TITLE_END = re.compile(r"法典|法(?!律|规|院|典)|条例|办法|规定|细则|规则|解释|通则|章程|准则|规程|决定|意见|通知")
_BREAK = re.compile(r"[，。；：、？！\s《》“”\"()（）]")
_SHORTEST, _LONGEST, _MOST_ENDS = 2, 60, 2_000


def cite_text(session: Session, text: str, as_of: date | None = None) -> tuple[Citation, ...]:
    """Every citation in `text`, resolved against the record as of a day; in reading order."""
    marked, added = _mark_names(session, text)
    found = find_citations(marked)
    return tuple(resolve(session, _as_printed(each, added), as_of) for each in found)


def _mark_names(session: Session, text: str) -> tuple[str, frozenset[str]]:
    """The text with 《》 around bare names of held documents, and those names."""
    stretches = list(islice(_stretches(text), _MOST_ENDS))
    keys = {normal_title(text[start:end]) for low, end in stretches for start in range(low, end - _SHORTEST + 1)} - {""}
    held = _held(session, keys)
    pieces, at, added = [], 0, set()
    for low, end in stretches:
        start = next(
            (each for each in range(max(low, at), end - _SHORTEST + 1) if normal_title(text[each:end]) in held), None
        )
        if start is not None:
            pieces += [text[at:start], f"《{text[start:end]}》"]
            added.add(text[start:end])
            at = end
    return "".join((*pieces, text[at:])), frozenset(added)


def _stretches(text: str) -> Iterator[tuple[int, int]]:
    """Where a title may end, with the farthest place where it may begin; marked titles are left alone."""
    marked = [span for _, span in find_titles(text)]
    for match in _TITLE_END.finditer(text):
        end = match.end()
        if any(start < end <= stop for start, stop in marked):
            continue
        low = max(0, end - _LONGEST)
        breaks = [each.end() for each in _BREAK.finditer(text, low, match.start())]
        yield (breaks[-1] if breaks else low), end


def _held(session: Session, keys: set[str]) -> frozenset[str]:
    found: set[str] = set()
    for part in in_batches(sorted(keys)):
        statement = select(IdentifierRow.value).where(
            IdentifierRow.kind.in_(TITLE_KINDS), IdentifierRow.value.in_(part)
        )
        found.update(session.scalars(statement))
    return frozenset(found)


def _as_printed(citation: Citation, added: frozenset[str]) -> Citation:
    """The citation with the marks taken out again that the text does not print."""
    for name in added:
        citation = replace(citation, raw=citation.raw.replace(f"《{name}》", name))
    return citation
