"""The media type of a file, told from its bytes. Names lie: a name that says otherwise is a finding."""

from __future__ import annotations

import codecs
import io
import re
import zipfile
from pathlib import PurePosixPath

from gazette.errors import Finding, Level

HTML = "text/html"
TEXT = "text/plain"
MARKDOWN = "text/markdown"
PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ODT = "application/vnd.oasis.opendocument.text"
OFD = "application/ofd"
RTF = "application/rtf"
OLE = "application/x-ole-storage"
ZIP = "application/zip"
GZIP = "application/gzip"
TAR = "application/x-tar"
JPEG = "image/jpeg"
PNG = "image/png"
TIFF = "image/tiff"
JSON = "application/json"
XML = "application/xml"
BINARY = "application/octet-stream"

#: The code of the finding about a name that lies.
WRONG_EXTENSION = "media.wrong_extension"

ARCHIVES = frozenset({ZIP, GZIP, TAR})

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", PDF),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", OLE),
    (b"\x1f\x8b", GZIP),
    (b"\xff\xd8\xff", JPEG),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"II*\x00", TIFF),
    (b"MM\x00*", TIFF),
    (b"{\\rtf", RTF),
)

#: What a suffix promises. A file may keep the promise with any of the types.
_PROMISES: dict[str, frozenset[str]] = {
    ".html": frozenset({HTML}),
    ".htm": frozenset({HTML}),
    ".txt": frozenset({TEXT, MARKDOWN}),
    ".md": frozenset({MARKDOWN, TEXT}),
    ".pdf": frozenset({PDF}),
    ".docx": frozenset({DOCX}),
    ".xlsx": frozenset({XLSX}),
    ".doc": frozenset({OLE}),
    ".wps": frozenset({OLE}),
    ".rtf": frozenset({RTF}),
    ".xls": frozenset({OLE}),
    ".odt": frozenset({ODT}),
    ".ofd": frozenset({OFD}),
    ".zip": frozenset({ZIP}),
    ".tar": frozenset({TAR}),
    ".gz": frozenset({GZIP}),
    ".tgz": frozenset({GZIP}),
    ".jpg": frozenset({JPEG}),
    ".jpeg": frozenset({JPEG}),
    ".png": frozenset({PNG}),
    ".tif": frozenset({TIFF}),
    ".tiff": frozenset({TIFF}),
    ".json": frozenset({JSON}),
    ".xml": frozenset({XML}),
}

_WIDE = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    ("<!".encode("utf-16-le"), "utf-16-le"),
    ("<h".encode("utf-16-le"), "utf-16-le"),
    ("<!".encode("utf-16-be"), "utf-16-be"),
    ("<h".encode("utf-16-be"), "utf-16-be"),
)
_HTML_START = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<!--.*?-->\s*)*<(?:!doctype html|html|head|body|div|table|p|meta)\b", re.I | re.S
)
_HTML_ANYWHERE = re.compile(rb"<(?:html|body)[\s>]", re.I)
_XML_DECLARATION = re.compile(rb"(?:\xef\xbb\xbf)?\s*<\?xml\s[^>]{0,200}\?>\s*")
_COMMENT = b"<!--"
#: The root of an XML file is looked for in so many bytes.
_LONGEST_PROLOGUE = 8192
_XML_NAME = re.compile(rb"<([A-Za-z_][\w.:-]{0,80})")
#: The member of a DOCX that holds its text.
_WORD_TEXT = re.compile(r"word/document\d*\.xml")
_MARKDOWN_LINE = re.compile(rb"^(?:#{1,6} \S|\|.*\|\s*$|\[[^\]\n]+\]\([^)\n]+\)|```)", re.M)


def suffix_of(name: str) -> str:
    return PurePosixPath(name.replace("\\", "/")).suffix.lower()


def detect_media_type(data: bytes, name: str = "") -> str:
    """The media type of `data`. The name only decides between kinds of plain text that bytes cannot tell apart."""
    for magic, media_type in _MAGIC:
        if data.startswith(magic):
            return media_type
    if data.startswith(b"PK\x03\x04"):
        return _inside_zip(data)
    if data[257:262] == b"ustar":
        return TAR
    if b"%PDF-" in data[:1024]:
        return PDF
    head = data[:4096]
    if wide_charset(data):
        head = head.lstrip(b"\xff\xfe").replace(b"\x00", b"")
    if _is_binary(head) and not _HTML_START.match(head):
        return BINARY
    root = xml_root(data)
    if root is not None and root.lower() != "html":
        return XML
    if _HTML_START.match(head) or _HTML_ANYWHERE.search(head):
        return HTML
    if suffix_of(name) == ".json" and head.lstrip()[:1] in (b"{", b"["):
        return JSON
    return MARKDOWN if suffix_of(name) in (".md", ".markdown") or _looks_markdown(head) else TEXT


def xml_root(data: bytes) -> str | None:
    """The name of the root element of declared XML, without its prefix; None for anything else."""
    head = data[:_LONGEST_PROLOGUE]
    declaration = _XML_DECLARATION.match(head)
    if declaration is None:
        return None
    rest = head[declaration.end() :]
    while rest.startswith(_COMMENT):
        rest = rest.partition(b"-->")[2].lstrip()
    if rest.startswith(b"<!DOCTYPE"):
        # A DOCTYPE with an internal subset ends at the bracket, one without at the first >.
        subset = b"[" in rest.partition(b">")[0]
        rest = rest.partition(b"]" if subset else b">")[2].lstrip(b"> \t\r\n")
    name = _XML_NAME.match(rest)
    return name[1].decode("ascii").rpartition(":")[2] if name else None


def check_name(name: str, media_type: str) -> tuple[Finding, ...]:
    """A finding when the suffix of `name` promises another media type than the bytes are."""
    promised = _PROMISES.get(suffix_of(name))
    if promised is None or media_type in promised:
        return ()
    message = f"文件扩展名为 {suffix_of(name)}，内容实为 {media_type}，已按内容读取"
    return (Finding(level=Level.WARNING, code=WRONG_EXTENSION, message=message),)


def _inside_zip(data: bytes) -> str:
    """DOCX, XLSX, ODT and OFD are zip archives; told by the members their formats require."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
            if "mimetype" in names and archive.getinfo("mimetype").file_size < 200:
                return archive.read("mimetype").decode("ascii", "replace").strip()
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, ValueError):
        # A broken archive: what its first members are called still says what it was meant to be.
        if b"OFD.xml" in data[:400]:
            return OFD
        return DOCX if b"word/" in data or b"[Content_Types].xml" in data[:400] else ZIP
    if any(_WORD_TEXT.fullmatch(name) for name in names):
        return DOCX
    if "OFD.xml" in names:
        return OFD
    return XLSX if "xl/workbook.xml" in names else ZIP


def wide_charset(data: bytes) -> str | None:
    """UTF-16 or UTF-32 where a byte order mark says so, or markup begins in letters of two bytes; None otherwise."""
    return next((charset for start, charset in _WIDE if data.startswith(start)), None)


def _is_binary(head: bytes) -> bool:
    return head.count(0) > 0 or sum(byte < 9 for byte in head) > len(head) // 50


def _looks_markdown(head: bytes) -> bool:
    return len(_MARKDOWN_LINE.findall(head)) >= 2
