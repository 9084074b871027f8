"""The keeper: the one process that writes the index, and what the calendar changes.

It follows the outbox, so what is published is found within a second or two; at the turn of the day (in the portal's
time zone) it carries into the index what commenced or lapsed, so that no label goes stale at midnight, and brings the
record's own dataset up to date. After a purge the dataset is made anew at once: it must not hold what was destroyed.
"""

from __future__ import annotations

import logging
import signal
import threading
from datetime import date

from datasets.record_dataset import refresh
from gazette.intervals import enqueue_calendar
from gazette.outbox import has_changed, last_change
from gazette.settings import RecordSettings
from gazette.store import Store, now
from indexer.search import Index
from indexer.settings import IndexSettings
from indexer.sync import sync
from portal.database import open_store

log = logging.getLogger("gongbao.keeper")

PAUSE_S = 1.0


def keep(store: Store, index: Index, stopped: threading.Event) -> None:
    """Follow the outbox until `stopped`. A failed round is logged and tried again: the outbox keeps its place."""
    last_day: date | None = None
    followed, due = 0, False
    while not stopped.is_set():
        try:
            today = now().date()
            if today != last_day:
                enqueue_calendar(store, today)
                last_day, due = today, True
            changed = sync(store, index)
            if changed:
                log.info("index.synced", extra={"documents": changed})
            followed, due = _keep_dataset(store, followed, due=due), False
        except Exception:
            log.exception("index.sync_failed")
        stopped.wait(PAUSE_S)


def _keep_dataset(store: Store, followed: int, *, due: bool) -> int:
    """Make the record's dataset anew where that is due or was asked for after `followed`; the newest change seen."""
    with store.read() as session:
        newest = last_change(session)
        asked = has_changed(session, "record", followed)
    if (due or asked) and refresh(store):
        log.info("record_dataset.refreshed")
    return newest


def main() -> None:
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    store = open_store(RecordSettings.load())
    try:
        with Index.open(store.settings, options=IndexSettings.load()) as index:
            keep(store, index, stopped)
    finally:
        store.close()


if __name__ == "__main__":
    main()
