"""待收录: what the record cites and does not hold, for everybody to see and, better, to send in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from apiflask import APIBlueprint
from flask import Response, g, render_template, request, stream_with_context
from flask_babel import gettext as _
from marshmallow import RAISE

from gazette.citations.acquisitions import count_wanted, find_wanted, iter_wanted, list_citing, list_wanted
from gazette.errors import NotFound
from portal import schemas
from portal.filenames import content_disposition
from portal.freshness import conditional
from portal.limits import exports_per_visitor, limiter
from portal.pages.paging import first_of, make_pager, page_asked
from portal.rooms import rooms
from portal.spreadsheets import BYTE_ORDER_MARK, csv_row, in_lots

bp = APIBlueprint("acquisitions", __name__, tag="Record")


@bp.get("/acquisitions")
@bp.doc(hide=True)
@conditional
def show() -> str:
    size = rooms().portal.page_size
    if key := request.args.get("cited", ""):
        wanted = find_wanted(g.session, key[:400])
        if wanted is None:
            raise NotFound(what=key[:100])
        pager = make_pager(page_asked(), wanted.count, size)
        citing = list_citing(g.session, wanted.key, limit=size, offset=first_of(pager.page, size))
        return render_template("wanted.html", wanted=wanted, citing=citing, pager=pager)
    total = count_wanted(g.session)
    pager = make_pager(page_asked(), total, size)
    listed = list_wanted(g.session, limit=size, offset=first_of(pager.page, size))
    return render_template("acquisitions.html", wanted=listed, total=total, pager=pager)


@bp.get("/acquisitions.csv")
@bp.doc(hide=True)
@limiter.limit(exports_per_visitor)
def download() -> Response:
    """The whole list as a table."""
    response = Response(stream_with_context(in_lots(_lines())), mimetype="text/csv")
    response.headers["Content-Disposition"] = content_disposition("待收录.csv")
    return response


@bp.get("/api/v1/acquisitions")
@bp.input(schemas.OffsetQuery, location="query", arg_name="asked", unknown=RAISE)
@bp.output(schemas.Wanted)
@bp.doc(summary="What the record cites and does not hold, the most cited first")
def list_json(asked: dict[str, Any]) -> dict[str, Any]:
    listed = list_wanted(g.session, limit=asked["limit"], offset=asked["offset"])
    return {"total": count_wanted(g.session), "results": [each.to_json() for each in listed]}


def _lines() -> Iterator[str]:
    yield BYTE_ORDER_MARK + csv_row([_("标题"), _("发文字号"), _("引用它的文件数")])
    for each in iter_wanted(g.session):
        yield csv_row([each.title, each.doc_number, str(each.count)])
