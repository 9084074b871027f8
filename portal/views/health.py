"""`/healthz`: whether this process can answer, for whoever watches it."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import Response, g, jsonify
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from indexer.generations import IndexAway
from portal.rooms import rooms

bp = APIBlueprint("health", __name__, enable_openapi=False)


@bp.get("/healthz")
def show() -> tuple[Response, int]:
    """503 when the store is away. Without the index pages still work, so that is told and no more."""
    checks = {"store": _store(), "index": _index()}
    status = 200 if checks["store"] == "ok" else 503
    answer = jsonify({"status": "ok" if status == 200 else "failing", "checks": checks})
    answer.headers["Cache-Control"] = "no-store"
    return answer, status


def _store() -> str:
    try:
        g.session.execute(text("SELECT 1 FROM documents LIMIT 1"))
    except SQLAlchemyError:
        return "failing"
    return "ok"


def _index() -> str:
    try:
        rooms().index.reader()
    except IndexAway:
        return "missing"
    return "ok"
