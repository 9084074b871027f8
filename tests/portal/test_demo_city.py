"""The files of the demo city: complete, consistent, small."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from gazette.audit import AuditRow
from gazette.digitization.digitize import digitize
from gazette.digitization.readers.ocr import find_recognizer
from gazette.draft import SourceFile
from gazette.issues.commitment import verify_issue
from gazette.issues.gazettes import get_issue
from gazette.ledger import LedgerRow
from gazette.outbox import OutboxRow
from gazette.record.documents import CopyRow
from gazette.record.reading import DocumentRecord, iter_documents
from gazette.settings import RecordSettings
from gazette.store import Store
from gazette.validity.events import EventRow
from portal.database import open_store
from portal.demo.city import COLUMNS, FOLDER, load, read_issues

EXPECTED = tomllib.loads(Path(__file__).with_name("demo_expected.toml").read_text("utf-8"))["document"]
FILES = tomllib.loads(Path(__file__).with_name("demo_files.toml").read_text("utf-8"))["file"]

#: The day for which the expectations were written.
DAY = date(2026, 11, 21)


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store with the whole city in it."""
    store = open_store(RecordSettings(home=tmp_path_factory.mktemp("city")))
    load(store)
    yield store
    store.close()


@pytest.fixture(scope="module")
def documents(city: Store) -> tuple[DocumentRecord, ...]:
    with city.read() as session:
        return tuple(iter_documents(session, as_of=DAY))


@pytest.fixture(scope="module")
def reading(tmp_path_factory: pytest.TempPathFactory) -> RecordSettings:
    """One setting for all files, so that one reading process serves them."""
    return RecordSettings(home=tmp_path_factory.mktemp("reading"))


def test_every_file_stands_in_the_contents_of_its_issue_once():
    for issue in read_issues():
        listed = Counter(entry.file.name for entry in issue.entries)
        held = {file.name for file in issue.folder.iterdir()} - {"issue.toml"}
        assert listed == Counter(held)


def test_there_are_at_least_six_issues_of_mixed_formats_in_order():
    issues = read_issues()
    assert len(issues) >= 6
    assert {entry.file.suffix for issue in issues for entry in issue.entries} >= {".html", ".docx", ".pdf", ".txt"}
    assert [issue.cover_date for issue in issues] == sorted(issue.cover_date for issue in issues)
    assert [issue.running_number for issue in issues] == sorted({issue.running_number for issue in issues})


def test_columns_are_those_of_the_gazette():
    assert {entry.column for issue in read_issues() for entry in issue.entries} <= set(COLUMNS)


def test_every_expectation_is_about_a_file_that_is_there():
    assert EXPECTED
    for each in EXPECTED:
        assert (FOLDER / each["file"]).is_file()


def test_the_city_weighs_less_than_five_megabytes():
    assert sum(file.stat().st_size for file in FOLDER.rglob("*") if file.is_file()) < 5_000_000


@pytest.mark.parametrize("expected", FILES, ids=lambda each: each["name"])
def test_every_file_is_read_for_what_it_is(expected: dict[str, Any], reading: RecordSettings):
    source = SourceFile(name=expected["name"], data=(FOLDER / expected["name"]).read_bytes())
    digitized = digitize(source, settings=reading)
    if expected.get("scan") and find_recognizer() is None:
        assert [finding.code for finding in digitized.findings] == ["scan.needs_ocr"]
        return
    assert [draft.title for draft in digitized.drafts] == expected["titles"]
    first = digitized.drafts[0]
    assert (first.doc_number and first.doc_number.normalized) == expected.get("doc_number")
    assert first.registry_number == expected.get("registry_number")
    assert first.signed_date == expected.get("signed")


def _label(expected: dict[str, Any]) -> str:
    return "-".join(filter(None, (expected["title"], expected.get("number"), expected.get("version"))))


@pytest.mark.parametrize("expected", EXPECTED, ids=_label)
def test_every_label_is_right_and_quotes_what_it_rests_on(
    expected: dict[str, Any], documents: tuple[DocumentRecord, ...]
):
    (document,) = (
        each
        for each in documents
        if each.title == expected["title"] and expected.get("number") in (None, each.doc_number)
    )
    standing = document.standing
    if day := expected.get("version"):
        (version,) = (each for each in document.versions if str(each.version_date) == day)
        standing = version.standing
    assert standing.status.value == expected["status"]
    assert expected.get("quote", "") in "\n".join(event.quote or "" for event in standing.events)


def test_every_issue_is_printed_published_and_verified(city: Store):
    for folder in read_issues():
        with city.read() as session:
            issue = get_issue(session, folder.address)
        assert issue.state == "published"
        assert issue.pages
        assert all(entry.page_from for entry in issue.entries)
        assert verify_issue(city, folder.address).ok


def test_loading_again_changes_nothing(city: Store):
    def trail() -> tuple[int, ...]:
        with city.read() as session:
            tables = (AuditRow, OutboxRow, EventRow, LedgerRow, CopyRow)
            return tuple(session.scalar(select(func.count()).select_from(table)) or 0 for table in tables)

    before = trail()
    assert load(city).stored == 0
    assert trail() == before


def test_a_promulgating_order_is_kept_without_the_page_around_it(documents: tuple[DocumentRecord, ...]):
    (document,) = (each for each in documents if each.title == "江城市城市供水用水管理办法")
    (order,) = document.current.notes
    assert order.split("\n")[:2] == ["江城市人民政府令", "第109号"]
    assert order.endswith("江城市人民政府\n2023年2月6日")
