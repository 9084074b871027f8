"""Conditional requests: a page of the record is the same until the record, the day or the visitor's choices change.

The mark is the id of the newest change in the outbox, which every write to the record leaves behind in its own
transaction; so a document's page also turns stale when another document's event concerns it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import Response, current_app, g, make_response, request

from gazette.outbox import last_change
from portal.language import language
from portal.rooms import rooms

View = TypeVar("View", bound=Callable[..., Any])


def conditional(view: View) -> View:
    """Answer 304 where the visitor holds this page already; else let `view` make it and mark it."""

    @wraps(view)
    def marked(*args: Any, **kwargs: Any) -> Response:
        if request.args.get("lang"):
            return make_response(view(*args, **kwargs))
        mark = _mark()
        if request.if_none_match.contains_weak(mark):
            response = Response(status=304)
        else:
            response = make_response(view(*args, **kwargs))
        if response.status_code in {200, 304}:
            response.set_etag(mark, weak=True)
        return response

    return marked  # type: ignore[return-value]


def _mark() -> str:
    parts = (
        last_change(g.session),
        rooms().today(),
        language(),
        request.cookies.get("size"),
        request.cookies.get("theme"),
        request.cookies.get(current_app.config["SESSION_COOKIE_NAME"]),
        current_app.config["SKIN"],
    )
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:20]
