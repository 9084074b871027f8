"""帮助 and 关于: how to use the site, what its labels mean, how to take its data."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import g, render_template

from gazette.record.library import count_agencies
from gazette.validity.status import Status
from portal.pages.query_help import EXAMPLES

bp = APIBlueprint("help", __name__, enable_openapi=False)


@bp.get("/help")
def show_help() -> str:
    return render_template("help.html", statuses=tuple(Status))


@bp.get("/help/query")
def show_query_language() -> str:
    return render_template("query_help.html", examples=EXAMPLES)


@bp.get("/about")
def show_about() -> str:
    return render_template("about.html")


@bp.get("/help/feeds")
def show_feeds() -> str:
    return render_template("feeds.html", agencies=count_agencies(g.session, 50))


@bp.get("/help/api")
def show_api() -> str:
    return render_template("api.html")
