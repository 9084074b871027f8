"""Gazettes (公报), their issues (期) and entries (目录条目)."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from gazette.store import Base, new_id


class GazetteRow(Base):
    """One gazette; its id is a readable slug (jiangcheng) that stands in addresses."""

    __tablename__ = "gazettes"

    id: Mapped[str] = mapped_column(String(60), primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    name_en: Mapped[str | None] = mapped_column(Text)
    sponsor: Mapped[str | None] = mapped_column(Text)
    #: 栏目 in printing order, configurable per gazette.
    columns: Mapped[list[str]] = mapped_column(default=list)


class IssueRow(Base):
    """One number. `state` is draft or published; `sha256` is the whole-issue PDF once typeset."""

    __tablename__ = "issues"
    __table_args__ = (UniqueConstraint("gazette_id", "year", "number"),)

    id: Mapped[str] = mapped_column(String(12), primary_key=True, default=new_id)
    gazette_id: Mapped[str] = mapped_column(ForeignKey("gazettes.id"))
    year: Mapped[int]
    number: Mapped[int]
    running_number: Mapped[int | None]
    cover_date: Mapped[date | None]
    state: Mapped[str] = mapped_column(String(10), default="draft")
    published_at: Mapped[datetime | None]
    sha256: Mapped[str | None] = mapped_column(String(64))
    pages: Mapped[int | None]


class EntryRow(Base):
    """One line of an issue's contents: column, order, page range and the document printed there."""

    __tablename__ = "entries"
    __table_args__ = (UniqueConstraint("issue_id", "position"),)

    id: Mapped[str] = mapped_column(String(12), primary_key=True, default=new_id)
    issue_id: Mapped[str] = mapped_column(ForeignKey("issues.id"))
    position: Mapped[int]
    column: Mapped[str | None] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    document_id: Mapped[str | None] = mapped_column(ForeignKey("documents.id"), index=True)
    version_id: Mapped[str | None] = mapped_column(ForeignKey("versions.id"))
    page_from: Mapped[int | None]
    page_to: Mapped[int | None]
