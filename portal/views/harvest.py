"""采集状况: how each source is doing, in words."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import g, render_template

from harvest.reports import list_health

bp = APIBlueprint("harvest", __name__, enable_openapi=False)


@bp.get("/harvest")
def show() -> str:
    return render_template("harvest.html", sources=list_health(g.session))
