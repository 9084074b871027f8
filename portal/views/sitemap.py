"""Addresses for search engines: robots.txt, and a sitemap that names every document without a ceiling."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import Response, abort, g, render_template, url_for

from gazette.record.library import list_after
from gazette.record.reading import count_documents
from portal.freshness import conditional

bp = APIBlueprint("sitemap", __name__, enable_openapi=False)

#: Addresses in one file; the format allows 50,000.
PART = 5000


@bp.get("/robots.txt")
def robots() -> Response:
    """Permutations of filters are endless and hold nothing that the sitemap does not name."""
    lines = (
        "User-agent: *",
        "Disallow: /search?",
        "Disallow: /cite",
        "Disallow: /display",
        "Disallow: /feeds/search",
        "Disallow: /calendar?",
        "Disallow: /dataset/*?",
        "Disallow: /documents/*/as-of",
        "Disallow: /documents/*.pdf",
        "Disallow: /documents/*.docx",
        "Disallow: /documents/*/report",
        f"Sitemap: {url_for('.index', _external=True)}",
    )
    return Response("\n".join(lines) + "\n", mimetype="text/plain")


@bp.get("/sitemap.xml")
@conditional
def index() -> Response:
    parts = max(1, -(-count_documents(g.session) // PART))
    return Response(render_template("sitemap_index.xml", parts=parts), mimetype="application/xml")


@bp.get("/sitemap-<int:part>.xml")
@conditional
def show(part: int) -> Response:
    documents = list_after(g.session, "", PART, offset=(part - 1) * PART) if 0 < part < 10**6 else ()
    if not documents and part != 1:
        abort(404)
    return Response(render_template("sitemap.xml", documents=documents, part=part), mimetype="application/xml")
