"""The server's own duties: where it listens, and the keeper beside it."""

from __future__ import annotations

import os
import socket
import threading
from unittest.mock import Mock
from urllib.parse import urlencode

import pytest
from gunicorn.http.errors import InvalidRequestLine, LimitRequestLine

from gazette.settings import RecordSettings
from indexer.settings import IndexSettings
from portal import server
from portal.pages.search import LONGEST_QUERY
from portal.settings import PortalSettings
from portal.web_worker import Worker


def test_as_many_characters_as_a_search_box_takes_fit_into_an_address(record_settings: RecordSettings) -> None:
    address = "/search?" + urlencode({"q": "法" * LONGEST_QUERY, "from": "2020-01-01", "issuer": "江城市人民政府" * 5})
    configured = server.Server(PortalSettings(), record_settings, IndexSettings())
    assert len(f"GET {address} HTTP/1.1") <= configured.cfg.limit_request_line


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [
        (LimitRequestLine(9999, 8190), "414", "检索词太长"),
        (InvalidRequestLine("GET /search?q=食品 HTTP/1.1"), "400", "百分号编码"),
    ],
)
def test_an_address_that_cannot_be_read_is_answered_with_a_page_of_ours(
    error: Exception, status: str, said: str
) -> None:
    ours, theirs = socket.socketpair()
    theirs.sendall(b"a" * 40_000)
    theirs.shutdown(socket.SHUT_WR)
    with ours, theirs:
        Worker.handle_error(Mock(), None, ours, None, error)
        answer = theirs.makefile("rb").read().decode()
    assert answer.startswith(f"HTTP/1.1 {status} ")
    assert said in answer
    assert 'lang="en"' in answer


def test_no_worker_is_forked_while_the_keeper_is_being_started(monkeypatch: pytest.MonkeyPatch) -> None:
    begun, forked, ended = threading.Event(), threading.Event(), threading.Event()
    overlapped: list[bool] = []

    class SlowStart:
        def __init__(self, _command: list[str]) -> None:
            begun.set()
            overlapped.append(forked.wait(0.2))

        def wait(self) -> None:
            ended.wait(5)

        def terminate(self) -> None:
            ended.set()

    monkeypatch.setattr(server.subprocess, "Popen", SlowStart)
    keeper = server.Keeper()
    keeper.start()
    assert begun.wait(5)
    child = os.fork()
    if child == 0:
        os._exit(0)
    forked.set()
    os.waitpid(child, 0)
    keeper.stop()
    assert overlapped == [False]
