"""The book of saved searches and of what is to be sent for them.

A delivery is written in the transaction that decides it (an outbox), and sent later by whoever keeps the post. An
address that is only claimed gets one letter, asking; nothing else is sent to it before its owner has said yes, and
after a week without an answer it is forgotten.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import ForeignKey, String, Text, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from gazette.errors import BadInput, Conflict, NotFound
from gazette.outbox import last_change
from gazette.store import Base, Store, in_batches, new_id, now, today
from portal.accounts import UserRow

LONGEST_ADDRESS = 254
LONGEST_SEARCH = 4000
#: How many searches one address, or one account, may have; and how many unanswered questions one address may get.
MOST_SEARCHES, MOST_UNANSWERED = 50, 3
UNANSWERED_DAYS = 7


class Channel(StrEnum):
    EMAIL = "email"
    WEBHOOK = "webhook"


class DeliveryKind(StrEnum):
    """A letter that asks whether the address is right, or one with news."""

    CONFIRM = "confirm"
    NEWS = "news"


class Outcome(StrEnum):
    """`doubtful`: the process ended while the letter was being handed over. It is not sent again."""

    SENT = "sent"
    EMPTY = "empty"
    FAILED = "failed"
    DOUBTFUL = "doubtful"


class SubscriptionRow(Base):
    """A search somebody saved. `search` is what stands behind the ? of the search page; `derived` the outbox id up to
    which its news were collected; `fingerprint` keeps one search from being saved twice for one address."""

    __tablename__ = "subscriptions"

    id: Mapped[str] = mapped_column(String(12), primary_key=True, default=new_id)
    fingerprint: Mapped[str] = mapped_column(String(64), unique=True)
    channel: Mapped[str] = mapped_column(String(10))
    address: Mapped[str] = mapped_column(Text, index=True)
    search: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(10))
    user_id: Mapped[int | None] = mapped_column(ForeignKey(UserRow.id), index=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    confirmed_at: Mapped[datetime | None]
    derived: Mapped[int]
    collected_on: Mapped[date | None]


class DeliveryRow(Base):
    """Something to be sent. `started_at` is set when it is handed over, `done_at` when that ended."""

    __tablename__ = "deliveries"

    id: Mapped[str] = mapped_column(String(12), primary_key=True, default=new_id)
    subscription_id: Mapped[str] = mapped_column(ForeignKey("subscriptions.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    created_at: Mapped[datetime] = mapped_column(default=now)
    #: When it is to be tried (again); None when there is nothing more to do.
    due_at: Mapped[datetime | None] = mapped_column(default=now, index=True)
    attempts: Mapped[int] = mapped_column(default=0)
    started_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(String(10))
    error: Mapped[str | None] = mapped_column(Text)


class ToldRow(Base):
    """Of a document a subscriber is told once."""

    __tablename__ = "told_documents"

    subscription_id: Mapped[str] = mapped_column(ForeignKey("subscriptions.id", ondelete="CASCADE"), primary_key=True)
    document_id: Mapped[str] = mapped_column(String(12), primary_key=True)
    delivery_id: Mapped[str] = mapped_column(ForeignKey("deliveries.id", ondelete="CASCADE"), index=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    id: str
    channel: Channel
    address: str
    search: str
    language: str
    created_at: datetime
    confirmed: bool


def subscribe(
    store: Store, channel: Channel, address: str, search: str, *, language: str = "zh", user: int | None = None
) -> str | None:
    """Save a search; its id. An e-mail address is asked first; None where it was already, or too often.

    Who asks is told the same whatever comes of it, so that nobody learns what others subscribe to. A webhook belongs
    to a `user` and needs no asking. Raises BadInput, Conflict.
    """
    if len(address) > (LONGEST_ADDRESS if channel is Channel.EMAIL else 1000) or len(search) > LONGEST_SEARCH:
        raise BadInput(why="地址或检索式过长")
    print_ = hashlib.sha256(f"{channel}\n{address}\n{search}\n{user}".encode()).hexdigest()
    with store.write() as session:
        held = session.scalar(select(SubscriptionRow.id).where(SubscriptionRow.fingerprint == print_))
        if user is not None and (held or _count(session, SubscriptionRow.user_id == user) >= MOST_SEARCHES):
            raise Conflict(why="已保存过这次搜索" if held else f"最多保存{MOST_SEARCHES}次搜索")
        same = SubscriptionRow.address == address
        unanswered = _count(session, same, SubscriptionRow.confirmed_at.is_(None))
        if held or unanswered >= MOST_UNANSWERED or (user is None and _count(session, same) >= MOST_SEARCHES):
            return None
        row = SubscriptionRow(
            fingerprint=print_,
            channel=channel.value,
            address=address,
            search=search,
            language=language,
            user_id=user,
            confirmed_at=now() if user is not None else None,
            derived=last_change(session),
            collected_on=today(),
        )
        session.add(row)
        session.flush()
        if user is None:
            session.add(DeliveryRow(subscription_id=row.id, kind=DeliveryKind.CONFIRM.value))
        return row.id


def confirm(store: Store, subscription: str) -> Subscription:
    """The owner of the address has said yes; saying it twice changes nothing. Raises NotFound."""
    with store.write() as session:
        row = _get(session, subscription)
        if row.confirmed_at is None:
            row.confirmed_at, row.derived, row.collected_on = now(), last_change(session), today()
        return _subscription(row)


def unsubscribe(store: Store, subscription: str) -> bool:
    """Forget the search, the address and what was sent to it; whether there was anything to forget."""
    with store.write() as session:
        return _forget(session, [subscription]) > 0


def forget_unanswered(store: Store) -> int:
    """Forget the addresses whose owners have not answered in time."""
    with store.write() as session:
        late = now() - timedelta(days=UNANSWERED_DAYS)
        asked = select(SubscriptionRow.id).where(
            SubscriptionRow.confirmed_at.is_(None), SubscriptionRow.created_at < late
        )
        return _forget(session, list(session.scalars(asked)))


def get_subscription(session: Session, subscription: str) -> Subscription:
    """Raises NotFound."""
    return _subscription(_get(session, subscription))


def list_of_user(session: Session, user: int) -> tuple[Subscription, ...]:
    """The webhooks of an account, the newest first."""
    query = select(SubscriptionRow).where(SubscriptionRow.user_id == user)
    return tuple(map(_subscription, session.scalars(query.order_by(SubscriptionRow.created_at.desc()))))


def last_failure(session: Session, subscription: str) -> str | None:
    """Why the newest notice was not taken; None where it was, or where none was sent."""
    newest = select(DeliveryRow.error).where(DeliveryRow.subscription_id == subscription)
    return session.scalar(newest.order_by(DeliveryRow.created_at.desc()).limit(1))


def _forget(session: Session, ids: list[str]) -> int:
    forgotten = 0
    for batch in in_batches(ids):
        for row in (ToldRow, DeliveryRow):
            session.execute(delete(row).where(row.subscription_id.in_(batch)))
        forgotten += session.execute(delete(SubscriptionRow).where(SubscriptionRow.id.in_(batch))).rowcount
    return forgotten


def _get(session: Session, subscription: str) -> SubscriptionRow:
    row = session.get(SubscriptionRow, subscription)
    if row is None:
        raise NotFound(what=subscription)
    return row


def _count(session: Session, *conditions: object) -> int:
    return session.scalar(select(func.count()).select_from(SubscriptionRow).where(*conditions)) or 0


def _subscription(row: SubscriptionRow) -> Subscription:
    return Subscription(
        id=row.id,
        channel=Channel(row.channel),
        address=row.address,
        search=row.search,
        language=row.language,
        created_at=row.created_at,
        confirmed=row.confirmed_at is not None,
    )
