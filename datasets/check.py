"""Checking a table file (数据医生): one call that reads, cleans, describes and validates.

The work is done in a process of its own (`datasets.check_worker`), limited in time and memory: the file comes from a
stranger, and frictionless, openpyxl and xlrd must not swell a web worker.
"""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from datasets.grids import Rows, TableTooLarge, TableUnreadable
from datasets.report import Report
from datasets.settings import DatasetSettings
from gazette.errors import BadInput, NotFound

log = logging.getLogger(__name__)

#: Environment the worker gets: no secrets, no settings.
_PASSED = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH")
_ERRORS = {each.code: each for each in (TableUnreadable, TableTooLarge, BadInput)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A report and the folder that holds its cleaned tables while the context lasts."""

    report: Report
    folder: Path

    def table_file(self, number: int) -> Path:
        return self.folder / f"table-{number}.csv"


def check(
    path: Path | str, *, hints: Mapping[str, Any] | None = None, settings: DatasetSettings | None = None
) -> Report:
    """What the file holds and what is wrong with it. `hints` by column name: see `schema.infer_columns`.

    Raises NotFound, TableUnreadable or TableTooLarge where there is no table to speak of.
    """
    with checking(path, hints=hints, settings=settings) as checked:
        return checked.report


@contextmanager
def checking(
    path: Path | str, *, hints: Mapping[str, Any] | None = None, settings: DatasetSettings | None = None
) -> Iterator[Checked]:
    """Check a file and keep its cleaned tables at hand.

    Raises NotFound, TableTooLarge, and what the reader of the format raises.
    """
    path, settings = Path(path), settings or DatasetSettings()
    if not path.is_file():
        raise NotFound(what=str(path))
    if path.stat().st_size > settings.max_file_bytes:
        raise TableTooLarge(name=path.name, why=f"超过 {settings.max_file_bytes} 字节")
    with tempfile.TemporaryDirectory(prefix="gongbao-check-") as folder:
        request = {
            "path": str(path.resolve()),
            "name": path.name,
            "hints": {name: dict(hint) for name, hint in (hints or {}).items()},
            "settings": asdict(settings),
        }
        answer = _ask_worker(request, Path(folder), settings)
        yield Checked(report=Report.from_json(answer["report"]), folder=Path(folder))


def read_sheets(path: Path, *, settings: DatasetSettings | None = None) -> tuple[tuple[str, Rows], ...]:
    """The sheets of a file as they came, name and rows, with nothing cleaned away; read in the same limited process.

    Raises TableUnreadable or TableTooLarge.
    """
    settings = settings or DatasetSettings()
    with tempfile.TemporaryDirectory(prefix="gongbao-sheets-") as folder:
        request = {"path": str(path.resolve()), "name": path.name, "sheets": True, "settings": asdict(settings)}
        answer = _ask_worker(request, Path(folder), settings)
    return tuple((name, tuple(map(tuple, rows))) for name, rows in answer["sheets"])


def _ask_worker(request: Mapping[str, Any], folder: Path, settings: DatasetSettings) -> dict[str, Any]:
    environment = {name: os.environ[name] for name in _PASSED if name in os.environ}
    # Absolute, for the worker stands in another folder; one thread a library, whose stacks count as memory.
    environment["PYTHONPATH"] = os.pathsep.join(str(Path(entry or ".").resolve()) for entry in sys.path)
    environment |= {"PYTHONIOENCODING": "utf-8", "OMP_NUM_THREADS": "1", "HOME": str(folder)}
    name = request["name"]
    try:
        done = subprocess.run(
            [sys.executable, "-m", "datasets.check_worker"],
            input=json.dumps(request).encode(),
            capture_output=True,
            cwd=folder,
            env=environment,
            timeout=settings.check_timeout_s,
            check=True,
        )
        answer = json.loads(done.stdout)
    except subprocess.TimeoutExpired as error:
        raise TableTooLarge(name=name, why=f"检查超过 {settings.check_timeout_s:g} 秒，已放弃") from error
    except (subprocess.CalledProcessError, ValueError) as error:
        said = error.stderr if isinstance(error, subprocess.CalledProcessError) else b""
        log.error("check.worker_died", extra={"file": name, "stderr": said[-2000:].decode("utf-8", "replace")})
        raise TableUnreadable(name=name, why="检查进程异常退出，可能是内容过大或已损坏") from error
    if refused := answer.get("error"):
        raise _ERRORS.get(refused["code"], TableUnreadable)(**refused["facts"])
    return dict(answer)
