"""`/cite?q=`: from a citation to the document, version and provision it names."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import Response, g, make_response, redirect, render_template, request, url_for

from gazette.citations.mentions import cite_text
from gazette.citations.resolution import AmbiguousCitation, find_documents, find_place, get_cited
from gazette.draft import Citation
from gazette.errors import NotFound
from gazette.record.reading import DocumentRecord, iter_documents
from portal.rooms import rooms

bp = APIBlueprint("cite", __name__, enable_openapi=False)

LONGEST = 500


@bp.get("/cite")
def show() -> Response:
    """One meaning: go there. Several, or none: say so, and offer what there is."""
    text = request.args.get("q", "").strip()[:LONGEST]
    if not text:
        return make_response(render_template("cite.html", text="", candidates=()))
    citations = cite_text(g.session, text)
    if len(citations) == 1 and citations[0].document:
        return redirect(_address(citations[0]))
    try:
        document, version = get_cited(g.session, text)
    except AmbiguousCitation:
        return make_response(render_template("cite.html", text=text, candidates=_documents(text)), 300)
    except NotFound:
        found = tuple((each, _address(each) if each.document else None) for each in citations)
        status = 200 if any(url for _, url in found) else 404
        return make_response(render_template("cite.html", text=text, candidates=(), citations=found), status)
    return redirect(_address(Citation(raw=text, kind="title", document=document, version=version)))


def _address(citation: Citation) -> str:
    eid = find_place(g.session, citation)
    if citation.version:
        return url_for(
            "documents.show_version",
            document_id=citation.document,
            version_id=citation.version,
            at=eid,
            _anchor=eid,
        )
    return url_for("documents.show", document_id=citation.document, at=eid, _anchor=eid)


def _documents(text: str) -> tuple[DocumentRecord, ...]:
    return tuple(iter_documents(g.session, find_documents(g.session, text), as_of=rooms().today()))
