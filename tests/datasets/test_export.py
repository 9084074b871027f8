"""Exports: whole or since a snapshot, the same bytes again, tombstones for what is gone."""

from __future__ import annotations

import csv
import hashlib
import json
from pathlib import Path

import pytest

from datasets.catalogue import get_dataset
from datasets.dataset import DatasetState
from datasets.export import export_record
from datasets.package import package
from datasets.record_dataset import refresh
from gazette.errors import BadInput
from gazette.outbox import enqueue, last_change
from gazette.record.documents import DocumentRow, DocumentState
from gazette.store import Store, now
from tests.gazette.builders import a_draft, take_in


def read_sheet(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def withdraw(store: Store, document: str) -> None:
    with store.write() as session:
        row = session.get_one(DocumentRow, document)
        row.state, row.withdrawn_at, row.withdrawn_reason = DocumentState.WITHDRAWN.value, now(), "内容有误"
        enqueue(session, "document", document)


@pytest.fixture
def parks(store: Store) -> str:
    """The id of a published document."""
    outcome = take_in(store, a_draft("江城市公园管理办法", number="江政规〔2020〕1号", issuers=("江城市人民政府",)))
    return outcome.document or ""


def test_an_export_holds_the_published_documents_and_their_texts(store: Store, parks: str, tmp_path: Path) -> None:
    take_in(store, a_draft("未公开的办法"), publish=False)
    exported = export_record(store, tmp_path / "out")
    (document,) = read_sheet(tmp_path / "out", "documents")
    assert (document["id"], document["title"], document["issuers"]) == (parks, "江城市公园管理办法", "江城市人民政府")
    (line,) = (tmp_path / "out" / "texts.jsonl").read_text("utf-8").splitlines()
    assert json.loads(line)["document"] == parks
    assert exported.to_json()["documents"] == 1


def test_the_same_record_is_exported_to_the_same_bytes(store: Store, parks: str, tmp_path: Path) -> None:
    export_record(store, tmp_path / "a")
    export_record(store, tmp_path / "b")
    assert bytes_of(tmp_path / "a") == bytes_of(tmp_path / "b")


def test_frictionless_accepts_an_export(store: Store, parks: str, tmp_path: Path) -> None:
    from frictionless import validate

    export_record(store, tmp_path)
    report = validate(str(tmp_path / "datapackage.json"))
    assert report.valid, report.flatten(["rowNumber", "fieldName", "message"])


def test_sums_are_those_of_the_files(store: Store, parks: str, tmp_path: Path) -> None:
    export_record(store, tmp_path / "out")
    files = bytes_of(tmp_path / "out")
    lines = files.pop("SHA256SUMS").decode().splitlines()
    assert sorted(lines) == sorted(f"{hashlib.sha256(data).hexdigest()}  {name}" for name, data in files.items())


def test_a_delta_holds_what_changed_and_nothing_else(store: Store, parks: str, tmp_path: Path) -> None:
    snapshot = export_record(store, tmp_path / "full").snapshot
    nothing = export_record(store, tmp_path / "none", since=snapshot)
    assert (nothing.rows("documents"), nothing.rows("tombstones"), nothing.snapshot) == (0, 0, snapshot)
    later = take_in(store, a_draft("江城市湖泊保护办法", number="江政规〔2021〕2号")).document
    export_record(store, tmp_path / "delta", since=snapshot)
    assert [row["id"] for row in read_sheet(tmp_path / "delta", "documents")] == [later]


def test_a_withdrawn_document_is_a_tombstone_in_deltas_and_in_full(store: Store, parks: str, tmp_path: Path) -> None:
    snapshot = export_record(store, tmp_path / "full").snapshot
    withdraw(store, parks)
    for since, name in ((snapshot, "delta"), (None, "again")):
        exported = export_record(store, tmp_path / name, since=since)
        assert exported.rows("documents") == 0
        (stone,) = read_sheet(tmp_path / name, "tombstones")
        assert (stone["document"], stone["state"], stone["reason"]) == (parks, "withdrawn", "内容有误")
        assert "江城市公园管理办法的正文" not in (tmp_path / name / "texts.jsonl").read_text("utf-8")


def test_full_and_deltas_add_up_to_the_record(store: Store, parks: str, tmp_path: Path) -> None:
    held: dict[str, dict[str, str]] = {}
    since = None
    for step in range(4):
        take_in(store, a_draft(f"江城市第{step}号办法", number=f"江政规〔2022〕{step + 1}号"))
        if step == 2:
            withdraw(store, parks)
        folder = tmp_path / str(step)
        since = export_record(store, folder, since=since).snapshot
        held |= {row["id"]: row for row in read_sheet(folder, "documents")}
        for stone in read_sheet(folder, "tombstones"):
            held.pop(stone["document"], None)
    export_record(store, tmp_path / "full")
    assert held == {row["id"]: row for row in read_sheet(tmp_path / "full", "documents")}


@pytest.mark.parametrize("since", [-1, 10**9])
def test_a_snapshot_that_never_was_is_refused(store: Store, tmp_path: Path, since: int) -> None:
    with pytest.raises(BadInput, match="快照"):
        export_record(store, tmp_path / "out", since=since)
    assert not (tmp_path / "out").exists()


def test_the_record_is_published_as_a_dataset_and_refreshed_only_after_changes(store: Store, parks: str) -> None:
    assert refresh(store)
    first = package(store, "record")
    assert not refresh(store)
    assert package(store, "record") == first
    take_in(store, a_draft("江城市湖泊保护办法", number="江政规〔2021〕2号"))
    assert refresh(store)
    with store.read() as session:
        dataset = get_dataset(session, "record")
        assert last_change(session) > 0
    assert dataset.state is DatasetState.PUBLISHED
    assert {each.name: each.rows for each in dataset.resources}["documents"] == 2


def test_tables_of_the_record_that_were_replaced_leave_the_blobs(store: Store, parks: str) -> None:
    refresh(store)
    with store.read() as session:
        before = {each.table_sha256 for each in get_dataset(session, "record").resources if each.rows}
    withdraw(store, parks)
    refresh(store)
    with store.read() as session:
        after = {each.table_sha256 for each in get_dataset(session, "record").resources}
    assert before - after
    assert not any(store.blobs.has(digest) for digest in before - after)
    assert all(store.blobs.has(digest) for digest in after)
