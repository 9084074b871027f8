"""政策法规: searching the record."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import render_template

bp = APIBlueprint("search", __name__, enable_openapi=False)


@bp.get("/search")
def show() -> str:
    return render_template("search.html")
