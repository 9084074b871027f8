"""Atom feeds: documents as they change, of one agency, of a search (also as JSON Feed), and new gazette issues."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from apiflask import APIBlueprint
from flask import Response, g, jsonify, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.urls import iri_to_uri

from gazette.issues.gazettes import list_issues
from gazette.record.library import list_latest
from gazette.record.reading import DocumentRecord, iter_documents
from portal import words
from portal.freshness import conditional
from portal.language import language
from portal.pages.search import SearchForm
from portal.rooms import rooms

bp = APIBlueprint("feeds", __name__, url_prefix="/feeds", enable_openapi=False)

ENTRIES = 50
#: Among so many documents that changed last a saved search is looked for too.
_LATEST = 200
#: The moment of a feed that has no entry yet.
_NEVER = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedEntry:
    title: str
    url: str
    updated: dt.datetime
    summary: str
    authors: tuple[str, ...] = ()


@bp.get("/documents")
@conditional
def documents() -> Response:
    return answer_feed(_("最近更新"), url_for("home.show", _external=True), _latest(None))


@bp.get("/agencies/<path:agency>")
@conditional
def agency(agency: str) -> Response:
    return answer_feed(agency, url_for("search.show", issuer=agency, _external=True), _latest(agency))


@bp.get("/search")
def search() -> Response:
    """A saved search: its newest documents. The address is that of the search page."""
    return _search(answer_feed)


@bp.get("/search.json")
def search_json() -> Response:
    """The same as a JSON Feed."""
    return _search(_json_feed)


def _search(render: Callable[[str, str, Sequence[FeedEntry]], Response]) -> Response:
    form = SearchForm.from_args(request.args)
    if form.errors():
        return Response("\n".join(message for _field, message in form.errors()), 400, mimetype="text/plain")
    title = _("搜索：%(q)s", q=form.q or _("全部"))
    entries = _found(form)
    response = render(title, url_for("search.show", _external=True, **form.args()), entries)
    # The index follows the record a moment later, so what was found says whether anything is new.
    response.add_etag(weak=True)
    response.last_modified = max((entry.updated for entry in entries), default=None)
    return response.make_conditional(request)


def _found(form: SearchForm) -> Sequence[FeedEntry]:
    """What the search finds, the latest change first: those dated last, and those that changed last, whatever their
    date; many a document has none."""
    index, today = rooms().index, rooms().today()
    # A feed waits for what was asked; what has only some of the words would be noise until then.
    asked = replace(form.request(limit=ENTRIES, offset=0), sort="date", relax=False, unit="document", facets=())
    dated = index.search(asked, today)
    ids = [hit.document for hit in dated.hits]
    if dated.total > ENTRIES:
        changed = tuple(each.id for each in list_latest(g.session, _LATEST))
        among = replace(asked, filters={**asked.filters, "document": changed}, limit=_LATEST)
        ids += [hit.document for hit in index.search(among, today).hits]
    return sorted(_entries(tuple(dict.fromkeys(ids))), key=lambda entry: entry.updated, reverse=True)[:ENTRIES]


@bp.get("/gazettes")
@conditional
def gazettes() -> Response:
    issues = sorted(
        list_issues(g.session, published_only=True), key=lambda issue: issue.published_at or _NEVER, reverse=True
    )
    entries = [
        FeedEntry(
            title=f"{issue.gazette_name} {_('%(year)s年第%(number)s号', year=issue.year, number=issue.number)}",
            url=url_for(
                "gazettes.show_issue", gazette=issue.gazette, year=issue.year, number=issue.number, _external=True
            ),
            updated=issue.published_at or _NEVER,
            summary="；".join(entry.title for entry in issue.entries),
            authors=(issue.gazette_name,),
        )
        for issue in issues[:ENTRIES]
    ]
    return answer_feed(_("政府公报"), url_for("gazettes.show_all", _external=True), entries)


def _latest(agency: str | None) -> tuple[FeedEntry, ...]:
    return _entries([each.id for each in list_latest(g.session, ENTRIES, issuer=agency)])


def _entries(ids: Sequence[str]) -> tuple[FeedEntry, ...]:
    held = {document.id: document for document in iter_documents(g.session, ids, as_of=rooms().today())}
    return tuple(_entry(held[id_]) for id_ in ids if id_ in held)


def _entry(document: DocumentRecord) -> FeedEntry:
    ours = _("由本平台整理") if document.current.is_consolidated else None
    facts = (str(words.STATUS[document.standing.status]), document.doc_number, ours)
    return FeedEntry(
        title=document.title,
        url=url_for("documents.show", document_id=document.id, _external=True),
        updated=document.updated_at,
        summary=" · ".join(fact for fact in facts if fact),
        authors=document.issuers,
    )


def _own_url() -> str:
    """The address of this feed, in the characters an address may have."""
    return iri_to_uri(request.url)


def answer_feed(title: str, page_url: str, entries: Sequence[FeedEntry]) -> Response:
    """The entries as an Atom feed, beside the page that shows the same."""
    updated = max((entry.updated for entry in entries), default=_NEVER)
    xml = render_template(
        "feed.xml", title=title, self_url=_own_url(), page_url=page_url, updated=updated, entries=entries
    )
    return Response(xml, mimetype="application/atom+xml")


def _json_feed(title: str, page_url: str, entries: Sequence[FeedEntry]) -> Response:
    """JSON Feed 1.1."""
    response = jsonify(
        version="https://jsonfeed.org/version/1.1",
        title=title,
        home_page_url=page_url,
        feed_url=_own_url(),
        language="en" if language() == "en" else "zh-CN",
        items=[
            {
                "id": entry.url,
                "url": entry.url,
                "title": entry.title,
                "content_text": entry.summary,
                "date_modified": entry.updated.isoformat(),
                "authors": [{"name": each} for each in entry.authors],
            }
            for entry in entries
        ],
    )
    response.mimetype = "application/feed+json"
    return response
