"""The record as a data package in a folder: everything published, or what changed since a snapshot.

A snapshot is the number of the newest change (outbox) that the export has seen; it stands in `datapackage.json` and is
what the next `--since` takes. A delta holds every document that changed, whole, and a tombstone for each that is no
longer public: replace by id, delete by tombstone, and a copy is up to date. The same record gives the same bytes. The
record is read in one transaction and written document by document, so its size does not matter.
"""

from __future__ import annotations

import csv
import hashlib
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from sqlalchemy.orm import Session

from datasets.package import json_bytes
from datasets.sheets import (
    ENTRIES,
    ISSUES,
    OF_DOCUMENT,
    SHEETS,
    TOMBSTONES,
    Row,
    Sheet,
    entry_rows,
    issue_row,
    printed,
    text_lines,
    tombstone_row,
)
from gazette.errors import BadInput
from gazette.issues.gazettes import list_issues
from gazette.outbox import Change, iter_changes, last_change
from gazette.record.reading import iter_documents
from gazette.record.tombstones import iter_tombstones
from gazette.store import Store

TEXTS = "texts"
_PAGE = 1000
_PART = ".part"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedFile:
    """One file of an export, as `datapackage.json` describes it."""

    name: str
    title: str
    path: str
    rows: int
    bytes: int
    sha256: str
    schema: dict[str, Any] | None

    def to_json(self) -> dict[str, Any]:
        data: dict[str, Any] = {
            "name": self.name,
            "title": self.title,
            "path": self.path,
            "encoding": "utf-8",
            "bytes": self.bytes,
            "hash": f"sha256:{self.sha256}",
        }
        if self.schema is None:
            return data | {"type": "text", "format": "jsonl", "mediatype": "application/x-ndjson"}
        return data | {"type": "table", "format": "csv", "mediatype": "text/csv", "schema": self.schema}


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """The outcome: `snapshot` is what the next delta starts from."""

    snapshot: int
    since: int | None
    files: tuple[ExportedFile, ...]

    def rows(self, name: str) -> int:
        return next(file.rows for file in self.files if file.name == name)

    def to_json(self) -> dict[str, Any]:
        return {
            "snapshot": self.snapshot,
            "since": self.since,
            "documents": self.rows("documents"),
            "tombstones": self.rows("tombstones"),
            "files": [{"name": file.name, "rows": file.rows, "bytes": file.bytes} for file in self.files],
        }


def export_record(store: Store, to: Path | str, since: int | None = None) -> Exported:
    """Write the record, or its changes after the snapshot `since`, into the folder `to`.

    Files appear under their names only when all are whole. Raises BadInput for a snapshot that never was.
    """
    folder = Path(to)
    with store.read() as session:
        snapshot = last_change(session)
        if since is not None and not 0 <= since <= snapshot:
            raise BadInput(why=f"快照 {since} 不存在，最新快照为 {snapshot}")
        folder.mkdir(parents=True, exist_ok=True)
        changes = None if since is None else tuple(_iter_all_changes(session, since))
        with ExitStack() as stack:
            writers = {sheet.name: stack.enter_context(_SheetWriter(folder, sheet)) for sheet in SHEETS}
            texts = stack.enter_context(_Writer(folder, TEXTS, "版本全文", "jsonl"))
            _write_all(session, changes, writers, texts)
        files = (*(writer.finish() for writer in writers.values()), texts.finish())
        moment = next(iter_changes(session, snapshot - 1, 1), None) if snapshot else None
    _write_descriptor(folder, files, snapshot, since, moment)
    return Exported(snapshot=snapshot, since=since, files=files)


