"""再识别: a held file read anew, what that would change shown beside what is held, taken up on the editor's word."""

from __future__ import annotations

import hashlib
import json

from apiflask import APIBlueprint
from flask import Response, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_security import current_user

from gazette.editing.redigitization import Proposal, adopt, redigitize
from gazette.errors import Conflict, GongbaoError
from gazette.record.reading import get_document
from portal.accounts import require_editor
from portal.language import language
from portal.pages.trail import FIELDS
from portal.requests import end_reading
from portal.rooms import rooms

bp = APIBlueprint("rereading", __name__, url_prefix="/desk/copies", enable_openapi=False)
bp.before_request(require_editor)


@bp.post("/<copy_id>/reread")
def show(copy_id: str) -> str | Response:
    """What a new reading would change. Nothing is written."""
    end_reading()
    try:
        proposal = redigitize(rooms().store, copy_id)
    except GongbaoError as error:
        flash(error.message(language()), "error")
        return redirect(url_for("desk.show"), 303)
    document = get_document(g.session, proposal.document, drafts=True, allow_withdrawn=True, as_of=rooms().today())
    return render_template(
        "desk/reread.html", document=document, proposal=proposal, labels=FIELDS, seen=_digest(proposal)
    )


@bp.post("/<copy_id>/adopt")
def take_up(copy_id: str) -> Response:
    """Take up the reading that the editor has seen; another one is shown first."""
    end_reading()
    try:
        proposal = redigitize(rooms().store, copy_id)
        if _digest(proposal) != request.form.get("seen"):
            raise Conflict(why="识别期间该文件有改动，请重新识别")
        adopt(rooms().store, proposal, actor=current_user.username)
    except GongbaoError as error:
        flash(error.message(language()), "error")
        return redirect(url_for("desk.show"), 303)
    flash(_("已采用新的识别结果，可在操作记录中撤销"), "notice")
    return redirect(url_for("review.show", document_id=proposal.document, version=proposal.version), 303)


def _digest(proposal: Proposal) -> str:
    """What an editor was shown, in short."""
    values = json.dumps([dict(proposal.before), dict(proposal.after)], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(values.encode()).hexdigest()
