"""Sources from paths: files, folders and archives, archives opened within limits.

Nothing is unpacked to disk, so a member's path cannot escape; a member that tries is refused all the same,
because its name would be shown and kept.
"""

from __future__ import annotations

import gzip
import io
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from gazette.digitization import media
from gazette.draft import SourceFile
from gazette.errors import CopyUnreadable, GongbaoError, NotFound
from gazette.settings import RecordSettings

#: Most members of one archive.
MOST_MEMBERS = 50_000
#: Archives inside archives are opened this deep.
DEEPEST = 2
_CHUNK = 1024 * 1024
#: In a folder or archive these are companions of documents (listings, data, layout), not documents.
_COMPANIONS = frozenset(
    (
        *(".json", ".jsonl", ".ndjson", ".csv", ".tsv", ".xls", ".xlsx", ".sql", ".db", ".bin"),
        *(".js", ".css", ".map", ".ico", ".gif", ".svg", ".woff", ".woff2", ".ttf", ".toml", ".yaml", ".yml", ".py"),
    )
)
#: XML is data too, unless its root is that of a structured gazette.
_GAZETTE_ROOTS = frozenset({"Gazette"})
_HIDDEN_FOLDERS = frozenset({"__MACOSX"})


class SourceTooLarge(GongbaoError):
    code, status = "source.too_large", 413
    zh = "文件 {name} 超过大小上限（{limit} 字节）"
    en = "The file {name} is larger than the limit of {limit} bytes"


class ArchiveRefused(GongbaoError):
    code = "archive.refused"
    zh, en = "拒绝打开压缩包 {name}：{why}", "The archive {name} was refused: {why}"


#: Is told the name of a file that was refused, and why.
Refused = Callable[[str, GongbaoError], None]


@dataclass
class _Budget:
    """What one archive may still unpack, nested archives included."""

    members: int
    unpacked: int

    def take(self, archive: str, size: int) -> None:
        self.members -= 1
        self.unpacked -= size
        if self.members < 0:
            raise ArchiveRefused(name=archive, why=f"文件数超过 {MOST_MEMBERS}")
        if self.unpacked < 0:
            raise ArchiveRefused(name=archive, why="展开后的大小超过上限")


def iter_sources(
    paths: Iterable[Path | str], settings: RecordSettings, *, refused: Refused | None = None
) -> Iterator[SourceFile]:
    """Every document under `paths`, in a stable order; archives are opened, companions of documents passed over.

    Raises NotFound before anything is opened, SourceTooLarge, ArchiveRefused or CopyUnreadable; where `refused` is
    given, it is told of these and the other files go on. An archive is checked whole before its first member is given.
    """
    given = tuple(map(Path, paths))
    for path in given:
        if not path.exists():
            raise NotFound(what=str(path))
    for file, name in _files(given):
        try:
            sources = _open(file, name, settings)
            # A file that is asked for by name is never passed over as data.
            yield from (source for source in sources if file in given or not _is_data(source))
        except (SourceTooLarge, ArchiveRefused, CopyUnreadable) as error:
            if refused is None:
                raise
            refused(name, error)


def open_source(source: SourceFile, settings: RecordSettings) -> tuple[SourceFile, ...]:
    """The documents in one uploaded file: itself, or an archive's members. Raises as `iter_sources` does."""
    if media.detect_media_type(source.data, source.name) not in media.ARCHIVES:
        return (source,)
    budget = _Budget(members=MOST_MEMBERS, unpacked=settings.max_unpacked_bytes)
    return tuple(replace(each, archive=source.name) for each in _members(source, settings, budget, depth=1))


def _files(paths: Iterable[Path]) -> Iterator[tuple[Path, str]]:
    """The files under `paths`, each with the name it is known by."""
    for path in paths:
        if path.is_dir():
            for file in sorted(_iter_files(path)):
                yield file, _known_name(file.relative_to(path.parent).as_posix())
        else:
            yield path, _known_name(path.name)


def _known_name(name: str) -> str:
    """The name as text: what older systems left on a disk or in a tar is in GBK, and Python keeps its bytes as
    surrogates, which can neither be printed nor stored."""
    raw = name.encode("utf-8", "surrogateescape")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("gb18030", "replace")


