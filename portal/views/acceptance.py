"""采信规则: an administrator says which effects count by themselves and which wait for an editor."""

from __future__ import annotations

from pathlib import Path

from apiflask import APIBlueprint
from flask import Response, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_security import current_user
from werkzeug.datastructures import MultiDict

from gazette.errors import BadInput, Conflict, GongbaoError
from gazette.validity.acceptance import RULES, Rule, get_acceptance, set_acceptance
from gazette.validity.default_terms import term_policies
from portal.accounts import require_administrator
from portal.language import language
from portal.rooms import rooms

bp = APIBlueprint("acceptance", __name__, url_prefix="/desk/acceptance", enable_openapi=False)
bp.before_request(require_administrator)


@bp.get("")
def show() -> str:
    policy = get_acceptance(g.session)
    least = {rule: policy.threshold(*rule) for rule in RULES}
    file = rooms().store.settings.term_policies
    return render_template(
        "desk/acceptance.html",
        rules=RULES,
        least=least,
        on_arrival=policy.on_arrival,
        terms=term_policies(Path(file) if file else None),
        terms_file=file,
    )


@bp.post("")
def save() -> Response:
    """Set every rule of the form."""
    try:
        set_acceptance(
            rooms().store,
            {rule: _least(request.form, rule) for rule in RULES},
            on_arrival="on_arrival" in request.form,
            actor=current_user.username,
            reason=request.form.get("reason", "").strip() or None,
        )
        flash(_("已保存，对此后记入的线索起作用"), "notice")
    except Conflict:
        flash(_("没有改动"), "notice")
    except GongbaoError as error:
        flash(error.message(language()), "error")
    return redirect(url_for(".show"), 303)


def _least(form: MultiDict[str, str], rule: Rule) -> float | None:
    """The least confidence typed in percent; an empty field has all of its kind wait."""
    typed = form.get(":".join(rule), "").strip().removesuffix("%")
    if not typed:
        return None
    if not (typed.isascii() and typed.isdigit() and len(typed) <= 3):
        raise BadInput(why=_("“%(typed)s”不是0至100的整数", typed=typed[:20]))
    return int(typed) / 100
