"""The index follows the store, whatever dies on the way."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import asdict, replace

import pytest

from gazette.editing.workflow import withdraw
from gazette.store import Store
from indexer import Index, SearchRequest
from indexer.generations import IndexMissing, IndexStale, WriterBusy
from indexer.schema import schema
from indexer.sync import rebuild, rebuild_from, sync, verify
from tests.builders import a_document
from tests.gazette.builders import a_draft, take_in
from tests.indexer.conftest import drop, open_index


@pytest.fixture
def index(store: Store, engine: str) -> Iterator[Index]:
    opened = open_index(store.settings.home, engine)
    yield opened
    drop(opened)


def titles(index: Index, query: str = "") -> list[str]:
    return sorted(hit.title for hit in index.search(SearchRequest(query=query)).hits)


def generations(index: Index) -> list[str]:
    """Every generation there is, whoever it is of."""
    if index.engine.name != "opensearch":
        return [each.name for each in index.generations.folder.glob("g-*")]
    held = index.engine.client.indices.get(index=f"{index.options.opensearch_prefix}-*")  # type: ignore[attr-defined]
    return sorted({name.rpartition("-")[0] for name in held})


def test_a_search_without_an_index_says_so(index: Index) -> None:
    with pytest.raises(IndexMissing):
        index.search(SearchRequest(query="食品"))


def test_sync_follows_what_is_published_changed_and_withdrawn(store: Store, index: Index) -> None:
    first = take_in(store, a_draft("江城市食品办法"))
    assert sync(store, index) == 1
    assert titles(index) == ["江城市食品办法"]
    take_in(store, a_draft("江城市药品办法", place="b.html"))
    take_in(store, a_draft("江城市草案", place="c.html"), publish=False)
    sync(store, index)
    assert titles(index) == ["江城市药品办法", "江城市食品办法"]
    assert first.document
    withdraw(store, first.document, actor="测试", reason="有误")
    sync(store, index)
    assert titles(index) == ["江城市药品办法"]
    assert verify(store, index).ok
    assert verify(store, index).behind == 0


def test_a_document_is_known_to_be_interpreted_while_its_interpretation_is_published(
    store: Store, index: Index
) -> None:
    take_in(store, a_draft("江城市养犬管理规定"))
    sync(store, index)
    explained = SearchRequest(filters={"has_interpretation": ["yes"]})
    assert index.count(explained) == 0
    reading = take_in(
        store, a_draft("《江城市养犬管理规定》政策解读", text=("《江城市养犬管理规定》已经公布。",), place="b.html")
    )
    sync(store, index)
    assert [hit.title for hit in index.search(explained).hits] == ["江城市养犬管理规定"]
    assert reading.document
    withdraw(store, reading.document, actor="测试", reason="有误")
    sync(store, index)
    assert index.count(explained) == 0
    assert verify(store, index).ok


def test_a_second_sync_finds_nothing_to_do(store: Store, index: Index) -> None:
    take_in(store, a_draft())
    sync(store, index)
    assert sync(store, index) == 0


def test_a_rebuild_and_the_syncs_after_it_agree(store: Store, index: Index) -> None:
    take_in(store, a_draft("甲办法"))
    assert rebuild(store, index) == 1
    take_in(store, a_draft("乙办法", place="b.html"))
    sync(store, index)
    assert titles(index) == ["乙办法", "甲办法"]
    assert verify(store, index).ok


def test_a_sync_killed_before_its_commit_is_made_up_for(
    store: Store, index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    rebuild(store, index)
    take_in(store, a_draft("甲办法"))
    writer = type(index.engine.open_writer(index.generations.get_live().folder, 50_000_000))
    with monkeypatch.context() as patch:
        patch.setattr(writer, "commit", _die)
        with pytest.raises(KeyboardInterrupt):
            sync(store, index)
    assert titles(index) == []
    assert sync(store, index) == 1
    assert titles(index) == ["甲办法"]
    assert verify(store, index).ok


def test_a_killed_rebuild_leaves_the_live_index_and_is_cleared_away(
    index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    rebuild_from(index, [a_document(title="甲办法")])
    with monkeypatch.context() as patch:
        # Killed outright: nothing it does in leaving is done.
        patch.setattr(type(index.generations), "discard", lambda *_: None)
        with pytest.raises(KeyboardInterrupt):
            rebuild_from(index, _dying())
    assert titles(index) == ["甲办法"]
    assert len(generations(index)) == 2
    monkeypatch.setattr("indexer.engines.cluster.GRACE_S", -1)
    rebuild_from(index, [a_document(title="乙办法")])
    assert titles(index) == ["乙办法"]
    assert len(generations(index)) == 1


def test_searches_go_on_while_the_index_is_rebuilt_and_see_the_new_one_at_once(index: Index) -> None:
    rebuild_from(index, [a_document(title="甲办法")])
    with open_index(index.generations.folder.parents[1], index.engine.name) as reading:
        seen = []
        rebuild_from(index, [a_document(title="乙办法")], progress=lambda *_: seen.append(titles(reading)))
        assert seen == [["甲办法"]]
        assert titles(reading) == ["乙办法"]


def test_there_is_one_writer(store: Store, index: Index) -> None:
    with index.generations.writing(), pytest.raises(WriterBusy):
        sync(store, index)
    sync(store, index)


def test_an_index_of_another_version_is_refused_and_rebuilt(
    store: Store, index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    take_in(store, a_draft("甲办法"))
    with monkeypatch.context() as patch:
        for module in ("indexer.generations", "indexer.engines.opensearch"):
            patch.setattr(f"{module}.schema", lambda: replace(schema(), digest="0-old"))
        rebuild(store, index)
    index.close()
    with pytest.raises(IndexStale):
        titles(index)
    sync(store, index)
    assert titles(index) == ["甲办法"]


def test_a_damaged_index_says_so_and_the_next_sync_makes_it_anew(store: Store, index: Index) -> None:
    if index.engine.name != "tantivy":
        pytest.skip("Whoosh finds damage only where it reads, a cluster sees to its own")
    take_in(store, a_draft("甲办法"))
    rebuild(store, index)
    index.close()
    (index.generations.get_live().folder / "document" / "meta.json").write_bytes(b"damaged")
    with pytest.raises(IndexStale):
        titles(index)
    sync(store, index)
    assert titles(index) == ["甲办法"]


def test_a_damaged_file_inside_an_index_says_so_until_it_is_rebuilt(store: Store, index: Index) -> None:
    if index.engine.name != "tantivy":
        pytest.skip("Whoosh finds damage only where it reads, a cluster sees to its own")
    take_in(store, a_draft("甲办法"))
    rebuild(store, index)
    index.close()
    for terms in index.generations.get_live().folder.rglob("*.term"):
        terms.write_bytes(bytes(terms.stat().st_size))
    with pytest.raises(IndexStale):
        titles(index)
    with pytest.raises(IndexStale):
        verify(store, index)
    rebuild(store, index)
    assert titles(index) == ["甲办法"]


@pytest.mark.parametrize("suffix", ["term", "pos", "store"])
def test_a_damage_that_a_search_meets_is_made_good_by_the_next_sync(store: Store, suffix: str) -> None:
    for number in range(3):
        take_in(store, a_draft(f"第{number}号办法", place=f"{number}.html"))
    with Index.open(store.settings) as index:
        sync(store, index)
        _spoil(index, suffix)
        with Index.open(store.settings) as reading, pytest.raises(IndexStale):
            titles(reading, "办法")
        assert sync(store, index) == 3
        assert len(titles(index, "办法")) == 3


def test_sync_finds_damage_that_no_search_has_met(store: Store) -> None:
    take_in(store, a_draft("甲办法"))
    with Index.open(store.settings) as index:
        sync(store, index)
        before = index.generations.get_live().folder
        _spoil(index, "fieldnorm")
    with Index.open(store.settings) as index:
        assert sync(store, index) == 1
        assert index.generations.get_live().folder != before
        assert sync(store, index) == 0


def _spoil(index: Index, suffix: str) -> None:
    """Turn bytes in the middle of every file of one kind."""
    for file in index.generations.get_live().folder.rglob(f"*.{suffix}"):
        held = bytearray(file.read_bytes())
        for place in range(len(held) // 3, len(held) // 3 + 40):
            held[place] ^= 255
        file.write_bytes(bytes(held))


def test_verify_names_what_is_missing_extra_and_stale(store: Store, index: Index) -> None:
    held = take_in(store, a_draft("甲办法")).document
    assert held
    other = a_document(title="别的")
    rebuild_from(index, [other, a_document(id=held, title="甲办法（旧）")])
    found = verify(store, index)
    assert (found.ok, found.extra, found.stale) == (False, (other.id,), (held,))
    rebuild_from(index, [])
    assert verify(store, index).missing == (held,)


def test_a_full_disk_is_told_in_one_error_and_costs_nothing(store: Store) -> None:
    take_in(store, a_draft("甲办法"))
    with Index.open(store.settings) as index:
        rebuild(store, index)
    # No file may grow beyond what the first of an index need: as on a full disk, writing ends in the middle.
    process = subprocess.run(
        [sys.executable, "-c", _CRAMPED, str(store.settings.home)], capture_output=True, text=True, check=False
    )
    assert process.stdout.strip() == "search.index_unwritten", process.stderr
    with Index.open(store.settings) as index:
        assert titles(index) == ["甲办法"]
        assert len(generations(index)) == 1


_CRAMPED = """
import resource, signal, sys
from pathlib import Path
from gazette.settings import RecordSettings
from indexer import Index
from indexer.generations import IndexUnwritten
from indexer.sync import rebuild_from
from tests.builders import a_document
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
with Index.open(RecordSettings(home=Path(sys.argv[1]))) as index:
    resource.setrlimit(resource.RLIMIT_FSIZE, (16_000, 16_000))
    try:
        rebuild_from(index, (a_document(title=f"第{number}号办法") for number in range(2_000)))
    except IndexUnwritten as error:
        print(error.code)
