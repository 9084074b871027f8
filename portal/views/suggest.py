"""Suggestions while somebody types, for the script beside the search box. Without it the box is a plain search."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import Response, jsonify, request

from indexer.suggest import LONGEST
from portal.limits import limiter, suggestions_per_visitor
from portal.rooms import rooms

bp = APIBlueprint("suggest", __name__, enable_openapi=False)

#: Names change rarely; what many people type alike is answered by the cache in front.
FRESH_S = 300


@bp.get("/suggest")
@limiter.limit(suggestions_per_visitor)
def show() -> Response:
    typed = request.args.get("q", "")[:LONGEST]
    found = rooms().names.table().suggest(typed)
    response = jsonify(q=typed, suggestions=[each.to_json() for each in found])
    response.cache_control.public = True
    response.cache_control.max_age = FRESH_S
    return response
