"""An index of given documents, on either engine."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from gazette.record import DocumentRecord
from gazette.settings import RecordSettings
from indexer import Index
from indexer.engines import ENGINES
from indexer.sync import rebuild_from

#: Makes an index that holds the documents given.
Indexed = Callable[[Sequence[DocumentRecord]], Index]


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def indexed(engine: str, tmp_path: Path) -> Iterator[Indexed]:
    opened: list[Index] = []

    def make(documents: Sequence[DocumentRecord]) -> Index:
        index = Index.open(RecordSettings(home=tmp_path / f"home{len(opened)}"), engine)
        opened.append(index)
        rebuild_from(index, documents)
        return index

    yield make
    for index in opened:
        index.close()
