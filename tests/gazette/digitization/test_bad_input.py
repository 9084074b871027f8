"""Files from strangers: each is read, or refused with one clear error; nothing hangs, leaks or escapes."""

from __future__ import annotations

import gzip
import io
import os
import pickle
import signal
import stat
import struct
import tarfile
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from gazette.digitization.archives import ArchiveRefused, SourceTooLarge, iter_sources
from gazette.digitization.digitize import digitize
from gazette.digitization.kept_pages import KeptPages
from gazette.digitization.sandbox import Pool, ReaderDied, ReadTimeout, Worker
from gazette.draft import SourceFile, walk
from gazette.errors import CopyUnreadable, NotFound
from gazette.settings import RecordSettings
from tests.gazette.digitization.builders import a_docx, a_run, a_zip, codes, needs_ocr, nodes, one_draft, read_here

LAW = "甲法\n第一条　一。\n第二条　二。\n第三条　三。\n"


def test_a_wrong_extension_is_read_by_its_bytes_with_a_finding():
    read = read_here(f"<html><body><p>{LAW.replace(chr(10), '</p><p>')}</p></body></html>", "law.pdf")
    assert read.source.media_type == "text/html"
    assert "media.wrong_extension" in codes(read)
    assert "art_3" in nodes(read.drafts[0].body)


@pytest.mark.parametrize("data", [b"", b" \n\n"])
def test_an_empty_file_is_one_clear_error(data: bytes, record_settings: RecordSettings):
    with pytest.raises(CopyUnreadable, match="文件是空的"):
        digitize(SourceFile(name="a.txt", data=data), settings=record_settings)


