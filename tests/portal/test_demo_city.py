"""The files of the demo city: complete, consistent, small."""

from __future__ import annotations

import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from gazette.digitize import digitize
from gazette.draft import SourceFile
from gazette.readers.ocr import find_recognizer
from gazette.settings import RecordSettings
from portal.demo.city import COLUMNS, FOLDER, read_issues

EXPECTED = tomllib.loads(Path(__file__).with_name("demo_expected.toml").read_text("utf-8"))["document"]
FILES = tomllib.loads(Path(__file__).with_name("demo_files.toml").read_text("utf-8"))["file"]


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
