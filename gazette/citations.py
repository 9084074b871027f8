"""Citations: one grammar for numbers, titles and provisions; and the table of who cites whom."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from gazette.store import Base


class CitationRow(Base):
    """One citation in a stored version; `target_key` (normalised title or number) joins it to what is held later."""

    __tablename__ = "citations"
    __table_args__ = (Index("ix_citations_target_key", "target_key"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    version_id: Mapped[str] = mapped_column(ForeignKey("versions.id"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    raw: Mapped[str] = mapped_column(Text)
    title: Mapped[str | None] = mapped_column(Text)
    doc_number: Mapped[str | None] = mapped_column(Text)
    provision_eid: Mapped[str | None] = mapped_column(String(200))
    target_key: Mapped[str | None] = mapped_column(String(400))
    target_document_id: Mapped[str | None] = mapped_column(ForeignKey("documents.id"), index=True)
    locator: Mapped[dict[str, Any]] = mapped_column(default=dict)
