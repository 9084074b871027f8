"""Bytes from strangers are opened in a subprocess limited in time and memory, without network.

One worker process reads many files, for a process a file would cost more than the reading. A worker that
overruns, dies or grows too large is killed and replaced. The parent unpickles only the plain values of
`gazette.draft`, `gazette.issues.imprint` and `gazette.errors`, so that a reader taken over by a hostile file cannot
answer with code.

Time is processor time, which the worker limits itself to: a machine busy with other work must not refuse a file. The
clock on the wall bounds it generously from outside. A long file is answered leaf by leaf before the whole: every leaf
of pages has the time of a file, is kept for a second run (gazette.digitization.kept_pages), and is told to whoever
waits.
"""

from __future__ import annotations

import atexit
import contextlib
import io
import os
import pickle
import selectors
import signal
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

from gazette.digitization.kept_pages import KeptPages
from gazette.digitization.readers.page_desk import MOST_PAGES, Leaf, Stage
from gazette.draft import Digitized, SourceFile
from gazette.errors import CopyUnreadable, GongbaoError
from gazette.settings import RecordSettings

_LENGTH = struct.Struct(">Q")
#: The largest answer taken from a worker (bytes).
_LARGEST_ANSWER = 512 * 1024 * 1024
_ALLOWED = frozenset({("datetime", "date")})
_ALLOWED_MODULES = frozenset(
    {"gazette.digitization.blocks", "gazette.draft", "gazette.errors", "gazette.issues.imprint"}
)
#: Every page is told once at each stage; a worker that tells more has lost its wits.
_MOST_LEAVES = len(Stage) * MOST_PAGES
#: On the wall a file may take so many times the processor time it has.
PATIENCE = 10.0
#: So much is put into a pipe at a time (bytes).
_PIECE = 1024 * 1024
#: Environment a reader gets: no secrets, no settings.
PASSED = ("PATH", "LANG", "LC_ALL", "SYSTEMROOT", "LD_LIBRARY_PATH")


#: Hears (pages done, of how many) while a long file is read.
Progress = Callable[[int, int], None]
LeafDone = Callable[[Leaf], None]


class ReadTimeout(GongbaoError):
    code = "source.timeout"
    zh = "读取文件 {name} 超过 {seconds:g} 秒，已放弃"
    en = "Reading the file {name} took more than {seconds:g} s and was given up"


class ReadPaused(GongbaoError):
    """A file so long that it is read in several goes; what is read is kept for the next."""

    code = "source.paused"
    zh = "文件 {name} 已读 {done} 页（共 {total} 页），满 {hours:g} 小时暂停；再次识别同一文件即从该页继续"
    en = "{done} of {total} pages of {name} were read in {hours:g} h; read the file again to go on from there"


class ReaderDied(CopyUnreadable):
    """The reader process ended: out of memory, or a defect in a native library."""

    code = "copy.reader_died"


class _AnswerUnpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        if (module, name) in _ALLOWED or (module in _ALLOWED_MODULES and name.isidentifier()):
            found = super().find_class(module, name)
            # Only classes defined there: what the module imports is not a value of the record.
            if isinstance(found, type) and (found.__module__ == module or (module, name) in _ALLOWED):
                return found
        raise pickle.UnpicklingError(f"{module}.{name} is not a value of the record")


