"""`/documents/<id>/compare`: 新旧对照 of two versions or of two documents, as a page and as DOCX."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import Response, g, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from gazette.citations.resolution import find_documents
from gazette.record.reading import DocumentRecord, get_document, iter_documents
from gazette.renditions.comparison import MEDIA_TYPE, render_docx
from gazette.versions.comparison import compare
from indexer.generations import IndexAway
from indexer.search import Hit
from portal.filenames import content_disposition
from portal.freshness import conditional
from portal.language import language
from portal.pages import comparison as page
from portal.rooms import rooms

bp = APIBlueprint("comparison", __name__, url_prefix="/documents", enable_openapi=False)

#: Documents offered where a name fits several.
_CANDIDATES = 20


@bp.get("/<document_id>/compare")
@conditional
def show(document_id: str) -> Response:
    document = get_document(g.session, document_id, as_of=rooms().today())
    asked = request.args
    if document.id != document_id:
        return redirect(url_for(".show", document_id=document.id, **asked.to_dict()), 301)
    named = asked.get("with", "").strip()
    meant = _documents(named) if named else ()
    if len(meant) != 1 and (named or len(page.authentic(document)) < 2):
        return _ask(document, named, meant)
    old, new = page.choose_sides(document, meant[0] if meant else None, asked.get("from"), asked.get("to"))
    shown = page.build(
        document,
        old,
        new,
        only_changed=asked.get("show") != "all",
        page=asked.get("page", 1, type=int),
        whole="whole" in asked,
    )
    response = make_response(render_template("compare.html", page=shown))
    response.last_modified = max(old.document.updated_at, new.document.updated_at)
    return response


@bp.get("/<document_id>/compare.docx")
def download(document_id: str) -> Response:
    document = get_document(g.session, document_id, as_of=rooms().today())
    asked = request.args
    other = get_document(g.session, asked["with"], as_of=rooms().today()) if "with" in asked else None
    old, new = page.choose_sides(document, other, asked.get("from"), asked.get("to"))
    shown = page.build(document, old, new, only_changed=True, page=1)
    address = url_for(".show", document_id=document.id, **shown.chosen, _external=True)
    comparison = compare(old.version.body, new.version.body)
    data = render_docx(comparison, old.version, new.version, language=language(), address=address)
    response = Response(data, mimetype=MEDIA_TYPE)
    response.headers["Content-Disposition"] = content_disposition(f"{new.version.title} {old.label}-{new.label}.docx")
    return response


def _documents(named: str) -> tuple[DocumentRecord, ...]:
    """The published documents that a title, a number or an id may mean."""
    found = find_documents(g.session, named)[:_CANDIDATES]
    return tuple(iter_documents(g.session, found, as_of=rooms().today()))


def _ask(document: DocumentRecord, named: str, meant: tuple[DocumentRecord, ...]) -> Response:
    """Ask for the other document: one it replaced or resembles, one of those the name fits, or any by its name."""
    problem = None
    if named:
        problem = _("有几件文件叫这个名字，请选一件") if meant else _("没有找到“%(q)s”所指的文件", q=named[:200])
    html = render_template(
        "compare_with.html",
        document=document,
        named=named,
        problem=problem,
        candidates=meant,
        tied=page.worth_comparing(document),
        similar=_similar(document),
    )
    return make_response(html, 400 if problem else 200)


def _similar(document: DocumentRecord) -> tuple[Hit, ...]:
    tied = {each.document for _label, each in page.worth_comparing(document)}
    try:
        hits = rooms().index.similar(document.id, today=rooms().today())
    except IndexAway:
        return ()
    return tuple(hit for hit in hits if hit.document not in tied)
