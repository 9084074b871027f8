"""政府公报: gazettes by year and number."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import Response, g, redirect, render_template, request, url_for

from gazette.errors import NotFound
from gazette.issues.gazettes import IssueAddress, get_issue
from gazette.issues.issue import issue_years
from portal.filenames import content_disposition
from portal.freshness import conditional
from portal.pages.gazette import read_gazettes, read_issue, read_year
from portal.rooms import rooms

bp = APIBlueprint("gazettes", __name__, url_prefix="/gazettes", enable_openapi=False)


@bp.get("")
@conditional
def show_all() -> str:
    return render_template("gazettes.html", lines=read_gazettes(g.session))


@bp.get("/<gazette>")
def show_latest_year(gazette: str) -> Response:
    years = issue_years(g.session, gazette, published_only=True)
    if not years:
        raise NotFound(what=gazette)
    return redirect(url_for(".show_year", gazette=gazette, year=years[0]))


@bp.get("/<gazette>/<int:year>")
@conditional
def show_year(gazette: str, year: int) -> str:
    return render_template("gazette_year.html", page=read_year(g.session, gazette, year))


@bp.get("/<gazette>/<int:year>/<int:number>")
@conditional
def show_issue(gazette: str, year: int, number: int) -> str:
    page = read_issue(g.session, IssueAddress(gazette=gazette, year=year, number=number))
    return render_template("gazette_issue.html", page=page)


@bp.get("/<gazette>/<int:year>/<int:number>.pdf")
def show_pdf(gazette: str, year: int, number: int) -> Response:
    """整期PDF, as it was typeset and published."""
    issue = get_issue(g.session, IssueAddress(gazette=gazette, year=year, number=number), published_only=True)
    if issue.sha256 is None:
        raise NotFound(what=f"{issue.address} PDF")
    response = Response(rooms().store.blobs.get(issue.sha256), mimetype="application/pdf")
    response.headers["Content-Disposition"] = content_disposition(f"{gazette}-{year}-{number}.pdf", inline=True)
    # A browser's own viewer needs styles; what it shows is our own typesetting.
    response.headers["Content-Security-Policy"] = "frame-ancestors 'none'"
    response.set_etag(issue.sha256)
    return response.make_conditional(request)
