"""The keeper: the one process that writes the index, and what the calendar changes.

It follows the outbox, so what is published is found within a second; at the turn of the day (in
China) it carries into the index what commenced or lapsed, so that no label goes stale at midnight, and brings the
record's own dataset up to date. After a purge the dataset is made anew at once: it must not hold what was destroyed.
It also collects what saved searches found. A thread beside it sends that, another carries on with clean-ups that are
accepted or taken back lot by lot: neither may wait for the index.
"""

from __future__ import annotations

import logging
import os
import signal
import threading
from collections.abc import Callable
from datetime import date

from datasets.record_dataset import refresh
from gazette.cleanups.batches import carry_on, find_unfinished
from gazette.outbox import has_changed, last_change
from gazette.settings import RecordSettings
from gazette.store import Store, today
from gazette.validity.intervals import enqueue_calendar
from indexer.generations import WriterBusy
from indexer.search import Index
from indexer.settings import IndexSettings
from indexer.sync import sync
from portal.database import open_store
from portal.logs import configure_logs
from portal.settings import PortalSettings
from portal.subscriptions.book import Channel, forget_unanswered
from portal.subscriptions.collect import collect
from portal.subscriptions.mail import MailSettings, office_of
from portal.subscriptions.post import Postman

log = logging.getLogger("portal.keeper")

PAUSE_S = 0.5
#: The pause after a lot of a clean-up.
BREATH_S = 0.05


def keep(store: Store, index: Index, stopped: threading.Event, *, is_wanted: Callable[[], bool] = lambda: True) -> None:
    """Follow the outbox until `stopped` or not wanted. A failed round is logged and tried again: the outbox waits."""
    last_day: date | None = None
    collected: date | None = None
    followed, due = 0, False
    while is_wanted() and not stopped.is_set():
        try:
            day = today()
            if day != last_day:
                enqueue_calendar(store, day)
                last_day, due = day, True
            changed = sync(store, index)
            if changed:
                log.info("index.synced", extra={"documents": changed})
            collected = _collect(store, index, day, collected, changed=bool(changed))
            followed, due = _keep_dataset(store, followed, due=due), False
        except WriterBusy:
            log.info("index.busy")
        except Exception:
            log.exception("index.sync_failed")
        stopped.wait(PAUSE_S)


def clear(store: Store, stopped: threading.Event) -> None:
    """Carry on with the clean-ups that editors set going until `stopped`; between two lots others may write."""
    while not stopped.is_set():
        pause = PAUSE_S
        try:
            with store.read() as session:
                cleanup = find_unfinished(session)
            if cleanup is not None:
                carry_on(store, cleanup)
                pause = BREATH_S
        except Exception:
            log.exception("cleanup.lot_failed")
        stopped.wait(pause)


def _collect(store: Store, index: Index, day: date, collected: date | None, *, changed: bool) -> date:
    """What saved searches found: for programs after every change, for letters once a day. The day collected for."""
    if changed or day != collected:
        collect(store, index, Channel.WEBHOOK, day)
    if day != collected:
        forget_unanswered(store)
        collect(store, index, Channel.EMAIL, day)
    return day


def _keep_dataset(store: Store, followed: int, *, due: bool) -> int:
    """Make the record's dataset anew where that is due or was asked for after `followed`; the newest change seen."""
    with store.read() as session:
        newest = last_change(session)
        asked = has_changed(session, "record", followed)
    if (due or asked) and refresh(store):
        log.info("record_dataset.refreshed")
    return newest


def main() -> None:
    """Keep index, calendar and post until told to stop, or until the server is gone."""
    configure_logs()
    server = os.getppid()
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    store = open_store(RecordSettings.load())
    settings = PortalSettings.load()
    postman = Postman(
        store=store,
        settings=MailSettings.load(),
        office=office_of(settings, store.settings.home),
        local=settings.webhooks_local,
    )
    # A mail server that is slow must not keep anybody from finding what was published.
    post = threading.Thread(target=postman.rounds, args=(stopped,), name="post")
    clearing = threading.Thread(target=clear, args=(store, stopped), name="clearing")
    post.start()
    clearing.start()
    try:
        with Index.open(store.settings, options=IndexSettings.load()) as index:
            # A server that is killed cannot say goodbye; its keeper must not outlive it.
            keep(store, index, stopped, is_wanted=lambda: os.getppid() == server)
    finally:
        stopped.set()
        post.join()
        clearing.join()
        store.close()


if __name__ == "__main__":
    main()
