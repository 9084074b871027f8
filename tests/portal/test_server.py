"""The server's own duties: where it listens, and the keeper beside it."""

from __future__ import annotations

import os
import threading

import pytest

from portal import server


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
