"""Pages of a scan kept while it is being read, so that a reading that was killed goes on where it stopped.

One small file a page under GONGBAO_HOME/scans/<hash of the bytes>; the folder goes once the whole file is read, and
what an abandoned reading left goes after a week.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

from gazette.readers.page_desk import PlainLines
from gazette.settings import RecordSettings

#: Pages kept by another form of these values are not taken up.
_FORM = 2
_ABANDONED_S = 7 * 24 * 3600


@dataclass(frozen=True, slots=True)
class KeptPages:
    """The pages kept of one file, named by the hash of its bytes."""

    folder: Path

    @classmethod
    def of(cls, settings: RecordSettings, sha256: str) -> KeptPages:
        return cls(settings.home / "scans" / sha256)

    def load(self) -> dict[int, PlainLines]:
        pages: dict[int, PlainLines] = {}
        for file in self.folder.glob("*.json") if self.folder.is_dir() else ():
            with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
                kept = json.loads(file.read_text("utf-8"))
                if kept["form"] == _FORM:
                    pages[int(file.stem)] = kept["lines"]
        return pages

    def keep(self, page: int, lines: PlainLines) -> None:
        """Keep one page whole or not at all. A disk that refuses costs only the second run its head start."""
        with contextlib.suppress(OSError):
            if not self.folder.is_dir():
                self.folder.mkdir(parents=True)
                self._clear_abandoned()
            half = self.folder / f"{page}.{os.getpid()}.half"
            half.write_text(json.dumps({"form": _FORM, "lines": lines}, ensure_ascii=False), "utf-8")
            half.replace(self.folder / f"{page}.json")

    def forget(self) -> None:
        if self.folder.is_dir():
            shutil.rmtree(self.folder, ignore_errors=True)

    def _clear_abandoned(self) -> None:
        for other in self.folder.parent.iterdir():
            if other.stat().st_mtime < time.time() - _ABANDONED_S:
                shutil.rmtree(other, ignore_errors=True)
