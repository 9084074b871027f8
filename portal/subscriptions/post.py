"""The post: what is due is sent, and no letter twice.

A letter is claimed, in a committed transaction, when the mail server has accepted everything but the letter itself.
A process that dies before leaves it due; where it dies, or the line breaks, in the instant after, the letter is
*doubtful*: it may have been sent, so it is not sent again, and that is recorded. A notice to a program carries its
delivery's id and is repeated until it is taken, as programs expect.
"""

from __future__ import annotations

import fcntl
import http.client
import logging
import smtplib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select, update

from gazette.errors import GongbaoError
from gazette.record.reading import iter_documents
from gazette.store import Store, now, today
from portal.subscriptions import mail, webhook
from portal.subscriptions.book import (
    Channel,
    DeliveryKind,
    DeliveryRow,
    Outcome,
    Subscription,
    SubscriptionRow,
    ToldRow,
    get_subscription,
)
from portal.subscriptions.mail import MailSettings, News, Office

log = logging.getLogger("portal.post")

#: How long to wait after each failed attempt; after the last the delivery has failed.
WAITS = tuple(timedelta(minutes=each) for each in (1, 5, 30, 120, 360, 720, 1440))
#: A letter handed over for longer was left behind by a process that is gone.
DOUBTFUL_AFTER = timedelta(minutes=10)
PAUSE_S = 5.0
_BATCH = 20


class _Taken(Exception):
    """Another process has the letter in hand."""


