"""整期编排: an editor hands in a whole issue, sees what was found in it in order, arranges it and publishes it."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from apiflask import APIBlueprint
from flask import Response, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_security import current_user

from gazette.digitize import iter_sources
from gazette.draft import SourceFile
from gazette.errors import BadInput, GongbaoError
from gazette.filing import Arranged, Filed, arrange, file_issue, list_division_findings
from gazette.gazettes import publish_issue
from gazette.issues import (
    IssueAddress,
    IssueState,
    get_gazette,
    get_issue,
    list_gazettes,
    list_issues,
    parse_issue_address,
)
from gazette.library import name_subjects
from portal.accounts import require_editor
from portal.filenames import name_of
from portal.language import language
from portal.rooms import rooms

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


def _show_all() -> str:
    waiting = [issue for issue in list_issues(g.session) if issue.state is IssueState.DRAFT]
    return render_template("desk/issues.html", gazettes=list_gazettes(g.session), issues=waiting, typed=request.form)


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
