"""Addresses: this page with another argument, and the site's public address.

`same_page` is built from the path and the query as they came, never through `url_for`: its own arguments
(`_external`, `_scheme`, `endpoint`) are names that a stranger can put into a query.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from flask import current_app, request
from werkzeug.exceptions import HTTPException
from werkzeug.routing import IntegerConverter, Map


def same_page(**changed: str | None) -> str:
    """The address asked for, with the `changed` arguments in place; None leaves one out."""
    kept = [(name, value) for name, value in request.args.items(multi=True) if name not in changed]
    query = urlencode([*kept, *((name, value) for name, value in changed.items() if value is not None)])
    path = quote(f"{request.script_root}{request.path}")
    return f"{path}?{query}" if query else path


def without_slash() -> str | None:
    """The address asked for without the slash at its end, if there is a page; None otherwise."""
    path = "/" + request.path.strip("/")
    if not request.path.endswith("/") or path == "/":
        return None
    adapter = current_app.create_url_adapter(request)
    try:
        found = adapter.match(path, method="GET") if adapter else None
    except HTTPException:
        return None
    query = request.query_string.decode("ascii", "replace")
    return f"{quote(request.script_root + path)}{'?' + query if query else ''}" if found else None


class HeldNumber(IntegerConverter):
    """`<int:…>` in our addresses: no larger than a column of either database holds, so that 9999999999 is a page that
    does not exist and no failure."""

    def __init__(self, map: Map, *args: Any, **options: Any) -> None:
        super().__init__(map, *args, **{"max": 2**31 - 1, **options})


class PublicAddress:
    """WSGI middleware: the site is what `base_url` says, whatever Host a request names.

    So feeds, sitemaps and citations give one address, and nobody can put another one into a page.
    """

    def __init__(self, application: Callable[..., Iterable[bytes]], base_url: str) -> None:
        self.application = application
        self.parts = urlsplit(base_url.rstrip("/"))

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        environ["gongbao.asked_host"] = environ.get("HTTP_HOST", "")
        environ["HTTP_HOST"], environ["wsgi.url_scheme"] = self.parts.netloc, self.parts.scheme
        return self.application(environ, start_response)


def is_our_origin(origin: str) -> bool:
    """Whether a browser's Origin is this site, by its public address or the one the request came to."""
    parts = urlsplit(origin)
    return parts.scheme in {"http", "https"} and parts.netloc in {
        request.host,
        request.environ.get("gongbao.asked_host"),
    }