def test_a_truncated_docx_is_one_clear_error_naming_the_file(record_settings: RecordSettings):
    whole = a_docx("".join(a_run(line) for line in LAW.splitlines()))
    with pytest.raises(CopyUnreadable, match=r"cut\.docx.*不完整"):
        digitize(SourceFile(name="cut.docx", data=whole[: len(whole) // 2]), settings=record_settings)


def test_an_encrypted_pdf_is_one_clear_error(record_settings: RecordSettings):
    with pytest.raises(CopyUnreadable, match="已加密"):
        digitize(SourceFile(name="a.pdf", data=an_encrypted_pdf()), settings=record_settings)


def test_a_broken_pdf_is_one_clear_error():
    with pytest.raises(CopyUnreadable, match="损坏"):
        read_here(b"%PDF-1.7\n nothing follows", "a.pdf")


def test_an_old_word_file_says_what_to_do():
    with pytest.raises(CopyUnreadable, match="另存为 DOCX"):
        read_here(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "a.doc")


def test_a_line_of_a_hundred_megabytes_is_refused_before_it_is_read(record_settings: RecordSettings):
    source = SourceFile(name="a.txt", data=b"a" * (100 * 1024 * 1024))
    with pytest.raises(SourceTooLarge, match=r"a\.txt"):
        digitize(source, settings=record_settings)


def test_a_long_line_within_the_limit_is_read_in_bounded_time(record_settings: RecordSettings):
    line = "第一条规定的（一）《甲" * 20_000
    read = digitize(
        SourceFile(name="a.txt", data=line.encode()), settings=replace(record_settings, read_timeout_s=60.0)
    )
    assert read.drafts


def test_invalid_utf8_is_read_with_a_finding():
    read = read_here(LAW.encode() * 20 + b"\xff\xfe\xe4" + LAW.encode())
    assert "text.undecodable" in codes(read)
    assert read.source.charset == "utf-8"


def test_gb18030_text_is_read_whatever_its_name_says():
    read = read_here(LAW.encode("gb18030") * 3, "a-utf8.txt")
    assert read.source.charset == "gb18030"
    assert read.drafts[0].title == "甲法"


def test_scripts_hidden_text_and_entities_are_no_text():
    page = (
        '<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/passwd">]><html><body><script>alert("脚本")</script>'
        '<p style="display:none">隐藏</p><p>甲法</p><p>第一条&nbsp;&nbsp;一&amp;二&x;。</p><p>第二条　二。</p>'
        "</body></html>"
    )
    text = "\n".join(node.full_text() for node in one_draft(page, "a.html").body)
    assert "一&二" in text
    assert all(word not in text for word in ("脚本", "隐藏", "root:"))


def test_an_external_entity_in_a_docx_is_not_followed(tmp_path: Path):
    secret = tmp_path / "secret.txt"
    secret.write_text("机密", "utf-8")
    document = (
        f'<!DOCTYPE d [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'
        '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
        "<w:p><w:r><w:t>甲通知&x;</w:t></w:r></w:p></w:body></w:document>"
    )
    read = read_here(a_zip({"[Content_Types].xml": b"<T/>", "word/document.xml": document.encode()}), "a.docx")
    assert all("机密" not in (draft.title or "") for draft in read.drafts)


def test_a_bomb_of_nested_elements_does_not_break_the_reader(record_settings: RecordSettings):
    page = "<div>" * 5000 + "第一条　一。" + "</div>" * 5000
    read = digitize(SourceFile(name="a.html", data=page.encode()), settings=record_settings)
    assert any(node.text for draft in read.drafts for node in walk(draft.body)) or read.findings


def test_a_bomb_in_many_small_pieces_is_refused(tmp_path: Path, record_settings: RecordSettings):
    bomb = tmp_path / "bomb.zip"
    piece = gzip.compress(bytes(700 * 1024))
    with zipfile.ZipFile(bomb, "w") as archive:
        for number in range(3):
            archive.writestr(f"{number}.txt.gz", piece)
    with pytest.raises(ArchiveRefused, match="超过上限"):
        list(iter_sources([bomb], replace(record_settings, max_unpacked_bytes=1024 * 1024)))


def test_a_zip_bomb_is_refused(tmp_path: Path, record_settings: RecordSettings):
    bomb = tmp_path / "bomb.zip"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", bytes(40 * 1024 * 1024))
    with pytest.raises(ArchiveRefused, match="超过上限"):
        list(iter_sources([bomb], replace(record_settings, max_unpacked_bytes=1024 * 1024)))


def test_a_gzip_bomb_is_stopped_while_it_unpacks(tmp_path: Path, record_settings: RecordSettings):
    bomb = tmp_path / "bomb.gz"
    bomb.write_bytes(gzip.compress(bytes(40 * 1024 * 1024)))
    with pytest.raises(ArchiveRefused, match="超过上限"):
        list(iter_sources([bomb], replace(record_settings, max_unpacked_bytes=1024 * 1024)))


@pytest.mark.parametrize("name", ["../evil.txt", "/etc/evil.txt", "a/../../evil.txt", "C:\\evil.txt"])
def test_a_member_that_points_outside_its_archive_is_refused(
    name: str, tmp_path: Path, record_settings: RecordSettings
):
    (tmp_path / "a.zip").write_bytes(a_zip({name: LAW.encode()}))
    with pytest.raises(ArchiveRefused, match="包外"):
        list(iter_sources([tmp_path / "a.zip"], record_settings))


def test_archives_inside_archives_are_opened_two_deep_and_no_deeper(tmp_path: Path, record_settings: RecordSettings):
    one = a_zip({"law.txt": LAW.encode()})
    (tmp_path / "two.zip").write_bytes(a_zip({"one.zip": one}))
    (tmp_path / "four.zip").write_bytes(a_zip({"three.zip": a_zip({"two.zip": a_zip({"one.zip": one})})}))
    assert [source.data for source in iter_sources([tmp_path / "two.zip"], record_settings)] == [LAW.encode()]
    with pytest.raises(ArchiveRefused, match="嵌套"):
        list(iter_sources([tmp_path / "four.zip"], record_settings))


def test_names_in_gbk_on_a_disk_and_in_a_tar_are_read_as_text(tmp_path: Path, record_settings: RecordSettings):
    name = os.fsdecode("公报.txt".encode("gb18030"))
    (tmp_path / "disk").mkdir()
    (tmp_path / "disk" / name).write_bytes(LAW.encode())
    with tarfile.open(tmp_path / "a.tar", "w") as archive:
        archive.add(tmp_path / "disk" / name, arcname=name)
    names = [source.name for source in iter_sources([tmp_path / "disk", tmp_path / "a.tar"], record_settings)]
    assert names == ["disk/公报.txt", "公报.txt"]


def test_a_device_and_a_pipe_are_refused_and_not_waited_for(tmp_path: Path, record_settings: RecordSettings):
    os.mkfifo(tmp_path / "pipe.txt")
    for path in (Path("/dev/zero"), tmp_path / "pipe.txt"):
        with pytest.raises(CopyUnreadable, match="普通文件"):
            list(iter_sources([path], record_settings))


def test_links_in_a_zip_are_left_out(tmp_path: Path, record_settings: RecordSettings):
    link = zipfile.ZipInfo("passwd.txt")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(link, "/etc/passwd")
        archive.writestr("law.txt", LAW)
    assert [source.name for source in iter_sources([tmp_path / "a.zip"], record_settings)] == ["law.txt"]


def test_links_in_a_tar_are_left_out(tmp_path: Path, record_settings: RecordSettings):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        link = tarfile.TarInfo("passwd.txt")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
        info = tarfile.TarInfo("law.txt")
        info.size = len(LAW.encode())
        archive.addfile(info, io.BytesIO(LAW.encode()))
    (tmp_path / "a.tar.gz").write_bytes(out.getvalue())
    assert [source.name for source in iter_sources([tmp_path / "a.tar.gz"], record_settings)] == ["law.txt"]


def test_companions_of_documents_in_a_folder_are_passed_over(tmp_path: Path, record_settings: RecordSettings):
    for name in ("README.md", "information.json", ".hidden.txt"):
        (tmp_path / name).write_text(LAW, "utf-8")
    assert [Path(source.name).name for source in iter_sources([tmp_path], record_settings)] == ["README.md"]


def test_a_path_that_is_not_there_is_named(tmp_path: Path, record_settings: RecordSettings):
    with pytest.raises(NotFound, match="nowhere"):
        list(iter_sources([tmp_path / "nowhere"], record_settings))


def test_a_file_that_takes_too_long_is_given_up_and_the_next_one_is_read(record_settings: RecordSettings):
    pool = Pool()
    source = SourceFile(name="slow.txt", data=LAW.encode())
    with pytest.raises(ReadTimeout, match=r"slow\.txt"):
        pool.read(source, replace(record_settings, read_timeout_s=0.001))
    assert pool.read(source, record_settings).drafts
    pool.close()


def test_a_reader_that_takes_nothing_from_its_pipe_is_given_up(record_settings: RecordSettings, tmp_path: Path):
    worker = Worker(replace(record_settings, read_timeout_s=0.2))
    stuck = worker._running()
    stuck.send_signal(signal.SIGSTOP)
    with pytest.raises(ReadTimeout, match=r"large\.txt"):
        worker.read(SourceFile(name="large.txt", data=LAW.encode() * 20_000), KeptPages(tmp_path))
    assert worker.process is None
    assert stuck.returncode is not None


def test_a_reader_that_dies_is_replaced(record_settings: RecordSettings, tmp_path: Path):
    worker = Worker(record_settings)
    source = SourceFile(name="a.txt", data=LAW.encode())
    first = worker.read(source, KeptPages(tmp_path))
    assert worker.process is not None
    worker.process.kill()
    worker.process.wait()
    assert worker.read(source, KeptPages(tmp_path)) == first
    worker.close()


def an_encrypted_pdf() -> bytes:
    """A PDF whose trailer asks for a password that nobody has (RC4, 40 bits; keys of zeros)."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] >>",
        b"<< /Filter /Standard /V 1 /R 2 /O <" + b"00" * 32 + b"> /U <" + b"11" * 32 + b"> /P -4 >>",
    ]
    out, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    trailer = b"trailer << /Size 5 /Root 1 0 R /Encrypt 4 0 R /ID [<00> <00>] >>\nstartxref\n%d\n%%%%EOF" % len(out)
    return out + b"xref\n0 5\n0000000000 65535 f \n" + table + trailer


def test_a_reader_that_answers_with_code_is_ended_and_its_file_refused(
    record_settings: RecordSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    worker = Worker(record_settings)
    monkeypatch.setattr(worker, "_receive", lambda *_: pickle.dumps(("digitized", Path)))
    with pytest.raises(ReaderDied, match=r"a\.txt"):
        worker.read(SourceFile(name="a.txt", data=LAW.encode()), KeptPages(tmp_path))
    assert worker.process is None


def a_tiff_of_frames(count: int) -> bytes:
    """A TIFF whose directories, one white point each, follow one another."""
    entries = [(256, 1), (257, 1), (258, 1), (259, 1), (262, 1), (273, 8), (277, 1), (278, 1), (279, 1)]
    size = 2 + 12 * len(entries) + 4
    directories = []
    for number in range(count):
        after = 0 if number == count - 1 else 10 + size * (number + 1)
        fields = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in entries)
        directories.append(struct.pack("<H", len(entries)) + fields + struct.pack("<I", after))
    return b"II*\x00" + struct.pack("<I", 10) + b"\xff\x00" + b"".join(directories)


def a_picture(size: tuple[int, int], form: str) -> bytes:
    from PIL import Image

    kept = io.BytesIO()
    Image.new("1", size, 1).save(kept, form, **({"compression": "group4"} if form == "TIFF" else {}))
    return kept.getvalue()


BAD_PICTURES = {
    "too wide": (lambda: a_picture((30_000, 1_000), "PNG"), "图像尺寸过大"),
    "a PNG that unpacks to gigabytes": (lambda: a_picture((19_000, 19_000), "PNG"), "图像尺寸过大"),
    "a TIFF that unpacks to gigabytes": (lambda: a_picture((19_000, 19_000), "TIFF"), "图像尺寸过大"),
    "broken off": (lambda: a_picture((800, 800), "PNG")[:60], "文件不完整或已损坏"),
    "ten thousand frames": (lambda: a_tiff_of_frames(10_000), "页数超过 3000"),
}


@needs_ocr
@pytest.mark.parametrize("kind", BAD_PICTURES)
def test_a_bad_picture_is_one_clear_error(kind: str, record_settings: RecordSettings):
    make, why = BAD_PICTURES[kind]
    with pytest.raises(CopyUnreadable, match=why):
        digitize(SourceFile(name="picture.png", data=make()), settings=record_settings)
