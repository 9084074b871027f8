"""Backup and restore: database and files in one tar, taken while the portal runs.

The database is copied with SQLite's backup API, which sees one moment; files are only ever added before the rows that
name them, so copying them afterwards misses none. Only a purge takes files away: a backup that meets one begins again,
so that what was destroyed is in none. Index, exports and caches are derived and not in it. Restoring
checks everything before the first byte is put in place, and puts the database in place last.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import sqlite3
import tarfile
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Literal

from sqlalchemy import func, select

from gazette.audit import AuditRow
from gazette.blobs import Blobs, sha256_of
from gazette.errors import BadInput, Conflict, GongbaoError, NotFound
from gazette.settings import RecordSettings
from gazette.store import Store, now

_FORMAT = "gongbao-backup/1"
_MANIFEST, _DATABASE = "manifest.json", "gongbao.db"
_BLOB = re.compile(r"blobs/(?P<head>[0-9a-f]{2})/(?P<tail>[0-9a-f]{62})")
_MANIFEST_BYTES = 1024 * 1024
_CHUNK = 1024 * 1024
#: What destroys text and files, in the words of the trail.
_PURGES = ("purge", "dataset.purge")


class BackupDamaged(GongbaoError):
    code = "backup.damaged"
    zh, en = "备份文件已损坏：{why}", "The backup is damaged: {why}"


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupSummary:
    """What a backup holds: files by content, and the size of the database."""

    created_at: str
    blobs: int
    blob_bytes: int
    database_bytes: int
    database_sha256: str

    def to_json(self) -> dict[str, Any]:
        return {
            "format": _FORMAT,
            "created_at": self.created_at,
            "blobs": self.blobs,
            "blob_bytes": self.blob_bytes,
            "database_bytes": self.database_bytes,
            "database_sha256": self.database_sha256,
        }


def backup(store: Store, file: Path) -> BackupSummary:
    """Write a backup to `file` (gzip when it ends in .gz or .tgz), while others read and write.

    Raises BadInput for a database that brings its own tools (PostgreSQL: pg_dump, and copy the blob folder).
    """
    if store.engine.dialect.name != "sqlite":
        raise BadInput(why="PostgreSQL 数据库请用 pg_dump 备份，并复制 blobs 文件夹")
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_name(f"{file.name}.part")
    with tempfile.TemporaryDirectory(dir=file.parent, prefix=".backup-") as folder:
        summary = None
        while summary is None:
            summary = _write(store, Path(folder) / _DATABASE, part, "w:gz" if file.suffix in (".gz", ".tgz") else "w")
    os.replace(part, file)
    return summary


def restore(settings: RecordSettings, file: Path, *, force: bool = False) -> BackupSummary:
    """Put a backup into the home folder, which must hold no database unless `force`.

    Raises Conflict, and BackupDamaged before anything was changed. A schema older than the program is brought up to
    date when the store is next opened; the index is rebuilt by `gongbao index rebuild`.
    """
    database = _database_file(settings)
    if database.exists() and not force:
        raise Conflict(why=f"{database} 已存在；如确要覆盖，请加 --force")
    settings.home.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=settings.home, prefix=".restore-") as folder:
        copy = Path(folder) / _DATABASE
        summary = _check(file, copy)
        blobs = Blobs(settings.blob_folder)
        with _opened(file) as tar:
            for digest, data in _blobs_of(tar):
                if not blobs.has(digest):
                    blobs.put(data)
        for name in ("-wal", "-shm"):
            database.with_name(f"{database.name}{name}").unlink(missing_ok=True)
        os.replace(copy, database)
    return summary


def _write(store: Store, copy: Path, part: Path, mode: Literal["w", "w:gz"]) -> BackupSummary | None:
    """Database and files as they stand, into `part`; None where a purge came between, of which nothing may be kept."""
    purges = _count_purges(store)
    _copy_database(store, copy)
    sizes: dict[str, int] = {}
    with tarfile.open(part, mode) as tar:
        tar.add(copy, _DATABASE, filter=_anonymous)
        for digest in store.blobs.digests():
            try:
                data = store.blobs.get(digest)
            except NotFound:
                return None
            _add_bytes(tar, f"blobs/{digest[:2]}/{digest[2:]}", data)
            sizes[digest] = len(data)
        summary = BackupSummary(
            created_at=now().isoformat(),
            blobs=len(sizes),
            blob_bytes=sum(sizes.values()),
            database_bytes=copy.stat().st_size,
            database_sha256=_file_sha256(copy),
        )
        _add_bytes(tar, _MANIFEST, json.dumps(summary.to_json()).encode())
    undisturbed = purges == _count_purges(store) and all(map(store.blobs.has, sizes))
    return summary if undisturbed else None


def _count_purges(store: Store) -> int:
    with store.read() as session:
        purges = select(func.count()).select_from(AuditRow).where(AuditRow.action.in_(_PURGES))
        return session.scalar(purges) or 0


def _copy_database(store: Store, target: Path) -> None:
    with store.engine.connect() as connection, closing(sqlite3.connect(target)) as copy:
        source = connection.connection.driver_connection
        if source is None:
            raise RuntimeError("the engine gave no connection")
        source.backup(copy)


def _check(file: Path, database: Path) -> BackupSummary:
    """Read the whole backup once: every member known, every hash right, the database sound and put at `database`."""
    manifest: dict[str, Any] = {}
    blobs = 0
    with _opened(file) as tar:
        for member in tar:
            content = _content(tar, member)
            if member.name == _DATABASE:
                _spill(content, database)
            elif member.name == _MANIFEST and member.size <= _MANIFEST_BYTES:
                manifest = _manifest(content.read())
            elif (match := _BLOB.fullmatch(member.name)) and member.isfile():
                blobs += 1
                if sha256_of(content.read()) != match["head"] + match["tail"]:
                    raise BackupDamaged(why=f"{member.name} 的内容与其名称不符")
            else:
                raise BackupDamaged(why=f"含有不明成员 {member.name[:80]}")
    if not manifest or not database.exists():
        raise BackupDamaged(why="缺少数据库或清单")
    if manifest["blobs"] != blobs or manifest["database_sha256"] != _file_sha256(database):
        raise BackupDamaged(why="内容与清单不符")
    with closing(sqlite3.connect(database)) as connection:
        if connection.execute("PRAGMA quick_check").fetchone()[0] != "ok":
            raise BackupDamaged(why="数据库不完整")
    manifest.pop("format")
    return BackupSummary(**manifest)


def _manifest(data: bytes) -> dict[str, Any]:
    try:
        manifest = json.loads(data)
    except ValueError as error:
        raise BackupDamaged(why="清单无法读取") from error
    expected = {"format", "created_at", "blobs", "blob_bytes", "database_bytes", "database_sha256"}
    if not isinstance(manifest, dict) or set(manifest) != expected or manifest["format"] != _FORMAT:
        raise BackupDamaged(why="清单不是本程序的格式")
    return manifest


def _blobs_of(tar: tarfile.TarFile) -> Iterator[tuple[str, bytes]]:
    for member in tar:
        if match := _BLOB.fullmatch(member.name):
            yield match["head"] + match["tail"], _content(tar, member).read()


@contextmanager
def _opened(file: Path) -> Iterator[tarfile.TarFile]:
    """The tar for reading; whatever its bytes break is one error."""
    try:
        with tarfile.open(file, "r:*") as tar:
            yield tar
    except (tarfile.TarError, zlib.error, OSError, EOFError) as error:
        raise BackupDamaged(why="不是备份文件，或文件不完整") from error


def _content(tar: tarfile.TarFile, member: tarfile.TarInfo) -> IO[bytes]:
    content = tar.extractfile(member) if member.isfile() else None
    if content is None:
        raise BackupDamaged(why=f"含有不明成员 {member.name[:80]}")
    return content


def _spill(content: IO[bytes], target: Path) -> None:
    with target.open("wb") as file:
        while chunk := content.read(_CHUNK):
            file.write(chunk)


def _add_bytes(tar: tarfile.TarFile, name: str, data: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode = len(data), 0o644
    tar.addfile(member, io.BytesIO(data))


def _anonymous(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    return member


def _file_sha256(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _database_file(settings: RecordSettings) -> Path:
    url = settings.sqlalchemy_url
    if not url.startswith("sqlite:///"):
        raise BadInput(why="只能恢复到 SQLite 数据库；PostgreSQL 请用 pg_restore")
    return Path(url.removeprefix("sqlite:///"))
