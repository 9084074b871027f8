"""What digitization yields: plain values, no rows. Their `to_json` is the interface `gongbao digitize --json` prints.

Absent knowledge is None or an empty tuple, never a guess.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from gazette.digitization.blocks import ScanLine
from gazette.errors import NOWHERE, Finding, Locator
from gazette.issues.imprint import Imprint, Printed

if TYPE_CHECKING:
    from gazette.digitization.blocks import Reading

#: The `language` of a text in traditional characters; "zh" is one in simplified characters.
TRADITIONAL = "zh-Hant"


class BodyType(StrEnum):
    """The kinds of node a body is made of (编 分编 章 节 条 款 项 目 and the rest)."""

    PART = "part"
    SUBPART = "subpart"
    CHAPTER = "chapter"
    SECTION = "section"
    ARTICLE = "article"
    PARAGRAPH = "paragraph"
    ITEM = "item"
    SUBITEM = "subitem"
    HEADING = "heading"
    TABLE = "table"
    LIST = "list"
    ATTACHMENT = "attachment"


#: A look-up, since bodies have hundreds of thousands of nodes.
_BODY_TYPES = {each.value: each for each in BodyType}


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One node of a structured body.

    `num` is printed as in the source (第三条, （一）, 一、); `text` is the node's own text without `num`.
    `eid` is the Akoma Ntoso address in this version (art_3__para_2__item_1), `wid` the one that survives
    renumbering. A table keeps its cells in `rows` (tuples of text, spans repeated), its `text` is None.
    """

    type: BodyType
    num: str | None = None
    heading: str | None = None
    text: str | None = None
    children: tuple[Node, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    eid: str = ""
    wid: str = ""

    def walk(self) -> Iterator[Node]:
        """This node and all below it, in reading order."""
        yield self
        for child in self.children:
            yield from child.walk()

    def full_text(self, separator: str = "\n") -> str:
        """All text of this node in reading order: number and heading or text on one line each."""
        own = [part for part in (self.num, self.heading, self.text) if part]
        lines = ["　".join(own)] if own else []
        lines += ["\t".join(row) for row in self.rows]
        lines += [child.full_text(separator) for child in self.children]
        return separator.join(lines)

    def to_json(self) -> dict[str, Any]:
        data: dict[str, Any] = {
            "type": self.type.value,
            "num": self.num,
            "heading": self.heading,
            "text": self.text,
            "eid": self.eid,
            "wid": self.wid,
            "children": [child.to_json() for child in self.children],
        }
        if self.rows:
            data["rows"] = [list(row) for row in self.rows]
        return data

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Node:
        children, rows = data.get("children"), data.get("rows")
        return cls(
            type=_BODY_TYPES[data["type"]],
            num=data.get("num"),
            heading=data.get("heading"),
            text=data.get("text"),
            children=tuple(map(cls.from_json, children)) if children else (),
            rows=tuple(map(tuple, rows)) if rows else (),
            eid=data.get("eid", ""),
            wid=data.get("wid", ""),
        )


Body = tuple[Node, ...]


def walk(body: Body) -> Iterator[Node]:
    """Every node of a body in reading order."""
    for node in body:
        yield from node.walk()


@dataclass(frozen=True, slots=True, kw_only=True)
class DocNumber:
    """发文字号; str() prints the normalised form, e.g. 国办发〔2018〕23号 or 国务院令第711号.

    `year` and `serial` are None where the form has none. `raw` is what the source printed.
    """

    raw: str
    normalized: str
    prefix: str | None = None
    year: int | None = None
    serial: int | None = None

    def __str__(self) -> str:
        return self.normalized

    def to_json(self) -> dict[str, Any]:
        return {
            "raw": self.raw,
            "normalized": self.normalized,
            "prefix": self.prefix,
            "year": self.year,
            "serial": self.serial,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryEntry:
    """One act named in the 题注. kind: adopted approved promulgated revised amended."""

    kind: str
    date: dt.date | None
    act: str | None = None
    ordinal: int | None = None

    def to_json(self) -> dict[str, Any]:
        return {"kind": self.kind, "date": _iso(self.date), "act": self.act, "ordinal": self.ordinal}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> HistoryEntry:
        day = data.get("date")
        return cls(
            kind=data["kind"],
            date=dt.date.fromisoformat(day) if day else None,
            act=data.get("act"),
            ordinal=data.get("ordinal"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """An annex named or linked by a document; `sha256` only where its bytes are held."""

    title: str
    url: str | None = None
    media_type: str | None = None
    sha256: str | None = None

    def to_json(self) -> dict[str, Any]:
        return {"title": self.title, "url": self.url, "media_type": self.media_type, "sha256": self.sha256}


@dataclass(frozen=True, slots=True, kw_only=True)
class Provision:
    """An address inside a document as cited: 第三十八条第二款第（一）项 is article 38, paragraph 2, item 1.

    `eid` is the Akoma Ntoso form (art_38__para_2__item_1), the same scheme as Node.eid.
    """

    raw: str
    eid: str

    def to_json(self) -> dict[str, Any]:
        return {"raw": self.raw, "eid": self.eid}


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """One reference to a document or provision. kind: title, number, provision, relative, short.

    `base` are the words from which a relative one counts: 前款, also for the 第三项 of 前款第一项、第三项.
    """

    raw: str
    kind: str
    title: str | None = None
    doc_number: DocNumber | None = None
    provision: Provision | None = None
    document: str | None = None
    version: str | None = None
    base: str | None = None
    locator: Locator = NOWHERE

    def to_json(self) -> dict[str, Any]:
        return {
            "raw": self.raw,
            "kind": self.kind,
            "title": self.title,
            "doc_number": self.doc_number.to_json() if self.doc_number else None,
            "provision": self.provision.to_json() if self.provision else None,
            "document": self.document,
            "version": self.version,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What an effect acts upon; all None means the document that says it."""

    title: str | None = None
    doc_number: DocNumber | None = None
    provision: Provision | None = None

    def to_json(self) -> dict[str, Any]:
        return {
            "title": self.title,
            "doc_number": self.doc_number.to_json() if self.doc_number else None,
            "provision": self.provision.to_json() if self.provision else None,
        }


class EffectKind(StrEnum):
    """What a clause does."""

    COMMENCES = "commences"
    EXPIRES = "expires"
    REPEALS = "repeals"
    REPEALS_PARTIALLY = "repeals_partially"
    AMENDS = "amends"
    LAPSES = "lapses"
    SUSPENDS = "suspends"
    RESUMES = "resumes"
    OVERRIDES = "overrides"
    RENEWS = "renews"
    ATTESTS = "attests"


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """One clause that changes or attests validity, with the sentence that says so.

    `date` is the day it takes effect where the text or a known base date gives it; `date_rule` is the wording
    it was worked out from (自公布之日起30日后). `scope` is "whole" or the provisions, places, period named.
    """

    kind: EffectKind
    target: Target
    scope: str
    date: dt.date | None
    quote: str
    locator: Locator
    confidence: float
    rule: str
    date_rule: str | None = None

    def to_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind.value,
            "target": self.target.to_json(),
            "scope": self.scope,
            "date": _iso(self.date),
            "evidence": {"quote": self.quote, "locator": self.locator.to_json()},
            "confidence": self.confidence,
            "date_rule": self.date_rule,
            "rule": self.rule,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFile:
    """Bytes as they came. `media_type` is what the sender said, if anything; `url` where it was fetched, `archive` the
    file it was packed in, `columns` the columns (栏目) of the gazette whose issue it may be."""

    name: str
    data: bytes = field(repr=False)
    media_type: str | None = None
    url: str | None = None
    columns: tuple[str, ...] = ()
    archive: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceInfo:
    """What is recorded of a source: name, SHA-256 of the bytes, detected media type and charset."""

    name: str
    sha256: str
    media_type: str
    charset: str | None = None
    url: str | None = None

    def to_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "sha256": self.sha256,
            "media_type": self.media_type,
            "charset": self.charset,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """One document found in a source, before review.

    `carried_by` is the place (from 0) in `Digitized.drafts` of the letter that prints and distributes it (印发),
    `printed` where it stands in the issue it was found in, `scan` the recognized lines it was read from.
    """

    title: str | None
    source: SourceInfo
    doc_number: DocNumber | None = None
    registry_number: str | None = None
    index_number: str | None = None
    issuers: tuple[str, ...] = ()
    kind: str | None = None
    theme: str | None = None
    keywords: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()
    signed_date: dt.date | None = None
    published_date: dt.date | None = None
    effective_date: dt.date | None = None
    expiry_date: dt.date | None = None
    disclosure: str | None = None
    validity_label: str | None = None
    language: str = "zh"
    is_translation: bool = False
    history: tuple[HistoryEntry, ...] = ()
    body: Body = ()
    notes: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    effects: tuple[Effect, ...] = ()
    citations: tuple[Citation, ...] = ()
    findings: tuple[Finding, ...] = ()
    carried_by: int | None = None
    printed: Printed | None = None
    scan: tuple[ScanLine, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The object `gongbao digitize --json` prints; `theme`, `keywords` and `validity_label` ride along."""
        return {
            "title": self.title,
            "doc_number": self.doc_number.to_json() if self.doc_number else None,
            "registry_number": self.registry_number,
            "index_number": self.index_number,
            "issuers": list(self.issuers),
            "kind": self.kind,
            "theme": self.theme,
            "keywords": list(self.keywords),
            "recipients": list(self.recipients),
            "signed_date": _iso(self.signed_date),
            "published_date": _iso(self.published_date),
            "effective_date": _iso(self.effective_date),
            "expiry_date": _iso(self.expiry_date),
            "disclosure": self.disclosure,
            "validity_label": self.validity_label,
            "language": self.language,
            "is_translation": self.is_translation,
            "history": [entry.to_json() for entry in self.history],
            "body": [node.to_json() for node in self.body],
            "notes": list(self.notes),
            "attachments": [attachment.to_json() for attachment in self.attachments],
            "effects": [effect.to_json() for effect in self.effects],
            "citations": [citation.to_json() for citation in self.citations],
            "carried_by": self.carried_by,
            "printed": self.printed.to_json() if self.printed else None,
            "source": self.source.to_json(),
            "findings": [finding.to_json() for finding in self.findings],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Digitized:
    """The outcome of reading one source: its documents and doubts about the file as a whole. `imprint` is what a whole
    issue prints about itself, None for any other file; `reading` what was read of it and `starts` the blocks with which
    its entries begin, so that an editor can divide it otherwise."""

    drafts: tuple[Draft, ...]
    source: SourceInfo
    findings: tuple[Finding, ...] = ()
    imprint: Imprint | None = None
    reading: Reading | None = None
    starts: tuple[int, ...] = ()


def _iso(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None
