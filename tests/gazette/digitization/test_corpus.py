"""Real files: the figures promised, and the seeds."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from gazette.digitization.digitize import digitize_here, iter_sources
from gazette.draft import Draft, SourceFile
from gazette.errors import CopyUnreadable
from gazette.settings import RecordSettings
from tests import paper
from tests.gazette.digitization.builders import codes, nodes
from tests.score.digitize import MEASURES
from tests.score.row import Measure

QUICK = [measure for measure in MEASURES if measure.needs != ("law_markdown.tar.gz",)]


@pytest.mark.parametrize("measure", QUICK, ids=lambda measure: measure.needs[0])
def test_every_figure_reaches_its_target(measure: Measure, corpus: Path):
    for row in measure.rows(corpus):
        assert row.reached, row


@pytest.fixture(scope="module")
def seeds(corpus: Path) -> dict[str, Draft]:
    return {source.name[6:9]: digitize_here(source).drafts[0] for source in _sources(corpus / "seeds")}


def test_three_seeds_share_a_number_and_a_day_and_the_others_have_their_own(seeds: dict[str, Draft]):
    numbers = {name: str(draft.doc_number) if draft.doc_number else None for name, draft in seeds.items()}
    assert numbers == {
        "000": "国办发〔2018〕23号",
        "001": "国办发〔2020〕17号",
        "002": "国办发〔2018〕23号",
        "003": None,
        "004": "国办发〔2018〕23号",
    }
    assert {seeds[name].signed_date for name in ("000", "002", "004")} == {dt.date(2018, 4, 8)}
    assert [name for name, draft in seeds.items() if draft.is_translation] == ["000", "001", "002", "003"]


def test_the_authentic_seed_has_its_sixteen_headings_above_their_paragraphs(seeds: dict[str, Draft]):
    body = nodes(seeds["004"].body)
    items = [node for eid, node in body.items() if eid.rsplit("__", 1)[-1].startswith("item_")]
    assert len(items) == 16
    assert all(node.heading and node.children for node in items)


def test_text_and_scanned_pdfs_are_read_or_say_what_they_need(corpus: Path):
    truth = json.loads((corpus / "pdf_cn" / "truth_scans.json").read_text("utf-8"))
    scans = {row["file"] for row in truth}
    for source in _sources(corpus / "pdf_cn"):
        if source.name.endswith(".pdf"):
            # Recognizing takes seconds a page; `make score` counts what is found on these.
            is_scan = Path(source.name).name in scans
            read = digitize_here(replace(source, data=paper.first_pages(source.data, 1)) if is_scan else source)
            assert read.drafts or codes(read) & {"scan.needs_ocr"}


def test_old_word_files_and_data_beside_laws_are_refused_clearly(corpus: Path):
    for path in (*(corpus / "pdf_cn" / "doc_forms").iterdir(), *(corpus / "laws_multiformat").glob("*/*.json")):
        with pytest.raises(CopyUnreadable):
            digitize_here(SourceFile(name=path.name, data=path.read_bytes()))


def _sources(folder: Path) -> Iterator[SourceFile]:
    return iter_sources([folder], RecordSettings())
