"""The demo city's open data: three tables with the mess that departments send, checked, stored and published.

Running it again changes nothing. Each `datasets/*.toml` names its file, its catalogue metadata and what the publisher
declares of its columns.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

from datasets.catalogue import add_dataset, publish
from datasets.dataset import Dataset, DatasetMeta
from datasets.record_dataset import refresh
from gazette.store import Store

FOLDER = Path(str(files("portal.demo") / "datasets"))
ACTOR = "demo"


def load(store: Store) -> tuple[Dataset, ...]:
    """Load the three datasets and publish the record as a fourth; returns the three."""
    loaded = tuple(_iter_loaded(store))
    refresh(store, actor=ACTOR)
    return loaded


def _iter_loaded(store: Store) -> Iterator[Dataset]:
    for description in sorted(FOLDER.glob("*.toml")):
        described = tomllib.loads(description.read_text("utf-8"))
        meta = DatasetMeta.from_mapping(described["dataset"])
        dataset = add_dataset(
            store, meta, [FOLDER / described["file"]], hints=described.get("columns", {}), actor=ACTOR
        )
        publish(store, meta.name, actor=ACTOR, accept_errors=described.get("accept_errors", False))
        yield dataset
