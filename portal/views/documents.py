"""A document: its page, its page as of a day, its renditions, its original copies."""

from __future__ import annotations

import datetime as dt

from apiflask import APIBlueprint
from flask import Response, g, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from gazette.citations.links import find_cited
from gazette.dates import parse_date
from gazette.errors import NotFound
from gazette.record.reading import DocumentRecord, VersionRecord, get_document
from gazette.validity.doubts import find_doubts_about
from indexer.generations import IndexAway
from indexer.search import Hit
from portal.filenames import content_disposition
from portal.freshness import conditional
from portal.language import language
from portal.pages import document as page
from portal.rendering import render_cached
from portal.rooms import rooms

bp = APIBlueprint("documents", __name__, url_prefix="/documents", enable_openapi=False)


@bp.get("/<document_id>")
@conditional
def show(document_id: str) -> Response:
    return _show(get_document(g.session, document_id, as_of=rooms().today()), document_id)


@bp.get("/<document_id>/versions/<version_id>")
@conditional
def show_version(document_id: str, version_id: str) -> Response:
    document = get_document(g.session, document_id, as_of=rooms().today())
    return _show(document, document_id, version=_version(document, version_id))


@bp.get("/<document_id>/as-of/<day>")
@conditional
def show_as_of(document_id: str, day: str) -> Response:
    asked = parse_date(day)
    if asked is None:
        return _ask_again(document_id, day)
    if day != asked.isoformat():
        kept = request.args.to_dict()
        return redirect(url_for(".show_as_of", **{**kept, "document_id": document_id, "day": asked.isoformat()}))
    text = request.args.get("known_at", "")
    known = parse_date(text)
    if text and known is None:
        return _ask_again(document_id, day)
    moment = dt.datetime.combine(known, dt.time.max, tzinfo=rooms().timezone) if known else None
    return _show(
        get_document(g.session, document_id, as_of=asked, known_at=moment), document_id, day=asked, known=known
    )


@bp.get("/<document_id>/as-of")
def choose_day(document_id: str) -> Response:
    """What the form 查看某日版本 sends: the days as people write them. Without a day, what this site said on the day
    `known_at` about that day."""
    known = parse_date(request.args.get("known_at", ""))
    asked = parse_date(request.args.get("day", "")) if request.args.get("day", "").strip() else known
    if asked is None or (known is None and request.args.get("known_at", "").strip()):
        return _ask_again(document_id, request.args.get("day", ""))
    there = {"day": asked.isoformat(), "known_at": known.isoformat() if known else None}
    return redirect(url_for(".show_as_of", document_id=document_id, **there))


@bp.get("/<document_id>.<any(json, xml, txt, docx, pdf, html):suffix>")
def download(document_id: str, suffix: str) -> Response:
    day = parse_date(request.args.get("as_of", "")) or rooms().today()
    document = get_document(g.session, document_id, as_of=day)
    wanted = request.args.get("version")
    version = _version(document, wanted) if wanted else document.current
    rendition = render_cached(document, version, suffix, language=language(), site=_site())
    response = Response(rendition.data, mimetype=rendition.media_type)
    inline = suffix in {"json", "xml", "txt"}
    response.headers["Content-Disposition"] = content_disposition(f"{version.title}.{suffix}", inline=inline)
    return response


@bp.get("/<document_id>/copies/<copy_id>")
def show_copy(document_id: str, copy_id: str) -> Response:
    """The original bytes. They are a stranger's: saved, never rendered under our address."""
    document = get_document(g.session, document_id)
    for copy in (copy for version in document.versions for copy in version.copies):
        if copy.id == copy_id:
            return _foreign(copy.sha256, copy.media_type, copy.name)
    raise NotFound(what=copy_id)


@bp.get("/<document_id>/attachments/<attachment_id>")
def show_attachment(document_id: str, attachment_id: str) -> Response:
    document = get_document(g.session, document_id)
    for annex in (annex for version in document.versions for annex in version.attachments):
        if annex.id == attachment_id and annex.sha256:
            return _foreign(annex.sha256, annex.media_type or "application/octet-stream", annex.title)
    raise NotFound(what=attachment_id)


def _show(
    document: DocumentRecord,
    asked: str,
    *,
    version: VersionRecord | None = None,
    day: dt.date | None = None,
    known: dt.date | None = None,
    day_error: str | None = None,
) -> Response:
    if document.id != asked and request.view_args:
        # Merged: the old address lives on and leads to the document it became.
        return redirect(url_for(str(request.endpoint), **{**request.view_args, "document_id": document.id}), 301)
    text = version or document.current
    written = text.version_date or text.signed_date or text.published_date or text.effective_date
    shown = page.build(
        document,
        version=version,
        doubts=() if known else find_doubts_about(g.session, document.id),
        cited=find_cited(g.session, text.id, written=written, today=rooms().today()),
        day=day,
        known=known,
        at=request.args.get("at"),
        part=request.args.get("part", type=int),
        full="full" in request.args,
    )
    html = render_template(
        "document.html",
        page=shown,
        similar=_similar(document.id),
        today=rooms().today(),
        day_error=day_error,
        day_asked=request.args.get("day", ""),
        known_asked=request.args.get("known_at", "") if day_error else "",
    )
    response = make_response(html, 400 if day_error is not None else 200)
    response.last_modified = document.updated_at
    return response


def _similar(document_id: str) -> tuple[Hit, ...]:
    """Documents like it; none while the index is away."""
    try:
        return rooms().index.similar(document_id, today=rooms().today())
    except IndexAway:
        return ()


def _ask_again(document_id: str, text: str) -> Response:
    document = get_document(g.session, document_id, as_of=rooms().today())
    return _show(document, document.id, day_error=_("日期无法识别，请写成2024年5月1日"))


def _version(document: DocumentRecord, version_id: str) -> VersionRecord:
    for version in document.versions:
        if version.id == version_id:
            return version
    raise NotFound(what=version_id)


def _foreign(sha256: str, media_type: str, name: str) -> Response:
    response = Response(rooms().store.blobs.get(sha256), mimetype=media_type)
    response.headers["Content-Disposition"] = content_disposition(name)
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.set_etag(sha256)
    return response.make_conditional(request)


def _site() -> str:
    return request.host_url.rstrip("/")
