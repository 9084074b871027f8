"""整期编排: an editor hands in a whole issue, sees what was found in it in order, arranges it and publishes it."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from apiflask import APIBlueprint
from flask import Response, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_security import current_user

from gazette.audit import list_audit
from gazette.digitization.digitize import iter_sources
from gazette.draft import SourceFile
from gazette.errors import BadInput, GongbaoError
from gazette.issues.boundaries import find_boundaries, get_boundaries, list_blocks, set_boundaries
from gazette.issues.filing import Arranged, Filed, arrange, file_issue, list_division_findings
from gazette.issues.gazettes import publish_issue
from gazette.issues.issue import (
    IssueAddress,
    IssueState,
    get_gazette,
    get_issue,
    list_gazettes,
    list_issues,
    parse_issue_address,
)
from gazette.record.library import name_subjects
from portal.accounts import require_editor
from portal.filenames import name_of
from portal.language import language
from portal.pages.trail import trail_lines
from portal.rooms import rooms

#: So many blocks of an issue are shown at once.
_BLOCKS = 400

bp = APIBlueprint("filing", __name__, url_prefix="/desk/issues", enable_openapi=False)
bp.before_request(require_editor)


@bp.get("")
def show_all() -> str:
    return _show_all()


@bp.post("")
def hand_in() -> str | tuple[str, int]:
    """File what is handed in; with an error the form comes back as typed."""
    try:
        address = _address()
        with tempfile.TemporaryDirectory() as folder:
            filed = file_issue(
                rooms().store, address, _sources(Path(folder)), publish=False, actor=current_user.username
            )
    except GongbaoError as error:
        flash(error.message(language()), "error")
        return _show_all(), 400
    g.session.expire_all()
    if filed.issue is None:
        # Nothing of it could be taken in: there is no issue to show, only why.
        return _show_all(filed), 400
    return _show(filed.issue.address, filed)


@bp.get("/<gazette>/<int:year>/<int:number>")
def show(gazette: str, year: int, number: int) -> str:
    return _show(IssueAddress(gazette=gazette, year=year, number=number))


@bp.post("/<gazette>/<int:year>/<int:number>")
def save(gazette: str, year: int, number: int) -> Response:
    """Order, columns and titles as the form has them."""
    address = IssueAddress(gazette=gazette, year=year, number=number)

    def change(actor: str) -> str:
        arrange(rooms().store, address, _wanted(), actor=actor)
        return _("目录已保存")

    return _act_on(address, change)


@bp.post("/<gazette>/<int:year>/<int:number>/publish")
def publish(gazette: str, year: int, number: int) -> Response:
    address = IssueAddress(gazette=gazette, year=year, number=number)

    def change(actor: str) -> str:
        publish_issue(rooms().store, address, actor=actor)
        return _("已发布")

    return _act_on(address, change)


@bp.get("/<gazette>/<int:year>/<int:number>/boundaries")
def show_boundaries(gazette: str, year: int, number: int) -> str:
    """The issue block by block: where each document begins."""
    address = IssueAddress(gazette=gazette, year=year, number=number)
    issue, standing = get_issue(g.session, address), get_boundaries(g.session, address)
    begin = max(0, request.args.get("from", 0, type=int))
    blocks, count = list_blocks(rooms().store, standing, begin=begin, end=begin + _BLOCKS)
    return render_template(
        "desk/boundaries.html",
        issue=issue,
        standing=standing,
        blocks=blocks,
        begin=begin,
        previous=max(0, begin - _BLOCKS) if begin else None,
        following=begin + _BLOCKS if begin + _BLOCKS < count else None,
        is_open=issue.state is IssueState.DRAFT,
    )


@bp.post("/<gazette>/<int:year>/<int:number>/boundaries")
def save_boundaries(gazette: str, year: int, number: int) -> Response:
    """The beginnings ticked among the blocks that were shown; others stay."""
    address = IssueAddress(gazette=gazette, year=year, number=number)
    begin, end = request.form.get("begin", 0, type=int), request.form.get("end", 0, type=int)
    ticked = [start for start in request.form.getlist("start", type=int) if begin <= start < end]

    def change(actor: str) -> str:
        with rooms().store.read() as session:
            standing = get_boundaries(session, address)
        starts = [start for start in standing.starts if not begin <= start < end] + ticked
        known = request.form.get("known", 0, type=int)
        issue = set_boundaries(rooms().store, address, starts, known=known, actor=actor)
        return _("已重新划分，共%(n)s件", n=len(issue.entries))

    return _act_on(address, change)


def _show_all(filed: Filed | None = None) -> str:
    waiting = [issue for issue in list_issues(g.session) if issue.state is IssueState.DRAFT]
    return render_template(
        "desk/issues.html", gazettes=list_gazettes(g.session), issues=waiting, typed=request.form, filed=filed
    )


def _show(address: IssueAddress, filed: Filed | None = None) -> str:
    issue = get_issue(g.session, address)
    named = name_subjects(g.session, {entry.document for entry in issue.entries if entry.document})
    columns = (*get_gazette(g.session, address.gazette).columns, *(entry.column for entry in issue.entries))
    return render_template(
        "desk/issue.html",
        issue=issue,
        named=named,
        columns=tuple(dict.fromkeys(each for each in columns if each)),
        filed=filed,
        doubts=list_division_findings(g.session, address),
        may_divide=find_boundaries(g.session, address) is not None,
        trail=trail_lines(g.session, list_audit(g.session, subject=str(address), topic="issue")),
        is_open=issue.state is IssueState.DRAFT,
    )


def _address() -> IssueAddress:
    form = request.form
    year, number = form.get("year", type=int), form.get("number", type=int)
    if not form.get("gazette") or year is None or number is None:
        raise BadInput(why=_("请选择公报，并填写年份和期号"))
    return parse_issue_address(f"{form['gazette']}/{year}/{number}")


def _sources(folder: Path) -> list[SourceFile]:
    """The files of the form in their order; archives are opened."""
    files = [file for file in request.files.getlist("files") if file.filename]
    if not files:
        raise BadInput(why=_("请先选择要上传的文件"))
    paths = []
    for number, file in enumerate(files):
        place = folder / str(number)
        place.mkdir()
        path = place / name_of(file)
        file.save(path)
        paths.append(path)
    return list(iter_sources(paths, settings=rooms().store.settings))


def _wanted() -> list[Arranged]:
    form = request.form
    return [
        Arranged(
            position=position,
            order=form.get(f"order-{position}", position, type=float),
            column=form.get(f"column-{position}", "").strip() or None,
            title=form.get(f"title-{position}", "").strip(),
            kept=f"drop-{position}" not in form,
        )
        for position in form.getlist("position", type=int)
    ]


def _act_on(address: IssueAddress, change: Callable[[str], str]) -> Response:
    try:
        flash(change(current_user.username), "notice")
    except GongbaoError as error:
        flash(error.message(language()), "error")
    return redirect(url_for(".show", gazette=address.gazette, year=address.year, number=address.number), 303)
