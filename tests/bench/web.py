"""The portal over HTTP: two workers on loopback over the demo data, document and search pages.

First a steady 20 requests a second (p95), then as many as eight clients can ask (errors), then what a worker holds.
"""

from __future__ import annotations

import http.client
import os
import re
import signal
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from gazette.record.documents import DocumentState
from gazette.record.reading import count_documents
from gazette.settings import RecordSettings
from portal.database import open_store
from tests.bench._memory import resident_mb, resident_mb_of
from tests.bench._row import row

#: The framework, the ORM and the engine imported, and nothing done.
_BARE = "import flask, sqlalchemy.orm, tantivy, rjieba"
STEADY_S, STEADY_RATE = 20, 20
SATURATED_S, CLIENTS = 10, 8
QUERIES = ("食品安全", "停车", "江政发", "行政许可 期限", "公司不给员工交社会保险怎么办", "规章制定程序")


@contextmanager
def served(home: Path) -> Iterator[tuple[int, int]]:
    """`gongbao serve` with two workers; yields its port and the process id of the arbiter."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "portal", "serve", "--port", str(port), "--workers", "2"]
    environment = os.environ | {"GONGBAO_HOME": str(home)}
    process = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
    try:
        _wait_until_up(port)
        yield port, process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def rows(_corpus: Path) -> list[dict[str, object]]:
    """Rows of name, ours, baseline, ratio, target. The baseline of a page is `/healthz` in the same run, that of a
    worker's memory an interpreter that has only imported what a worker cannot do without."""
    home = prepared_home()
    with served(home) as (port, pid):
        pages = _pages(port)
        bare, _ = _steady(port, ["/healthz"])
        steady, errors = _steady(port, pages)
        answered, saturated_errors = _saturated(port, pages)
        held = max(resident_mb_of(worker) for worker in _web_workers(pid))
    return [
        row("web: document and search pages, p95 ms at 20 requests/s", _p95(steady), _p95(bare), "<= 50", digits=1),
        row("web: errors at 20 requests/s", errors, None, "<= 0", digits=1),
        row(
            f"web: errors at saturation, {answered / SATURATED_S:.0f} requests/s",
            saturated_errors,
            None,
            "<= 0",
            digits=1,
        ),
        row("web: resident MB of a worker with the demo loaded", held, resident_mb(_BARE), "<= 250", digits=1),
    ]


def _p95(milliseconds: list[float]) -> float:
    return statistics.quantiles(milliseconds, n=20)[18]


def prepared_home() -> Path:
    """The home folder with the demo in it; loaded first where it is empty."""
    settings = RecordSettings.load()
    store = open_store(settings)
    with store.read() as session:
        filled = count_documents(session, DocumentState.PUBLISHED) > 0
    store.close()
    if not filled:
        subprocess.run([sys.executable, "-m", "portal", "demo", "--no-serve"], check=True)
    return settings.home


def _wait_until_up(port: int) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            if _get(port, "/healthz")[0] == 200:
                return
        except OSError:
            time.sleep(0.2)
    raise TimeoutError("the server did not come up")


def _get(port: int, path: str) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


def _pages(port: int) -> list[str]:
    """Search pages and the documents they lead to, by turns."""
    searches = [f"/search?q={quote(query)}" for query in QUERIES]
    found: list[str] = []
    for path in searches:
        body = _get(port, path)[1].decode("utf-8")
        found += dict.fromkeys(re.findall(r'href="(/documents/[0-9a-z]+)', body))
    documents = list(dict.fromkeys(found))
    return [
        page for pair in zip(searches * (len(documents) // len(searches) + 1), documents, strict=False) for page in pair
    ]


def _timed(port: int, path: str) -> tuple[float, bool]:
    began = time.perf_counter()
    try:
        good = _get(port, path)[0] == 200
    except OSError:
        good = False
    return (time.perf_counter() - began) * 1000, good


def _steady(port: int, pages: list[str]) -> tuple[list[float], int]:
    """Requests begun on a fixed clock, whatever the answers take, so that a slow answer hides no later one."""
    began = time.monotonic()
    with ThreadPoolExecutor(32) as pool:
        jobs = []
        for number in range(STEADY_S * STEADY_RATE):
            time.sleep(max(0.0, began + number / STEADY_RATE - time.monotonic()))
            jobs.append(pool.submit(_timed, port, pages[number % len(pages)]))
        done = [job.result() for job in jobs]
    return [milliseconds for milliseconds, _ in done], sum(not good for _, good in done)


def _saturated(port: int, pages: list[str]) -> tuple[int, int]:
    """How many requests were answered, and how many failed, with every client asking without pause."""
    until = time.monotonic() + SATURATED_S
    lock = threading.Lock()
    counts = [0, 0]

    def ask(first: int) -> None:
        number = first
        while time.monotonic() < until:
            _, good = _timed(port, pages[number % len(pages)])
            number += CLIENTS
            with lock:
                counts[0 if good else 1] += 1

    threads = [threading.Thread(target=ask, args=(first,)) for first in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return counts[0], counts[1]


def _web_workers(arbiter: int) -> list[int]:
    """Child processes of the arbiter apart from the keeper."""
    children = Path(f"/proc/{arbiter}/task/{arbiter}/children").read_text("ascii").split()
    others = [p for p in children if b"portal.keeper" not in Path(f"/proc/{p}/cmdline").read_bytes()]
    return [int(each) for each in others]
