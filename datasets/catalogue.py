"""The catalogue (开放数据目录): datasets, their resources, and the use cases that change them.

A dataset keeps the core metadata of 政务信息资源目录编制指南（试行）(发改高技〔2017〕1272号): 名称, 摘要, 提供方, 主题,
更新周期, 开放类型. Each resource is two blobs: the file as it came, and the table cleaned from it as UTF-8 CSV. Every
change is one transaction with its audit and outbox rows, so that the catalogue and what derives from it cannot drift.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from datasets.check import Checked, checking
from datasets.dataset import Access, Dataset, DatasetMeta, DatasetState, Resource, ResourceDraft
from datasets.settings import DatasetSettings
from gazette import ledger
from gazette.audit import audit
from gazette.blobs import sha256_of
from gazette.errors import BadInput, Conflict, NotFound
from gazette.outbox import enqueue
from gazette.store import Base, Store, in_batches, new_id, now


class DatasetRow(Base):
    __tablename__ = "datasets"

    id: Mapped[str] = mapped_column(String(12), primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(100), unique=True)
    title: Mapped[str] = mapped_column(Text)
    description: Mapped[str] = mapped_column(Text, default="")
    provider: Mapped[str | None] = mapped_column(Text)
    theme: Mapped[str | None] = mapped_column(Text)
    update_cycle: Mapped[str] = mapped_column(String(10))
    access: Mapped[str] = mapped_column(String(10))
    license: Mapped[str | None] = mapped_column(Text)
    keywords: Mapped[list[str]] = mapped_column(default=list)
    state: Mapped[str] = mapped_column(String(10), default=DatasetState.DRAFT.value, index=True)
    issued: Mapped[date | None]
    modified: Mapped[datetime] = mapped_column(default=now, index=True)


class ResourceRow(Base):
    __tablename__ = "resources"
    __table_args__ = (UniqueConstraint("dataset_id", "name"),)

    id: Mapped[str] = mapped_column(String(12), primary_key=True, default=new_id)
    dataset_id: Mapped[str] = mapped_column(ForeignKey("datasets.id"), index=True)
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(100))
    title: Mapped[str] = mapped_column(Text)
    file_name: Mapped[str] = mapped_column(Text)
    media_type: Mapped[str] = mapped_column(String(100))
    sha256: Mapped[str] = mapped_column(String(64))
    bytes: Mapped[int]
    table_sha256: Mapped[str] = mapped_column(String(64))
    table_bytes: Mapped[int]
    rows: Mapped[int]
    table_schema: Mapped[dict[str, Any]] = mapped_column(default=dict)
    report: Mapped[dict[str, Any]] = mapped_column(default=dict)


def add_dataset(
    store: Store,
    meta: DatasetMeta,
    files: Sequence[Path],
    *,
    actor: str,
    hints: Mapping[str, Mapping[str, Any]] | None = None,
    settings: DatasetSettings | None = None,
) -> Dataset:
    """Check the files and store them as a dataset; a table of a file is a resource. The same again changes nothing.

    Raises what `datasets.check` raises for the first file that cannot be read; then nothing is stored.
    """
    drafts: list[ResourceDraft] = []
    for file in files:
        with checking(file, hints=hints, settings=settings) as checked:
            drafts += _draft_resources(store, file, checked, taken={draft.name for draft in drafts})
    store_dataset(store, meta, drafts, actor=actor)
    with store.read() as session:
        return get_dataset(session, meta.name)


def _draft_resources(store: Store, file: Path, checked: Checked, taken: set[str]) -> Iterator[ResourceDraft]:
    report = checked.report
    original = store.blobs.put(file.read_bytes())
    for number, table in enumerate(report.tables):
        name = _resource_name(file.stem, taken)
        taken.add(name)
        yield ResourceDraft(
            name=name,
            title=table.title or (table.sheet if len(report.tables) > 1 else None) or file.stem,
            file_name=file.name,
            media_type=report.media_type,
            sha256=original,
            bytes=report.bytes,
            table_sha256=store.blobs.put(checked.table_file(number).read_bytes()),
            table_bytes=table.csv_bytes,
            rows=table.rows,
            schema=table.schema,
            report=table.to_json(),
        )


def _resource_name(stem: str, taken: set[str]) -> str:
    """A Data Package name out of a file name; Chinese file names are named by their order."""
    slug = re.sub(r"[^a-z0-9]+", "-", stem.lower()).strip("-") if stem.isascii() else ""
    base = slug[:80] or "table"
    return next(name for name in (base, *(f"{base}-{n}" for n in range(2, len(taken) + 3))) if name not in taken)


def store_dataset(store: Store, meta: DatasetMeta, resources: Sequence[ResourceDraft], *, actor: str) -> bool:
    """Write a dataset and its resources; the same again changes nothing. True when something changed.

    A changed dataset keeps its state: what is published stays published with the new data.
    """
    with store.write() as session:
        row = session.scalar(select(DatasetRow).filter_by(name=meta.name))
        before = _describe(session, row) if row else {}
        if row is None:
            row = DatasetRow(name=meta.name, state=DatasetState.DRAFT.value)
            session.add(row)
        _fill(row, meta)
        session.flush()
        _replace_resources(session, row, resources)
        session.flush()
        after = _describe(session, row)
        if before == after:
            session.rollback()
            return False
        row.modified = now()
        _note(session, row.name, "dataset.change" if before else "dataset.add", actor, before, after)
        if row.state == DatasetState.PUBLISHED:
            _commit(session, row)
    return True


def set_state(store: Store, name: str, state: DatasetState, *, actor: str, reason: str | None = None) -> bool:
    """Publish, withdraw or put back to draft; the same state again changes nothing."""
    with store.write() as session:
        row = _get_row(session, name)
        before = row.state
        if before == state:
            return False
        row.state = state.value
        row.modified = now()
        if state is DatasetState.PUBLISHED and row.issued is None:
            row.issued = row.modified.date()
        _note(session, name, f"dataset.{state}", actor, {"state": before}, {"state": state.value}, reason)
        if state is DatasetState.PUBLISHED:
            _commit(session, row)
    return True


def publish(store: Store, name: str, *, actor: str, accept_errors: bool = False) -> bool:
    """Publish a dataset. Raises Conflict while its check shows errors, unless an editor accepts them: they are then
    shown to the reader beside the table."""
    with store.read() as session:
        dataset = get_dataset(session, name)
    if not dataset.valid and not accept_errors:
        raise Conflict(why=f"数据集 {name} 校验未通过，须先更正数据，或确认带问题发布")
    return set_state(store, name, DatasetState.PUBLISHED, actor=actor)


def withdraw(store: Store, name: str, *, actor: str, reason: str) -> bool:
    return set_state(store, name, DatasetState.WITHDRAWN, actor=actor, reason=reason)


def purge_dataset(store: Store, name: str, *, actor: str, reason: str) -> None:
    """Remove a dataset's data for good, for leaked personal data: tables, originals, schemas and reports go; name,
    title, digests in the trail and the reason stay. Blobs that another dataset shows are kept.

    Raises NotFound, and BadInput without a reason.
    """
    if not reason.strip():
        raise BadInput(why="清除数据集必须写明理由")
    with store.write() as session:
        row = _get_row(session, name)
        before = _describe(session, row)
        digests = _digests(session, row.id)
        _replace_resources(session, row, ())
        session.flush()
        orphans = digests - _digests(session)
        row.state, row.modified = DatasetState.WITHDRAWN.value, now()
        digests_only = [{"name": each["name"], "sha256": each["sha256"]} for each in before["resources"]]
        _note(session, name, "dataset.purge", actor, {"resources": digests_only}, {"state": row.state}, reason)
    for digest in sorted(orphans):
        store.blobs.delete(digest)


def find_dataset(session: Session, name: str) -> Dataset | None:
    row = session.scalar(select(DatasetRow).filter_by(name=name))
    return _to_datasets(session, [row])[0] if row else None


def get_dataset(session: Session, name: str) -> Dataset:
    """The dataset of that name in whatever state; raises NotFound."""
    if (dataset := find_dataset(session, name)) is None:
        raise NotFound(what=f"数据集 {name}")
    return dataset


def list_datasets(
    session: Session, *, drafts: bool = False, offset: int = 0, limit: int | None = None
) -> tuple[Dataset, ...]:
    """Published datasets, newest change first; with `drafts` those in every state."""
    query = select(DatasetRow).order_by(DatasetRow.modified.desc(), DatasetRow.name).offset(offset).limit(limit)
    if not drafts:
        query = query.filter_by(state=DatasetState.PUBLISHED.value)
    return _to_datasets(session, session.scalars(query).all())


def count_datasets(session: Session, *, drafts: bool = False) -> int:
    query = select(func.count()).select_from(DatasetRow)
    if not drafts:
        query = query.where(DatasetRow.state == DatasetState.PUBLISHED.value)
    return session.scalar(query) or 0


def _get_row(session: Session, name: str) -> DatasetRow:
    row = session.scalar(select(DatasetRow).filter_by(name=name))
    if row is None:
        raise NotFound(what=f"数据集 {name}")
    return row


def _digests(session: Session, dataset_id: str | None = None) -> set[str]:
    """Blobs of one dataset, or of all."""
    query = select(ResourceRow.sha256, ResourceRow.table_sha256)
    if dataset_id:
        query = query.where(ResourceRow.dataset_id == dataset_id)
    return {digest for pair in session.execute(query) for digest in pair}


def _fill(row: DatasetRow, meta: DatasetMeta) -> None:
    row.title, row.description = meta.title, meta.description
    row.provider, row.theme, row.update_cycle = meta.provider, meta.theme, meta.update_cycle
    row.access, row.license, row.keywords = meta.access.value, meta.license, list(meta.keywords)
    row.issued = meta.issued or row.issued


def _replace_resources(session: Session, dataset: DatasetRow, drafts: Sequence[ResourceDraft]) -> None:
    held = {row.name: row for row in session.scalars(select(ResourceRow).filter_by(dataset_id=dataset.id))}
    for position, draft in enumerate(drafts):
        row = held.pop(draft.name, None)
        if row is None:
            row = ResourceRow(dataset_id=dataset.id, name=draft.name)
            session.add(row)
        row.position, row.title, row.file_name = position, draft.title, draft.file_name
        row.media_type, row.sha256, row.bytes = draft.media_type, draft.sha256, draft.bytes
        row.table_sha256, row.table_bytes, row.rows = draft.table_sha256, draft.table_bytes, draft.rows
        row.table_schema, row.report = draft.schema, draft.report
    for row in held.values():
        session.delete(row)


def _describe(session: Session, row: DatasetRow) -> dict[str, Any]:
    """What the audit keeps of a dataset: metadata and digests."""
    resources = session.scalars(select(ResourceRow).filter_by(dataset_id=row.id).order_by(ResourceRow.position))
    return {
        "title": row.title,
        "description": row.description,
        "provider": row.provider,
        "theme": row.theme,
        "update_cycle": row.update_cycle,
        "access": row.access,
        "license": row.license,
        "keywords": list(row.keywords),
        "issued": row.issued.isoformat() if row.issued else None,
        "resources": [
            {
                "name": each.name,
                "title": each.title,
                "file_name": each.file_name,
                "media_type": each.media_type,
                "sha256": each.sha256,
                "table_sha256": each.table_sha256,
                # Only the hash: a schema may quote cells, and the trail outlives a purge.
                "schema_sha256": sha256_of(json.dumps(each.table_schema, sort_keys=True).encode()),
            }
            for each in resources
        ],
    }


def _note(
    session: Session,
    name: str,
    action: str,
    actor: str,
    before: dict[str, Any],
    after: dict[str, Any],
    reason: str | None = None,
) -> None:
    """The audit and outbox rows of one change, in its own transaction."""
    audit(session, actor=actor, action=action, topic="dataset", subject=name, before=before, after=after, reason=reason)
    enqueue(session, "dataset", name)


def _commit(session: Session, row: DatasetRow) -> None:
    """Have the public ledger commit to what is published: the hashes of every original and table."""
    resources = session.scalars(select(ResourceRow).filter_by(dataset_id=row.id).order_by(ResourceRow.position))
    hashes = [{"name": each.name, "sha256": each.sha256, "table_sha256": each.table_sha256} for each in resources]
    ledger.append(session, "dataset", row.name, {"title": row.title, "resources": hashes})


def _to_datasets(session: Session, rows: Iterable[DatasetRow]) -> tuple[Dataset, ...]:
    rows = list(rows)
    resources: dict[str, list[ResourceRow]] = {}
    for batch in in_batches(row.id for row in rows):
        query = select(ResourceRow).where(ResourceRow.dataset_id.in_(batch)).order_by(ResourceRow.position)
        for each in session.scalars(query):
            resources.setdefault(each.dataset_id, []).append(each)
    return tuple(_to_dataset(row, resources.get(row.id, [])) for row in rows)


def _to_dataset(row: DatasetRow, resources: Sequence[ResourceRow]) -> Dataset:
    return Dataset(
        id=row.id,
        name=row.name,
        title=row.title,
        description=row.description,
        provider=row.provider,
        theme=row.theme,
        update_cycle=row.update_cycle,
        access=Access(row.access),
        license=row.license,
        keywords=tuple(row.keywords),
        state=DatasetState(row.state),
        issued=row.issued,
        modified=row.modified,
        resources=tuple(_to_resource(row.name, each) for each in resources),
    )


def _to_resource(dataset: str, row: ResourceRow) -> Resource:
    return Resource(
        id=row.id,
        dataset=dataset,
        name=row.name,
        title=row.title,
        file_name=row.file_name,
        media_type=row.media_type,
        sha256=row.sha256,
        bytes=row.bytes,
        table_sha256=row.table_sha256,
        table_bytes=row.table_bytes,
        rows=row.rows,
        schema=row.table_schema,
        report=row.report,
    )
