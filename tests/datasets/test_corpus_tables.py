"""Real tables of strangers: every file is read or refused in one clear sentence; truth where there is some."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from datasets.grids import TableTooLarge, TableUnreadable
from datasets.schema import infer_columns, plain_rows
from datasets.settings import DatasetSettings
from datasets.sources import read_grids
from datasets.tables import Table, find_tables

SETTINGS = DatasetSettings()
_TABULAR = {".csv", ".tsv", ".xls", ".xlsx", ".htm", ".html", ".ods", ".zip", ".gz", ".json", ".parquet", ".db", ".txt"}


def read(path: Path) -> tuple[Table, ...]:
    return find_tables(read_grids(path.read_bytes(), path.name, SETTINGS))


def test_every_table_of_the_provinces_is_read_with_its_header(corpus: Path) -> None:
    folder = corpus / "open_data_cn" / "vaccine_tenders"
    for path in sorted((folder / "raw").iterdir()):
        if path.suffix == ".pdf":
            with pytest.raises(TableUnreadable):
                read(path)
            continue
        for table in read(path):
            assert table.has_header, path.name
            assert not any(name.startswith("列") for name in table.header), (path.name, table.header)


def test_tables_of_the_provinces_hold_about_the_rows_of_the_cleaned_ones(corpus: Path) -> None:
    """The truth was cleaned by hand and dropped rows without a price, so it may be shorter by a few."""
    folder = corpus / "open_data_cn" / "vaccine_tenders"
    agreeing = compared = 0
    for entry in json.loads((folder / "index.json").read_text("utf-8")):
        raw = [folder / "raw" / each["file"] for each in entry["raw"]]
        if len(raw) != 1 or not raw[0].is_file() or raw[0].suffix == ".pdf":
            continue
        compared += 1
        found = sum(len(table.rows) for table in read(raw[0]))
        agreeing += entry["clean_rows"] <= found <= 1.3 * entry["clean_rows"] + 5
    assert compared >= 5
    assert agreeing >= 0.8 * compared


def test_clean_tables_of_statistics_and_divisions_lose_no_row_and_no_zero(corpus: Path) -> None:
    for path in sorted((corpus / "open_data_cn").glob("*/*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            expected = [row for row in csv.reader(file) if any(row)][1:]
        (table,) = read(path)
        assert len(table.rows) == len(expected), path.name
        if path.parent.name == "divisions":
            columns = infer_columns(table)
            assert {column.type for column in columns} == {"string"}
            assert [list(row) for row in plain_rows(table, columns)] == expected


def test_the_test_files_of_other_projects_are_read_or_refused(corpus: Path) -> None:
    seen = read_well = 0
    for path in sorted((corpus / "opendata_fixtures").rglob("*")):
        if not path.is_file() or path.suffix not in _TABULAR:
            continue
        seen += 1
        try:
            tables = read(path)
        except (TableUnreadable, TableTooLarge):
            continue
        read_well += 1
        for table in tables:
            assert all(len(row) == len(table.header) for row in table.rows)
            list(plain_rows(table, infer_columns(table)))
    assert seen > 100
    assert read_well > 60