def _write_all(
    session: Session, changes: Sequence[Change] | None, writers: dict[str, _SheetWriter], texts: _Writer
) -> None:
    documents = None if changes is None else {change.subject for change in changes if change.topic == "document"}
    issues = None if changes is None else {change.subject for change in changes if change.topic == "issue"}
    for record in iter_documents(session, documents):
        for name, (_, rows) in OF_DOCUMENT.items():
            writers[name].write_all(rows(record))
        for line in text_lines(record):
            texts.write(line)
    for issue in sorted(list_issues(session, published_only=True), key=lambda each: str(each.address)):
        if issues is None or issue.id in issues or str(issue.address) in issues:
            writers[ISSUES.name].write_all([issue_row(issue)])
            writers[ENTRIES.name].write_all(entry_rows(issue))
    writers[TOMBSTONES.name].write_all(map(tombstone_row, iter_tombstones(session, documents)))


def _iter_all_changes(session: Session, since: int) -> Iterator[Change]:
    while page := tuple(iter_changes(session, since, _PAGE)):
        yield from page
        since = page[-1].id


def _write_descriptor(
    folder: Path, files: Sequence[ExportedFile], snapshot: int, since: int | None, moment: Change | None
) -> None:
    """`datapackage.json` and `SHA256SUMS`; then every part takes its name, the descriptor last."""
    descriptor: dict[str, Any] = {
        "name": "record",
        "title": "公开文件记录" if since is None else f"公开文件记录（快照 {since} 之后的变更）",
        "gongbao:snapshot": snapshot,
        "gongbao:since": since,
        "resources": [file.to_json() for file in files],
    }
    if moment:
        descriptor["created"] = printed(moment.at)
    data = json_bytes(descriptor)
    sums = {file.path: file.sha256 for file in files} | {"datapackage.json": hashlib.sha256(data).hexdigest()}
    for path in sorted(file.path for file in files):
        os.replace(folder / (path + _PART), folder / path)
    (folder / "SHA256SUMS").write_text(
        "".join(f"{digest}  {path}\n" for path, digest in sorted(sums.items())), encoding="utf-8"
    )
    (folder / "datapackage.json").write_bytes(data)


class _Writer:
    """One file being written beside its final name, hashed on the way."""

    def __init__(self, folder: Path, name: str, title: str, suffix: str) -> None:
        self.name, self.title = name, title
        self.path = f"{name}.{suffix}"
        self.part = folder / (self.path + _PART)
        self.rows = self.bytes = 0
        self.hash = hashlib.sha256()
        self.schema: dict[str, Any] | None = None
        self.file: IO[bytes] | None = None

    def __enter__(self) -> _Writer:
        self.file = self.part.open("wb")
        return self

    def __exit__(self, kind: type[BaseException] | None, *_rest: object) -> None:
        if self.file:
            self.file.close()
        if kind:
            self.part.unlink(missing_ok=True)

    def write(self, line: str) -> None:
        """One row, its line end included."""
        self.rows += 1
        self._put(line)

    def _put(self, text: str) -> None:
        assert self.file is not None  # noqa: S101 - written to inside its context only
        data = text.encode()
        self.bytes += len(data)
        self.hash.update(data)
        self.file.write(data)

    def finish(self) -> ExportedFile:
        return ExportedFile(
            name=self.name,
            title=self.title,
            path=self.path,
            rows=self.rows,
            bytes=self.bytes,
            sha256=self.hash.hexdigest(),
            schema=self.schema,
        )


class _SheetWriter(_Writer):
    """A CSV file with the header of its sheet."""

    def __init__(self, folder: Path, sheet: Sheet) -> None:
        super().__init__(folder, sheet.name, sheet.title, "csv")
        self.schema = sheet.schema()
        self.sheet = sheet
        self.csv = csv.writer(_Lines(self._put), lineterminator="\n")

    def __enter__(self) -> _SheetWriter:
        super().__enter__()
        self.csv.writerow(self.sheet.header)
        return self

    def write_all(self, rows: Iterable[Row]) -> None:
        for row in rows:
            self.rows += 1
            self.csv.writerow([printed(value) for value in row])


@dataclass(frozen=True, slots=True)
class _Lines:
    """What csv.writer writes to."""

    write: Any
