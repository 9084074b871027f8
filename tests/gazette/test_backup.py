"""A backup is one moment of the record, and is restored whole or not at all."""

import tarfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from gazette.backup import BackupDamaged, backup, restore
from gazette.blobs import Blobs
from gazette.editing.workflow import purge
from gazette.errors import Conflict, Withdrawn
from gazette.record.reading import count_documents, get_document
from gazette.settings import RecordSettings
from gazette.store import Store
from portal.database import open_store
from tests.gazette.builders import a_draft, take_in


@pytest.mark.parametrize("name", ["record.tar", "record.tar.gz"])
def test_what_was_backed_up_is_restored_into_an_empty_home(store: Store, tmp_path: Path, name: str) -> None:
    outcome = take_in(store, a_draft())
    summary = backup(store, tmp_path / name)
    assert summary.blobs == 1
    settings = RecordSettings(home=tmp_path / "second")
    assert restore(settings, tmp_path / name) == summary
    restored = open_store(settings)
    with restored.read() as session:
        record = get_document(session, outcome.document or "")
    assert restored.blobs.get(record.current.copies[0].sha256)
    restored.close()


def test_a_home_that_holds_a_record_is_not_overwritten_unless_asked(store: Store, tmp_path: Path) -> None:
    backup(store, tmp_path / "empty.tar")
    take_in(store, a_draft())
    with pytest.raises(Conflict):
        restore(store.settings, tmp_path / "empty.tar")
    store.engine.dispose()
    restore(store.settings, tmp_path / "empty.tar", force=True)
    with store.read() as session:
        assert count_documents(session) == 0


def test_a_backup_taken_while_others_write_is_one_consistent_moment(store: Store, tmp_path: Path) -> None:
    stop = threading.Event()

    def write() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            take_in(store, a_draft(f"关于第{number}件事的通知", place=str(number)))

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(3):
            backup(store, tmp_path / f"{number}.tar")
    finally:
        stop.set()
        writer.join()
    for number in range(3):
        settings = RecordSettings(home=tmp_path / f"home{number}")
        restore(settings, tmp_path / f"{number}.tar")
        restored = open_store(settings)
        with restored.read() as session:
            from gazette.record.reading import iter_documents

            for record in iter_documents(session):
                assert restored.blobs.has(record.current.copies[0].sha256)
        restored.close()


def test_a_backup_that_meets_a_purge_keeps_nothing_of_it(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    leaked = take_in(store, a_draft("名单公示")).document or ""
    take_in(store, a_draft("另一件事的通知", place="2"))
    with store.read() as session:
        digest = get_document(session, leaked).current.copies[0].sha256
    list_blobs = Blobs.digests

    def purged_after_listing(blobs: Blobs) -> Iterator[str]:
        monkeypatch.undo()
        listed = list(list_blobs(blobs))
        purge(store, leaked, actor="管理员", reason="含身份证号")
        return iter(listed)

    monkeypatch.setattr(Blobs, "digests", purged_after_listing)
    backup(store, tmp_path / "record.tar")
    settings = RecordSettings(home=tmp_path / "elsewhere")
    restore(settings, tmp_path / "record.tar")
    restored = open_store(settings)
    with restored.read() as session, pytest.raises(Withdrawn):
        get_document(session, leaked)
    assert not restored.blobs.has(digest)
    restored.close()


def _damaged(backup_file: Path, damage: str) -> None:
    data = bytearray(backup_file.read_bytes())
    if damage == "truncated":
        backup_file.write_bytes(data[: len(data) // 2])
    elif damage == "altered":
        with tarfile.open(backup_file) as tar:
            offset = next(member.offset_data for member in tar if member.name.startswith("blobs/"))
        data[offset] ^= 1
        backup_file.write_bytes(data)
    elif damage == "strange member":
        with tarfile.open(backup_file, "a") as tar:
            tar.addfile(tarfile.TarInfo("../escape"))
    else:
        backup_file.write_bytes(b"no tar at all")


@pytest.mark.parametrize("damage", ["truncated", "altered", "strange member", "no tar"])
def test_a_damaged_backup_is_refused_and_leaves_nothing(store: Store, tmp_path: Path, damage: str) -> None:
    take_in(store, a_draft())
    backup(store, tmp_path / "b.tar")
    _damaged(tmp_path / "b.tar", damage)
    settings = RecordSettings(home=tmp_path / "second")
    with pytest.raises(BackupDamaged):
        restore(settings, tmp_path / "b.tar")
    assert list(settings.home.iterdir()) == []
