"""One module per engine; each compiles the same plan."""

from __future__ import annotations

from gazette.errors import BadInput
from indexer.engines.base import Engine

ENGINES = ("tantivy", "whoosh")


def get_engine(name: str) -> Engine:
    """The engine called `name`, imported now. Raises BadInput."""
    if name == "tantivy":
        from indexer.engines.tantivy import TantivyEngine

        return TantivyEngine()
    if name == "whoosh":
        from indexer.engines.whoosh import WhooshEngine

        return WhooshEngine()
    raise BadInput(why=f"没有名为{name}的检索引擎，可用的有：{'、'.join(ENGINES)}")
