"""The reader process: takes one source after another from its pipe and answers with what it found, pages first.

Started by `gazette.digitization.sandbox` as `python -m gazette.digitization.sandbox_worker MEMORY_BYTES SECONDS`; it
locks itself in first.
"""

from __future__ import annotations

import contextlib
import ctypes
import math
import os
import pickle
import resource
import struct
import sys
from typing import Any, BinaryIO

_LENGTH = struct.Struct(">Q")
_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000
_REFUSED = (
    "socket.connect",
    "socket.bind",
    "socket.getaddrinfo",
    "subprocess.Popen",
    "os.system",
    "os.exec",
    "os.posix_spawn",
)


def limit(memory_bytes: int, file_bytes: int) -> None:
    """Limit memory and files (none may grow beyond `file_bytes`), and leave the network where the kernel allows it."""
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (file_bytes, file_bytes))
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None, use_errno=True).unshare(_CLONE_NEWUSER | _CLONE_NEWNET)


def lock_in(memory_bytes: int, file_bytes: int = 0) -> None:
    """`limit`, and in Python refuse the network and other programs in any case."""
    limit(memory_bytes, file_bytes)

    def refuse(event: str, _arguments: Any) -> None:
        if event in _REFUSED:
            raise PermissionError(f"{event} is not allowed while reading a file")

    sys.addaudithook(refuse)


def allow(seconds: float) -> None:
    """From now on this process may use so much processor time; then the kernel ends it with SIGXCPU."""
    spent = resource.getrusage(resource.RUSAGE_SELF)
    _soft, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(spent.ru_utime + spent.ru_stime + seconds), hard))


def serve(questions: BinaryIO, answers: BinaryIO, seconds: float) -> None:
    """Answer until the pipe closes; every question, and every leaf of a long file, has so much processor time."""
    while (head := questions.read(_LENGTH.size)) and len(head) == _LENGTH.size:
        question = questions.read(_LENGTH.unpack(head)[0])
        allow(seconds)
        _send(answers, _answer(question, answers, seconds))


def _send(answers: BinaryIO, message: tuple[str, Any]) -> None:
    answer = pickle.dumps(message)
    answers.write(_LENGTH.pack(len(answer)) + answer)
    answers.flush()


def _answer(question: bytes, answers: BinaryIO, seconds: float) -> tuple[str, Any]:
    from gazette.errors import GongbaoError

    # The question comes from our own parent process.
    kind, asked = pickle.loads(question)  # noqa: S301
    name = asked[0].name if kind == "read" else "扫描页"
    try:
        if kind == "read":
            source, known = asked
            return "digitized", _read_source(source, known, answers, seconds)
        return "drawn", _draw(*asked)
    except GongbaoError as error:
        return "error", (error.code, error.facts)
    except (MemoryError, RecursionError):
        return "error", ("copy.unreadable", {"name": name, "why": "内容过大或嵌套过深"})


def _read_source(source: Any, known: Any, answers: BinaryIO, seconds: float) -> Any:
    from gazette.digitization.digitize import digitize_here
    from gazette.digitization.readers.page_desk import DESK, Leaf, PageDesk

    def told(leaf: Leaf) -> None:
        _send(answers, ("leaf", (leaf.stage.value, dict(leaf.pages), leaf.done, leaf.total)))
        allow(seconds)

    DESK.set(PageDesk(told=told, known=known))
    return digitize_here(source)


def _draw(data: bytes, page: int, turned: int) -> bytes:
    from gazette.digitization.readers.page_picture import draw_page

    return draw_page(data, page, turned)


def main() -> None:
    questions, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    # Nothing a library prints may get between the answers.
    os.dup2(2, 1)
    lock_in(int(sys.argv[1]))
    serve(questions, answers, float(sys.argv[2]))


if __name__ == "__main__":
    main()
