"""The index follows the store: rebuilt whole beside the live one, or brought up to date from the outbox.

The outbox id up to which an index has derived is committed with what it derived, so a process killed at any instant
leaves an index that the next `sync` continues; deriving a change twice changes nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from gazette.citations.links import find_interpreted
from gazette.outbox import Change, iter_changes, last_change
from gazette.record.reading import DocumentRecord, count_documents, iter_documents
from gazette.store import Store
from indexer.authority import Authority, load_authority
from indexer.engines.base import Writer
from indexer.generations import IndexMissing, IndexStale, IndexUnwritten
from indexer.names import NameBook
from indexer.records import index_units
from indexer.search import Index

log = logging.getLogger(__name__)

#: Told (done, total) as documents are indexed.
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """How an index differs from the store; ids of documents. `behind` counts changes the index has not derived yet,
    which explain differences and are no fault."""

    documents: int
    missing: tuple[str, ...]
    extra: tuple[str, ...]
    stale: tuple[str, ...]
    behind: int

    @property
    def ok(self) -> bool:
        return not (self.missing or self.extra or self.stale)

    def to_json(self) -> dict[str, object]:
        return {
            "ok": self.ok,
            "documents": self.documents,
            "missing": list(self.missing),
            "extra": list(self.extra),
            "stale": list(self.stale),
            "behind": self.behind,
        }


def rebuild(store: Store, index: Index, progress: Progress | None = None) -> int:
    """Build the index anew and switch to it; searches go on meanwhile. Returns the documents indexed.

    Raises WriterBusy.
    """
    with index.generations.writing():
        done = _rebuild(store, index, progress)
        NameBook(store.settings).rebuild(store)
    return done


def rebuild_from(
    index: Index,
    documents: Iterable[DocumentRecord],
    *,
    derived: int = 0,
    total: int = 0,
    progress: Progress | None = None,
) -> int:
    """`rebuild` from finished documents; `derived` is the outbox id they are as of."""
    with index.generations.writing():
        return _build(index, documents, derived, total, progress)


def sync(store: Store, index: Index, progress: Progress | None = None) -> int:
    """Derive what changed since the last commit; an index that is missing, damaged or of another version is rebuilt.

    `progress` is told of a rebuild only. Returns the number of documents looked at. Raises WriterBusy.
    """
    done = 0
    with index.generations.writing():
        try:
            live = index.generations.get_live()
            if not index.is_sound():
                raise IndexStale()
            index.generations.collect()
            writer = _open_writer(store, index, live.folder)
        except (IndexMissing, IndexStale, OSError, ValueError) as error:
            # Everything in it can be made again; searches go on in what is left of it.
            log.info("index.rebuilding", extra={"why": error.__class__.__name__})
            done = _rebuild(store, index, progress)
            NameBook(store.settings).follow(store)
            return done
        if writer is not None:
            done = _catch_up(store, index, writer)
        NameBook(store.settings).follow(store)
    return done


def verify(store: Store, index: Index) -> Verification:
    """Compare the index with the store, document by document: ids, content fingerprints, passages."""
    held: dict[str, tuple[str, bool]] = {}
    with index.telling_damage():
        for document, fingerprint, due, found in index.reader().fingerprints():
            held[document] = (fingerprint, due == found)
    missing: list[str] = []
    stale: list[str] = []
    with store.read() as session:
        derived = index.reader().last_change()
        documents = 0
        for record in iter_documents(session):
            units = index_units(record)
            documents += 1
            entry = held.pop(record.id, None)
            if entry is None:
                missing.append(record.id)
            elif entry != (units.fingerprint, True):
                stale.append(record.id)
        behind = sum(1 for _ in iter_changes(session, derived, limit=1_000_000))
    return Verification(
        documents=documents, missing=tuple(missing), extra=tuple(sorted(held)), stale=tuple(stale), behind=behind
    )


def _rebuild(store: Store, index: Index, progress: Progress | None) -> int:
    with store.read() as session:
        documents, derived, total = iter_documents(session), last_change(session), count_documents(session)
        return _build(index, documents, derived, total, progress)


def _build(
    index: Index, documents: Iterable[DocumentRecord], derived: int, total: int, progress: Progress | None
) -> int:
    """Fill a generation and switch to it. The caller holds the writer's lock."""
    index.generations.collect()
    generation = index.generations.start()
    try:
        with _telling_unwritten(index):
            done = _fill(index, generation, documents, derived, total, progress)
    except BaseException:
        index.generations.discard(generation)
        raise
    index.generations.switch(generation)
    index.generations.collect()
    return done


def _fill(
    index: Index,
    generation: Path,
    documents: Iterable[DocumentRecord],
    derived: int,
    total: int,
    progress: Progress | None,
) -> int:
    index.engine.create(generation)
    writer = index.engine.open_writer(generation, index.options.heap_bytes)
    done, authority = 0, Authority()
    try:
        for record in documents:
            units = index_units(record)
            writer.add(units)
            authority.read(units)
            done += 1
            if progress:
                progress(done, max(total, done))
        writer.commit(derived)
        authority.save(index.generations.folder)
    finally:
        writer.close()
    return done


def _open_writer(store: Store, index: Index, generation: Path) -> Writer | None:
    """A writer where the outbox holds what the index has not derived: none is opened twice a second for nothing."""
    with store.read() as session:
        newest = last_change(session)
    behind = index.reader().last_change() != newest
    return index.engine.open_writer(generation, index.options.heap_bytes) if behind else None


def _catch_up(store: Store, index: Index, writer: Writer) -> int:
    authority, done = load_authority(index.generations.folder), 0
    with _telling_unwritten(index):
        try:
            while batch := _next_changes(store, writer, index.options.batch):
                done += _derive(store, writer, batch, authority)
        finally:
            writer.close()
        if done:
            authority.save(index.generations.folder)
    return done


@contextmanager
def _telling_unwritten(index: Index) -> Iterator[None]:
    """Raises IndexUnwritten where the system did not take what was to be written."""
    try:
        yield
    except Exception as error:
        if not (isinstance(error, OSError) or index.engine.is_damage(error)):
            raise
        raise IndexUnwritten(why=str(error)) from error


def _next_changes(store: Store, writer: Writer, limit: int) -> list[Change]:
    with store.read() as session:
        return list(iter_changes(session, writer.last_change(), limit))


def _derive(store: Store, writer: Writer, changes: list[Change], authority: Authority) -> int:
    """Index anew every document the changes name, and take out those that are published no more."""
    ids = list(dict.fromkeys(change.subject for change in changes if change.topic == "document"))
    with store.read() as session:
        # What a document's own entries say of its interpretations changes with those.
        interpreted = find_interpreted(session, ids).difference(ids)
        _replace(session, writer, [*ids, *sorted(interpreted)], authority)
    writer.commit(changes[-1].id)
    return len(ids)


def _replace(session: Session, writer: Writer, ids: list[str], authority: Authority) -> None:
    for document in ids:
        writer.remove(document)
    for record in iter_documents(session, ids):
        units = index_units(record)
        writer.add(units)
        authority.read(units)
