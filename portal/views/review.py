"""Review of one document: beside its original, every field, part and label can be set by hand, and undone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from apiflask import APIBlueprint
from flask import Response, flash, g, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_security import current_user
from werkzeug.exceptions import Forbidden

from gazette.citations.resolution import get_cited
from gazette.dates import parse_date
from gazette.draft import Body, Node
from gazette.editing import workflow
from gazette.errors import BadInput, Conflict, GongbaoError, NotFound
from gazette.record.reading import DocumentRecord, get_document
from gazette.validity.status import Status
from portal.accounts import require_editor
from portal.language import language
from portal.pages import review as page
from portal.requests import end_reading
from portal.rooms import rooms
from portal.views.desk import local_back

bp = APIBlueprint("review", __name__, url_prefix="/desk/documents", enable_openapi=False)
bp.before_request(require_editor)


@bp.get("/<document_id>")
def show(document_id: str) -> Response:
    return _show(_document(document_id))


@bp.post("/<document_id>")
def correct(document_id: str) -> Response:
    """Set the fields that were changed; with an error nothing is set and the form comes back as typed."""
    document = _document(document_id)
    version = page.choose_version(document, request.form.get("version"))
    changes = page.read_form(document, version, request.form)
    if changes.errors:
        return _show(document, typed=request.form, errors=changes.errors)
    if request.form.get("seen") != document.updated_at.isoformat():
        flash(_("该文件刚被他人改动，请核对后重新保存；您填写的内容仍在下面"), "error")
        return _show(document, typed=request.form, errors={})
    store, actor = rooms().store, current_user.username
    try:
        if changes.version:
            workflow.correct(store, document.id, changes.version, actor=actor, version=version.id)
        if changes.document:
            workflow.correct(store, document.id, changes.document, actor=actor)
    except Conflict:
        pass  # Nothing differs once numbers and spaces are folded.
    except GongbaoError as error:
        flash(error.message(language()), "error")
        return _show(document, typed=request.form, errors={})
    flash(_("已保存") if changes.version or changes.document else _("没有改动"), "notice")
    return _back(document_id, version.id)


@bp.post("/<document_id>/publish")
def publish(document_id: str) -> Response:
    return _act(document_id, _("已发布"), lambda store, actor: workflow.publish(store, document_id, actor=actor))


@bp.post("/<document_id>/withdraw")
def withdraw(document_id: str) -> Response:
    reason = request.form.get("reason", "")
    return _act(
        document_id,
        _("已撤下，留有说明页"),
        lambda store, actor: workflow.withdraw(store, document_id, actor=actor, reason=reason),
    )


@bp.post("/<document_id>/purge")
def purge(document_id: str) -> Response:
    """For leaked personal data only, and only by an administrator: it cannot be undone."""
    if not current_user.has_role("administrator"):
        raise Forbidden
    reason, actor = request.form.get("reason", ""), current_user.username
    end_reading()
    try:
        workflow.purge(rooms().store, document_id, actor=actor, reason=reason)
    except GongbaoError as error:
        flash(error.message(language()), "error")
        return _back(document_id)
    flash(_("已清除文本和文件"), "notice")
    return redirect(url_for("desk.show"), 303)


@bp.post("/<document_id>/label")
def label(document_id: str) -> Response:
    """An editor's own finding of the standing, with its evidence."""
    form = request.form

    def say(store: Any, actor: str) -> None:
        day = parse_date(form.get("day", ""))
        if day is None:
            raise BadInput(why=_("日期无法识别，请写成2024年5月1日"))
        if form.get("status") not in [status.value for status in page.LABELS]:
            raise BadInput(why=_("请选择效力"))
        workflow.set_label(
            store,
            document_id,
            Status(form["status"]),
            day=day,
            evidence=form.get("evidence", ""),
            url=form.get("url") or None,
            actor=actor,
        )

    return _act(document_id, _("已认定"), say)


