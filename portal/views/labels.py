"""官方标注核对: where the labels of official pages and the texts themselves say different things, for editors."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import g, render_template

from harvest.divergence import Verdict, count_verdicts, labels_divergence
from portal.accounts import require_editor

bp = APIBlueprint("labels", __name__, url_prefix="/desk/labels", enable_openapi=False)
bp.before_request(require_editor)


@bp.get("")
def show() -> str:
    checks = labels_divergence(g.session)
    diverging = [check for check in checks if check.verdict is Verdict.DIVERGES]
    return render_template("desk/labels.html", counts=count_verdicts(checks), diverging=diverging)
