"""OpenSearch, for more than one machine: two indexes in a cluster, and an alias that says which pair is live.

Texts are analysed here, as for every engine, and handed over as tokens between spaces, so that no plugin is needed in
the cluster. Nothing is refreshed but by `commit`, so nothing is seen before it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from collections.abc import Sequence as Several
from contextlib import contextmanager
from functools import partial
from itertools import count, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from indexer.analysis import grams, words
from indexer.clauses import AllOf, Bonus, Clause, Everything, Score, Term, Without
from indexer.engines.base import STATE, Engine, Found, Reader, Row, Sort, Tally, Unit, Writer
from indexer.engines.cluster import ClusterGenerations, answered
from indexer.engines.entries import DOCUMENT_NUMBER, TITLE_NUMBER, Entry, Kind, columns, iter_entries, state_entry
from indexer.engines.opensearch_query import query_of, score_of
from indexer.generations import Generations
from indexer.records import DocumentUnits, newest
from indexer.schema import schema

if TYPE_CHECKING:
    from opensearchpy import OpenSearch

#: The farthest an offset may reach in one request; beyond it we walk.
_REACH = 10_000
#: The most values one facet may have; beyond it they are read a page at a time.
_MAX_VALUES = 5_000
#: Bytes handed over at a time.
_BULK_BYTES = 8_000_000
#: Documents taken out by one request.
_REMOVED_AT_ONCE = 500
_NEWEST = newest("published")
_ANALYSIS: Mapping[Kind, Callable[[str], list[str]]] = {Kind.PIECES: grams, Kind.WORDS: words}
_TYPES: Mapping[Kind, dict[str, Any]] = {
    Kind.PIECES: {"type": "text", "analyzer": "tokens"},
    Kind.WORDS: {"type": "text", "analyzer": "tokens", "index_options": "freqs"},
    Kind.KEYWORD: {"type": "keyword"},
    Kind.NUMBER: {"type": "long"},
}


class OpenSearchEngine(Engine):
    name = "opensearch"
    gaps = ("The writer's lock is of one machine: two machines must not both run a keeper.",)

    def __init__(self, url: str, prefix: str) -> None:
        self._url, self._prefix = url, prefix
        self._client: OpenSearch | None = None

    @property
    def client(self) -> OpenSearch:
        if self._client is None:
            from opensearchpy import OpenSearch

            self._client = OpenSearch(self._url, timeout=60, max_retries=2, retry_on_timeout=False)
        return self._client

    def generations(self, folder: Path) -> Generations:
        return ClusterGenerations(folder, self)

    @property
    def prefix(self) -> str:
        return self._prefix

    def create(self, folder: Path) -> None:
        for unit in Unit:
            with answered():
                self.client.indices.create(index=index_name(folder, unit), body=_index())

    def open_reader(self, folder: Path) -> Reader:
        return OpenSearchReader(self.client, folder)

    def open_writer(self, folder: Path, heap_bytes: int) -> Writer:
        return OpenSearchWriter(self.client, folder, heap_bytes)


def index_name(generation: Path, unit: Unit) -> str:
    return f"{generation.name}-{unit}"


class OpenSearchReader(Reader):
    def __init__(self, client: OpenSearch, generation: Path) -> None:
        self._client = client
        self._names = {unit: index_name(generation, unit) for unit in Unit}

    def find(
        self, unit: Unit, match: Clause, scores: tuple[Score, ...], *, sort: Sort, limit: int, offset: int
    ) -> Found:
        if limit == 0 or offset + limit > _REACH:
            total = self._total(unit, match)
            if limit == 0 or offset >= total:
                return Found(total=total, rows=())
            rows = islice(self._walk(unit, match, scores, sort), offset, offset + limit)
            return Found(total=total, rows=tuple(rows))
        body = {**_body(match, scores, sort), "from": offset, "size": limit, "track_total_hits": True}
        answer = self._search(unit, body)
        rows_found = tuple(_row(hit, sort) for hit in answer["hits"]["hits"])
        return Found(total=int(answer["hits"]["total"]["value"]), rows=rows_found)

    def scan(self, unit: Unit, match: Clause, scores: tuple[Score, ...], *, sort: Sort) -> Iterator[Row]:
        return self._walk(unit, match, scores, sort)

    def count_values(self, unit: Unit, match: Clause, tallies: tuple[Tally, ...]) -> tuple[dict[str, int], ...]:
        asked = {str(number): _aggregation(tally) for number, tally in enumerate(tallies)}
        body = {"size": 0, "query": {"bool": {"filter": [query_of(match)]}}, "aggs": asked}
        answer = self._search(unit, body)["aggregations"]
        return tuple(
            self._counted(unit, match, tally, answer[str(number)]["in"]) for number, tally in enumerate(tallies)
        )

    def _counted(self, unit: Unit, match: Clause, tally: Tally, answer: dict[str, Any]) -> dict[str, int]:
        if answer["sum_other_doc_count"] == 0 and answer["doc_count_error_upper_bound"] == 0:
            return {str(bucket["key"]): int(bucket["doc_count"]) for bucket in answer["buckets"]}
        return dict(self._iter_values(unit, AllOf((match, *tally.within)), tally.field))

    def _iter_values(self, unit: Unit, match: Clause, field: str) -> Iterator[tuple[str, int]]:
        """Every value of a field and its count, a page at a time; exact whatever their number."""
        pages: dict[str, Any] = {"size": _MAX_VALUES, "sources": [{"value": {"terms": {"field": field}}}]}
        while True:
            body = {"size": 0, "query": query_of(match), "aggs": {"values": {"composite": pages}}}
            answer = self._search(unit, body)["aggregations"]["values"]
            for bucket in answer["buckets"]:
                yield str(bucket["key"]["value"]), int(bucket["doc_count"])
            if "after_key" not in answer:
                return
            pages["after"] = answer["after_key"]

    def frequencies(self, unit: Unit, field: str, tokens: Several[str]) -> dict[str, int]:
        if not tokens:
            return {}
        filters = {token: {"term": {field: token}} for token in tokens}
        body = {"size": 0, "aggs": {"tokens": {"filters": {"filters": filters}}}}
        buckets = self._search(unit, body)["aggregations"]["tokens"]["buckets"]
        return {token: int(buckets[token]["doc_count"]) for token in tokens}

    def fingerprints(self) -> Iterator[tuple[str, str, int, int]]:
        held = dict(self._iter_values(Unit.ARTICLE, Everything(), "document"))
        seen: set[str] = set()
        for row in self._walk(Unit.DOCUMENT, Without(Term("document", STATE)), (), Sort.DATE):
            facts = row.facts
            if facts["document"] in seen:
                continue
            seen.add(facts["document"])
            yield facts["document"], facts["fingerprint"], facts["passages"], held.pop(facts["document"], 0)
        for document, passages in held.items():
            yield document, "", 0, passages

    def last_change(self) -> int:
        return _last_change(self._client, self._names[Unit.DOCUMENT])

    def refresh(self) -> None:
        """A cluster shows every commit to everyone."""

    def close(self) -> None:
        """The connection is the engine's."""

    def _search(self, unit: Unit, body: dict[str, Any]) -> dict[str, Any]:
        with answered():
            found: dict[str, Any] = self._client.search(index=self._names[unit], body=body)
        return found

    def _total(self, unit: Unit, match: Clause) -> int:
        with answered():
            return int(self._client.count(index=self._names[unit], body={"query": query_of(match)})["count"])

    def _walk(self, unit: Unit, match: Clause, scores: tuple[Score, ...], sort: Sort) -> Iterator[Row]:
        """Every row in order, of one snapshot, however many."""
        with self._snapshot(unit) as point:
            body = {**_body(match, scores, sort), "size": 1000, "pit": {"id": point, "keep_alive": "5m"}}
            while True:
                with answered():
                    hits = self._client.search(body=body)["hits"]["hits"]
                for hit in hits:
                    yield _row(hit, sort)
                if not hits:
                    return
                body["search_after"] = hits[-1]["sort"]

    @contextmanager
    def _snapshot(self, unit: Unit) -> Iterator[str]:
        with answered():
            point = self._client.create_pit(index=self._names[unit], params={"keep_alive": "5m"})["pit_id"]
        try:
            yield point
        finally:
            with answered():
                self._client.delete_pit(body={"pit_id": [point]})