"""


def _die(*_args: object) -> None:
    raise KeyboardInterrupt


def _dying() -> Iterator[object]:
    yield a_document(title="乙办法")
    raise KeyboardInterrupt


def test_warming_readies_a_reader_and_asks_for_no_index(store: Store, index: Index) -> None:
    index.warm()
    take_in(store, a_draft("甲办法"))
    sync(store, index)
    index.warm()
    assert titles(index) == ["甲办法"]


def test_a_rebuild_tells_how_far_it_is(store: Store, index: Index) -> None:
    told: list[tuple[int, int]] = []
    for number in range(3):
        take_in(store, a_draft(f"办法之{number}", place=f"{number}.html"))
    rebuild(store, index, lambda done, total: told.append((done, total)))
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_searches_never_fail_while_the_index_is_rebuilt_again_and_again(index: Index) -> None:
    rebuild_from(index, [a_document(title="甲办法")])
    stopped, found, failed = threading.Event(), set(), []

    def read() -> None:
        with open_index(index.generations.folder.parents[1], index.engine.name) as reading:
            while not stopped.is_set():
                try:
                    found.add(tuple(titles(reading, "办法")))
                except Exception as error:
                    failed.append(error)
                    return

    reader = threading.Thread(target=read)
    reader.start()
    for number in range(4):
        rebuild_from(index, [a_document(title=f"第{number}号办法"), a_document(title="甲办法")])
    stopped.set()
    reader.join()
    assert not failed
    # Every answer is one generation's: the one before or the one after, never something between.
    assert all("甲办法" in each and len(each) <= 2 for each in found)


def test_a_writer_killed_outright_leaves_no_lock_and_the_index_as_it_was(store: Store, index: Index) -> None:
    take_in(store, a_draft("甲办法"))
    rebuild(store, index)
    take_in(store, a_draft("乙办法", place="b.html"))
    settings = {f"GONGBAO_INDEXER_{name.upper()}": str(value) for name, value in asdict(index.options).items()}
    process = subprocess.run(
        [sys.executable, "-c", _KILLED, str(store.settings.home)], env={**os.environ, **settings}, check=False
    )
    assert process.returncode == -signal.SIGKILL
    assert titles(index) == ["甲办法"]
    sync(store, index)
    assert titles(index) == ["乙办法", "甲办法"]
    assert verify(store, index).ok


#: What is killed here has opened the writer and not committed, and holds the lock.
_KILLED = """
import os, signal, sys
from pathlib import Path
from gazette.settings import RecordSettings
from indexer import Index
from indexer.settings import IndexSettings
index = Index.open(RecordSettings(home=Path(sys.argv[1])), options=IndexSettings.load())
with index.generations.writing():
    writer = index.engine.open_writer(index.generations.get_live().folder, 50_000_000)
    writer.remove("nothing")
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_old_generations_leave_no_files_behind(store: Store, index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("indexer.engines.cluster.GRACE_S", -1)
    for number in range(3):
        take_in(store, a_draft(f"第{number}号办法", place=f"{number}.html"))
        rebuild(store, index)
        sync(store, index)
    assert len(generations(index)) == 1
