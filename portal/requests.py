"""What surrounds every request: its id, its read session, the headers of the answer, the access log.

No page has inline script or style, so the content security policy allows none; a stranger's markup that slipped
into a page would stay inert.
"""

from __future__ import annotations

import logging
import re
import secrets
import time
from contextlib import ExitStack

from flask import Flask, Response, current_app, g, request
from werkzeug.exceptions import Forbidden

from portal.addresses import is_our_origin
from portal.rooms import Rooms

log = logging.getLogger(__name__)

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}

_REQUEST_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")


def surround(app: Flask, rooms: Rooms) -> None:
    """Register the hooks on `app`."""

    @app.before_request
    def begin() -> None:
        given = request.headers.get("X-Request-Id", "")
        g.request_id = given if _REQUEST_ID.fullmatch(given) else secrets.token_hex(8)
        g.began = time.perf_counter()
        g.closing = ExitStack()
        g.session = g.closing.enter_context(rooms.store.read())
        _refuse_foreign_forms()

    @app.after_request
    def finish(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        response.headers["X-Request-Id"] = g.get("request_id", "-")
        if response.mimetype == "text/html":
            response.vary.add("Cookie")
            response.headers.setdefault("Cache-Control", "no-cache")
        if request.endpoint != "static":
            log.info("request", extra=_facts(response))
        return response

    @app.teardown_request
    def end(_error: BaseException | None) -> None:
        if "closing" in g:
            g.closing.close()


def end_reading() -> None:
    """End this request's own read transactions. A purge empties the write-ahead log, which waits for every reader
    of the database: without this, for the very request that asks for it."""
    g.session.rollback()
    current_app.extensions["security"].datastore.commit()


def _refuse_foreign_forms() -> None:
    """A form may be sent only from our own pages. Browsers say where it came from; programs say nothing and hold
    no cookie of a user worth abusing."""
    if request.method in {"GET", "HEAD", "OPTIONS"}:
        return
    origin = request.headers.get("Origin")
    foreign = request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}
    if foreign or (origin is not None and not is_our_origin(origin)):
        raise Forbidden


def _facts(response: Response) -> dict[str, object]:
    return {
        "method": request.method,
        "path": request.path,
        "status": response.status_code,
        "ms": round((time.perf_counter() - g.began) * 1000, 1) if "began" in g else None,
    }
