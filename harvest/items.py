"""Harvest items: what is remembered of every address a source showed us.

One row an address. Its validators (ETag, Last-Modified) make the next request conditional; its links let a page that
answers 304 still lead on; its content hash tells a changed text from a changed page frame. Rows are never pruned: a
forgotten address would come back as a new document.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from gazette.store import Base, now


class Role(StrEnum):
    """列表页, 详情页 (a document), 附件."""

    LIST = "list"
    DOCUMENT = "document"
    ATTACHMENT = "attachment"


class HarvestItemRow(Base):
    """One address of one source. `fetched_sha256` is of the bytes, `content_sha256` of what was read from them."""

    __tablename__ = "harvest_items"
    __table_args__ = (
        UniqueConstraint("source", "url"),
        Index("ix_harvest_items_document_id", "document_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    source: Mapped[str] = mapped_column(ForeignKey("harvest_sources.name"))
    url: Mapped[str] = mapped_column(String(1000))
    role: Mapped[str] = mapped_column(String(12))
    etag: Mapped[str | None] = mapped_column(Text)
    last_modified: Mapped[str | None] = mapped_column(String(100))
    fetched_sha256: Mapped[str | None] = mapped_column(String(64))
    content_sha256: Mapped[str | None] = mapped_column(String(64))
    media_type: Mapped[str | None] = mapped_column(String(100))
    links: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    document_id: Mapped[str | None] = mapped_column(ForeignKey("documents.id"))
    version_id: Mapped[str | None] = mapped_column(ForeignKey("versions.id"))
    failure: Mapped[str | None] = mapped_column(Text)
    first_seen_at: Mapped[datetime] = mapped_column(default=now)
    last_seen_at: Mapped[datetime] = mapped_column(default=now)
    last_changed_at: Mapped[datetime | None]
    missing_since: Mapped[datetime | None]

    def to_known(self) -> KnownItem:
        return KnownItem(
            url=self.url,
            role=Role(self.role),
            etag=self.etag,
            last_modified=self.last_modified,
            fetched_sha256=self.fetched_sha256,
            content_sha256=self.content_sha256,
            media_type=self.media_type,
            links=tuple(self.links),
            document=self.document_id,
            version=self.version_id,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownItem:
    """What we remember of an address when a run begins."""

    url: str
    role: Role
    etag: str | None = None
    last_modified: str | None = None
    fetched_sha256: str | None = None
    content_sha256: str | None = None
    media_type: str | None = None
    links: tuple[dict[str, Any], ...] = ()
    document: str | None = None
    version: str | None = None


def known_items(session: Session, source: str) -> Mapping[str, KnownItem]:
    """Every address remembered of a source, by URL."""
    rows = session.scalars(select(HarvestItemRow).filter_by(source=source))
    return {row.url: row.to_known() for row in rows}


def remember(session: Session, source: str, item: KnownItem, *, seen: datetime, changed: bool) -> None:
    """Keep what a run learned of an address that was read well."""
    row = _row(session, source, item.url, item.role, seen)
    row.role = item.role.value
    row.etag, row.last_modified = item.etag, item.last_modified
    row.fetched_sha256, row.content_sha256 = item.fetched_sha256, item.content_sha256
    row.media_type = item.media_type
    row.links = list(item.links)
    row.document_id, row.version_id = item.document, item.version
    row.failure = None
    if changed:
        row.last_changed_at = seen


def remember_failure(session: Session, source: str, url: str, role: Role, reason: str, *, seen: datetime) -> None:
    """Keep why an address could not be taken in. Its validators go, so that the next run fetches it whole."""
    row = _row(session, source, url, role, seen)
    row.etag = row.last_modified = None
    row.failure = reason


def mark_missing(session: Session, source: str, urls: frozenset[str], *, at: datetime) -> None:
    """Note that the source no longer shows these addresses. The documents stay: a site's silence repeals nothing."""
    for row in session.scalars(select(HarvestItemRow).filter_by(source=source, missing_since=None)):
        if row.url in urls:
            row.missing_since = at


def _row(session: Session, source: str, url: str, role: Role, seen: datetime) -> HarvestItemRow:
    row = session.scalar(select(HarvestItemRow).filter_by(source=source, url=url))
    if row is None:
        row = HarvestItemRow(source=source, url=url, role=role.value, links=[], first_seen_at=seen)
        session.add(row)
    row.last_seen_at, row.missing_since = seen, None
    return row