class OpenSearchWriter(Writer):
    """Entries have the document's id and a number, so a document that is replaced is overwritten entry by entry; what
    it had more of before is deleted on commit. A crash before that leaves nothing seen and the outbox unread."""

    def __init__(self, client: OpenSearch, generation: Path, heap_bytes: int) -> None:
        self._client = client
        self._names = {unit: index_name(generation, unit) for unit in Unit}
        self._kinds = {column.name: column.kind for column in columns()}
        self._most = min(_BULK_BYTES, heap_bytes // 4)
        self._lines: list[str] = []
        self._size = 0
        self._removed: list[str] = []

    def add(self, units: DocumentUnits) -> None:
        numbers = {unit: count() for unit in Unit}
        for entry in iter_entries(units):
            self._put(entry, f"{units.document}/{next(numbers[entry.unit])}")

    def remove(self, document: str) -> None:
        self._removed.append(document)

    def last_change(self) -> int:
        return _last_change(self._client, self._names[Unit.DOCUMENT])

    def commit(self, last_change: int) -> None:
        self._flush()
        for start in range(0, len(self._removed), _REMOVED_AT_ONCE):
            gone = {"query": {"terms": {"document": self._removed[start : start + _REMOVED_AT_ONCE]}}}
            for name in self._names.values():
                # What was overwritten since the last refresh conflicts and stays: it is the new text.
                with answered():
                    self._client.delete_by_query(index=name, body=gone, params={"conflicts": "proceed"})
        self._removed.clear()
        self._put(state_entry(last_change), STATE)
        self._flush()
        for unit in (Unit.ARTICLE, Unit.DOCUMENT):
            with answered():
                self._client.indices.refresh(index=self._names[unit])

    def close(self) -> None:
        self._lines.clear()
        self._removed.clear()

    def _put(self, entry: Entry, record: str) -> None:
        values = entry.all
        fields: dict[str, Any] = {"facts": entry.facts.decode(), "record": record, **values.numbers}
        fields |= {name: list(each) for name, each in values.keywords.items()}
        for name, texts in values.texts.items():
            analyse = _ANALYSIS[self._kinds[name]]
            fields[name] = " ".join(token for text in texts for token in analyse(text))
        action = json.dumps({"index": {"_index": self._names[entry.unit], "_id": record}})
        source = json.dumps(fields, ensure_ascii=False)
        self._lines += [action, source]
        self._size += 3 * len(source)
        if self._size > self._most:
            self._flush()

    def _flush(self) -> None:
        if self._lines:
            with answered():
                answer = self._client.bulk(body="\n".join(self._lines) + "\n")
            if answer["errors"]:
                failed = next(item["index"] for item in answer["items"] if "error" in item["index"])
                raise ValueError(f"OpenSearch refused {failed['_id']}: {failed['error']}")
        self._lines.clear()
        self._size = 0


def _index() -> dict[str, Any]:
    properties: dict[str, Any] = {column.name: _TYPES[column.kind] for column in columns()}
    properties |= {
        "record": {"type": "keyword"},
        "facts": {"type": "keyword", "index": False, "doc_values": False},
    }
    analysis = {
        "tokenizer": {"spaces": {"type": "whitespace", "max_token_length": 1000}},
        "analyzer": {"tokens": {"type": "custom", "tokenizer": "spaces"}},
    }
    return {
        # One shard: counts of facets and scores are then exact; a cluster's copies serve more readers.
        "settings": {
            "index": {"number_of_shards": 1, "auto_expand_replicas": "0-1", "refresh_interval": "-1"},
            "analysis": analysis,
        },
        "mappings": {
            "_meta": {"schema": schema().digest},
            "_source": {"includes": ["facts"]},
            "dynamic": "strict",
            "properties": properties,
        },
    }


def _last_change(client: OpenSearch, name: str) -> int:
    body = {"size": 1, "query": {"term": {"document": STATE}}, "_source": ["facts"]}
    with answered():
        hits = client.search(index=name, body=body)["hits"]["hits"]
    return int(json.loads(hits[0]["_source"]["facts"])["last_change"]) if hits else 0


def _body(match: Clause, scores: tuple[Score, ...], sort: Sort) -> dict[str, Any]:
    """What to ask for rows; the last key of an order is the record's own name, so no two rows tie."""
    query: dict[str, Any] = {"bool": {"filter": [query_of(match)]}}
    orders: list[dict[str, Any]] = [
        {sort.order or _NEWEST: {"order": "desc", "missing": "_last"}},
        {"record": "asc"},
    ]
    if sort.order is None:
        query["bool"]["should"] = [score_of(each) for each in scores if isinstance(each, Bonus) or each.words]
        orders.insert(0, {"_score": "desc"})
    return {"query": query, "sort": orders, "_source": ["facts"], "docvalue_fields": [TITLE_NUMBER, DOCUMENT_NUMBER]}


def _row(hit: dict[str, Any], sort: Sort) -> Row:
    key, load = hit["sort"][0], partial(json.loads, hit["_source"]["facts"])
    if sort.order is not None:
        return Row(load=load, order=int(key))
    title, document = (int(hit["fields"][name][0]) for name in (TITLE_NUMBER, DOCUMENT_NUMBER))
    return Row(load=load, score=float(key), title=title, document=document)


def _aggregation(tally: Tally) -> dict[str, Any]:
    within = [query_of(each) for each in tally.within]
    values = {"terms": {"field": tally.field, "size": _MAX_VALUES}}
    return {"filter": {"bool": {"filter": within}} if within else {"match_all": {}}, "aggs": {"in": values}}
