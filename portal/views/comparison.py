"""`/documents/<id>/compare`: 新旧对照, as a page and as DOCX."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import Response, g, make_response, redirect, render_template, request, url_for

from gazette.comparison import compare
from gazette.record import get_document
from gazette.renditions.comparison import MEDIA_TYPE, render_docx
from portal.filenames import content_disposition
from portal.freshness import conditional
from portal.language import language
from portal.pages import comparison as page
from portal.rooms import rooms

bp = APIBlueprint("comparison", __name__, url_prefix="/documents", enable_openapi=False)


@bp.get("/<document_id>/compare")
@conditional
def show(document_id: str) -> Response:
    document = get_document(g.session, document_id, as_of=rooms().today())
    asked = request.args
    if document.id != document_id:
        return redirect(url_for(".show", document_id=document.id, **asked.to_dict()), 301)
    old, new = page.choose(document, asked.get("from"), asked.get("to"))
    shown = page.build(
        document,
        old,
        new,
        only_changed=asked.get("show") != "all",
        page=asked.get("page", 1, type=int),
        whole="whole" in asked,
    )
    response = make_response(render_template("compare.html", page=shown))
    response.last_modified = document.updated_at
    return response


@bp.get("/<document_id>/compare.docx")
def download(document_id: str) -> Response:
    document = get_document(g.session, document_id, as_of=rooms().today())
    old, new = page.choose(document, request.args.get("from"), request.args.get("to"))
    address = url_for(".show", document_id=document.id, **{"from": old.id, "to": new.id}, _external=True)
    data = render_docx(compare(old.body, new.body), old, new, language=language(), address=address)
    response = Response(data, mimetype=MEDIA_TYPE)
    name = f"{new.title} {page.version_label(old)}-{page.version_label(new)}.docx"
    response.headers["Content-Disposition"] = content_disposition(name)
    return response
