"""A long scan: its time grows with its pages, and a reading that was killed goes on where it stopped."""

from __future__ import annotations

import pytest

from gazette.blobs import sha256_of
from gazette.digitize import digitize
from gazette.draft import SourceFile
from gazette.kept_pages import KeptPages
from gazette.settings import RecordSettings
from tests import paper
from tests.gazette.digitize.builders import needs_ocr
from tests.gazette.digitize.test_scans import a_page


@pytest.fixture
def two_pages() -> SourceFile:
    page = a_page(dpi=90)
    return SourceFile(name="scan.pdf", data=paper.as_pdf([page, page.rotate(180)], dpi=90))


@needs_ocr
def test_pages_are_told_one_by_one_and_nothing_is_left_behind(two_pages: SourceFile, record_settings: RecordSettings):
    told: list[tuple[int, int]] = []
    digitize(two_pages, settings=record_settings, progress=lambda *page: told.append(page))
    assert told == [(1, 2), (2, 2)]
    assert not list((record_settings.home / "scans").iterdir())


@needs_ocr
def test_a_page_kept_by_a_killed_reading_is_not_read_again(two_pages: SourceFile, record_settings: RecordSettings):
    kept = KeptPages.of(record_settings, sha256_of(two_pages.data))
    kept.keep(1, [["第一页早已识别完毕。", 1, 0.0, 400.0, 80.0, 16.0, 0.99, [0.1, 0.1, 0.8, 0.15], 0]])
    told: list[int] = []
    (draft,) = digitize(two_pages, settings=record_settings, progress=lambda page, _total: told.append(page)).drafts
    assert told == [2]
    assert "第一页早已识别完毕。" in (draft.title or "") + "".join(node.full_text() for node in draft.body)


def test_a_half_written_page_is_read_again(record_settings: RecordSettings):
    kept = KeptPages.of(record_settings, "0" * 64)
    kept.keep(1, [])
    (kept.folder / "2.json").write_text('{"form": 2, "lin', "utf-8")
    assert kept.load() == {1: []}
    kept.forget()
    assert kept.load() == {}
