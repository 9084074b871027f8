"""验证: does this text, or this document number, stand in the record?

未找到 means that we hold no such text, not that the text is false.
"""

from __future__ import annotations

from dataclasses import dataclass

from apiflask import APIBlueprint
from flask import g, render_template, request, url_for

from gazette.draft import walk
from gazette.numbers import parse_doc_number
from gazette.record import DocumentRecord, get_document, iter_documents
from gazette.resolution import find_documents
from gazette.titles import letters
from indexer.generations import IndexAway
from indexer.search import SearchRequest
from portal.pages.document import provision_label
from portal.rooms import rooms

bp = APIBlueprint("verify", __name__, enable_openapi=False)

LONGEST = 4000
#: How many places of the index are compared letter by letter.
_COMPARED = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """Where the text stands; `place` is the provision in words."""

    document: DocumentRecord
    place: str | None
    url: str


@bp.route("/verify", methods=["GET", "POST"])
def show() -> str:
    text = (request.form.get("text") or request.args.get("q", "")).strip()[:LONGEST]
    return render_template("verify.html", text=text, matches=_find(text) if text else None)


def _find(text: str) -> tuple[Match, ...]:
    """Documents of that number, else places whose letters hold the letters of `text`."""
    if parse_doc_number(text):
        ids = find_documents(g.session, text)
        return tuple(
            Match(document=each, place=None, url=url_for("documents.show", document_id=each.id))
            for each in iter_documents(g.session, ids, as_of=rooms().today())
        )
    wanted = letters(text)
    if len(wanted) < 6:
        return ()
    try:
        phrase = " ".join(text.replace('"', " ").split())[:200]
        hits = rooms().index.search(SearchRequest(query=phrase, limit=_COMPARED, unit="article", facets=())).hits
    except IndexAway:
        return ()
    found = (_compare(hit.document, wanted) for hit in {hit.document: hit for hit in hits}.values())
    return tuple(match for match in found if match)


def _compare(document_id: str, wanted: str) -> Match | None:
    document = get_document(g.session, document_id, as_of=rooms().today())
    for version in (document.current, *document.versions):
        holding = [node for node in walk(version.body) if wanted in letters(node.full_text(""))]
        if holding:
            # The walk goes inwards, so the last node that holds the text is the narrowest.
            eid = holding[-1].eid
            route = "documents.show" if version is document.current else "documents.show_version"
            args = {} if version is document.current else {"version_id": version.id}
            url = url_for(route, document_id=document.id, at=eid or None, _anchor=eid or None, **args)
            return Match(document=document, place=provision_label(eid), url=url)
    return None
