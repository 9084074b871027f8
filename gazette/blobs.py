"""Raw bytes, kept by their SHA-256 in any folder fsspec reaches. Written once, never changed."""

from __future__ import annotations

import hashlib
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import fsspec

from gazette.errors import NotFound


def sha256_of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


class Blobs:
    """A content-addressed store: `ab/cdef…` under one root."""

    def __init__(self, url: str) -> None:
        self.fs, self.root = fsspec.core.url_to_fs(url)

    def _path(self, digest: str) -> str:
        return f"{self.root}/{digest[:2]}/{digest[2:]}"

    def put(self, data: bytes) -> str:
        """Keep `data`; returns its hex SHA-256. A second put of the same bytes changes nothing."""
        digest = sha256_of(data)
        path = self._path(digest)
        if not self.fs.exists(path):
            # Written beside and moved into place, so that a killed process leaves no half blob under its name.
            self.fs.makedirs(path.rsplit("/", 1)[0], exist_ok=True)
            part = f"{path}.{secrets.token_hex(4)}.part"
            self.fs.pipe_file(part, data)
            self.fs.mv(part, path)
        return digest

    def get(self, digest: str) -> bytes:
        """The bytes of `digest`; raises NotFound."""
        try:
            data: bytes = self.fs.cat_file(self._path(digest))
        except FileNotFoundError as error:
            raise NotFound(what=f"sha256:{digest}") from error
        return data

    @contextmanager
    def as_file(self, digest: str) -> Iterator[Path]:
        """The bytes as a file to be read by path: the blob itself in a local folder, else a copy for the while.

        Raises NotFound.
        """
        if not self.has(digest):
            raise NotFound(what=f"sha256:{digest}")
        if "file" in self.fs.protocol:
            yield Path(self._path(digest))
            return
        with tempfile.TemporaryDirectory(prefix="gongbao-blob-") as folder:
            copy = Path(folder) / digest
            self.fs.get_file(self._path(digest), str(copy))
            yield copy

    def has(self, digest: str) -> bool:
        return bool(self.fs.exists(self._path(digest)))

    def delete(self, digest: str) -> None:
        """Only `purge` calls this: leaked personal data must go."""
        if self.has(digest):
            self.fs.rm_file(self._path(digest))

    def digests(self) -> Iterator[str]:
        """Every digest held, in order."""
        for path in sorted(self.fs.find(self.root)):
            if not path.endswith(".part"):
                yield "".join(path.rsplit("/", 2)[-2:])
