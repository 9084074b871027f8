"""Packages: valid for frictionless, the same bytes again, nothing unsafe in their paths."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from datasets.catalogue import add_dataset
from datasets.dataset import DatasetMeta
from datasets.package import package
from gazette.errors import NotFound
from gazette.store import Store

META = DatasetMeta(
    name="aqi", title="空气质量", provider="江城市生态环境局", license="江城市公共数据开放许可", keywords=("空气",)
)
MESSY = (
    "2024年空气质量日报,,\n日期,站点编码,AQI\n2024年1月5日,0401,56\n2024年1月6日,0402,—\n2024年1月7日,0401,优\n"
    + "".join(f"2024年2月{day}日,0401,{40 + day}\n" for day in range(1, 21))
)


@pytest.fixture
def aqi(store: Store, write_csv: Callable[..., Path]) -> Store:
    add_dataset(store, META, [write_csv("空气质量.csv", MESSY, "gb18030")], actor="editor")
    return store


def test_a_package_is_the_same_bytes_on_every_call(aqi: Store) -> None:
    assert package(aqi, "aqi") == package(aqi, "aqi")


def test_frictionless_accepts_the_package_of_a_messy_table(aqi: Store, tmp_path: Path) -> None:
    from frictionless import validate

    with zipfile.ZipFile(io.BytesIO(package(aqi, "aqi"))) as archive:
        archive.extractall(tmp_path / "out")
    report = validate(str(tmp_path / "out" / "datapackage.json"))
    assert report.valid, report.flatten(["rowNumber", "fieldName", "message"])
    assert report.tasks[0].stats["rows"] == 23


def test_the_original_stands_beside_the_cleaned_table_and_the_report(aqi: Store) -> None:
    with zipfile.ZipFile(io.BytesIO(package(aqi, "aqi"))) as archive:
        names = archive.namelist()
        assert [name.split("/")[0] for name in names] == ["datapackage.json", "data", "original", "reports"]
        assert archive.read(names[2]).decode("gb18030") == MESSY
        assert archive.read(names[1]).decode("utf-8").startswith("日期,站点编码,AQI\n2024-01-05,0401,56\n")
        described = json.loads(archive.read("datapackage.json"))
    assert described["resources"][0]["hash"].startswith("sha256:")
    assert described["resources"][0]["gongbao:valid"] is False
    assert described["licenses"] == [{"name": "other", "title": "江城市公共数据开放许可"}]


def test_the_schema_of_a_package_promises_only_what_the_data_keeps(aqi: Store) -> None:
    with zipfile.ZipFile(io.BytesIO(package(aqi, "aqi"))) as archive:
        fields = json.loads(archive.read("datapackage.json"))["resources"][0]["schema"]["fields"]
    assert [(field["name"], field["type"]) for field in fields] == [
        ("日期", "date"),
        ("站点编码", "string"),
        ("AQI", "integer"),
    ]
    assert fields[2]["missingValues"] == ["", "优"]


def test_a_package_of_nothing_is_not_found(store: Store) -> None:
    with pytest.raises(NotFound):
        package(store, "nothing")
