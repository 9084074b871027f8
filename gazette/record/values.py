"""What leaves the room: finished, plain values of documents with their versions, events and standing.

Everything derived (the index, exports, feeds, APIs, pages) is built from `DocumentRecord`; `gazette.record.reading`
reads it.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from gazette.draft import Body
from gazette.record.documents import DocumentState, VersionOrigin, VersionState
from gazette.validity.events import Event
from gazette.validity.status import Interval, Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyRecord:
    """One file held of a version. `place` is its URL or file name; bytes are in the blobs under `sha256`."""

    id: str
    sha256: str
    place: str
    name: str
    media_type: str
    charset: str | None
    bytes: int
    source: str | None
    fetched_at: dt.datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachmentRecord:
    id: str
    title: str
    url: str | None
    media_type: str | None
    sha256: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """What a consolidated text (由本平台整理) was made of: the version before, and the decision applied to it."""

    base: str | None
    decision: str | None
    decision_document: str | None
    decision_title: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionRecord:
    """One version with its body; `standing` is its own status on the day asked for."""

    id: str
    title: str
    doc_number: str | None
    version_date: dt.date | None
    signed_date: dt.date | None
    published_date: dt.date | None
    effective_date: dt.date | None
    expiry_date: dt.date | None
    language: str
    is_translation: bool
    recipients: tuple[str, ...]
    history: tuple[dict[str, Any], ...]
    body: Body
    notes: tuple[str, ...]
    findings: tuple[dict[str, Any], ...]
    copies: tuple[CopyRecord, ...]
    attachments: tuple[AttachmentRecord, ...]
    intervals: tuple[Interval, ...]
    standing: Standing
    state: VersionState = VersionState.PUBLISHED
    origin: VersionOrigin = VersionOrigin.OFFICIAL
    provenance: Provenance | None = None

    @property
    def is_consolidated(self) -> bool:
        """Whether we made the text (由本平台整理); an official one has not arrived."""
        return self.origin is VersionOrigin.CONSOLIDATED


@dataclass(frozen=True, slots=True, kw_only=True)
class Gazetted:
    """Where a document was printed (刊登期号)."""

    gazette: str
    gazette_name: str
    year: int
    number: int
    cover_date: dt.date | None
    page_from: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Related:
    """One link to another document. `relation` is one of gazette.record.relations, said of this document: cites,
    cited_by, corrected_by, repeals … `document` is None for what is cited and not held."""

    relation: str
    document: str | None
    title: str
    doc_number: str | None = None
    quote: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Identifier:
    kind: str
    value: str
    raw: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentRecord:
    """One document, whole, on one day. `versions` are oldest first; `current` is the one that stood on the day
    (the newest already commenced, else the newest)."""

    id: str
    title: str
    state: DocumentState
    doc_number: str | None
    registry_number: str | None
    index_number: str | None
    issuers: tuple[str, ...]
    kind: str | None
    theme: str | None
    keywords: tuple[str, ...]
    disclosure: str | None
    identifiers: tuple[Identifier, ...]
    versions: tuple[VersionRecord, ...]
    current: VersionRecord
    standing: Standing
    events: tuple[Event, ...]
    gazetted: tuple[Gazetted, ...]
    related: tuple[Related, ...]
    sources: tuple[str, ...]
    first_published_at: dt.datetime | None
    updated_at: dt.datetime
    withdrawn_at: dt.datetime | None = None
    withdrawn_reason: str | None = None
