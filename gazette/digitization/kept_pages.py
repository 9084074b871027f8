"""Pages kept while a file is being read, so that a reading that was killed goes on where it stopped.

One small file a leaf of pages under GONGBAO_HOME/readings/<hash of the bytes>, and one that says how far the reading
is, which the editor's desk shows. The folder goes once the whole file is read, and what an abandoned reading left goes
after a week.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import os
import shutil
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gazette.blobs import sha256_of
from gazette.digitization.readers.page_desk import Known, Leaf, PlainPage, Stage
from gazette.draft import SourceFile
from gazette.settings import RecordSettings

#: Pages kept by another form of these values are not taken up.
_FORM = 4
_ABANDONED_S = 7 * 24 * 3600
#: A reading that has told nothing for so long was broken off.
_SILENT_S = 10 * 60
_FOLDER, _ABOUT = "readings", "about.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class UnderWay:
    """A long reading that is not finished: `done` of `total` pages of the file `name`."""

    name: str
    done: int
    total: int
    at: dt.datetime
    is_silent: bool


@dataclass(frozen=True, slots=True)
class KeptPages:
    """The pages kept of one file, in a folder named by the hash of its bytes."""

    folder: Path
    name: str = ""

    @classmethod
    def of(cls, settings: RecordSettings, source: SourceFile) -> KeptPages:
        return cls(settings.home / _FOLDER / sha256_of(source.data), source.name)

    def load(self) -> Known:
        pages: dict[tuple[Stage, int], PlainPage] = {}
        for file in self.folder.glob("*-*.json") if self.folder.is_dir() else ():
            with contextlib.suppress(OSError, ValueError, KeyError, TypeError, AttributeError):
                kept = json.loads(file.read_text("utf-8"))
                if kept["form"] == _FORM:
                    stage = Stage(kept["stage"])
                    pages |= {(stage, int(page)): values for page, values in kept["pages"].items()}
        return pages

    def keep(self, leaf: Leaf) -> None:
        """Keep one leaf whole or not at all. A disk that refuses costs only the second run its head start."""
        with contextlib.suppress(OSError):
            if not self.folder.is_dir():
                self.folder.mkdir(parents=True)
                self._clear_abandoned()
            first = min(leaf.pages, default=0)
            self._write(f"{leaf.stage}-{first}.json", {"stage": leaf.stage, "pages": dict(leaf.pages)})
            self._write(_ABOUT, {"name": self.name, "done": leaf.done, "total": leaf.total})

    def forget(self) -> None:
        if self.folder.is_dir():
            shutil.rmtree(self.folder, ignore_errors=True)

    def _write(self, name: str, values: Mapping[str, Any]) -> None:
        half = self.folder / f"{name}.{os.getpid()}.half"
        half.write_text(json.dumps({"form": _FORM, **values}, ensure_ascii=False), "utf-8")
        half.replace(self.folder / name)

    def _clear_abandoned(self) -> None:
        for other in self.folder.parent.iterdir():
            if other.stat().st_mtime < time.time() - _ABANDONED_S:
                shutil.rmtree(other, ignore_errors=True)


def list_under_way(settings: RecordSettings, now: dt.datetime) -> tuple[UnderWay, ...]:
    """The long readings that are not finished, whichever process reads them, the latest first."""
    found: list[UnderWay] = []
    for about in (settings.home / _FOLDER).glob(f"*/{_ABOUT}"):
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
            told = json.loads(about.read_text("utf-8"))
            at = dt.datetime.fromtimestamp(about.stat().st_mtime, dt.UTC)
            found.append(
                UnderWay(
                    name=str(told["name"]),
                    done=int(told["done"]),
                    total=int(told["total"]),
                    at=at,
                    is_silent=(now - at).total_seconds() > _SILENT_S,
                )
            )
    return tuple(sorted(found, key=lambda each: each.at, reverse=True))
