"""Citations looked up: a law named without 《》 and an article, resolved against a store of the laws concerned.

The store holds every version the STARD corpus has of the laws that LawBench asks for, and laws that nobody asks for.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import date
from pathlib import Path

from gazette.citations.mentions import cite_text
from gazette.citations.titles import letters
from gazette.draft import Draft, SourceInfo, walk
from gazette.record.ingest import ingest_draft
from gazette.record.reading import DocumentRecord
from gazette.settings import RecordSettings
from portal.database import open_store
from tests.score.row import Measure, Row, right_of
from tests.statutes import Statutes, read_statutes

_SET = "statute_retrieval_lawbench"
_OTHERS = 200
_DAY = date(2025, 4, 19)


def look_up_rows(corpus: Path) -> Iterator[Row]:
    asked = [json.loads(line) for line in (corpus / _SET / "citation_lookup.jsonl").open(encoding="utf-8")]
    statutes = read_statutes(corpus)
    laws = {letters(row["law"]) for row in asked}
    wanted = [record for record in statutes.records if letters(record.title) in laws]
    others = [record for record in statutes.records if letters(record.title) not in laws][:_OTHERS]
    found = _resolved((*wanted, *others), statutes, [row["query"] for row in asked])
    days = {name: _day_of(record) for record in statutes.records for name in _names(statutes, record).values()}
    elsewhere, outdated = [], []
    for row in asked:
        named, meant = found[row["query"]], row["gold_any_version"]
        if named not in meant:
            elsewhere.append(row["query"])
        if named not in meant or days[named] < max(days[name] for name in meant):
            outdated.append(row["query"])
    yield right_of(_SET, "citation resolved, any version", len(asked), elsewhere, 0.99)
    yield right_of(_SET, "citation resolved, version in force", len(asked), outdated, 0.97)


def _resolved(records: Sequence[DocumentRecord], statutes: Statutes, queries: Sequence[str]) -> dict[str, str | None]:
    """The corpus's name of the article that each query is resolved to, in a store of `records`."""
    articles: dict[tuple[str | None, str], str] = {}
    with tempfile.TemporaryDirectory() as home, closing(open_store(RecordSettings(home=Path(home)))) as store:
        for record in records:
            data = f"{record.title}{_day_of(record)}{len(articles)}".encode()
            outcome = ingest_draft(store, _draft(record), data, publish=True, actor="score")
            articles |= {(outcome.version, eid): name for eid, name in _names(statutes, record).items()}
        with store.read() as session:
            cited = {query: [each for each in cite_text(session, query, _DAY) if each.provision] for query in queries}
    return {
        query: articles.get((found[0].version, found[0].provision.eid)) if found and found[0].provision else None
        for query, found in cited.items()
    }


def _names(statutes: Statutes, record: DocumentRecord) -> dict[str, str]:
    """The corpus's names of a record's articles by their address."""
    addresses = (node.eid for node in walk(record.versions[0].body))
    return {eid: statutes.names[record.id, eid] for eid in addresses if (record.id, eid) in statutes.names}


def _day_of(record: DocumentRecord) -> date:
    return record.versions[0].published_date or date.min


def _draft(record: DocumentRecord) -> Draft:
    return Draft(
        title=record.title,
        body=record.versions[0].body,
        published_date=record.versions[0].published_date,
        effective_date=record.versions[0].published_date,
        source=SourceInfo(name=record.id, sha256="", media_type="text/plain"),
    )


MEASURES = [
    Measure(needs=(f"{_SET}/citation_lookup.jsonl", "statute_retrieval_stard/corpus.jsonl.gz"), rows=look_up_rows)
]
