"""The demo's open data: real mess, found; loaded once."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

from datasets.catalogue import get_dataset, list_datasets
from datasets.package import package
from gazette.outbox import last_change
from gazette.store import Store
from portal.demo.datasets import load


def test_loading_the_demo_twice_publishes_each_dataset_once(store: Store) -> None:
    load(store)
    with store.read() as session:
        first, change = list_datasets(session), last_change(session)
    load(store)
    with store.read() as session:
        assert list_datasets(session) == first
        assert last_change(session) == change
    assert {each.name: each.valid for each in first} == {
        "administrative-permits": True,
        "air-quality-2024": False,
        "public-parking": False,
        "record": True,
    }


def test_the_demo_shows_its_problems_and_its_packages_are_valid(store: Store, tmp_path: Path) -> None:
    from frictionless import validate

    load(store)
    with store.read() as session:
        parking = get_dataset(session, "public-parking").resources[0]
        permits = get_dataset(session, "administrative-permits").resources[0]
    codes = {problem["code"] for problem in parking.report["problems"]}
    assert {"unique-error", "type-error", "duplicate-row", "cell.lost_zero", "cell.rewritten"} <= codes
    assert len(permits.report["notes"]) == 3
    assert permits.rows == 145
    for name in ("administrative-permits", "air-quality-2024", "public-parking", "record"):
        folder = tmp_path / name
        with zipfile.ZipFile(io.BytesIO(package(store, name))) as archive:
            archive.extractall(folder)
        report = validate(str(folder / "datapackage.json"))
        assert report.valid, (name, report.flatten(["rowNumber", "fieldName", "message"]))
