"""Generations in an OpenSearch cluster, and its failures in our words.

    <prefix>-<id>-document, <prefix>-<id>-article     one generation: two indexes
    <prefix>-live                                     the alias of the live one, moved at once

A generation that was replaced stays for as long as a search or an export of it may last; one that never was live
(a killed rebuild) is removed by the next writer.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from gazette.store import new_id
from indexer.engines.base import Unit
from indexer.generations import Generations, IndexAway, IndexMissing, IndexStale, Pointer, Stamp
from indexer.schema import schema

if TYPE_CHECKING:
    from opensearchpy import OpenSearch

#: How long a generation that was replaced is kept.
GRACE_S = 600
#: What a cluster answers that has too much to do, or no node for an index just now.
_OVERLOADED = frozenset({429, 502, 503, 504})


class ClusterUnreachable(IndexAway):
    code = "search.cluster_unreachable"
    zh, en = "检索服务器没有应答", "The search cluster does not answer"


class Cluster(Protocol):
    """What knows the cluster: the engine."""

    @property
    def client(self) -> OpenSearch: ...

    @property
    def prefix(self) -> str: ...


@contextmanager
def answered() -> Iterator[None]:
    """The cluster's failures as ours: unreachable or overloaded, or the index is gone."""
    from opensearchpy.exceptions import ConnectionError as Unreached
    from opensearchpy.exceptions import NotFoundError, TransportError

    try:
        yield
    except NotFoundError as error:
        raise IndexStale() from error
    except Unreached as error:
        raise ClusterUnreachable() from error
    except TransportError as error:
        if error.status_code not in _OVERLOADED:
            raise
        raise ClusterUnreachable() from error


class ClusterGenerations(Generations):
    def __init__(self, folder: Path, cluster: Cluster) -> None:
        super().__init__(folder)
        self._cluster = cluster

    def get_live(self) -> Pointer:
        name = self.stamp()
        if name is None:
            raise IndexMissing()
        meta = self._metas().get(str(name))
        if meta is None or meta.get("schema") != schema().digest:
            raise IndexStale()
        return Pointer(Path(str(name)), name)

    def stamp(self) -> Stamp | None:
        with answered():
            if not self._indices.exists_alias(name=self._alias):
                return None
            aliased = self._indices.get_alias(name=self._alias)
        return str(next(iter(aliased))).rpartition("-")[0]

    def start(self) -> Path:
        return Path(f"{self._cluster.prefix}-{new_id()}")

    def switch(self, generation: Path) -> None:
        before = self.stamp()
        fresh = {"add": {"index": f"{generation.name}-{Unit.DOCUMENT}", "alias": self._alias}}
        actions: list[dict[str, Any]] = [fresh]
        if before is not None:
            actions.insert(0, {"remove": {"index": f"{before}-{Unit.DOCUMENT}", "alias": self._alias}})
        with answered():
            self._indices.update_aliases(body={"actions": actions})
            if before is not None and before != generation.name:
                meta = {**self._metas()[str(before)], "replaced_at": time.time()}
                self._indices.put_mapping(index=f"{before}-{Unit.DOCUMENT}", body={"_meta": meta})

    def discard(self, generation: Path) -> None:
        with answered():
            for unit in Unit:
                self._indices.delete(index=f"{generation.name}-{unit}", params={"ignore_unavailable": "true"})

    def collect(self) -> None:
        live = self.stamp()
        for name, meta in self._metas().items():
            if name != live and time.time() - meta.get("replaced_at", 0) > GRACE_S:
                self.discard(Path(name))

    @property
    def _indices(self) -> Any:
        return self._cluster.client.indices

    @property
    def _alias(self) -> str:
        return f"{self._cluster.prefix}-live"

    def _metas(self) -> dict[str, dict[str, Any]]:
        """What each generation says of itself, by name."""
        pattern = f"{self._cluster.prefix}-*-{Unit.DOCUMENT}"
        with answered():
            held = self._indices.get_mapping(index=pattern, params={"allow_no_indices": "true"})
        # The pattern also finds what belongs to a longer prefix.
        ours = re.compile(rf"({re.escape(self._cluster.prefix)}-[0-9a-z]+)-{Unit.DOCUMENT}")
        named = {found[1]: held[name] for name in held if (found := ours.fullmatch(name))}
        return {name: each["mappings"].get("_meta", {}) for name, each in named.items()}
