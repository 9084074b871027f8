"""Documents that are ZIP archives of XML (DOCX, OFD): members read within limits, entities never resolved."""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from gazette.errors import CopyUnreadable, Finding, Level

#: Largest member that is unpacked (bytes): a text of a thousand pages is a tenth of this.
_LARGEST_MEMBER = 128 * 1024 * 1024
#: Most that all members read together unpack to (bytes).
_MOST_UNPACKED = 512 * 1024 * 1024
_ENCRYPTED = 0x1
#: Said of an office file with macros, which are never looked at.
MACROS_IGNORED = Finding(level=Level.WARNING, code="office.macros", message="文件含有宏，已忽略，未运行")


class Package:
    """One open archive. `kind` is what an error calls it: DOCX, OFD."""

    def __init__(self, archive: zipfile.ZipFile, kind: str) -> None:
        self.archive = archive
        self.kind = kind
        self.names = frozenset(archive.namelist())
        self.left = _MOST_UNPACKED

    def member(self, name: str) -> bytes:
        """The bytes of a member. Raises CopyUnreadable for one that is too large or encrypted, KeyError for none."""
        info = self.archive.getinfo(name)
        self.left -= info.file_size
        if info.file_size > _LARGEST_MEMBER or self.left < 0:
            raise CopyUnreadable(name=self.kind, why=f"内含文件 {name} 过大")
        if info.flag_bits & _ENCRYPTED:
            raise CopyUnreadable(name=self.kind, why="文件已加密")
        with self.archive.open(info) as stream:
            return stream.read(_LARGEST_MEMBER)

    def xml(self, name: str) -> Any:
        """The root element of a member."""
        from lxml import etree

        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
        try:
            return etree.fromstring(self.member(name), parser=parser)
        except etree.XMLSyntaxError as error:
            raise CopyUnreadable(name=self.kind, why=f"内部文件 {name} 不是有效的 XML") from error

    def optional_xml(self, name: str) -> Any:
        """The same, None where the package has no such member."""
        return self.xml(name) if name in self.names else None


@contextmanager
def open_package(data: bytes, kind: str) -> Iterator[Package]:
    """The package in `data`; whatever goes wrong in a broken archive is one CopyUnreadable."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            yield Package(archive, kind)
    except (zipfile.BadZipFile, zlib.error, EOFError, LookupError, RuntimeError, OSError, ValueError) as error:
        raise CopyUnreadable(name=kind, why="文件不完整或已损坏") from error


def resolve(place: str, base: str) -> str:
    """The member that `place` names inside the member `base`: from the root after a slash, else beside `base`."""
    return posixpath.normpath(posixpath.join("/", posixpath.dirname(base), place.replace("\\", "/"))).lstrip("/")
