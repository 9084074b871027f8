"""Gunicorn's worker, with a page of ours for an address that is too long to be read.

Such a request never reaches the application, and gunicorn's own answer is one line of English.
"""

from __future__ import annotations

import socket
from contextlib import suppress
from typing import Any

from gunicorn.http.errors import LimitRequestLine
from gunicorn.workers.gthread import ThreadWorker

#: What is read of the rest of such a request, so that closing does not cut our answer off, and how long it may take.
_MOST_BYTES, _LONGEST_S = 1 << 20, 1.0

_PAGE = """<!doctype html><html lang="zh-CN"><meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>检索词太长</title><h1>检索词太长</h1>
<p>网址超过了能读取的长度，没有检索。请少用几个词再试，最多可写500个字符。</p>
<p lang="en">The address is too long to be read, so nothing was searched for. Please use fewer words, 500 characters
at most.</p>
<p><a href="/search">重新搜索 <span lang="en">Search again</span></a></p></html>"""


class Worker(ThreadWorker):  # type: ignore[misc]
    """Answers an address that is too long itself; everything else as gunicorn does."""

    def handle_error(self, req: Any, client: socket.socket, addr: Any, exc: BaseException) -> None:
        if not isinstance(exc, LimitRequestLine):
            super().handle_error(req, client, addr, exc)
            return
        self.log.warning("Address too long from ip=%s", addr[0] if addr else "")
        with suppress(OSError):
            client.settimeout(_LONGEST_S)
            client.sendall(_answer())
            client.shutdown(socket.SHUT_WR)
            _read_rest(client)


def _answer() -> bytes:
    body = _PAGE.encode()
    head = (
        "HTTP/1.1 414 URI Too Long\r\nConnection: close\r\nContent-Type: text/html; charset=utf-8\r\n"
        "Content-Security-Policy: default-src 'none'\r\nX-Content-Type-Options: nosniff\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode("ascii") + body


def _read_rest(client: socket.socket) -> None:
    left = _MOST_BYTES
    while left > 0 and (data := client.recv(1 << 16)):
        left -= len(data)
