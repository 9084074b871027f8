"""The files of the demo city: complete, consistent, small."""

from __future__ import annotations

import tomllib
from collections import Counter
from pathlib import Path

from portal.demo.city import COLUMNS, FOLDER, read_issues

EXPECTED = tomllib.loads(Path(__file__).with_name("demo_expected.toml").read_text("utf-8"))["document"]


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
