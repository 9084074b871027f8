"""Cursors: where a page of hits ended, so that the next one begins there, however deep.

A cursor says what the last hit shown was put in order by and how many shown had that same number; so nothing is
repeated and nothing skipped while the index changes under a reader. Where scores order the hits, which change with
every commit, it says the hit's place and who it was: if another stands there by then, it is looked for around it.
The token is no secret and gives access to nothing; one that was tampered with names no place and is refused.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from dataclasses import asdict, dataclass

from gazette.errors import GongbaoError

_LONGEST_TOKEN = 400


class CursorInvalid(GongbaoError):
    code = "search.bad_cursor"
    zh, en = (
        "翻页标记无效或属于另一次检索，请从第一页重新开始",
        "The cursor is damaged or of another search; start again",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """`asked` is the digest of what was asked; `seen` hits were shown, the last of them `last`, and `ties` of them
    had its `order`."""

    asked: str
    seen: int
    last: str
    order: int | None = None
    ties: int = 0

    def __str__(self) -> str:
        return base64.urlsafe_b64encode(json.dumps(list(asdict(self).values())).encode()).decode().rstrip("=")


def digest(*asked: object) -> str:
    """What tells one question from another."""
    return hashlib.sha256(json.dumps(asked, default=str).encode()).hexdigest()[:12]


def parse_cursor(token: str, asked: str) -> Cursor:
    """The cursor of a token that was given out for `asked`. Raises CursorInvalid."""
    try:
        if len(token) > _LONGEST_TOKEN:
            raise ValueError(token)
        values = json.loads(base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True))
        of, seen, last, order, ties = values
        cursor = Cursor(asked=str(of), seen=int(seen), last=str(last), order=order, ties=int(ties))
    except (ValueError, TypeError, binascii.Error):
        raise CursorInvalid() from None
    good_order = order is None or (type(order) is int and 0 <= order < 1 << 63)
    if cursor.asked != asked or not good_order or not 0 <= cursor.seen < 1 << 53 or not 0 <= cursor.ties <= cursor.seen:
        raise CursorInvalid()
    return cursor
