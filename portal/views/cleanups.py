"""批量清理: an editor hands in a 清理结果 or 废止目录, sees each line matched, and accepts all or one by one."""

from __future__ import annotations

from collections.abc import Callable

from apiflask import APIBlueprint
from flask import Response, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_security import current_user
from werkzeug.datastructures import FileStorage

from gazette.citations.resolution import get_cited
from gazette.cleanups import batches, clearing
from gazette.cleanups.cleanup import LineState, Task, get_cleanup, list_cleanups, list_lines
from gazette.cleanups.listings import ListedLine, read_bodies, read_pasted
from gazette.dates import parse_date
from gazette.editing.undoing import undo_latest
from gazette.errors import BadInput, GongbaoError, NotFound
from gazette.record.reading import get_document
from portal.accounts import require_editor
from portal.handed_in import read_list
from portal.language import language
from portal.pages import cleanup as page
from portal.pages.paging import first_of, make_pager, page_asked
from portal.rooms import rooms

bp = APIBlueprint("cleanups", __name__, url_prefix="/desk/cleanups", enable_openapi=False)
bp.before_request(require_editor)

#: Lines on one page.
LINES = 50


@bp.get("")
def show_all() -> str:
    return render_template("desk/cleanups.html", cleanups=list_cleanups(g.session), typed=request.args)


@bp.post("")
def hand_in() -> Response | tuple[str, int]:
    """Take in a list; with an error the form comes back as typed."""
    try:
        act = _act()
        lines, source = _lines(act.document)
        cleanup = clearing.open_cleanup(rooms().store, act, lines, source=source, actor=current_user.username)
    except GongbaoError as error:
        flash(error.message(language()), "error")
        shown = render_template("desk/cleanups.html", cleanups=list_cleanups(g.session), typed=request.form)
        return shown, 400
    return redirect(url_for(".show", cleanup_id=cleanup), 303)


@bp.get("/<cleanup_id>")
def show(cleanup_id: str) -> str:
    cleanup = get_cleanup(g.session, cleanup_id)
    wanted = request.args.get("state")
    state = LineState(wanted) if wanted in set(LineState) else None
    number = page_asked()
    pager = make_pager(number, cleanup.counts[state] if state else cleanup.total, LINES)
    lines = list_lines(g.session, cleanup_id, state=state, limit=LINES, offset=first_of(number, LINES))
    return render_template("desk/cleanup.html", page=page.build(cleanup, lines, state), pager=pager)


@bp.post("/<cleanup_id>/accept")
def accept_all(cleanup_id: str) -> Response:
    """Accept what needs no editor, or what is likely: the first lot at once, a long list's rest by the keeper."""
    task = Task.ACCEPT_LIKELY if "likely" in request.form else Task.ACCEPT

    def accept(actor: str) -> str:
        if not batches.start(rooms().store, cleanup_id, task, actor=actor):
            return _("没有有把握的行")
        return _("正在逐批处理") if batches.carry_on(rooms().store, cleanup_id) else _("已接受")

    return _act_on(cleanup_id, accept)


@bp.post("/<cleanup_id>/continue")
def carry_on(cleanup_id: str) -> Response:
    """Do the next lot of what is under way, where nobody else does."""
    return _act_on(
        cleanup_id,
        lambda _actor: _("正在逐批处理") if batches.carry_on(rooms().store, cleanup_id) else _("整批处理完毕"),
    )


@bp.post("/<cleanup_id>/match")
def match(cleanup_id: str) -> Response:
    return _act_on(
        cleanup_id,
        lambda _actor: _("重新匹配，%(n)s行有变化", n=clearing.match_again(rooms().store, cleanup_id)),
    )


