"""Gunicorn's worker, with pages of ours for an address that is too long or cannot be read.

Such a request never reaches the application, and gunicorn's own answer is one line of English.
"""

from __future__ import annotations

import socket
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from gunicorn.http.errors import InvalidRequestLine, LimitRequestLine
from gunicorn.workers.gthread import ThreadWorker

#: What is read of the rest of such a request, so that closing does not cut our answer off, and how long it may take.
_MOST_BYTES, _LONGEST_S = 1 << 20, 1.0

_PAGE = """<!doctype html><html lang="zh-CN"><meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{title}</title><h1>{title}</h1>
<p>{zh}</p>
<p lang="en">{en}</p>
<p><a href="/search">重新搜索 <span lang="en">Search again</span></a></p></html>"""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Refusal:
    """What is answered: the status line, and the page's words."""

    status: str
    title: str
    zh: str
    en: str


_REFUSALS: dict[type[Exception], _Refusal] = {
    LimitRequestLine: _Refusal(
        status="414 URI Too Long",
        title="检索词太长",
        zh="网址超过了能读取的长度，没有检索。请少用几个词再试，最多可写500个字符。",
        en="The address is too long to be read, so nothing was searched for. Please use fewer words, 500 characters at "
        "most.",
    ),
    InvalidRequestLine: _Refusal(
        status="400 Bad Request",
        title="网址无法读取",
        zh="网址里的汉字须按 UTF-8 写成百分号编码（食 写成 %E9%A3%9F）；在搜索框里输入会自动编码。",
        en="Characters other than ASCII must be percent-encoded as UTF-8 in an address (食 is %E9%A3%9F); the search "
        "box does so by itself.",
    ),
}


class Worker(ThreadWorker):  # type: ignore[misc]
    """Answers an address that is too long or cannot be read itself; everything else as gunicorn does."""

    def handle_error(self, req: Any, client: socket.socket, addr: Any, exc: BaseException) -> None:
        refusal = _REFUSALS.get(type(exc))  # type: ignore[arg-type]
        if refusal is None:
            super().handle_error(req, client, addr, exc)
            return
        self.log.warning("%s: address from ip=%s", refusal.status, addr[0] if addr else "")
        with suppress(OSError):
            client.settimeout(_LONGEST_S)
            client.sendall(_answer(refusal))
            client.shutdown(socket.SHUT_WR)
            _read_rest(client)


def _answer(refusal: _Refusal) -> bytes:
    body = _PAGE.format(title=refusal.title, zh=refusal.zh, en=refusal.en).encode()
    head = (
        f"HTTP/1.1 {refusal.status}\r\nConnection: close\r\nContent-Type: text/html; charset=utf-8\r\n"
        "Content-Security-Policy: default-src 'none'\r\nX-Content-Type-Options: nosniff\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode("ascii") + body


def _read_rest(client: socket.socket) -> None:
    left = _MOST_BYTES
    while left > 0 and (data := client.recv(1 << 16)):
        left -= len(data)
