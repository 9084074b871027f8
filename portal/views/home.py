"""首页: one search box, and what is new."""

from __future__ import annotations

from datetime import timedelta

from apiflask import APIBlueprint
from flask import g, render_template

from portal.freshness import conditional
from portal.pages.home import read_home
from portal.rooms import rooms

bp = APIBlueprint("home", __name__, enable_openapi=False)


@bp.get("/")
@conditional
def show() -> str:
    today = rooms().today()
    monday = today - timedelta(days=today.weekday())
    return render_template("home.html", page=read_home(g.session, today, monday, monday + timedelta(days=6)))
