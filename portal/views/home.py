"""首页: one search box, and what is new."""

from __future__ import annotations

from datetime import datetime, time

from apiflask import APIBlueprint
from flask import g, render_template

from portal.freshness import conditional
from portal.pages.home import read_home
from portal.rooms import rooms

bp = APIBlueprint("home", __name__, enable_openapi=False)


@bp.get("/")
@conditional
def show() -> str:
    midnight = datetime.combine(rooms().today(), time(), rooms().timezone)
    return render_template("home.html", page=read_home(g.session, midnight))
