"""Fixtures every room shares: a fresh store, and the corpus where it is at hand."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from gazette.settings import RecordSettings
from gazette.store import Store
from portal.database import open_store

ROOT = Path(__file__).resolve().parents[1]

# A busy machine is slow, not wrong.
settings.register_profile("gongbao", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("gongbao")


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The shared corpus beside the checkout; tests that need it are skipped, saying so, where it is absent."""
    folder = ROOT.parent / "shared" / "corpus"
    if not folder.is_dir():
        pytest.skip("the shared corpus is not beside this checkout (../shared/corpus)")
    return folder


@pytest.fixture
def record_settings(tmp_path: Path) -> RecordSettings:
    return RecordSettings(home=tmp_path / "home")


@pytest.fixture
def empty_store(record_settings: RecordSettings) -> Iterator[Store]:
    """A store without tables; `store` (migrated) is what most tests want."""
    opened = Store(record_settings)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def migrated_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home folder with every table and no row; made once, copied by each test."""
    home = tmp_path_factory.mktemp("migrated")
    open_store(RecordSettings(home=home)).close()
    return home


@pytest.fixture
def store(record_settings: RecordSettings, migrated_home: Path) -> Iterator[Store]:
    """A migrated, empty store of the test's own."""
    record_settings.home.mkdir(parents=True)
    shutil.copyfile(migrated_home / "gongbao.db", record_settings.home / "gongbao.db")
    opened = Store(record_settings)
    yield opened
    opened.close()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden", action="store_true", help="write the expected records of golden tests; review the diff"
    )
