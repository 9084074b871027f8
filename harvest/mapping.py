"""Mapping: what a site declares beside a text, laid over what digitization read from the text.

The site's own table is the better witness for numbers, dates and issuers; what it does not say stays as read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from gazette.dates import find_date
from gazette.draft import Attachment, Draft, SourceInfo
from gazette.errors import Finding, Level
from gazette.numbers import parse_doc_number
from gazette.titles import letters

_SEPARATORS = re.compile(r"[、,，;；\s]+")
_DATES = ("signed_date", "published_date", "effective_date", "expiry_date")


def map_page(
    drafts: tuple[Draft, ...],
    fields: Mapping[str, str],
    *,
    title: str | None,
    source: SourceInfo,
    listed: date | None,
    agency: str,
    language: str,
    attachments: tuple[Attachment, ...],
) -> tuple[Draft, ...]:
    """The documents of one page. Its table describes the first, or the one that bears the page's title."""
    described = next((i for i, draft in enumerate(drafts) if _same_title(draft.title, title)), 0)
    mapped = []
    for place, draft in enumerate(drafts):
        draft = replace(draft, source=source, language=draft.language or language)
        if place == described:
            draft = _described(draft, fields, title=title, listed=listed, agency=agency)
            draft = replace(draft, attachments=_with_bytes(draft.attachments, attachments))
        mapped.append(draft)
    return tuple(mapped)


def _described(
    draft: Draft, fields: Mapping[str, str], *, title: str | None, listed: date | None, agency: str
) -> Draft:
    days = {name: find_date(fields[name]) for name in _DATES if name in fields}
    number = parse_doc_number(fields.get("doc_number"))
    draft = replace(
        draft,
        title=title or draft.title,
        doc_number=number or draft.doc_number,
        registry_number=fields.get("registry_number") or draft.registry_number,
        index_number=fields.get("index_number") or draft.index_number,
        issuers=_list(fields.get("issuers")) or draft.issuers or (agency,),
        theme=fields.get("theme") or draft.theme,
        keywords=_list(fields.get("keywords")) or draft.keywords,
        kind=fields.get("genre") or draft.kind,
        disclosure=fields.get("disclosure") or draft.disclosure,
        validity_label=fields.get("validity_label") or draft.validity_label,
        **{name: day or getattr(draft, name) for name, day in days.items()},
    )
    if draft.published_date is None and listed:
        draft = replace(draft, published_date=listed)
    return replace(draft, findings=(*draft.findings, *_doubts(draft, fields, days)))


def _doubts(draft: Draft, fields: Mapping[str, str], days: Mapping[str, date | None]) -> tuple[Finding, ...]:
    found = [
        Finding(level=Level.WARNING, code="harvest.date_unread", message=f"页面所列日期无法识别：{fields[name]}")
        for name, day in days.items()
        if day is None
    ]
    if draft.signed_date is None and draft.published_date is None:
        found.append(Finding(level=Level.WARNING, code="harvest.no_date", message="页面没有成文日期和发布日期"))
    return tuple(found)


def _with_bytes(read: tuple[Attachment, ...], fetched: tuple[Attachment, ...]) -> tuple[Attachment, ...]:
    """Annexes whose bytes we hold, then those the text only names."""
    held = {letters(each.title) for each in fetched} | {each.url for each in fetched}
    return (*fetched, *(each for each in read if letters(each.title) not in held and each.url not in held))


def _list(text: str | None) -> tuple[str, ...]:
    return tuple(part for part in _SEPARATORS.split(text or "") if part)


def _same_title(ours: str | None, theirs: str | None) -> bool:
    return bool(ours and theirs) and letters(ours) == letters(theirs)
