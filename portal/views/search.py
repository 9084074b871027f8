"""政策法规: searching the record; when the index is away, looking up titles and numbers still works."""

from __future__ import annotations

import logging
from dataclasses import replace
from itertools import groupby
from operator import attrgetter

from apiflask import APIBlueprint
from flask import Response, g, make_response, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict

from gazette.citations.resolution import find_documents
from gazette.record.library import find_titles
from gazette.record.reading import iter_documents
from gazette.validity.status import Status
from indexer.cursors import CursorInvalid
from indexer.generations import IndexAway
from indexer.search import SearchRequest, SearchResults
from portal.addresses import same_page
from portal.failures import RETRY_AFTER_S
from portal.pages import search as page
from portal.pages.advanced import compose as compose_query
from portal.pages.advanced import read_back
from portal.pages.answer import find_answer
from portal.pages.paging import first_of, make_pager, page_asked
from portal.pages.rescue import find_rescue
from portal.pages.search import SearchForm
from portal.rooms import rooms

bp = APIBlueprint("search", __name__, enable_openapi=False)
log = logging.getLogger(__name__)


@bp.get("/search")
def show() -> Response:
    form = SearchForm.from_args(request.args)
    errors = form.errors()
    if errors:
        return make_response(render_template("search.html", form=form, errors=errors, page=None), 400)
    number, size = page_asked(), rooms().portal.page_size
    try:
        wanted = form.request(limit=size, offset=first_of(number, size))
        if "unit" in request.args:
            results = _find(wanted)
        else:
            wanted, results = page.ask(_find, wanted)
            form = replace(form, unit=wanted.unit)
    except IndexAway:
        log.exception("search.unavailable")
        return _look_up(form)
    pager = make_pager(number, results.total, size)
    if results.next and pager.next_url:
        pager = replace(pager, next_url=same_page(page=str(number + 1), after=results.next, lang=None))
    answer = find_answer(g.session, form, results.hits, rooms().today()) if number == 1 else None
    shown = page.build(form, results, pager, answer)
    drops = _drops(form) if not shown.total else ()
    rescue = find_rescue(rooms(), form, results) if number == 1 and answer is None else None
    return make_response(render_template("search.html", form=form, errors=(), page=shown, drops=drops, rescue=rescue))


@bp.get("/search/advanced")
def advanced() -> str:
    """高级搜索: a form for what the query language can say, filled with the search it was opened from."""
    form = SearchForm.from_args(request.args)
    return render_template("advanced.html", statuses=tuple(Status), form=form, said=read_back(form))


@bp.get("/search/compose")
def compose() -> Response:
    """What the advanced form sends, as the address of a search."""
    return redirect(url_for(".show", **compose_query(request.args)), 303)


def _find(query: SearchRequest) -> SearchResults:
    """The page asked for: from where the one before ended, if the address says where and that still holds."""
    index, today = rooms().index, rooms().today()
    if after := request.args.get("after"):
        try:
            return index.search(replace(query, offset=0, after=after), today)
        except CursorInvalid:
            log.info("search.cursor_invalid")
    return index.search(query, today)


def _drops(form: SearchForm) -> tuple[tuple[page.Chip, int], ...]:
    """Which filter to drop, whatever number of its values was chosen, and how much each would bring."""
    found = []
    for field, chips in groupby(page.chips(form), key=attrgetter("field")):
        args = form.args(**{field: None})
        wider = SearchForm.from_args(MultiDict(args))
        if count := rooms().index.count(wider.request(limit=0, offset=0)):
            label = "、".join(chip.label for chip in chips)
            found.append((page.Chip(label=label, url=url_for(".show", **args), field=field), count))
    return tuple(found)


def _look_up(form: SearchForm) -> Response:
    """Search is down: documents by number or title, straight from the store."""
    ids = (
        find_documents(g.session, form.q) or find_titles(g.session, form.q, rooms().portal.page_size) if form.q else ()
    )
    documents = tuple(iter_documents(g.session, ids, as_of=rooms().today()))
    page = render_template("search_down.html", form=form, documents=documents)
    return make_response(page, 503, {"Retry-After": str(RETRY_AFTER_S)})
