"""官方标注核对: where official labels and the texts themselves say different things, for editors to decide."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import Response, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_security import current_user

from gazette.editing import workflow
from gazette.errors import BadInput, GongbaoError
from gazette.validity.official_labels import list_unread, read_again
from harvest.divergence import Verdict, count_verdicts, get_check, labels_divergence
from portal.accounts import require_editor
from portal.language import language
from portal.pages.evidence import safe_url
from portal.rooms import rooms

bp = APIBlueprint("labels", __name__, url_prefix="/desk/labels", enable_openapi=False)
bp.before_request(require_editor)


@bp.get("")
def show() -> str:
    checks = labels_divergence(g.session)
    diverging = [check for check in checks if check.verdict is Verdict.DIVERGES]
    return render_template(
        "desk/labels.html",
        counts=count_verdicts(checks),
        diverging=diverging,
        unread=list_unread(g.session),
        safe_url=safe_url,
    )


@bp.post("")
def reread() -> Response:
    """Read anew the labels that no table could read."""
    try:
        flash(_("读懂了%(n)s条标注", n=read_again(rooms().store)), "notice")
    except GongbaoError as error:
        flash(error.message(language()), "error")
    return redirect(url_for(".show"), 303)


@bp.post("/<event_id>")
def decide(event_id: str) -> Response:
    """Settle one divergence for the label (the editor finds what it says) or for the texts (the label is rejected)."""
    try:
        _settle(event_id, request.form.get("side", ""), request.form.get("reason", "").strip() or None)
        flash(_("已处理，可在操作记录中撤销"), "notice")
    except GongbaoError as error:
        flash(error.message(language()), "error")
    return redirect(url_for(".show"), 303)


def _settle(event_id: str, side: str, reason: str | None) -> None:
    store, actor = rooms().store, current_user.username
    check = get_check(g.session, event_id)
    if side == "text":
        workflow.reject_event(store, event_id, actor=actor, reason=reason)
    elif side == "label":
        workflow.set_label(
            store,
            check.document,
            check.said,
            day=check.as_of,
            evidence=_("%(source)s标注“%(label)s”", source=check.source or _("官方"), label=check.label),
            version=check.version,
            url=check.url,
            actor=actor,
            reason=reason,
        )
    else:
        raise BadInput(why=_("请选择以哪一方为准"))
