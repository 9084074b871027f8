"""Documents (work), their identifiers, versions (expression), copies (manifestation) and attachments."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from gazette.store import Base, new_id, now


class DocumentState(StrEnum):
    """draft: in review; published; withdrawn: a tombstone; merged: lives on in another document; purged: a
    tombstone whose text and bytes are gone."""

    DRAFT = "draft"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"
    MERGED = "merged"
    PURGED = "purged"


class VersionState(StrEnum):
    """draft: in review, seen by editors only; published; retired: a consolidated text that an official one replaced,
    or that an editor took back."""

    DRAFT = "draft"
    PUBLISHED = "published"
    RETIRED = "retired"


class VersionOrigin(StrEnum):
    """Who made the text: a source that we hold a copy of, or we, by applying a decision to the version before it."""

    OFFICIAL = "official"
    CONSOLIDATED = "consolidated"


class IdentifierKind(StrEnum):
    DOC_NUMBER = "doc_number"
    REGISTRY_NUMBER = "registry_number"
    INDEX_NUMBER = "index_number"
    TITLE = "title"
    SHORT_TITLE = "short_title"
    URL = "url"
    FOREIGN = "foreign"


#: The kinds under which a document is known by a title.
TITLE_KINDS = (IdentifierKind.TITLE.value, IdentifierKind.SHORT_TITLE.value)
#: The kinds under which a document is known by a number.
NUMBER_KINDS = (
    IdentifierKind.DOC_NUMBER.value,
    IdentifierKind.REGISTRY_NUMBER.value,
    IdentifierKind.INDEX_NUMBER.value,
)


class DocumentRow(Base):
    """What an agency issued. `carried_by_id` is the notice that prints and distributes it (印发)."""

    __tablename__ = "documents"

    id: Mapped[str] = mapped_column(String(12), primary_key=True, default=new_id)
    title: Mapped[str] = mapped_column(Text)
    kind: Mapped[str | None] = mapped_column(String(40))
    theme: Mapped[str | None] = mapped_column(Text)
    keywords: Mapped[list[str]] = mapped_column(default=list)
    disclosure: Mapped[str | None] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(10), default=DocumentState.DRAFT.value, index=True)
    carried_by_id: Mapped[str | None] = mapped_column(ForeignKey("documents.id"), index=True)
    merged_into_id: Mapped[str | None] = mapped_column(ForeignKey("documents.id"))
    withdrawn_at: Mapped[datetime | None]
    withdrawn_reason: Mapped[str | None] = mapped_column(Text)
    first_published_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now, index=True)


class IssuerRow(Base):
    """Which agencies issued a document, in the order signed."""

    __tablename__ = "document_issuers"

    document_id: Mapped[str] = mapped_column(ForeignKey("documents.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[str] = mapped_column(ForeignKey("agencies.id"), index=True)


class IdentifierRow(Base):
    """A name of a document. Numbers are shared, so `value` (normalised) is not unique."""

    __tablename__ = "identifiers"
    __table_args__ = (
        UniqueConstraint("document_id", "kind", "value"),
        Index("ix_identifiers_kind_value", "kind", "value"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    document_id: Mapped[str] = mapped_column(ForeignKey("documents.id"))
    kind: Mapped[str] = mapped_column(String(20))
    value: Mapped[str] = mapped_column(String(400))
    raw: Mapped[str] = mapped_column(Text)


class VersionRow(Base):
    """A document's text as it stood from a date on. `version_date` orders versions (latest act in the 题注,
    else published, else signed); `letters_sha256` is the hash of the text's letters and digits only, by which a
    second copy of the same text is recognised."""

    __tablename__ = "versions"
    __table_args__ = (Index("ix_versions_signed", "signed_date", "is_translation"),)

    id: Mapped[str] = mapped_column(String(12), primary_key=True, default=new_id)
    document_id: Mapped[str] = mapped_column(ForeignKey("documents.id"), index=True)
    title: Mapped[str] = mapped_column(Text)
    doc_number: Mapped[str | None] = mapped_column(Text)
    doc_number_raw: Mapped[str | None] = mapped_column(Text)
    version_date: Mapped[date | None]
    signed_date: Mapped[date | None]
    published_date: Mapped[date | None]
    effective_date: Mapped[date | None]
    expiry_date: Mapped[date | None]
    language: Mapped[str] = mapped_column(String(10), default="zh")
    is_translation: Mapped[bool] = mapped_column(default=False)
    recipients: Mapped[list[str]] = mapped_column(default=list)
    history: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    body: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    notes: Mapped[list[str]] = mapped_column(default=list)
    findings: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    letters_sha256: Mapped[str] = mapped_column(String(64), index=True)
    state: Mapped[str] = mapped_column(String(10), default=VersionState.DRAFT.value)
    origin: Mapped[str] = mapped_column(String(12), default=VersionOrigin.OFFICIAL.value)
    #: What a consolidated text was made of: the version before, and the version of the decision applied to it.
    base_version_id: Mapped[str | None] = mapped_column(ForeignKey("versions.id"))
    decision_version_id: Mapped[str | None] = mapped_column(ForeignKey("versions.id"), index=True)
    #: The official version that came in place of a consolidated one.
    replaced_by_id: Mapped[str | None] = mapped_column(ForeignKey("versions.id"))
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now)


class CopyRow(Base):
    """One file from one place."""

    __tablename__ = "copies"
    __table_args__ = (UniqueConstraint("version_id", "sha256", "place"),)

    id: Mapped[str] = mapped_column(String(12), primary_key=True, default=new_id)
    version_id: Mapped[str] = mapped_column(ForeignKey("versions.id"), index=True)
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    #: Where it came from: the URL, or the file name for an upload.
    place: Mapped[str] = mapped_column(String(1000))
    name: Mapped[str] = mapped_column(Text)
    media_type: Mapped[str] = mapped_column(String(100))
    charset: Mapped[str | None] = mapped_column(String(30))
    bytes: Mapped[int]
    source: Mapped[str | None] = mapped_column(String(60))
    fetched_at: Mapped[datetime] = mapped_column(default=now)
    completeness: Mapped[float | None]
    #: Which of the documents found in the file this is, from 0.
    position: Mapped[int] = mapped_column(default=0)
    #: The reader (gazette.digitization.readers.READER) that gave the text held; None: read before this was kept.
    reader: Mapped[int | None]


class AttachmentRow(Base):
    """An annex of a version; `sha256` when its bytes are held."""

    __tablename__ = "attachments"

    id: Mapped[str] = mapped_column(String(12), primary_key=True, default=new_id)
    version_id: Mapped[str] = mapped_column(ForeignKey("versions.id"), index=True)
    position: Mapped[int]
    title: Mapped[str] = mapped_column(Text)
    url: Mapped[str | None] = mapped_column(Text)
    media_type: Mapped[str | None] = mapped_column(String(100))
    sha256: Mapped[str | None] = mapped_column(String(64))