class Worker:
    """One reader process and the pipe to it. Used by one thread at a time."""

    def __init__(self, settings: RecordSettings) -> None:
        self.settings = settings
        self.process: subprocess.Popen[bytes] | None = None

    def read(self, source: SourceFile, kept: KeptPages, progress: Progress | None = None) -> Digitized:
        """Digitize in the process. Raises ReadTimeout, ReaderDied or what the reader raised."""

        def leaf_done(leaf: Leaf) -> None:
            kept.keep(leaf)
            if progress is not None:
                progress(leaf.done, leaf.total)

        found = self._ask(source.name, ("read", (source, kept.load())), leaf_done)
        kept.forget()
        return found  # type: ignore[no-any-return]

    def draw_page(self, source: SourceFile, page: int, turned: int) -> bytes:
        """One page of a scan as a JPEG (gazette.digitization.readers.page_picture). Raises as `read` does."""
        found = self._ask(source.name, ("draw", (source.data, page, turned)))
        return bytes(found)

    def _ask(self, name: str, question: tuple[str, Any], leaf_done: LeafDone | None = None) -> Any:
        process = self._running()
        try:
            kind, value = self._exchange(process, name, pickle.dumps(question), leaf_done)
        except ReadPaused:
            self.close()
            raise
        except TimeoutError as error:
            self.close()
            raise ReadTimeout(name=name, seconds=PATIENCE * self.settings.read_timeout_s) from error
        except (BrokenPipeError, EOFError, OSError) as error:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(1)
            self.close()
            if process.returncode == -signal.SIGXCPU:
                raise ReadTimeout(name=name, seconds=self.settings.read_timeout_s) from error
            raise ReaderDied(name=name, why="读取进程异常退出，可能是内存超限") from error
        except Exception as error:
            # A reader that answers with anything else is taken over or broken: it reads no other file.
            self.close()
            raise ReaderDied(name=name, why="读取进程的答复无效") from error
        if kind == "error":
            code, facts = value
            raise _ERRORS.get(code, CopyUnreadable)(**facts)
        return value

    def close(self) -> None:
        process, self.process = self.process, None
        if process is not None:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    with contextlib.suppress(OSError):
                        pipe.close()

    def _running(self) -> subprocess.Popen[bytes]:
        if self.process is not None and self.process.poll() is None:
            return self.process
        self.close()
        environment = {name: os.environ[name] for name in PASSED if name in os.environ}
        environment["PYTHONPATH"] = os.pathsep.join(path or os.getcwd() for path in sys.path)
        # One thread a native library: a thread's stack would count against the memory limit.
        environment |= {"OMP_NUM_THREADS": "1", "PYTHONIOENCODING": "utf-8"}
        limits = str(self.settings.read_memory_bytes), str(self.settings.read_timeout_s)
        self.process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            [sys.executable, "-m", "gazette.digitization.sandbox_worker", *limits],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
            bufsize=0,
        )
        return self.process

    def _exchange(
        self, process: subprocess.Popen[bytes], name: str, question: bytes, leaf_done: LeafDone | None
    ) -> tuple[str, Any]:
        """The answer to the question, leaves that come before it told; each leaf may take the time of a file, all of
        them together `read_longest_s`."""
        assert process.stdin is not None  # noqa: S101 - both are pipes
        assert process.stdout is not None  # noqa: S101
        begun, patience = time.monotonic(), PATIENCE * self.settings.read_timeout_s
        _write(process.stdin, _LENGTH.pack(len(question)) + question, begun + patience)
        deadline = begun + patience
        for _ in range(_MOST_LEAVES + 1):
            answer = self._receive(process.stdout, deadline)
            kind, value = _AnswerUnpickler(io.BytesIO(answer)).load()
            if kind != "leaf":
                return kind, value
            leaf = Leaf(Stage(value[0]), dict(value[1]), int(value[2]), int(value[3]))
            if leaf_done is not None:
                leaf_done(leaf)
            now = time.monotonic()
            if now - begun > self.settings.read_longest_s:
                hours = round(self.settings.read_longest_s / 3600, 2)
                raise ReadPaused(name=name, done=leaf.done, total=leaf.total, hours=hours)
            deadline = now + patience
        raise EOFError

    def _receive(self, pipe: Any, deadline: float) -> bytes:
        """One message of the process."""
        (length,) = _LENGTH.unpack(_read(pipe, _LENGTH.size, deadline))
        if length > _LARGEST_ANSWER:
            raise EOFError
        return _read(pipe, length, deadline)


class Pool:
    """Workers at rest, one for each thread that reads at a time."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        #: By the limits the workers run under: seconds and bytes.
        self.idle: dict[tuple[float, ...], list[Worker]] = {}
        self.owner = os.getpid()

    def read(self, source: SourceFile, settings: RecordSettings, progress: Progress | None = None) -> Digitized:
        with self._worker(settings) as worker:
            return worker.read(source, KeptPages.of(settings, source), progress)

    def draw_page(self, source: SourceFile, page: int, turned: int, settings: RecordSettings) -> bytes:
        with self._worker(settings) as worker:
            return worker.draw_page(source, page, turned)

    @contextlib.contextmanager
    def _worker(self, settings: RecordSettings) -> Iterator[Worker]:
        worker = self._take(settings)
        try:
            yield worker
        finally:
            with self.lock:
                self.idle.setdefault(_limits(settings), []).append(worker)

    def close(self) -> None:
        """End every worker at rest; the next reading starts a new one."""
        if self.owner != os.getpid():
            return
        with self.lock:
            workers = [worker for each in self.idle.values() for worker in each]
            self.idle.clear()
        for worker in workers:
            worker.close()

    def _take(self, settings: RecordSettings) -> Worker:
        with self.lock:
            if self.owner != os.getpid():
                # After a fork the pipes belong to the parent.
                self.idle, self.owner = {}, os.getpid()
            workers = self.idle.setdefault(_limits(settings), [])
            return workers.pop() if workers else Worker(settings)


def _limits(settings: RecordSettings) -> tuple[float, ...]:
    return settings.read_timeout_s, settings.read_longest_s, settings.read_memory_bytes


POOL = Pool()
atexit.register(POOL.close)


def _write(pipe: Any, data: bytes, deadline: float) -> None:
    """All of `data` before `deadline`: a reader that hangs takes nothing from its pipe, and must not hang us."""
    view = memoryview(data)
    os.set_blocking(pipe.fileno(), False)
    with selectors.DefaultSelector() as selector:
        selector.register(pipe, selectors.EVENT_WRITE)
        while view:
            if not selector.select(max(0.0, deadline - time.monotonic())):
                raise TimeoutError
            view = view[os.write(pipe.fileno(), view[:_PIECE]) :]


def _read(pipe: Any, size: int, deadline: float) -> bytes:
    """Exactly `size` bytes before `deadline` (monotonic clock)."""
    pieces: list[bytes] = []
    with selectors.DefaultSelector() as selector:
        selector.register(pipe, selectors.EVENT_READ)
        while size:
            if not selector.select(max(0.0, deadline - time.monotonic())):
                raise TimeoutError
            piece = os.read(pipe.fileno(), min(size, _PIECE))
            if not piece:
                raise EOFError
            pieces.append(piece)
            size -= len(piece)
    return b"".join(pieces)


def _families() -> dict[str, type[GongbaoError]]:
    from gazette.digitization.archives import ArchiveRefused, SourceTooLarge
    from gazette.errors import BadInput

    return {each.code: each for each in (CopyUnreadable, BadInput, ArchiveRefused, SourceTooLarge)}


_ERRORS = _families()
