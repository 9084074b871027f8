"""Errors become answers here, and nowhere else: a page for people, an object for programs.

The interfaces for programs are told by their path. An error nobody foresaw gets an incident number that stands in
the log as well, on a page that needs neither template, stylesheet nor database.
"""

from __future__ import annotations

import base64
import hashlib
import logging
import re
from urllib.parse import unquote

from apiflask.exceptions import HTTPError
from flask import Flask, Response, g, jsonify, make_response, redirect, render_template, request
from flask_babel import lazy_gettext as _l
from markupsafe import escape
from werkzeug.exceptions import HTTPException

from gazette.errors import GongbaoError, Withdrawn
from indexer.generations import IndexAway
from portal.addresses import without_slash
from portal.language import language
from portal.parameters import in_words
from portal.requests import POLICY

log = logging.getLogger(__name__)

#: When to ask again what is away for now (s): an index that is made anew, a rendition that others wait for.
RETRY_AFTER_S = 60

TITLES = {
    400: _l("输入有误"),
    403: _l("不能这样做"),
    404: _l("没有这个页面"),
    405: _l("这个地址不接受这样的请求"),
    409: _l("与现有记录冲突"),
    410: _l("该文件已撤下"),
    413: _l("文件太大"),
    422: _l("输入有误"),
    429: _l("请求太多，请稍后再试"),
    503: _l("暂时无法服务"),
}

_INCIDENT_STYLE = "body{font:18px/1.6 sans-serif;max-width:36em;margin:3em auto;padding:0 1em}"
_INCIDENT = """<!doctype html><html lang="zh-CN"><meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>网站出错了</title><style>{style}</style><h1>网站出错了</h1>
<p>这不是您的操作造成的。请稍后再试；如需报告，请附上编号 <strong>{incident}</strong>。</p>
<p lang="en">Something went wrong on our side. If you report it, please quote number <strong>{incident}</strong>.</p>
<p><a href="/">首页 <span lang="en">Home</span></a></p></html>"""
_STYLE_HASH = base64.b64encode(hashlib.sha256(_INCIDENT_STYLE.encode()).digest()).decode()


def translate_errors(app: Flask) -> None:
    """Register the handlers on `app`."""
    app.register_error_handler(GongbaoError, _of_the_record)
    app.register_error_handler(HTTPException, _of_http)
    app.register_error_handler(HTTPError, _of_the_interface)
    app.register_error_handler(Exception, _unforeseen)


def for_programs() -> bool:
    """Whether the answer is read by a program."""
    return request.path.startswith("/api/") or request.path.endswith(".json")


def _of_the_record(error: GongbaoError) -> Response:
    if isinstance(error, IndexAway):
        # What to run is for whoever keeps the site, and the keeper runs it.
        error = IndexAway()
    if for_programs():
        response = _object(error.status, error.to_json())
    else:
        tombstone = error.facts if isinstance(error, Withdrawn) else None
        last_page_url = error.facts.get("url")
        response = _page(error.status, error.message(language()), tombstone=tombstone, last_page_url=last_page_url)
    if error.status == 503:
        response.headers["Retry-After"] = str(RETRY_AFTER_S)
    return response


def _of_http(error: HTTPException) -> Response:
    if error.response is not None or (error.code or 500) < 400:
        return make_response(error.get_response())
    status = error.code or 500
    if status == 404 and request.method in {"GET", "HEAD"} and (place := without_slash()):
        return make_response(redirect(place, 301))
    if for_programs():
        response = _object(
            status,
            {
                "code": f"http.{status}",
                "message": str(TITLES.get(status, error.name)),
                "message_en": error.name,
                "locator": None,
            },
        )
    else:
        response = _page(status)
    for name, value in error.get_headers():
        if name.lower() in {"allow", "retry-after"}:
            response.headers[name] = value
    return response


def _of_the_interface(error: HTTPError) -> Response:
    """An input that its schema refuses; `detail` names each parameter and what is wrong with it."""
    zh, en = in_words(error.detail)
    data: dict[str, object] = {
        "code": "bad_input",
        "message": f"输入有误：{zh}",
        "message_en": f"Bad input: {en}",
        "locator": None,
        "detail": error.detail,
    }
    return _object(error.status_code, data)


def _unforeseen(error: Exception) -> Response:
    incident = g.get("request_id", "-")
    log.error("request.failed", extra={"path": request.path}, exc_info=error)
    if for_programs():
        return _object(
            500,
            {
                "code": "incident",
                "message": f"网站出错了，编号 {incident}",
                "message_en": f"Something went wrong on our side, number {incident}",
                "locator": None,
            },
        )
    response = make_response(_INCIDENT.format(style=_INCIDENT_STYLE, incident=escape(incident)), 500)
    response.headers["Content-Security-Policy"] = POLICY.replace(
        "style-src 'self'", f"style-src 'sha256-{_STYLE_HASH}'"
    )
    return response


def _page(
    status: int,
    message: str | None = None,
    *,
    tombstone: dict[str, object] | None = None,
    last_page_url: object = None,
) -> Response:
    html = render_template(
        "error.html",
        status=status,
        title=TITLES.get(status, TITLES[400]),
        message=message,
        tombstone=tombstone,
        guess=_words_of(request.path) if status == 404 and not last_page_url else "",
        last_page_url=last_page_url,
    )
    return make_response(html, status)


def _object(status: int, data: dict[str, object]) -> Response:
    return make_response(jsonify(data), status)


def _words_of(path: str) -> str:
    """What somebody who typed this address may have looked for: the words of its last part."""
    last = unquote(path).rstrip("/").rsplit("/", 1)[-1]
    return re.sub(r"\.(html?|pdf|docx?)$|[-_+.]", " ", last).strip()[:100]