@bp.post("/<cleanup_id>/undo")
def take_back(cleanup_id: str) -> Response:
    """Undo everything that was done with this clean-up."""

    def undo(actor: str) -> str:
        if not batches.start(rooms().store, cleanup_id, Task.UNDO, actor=actor):
            return _("没有可撤销的操作")
        more = batches.carry_on(rooms().store, cleanup_id)
        return _("正在逐批处理") if more else _("已撤销整批，有关文件恢复原状")

    return _act_on(cleanup_id, undo)


@bp.post("/<cleanup_id>/withdraw")
def withdraw(cleanup_id: str) -> Response:
    """Take the list itself back, as long as nothing rests on it; handing it in again brings it back."""

    def undo(actor: str) -> str:
        undo_latest(rooms().store, cleanup_id, "open_cleanup", actor=actor)
        return _("清单已撤回；再次交来同一清单即可恢复")

    return _act_on(cleanup_id, undo)


@bp.post("/<cleanup_id>/lines/<int:line_id>")
def decide(cleanup_id: str, line_id: int) -> Response:
    """Accept one line on the candidate chosen, on a document named by hand or on none; or set it aside."""

    def settle(actor: str) -> str:
        form, store = request.form, rooms().store
        if "skip" in form:
            clearing.skip_line(store, cleanup_id, line_id, actor=actor)
            return _("已略过")
        document: str | None = form.get("document") or None
        if named := form.get("named", "").strip():
            document = get_cited(g.session, named)[0]
        elif form.get("document") == "named":
            raise BadInput(why=_("请填写文件"))
        clearing.accept_line(
            store, cleanup_id, line_id, actor=actor, document=document, decision=form.get("decision") or None
        )
        return _("已接受") if document else _("已列入待收录")

    return _act_on(cleanup_id, settle)


def _act() -> clearing.DecidingAct:
    """The deciding act as the form names it; a held one gives what the form leaves out."""
    form = request.form
    named = form.get("act", "").strip()
    effective = parse_date(form.get("effective", ""))
    if form.get("effective", "").strip() and effective is None:
        raise BadInput(why=_("日期无法识别，请写成2024年5月1日"))
    if not named:
        raise BadInput(why=_("请填写作出决定的文件"))
    try:
        document = get_document(g.session, get_cited(g.session, named)[0])
    except NotFound:
        document = None
    day = effective or (document.current.effective_date or document.current.version_date if document else None)
    if day is None:
        raise BadInput(why=_("请填写决定自哪一天起生效"))
    number = form.get("number", "").strip() or (document.doc_number if document else None)
    issuer = form.get("issuer", "").strip() or (document.issuers[0] if document and document.issuers else None)
    return clearing.DecidingAct(
        title=document.title if document else named.strip("《》"),
        number=number or None,
        issuer=issuer or None,
        effective=day,
        url=form.get("url", "").strip() or None,
        document=document.id if document else None,
    )


def _lines(document_id: str | None) -> tuple[tuple[ListedLine, ...], str]:
    """The lines handed in and where they are from: a file, pasted text, or the deciding act's own text."""
    files: list[FileStorage] = [file for file in request.files.getlist("file") if file.filename]
    if files:
        return read_list(files[0], rooms().store), str(files[0].filename)
    if text := request.form.get("text", "").strip():
        return read_pasted(text), _("粘贴的文字")
    if document_id is None:
        raise BadInput(why=_("请粘贴或上传清单"))
    document = get_document(g.session, document_id)
    return read_bodies([(document.current.title, document.current.body)]), _("决定的正文")


def _act_on(cleanup_id: str, act: Callable[[str], str]) -> Response:
    """Do one thing and say what came of it, on the page it was asked from."""
    try:
        flash(act(current_user.username), "notice")
    except GongbaoError as error:
        flash(error.message(language()), "error")
    wanted = {name: request.form[f"back_{name}"] for name in ("state", "page") if request.form.get(f"back_{name}")}
    anchor = request.form.get("back_line")
    return redirect(url_for(".show", cleanup_id=cleanup_id, **wanted, _anchor=anchor), 303)
