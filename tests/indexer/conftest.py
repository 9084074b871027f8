"""An index of given documents, on every engine."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from gazette.record.reading import DocumentRecord
from gazette.settings import RecordSettings
from indexer import Index
from indexer.engines import ENGINES
from indexer.settings import IndexSettings
from indexer.sync import rebuild_from
from tests.indexer.opensearch_node import NodeUnavailable, find_url

#: Makes an index that holds the documents given.
Indexed = Callable[[Sequence[DocumentRecord]], Index]


def open_index(home: Path, engine: str) -> Index:
    """The engine's index under `home`; in a cluster a home has names of its own. Skips where no node can be had."""
    options = IndexSettings(engine=engine)
    if engine == "opensearch":
        url = find_url()
        if isinstance(url, NodeUnavailable):
            pytest.skip(str(url))
        prefix = f"test{hashlib.sha256(str(home).encode()).hexdigest()[:12]}"
        options = IndexSettings(engine=engine, opensearch_url=url, opensearch_prefix=prefix)
    return Index.open(RecordSettings(home=home), options=options)


def drop(index: Index) -> None:
    """Close an index; what it held in a cluster goes."""
    if index.engine.name == "opensearch":
        index.engine.client.indices.delete(index=f"{index.options.opensearch_prefix}-*")  # type: ignore[attr-defined]
    index.close()


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def indexed(engine: str, tmp_path: Path) -> Iterator[Indexed]:
    opened: list[Index] = []

    def make(documents: Sequence[DocumentRecord]) -> Index:
        index = open_index(tmp_path / f"home{len(opened)}", engine)
        opened.append(index)
        rebuild_from(index, documents)
        return index

    yield make
    for index in opened:
        drop(index)