_FAILURES = (OSError, smtplib.SMTPException, http.client.HTTPException, GongbaoError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """How many deliveries ended how in one round; `later` will be tried again."""

    sent: int = 0
    failed: int = 0
    doubtful: int = 0
    later: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Postman:
    """What sending needs. `local` lets webhooks reach loopback addresses, and those only."""

    store: Store
    settings: MailSettings
    office: Office
    local: bool = False

    def rounds(self, stopped: threading.Event) -> None:
        """Send what is due until stopped. A failed round is logged and tried again."""
        while not stopped.wait(PAUSE_S):
            try:
                self.send_due()
            except Exception:
                log.exception("post.round_failed")

    def send_due(self, moment: datetime | None = None) -> Posted:
        """Send everything that is due, and settle what a killed process left half sent."""
        moment = moment or now()
        ends: list[Outcome | None] = []
        with self._alone() as alone:
            if not alone:
                return Posted()
            ends += [Outcome.DOUBTFUL] * self._settle_doubtful(moment)
            while due := self._due(moment):
                ends += [self._send(delivery, moment) for delivery in due]
        posted = Posted(
            sent=ends.count(Outcome.SENT),
            failed=ends.count(Outcome.FAILED),
            doubtful=ends.count(Outcome.DOUBTFUL),
            later=ends.count(None),
        )
        if ends:
            log.info("post.round", extra=asdict(posted))
        return posted

    @contextmanager
    def _alone(self) -> Iterator[bool]:
        """Hold the lock of this home's post; False where another process has it."""
        with (self.store.settings.home / "post.lock").open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
            else:
                yield True

    def _due(self, moment: datetime) -> list[str]:
        with self.store.read() as session:
            due = select(DeliveryRow.id).where(DeliveryRow.due_at <= moment, DeliveryRow.started_at.is_(None))
            query = due.order_by(DeliveryRow.due_at).limit(_BATCH)
            if not self.settings.ready:
                hooks = select(SubscriptionRow.id).where(SubscriptionRow.channel == Channel.WEBHOOK.value)
                query = query.where(DeliveryRow.subscription_id.in_(hooks))
            return list(session.scalars(query))

    def _settle_doubtful(self, moment: datetime) -> int:
        """Letters begun and never ended by a process that is gone."""
        begun = (DeliveryRow.started_at < moment - DOUBTFUL_AFTER, DeliveryRow.done_at.is_(None))
        with self.store.read() as session:
            ids = list(session.scalars(select(DeliveryRow.id).where(*begun)))
        for each in ids:
            self._change(each, done_at=now(), due_at=None, outcome=Outcome.DOUBTFUL.value)
        return len(ids)

    def _send(self, delivery: str, moment: datetime) -> Outcome | None:
        """How one delivery ended; None when it is tried again."""
        with self.store.read() as session:
            row = session.get(DeliveryRow, delivery)
            if row is None:
                return Outcome.EMPTY
            kind, attempts = DeliveryKind(row.kind), row.attempts
            subscription = get_subscription(session, row.subscription_id)
        try:
            sent = self._hand_over(delivery, kind, subscription)
        except _Taken:
            return Outcome.EMPTY
        except _FAILURES as error:
            if self._was_begun(delivery) and not isinstance(error, smtplib.SMTPResponseException):
                self._change(delivery, done_at=now(), due_at=None, outcome=Outcome.DOUBTFUL.value, error=str(error))
                return Outcome.DOUBTFUL
            last = attempts >= len(WAITS) or _is_final(error)
            return self._failed(delivery, error, None if last else moment + WAITS[attempts])
        except Exception as error:
            # One delivery that nobody can send must not hold up the post.
            log.exception("post.broken", extra={"delivery": delivery})
            return self._failed(delivery, error, None)
        outcome = Outcome.SENT if sent else Outcome.EMPTY
        self._change(delivery, done_at=now(), due_at=None, outcome=outcome.value, error=None)
        return outcome

    def _hand_over(self, delivery: str, kind: DeliveryKind, subscription: Subscription) -> bool:
        """False when there is nothing (any more) to send."""
        if kind is DeliveryKind.CONFIRM:
            if subscription.confirmed:
                return False
            letter = mail.confirming_letter(self.office, subscription)
        else:
            news = self._news(delivery, subscription.language, today())
            if not news:
                return False
            if subscription.channel is Channel.WEBHOOK:
                self._notify(delivery, subscription, news)
                return True
            letter = mail.news_letter(self.office, subscription, news)
        letter["From"] = mail.sender_of(self.settings, self.office, subscription.language)
        letter["Message-ID"] = f"<{delivery}@{self.settings.sender.rpartition('@')[2]}>"
        mail.hand_over(self.settings, letter, subscription.address, lambda: self._claim(delivery))
        return True

    def _claim(self, delivery: str) -> None:
        """Say that the letter is being handed over. Raises _Taken where another process said so first."""
        with self.store.write() as session:
            free = update(DeliveryRow).where(DeliveryRow.id == delivery, DeliveryRow.started_at.is_(None))
            if not session.execute(free.values(started_at=now())).rowcount:
                raise _Taken

    def _was_begun(self, delivery: str) -> bool:
        with self.store.read() as session:
            row = session.get(DeliveryRow, delivery)
            return row is not None and row.started_at is not None

    def _notify(self, delivery: str, subscription: Subscription, news: tuple[News, ...]) -> None:
        payload = {
            "type": "search.new",
            "timestamp": now().isoformat(),
            "data": {
                "subscription": subscription.id,
                "search": self.office.url(f"/search?{subscription.search}"),
                "documents": [
                    {
                        "id": each.id,
                        "title": each.title,
                        "doc_number": each.number,
                        "status": each.status,
                        "url": self.office.url(each.path),
                    }
                    for each in news
                ],
            },
        }
        secret = webhook.secret_of(self.office.key, subscription.id)
        webhook.send(subscription.address, secret, delivery, payload, local=self.local)

    def _news(self, delivery: str, language: str, day: date) -> tuple[News, ...]:
        """The documents of a delivery that are still published."""
        from gazette.renditions.frontmatter import wording

        with self.store.read() as session:
            ids = list(session.scalars(select(ToldRow.document_id).where(ToldRow.delivery_id == delivery)))
            words = wording(language)["status"]
            return tuple(
                News(
                    id=each.id,
                    title=each.title,
                    status=words.get(each.standing.status.value, each.standing.status.value),
                    number=each.doc_number,
                    path=f"/documents/{each.id}",
                )
                for each in iter_documents(session, ids, as_of=day)
            )

    def _failed(self, delivery: str, error: Exception, due: datetime | None) -> Outcome | None:
        ended: dict[str, object] = {"done_at": now(), "outcome": Outcome.FAILED.value} if due is None else {}
        log.warning("post.failed", extra={"delivery": delivery, "error": type(error).__name__})
        with self.store.write() as session:
            row = session.get(DeliveryRow, delivery)
            if row is not None:
                row.attempts, row.due_at, row.started_at, row.error = row.attempts + 1, due, None, str(error)[:500]
                for name, value in ended.items():
                    setattr(row, name, value)
        return None if due else Outcome.FAILED

    def _change(self, delivery: str, **values: object) -> None:
        with self.store.write() as session:
            session.execute(update(DeliveryRow).where(DeliveryRow.id == delivery).values(**values))


def _is_final(error: Exception) -> bool:
    """Whether trying again is of no use: the server knows no such address, or the address may not be reached."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(500 <= code < 600 for code, _reply in error.recipients.values())
    return isinstance(error, smtplib.SMTPResponseException) and 500 <= error.smtp_code < 600
