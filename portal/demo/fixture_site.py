"""The fixture site, served on loopback: real HTTP for the demo's crawl and the tests, with no network.

A plain static server with what conditional requests need: ETag and Last-Modified out, 304 when they come back. Its
ETag is of the bytes; Last-Modified is fixed, for a checkout gives files whatever time it likes.
"""

from __future__ import annotations

import hashlib
import mimetypes
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

SITE = Path(__file__).with_name("site")
_LAST_MODIFIED = "Thu, 15 Jan 2026 08:00:00 GMT"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request as the server saw it."""

    path: str
    status: int
    user_agent: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FixtureSite:
    """A running server. `url` has no slash at its end; `requests` grows with each request, and a path put among the
    `broken` is answered with 503, one in `moved` with a redirect."""

    url: str
    requests: list[Request] = field(default_factory=list)
    broken: set[str] = field(default_factory=set)
    moved: dict[str, str] = field(default_factory=dict)


@contextmanager
def serve_site(folder: Path = SITE) -> Iterator[FixtureSite]:
    """Serve `folder` on a free loopback port while the block runs."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    site = FixtureSite(url=f"http://127.0.0.1:{server.server_address[1]}")
    server.RequestHandlerClass = partial(_Handler, folder.resolve(), site)  # type: ignore[assignment]
    thread = threading.Thread(target=server.serve_forever, name="fixture-site", daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.0"

    def __init__(self, folder: Path, site: FixtureSite, *arguments: object) -> None:
        self.folder, self.site = folder, site
        super().__init__(*arguments)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        if self.path in self.site.broken:
            self._answer(503, b"", {})
            return
        if self.path in self.site.moved:
            self._answer(302, b"", {"Location": self.site.moved[self.path]})
            return
        file = self._file()
        if file is None:
            self._answer(404, b"", {})
            return
        data = file.read_bytes()
        etag = f'"{hashlib.sha256(data).hexdigest()[:16]}"'
        validators = {"ETag": etag, "Last-Modified": _LAST_MODIFIED}
        if self.headers.get("If-None-Match") == etag:
            self._answer(304, b"", validators)
            return
        kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        charset = "; charset=utf-8" if kind.startswith("text/") else ""
        self._answer(200, data, {**validators, "Content-Type": kind + charset})

    def log_message(self, format: str, *args: object) -> None:
        """Silent: requests are kept in a list instead."""

    def _file(self) -> Path | None:
        """The file asked for, never one outside the folder."""
        asked = (self.folder / unquote(urlsplit(self.path).path).lstrip("/")).resolve()
        asked = asked / "index.html" if asked.is_dir() else asked
        return asked if asked.is_relative_to(self.folder) and asked.is_file() else None

    def _answer(self, status: int, data: bytes, headers: dict[str, str]) -> None:
        self.site.requests.append(Request(path=self.path, status=status, user_agent=self.headers.get("User-Agent", "")))
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status != 304:
            self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)
