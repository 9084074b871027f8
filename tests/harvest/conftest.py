"""The fixture site on loopback, a copy of its own for each test, so that pages can be changed.

Documents keep their addresses whatever port serves them, so a first run is made once and copied by the tests that
are about a second.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from gazette.settings import RecordSettings
from gazette.store import Store
from harvest.reports import RunReport
from harvest.run import run
from harvest.settings import HarvestSettings
from harvest.site import Site
from harvest.sources import get_source
from portal.demo.fixture_site import SITE, FixtureSite, serve_site


@dataclass(frozen=True)
class ServedSite:
    """The running site, the folder it serves and the source that harvests it."""

    running: FixtureSite
    folder: Path
    source: Site

    @property
    def at(self) -> str:
        return self.running.url

    @property
    def paths(self) -> list[str]:
        return [request.path for request in self.running.requests]

    def change(self, path: str, old: str, new: str) -> None:
        page = self.folder / path
        text = page.read_text("utf-8")
        assert old in text
        page.write_text(text.replace(old, new), "utf-8")


@pytest.fixture
def served(tmp_path: Path) -> Iterator[ServedSite]:
    folder = tmp_path / "site"
    shutil.copytree(SITE, folder)
    source = get_source("jiangcheng-market")
    assert isinstance(source, Site)
    with serve_site(folder) as running:
        yield ServedSite(running=running, folder=folder, source=source)


@dataclass(frozen=True)
class FirstRun:
    """A home folder into which the fixture site was harvested once, and the report of it."""

    home: Path
    report: RunReport


@pytest.fixture(scope="session")
def first_run(migrated_home: Path, tmp_path_factory: pytest.TempPathFactory) -> FirstRun:
    home = tmp_path_factory.mktemp("harvested") / "home"
    shutil.copytree(migrated_home, home)
    store = Store(RecordSettings(home=home))
    with serve_site() as running:
        report = run(store, get_source("jiangcheng-market"), at=running.url, settings=HarvestSettings(retries=0))
    store.close()
    return FirstRun(home=home, report=report)


@pytest.fixture
def harvested_store(first_run: FirstRun, tmp_path: Path) -> Iterator[Store]:
    """A store of the test's own that holds the fixture site's documents."""
    home = tmp_path / "harvested"
    shutil.copytree(first_run.home, home)
    opened = Store(RecordSettings(home=home))
    yield opened
    opened.close()
