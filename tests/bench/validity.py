"""Validity over the 1,641 laws: reading what they do, resolving it against each other, deriving every status.

Baselines of the same run: parsing the same texts' JSON for the reading, the three bare selects for a status, and half
the laws for the whole (a cost that grows with the documents doubles).
"""

from __future__ import annotations

import json
import statistics
import tarfile
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from sqlalchemy import text

from gazette.digitization.digitize import digitize_here
from gazette.draft import Draft, SourceFile
from gazette.record.ingest import ingest_draft
from gazette.settings import RecordSettings
from gazette.store import Store
from gazette.validity.effects import find_effects
from gazette.validity.standing import status
from portal.database import open_store
from tests.bench._row import row

_ASKED = 500


def rows(corpus: Path) -> list[dict[str, object]]:
    """Rows of name, ours, baseline, ratio, target."""
    drafts = _drafts(corpus)
    bodies = [json.dumps([node.to_json() for node in draft.body], ensure_ascii=False) for draft in drafts]
    parse_s = _seconds(lambda: [json.loads(body) for body in bodies])
    read_s = _seconds(lambda: [_effects(draft) for draft in drafts])
    with tempfile.TemporaryDirectory() as folder:
        half_s, _ = _derive(drafts[: len(drafts) // 2], Path(folder) / "half")
        whole_s, (ours, bare) = _derive(drafts, Path(folder) / "whole")
    name = f"validity: {len(drafts)} laws,"
    return [
        row(f"{name} effects read, s; baseline parses the texts' JSON", read_s, parse_s, "<= 60"),
        row(f"{name} stored, resolved, derived, s; baseline is half of them", whole_s, half_s, "<= 60, ratio <= 2.4"),
        row("validity: status of a document, median ms; baseline is its three selects", ours, bare, "<= 1"),
    ]


def _drafts(corpus: Path) -> list[Draft]:
    with tarfile.open(corpus / "law_markdown.tar.gz") as archive:
        files = [member for member in archive.getmembers() if member.name.endswith(".md")]
        sources = [
            SourceFile(name=member.name, data=file.read()) for member in files if (file := archive.extractfile(member))
        ]
    return [draft for source in sources for draft in digitize_here(source).drafts]


def _effects(draft: Draft) -> object:
    return find_effects(
        draft.body,
        title=draft.title,
        doc_number=draft.doc_number,
        published=draft.published_date,
        history=draft.history,
    )


def _derive(drafts: Sequence[Draft], home: Path) -> tuple[float, tuple[float, float]]:
    """Seconds to publish the drafts into a fresh store, and the median ms of a status and of its bare selects."""
    store = open_store(RecordSettings(home=home))
    begun = time.perf_counter()
    outcomes = [ingest_draft(store, each, each.source.name.encode(), publish=True, actor="bench") for each in drafts]
    seconds = time.perf_counter() - begun
    documents = [each.document for each in outcomes if each.document][:: max(1, len(drafts) // _ASKED)]
    times = _status_ms(store, documents)
    store.close()
    return seconds, times


def _status_ms(store: Store, documents: Sequence[str]) -> tuple[float, float]:
    selects = [
        text("SELECT title FROM documents WHERE id = :id"),
        text("SELECT id, version_date, effective_date FROM versions WHERE document_id = :id"),
        text("SELECT * FROM events WHERE document_id = :id"),
    ]
    ours, bare = [], []
    with store.read() as session:
        for document in documents:
            ours.append(_seconds(lambda document=document: status(session, document)))
            bare.append(
                _seconds(lambda document=document: [session.execute(each, {"id": document}).all() for each in selects])
            )
    return statistics.median(ours) * 1000, statistics.median(bare) * 1000


def _seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun
