"""编辑台: what waits, what comes in, what was done."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from apiflask import APIBlueprint
from flask import Response, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_security import current_user
from werkzeug.exceptions import Forbidden

from gazette.citations.resolution import get_cited
from gazette.digitization.kept_pages import list_under_way
from gazette.editing.workflow import get_audit, list_audit, list_drafts, undo
from gazette.errors import GongbaoError
from gazette.record.ingest import Ingested, alike_once, ingest
from gazette.record.library import name_subjects
from gazette.store import now
from gazette.validity.calendar import list_endings
from gazette.validity.doubts import doubts_of, find_candidates
from gazette.validity.events import count_proposed, list_proposed
from portal.accounts import require_editor
from portal.filenames import name_of
from portal.language import language
from portal.pages.paging import read_stretch
from portal.pages.trail import trail_lines
from portal.reports import close_report, count_reports, list_reports
from portal.rooms import rooms
from portal.views.calendar import filters, months_asked

bp = APIBlueprint("desk", __name__, url_prefix="/desk", enable_openapi=False)
bp.before_request(require_editor)


@bp.app_context_processor
def waiting() -> dict[str, object]:
    """What waits, for the desk's own navigation."""
    if request.blueprint not in {"acceptance", "cleanups", "desk", "filing", "labels", "rereading", "review"}:
        return {}
    soon = list_endings(g.session, rooms().today(), rooms().portal.lapse_warning_months)
    return {"waiting": {"clues": count_proposed(g.session), "reports": count_reports(g.session), "lapsing": len(soon)}}


@bp.get("/")
def show() -> str:
    """The inbox."""
    return render_template(
        "desk/inbox.html",
        drafts=read_stretch(partial(list_drafts, g.session)),
        lines=trail_lines(g.session, list_audit(g.session, limit=10)),
        readings=list_under_way(rooms().store.settings, now()),
    )


@bp.get("/readings")
def readings() -> Response:
    """How far the long readings are, one a line: what the upload form asks while it waits."""
    found = [each for each in list_under_way(rooms().store.settings, now()) if not each.is_silent]
    lines = [
        _("正在识别%(name)s：已读%(done)s页，共%(total)s页", name=each.name, done=each.done, total=each.total)
        for each in found
    ]
    return Response("\n".join(lines), mimetype="text/plain", headers={"Cache-Control": "no-store"})


@bp.get("/find")
def find() -> Response:
    """Open a document by id, number or title."""
    try:
        document, _version = get_cited(g.session, request.args.get("citation", ""))
    except GongbaoError as error:
        flash(error.message(language()), "error")
        return redirect(url_for(".show"))
    return redirect(url_for("review.show", document_id=document))


@bp.post("/upload")
def upload() -> str:
    """Take in files as drafts; archives are opened. Each file says for itself what became of it."""
    files = [file for file in request.files.getlist("files") if file.filename]
    if not files:
        flash(_("请先选择要上传的文件"), "error")
        return render_template("desk/uploaded.html", outcomes=(), errors=())
    outcomes: list[Ingested] = []
    errors: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        for number, file in enumerate(files):
            # A folder a file: two departments may both send 通知.docx.
            place = Path(folder) / str(number)
            place.mkdir()
            path = place / name_of(file)
            file.save(path)
            file.close()
            try:
                outcomes += _take_in(path)
            except GongbaoError as error:
                errors.append(error.message(language()))
    return render_template("desk/uploaded.html", outcomes=outcomes, errors=errors)


@bp.get("/clues")
def clues() -> str:
    """效力线索待定: what texts say of others and nobody has decided."""
    events = read_stretch(partial(list_proposed, g.session))
    candidates = find_candidates(g.session, events.lines)
    return render_template(
        "desk/clues.html",
        events=events,
        candidates=candidates,
        names=name_subjects(g.session, {event.document for event in events.lines if event.document}),
        doubts=doubts_of(g.session, events.lines),
    )


@bp.get("/lapsing")
def lapsing() -> str:
    """临近失效: what an editor may want to see renewed in time."""
    chosen, months, today = filters(), months_asked(), rooms().today()
    entries = list_endings(g.session, today, months, **chosen)
    return render_template("desk/lapsing.html", entries=entries, months=months, today=today)


@bp.get("/reports")
def reports() -> str:
    """What readers reported (我为政府网站找错)."""
    found = list_reports(g.session, open_only="all" not in request.args)
    names = name_subjects(g.session, {report.document for report in found})
    return render_template("desk/reports.html", reports=found, names=names, shows_all="all" in request.args)


@bp.post("/reports/<report_id>/close")
def settle(report_id: str) -> Response:
    """Close one report, saying what was done."""
    try:
        close_report(rooms().store, report_id, request.form.get("outcome", ""))
        flash(_("已办结"), "notice")
    except GongbaoError as error:
        flash(error.message(language()), "error")
    return redirect(url_for(".reports"), 303)


@bp.get("/trail")
def trail() -> str:
    """Everything that was done, newest first."""
    entries = read_stretch(partial(list_audit, g.session))
    return render_template("desk/trail.html", entries=entries, lines=trail_lines(g.session, entries.lines))


@bp.post("/trail/<int:audit_id>/undo")
def take_back(audit_id: int) -> Response:
    """Undo one act; the undoing is an act of its own."""
    if get_audit(g.session, audit_id).topic == "policy" and not current_user.has_role("administrator"):
        raise Forbidden
    try:
        undo(rooms().store, audit_id, actor=current_user.username)
        flash(_("已撤销"), "notice")
    except GongbaoError as error:
        flash(error.message(language()), "error")
    return redirect(local_back(), 303)


def local_back() -> str:
    """The page of the desk a form was sent from."""
    back = request.form.get("back", "")
    return back if back.startswith("/desk/") else url_for("desk.show")


def _take_in(path: Path) -> Iterator[Ingested]:
    from gazette.digitization.digitize import iter_sources

    store = rooms().store
    return alike_once(
        (source, outcome)
        for source in iter_sources([path], settings=store.settings)
        for outcome in ingest(store, source, publish=False, actor=current_user.username)
    )
