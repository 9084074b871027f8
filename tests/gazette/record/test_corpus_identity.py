"""Identity on real files: the founding seeds, and laws held by two collections."""

from __future__ import annotations

import re
import tarfile
from collections import Counter
from pathlib import Path

import pytest

from gazette.citations.titles import normal_title
from gazette.digitization.digitize import iter_sources
from gazette.draft import SourceFile
from gazette.record.ingest import ingest
from gazette.record.reading import get_document, iter_documents
from gazette.store import Store

#: Laws held by both collections that are taken in; the rest differ in nothing that matters here.
_SAMPLE = 40


def test_the_five_seeds_are_three_documents(store: Store, corpus: Path) -> None:
    outcomes = [
        outcome
        for source in iter_sources([corpus / "seeds"], settings=store.settings)
        for outcome in ingest(store, source, publish=True, actor="测试")
    ]
    by_seed = {re.sub(r".*?(\d{3})_.*", r"\1", outcome.source): outcome.document for outcome in outcomes}
    assert by_seed["000"] == by_seed["002"] == by_seed["004"]
    assert len(set(by_seed.values())) == 3
    with store.read() as session:
        record = get_document(session, by_seed["004"] or "")
    assert record.title == "国务院办公厅关于印发2018年政务公开工作要点的通知"
    assert [version.is_translation for version in record.versions].count(True) == 2


def _day_of(name: str) -> tuple[str, str] | None:
    found = re.search(r"([^/]+?)_(\d{8})\.txt$", name) or re.search(r"([^/]+?)\((\d{4}-\d\d-\d\d)\)\.md$", name)
    return (normal_title(found[1].lstrip("-")), found[2].replace("-", "")) if found else None


@pytest.fixture
def twice_held(corpus: Path) -> list[SourceFile]:
    """The same law and version from both collections, one after the other."""
    texts = {_day_of(path.name): path for path in sorted((corpus / "flk_law_text").glob("*_????????.txt"))}
    sources: list[SourceFile] = []
    with tarfile.open(corpus / "law_markdown.tar.gz") as tar:
        for member in tar:
            path = texts.pop(_day_of(member.name), None)
            content = tar.extractfile(member) if path else None
            if path and content and len(sources) < 2 * _SAMPLE:
                sources.append(SourceFile(name=member.name, data=content.read()))
                sources.append(SourceFile(name=path.name, data=path.read_bytes()))
    return sources


def test_a_law_held_by_two_collections_is_one_document_with_two_copies(
    store: Store, twice_held: list[SourceFile]
) -> None:
    assert len(twice_held) == 2 * _SAMPLE
    actions = Counter(
        outcome.action.value for source in twice_held for outcome in ingest(store, source, publish=True, actor="测试")
    )
    assert actions["copy_added"] == _SAMPLE
    with store.read() as session:
        records = list(iter_documents(session))
    copies = [len(version.copies) for record in records for version in record.versions]
    assert copies == [2] * _SAMPLE
    again = Counter(
        outcome.action.value for source in twice_held for outcome in ingest(store, source, publish=True, actor="测试")
    )
    assert again == {"unchanged": 2 * _SAMPLE}
