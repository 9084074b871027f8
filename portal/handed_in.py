"""A list that an editor hands in as a file: opened only in the limited subprocesses, whatever its format."""

from __future__ import annotations

import tempfile
from pathlib import Path

from werkzeug.datastructures import FileStorage

from datasets.check import read_sheets as open_sheets
from datasets.settings import DatasetSettings
from gazette.cleanups.listings import ListedLine, read_bodies, read_sheets
from gazette.digitization.digitize import digitize
from gazette.draft import SourceFile
from gazette.errors import CopyUnreadable
from gazette.store import Store
from portal.filenames import name_of

#: Files that are tables through and through; everything else is read as a document.
_SHEETS = frozenset({".xlsx", ".xls", ".csv"})


def read_list(file: FileStorage, store: Store) -> tuple[ListedLine, ...]:
    """The lines of an uploaded list. Raises what its reader raises: unreadable, too large, too slow."""
    name = name_of(file)
    if Path(name).suffix.lower() in _SHEETS:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / name
            file.save(path)
            return read_sheets(open_sheets(path, settings=DatasetSettings.load()))
    source = SourceFile(name=name, data=file.read())
    digitized = digitize(source, settings=store.settings)
    if not digitized.drafts:
        raise CopyUnreadable(name=name, why="文件中没有文字")
    return read_bodies((draft.title, draft.body) for draft in digitized.drafts)