def _iter_files(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*"):
        parts = path.relative_to(folder).parts
        if path.is_file() and not path.is_symlink() and _is_wanted(parts):
            yield path


def _is_wanted(parts: tuple[str, ...]) -> bool:
    if any(part.startswith(".") or part in _HIDDEN_FOLDERS for part in parts):
        return False
    return media.suffix_of(parts[-1]) not in _COMPANIONS


def _is_data(source: SourceFile) -> bool:
    return media.suffix_of(source.name) == ".xml" and media.xml_root(source.data) not in _GAZETTE_ROOTS


def _open(file: Path, name: str, settings: RecordSettings) -> tuple[SourceFile, ...]:
    if not file.is_file():
        # A device or a pipe has no size, and may never end.
        raise CopyUnreadable(name=name, why="不是普通文件")
    if file.stat().st_size > settings.max_file_bytes:
        raise SourceTooLarge(name=name, limit=settings.max_file_bytes)
    return open_source(SourceFile(name=name, data=file.read_bytes()), settings)


def _members(source: SourceFile, settings: RecordSettings, budget: _Budget, *, depth: int) -> Iterator[SourceFile]:
    if depth > DEEPEST:
        raise ArchiveRefused(name=source.name, why=f"压缩包嵌套超过 {DEEPEST} 层")
    try:
        for name, data in _unpack(source, budget):
            parts = _safe_parts(source.name, name)
            if not _is_wanted(parts):
                continue
            member = SourceFile(name="/".join(parts), data=data, url=source.url)
            if media.detect_media_type(data, name) in media.ARCHIVES:
                yield from _members(member, settings, budget, depth=depth + 1)
            elif not _is_data(member):
                yield member
    except (
        zipfile.BadZipFile,
        tarfile.TarError,
        EOFError,
        OSError,
        zlib.error,
        NotImplementedError,
        RuntimeError,
        ValueError,
    ) as error:
        raise ArchiveRefused(name=source.name, why="压缩包不完整、已损坏或已加密") from error


def _safe_parts(archive: str, name: str) -> tuple[str, ...]:
    parts = tuple(part for part in name.replace("\\", "/").split("/") if part not in ("", "."))
    if not parts or ".." in parts or name.startswith(("/", "\\")) or ":" in parts[0]:
        raise ArchiveRefused(name=archive, why=f"含有指向包外的路径 {name[:80]}")
    return parts


def _unpack(source: SourceFile, budget: _Budget) -> Iterator[tuple[str, bytes]]:
    media_type = media.detect_media_type(source.data, source.name)
    if media_type == media.ZIP:
        yield from _unzip(source, budget)
    elif media_type == media.TAR:
        yield from _untar(source.name, source.data, budget)
    else:
        data = _gunzip(source, budget)
        budget.take(source.name, len(data))
        if media.detect_media_type(data) == media.TAR:
            yield from _untar(source.name, data, budget)
        else:
            yield source.name.removesuffix(".gz"), data


def _unzip(source: SourceFile, budget: _Budget) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(source.data)) as archive:
        for info in sorted(archive.infolist(), key=lambda each: each.filename):
            if info.is_dir() or stat.S_ISLNK(info.external_attr >> 16):
                continue
            # The declared size may lie, so what is really read is counted as well.
            budget.take(source.name, info.file_size)
            with archive.open(info) as stream:
                data = stream.read(info.file_size + 1)
            if len(data) > info.file_size:
                raise ArchiveRefused(name=source.name, why="成员的实际大小与声明不符")
            yield _zip_name(info), data


def _zip_name(info: zipfile.ZipInfo) -> str:
    """Old Windows tools write GBK names without the UTF-8 flag; zipfile reads those as cp437."""
    if info.flag_bits & 0x800:
        return info.filename
    try:
        return info.filename.encode("cp437").decode("gb18030")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return info.filename


def _untar(name: str, data: bytes, budget: _Budget) -> Iterator[tuple[str, bytes]]:
    """The members; sparse ones, whose size no byte pays for, are passed over. The others are no more than the tar."""
    with tarfile.open(fileobj=io.BytesIO(data), mode="r:") as archive:
        members = [each for each in archive if each.isfile() and not each.issparse()]
        for member in sorted(members, key=lambda each: each.name):
            budget.take(name, 0)
            stream = archive.extractfile(member)
            if stream is not None:
                yield _known_name(member.name), stream.read()


def _gunzip(source: SourceFile, budget: _Budget) -> bytes:
    """The unpacked bytes, read in pieces so that a bomb is stopped before it fills memory."""
    pieces: list[bytes] = []
    size = 0
    with gzip.GzipFile(fileobj=io.BytesIO(source.data)) as stream:
        while piece := stream.read(_CHUNK):
            size += len(piece)
            if size > budget.unpacked:
                raise ArchiveRefused(name=source.name, why="展开后的大小超过上限")
            pieces.append(piece)
    return b"".join(pieces)
