"""Where an index lies: generations side by side, and a pointer to the live one.

    GONGBAO_HOME/index/<engine>/current           names the live generation; replaced atomically
    GONGBAO_HOME/index/<engine>/g-<id>/           one generation, with index.json saying what it was built for
    GONGBAO_HOME/index/<engine>/writer.lock       held by the one process that writes

A rebuild fills a new generation beside the live one and switches the pointer; searches go on meanwhile. A generation
nobody points to (a killed rebuild, the one before) is collected by the next writer.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from gazette.errors import GongbaoError
from gazette.store import new_id
from indexer.schema import schema


class IndexAway(GongbaoError):
    """There is no index that answers now."""

    code, status = "search.index_away", 503
    zh, en = (
        "搜索暂不可用：索引正在重建，请过几分钟再试",
        "Search is away for now: the index is being rebuilt; try again in a few minutes",
    )


class IndexMissing(IndexAway):
    code = "search.index_missing"
    zh, en = "搜索索引尚未建立，请运行 gongbao index rebuild", "There is no search index yet; run gongbao index rebuild"


class IndexStale(IndexAway):
    code = "search.index_stale"
    zh = "搜索索引与当前程序不符，请运行 gongbao index rebuild"
    en = "The search index is of another version or damaged; run gongbao index rebuild"


class WriterBusy(GongbaoError):
    code, status = "search.writer_busy", 409
    zh, en = "另一个进程正在写入索引，请稍后再试", "Another process is writing the index; try again later"


class IndexUnwritten(GongbaoError):
    """What was written before stands, and searches go on in it."""

    code, status = "search.index_unwritten", 507
    zh = "索引写入失败（磁盘可能已满），原有索引不受影响：{why}"
    en = "The index was not written (is the disk full?); the one before it stands: {why}"


#: Changes with every switch.
Stamp = tuple[int, int] | str


@contextmanager
def told_as_stale(kind: type[Exception], saying: str = "") -> Iterator[None]:
    """Raises IndexStale, which tells what to do, in place of an engine's own `kind` of error that says `saying`."""
    try:
        yield
    except kind as error:
        if saying not in str(error):
            raise
        raise IndexStale() from error


@dataclass(frozen=True, slots=True)
class Pointer:
    """The live generation and its stamp."""

    folder: Path
    stamp: Stamp


class Generations(ABC):
    """The generations of one engine's index; `folder` is what it keeps on this machine."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @abstractmethod
    def get_live(self) -> Pointer:
        """The live generation. Raises IndexMissing, IndexStale."""

    @abstractmethod
    def stamp(self) -> Stamp | None:
        """The live generation's stamp; None without one."""

    @abstractmethod
    def start(self) -> Path:
        """A place for a new generation."""

    @abstractmethod
    def switch(self, generation: Path) -> None:
        """Make `generation` the live one."""

    @abstractmethod
    def discard(self, generation: Path) -> None:
        """Remove one generation."""

    @abstractmethod
    def collect(self) -> None:
        """Remove every generation that is neither live nor being read. Only for the holder of the writer's lock."""

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the writer's lock. Raises WriterBusy. The system frees it when the process ends, however it ends."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "writer.lock").open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise WriterBusy() from None
            yield


class FolderGenerations(Generations):
    """Generations in folders side by side."""

    def get_live(self) -> Pointer:
        try:
            with (self.folder / "current").open(encoding="utf-8") as file:
                name = file.read().strip()
                state = os.fstat(file.fileno())
        except FileNotFoundError:
            raise IndexMissing() from None
        generation = self.folder / name
        try:
            built_for = json.loads((generation / "index.json").read_text("utf-8"))["schema"]
        except (OSError, ValueError, KeyError):
            raise IndexStale() from None
        if built_for != schema().digest:
            raise IndexStale()
        return Pointer(generation, (state.st_ino, state.st_mtime_ns))

    def stamp(self) -> Stamp | None:
        """At the cost of one stat."""
        try:
            state = (self.folder / "current").stat()
        except FileNotFoundError:
            return None
        return state.st_ino, state.st_mtime_ns

    def start(self) -> Path:
        generation = self.folder / f"g-{new_id()}"
        generation.mkdir(parents=True)
        return generation

    def switch(self, generation: Path) -> None:
        (generation / "index.json").write_text(json.dumps({"schema": schema().digest}), "utf-8")
        fresh = self.folder / "current.new"
        with fresh.open("w", encoding="utf-8") as file:
            file.write(generation.name)
            file.flush()
            os.fsync(file.fileno())
        os.replace(fresh, self.folder / "current")

    def discard(self, generation: Path) -> None:
        shutil.rmtree(generation, ignore_errors=True)

    def collect(self) -> None:
        # Readers that still have one open keep its files.
        try:
            live = (self.folder / "current").read_text("utf-8").strip()
        except FileNotFoundError:
            live = ""
        for each in self.folder.glob("g-*"):
            if each.name != live:
                self.discard(each)
