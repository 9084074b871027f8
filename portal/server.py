"""`gongbao serve`: gunicorn's workers read; one keeper process beside them writes the index.

Web workers never write the index. The keeper is started by gunicorn's arbiter and started again if it dies, so one
command runs the whole portal and one signal ends it.
"""

from __future__ import annotations

import subprocess
import sys
import threading
from typing import Any

from apiflask import APIFlask
from gunicorn.app.base import BaseApplication

from gazette.settings import RecordSettings
from indexer.settings import IndexSettings
from portal.rooms import Rooms
from portal.settings import PortalSettings

KEEPER_PAUSE_S = 2.0


class Server(BaseApplication):  # type: ignore[misc]
    """Gunicorn with our settings instead of its configuration file."""

    def __init__(self, settings: PortalSettings, record: RecordSettings, search: IndexSettings) -> None:
        self.settings, self.record, self.search = settings, record, search
        self.keeper = Keeper()
        super().__init__()

    def load_config(self) -> None:
        options: dict[str, Any] = {
            "bind": f"{self.settings.host}:{self.settings.port}",
            "workers": self.settings.workers,
            "worker_class": "gthread",
            "threads": 4,
            "timeout": 60,
            "graceful_timeout": 20,
            # A worker is replaced now and then, so that no slow leak grows for ever.
            "max_requests": 20_000,
            "max_requests_jitter": 2_000,
            "proc_name": "gongbao",
            "post_worker_init": lambda worker: warm(worker.wsgi),
            "when_ready": lambda _server: self.keeper.start(),
            "on_exit": lambda _server: self.keeper.stop(),
        }
        for name, value in options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        from portal.app import create_app

        return create_app(self.settings, self.record, self.search)


def warm(app: APIFlask) -> None:
    """Have a worker ready before its first request, which would else wait for the dictionary and the index."""
    rooms: Rooms = app.extensions["gongbao"]
    rooms.index.warm()


class Keeper:
    """Runs `python -m portal.keeper` and starts it again when it ends unasked."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._stopped = threading.Event()

    def start(self) -> None:
        threading.Thread(target=self._watch, name="keeper", daemon=True).start()

    def stop(self) -> None:
        self._stopped.set()
        if self._process is not None:
            self._process.terminate()

    def _watch(self) -> None:
        while not self._stopped.is_set():
            self._process = subprocess.Popen([sys.executable, "-m", "portal.keeper"])
            self._process.wait()
            self._stopped.wait(KEEPER_PAUSE_S)


def run_server(settings: PortalSettings, record: RecordSettings, search: IndexSettings) -> None:
    """Serve until a signal ends it. Tables are brought up to date and the index made if there is none."""
    from portal.database import open_store

    open_store(record).close()
    Server(settings, record, search).run()
