"""证据行: an event as the sentence that shows it, with its place and on whose word."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from flask import url_for
from flask_babel import gettext as _

from gazette.errors import Finding
from gazette.validity.doubts import TAKEN_DOWN
from gazette.validity.events import Event, Origin
from portal import words

_STEP = re.compile(r"(?:^|__)(art|para|item|subitem)_(\d+(?:-\d+)?)")


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceLine:
    """证据行: what is said, where, and on whose word. `url` leads to the place; `what` names the event.

    `quote` is the sentence, or an official label as its source printed it. `day` is when the event holds, `labelled`
    the day on which a source gave its label, which need not be the day of the event.
    """

    quote: str | None
    place: str | None
    url: str | None
    basis: str | None
    what: str
    day: dt.date | None
    labelled: dt.date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DoubtLine:
    """What is stated of a document and does not count, and why not."""

    why: str
    evidence: EvidenceLine


def doubt_line(event: Event, doubt: Finding, document_id: str, printed: Mapping[str, str]) -> DoubtLine:
    """One event that does not count, seen as `evidence_line` sees it; a text that was taken down is not quoted."""
    said = evidence_line(event, document_id, printed)
    if doubt.code == TAKEN_DOWN:
        said = replace(said, quote=None)
    return DoubtLine(why=words.note_in_words(doubt.message) or doubt.message, evidence=said)


def evidence_line(event: Event, document_id: str, printed: Mapping[str, str]) -> EvidenceLine:
    """One event as evidence, seen from the page of `document_id`, whose articles bear the `printed` numbers."""
    place, url = place_of(event, document_id, printed)
    is_label = event.origin is Origin.OFFICIAL_LABEL
    return EvidenceLine(
        quote=event.quote or event.label,
        place=place,
        url=url,
        basis=str(words.BASIS[event.origin]),
        what=_("官方标注，含义待编辑确认") if event.is_unread else str(words.EVENT[event.kind]),
        day=None if is_label else event.date,
        labelled=event.date if is_label else None,
    )


def provision_label(eid: str, printed: Mapping[str, str] | None = None) -> str:
    """art_30__para_2 in words: 第30条第2款. `printed` holds the numbers as the text prints them, by eid."""
    units = {"art": _("第%(n)s条"), "para": _("第%(n)s款"), "item": _("第%(n)s项"), "subitem": _("第%(n)s目")}
    label = ""
    for step in _STEP.finditer(eid):
        number, _dash, inserted = step[2].partition("-")
        label += (printed or {}).get(eid[: step.end()]) or (
            units[step[1]].replace("%(n)s", number) + (f"之{inserted}" if inserted else "")
        )
    return label.strip()


def safe_url(url: str | None) -> str | None:
    """An address from outside, if it is one a reader may be sent to."""
    return url if url and urlsplit(url).scheme in {"http", "https"} else None


def place_of(event: Event, document_id: str, printed: Mapping[str, str]) -> tuple[str | None, str | None]:
    """Where the evidence of an event stands, in words, and its address."""
    eid = event.locator.eid
    where = provision_label(eid, printed if event.act_document == document_id else None) if eid else ""
    if event.locator.line:
        where += _("清单第%(number)s行", number=event.locator.line)
    act = event.act_document
    if act and act != document_id:
        return f"《{event.act_title}》{where}", url_for("documents.show", document_id=act, at=eid, _anchor=eid)
    if act == document_id or (act is None and eid and event.source_url is None):
        if eid:
            return where or _("正文"), url_for("documents.show", document_id=document_id, at=eid, _anchor=eid)
        return _("本文件"), None
    if event.act_title:
        return f"《{event.act_title}》{where}", safe_url(event.source_url)
    outside = safe_url(event.source_url)
    return event.source or (urlsplit(outside).netloc if outside else None), outside
