"""Files made to do harm: bombs, entities, lures. Each is one finding or one error, in bounded time and memory."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import replace

import pytest

from gazette.digitization.digitize import digitize
from gazette.digitization.sandbox import POOL
from gazette.draft import Digitized, SourceFile
from gazette.errors import CopyUnreadable, GongbaoError, Level
from gazette.settings import RecordSettings
from tests.gazette.digitization.builders import a_docx, a_run, a_zip, codes

LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "哈哈哈哈哈哈哈哈哈哈">'
    + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefghi", "bcdefghij", strict=True))
    + "]>"
)
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
OFD = 'xmlns:ofd="http://www.ofdspec.org/2016"'


@pytest.fixture(scope="module", autouse=True)
def workers_of_this_module() -> Iterator[None]:
    """Readers that ran under other limits end with the module."""
    yield
    POOL.close()


def test_laughs_in_a_docx_stay_unlaughed(record_settings: RecordSettings):
    document = f"{LAUGHS}<w:document {W}><w:body>{a_run('甲通知&j;')}</w:body></w:document>"
    data = a_zip({"[Content_Types].xml": b"<T/>", "word/document.xml": document.encode()})
    _bounded(data, "a.docx", record_settings)


def test_laughs_in_an_ofd_stay_unlaughed(record_settings: RecordSettings):
    root = f"{LAUGHS}<ofd:OFD {OFD}><ofd:DocBody><ofd:DocRoot>&j;</ofd:DocRoot></ofd:DocBody></ofd:OFD>"
    _bounded(a_zip({"OFD.xml": root.encode()}), "a.ofd", record_settings)


def test_laughs_in_a_gazette_stay_unlaughed(record_settings: RecordSettings):
    record = "<Record><Title>甲令&j;</Title><HTMLContent>&lt;p&gt;一&lt;/p&gt;</HTMLContent></Record>"
    _bounded(f"{LAUGHS}<Gazette>{record}</Gazette>".encode(), "a.xml", record_settings)


def test_a_page_that_unpacks_to_hundreds_of_megabytes_is_bounded(record_settings: RecordSettings):
    squeezed = zlib.compressobj(1)
    stream = b"".join(squeezed.compress(b"BT (a) Tj ET " * 80_000) for _ in range(300)) + squeezed.flush()
    _bounded(a_pdf(stream), "bomb.pdf", replace(record_settings, read_timeout_s=5.0))


def test_ten_thousand_pages_are_refused_before_the_first(record_settings: RecordSettings):
    with pytest.raises(CopyUnreadable, match="页数超过"):
        digitize(SourceFile(name="long.pdf", data=a_pdf(zlib.compress(b""), pages=10_000)), settings=record_settings)


def test_a_member_that_unpacks_to_more_than_any_text_is_refused(record_settings: RecordSettings):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<T/>")
        with archive.open("word/document.xml", "w", force_zip64=True) as member:
            for _ in range(200):
                member.write(b" " * 1024 * 1024)
    with pytest.raises(CopyUnreadable, match="过大"):
        digitize(SourceFile(name="bomb.docx", data=out.getvalue()), settings=record_settings)


def test_an_encrypted_word_file_says_that_it_is_encrypted(record_settings: RecordSettings):
    data = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "EncryptedPackage".encode("utf-16-le") + bytes(600)
    with pytest.raises(CopyUnreadable, match="已加密"):
        digitize(SourceFile(name="a.docx", data=data), settings=record_settings)


@pytest.mark.parametrize("name", ["a.ofd", "a.docx"])
def test_an_encrypted_package_says_that_it_is_encrypted(name: str, record_settings: RecordSettings):
    members = {"OFD.xml": b"<a/>", "Encryptions.xml": b"<a/>"} if name == "a.ofd" else {"word/document.xml": b"<a/>"}
    data = bytearray(a_zip(members))
    if name == "a.docx":
        for sign, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
            data[data.index(sign) + at] |= 1
    with pytest.raises(CopyUnreadable, match="已加密"):
        digitize(SourceFile(name=name, data=bytes(data)), settings=record_settings)


def test_an_office_file_that_points_outside_its_package_reads_nothing_there(record_settings: RecordSettings):
    relations = (
        b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        b'<Relationship Id="r1" Target="../../../../etc/passwd"/></Relationships>'
    )
    chunk = '<w:altChunk xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" r:id="r1"/>'
    data = a_docx(a_run("甲通知") + chunk, word___rels__document_dot_xml_dot_rels=relations)
    (draft,) = digitize(SourceFile(name="a.docx", data=data), settings=record_settings).drafts
    assert draft.title == "甲通知"
    assert "root" not in str(draft.body)


@pytest.mark.parametrize(
    "data", [b"%PDF-1.7\n%\xe2\xe3\n", b"PK\x03\x04", b"<html></html>", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0"]
)
def test_a_file_that_ends_after_its_first_bytes_is_one_error(data: bytes, record_settings: RecordSettings):
    read = _bounded(data, "a.bin", record_settings)
    if isinstance(read, Digitized):
        assert sum(finding.level is Level.ERROR for finding in read.findings) == 1


def test_macros_are_not_run_and_said_once(record_settings: RecordSettings):
    data = a_docx(a_run("甲通知"), word__vbaProject_dot_bin=b"\xd0\xcf\x11\xe0" + bytes(100))
    assert "office.macros" in codes(digitize(SourceFile(name="a.docm", data=data), settings=record_settings))


def _bounded(data: bytes, name: str, settings: RecordSettings) -> Digitized | GongbaoError:
    """What became of it; anything but an answer or one clear error fails."""
    try:
        read = digitize(SourceFile(name=name, data=data), settings=settings)
    except GongbaoError as error:
        assert name in str(error)  # noqa: PT017 - which of the two comes is not what is tested
        return error
    assert len(str(read)) < 100_000
    return read


def a_pdf(stream: bytes, pages: int = 1) -> bytes:
    """A PDF whose pages share one packed stream."""
    kids = b" ".join(b"%d 0 R" % (number + 4) for number in range(pages))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%b] /Count %d >>" % (kids, pages),
        b"<< /Length %d /Filter /FlateDecode >>\nstream\n%b\nendstream" % (len(stream), stream),
        *(b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Contents 3 0 R >>" for _ in range(pages)),
    ]
    out, offsets = io.BytesIO(), []
    out.write(b"%PDF-1.4\n")
    for number, body in enumerate(objects, 1):
        offsets.append(out.tell())
        out.write(b"%d 0 obj\n%b\nendobj\n" % (number, body))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out.write(b"".join(b"%010d 00000 n \n" % offset for offset in offsets))
    out.write(b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, start))
    return out.getvalue()


@pytest.mark.parametrize("name", ["a.zip", "a.docx"])
def test_an_archive_whose_names_are_no_text_is_one_clear_error(record_settings: RecordSettings, name: str) -> None:
    broken = a_zip({"文.txt": "第一条　试行。".encode()}).replace("文".encode(), b"\xf2\x96\x87")
    with pytest.raises(GongbaoError, match=name):
        digitize(SourceFile(name=name, data=broken), settings=record_settings)
