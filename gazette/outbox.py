"""The outbox: what changed, written in the transaction that changed it, read by whoever derives."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from gazette.store import Base, now


class OutboxRow(Base):
    """One change. `topic` is document, issue or dataset; a reader keeps the last `id` it has derived from."""

    __tablename__ = "outbox"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    topic: Mapped[str] = mapped_column(String(20))
    subject: Mapped[str] = mapped_column(String(120))
    at: Mapped[datetime] = mapped_column(default=now)
