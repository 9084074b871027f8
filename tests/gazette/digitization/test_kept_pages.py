"""A long scan: its time grows with its pages, and a reading that was killed goes on where it stopped."""

from __future__ import annotations

import ctypes
import io
import json
from dataclasses import replace

import pytest

from gazette.digitization import sandbox
from gazette.digitization.digitize import digitize
from gazette.digitization.kept_pages import KeptPages, list_under_way
from gazette.digitization.readers.page_desk import Leaf, Stage
from gazette.digitization.readers.pdf import PrintedTable
from gazette.digitization.readers.ruled import Grid
from gazette.digitization.sandbox import Pool, ReaderDied, ReadPaused, ReadTimeout, Worker
from gazette.draft import SourceFile
from gazette.settings import RecordSettings
from gazette.store import now
from tests import paper
from tests.gazette.digitization.builders import needs_ocr
from tests.gazette.digitization.test_scans import a_page


@pytest.fixture
def two_pages() -> SourceFile:
    page = a_page(dpi=90)
    return SourceFile(name="scan.pdf", data=paper.as_pdf([page, page.rotate(180)], dpi=90))


@needs_ocr
def test_pages_are_told_one_by_one_and_nothing_is_left_behind(two_pages: SourceFile, record_settings: RecordSettings):
    told: list[tuple[int, int]] = []
    digitize(two_pages, settings=record_settings, progress=lambda *page: told.append(page))
    assert told == [(1, 2), (2, 2)]
    assert not list((record_settings.home / "readings").iterdir())


@needs_ocr
def test_a_page_kept_by_a_killed_reading_is_not_read_again(two_pages: SourceFile, record_settings: RecordSettings):
    line = ["第一页早已识别完毕。", 1, 0.0, 400.0, 80.0, 16.0, 0.99, [0.1, 0.1, 0.8, 0.15], 0]
    KeptPages.of(record_settings, two_pages).keep(Leaf(Stage.SCAN, {1: [line]}, 1, 2))
    told: list[int] = []
    (draft,) = digitize(two_pages, settings=record_settings, progress=lambda page, _total: told.append(page)).drafts
    assert told == [2]
    assert "第一页早已识别完毕。" in (draft.title or "") + "".join(node.full_text() for node in draft.body)


def test_a_half_written_page_is_read_again(record_settings: RecordSettings):
    kept = KeptPages.of(record_settings, SourceFile(name="a.pdf", data=b"%PDF-"))
    kept.keep(Leaf(Stage.SCAN, {1: []}, 1, 2))
    (kept.folder / "scan-2.json").write_text('{"form": 3, "stage": "sc', "utf-8")
    assert kept.load() == {(Stage.SCAN, 1): []}
    kept.forget()
    assert kept.load() == {}


def a_long_pdf(pages: int) -> SourceFile:
    """A PDF with a text layer; its pages are empty but for a line, another on each."""
    import pypdfium2 as pdfium

    kept = io.BytesIO()
    with pdfium.PdfDocument.new() as document:
        font = pdfium.raw.FPDFText_LoadStandardFont(document, b"Helvetica")
        for number in range(1, pages + 1):
            page = document.new_page(595, 842)
            text = pdfium.raw.FPDFPageObj_CreateTextObj(document, font, 12)
            line = f"Sheet {chr(97 + number % 26)}-{'x' * number} of this text.".encode("utf-16-le") + b"\0\0"
            pdfium.raw.FPDFText_SetText(text, ctypes.cast(line, pdfium.raw.FPDF_WIDESTRING))
            pdfium.raw.FPDFPageObj_Transform(text, 1, 0, 0, 1, 72, 700)
            pdfium.raw.FPDFPage_InsertObject(page, text)
            pdfium.raw.FPDFPage_GenerateContent(page)
            page.close()
        document.save(kept)
    return SourceFile(name="long.pdf", data=kept.getvalue())


def test_a_killed_reading_of_a_long_text_goes_on_where_it_stopped(record_settings: RecordSettings):
    source, pool = a_long_pdf(80), Pool()
    (whole,) = pool.read(source, record_settings).drafts
    told: list[tuple[int, int]] = []

    def kill(done: int, total: int) -> None:
        told.append((done, total))
        if done == 50:
            (worker,) = running
            worker.process.kill()

    running = [Worker(record_settings)]
    with pytest.raises(ReaderDied):
        running[0].read(source, KeptPages.of(record_settings, source), kill)
    (under_way,) = list_under_way(record_settings, now())
    assert (under_way.name, under_way.done, under_way.total, under_way.is_silent) == ("long.pdf", 50, 80, False)
    (again,) = pool.read(source, record_settings, lambda *page: told.append(page)).drafts
    assert again == whole
    assert told == [(25, 80), (50, 80), (75, 80)]
    assert list_under_way(record_settings, now()) == ()
    pool.close()


def test_a_reading_beyond_the_longest_time_pauses_and_the_next_run_ends_it(record_settings: RecordSettings):
    source, pool = a_long_pdf(80), Pool()
    hurried = replace(record_settings, read_longest_s=0.0)
    for done in (25, 50, 75):
        with pytest.raises(ReadPaused, match=f"已读 {done} 页（共 80 页）"):
            pool.read(source, hurried)
    assert pool.read(source, hurried).drafts
    pool.close()


def test_a_reader_is_ended_by_its_processor_time_and_not_by_the_clock(
    record_settings: RecordSettings, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(sandbox, "PATIENCE", 1000.0)
    worker = Worker(replace(record_settings, read_timeout_s=0.3))
    law = "".join(f"第{number}条　依照《甲法》第{number}条处理。\n" for number in range(1, 20_000))
    with pytest.raises(ReadTimeout, match=r"超过 0\.3 秒"):
        worker.read(SourceFile(name="law.txt", data=law.encode()), KeptPages(record_settings.home / "none"))


def test_a_table_kept_by_a_killed_reading_is_the_same_table():
    grid = Grid(rows=(("甲", "乙"), ("1", "2")), columns=(10.0, 50.5, 90.0), top=1.0, bottom=9.0)
    table = PrintedTable(grid, page=3)
    assert PrintedTable.from_plain(json.loads(json.dumps(table.to_plain()))) == table
