"""A scanned page beside its lines: the picture, and under each line's own strip of it the text to correct."""

from __future__ import annotations

from collections.abc import Mapping

from apiflask import APIBlueprint
from flask import Response, flash, g, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_security import current_user

from gazette.editing import workflow
from gazette.editing.scans import list_lines, list_pages
from gazette.errors import Conflict, GongbaoError, NotFound
from gazette.record.reading import get_document
from portal.accounts import require_editor
from portal.language import language
from portal.pages import review as reviewing
from portal.rooms import rooms

bp = APIBlueprint("scans", __name__, url_prefix="/desk/documents", enable_openapi=False)
bp.before_request(require_editor)


@bp.get("/<document_id>/versions/<version_id>/scan/<copy_id>/<int:page>")
def show(document_id: str, version_id: str, copy_id: str, page: int) -> Response:
    return _show(document_id, version_id, copy_id, page)


@bp.post("/<document_id>/versions/<version_id>/scan/<copy_id>/<int:page>")
def correct(document_id: str, version_id: str, copy_id: str, page: int) -> Response:
    """Set the lines that were typed anew; with an error nothing is set and the form comes back as typed."""
    lines = list_lines(g.session, copy_id, page)
    typed = {
        f"{copy_id}:{line.position}": request.form[name]
        for line in lines
        if (name := f"line-{line.position}") in request.form and request.form[name].strip() != line.text
    }
    stale = [line for line in lines if request.form.get(f"was-{line.position}", line.text) != line.text]
    if stale:
        flash(_("这一页刚被他人改动，请核对后重新保存；您填写的内容仍在下面"), "error")
        return _show(document_id, version_id, copy_id, page, typed=request.form)
    try:
        workflow.correct_lines(rooms().store, document_id, version_id, typed, actor=current_user.username)
        flash(_("已保存"), "notice")
    except Conflict:
        flash(_("没有改动"), "notice")
    except GongbaoError as error:
        flash(error.message(language()), "error")
        return _show(document_id, version_id, copy_id, page, typed=request.form)
    return redirect(request.path, 303)


def _show(
    document_id: str, version_id: str, copy_id: str, page: int, typed: Mapping[str, str] | None = None
) -> Response:
    document = get_document(g.session, document_id, drafts=True, allow_withdrawn=True, as_of=rooms().today())
    version = reviewing.choose_version(document, version_id)
    copy = next((copy for copy in version.copies if copy.id == copy_id), None)
    lines = list_lines(g.session, copy_id, page) if copy and version.id == version_id else ()
    if copy is None or not lines:
        raise NotFound(what=f"{copy_id} {page}")
    turned = lines[0].turned
    picture = url_for("originals.show_page", copy_id=copy_id, page=page, turned=turned)
    html = render_template(
        "desk/scan.html",
        document=document,
        version=version,
        copy=copy,
        page=page,
        pages=list_pages(g.session, copy_id),
        lines=lines,
        typed=typed or {},
        picture=picture,
    )
    return make_response(html, 400 if typed else 200)
