"""The catalogue: what is written is read back, once, with its trail."""

from __future__ import annotations

from typing import Any

import pytest

from datasets.catalogue import get_dataset, list_datasets, publish, purge_dataset, store_dataset, withdraw
from datasets.dataset import DatasetMeta, DatasetState, ResourceDraft, get_resource
from gazette.audit import list_audit
from gazette.errors import BadInput, Conflict, NotFound
from gazette.ledger import list_entries, verify
from gazette.outbox import iter_changes
from gazette.store import Store

META = DatasetMeta(name="parking", title="公共停车场信息", provider="江城市城市管理局", keywords=("停车",))


def resource(name: str = "lots", **changes: Any) -> ResourceDraft:
    facts: dict[str, Any] = {
        "name": name,
        "title": "停车场",
        "file_name": "停车场.csv",
        "media_type": "text/csv",
        "sha256": "a" * 64,
        "bytes": 10,
        "table_sha256": "b" * 64,
        "table_bytes": 9,
        "rows": 2,
        "schema": {"fields": [{"name": "名称", "type": "string"}]},
        "report": {"valid": True},
    }
    return ResourceDraft(**facts | changes)


def test_a_dataset_is_stored_as_a_draft_that_readers_do_not_see(store: Store) -> None:
    store_dataset(store, META, [resource()], actor="editor")
    with store.read() as session:
        assert get_dataset(session, "parking").state is DatasetState.DRAFT
        assert list_datasets(session) == ()
        assert len(list_datasets(session, drafts=True)) == 1


def test_the_same_dataset_again_changes_nothing(store: Store) -> None:
    assert store_dataset(store, META, [resource()], actor="editor")
    assert not store_dataset(store, META, [resource()], actor="editor")
    with store.read() as session:
        assert len(list(iter_changes(session))) == 1
        assert len(list_audit(session, subject="parking")) == 1


def test_a_change_writes_trail_and_outbox_in_one_go_and_drops_what_is_gone(store: Store) -> None:
    store_dataset(store, META, [resource("a"), resource("b")], actor="editor")
    store_dataset(store, META, [resource("b", sha256="c" * 64)], actor="editor")
    with store.read() as session:
        (held,) = get_dataset(session, "parking").resources
        assert (held.name, held.sha256) == ("b", "c" * 64)
        assert [change.topic for change in iter_changes(session)] == ["dataset", "dataset"]
        assert [each.action for each in list_audit(session)] == ["dataset.change", "dataset.add"]


def test_publishing_shows_a_dataset_and_withdrawing_hides_it(store: Store) -> None:
    store_dataset(store, META, [resource()], actor="editor")
    assert publish(store, "parking", actor="editor")
    assert not publish(store, "parking", actor="editor")
    with store.read() as session:
        (shown,) = list_datasets(session)
        assert shown.issued is not None
    withdraw(store, "parking", actor="editor", reason="数据有误")
    with store.read() as session:
        assert list_datasets(session) == ()


def test_a_dataset_with_errors_is_published_only_when_an_editor_accepts_them(store: Store) -> None:
    store_dataset(store, META, [resource(report={"valid": False})], actor="editor")
    with pytest.raises(Conflict):
        publish(store, "parking", actor="editor")
    assert publish(store, "parking", actor="editor", accept_errors=True)


def test_names_follow_the_data_package_rule() -> None:
    with pytest.raises(BadInput, match="标题"):
        DatasetMeta(name="停车场", title="停车场")
    with pytest.raises(BadInput, match="更新周期"):
        DatasetMeta(name="a", title="停车场", update_cycle="有时")
    with pytest.raises(BadInput):
        DatasetMeta.from_mapping({"name": "a", "title": "停车场", "colour": "red"})


def test_what_is_not_there_is_said_to_be_not_there(store: Store) -> None:
    store_dataset(store, META, [resource()], actor="editor")
    with store.read() as session:
        with pytest.raises(NotFound):
            get_dataset(session, "nothing")
        with pytest.raises(NotFound):
            get_resource(get_dataset(session, "parking"), "nothing")


def test_purging_removes_the_data_and_keeps_the_reason(store: Store) -> None:
    secret, shared = store.blobs.put(b"secret"), store.blobs.put(b"shared")
    store_dataset(store, META, [resource(sha256=secret, table_sha256=shared)], actor="editor")
    other = DatasetMeta(name="other", title="另一数据集")
    store_dataset(store, other, [resource(sha256=shared, table_sha256=shared)], actor="editor")
    purge_dataset(store, "parking", actor="editor", reason="含个人信息")
    assert not store.blobs.has(secret)
    assert store.blobs.has(shared)
    with store.read() as session:
        purged = get_dataset(session, "parking")
        assert (purged.state, purged.resources) == (DatasetState.WITHDRAWN, ())
        assert list_audit(session, subject="parking")[0].reason == "含个人信息"


def test_the_ledger_commits_to_what_is_published_and_to_each_change_of_it(store: Store) -> None:
    store_dataset(store, META, [resource()], actor="editor")
    publish(store, "parking", actor="editor")
    store_dataset(store, META, [resource(table_sha256="d" * 64)], actor="editor")
    with store.read() as session:
        entries = list_entries(session, topic="dataset", subject="parking")
        assert [each.payload["resources"][0]["table_sha256"][0] for each in entries] == ["b", "d"]
        assert verify(session).intact
