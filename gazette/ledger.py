"""The public ledger: an append-only hash chain over every publication, so that anyone can check it later."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from gazette.store import Base, now

#: What the first entry stands on.
GENESIS = "0" * 64


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerEntry:
    id: int
    at: datetime
    topic: str
    subject: str
    payload: dict[str, Any]
    previous: str
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerVerification:
    """The outcome of walking the chain: how many entries, the head, and the first entry that does not fit."""

    entries: int
    head: str
    broken_at: int | None

    @property
    def intact(self) -> bool:
        return self.broken_at is None


class LedgerRow(Base):
    """Entry `id` commits to `payload` and to the entry before: hash = sha256(previous + canonical entry)."""

    __tablename__ = "ledger"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    at: Mapped[datetime] = mapped_column(default=now)
    topic: Mapped[str] = mapped_column(String(20))
    subject: Mapped[str] = mapped_column(String(120), index=True)
    payload: Mapped[dict[str, Any]]
    previous: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64), unique=True)


def append(session: Session, topic: str, subject: str, payload: Mapping[str, Any]) -> LedgerEntry:
    """Commit to `payload` (JSON values) for ever. The writer's lock makes the chain one."""
    previous = session.scalar(select(LedgerRow.hash).order_by(LedgerRow.id.desc()).limit(1)) or GENESIS
    moment = now()
    row = LedgerRow(
        at=moment,
        topic=topic,
        subject=subject,
        payload=dict(payload),
        previous=previous,
        hash=entry_hash(previous, moment, topic, subject, payload),
    )
    session.add(row)
    session.flush()
    return _entry(row)


def entry_hash(previous: str, at: datetime, topic: str, subject: str, payload: Mapping[str, Any]) -> str:
    """SHA-256 of the previous hash and the entry as canonical JSON (sorted keys, no spaces, UTF-8)."""
    entry = {"at": at.isoformat(), "topic": topic, "subject": subject, "payload": dict(payload)}
    canonical = json.dumps(entry, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(f"{previous}{canonical}".encode()).hexdigest()


def verify(session: Session) -> LedgerVerification:
    """Walk the chain from the first entry; stops at the first that was changed, dropped or put in."""
    head, count = GENESIS, 0
    for row in session.scalars(select(LedgerRow).order_by(LedgerRow.id).execution_options(yield_per=1000)):
        expected = entry_hash(head, row.at, row.topic, row.subject, row.payload)
        if row.previous != head or row.hash != expected:
            return LedgerVerification(entries=count, head=head, broken_at=row.id)
        head, count = row.hash, count + 1
    return LedgerVerification(entries=count, head=head, broken_at=None)


def list_entries(session: Session, *, topic: str, subject: str) -> tuple[LedgerEntry, ...]:
    """Every entry about one subject, oldest first."""
    query = select(LedgerRow).filter_by(topic=topic, subject=subject).order_by(LedgerRow.id)
    return tuple(_entry(row) for row in session.scalars(query))


def _entry(row: LedgerRow) -> LedgerEntry:
    return LedgerEntry(
        id=row.id,
        at=row.at,
        topic=row.topic,
        subject=row.subject,
        payload=row.payload,
        previous=row.previous,
        hash=row.hash,
    )
