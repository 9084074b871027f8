"""首页: one search box, and what is new."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import render_template

bp = APIBlueprint("home", __name__, enable_openapi=False)


@bp.get("/")
def show() -> str:
    return render_template("home.html")
