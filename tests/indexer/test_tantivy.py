"""What only the Tantivy engine has to see to."""

from __future__ import annotations

import json
from pathlib import Path

from indexer.engines.base import Unit
from indexer.engines.tantivy import TantivyEngine
from indexer.records import index_units
from tests.builders import a_document

HEAP_BYTES = 50_000_000


def test_many_small_commits_leave_few_segments(tmp_path: Path) -> None:
    engine, commits = TantivyEngine(), 12
    engine.create(tmp_path)
    for number in range(commits):
        writer = engine.open_writer(tmp_path, HEAP_BYTES)
        writer.add(index_units(a_document(articles=["食品安全。"])))
        writer.commit(number)
        writer.close()
    for unit in Unit:
        state = json.loads((tmp_path / unit / "meta.json").read_text("utf-8"))
        assert len(state["segments"]) <= 8


def test_what_was_added_and_never_committed_is_gone(tmp_path: Path) -> None:
    engine = TantivyEngine()
    engine.create(tmp_path)
    writer = engine.open_writer(tmp_path, HEAP_BYTES)
    writer.add(index_units(a_document(articles=["食品安全。"])))
    writer.close()
    reader = engine.open_reader(tmp_path)
    assert list(reader.fingerprints()) == []
    reader.close()
