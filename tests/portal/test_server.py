"""The server's own duties: where it listens, and the keeper beside it."""

from __future__ import annotations

import os
import threading
from urllib.parse import urlencode

import pytest

from gazette.settings import RecordSettings
from indexer.settings import IndexSettings
from portal import server
from portal.pages.search import LONGEST_QUERY
from portal.settings import PortalSettings


def test_as_many_characters_as_a_search_box_takes_fit_into_an_address(record_settings: RecordSettings) -> None:
    address = "/search?" + urlencode({"q": "法" * LONGEST_QUERY, "from": "2020-01-01", "issuer": "江城市人民政府" * 5})
    configured = server.Server(PortalSettings(), record_settings, IndexSettings())
    assert len(f"GET {address} HTTP/1.1") <= configured.cfg.limit_request_line


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
