"""DOC, WPS, RTF and ODT through LibreOffice, where it is installed."""

from __future__ import annotations

import hashlib
import socket
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest

from gazette.digitization import conversion, media
from gazette.digitization.conversion import as_converted, converted, find_office
from gazette.digitization.digitize import digitize, digitize_here
from gazette.digitization.sandbox import ReadTimeout
from gazette.draft import Digitized, SourceFile
from gazette.errors import CopyUnreadable
from gazette.settings import RecordSettings
from tests.gazette.digitization.builders import NOTICE, a_docx, a_run, a_zip, codes, nodes

needs_office = pytest.mark.skipif(
    find_office() is None, reason="LibreOffice is not installed (libreoffice-writer-nogui)"
)
OLE_HEAD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def an_rtf(text: str) -> bytes:
    escaped = "".join(each if each.isascii() else f"\\u{(ord(each) + 32768) % 65536 - 32768}?" for each in text)
    paragraphs = escaped.replace("\n", "\\par\n")
    return f"{{\\rtf1\\ansi\\uc1 {paragraphs}}}".encode()


def an_odt(text: str, more: str = "") -> bytes:
    """An ODT of these paragraphs; `more` is XML that follows them."""
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "text", "manifest")
    )
    paragraphs = "".join(f"<text:p>{line}</text:p>" for line in text.splitlines())
    body = f"<office:body><office:text>{paragraphs}{more}</office:text></office:body>"
    entries = "".join(
        f'<manifest:file-entry manifest:full-path="{path}" manifest:media-type="{kind}"/>'
        for path, kind in (("/", media.ODT), ("content.xml", "text/xml"))
    )
    content = f'<office:document-content {spaces} office:version="1.2">{body}</office:document-content>'
    return a_zip(
        {
            "mimetype": media.ODT.encode(),
            "content.xml": content.encode(),
            "META-INF/manifest.xml": f"<manifest:manifest {spaces}>{entries}</manifest:manifest>".encode(),
        }
    )


def read(data: bytes, name: str, settings: RecordSettings) -> Digitized:
    return digitize(SourceFile(name=name, data=data), settings=settings)


@needs_office
@pytest.mark.parametrize(
    ("data", "name", "media_type"), [(an_rtf(NOTICE), "a.rtf", media.RTF), (an_odt(NOTICE), "a.odt", media.ODT)]
)
def test_a_notice_is_read_as_from_docx_and_stays_the_file_it_was(
    data: bytes, name: str, media_type: str, record_settings: RecordSettings
):
    found = read(data, name, record_settings)
    letter, measures = found.drafts
    assert str(letter.doc_number) == "江政办发〔2021〕7号"
    assert measures.title == "江城市公园管理办法"
    assert nodes(measures.body)["art_4"].num == "第四条"
    assert found.source.sha256 == hashlib.sha256(data).hexdigest()
    assert (found.source.name, found.source.media_type) == (name, media_type)
    assert {draft.source for draft in found.drafts} == {found.source}
    assert codes(found) == {"office.converted"}


@needs_office
def test_old_word_files_are_read(corpus: Path, record_settings: RecordSettings):
    path = next((corpus / "pdf_cn" / "doc_forms").glob("附件2*.doc"))
    (draft,) = read(path.read_bytes(), path.name, record_settings).drafts
    assert draft.title
    assert any(node.rows for node in nodes(draft.body).values())


@needs_office
def test_a_name_that_lies_is_said_once(record_settings: RecordSettings):
    found = read(an_rtf(NOTICE), "a.odt", record_settings)
    assert [each.code for each in found.findings] == ["media.wrong_extension", "office.converted"]


@needs_office
def test_a_broken_file_is_one_clear_error(record_settings: RecordSettings):
    broken = a_zip({"mimetype": media.ODT.encode(), "content.xml": b"<office"})
    with pytest.raises(CopyUnreadable, match=r"a\.odt.*损坏"):
        read(broken, "a.odt", record_settings)


@needs_office
def test_a_file_that_takes_too_long_is_given_up_and_leaves_nothing(
    record_settings: RecordSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with pytest.raises(ReadTimeout, match=r"a\.rtf"):
        read(an_rtf(NOTICE), "a.rtf", replace(record_settings, read_timeout_s=0.02))
    assert list(tmp_path.iterdir()) == []


@needs_office
def test_nothing_is_fetched_while_a_file_is_converted(record_settings: RecordSettings):
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        link = (
            '<text:p><draw:frame xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0">'
            '<draw:image xmlns:xlink="http://www.w3.org/1999/xlink" xlink:type="simple" xlink:actuate="onLoad"'
            f' xlink:href="http://127.0.0.1:{server.getsockname()[1]}/a.png"/></draw:frame></text:p>'
        )
        assert read(an_odt(NOTICE, link), "a.odt", record_settings).drafts
        with pytest.raises(BlockingIOError):
            server.accept()


@needs_office
def test_no_file_of_this_machine_is_brought_in(tmp_path: Path, record_settings: RecordSettings):
    (tmp_path / "secret.txt").write_text("机密", "utf-8")
    link = 'xmlns:xlink="http://www.w3.org/1999/xlink" xlink:type="simple" text:filter-name="Text"'
    place = (tmp_path / "secret.txt").as_uri()
    section = f'<text:section text:name="S"><text:section-source {link} xlink:href="{place}"/></text:section>'
    found = read(an_odt(NOTICE, section), "a.odt", record_settings)
    assert all("机密" not in str(draft) for draft in found.drafts)


def test_a_spreadsheet_is_no_text_to_convert(record_settings: RecordSettings):
    book = OLE_HEAD + bytes(600) + "Workbook".encode("utf-16-le")
    assert converted(SourceFile(name="a.xls", data=book), record_settings) is None


@pytest.mark.parametrize("data", [an_rtf(NOTICE), an_odt(NOTICE), OLE_HEAD + bytes(600)], ids=["rtf", "odt", "doc"])
def test_without_libreoffice_the_error_says_what_to_do(
    data: bytes, record_settings: RecordSettings, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(conversion, "find_office", lambda: None)
    with pytest.raises(CopyUnreadable, match=r"LibreOffice.*另存为 DOCX"):
        read(data, "a.bin", record_settings)


def test_macros_of_an_old_word_file_are_said():
    source = SourceFile(name="a.doc", data=b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "_VBA_PROJECT".encode("utf-16-le"))
    docx = digitize_here(SourceFile(name="a.doc", data=a_docx(a_run("甲通知"))))
    assert "office.macros" in codes(as_converted(docx, source))
