"""The keeper: the one process that writes the index, and what the calendar changes.

It follows the outbox, so what is published is found within a second or two; at the turn of the day (in the portal's
time zone) it carries into the index what commenced or lapsed, so that no label goes stale at midnight, and brings the
record's own dataset up to date.
"""

from __future__ import annotations

import logging
import signal
import threading
from datetime import date

from datasets.record_dataset import refresh
from gazette.intervals import enqueue_calendar
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
    while not stopped.is_set():
        try:
            today = now().date()
            if today != last_day:
                enqueue_calendar(store, today)
                last_day = today
                if refresh(store):
                    log.info("record_dataset.refreshed")
            changed = sync(store, index)
            if changed:
                log.info("index.synced", extra={"documents": changed})
        except Exception:
            log.exception("index.sync_failed")
        stopped.wait(PAUSE_S)


def main() -> None:
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    store = open_store(RecordSettings.load())
    try:
        with Index.open(store.settings, IndexSettings.load().engine) as index:
            keep(store, index, stopped)
    finally:
        store.close()


if __name__ == "__main__":
    main()
