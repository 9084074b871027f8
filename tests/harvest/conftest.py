"""The fixture site on loopback, a copy of its own for each test, so that pages can be changed."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

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
