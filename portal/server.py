"""`gongbao serve`: gunicorn's workers read; one keeper process beside them writes the index.

Web workers never write the index. The keeper is started by gunicorn's arbiter and started again if it dies, so one
command runs the whole portal and one signal ends it.
"""

from __future__ import annotations

import gc
import os
import socket
import subprocess
import sys
import threading
from typing import Any

from apiflask import APIFlask
from gunicorn.app.base import BaseApplication

from gazette.errors import GongbaoError
from gazette.settings import RecordSettings
from indexer.settings import IndexSettings
from portal.logs import SERVER_LOGS
from portal.rooms import Rooms
from portal.settings import PortalSettings
from portal.subscriptions.mail import MailSettings
from portal.terminal import tell

KEEPER_PAUSE_S = 2.0


class AddressUnavailable(GongbaoError):
    code = "server.address"
    zh, en = "无法在 {address} 上启动：{why}", "Cannot serve at {address}: {why}"


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
            "worker_class": "portal.web_worker.Worker",
            "threads": 4,
            "timeout": 60,
            "graceful_timeout": 20,
            # A worker is replaced now and then, so that no slow leak grows for ever.
            "max_requests": 20_000,
            "max_requests_jitter": 2_000,
            # The most gunicorn allows: five hundred characters typed are 4,500 bytes of an address.
            "limit_request_line": 8190,
            "proc_name": "gongbao",
            "logconfig_dict": SERVER_LOGS,
            # Its socket would lie outside the home folder, one for all portals of a user.
            "control_socket_disable": True,
            "post_worker_init": lambda worker: warm(worker.wsgi),
            "when_ready": lambda _server: self.welcome(),
            "on_exit": lambda _server: self.keeper.stop(),
        }
        for name, value in options.items():
            self.cfg.set(name, value)

    def welcome(self) -> None:
        """The port is open: say where, and start the keeper."""
        tell(f"门户已启动：http://{self.settings.host}:{self.settings.port}/（按 Ctrl-C 结束）")
        self.keeper.start()

    def load(self) -> Any:
        from portal.app import create_app

        return create_app(self.settings, self.record, self.search, MailSettings.load())


def warm(app: APIFlask) -> None:
    """Have a worker ready before its first request, which would else wait for the dictionary and the index."""
    rooms: Rooms = app.extensions["gongbao"]
    rooms.index.warm()
    rooms.names.table()
    # What is held now is held for good: looking through it for rubbish again and again would make requests wait.
    gc.collect()
    gc.freeze()


class Keeper:
    """Runs `python -m portal.keeper` and starts it again when it ends unasked.

    No worker is forked while it is being started: a fork would inherit the pipe on which `Popen` waits for the new
    process, and hold it open, so that the keeper's end would never be noticed.
    """

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._stopped = threading.Event()
        self._starting = threading.Lock()

    def start(self) -> None:
        free = self._starting.release
        os.register_at_fork(before=self._starting.acquire, after_in_parent=free, after_in_child=free)
        threading.Thread(target=self._watch, name="keeper", daemon=True).start()

    def stop(self) -> None:
        self._stopped.set()
        if self._process is not None:
            self._process.terminate()

    def _watch(self) -> None:
        while not self._stopped.is_set():
            with self._starting:
                self._process = subprocess.Popen([sys.executable, "-m", "portal.keeper"])
            self._process.wait()
            self._stopped.wait(KEEPER_PAUSE_S)


def check_address(host: str, port: int) -> None:
    """Raises AddressUnavailable where we could not listen."""
    try:
        socket.create_server((host, port)).close()
    except OSError as error:
        raise AddressUnavailable(address=f"{host}:{port}", why=error.strerror or error) from error


def run_server(settings: PortalSettings, record: RecordSettings, search: IndexSettings) -> None:
    """Serve until a signal ends it. Tables are brought up to date and the index made if there is none."""
    from portal.database import open_store

    check_address(settings.host, settings.port)
    open_store(record).close()
    Server(settings, record, search).run()
