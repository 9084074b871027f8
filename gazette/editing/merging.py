"""Merging and splitting: what matching took for two documents is one, or the other way round. Both can be undone.

A merged document keeps its id, which leads to the one it lives on in. What a merging moved is written down row by row
in the trail, so that undoing moves exactly that back; undoing a split brings home all that stands on the new document.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from gazette.audit import audit
from gazette.citations.cited import CitationRow
from gazette.editing.publication import settle_anew
from gazette.errors import BadInput, Conflict, NotFound
from gazette.issues.issue import EntryRow
from gazette.outbox import enqueue
from gazette.record.accession import add_name, list_issuers, set_issuers, touch
from gazette.record.assembly import order_versions
from gazette.record.documents import CopyRow, DocumentRow, DocumentState, IdentifierKind, IdentifierRow, VersionRow
from gazette.record.likeness import EMPTY_TEXT, title_key
from gazette.store import Store, in_batches, now
from gazette.validity.events import EventRow, IntervalRow
from gazette.validity.rulings import select_undecided

#: Columns that point at a document, by the name under which their moved rows stand in the trail.
_POINTERS: Mapping[str, tuple[Any, str]] = {
    "versions": (VersionRow, "document_id"),
    "events": (EventRow, "document_id"),
    "acts": (EventRow, "act_document_id"),
    "citations": (CitationRow, "target_document_id"),
    "entries": (EntryRow, "document_id"),
    "carried": (DocumentRow, "carried_by_id"),
    "intervals": (IntervalRow, "document_id"),
}


def merge(store: Store, keep: str, drop: str, *, actor: str, reason: str | None = None) -> int:
    """Make `drop` one with `keep`: its versions, copies, names, events and entries move over. Returns the audit id.

    A version whose text `keep` holds already only adds its copies to that one.
    """
    if keep == drop:
        raise BadInput(why="不能把文件并入它自己")
    with store.write() as session:
        kept, dropped = _live(session, keep), _live(session, drop)
        moved_copies, twins = _move_copies_of_twins(session, kept.id, dropped.id)
        moved = {name: _move(session, name, dropped.id, kept.id, twins) for name in _POINTERS}
        names = _copy_names(session, dropped.id, kept.id)
        first = kept.first_published_at
        before = {
            "state": dropped.state,
            "carried_by": kept.carried_by_id,
            "kept_state": kept.state,
            "kept_first_published_at": first.isoformat() if first else None,
        }
        if kept.carried_by_id in (kept.id, dropped.id):
            kept.carried_by_id = dropped.carried_by_id if dropped.carried_by_id != kept.id else None
        kept.carried_by_id = kept.carried_by_id or (dropped.carried_by_id if dropped.carried_by_id != kept.id else None)
        if DocumentState.PUBLISHED in (kept.state, dropped.state):
            kept.state = DocumentState.PUBLISHED.value
            kept.first_published_at = min(
                filter(None, (kept.first_published_at, dropped.first_published_at)), default=now()
            )
        dropped.state, dropped.merged_into_id = DocumentState.MERGED.value, kept.id
        _finish(session, kept, dropped)
        return audit(
            session,
            actor=actor,
            action="merge",
            topic="document",
            subject=kept.id,
            before=before,
            after={"merged": dropped.id, "moved": moved, "copies": moved_copies, "names": names},
            reason=reason,
        )


def unmerge(session: Session, kept_id: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    """Move back what `merge` moved. Raises Conflict where the document has changed since."""
    kept, dropped = session.get_one(DocumentRow, kept_id), session.get_one(DocumentRow, after["merged"])
    if dropped.merged_into_id != kept.id:
        raise Conflict(why="合并后的文件已另有变动")
    for name, ids in after["moved"].items():
        _point(session, name, ids, dropped.id)
    for copy, version in after["copies"].items():
        session.get_one(CopyRow, copy).version_id = version
    for identifier in after["names"]:
        row = session.get(IdentifierRow, identifier)
        if row is not None:
            session.delete(row)
    dropped.state, dropped.merged_into_id = before["state"], None
    kept.carried_by_id, kept.state = before["carried_by"], before["kept_state"]
    first = before["kept_first_published_at"]
    kept.first_published_at = dt.datetime.fromisoformat(first) if first else None
    _finish(session, kept, dropped)


def split(
    store: Store,
    document: str,
    versions: Sequence[str],
    *,
    actor: str,
    title: str | None = None,
    reason: str | None = None,
) -> str:
    """Make a document of its own of some of a document's versions. Returns its id.

    Raises BadInput unless at least one version goes and one stays.
    """
    with store.write() as session:
        row = _live(session, document)
        held = order_versions(session.scalars(select(VersionRow).filter_by(document_id=row.id)))
        going = [version for version in held if version.id in set(versions)]
        if len(going) != len(set(versions)):
            raise NotFound(what=f"文件 {document} 的版本 {'、'.join(versions)}")
        if not going or len(going) == len(held):
            raise BadInput(why="拆分须移出至少一个版本，并留下至少一个版本")
        new = DocumentRow(
            title=title or going[-1].title,
            kind=row.kind,
            theme=row.theme,
            keywords=list(row.keywords),
            disclosure=row.disclosure,
            state=row.state,
            first_published_at=row.first_published_at,
        )
        session.add(new)
        session.flush()
        set_issuers(session, new.id, list_issuers(session, row.id))
        _name_after_versions(session, new, going)
        moved = _move_versions(session, [version.id for version in going], new.id)
        _finish(session, row, new)
        audit(
            session,
            actor=actor,
            action="split",
            topic="document",
            subject=row.id,
            after={"document": new.id, "moved": moved},
            reason=reason,
        )
        return new.id


def unsplit(session: Session, document: str, after: Mapping[str, Any]) -> None:
    """Move back what `split` moved; the emptied document leads to the one it came from.

    Raises Conflict where the document has changed since.
    """
    row, new = session.get_one(DocumentRow, document), session.get_one(DocumentRow, after["document"])
    held = set(session.scalars(select(VersionRow.id).filter_by(document_id=new.id)))
    if held != set(after["moved"]["versions"]) or new.state == DocumentState.MERGED:
        raise Conflict(why="拆出的文件已另有变动")
    # Also what came to point at it since: an event learnt after the split, a citation resolved to it.
    for name in _POINTERS:
        _move(session, name, new.id, row.id, set())
    new.state, new.merged_into_id = DocumentState.MERGED.value, row.id
    _finish(session, row, new)


def _live(session: Session, document: str) -> DocumentRow:
    row = session.get(DocumentRow, document)
    if row is None:
        raise NotFound(what=f"文件 {document}")
    if row.state not in (DocumentState.DRAFT, DocumentState.PUBLISHED):
        raise Conflict(why=f"《{row.title}》已撤下、清除或并入他件，不能合并或拆分")
    return row


def _move_copies_of_twins(session: Session, kept: str, dropped: str) -> tuple[dict[str, str], set[str]]:
    """Copies of texts that both hold go to the kept one's version; returns copy → old version, and the old versions
    that stay behind, empty."""
    texts = {
        (row.letters_sha256, row.language): row.id
        for row in session.scalars(select(VersionRow).filter_by(document_id=kept))
        if row.letters_sha256 != EMPTY_TEXT
    }
    moved: dict[str, str] = {}
    twins: set[str] = set()
    for row in session.scalars(select(VersionRow).filter_by(document_id=dropped)).all():
        twin = texts.get((row.letters_sha256, row.language))
        if twin is None:
            continue
        held = {(copy.sha256, copy.place) for copy in session.scalars(select(CopyRow).filter_by(version_id=twin))}
        twins.add(row.id)
        for copy in session.scalars(select(CopyRow).filter_by(version_id=row.id)).all():
            if (copy.sha256, copy.place) not in held:
                moved[copy.id] = row.id
                copy.version_id = twin
    session.flush()
    return moved, twins


def _move(session: Session, name: str, source: str, target: str, staying: set[str]) -> list[Any]:
    row_class, column = _POINTERS[name]
    query = select(row_class.id).filter_by(**{column: source})
    if name == "events":
        # What nobody decided follows the names by itself, and leaves behind what was said of whom.
        query = query.where(EventRow.id.not_in(select_undecided().with_only_columns(EventRow.id)))
    ids = [each for each in session.scalars(query) if each not in staying]
    if name == "carried":
        ids = [each for each in ids if each != target]
    _point(session, name, ids, target)
    return ids


def _point(session: Session, name: str, ids: Sequence[Any], document: str) -> None:
    row_class, column = _POINTERS[name]
    for batch in in_batches(ids):
        session.execute(update(row_class).where(row_class.id.in_(batch)).values({column: document}))


def _move_versions(session: Session, versions: Sequence[str], target: str) -> dict[str, list[Any]]:
    """Move versions, with the events and entries that name them."""
    by_version = {
        "events": EventRow.version_id,
        "acts": EventRow.act_version_id,
        "entries": EntryRow.version_id,
        "intervals": IntervalRow.version_id,
    }
    moved: dict[str, list[Any]] = {"versions": list(versions)}
    for name, column in by_version.items():
        row_class, _ = _POINTERS[name]
        moved[name] = [
            each
            for batch in in_batches(versions)
            for each in session.scalars(select(row_class.id).where(column.in_(batch)))
        ]
    for name, ids in moved.items():
        _point(session, name, ids, target)
    return moved


def _copy_names(session: Session, source: str, target: str) -> list[int]:
    """Give the kept document the dropped one's names; returns the new rows."""
    added: list[int] = []
    for name in session.scalars(select(IdentifierRow).filter_by(document_id=source)).all():
        held = select(IdentifierRow.id).filter_by(document_id=target, kind=name.kind, value=name.value)
        if session.scalar(held) is None:
            row = IdentifierRow(document_id=target, kind=name.kind, value=name.value, raw=name.raw)
            session.add(row)
            session.flush()
            added.append(row.id)
    return added


def _name_after_versions(session: Session, document: DocumentRow, versions: Sequence[VersionRow]) -> None:
    for title in {document.title, *(version.title for version in versions)}:
        add_name(session, document.id, IdentifierKind.TITLE, title_key(title), title)
    for version in versions:
        if version.doc_number:
            raw = version.doc_number_raw or version.doc_number
            add_name(session, document.id, IdentifierKind.DOC_NUMBER, version.doc_number, raw)


def _finish(session: Session, *documents: DocumentRow) -> None:
    for row in documents:
        touch(row)
    session.flush()
    session.expire_all()
    concerned = {row.id for row in documents}
    settle_anew(session, concerned, ended=concerned)
    for row in documents:
        enqueue(session, "document", row.id)
