"""The original beside the review form: what a file looks like, shown so that nothing in it can act.

A stranger's markup is cleaned by nh3 and framed without scripts; PDFs and pictures are left to the browser's own
viewers; a Word file is shown as mammoth reads it. Everything else is offered for download.
"""

from __future__ import annotations

import io

import nh3
from apiflask import APIBlueprint
from flask import Response, g, render_template

from gazette.digitization.sandbox import POOL
from gazette.draft import SourceFile
from gazette.record.reading import CopyRecord, get_copy
from portal.accounts import require_editor
from portal.filenames import content_disposition
from portal.rooms import rooms

bp = APIBlueprint("originals", __name__, url_prefix="/desk/copies", enable_openapi=False)
bp.before_request(require_editor)

PICTURES = frozenset({"image/png", "image/jpeg", "image/tiff", "image/gif", "image/webp"})
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
#: Nothing runs, nothing is fetched; only our own pages may frame it.
POLICY = (
    "default-src 'none'; img-src data:; style-src 'self'; frame-ancestors 'self'; "
    "sandbox allow-same-origin allow-downloads allow-top-navigation-by-user-activation"
)
PDF_POLICY = "default-src 'none'; plugin-types application/pdf; object-src 'self'; frame-ancestors 'self'"


@bp.get("/<copy_id>")
def show(copy_id: str) -> Response:
    """The copy as a page for the frame."""
    copy = get_copy(g.session, copy_id)
    data = rooms().store.blobs.get(copy.sha256)
    if copy.media_type == "application/pdf" or copy.media_type in PICTURES:
        return _inline(data, copy, PDF_POLICY)
    html = render_template("desk/original.html", copy=copy, markup=_markup(data, copy), text=_text(data, copy))
    return Response(html, headers={"Content-Security-Policy": POLICY})


@bp.get("/<copy_id>/pages/<int:page>/<int:turned>.jpg")
def show_page(copy_id: str, page: int, turned: int) -> Response:
    """One page of a scan, upright; a copy never changes, so the browser keeps it."""
    copy = get_copy(g.session, copy_id)
    source = SourceFile(name=copy.name, data=rooms().store.blobs.get(copy.sha256))
    picture = POOL.draw_page(source, page, turned, rooms().store.settings)
    return Response(picture, mimetype="image/jpeg", headers={"Cache-Control": "private, max-age=86400, immutable"})


@bp.get("/<copy_id>/file")
def download(copy_id: str) -> Response:
    """The bytes as they came."""
    copy = get_copy(g.session, copy_id)
    response = Response(rooms().store.blobs.get(copy.sha256), mimetype="application/octet-stream")
    response.headers["Content-Disposition"] = content_disposition(copy.name)
    return response


def _inline(data: bytes, copy: CopyRecord, policy: str) -> Response:
    headers = {
        "Content-Security-Policy": policy,
        "Content-Disposition": content_disposition(copy.name, inline=True),
    }
    return Response(data, mimetype=copy.media_type, headers=headers)


def _markup(data: bytes, copy: CopyRecord) -> str | None:
    """Cleaned HTML of an HTML page or a Word file; None for other kinds."""
    if copy.media_type in {"text/html", "application/xhtml+xml"}:
        # The title of the page is no part of what it shows.
        dropped = {"script", "style", "title"}
        return nh3.clean(data.decode(copy.charset or "utf-8", "replace"), clean_content_tags=dropped)
    if copy.media_type == DOCX:
        import mammoth

        try:
            return nh3.clean(mammoth.convert_to_html(io.BytesIO(data)).value) or None
        except (KeyError, ValueError, OSError):
            return None
    return None


def _text(data: bytes, copy: CopyRecord) -> str | None:
    return (
        data.decode(copy.charset or "utf-8", "replace") if copy.media_type in {"text/plain", "text/markdown"} else None
    )
