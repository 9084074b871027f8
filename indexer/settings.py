"""Settings of the search room."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from gazette.settings import RoomSettings, setting


@dataclass(frozen=True, kw_only=True)
class IndexSettings(RoomSettings):
    """Settings of search: which engine, and how much the one process that writes may take."""

    room: ClassVar[str] = "indexer"

    engine: str = setting("tantivy", "Search engine: tantivy, whoosh or opensearch")
    heap_bytes: int = setting(200_000_000, "Memory the index writer may use before it writes out, in bytes")
    batch: int = setting(200, "Changes that one commit of the index takes from the outbox")
    opensearch_url: str = setting("http://127.0.0.1:9200", "Where the OpenSearch cluster answers")
    opensearch_prefix: str = setting("gongbao", "What the names of our indexes in the cluster begin with")
