"""Renditions for download, made outside the web worker where they are heavy, and kept while they are true.

Setting a PDF takes seconds and hundreds of megabytes; a short-lived process does it, so that a worker stays small. A
rendition prints the state on a day: the ones made for one day and one state of the record are kept side by side, and
older ones of the same version are dropped when a newer one is made.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import secrets
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

from flask import g

from gazette.errors import GongbaoError
from gazette.outbox import last_change
from gazette.record.reading import DocumentRecord, VersionRecord
from gazette.renditions import FORMS, render
from gazette.renditions.kept import kept_folder
from portal.rooms import rooms

#: Longest time one rendition may take.
RENDER_TIMEOUT_S = 120.0

_HEAVY = frozenset({"pdf", "docx"})
#: One heavy rendition at a time in each worker: the others wait a little, then are told to come back.
_ONE_AT_A_TIME = threading.Lock()
_PATIENCE_S = 20.0


class RenditionFailed(GongbaoError):
    code, status = "rendition.failed", 503
    zh, en = "暂时无法生成 {form} 文件，请换一种格式下载", "Cannot make the {form} file at present; try another form"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendition:
    data: bytes
    media_type: str


def render_cached(
    document: DocumentRecord, version: VersionRecord, suffix: str, *, language: str, site: str
) -> Rendition:
    """`version` as a file that ends in `suffix`. Raises FormUnknown, RenditionFailed."""
    form = "akn" if suffix == "xml" else suffix
    if form not in _HEAVY:
        data = render(document, version, form, language=language, site=site)
        return Rendition(data=data, media_type=FORMS[form].media_type)
    key = (last_change(g.session), version.standing.as_of, site)
    mark = hashlib.sha256(repr(key).encode()).hexdigest()[:16]
    file = kept_folder(rooms().record, document.id) / f"{version.id}.{language}.{mark}.{form}"
    if not file.is_file():
        _keep(file, _render_apart(document, version, form, language, site))
    return Rendition(data=file.read_bytes(), media_type=FORMS[form].media_type)


def _render_apart(document: DocumentRecord, version: VersionRecord, form: str, language: str, site: str) -> bytes:
    job = pickle.dumps((document, version, form, language, site))
    if not _ONE_AT_A_TIME.acquire(timeout=_PATIENCE_S):
        raise RenditionFailed(form=form.upper())
    try:
        done = subprocess.run(
            [sys.executable, "-m", "portal.rendering"],
            input=job,
            capture_output=True,
            timeout=RENDER_TIMEOUT_S,
            check=True,
        )
    except subprocess.SubprocessError as error:
        raise RenditionFailed(form=form.upper()) from error
    finally:
        _ONE_AT_A_TIME.release()
    return done.stdout


def _keep(file: Path, data: bytes) -> None:
    version, language, _mark, form = file.name.split(".")
    file.parent.mkdir(parents=True, exist_ok=True)
    stale = [each for each in file.parent.glob(f"{version}.{language}.*.{form}") if each != file]
    part = file.with_name(f"{secrets.token_hex(6)}.part")
    part.write_bytes(data)
    os.replace(part, file)
    for each in stale:
        each.unlink(missing_ok=True)


def _work() -> None:
    """The short-lived process: one job from standard input, its bytes to standard output."""
    document, version, form, language, site = pickle.load(sys.stdin.buffer)  # noqa: S301
    sys.stdout.buffer.write(render(document, version, form, language=language, site=site))


if __name__ == "__main__":
    _work()
