"""Notices to programs: JSON over HTTPS, signed as the Standard Webhooks specification says.

    webhook-id: the delivery, the same at every attempt, so that a receiver can tell a repeat
    webhook-timestamp: seconds since 1970
    webhook-signature: v1,base64(HMAC-SHA256(secret, "id.timestamp.body"))

The address comes from somebody with an account, and still it is a stranger's: the rules of `harvest.reach` are asked
of the URL and of the very IP address the socket connects to, nothing is redirected, and little is read back.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import http.client
import json
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from werkzeug.urls import iri_to_uri

from gazette.errors import BadInput, GongbaoError
from harvest.reach import OutOfReach, Reach, host_of

#: How long a receiver may be silent, and how long its whole answer may take.
TIMEOUT_S, ANSWER_S = 10.0, 20.0
_SECRET_PREFIX = "whsec_"  # noqa: S105
#: What is read of an answer: it is looked at by nobody.
_MOST_BYTES = 4096


class WebhookRefused(GongbaoError):
    code = "subscription.webhook"
    zh, en = "接收方没有接受通知：{why}", "The receiver did not take the notice: {why}"


def secret_of(key: str, subscription: str) -> str:
    """The secret a receiver checks signatures with. Derived from the site's own key, so it is kept nowhere."""
    digest = hmac.new(key.encode(), f"webhook:{subscription}".encode(), hashlib.sha256).digest()
    return _SECRET_PREFIX + base64.b64encode(digest).decode()


def sign(secret: str, delivery: str, moment: int, body: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(_SECRET_PREFIX))
    signed = f"{delivery}.{moment}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def check_url(url: str, *, local: bool) -> None:
    """Raises BadInput for an address that no notice may be sent to."""
    try:
        if not host_of(url):
            raise ValueError(url)
        host_of(url).encode("idna")
        Reach(hosts=frozenset({host_of(url)}), local=local).check_url(url)
    except (OutOfReach, ValueError) as error:
        raise BadInput(why=str(error.facts["why"]) if isinstance(error, OutOfReach) else "网址无法解析") from error
    if _is_inside(str(urlsplit(url).hostname), local=local):
        raise BadInput(why="通知地址必须是公网地址")
    if urlsplit(url).scheme != "https" and not local:
        raise BadInput(why="通知地址必须以 https:// 开头")


def _is_inside(host: str, *, local: bool) -> bool:
    """Whether the host is written as an address that may not be reached. What a name resolves to is asked when
    something is sent, for until then it may change."""
    try:
        # As the resolver reads it: 2130706433 and 0x7f.1 are 127.0.0.1.
        address = socket.inet_ntoa(socket.inet_aton(host))
    except OSError:
        address = host
    try:
        ip_address(address)
    except ValueError:
        return not local and (host == "localhost" or host.endswith(".localhost"))
    return not Reach(hosts=frozenset(), local=local).allows_address(address)


def send(url: str, secret: str, delivery: str, payload: Mapping[str, Any], *, local: bool) -> None:
    """Deliver once. Raises BadInput, OutOfReach, OSError, http.client.HTTPException, WebhookRefused."""
    check_url(url, local=local)
    parts = urlsplit(iri_to_uri(url))
    body = json.dumps(payload, ensure_ascii=False).encode()
    moment = int(time.time())
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "gongbao-webhook",
        "webhook-id": delivery,
        "webhook-timestamp": str(moment),
        "webhook-signature": sign(secret, delivery, moment, body),
    }
    connection = _connection(parts.scheme, str(parts.hostname), parts.port, Reach(hosts=frozenset(), local=local))
    # A receiver that answers a byte at a time would otherwise hold up everybody's post.
    hang_up = threading.Timer(ANSWER_S, socket.socket.shutdown, (connection.sock, socket.SHUT_RDWR))
    hang_up.start()
    try:
        connection.request("POST", f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}", body, headers)
        answer = connection.getresponse()
        answer.read(_MOST_BYTES)
        if not 200 <= answer.status < 300:
            raise WebhookRefused(why=answer.status)
    finally:
        hang_up.cancel()
        hang_up.join()
        connection.close()


def _connection(scheme: str, host: str, port: int | None, reach: Reach) -> http.client.HTTPConnection:
    """A connection to the first address of the host that may be reached, and to no other."""
    plain = http.client.HTTPConnection(host, port or (443 if scheme == "https" else 80), timeout=TIMEOUT_S)
    sock = _reach(host, plain.port, reach)
    if scheme == "https":
        sock = ssl.create_default_context().wrap_socket(sock, server_hostname=host)
    plain.sock = sock
    return plain


def _reach(host: str, port: int, reach: Reach) -> socket.socket:
    refused: OSError | OutOfReach = OutOfReach(url=host, why="不是公网地址")
    for *_kind, place in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
        if not reach.allows_address(str(place[0])):
            continue
        try:
            return socket.create_connection((str(place[0]), port), timeout=TIMEOUT_S)
        except OSError as error:
            refused = error
    raise refused
