"""One module per engine; each compiles the same plan."""

from __future__ import annotations

from gazette.errors import BadInput
from indexer.engines.base import Engine
from indexer.settings import IndexSettings

ENGINES = ("tantivy", "whoosh", "opensearch")


def get_engine(options: IndexSettings) -> Engine:
    """The engine of the settings, imported now. Raises BadInput."""
    match options.engine:
        case "tantivy":
            from indexer.engines.tantivy import TantivyEngine

            return TantivyEngine()
        case "whoosh":
            from indexer.engines.whoosh import WhooshEngine

            return WhooshEngine()
        case "opensearch":
            from indexer.engines.opensearch import OpenSearchEngine

            return OpenSearchEngine(options.opensearch_url, options.opensearch_prefix)
    raise BadInput(why=f"没有名为{options.engine}的检索引擎，可用的有：{'、'.join(ENGINES)}")
