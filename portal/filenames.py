"""File names in headers: Chinese titles and strangers' names, put so that every browser saves the right one."""

from __future__ import annotations

import unicodedata
from urllib.parse import quote

_LONGEST = 100
_FORBIDDEN = frozenset('"\\/:*?<>|')


def content_disposition(name: str, *, inline: bool = False) -> str:
    """The Content-Disposition of a file called `name`: its last part, without what ends a header or a path.

    Headers are Latin-1, so the name stands twice (RFC 6266): plain for old programs, percent-encoded UTF-8.
    """
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    clean = "".join(c for c in last if c.isprintable() and c not in _FORBIDDEN)[-_LONGEST:].lstrip(". ") or "file"
    plain = unicodedata.normalize("NFKD", clean).encode("ascii", "ignore").decode().strip() or "file"
    if plain.startswith("."):
        plain = f"file{plain}"
    encoded = quote(clean, safe="!#$&+-.^_`|~")
    return f"{'inline' if inline else 'attachment'}; filename=\"{plain}\"; filename*=UTF-8''{encoded}"
