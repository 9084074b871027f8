"""`/api/v1`: the record for programs, read-only, described by `/api/v1/openapi.json`.

Lists have no ceiling: documents are walked by a cursor of ids, search by an offset that may be as large as the total.
An unknown parameter is an error, for a misspelt filter that is ignored gives a wrong answer.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from apiflask import APIBlueprint
from flask import g, request, url_for
from marshmallow import RAISE

from gazette.citations.mentions import cite_text
from gazette.errors import BadInput, NotFound
from gazette.issues.gazettes import list_issues
from gazette.record.library import list_after
from gazette.record.reading import DocumentRecord, VersionRecord, count_documents, get_document, iter_documents
from gazette.renditions.json import document_json, standing_json, version_json
from gazette.validity.doubts import find_doubts_about
from gazette.versions.comparison import Comparison, compare
from indexer.phrasing import in_english
from indexer.search import SearchRequest
from portal import schemas
from portal.clauses import find_clause
from portal.limits import clauses_per_visitor, limiter
from portal.pages.comparison import choose_sides
from portal.pages.search import CHOSEN, NUMBERS, ask, usual_unit
from portal.rooms import rooms

bp = APIBlueprint("api", __name__, url_prefix="/api/v1", tag="Record")


@bp.before_request
def refuse_twice() -> None:
    """Of a parameter that has one value the second would be ignored in silence."""
    if twice := [name for name, values in request.args.lists() if name not in CHOSEN and len(set(values)) > 1]:
        raise BadInput(why=f"{'、'.join(twice)}只能有一个值")


def _error(what: str) -> dict[str, Any]:
    return {"description": what, "content": {"application/json": {"schema": schemas.Error}}}


ASKED = {400: _error("Bad input")}
NAMED = {404: _error("Not held"), 410: _error("Withdrawn; the tombstone says why")}


@bp.get("/search")
@bp.input(schemas.SearchQuery, location="query", arg_name="asked", unknown=RAISE)
@bp.output(schemas.Found)
@bp.doc(summary="Search documents or articles", responses={**ASKED, 503: _error("The index is away")})
def search(asked: dict[str, Any]) -> dict[str, Any]:
    filters = {name: asked[name] for name in (*CHOSEN, *NUMBERS) if asked[name]}
    if asked["first"] or asked["last"]:
        filters["published"] = [f"{asked['first'] or ''}..{asked['last'] or ''}"]
    given = {name: asked[name] for name in ("sort", "as_of", "limit", "offset", "after")}
    wanted = SearchRequest(query=asked["q"], filters=filters, unit=asked["unit"] or usual_unit(asked["q"]), **given)
    find = partial(rooms().index.search, today=rooms().today())
    wanted, found = (wanted, find(wanted)) if asked["unit"] else ask(find, wanted)
    return {
        "total": found.total,
        "unit": wanted.unit,
        "facets": found.facets_json(),
        "as_of": found.as_of.isoformat(),
        "notes": list(found.notes),
        "notes_en": [in_english(note) for note in found.notes],
        "next": found.next,
        "results": [hit.to_json() | {"origin": hit.origin} for hit in found.hits],
    }


@bp.get("/documents")
@bp.input(schemas.ListQuery, location="query", arg_name="asked", unknown=RAISE)
@bp.output(schemas.Documents)
@bp.doc(summary="All published documents, in order of id", responses=ASKED)
def list_documents(asked: dict[str, Any]) -> dict[str, Any]:
    listed = list_after(g.session, asked["after"], asked["limit"], issuer=asked["issuer"])
    more = {**{name: value for name, value in asked.items() if value}, "after": listed[-1].id} if listed else None
    full = len(listed) == asked["limit"]
    documents = iter_documents(g.session, [each.id for each in listed], as_of=rooms().today())
    return {
        "total": count_documents(g.session),
        "next": url_for(".list_documents", **more) if more and full else None,
        "results": [document_json(document) for document in documents],
    }


@bp.get("/documents/<document_id>")
@bp.output({}, schema_name="Document")
@bp.doc(summary="One document: metadata, standing, events, related documents", responses=NAMED)
def show_document(document_id: str) -> dict[str, Any]:
    return document_json(_document(document_id))


@bp.get("/documents/<document_id>/versions")
@bp.output(schemas.Results)
@bp.doc(summary="Its versions, oldest first, without their texts", responses=NAMED)
def list_versions(document_id: str) -> dict[str, Any]:
    versions = (version_json(version) for version in _document(document_id).versions)
    return {"results": [{key: value for key, value in each.items() if key != "body"} for each in versions]}


@bp.get("/documents/<document_id>/versions/<version_id>")
@bp.output({}, schema_name="Version")
@bp.doc(summary="One version with its structured text", responses=NAMED)
def show_version(document_id: str, version_id: str) -> dict[str, Any]:
    for version in _document(document_id).versions:
        if version.id == version_id:
            return version_json(version)
    raise NotFound(what=version_id)


@bp.get("/documents/<document_id>/compare")
@bp.input(schemas.CompareQuery, location="query", arg_name="asked", unknown=RAISE)
@bp.output({}, schema_name="Comparison")
@bp.doc(summary="Two versions compared, of it or of it and another", responses={**ASKED, **NAMED})
def compare_versions(document_id: str, asked: dict[str, Any]) -> dict[str, Any]:
    document = _document(document_id)
    other = _document(asked["other"]) if asked["other"] else None
    old, new = choose_sides(document, other, asked["old"], asked["new"])
    comparison = compare(old.version.body, new.version.body)
    if asked["only_changed"]:
        comparison = Comparison(rows=comparison.changed())
    sides = {"from": _named_version(old.version), "to": _named_version(new.version)}
    return {"document": document.id, **sides, **comparison.to_json()}


@bp.get("/documents/<document_id>/events")
@bp.output(schemas.Results)
@bp.doc(summary="The events behind its standing, with their evidence", responses=NAMED)
def list_events(document_id: str) -> dict[str, Any]:
    return {"results": [event.to_json() for event in _document(document_id).events]}


@bp.get("/documents/<document_id>/status")
@bp.input(schemas.StandingQuery, location="query", arg_name="asked", unknown=RAISE)
@bp.output(schemas.StandingAnswer)
@bp.doc(summary="Its standing on a day, as known at a time", responses={**ASKED, **NAMED})
def show_status(document_id: str, asked: dict[str, Any]) -> dict[str, Any]:
    as_of = asked["as_of"] or rooms().today()
    document = get_document(g.session, document_id, as_of=as_of, known_at=asked["known_at"])
    doubts = () if asked["known_at"] else find_doubts_about(g.session, document.id)
    return {
        **standing_json(document.standing),
        "document": document.id,
        "title": document.title,
        "events": [event.to_json() for event in document.standing.events],
        "findings": [doubt.to_json() for _event, doubt in doubts],
    }


@bp.get("/cite")
@bp.input(schemas.CiteQuery, location="query", arg_name="asked", unknown=RAISE)
@bp.output(schemas.Results)
@bp.doc(summary="The citations in a text, resolved", responses=ASKED)
def cite(asked: dict[str, Any]) -> dict[str, Any]:
    return {"results": [each.to_json() for each in cite_text(g.session, asked["q"], asked["as_of"] or rooms().today())]}


@bp.post("/clauses")
@limiter.shared_limit(clauses_per_visitor, scope="clauses")
@bp.input(schemas.ClauseQuery, arg_name="asked", unknown=RAISE)
@bp.output(schemas.TracedClause)
@bp.doc(summary="Where a pasted clause comes from: document, provision, versions, exact or near", responses=ASKED)
def find_clauses(asked: dict[str, Any]) -> dict[str, Any]:
    traced = find_clause(g.session, rooms().index, asked["text"], rooms().today())
    return {
        "results": [each.to_json() for each in traced.found],
        "parts": [part.to_json() for part in traced.parts],
        "parts_left_out": traced.left_out,
    }


@bp.get("/issues")
@bp.output(schemas.Results)
@bp.doc(summary="Published gazette issues with their contents")
def issues() -> dict[str, Any]:
    return {"results": [issue.to_json() for issue in list_issues(g.session, published_only=True)]}


def _named_version(version: VersionRecord) -> dict[str, Any]:
    day = version.version_date.isoformat() if version.version_date else None
    return {"version": version.id, "title": version.title, "date": day, "origin": version.origin.value}


def _document(document_id: str) -> DocumentRecord:
    return get_document(g.session, document_id, as_of=rooms().today())
