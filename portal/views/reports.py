"""我为政府网站找错: reports of errors in a document, sent by readers and settled by editors."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import Response, g, make_response, redirect, render_template, request, url_for

from gazette.record.reading import get_document
from portal.limits import limiter, reports_per_visitor
from portal.reports import LONGEST_FIELD, ReportForm, save_report
from portal.rooms import rooms

bp = APIBlueprint("reports", __name__, enable_openapi=False)


@bp.get("/documents/<document_id>/report")
def ask(document_id: str) -> str:
    form = ReportForm(place=request.args.get("at", "")[:LONGEST_FIELD])
    return _page(document_id, form)


@bp.post("/documents/<document_id>/report")
@limiter.limit(reports_per_visitor)
def send(document_id: str) -> Response:
    form = ReportForm.from_mapping(request.form)
    if form.errors():
        return make_response(_page(document_id, form, errors=form.errors()), 400)
    document = get_document(g.session, document_id)
    save_report(rooms().store, document.id, form)
    return redirect(url_for(".ask", document_id=document.id, sent=1), 303)


def _page(document_id: str, form: ReportForm, errors: tuple[tuple[str, str], ...] = ()) -> str:
    document = get_document(g.session, document_id)
    return render_template("report.html", document=document, form=form, errors=errors, sent="sent" in request.args)
