"""验证: does this text, or this document number, stand in the record, in which version, and is it in force?

未找到 means that we hold no such text, not that the text is false.
"""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import Response, g, make_response, render_template, request

from gazette.citations.numbers import parse_doc_number
from gazette.citations.resolution import find_documents
from gazette.errors import BadInput
from gazette.record.reading import iter_documents
from portal.clauses import find_clause
from portal.language import language
from portal.limits import clauses_per_visitor, limiter
from portal.rooms import rooms

bp = APIBlueprint("verify", __name__, enable_openapi=False)


@bp.route("/verify", methods=["GET", "POST"])
@limiter.shared_limit(clauses_per_visitor, scope="clauses")
def show() -> Response:
    text = (request.form.get("text") or request.args.get("q", "")).strip()
    if not text:
        return make_response(render_template("verify.html", text=""))
    if parse_doc_number(text):
        ids = find_documents(g.session, text)
        documents = tuple(iter_documents(g.session, ids, as_of=rooms().today()))
        return make_response(render_template("verify.html", text=text, asked=True, documents=documents))
    try:
        traced = find_clause(g.session, rooms().index, text, rooms().today())
    except BadInput as error:
        page = render_template("verify.html", text=text[:20_000], problem=error.message(language()))
        return make_response(page, 400)
    return make_response(render_template("verify.html", text=text, asked=True, traced=traced))