@bp.post("/<document_id>/events/<event_id>/<any(accept, reject):decision>")
def decide(document_id: str, event_id: str, decision: str) -> Response:
    """Decide on one event; one that may mean several documents is accepted on the page of the one it means."""
    if decision == "reject":
        return _act(document_id, _("已驳回"), lambda store, actor: workflow.reject_event(store, event_id, actor=actor))
    return _act(
        document_id,
        _("已接受"),
        lambda store, actor: workflow.accept_event(store, event_id, actor=actor, document=document_id),
    )


@bp.post("/<document_id>/compile")
def compile_text(document_id: str) -> Response:
    """Make the text as one decision amends it; it waits for review like any other version."""
    decision = request.form.get("decision", "")
    return _act(
        document_id,
        _("已整理出修改后的文本，待审"),
        lambda store, actor: workflow.compile_version(store, document_id, decision, actor=actor),
    )


@bp.post("/<document_id>/merge")
def merge(document_id: str) -> Response:
    """Make another document one with this one; it is named by id, number or title."""

    def join(store: Any, actor: str) -> None:
        named = request.form.get("other", "").strip()
        if not named:
            raise BadInput(why=_("请填写要并入的文件"))
        other, _version = get_cited(g.session, named)
        workflow.merge(store, document_id, other, actor=actor)

    return _act(document_id, _("已合并"), join)


@bp.post("/<document_id>/split")
def split(document_id: str) -> Response:
    """Make a document of its own of the chosen versions."""
    versions = request.form.getlist("versions")
    try:
        new = workflow.split(rooms().store, document_id, versions, actor=current_user.username)
    except GongbaoError as error:
        flash(error.message(language()), "error")
        return _back(document_id)
    flash(_("已拆出，这是新文件"), "notice")
    return _back(new)


@bp.get("/<document_id>/versions/<version_id>/text/<int:part>")
def show_part(document_id: str, version_id: str, part: int) -> str:
    """One part of the text, line by line."""
    document = _document(document_id)
    version = page.choose_version(document, version_id)
    if version.id != version_id or not 0 <= part < len(version.body):
        raise NotFound(what=f"{version_id} {part}")
    return render_template("desk/part.html", document=document, version=version, part=part, node=version.body[part])


@bp.post("/<document_id>/versions/<version_id>/text/<int:part>")
def correct_part(document_id: str, version_id: str, part: int) -> Response:
    document = _document(document_id)
    version = page.choose_version(document, version_id)
    if version.id != version_id or not 0 <= part < len(version.body):
        raise NotFound(what=f"{version_id} {part}")
    body = tuple(_retyped(node) if number == part else node for number, node in enumerate(version.body))
    return _act(
        document_id,
        _("已保存"),
        lambda store, actor: workflow.correct(store, document.id, {"body": body}, actor=actor, version=version_id),
    )


def _retyped(node: Node) -> Node:
    """The node with what the form holds for it and for everything below it."""
    form = request.form
    cells: Body = tuple(_retyped(child) for child in node.children)
    typed = {
        name: form.get(f"{node.eid}.{name}", "").strip() or None
        for name in ("num", "heading", "text")
        if f"{node.eid}.{name}" in form
    }
    return replace(node, children=cells, **typed)


def _document(document_id: str) -> DocumentRecord:
    return get_document(g.session, document_id, drafts=True, allow_withdrawn=True, as_of=rooms().today())


def _show(document: DocumentRecord, **form: Any) -> Response:
    asked = request.values
    shown = page.build(g.session, document, version_id=asked.get("version"), copy_id=asked.get("copy"), **form)
    return make_response(render_template("desk/review.html", page=shown, labels=page.LABELS), 400 if form else 200)


def _act(document_id: str, done: str, act: Callable[[Any, str], object]) -> Response:
    """Do one thing for the signed-in editor and say what came of it."""
    try:
        act(rooms().store, current_user.username)
        flash(done, "notice")
    except GongbaoError as error:
        flash(error.message(language()), "error")
    return _back(document_id)


def _back(document_id: str, version_id: str | None = None) -> Response:
    if request.form.get("back"):
        return redirect(local_back(), 303)
    return redirect(url_for("review.show", document_id=document_id, version=version_id), 303)
