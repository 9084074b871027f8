"""Mapping: what a site tells of a text and digitization cannot see.

The metadata a page prints is handed to digitization with the text (`DetailPage.to_html`), so numbers, dates and
issuers are read once, by the one reader. What remains is the site's own: where the copy lies, the day its list prints,
the agency that runs it, the validity label, and the bytes of the annexes it links.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from gazette.citations.titles import letters
from gazette.dates import find_date
from gazette.draft import Attachment, Draft, SourceInfo
from gazette.errors import Finding, Level

_ANNEX = re.compile(r"^\s*附件\s*[0-9一二三四五六七八九十]{0,3}\s*[.、：:]?\s*")
_ENDING = re.compile(r"\.[A-Za-z]{2,4}$")


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFacts:
    """What a site tells of one page. `listed` is the day its list prints beside the link."""

    fields: Mapping[str, str]
    title: str | None
    source: SourceInfo
    listed: date | None
    agency: str
    language: str
    attachments: tuple[Attachment, ...]


def map_page(drafts: tuple[Draft, ...], page: PageFacts) -> tuple[Draft, ...]:
    """The documents of one page. The page describes the one that bears its title, else the first."""
    described = next((i for i, draft in enumerate(drafts) if _same_title(draft.title, page.title)), 0)
    placed = [
        replace(
            draft,
            source=page.source,
            language=draft.language or page.language,
            issuers=draft.issuers or (page.agency,),
            validity_label=draft.validity_label or page.fields.get("validity_label"),
        )
        for draft in drafts
    ]
    return tuple(_described(draft, page) if i == described else draft for i, draft in enumerate(placed))


def annex_title(printed: str) -> str:
    """「附件1：申报表.docx」 is 申报表."""
    return _ENDING.sub("", _ANNEX.sub("", printed)).strip() or printed.strip()


def _described(draft: Draft, page: PageFacts) -> Draft:
    draft = replace(
        draft,
        title=page.title or draft.title,
        published_date=draft.published_date or page.listed,
        attachments=_with_bytes(draft.attachments, page.attachments),
    )
    return replace(draft, findings=(*draft.findings, *_doubts(draft, page.fields)))


def _doubts(draft: Draft, fields: Mapping[str, str]) -> tuple[Finding, ...]:
    unread = [value for name, value in fields.items() if name.endswith("_date") and find_date(value) is None]
    found = [
        Finding(level=Level.WARNING, code="harvest.date_unread", message=f"页面所列日期无法识别：{value}")
        for value in unread
    ]
    if draft.signed_date is None and draft.published_date is None:
        found.append(Finding(level=Level.WARNING, code="harvest.no_date", message="页面没有成文日期和发布日期"))
    return tuple(found)


def _with_bytes(read: tuple[Attachment, ...], fetched: tuple[Attachment, ...]) -> tuple[Attachment, ...]:
    """Annexes whose bytes we hold, then those the text only names."""
    titles = {letters(annex_title(each.title)) for each in fetched}
    urls = {each.url for each in fetched}
    named = (each for each in read if each.url not in urls and letters(annex_title(each.title)) not in titles)
    return (*fetched, *named)


def _same_title(ours: str | None, theirs: str | None) -> bool:
    return bool(ours and theirs) and letters(ours or "") == letters(theirs or "")
