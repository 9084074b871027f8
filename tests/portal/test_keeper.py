"""The keeper's rounds, with what others do to the store between them."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from datetime import date

import pytest

from datasets import record_dataset
from datasets.catalogue import get_dataset
from gazette.cleanups import batches
from gazette.cleanups.cleanup import DecidingAct, LineState, Task, get_cleanup
from gazette.cleanups.clearing import open_cleanup
from gazette.cleanups.listings import read_pasted
from gazette.editing import workflow
from gazette.errors import NotFound
from gazette.store import Store
from indexer.search import Index
from portal.keeper import clear, keep
from portal.logs import configure_logs
from tests.gazette.builders import a_draft, take_in

LEAKED = "身份证号110101199001011234"


class Rounds(threading.Event):
    """The signal to stop: instead of pausing, the next deed is done; after the last one it is set."""

    def __init__(self, *deeds: Callable[[], object]) -> None:
        super().__init__()
        self.deeds = list(deeds)

    def wait(self, timeout: float | None = None) -> bool:
        if not self.deeds:
            self.set()
            return True
        self.deeds.pop(0)()
        return False


def held_tables(store: Store) -> dict[str, bytes]:
    """The tables of the record's dataset by the hash under which they are kept."""
    with store.read() as session:
        dataset = get_dataset(session, record_dataset.NAME)
    return {each.table_sha256: store.blobs.get(each.table_sha256) for each in dataset.resources}


def is_gone(store: Store, digest: str) -> bool:
    try:
        store.blobs.get(digest)
    except NotFound:
        return True
    return False


def test_a_clean_up_set_going_is_carried_on_to_its_end(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "LOT", 1)
    take_in(store, a_draft("江城市停车规定", number="江政发〔2010〕5号"))
    take_in(store, a_draft("江城市养犬规定", number="江政发〔2010〕6号"))
    act = DecidingAct(title="江城市人民政府关于清理的决定", effective=date(2024, 5, 1))
    lines = read_pasted("废止目录\n江城市停车规定（江政发〔2010〕5号）\n江城市养犬规定（江政发〔2010〕6号）")
    cleanup = open_cleanup(store, act, lines, source="粘贴", actor="编辑")
    assert batches.start(store, cleanup, Task.ACCEPT, actor="编辑") == 2
    clear(store, Rounds(lambda: None, lambda: None))
    with store.read() as session:
        assert get_cleanup(session, cleanup).counts[LineState.ACCEPTED] == 2


def test_a_purge_has_the_dataset_of_the_record_made_anew_at_once(store: Store) -> None:
    outcome = take_in(store, a_draft(text=(LEAKED,)))
    other = take_in(store, a_draft(title="江城市停车规定", place="b.html"))
    before: dict[str, bytes] = {}

    def purge() -> None:
        before.update(held_tables(store))
        workflow.purge(store, outcome.document, actor="test", reason="含身份证号")

    with Index.open(store.settings) as index:
        keep(store, index, Rounds(purge))
    leaked = [digest for digest, table in before.items() if LEAKED.encode() in table]
    assert leaked
    assert all(is_gone(store, digest) for digest in leaked)
    after = b"".join(held_tables(store).values())
    assert LEAKED.encode() not in after
    assert other.document.encode() in after


def test_what_is_only_published_waits_for_the_turn_of_the_day(store: Store) -> None:
    take_in(store, a_draft())
    before: dict[str, bytes] = {}

    def publish() -> None:
        before.update(held_tables(store))
        take_in(store, a_draft(title="江城市停车规定", place="b.html"))

    with Index.open(store.settings) as index:
        keep(store, index, Rounds(publish))
    assert held_tables(store) == before


def test_a_keeper_whose_server_is_gone_ends(store: Store) -> None:
    with Index.open(store.settings) as index:
        keep(store, index, threading.Event(), is_wanted=lambda: False)


def test_the_keeper_speaks_in_lines_of_json(store: Store, capfd: pytest.CaptureFixture[str]) -> None:
    configure_logs()
    with Index.open(store.settings) as index:
        keep(store, index, Rounds(lambda: take_in(store, a_draft())))
    events = [json.loads(line)["event"] for line in capfd.readouterr().err.splitlines()]
    assert "index.synced" in events


def test_a_rebuild_under_way_is_no_failure(store: Store, capfd: pytest.CaptureFixture[str]) -> None:
    configure_logs()
    with Index.open(store.settings) as index, index.generations.writing():
        keep(store, index, Rounds())
    (told,) = [json.loads(line) for line in capfd.readouterr().err.splitlines()]
    assert (told["event"], told["level"]) == ("index.busy", "info")
