"""File names in headers: Chinese titles and strangers' names, put so that every browser saves the right one."""

from __future__ import annotations

import unicodedata
from urllib.parse import quote

from werkzeug.datastructures import FileStorage

_LONGEST = 100
#: What file systems take as one name, less what we may add to it.
_MOST_BYTES = 240
_FORBIDDEN = frozenset('"\\/:*?<>|')


def name_of(file: FileStorage) -> str:
    """What an uploaded file is called, fit to be kept under in a folder of ours: a path in it leads nowhere."""
    last = str(file.filename).replace("\\", "/").rsplit("/", 1)[-1]
    clean = "".join(c for c in last if c.isprintable()).encode("utf-8", "ignore")[-_MOST_BYTES:]
    return clean.decode("utf-8", "ignore").strip(". ") or "file"


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
