"""All results of a search as a file: CSV for spreadsheets, JSON Lines for programs; streamed, however many they are."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator

from apiflask import APIBlueprint
from flask import Response, request
from flask_babel import gettext as _

from gazette.errors import BadInput
from gazette.record.documents import VersionOrigin
from gazette.validity.status import Status
from indexer.search import Hit
from portal import words
from portal.filenames import content_disposition
from portal.limits import exports_per_visitor, limiter
from portal.pages.search import SearchForm
from portal.rooms import rooms
from portal.spreadsheets import BYTE_ORDER_MARK, csv_row, in_lots

bp = APIBlueprint("exports", __name__, enable_openapi=False)


@bp.get("/search.csv", endpoint="csv")
@limiter.limit(exports_per_visitor)
def as_csv() -> Response:
    return _export("csv", "text/csv; charset=utf-8", _csv)


@bp.get("/search.jsonl", endpoint="jsonl")
@limiter.limit(exports_per_visitor)
def as_jsonl() -> Response:
    return _export("jsonl", "application/jsonl; charset=utf-8", _jsonl)


def _export(suffix: str, media_type: str, lines: Callable[[Iterable[Hit], str, list[str]], Iterator[str]]) -> Response:
    form = SearchForm.from_args(request.args)
    if errors := form.errors():
        raise BadInput(why="；".join(message for _field, message in errors))
    found = rooms().index.export(form.request(limit=0, offset=0), rooms().today())
    response = Response(in_lots(lines(found.hits, request.host_url.rstrip("/"), _header())), content_type=media_type)
    # A reader who goes away must not leave the snapshot open.
    response.call_on_close(found.hits.close)  # type: ignore[attr-defined]
    response.headers["X-Total-Count"] = str(found.total)
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Content-Disposition"] = content_disposition(f"{form.q or _('全部文件')}.{suffix}")
    return response


def _header() -> list[str]:
    return [
        _("标题"),
        _("发文字号"),
        _("发文机关"),
        _("公文种类"),
        _("时效性"),
        _("发布日期"),
        _("施行日期"),
        _("网址"),
        _("标识"),
        _("版本"),
        _("条文"),
        _("文本"),
    ]


def _csv(hits: Iterable[Hit], site: str, header: list[str]) -> Iterator[str]:
    yield BYTE_ORDER_MARK + csv_row(header)
    status = {each.value: str(words.STATUS[each]) for each in Status}
    for hit in hits:
        issuers = "、".join(hit.issuers)
        days = (hit.published_date, hit.effective_date)
        origin = str(words.ORIGIN[VersionOrigin(hit.origin)])
        names = (f"{site}{hit.url}", hit.document, hit.version, hit.eid, origin)
        yield csv_row([hit.title, hit.doc_number, issuers, hit.kind, status.get(hit.status, hit.status), *days, *names])


def _jsonl(hits: Iterable[Hit], site: str, _header: list[str]) -> Iterator[str]:
    for hit in hits:
        yield json.dumps({**hit.to_json(), "url": f"{site}{hit.url}", "origin": hit.origin}, ensure_ascii=False) + "\n"
