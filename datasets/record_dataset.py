"""The record itself as a dataset (name `record`): the same sheets as an export, packaged and shown like any other.

Refreshed after changes by the one worker that derives. Its old tables are removed from the blobs, for they are derived
and may hold what has since been withdrawn or purged.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from sqlalchemy.orm import Session

from datasets.catalogue import find_dataset, publish, store_dataset
from datasets.dataset import Dataset, DatasetMeta, ResourceDraft
from datasets.export import Exported, ExportedFile, export_record
from gazette.outbox import iter_changes
from gazette.store import Store

NAME = "record"
META = DatasetMeta(
    name=NAME,
    title="公开文件记录",
    description="本平台收录并公开的全部文件、版本全文、效力事件、效力区间和公报期次，由平台自动生成。效力以区间表示，可按任意日期筛选。",
    provider="本平台",
    theme="政务公开",
    update_cycle="每日",
    keywords=("规范性文件", "政府公报", "效力"),
)
_MEDIA_TYPES = {True: "text/csv", False: "application/x-ndjson"}


def refresh(store: Store, *, actor: str = "system") -> bool:
    """Bring the dataset up to the record; False when nothing has changed since."""
    with store.read() as session:
        before = find_dataset(session, NAME)
        if before and not _has_changed(session, before):
            return False
    with tempfile.TemporaryDirectory(prefix="gongbao-record-") as folder:
        exported = export_record(store, folder)
        drafts = [_draft(store, Path(folder), file, exported) for file in exported.files]
    changed = store_dataset(store, META, drafts, actor=actor)
    publish(store, NAME, actor=actor)
    kept = {draft.table_sha256 for draft in drafts}
    for digest in sorted({each.table_sha256 for each in before.resources} - kept if before else ()):
        store.blobs.delete(digest)
    return changed


def _has_changed(session: Session, dataset: Dataset) -> bool:
    """Whether documents or issues changed after the snapshot that the dataset shows."""
    after = int(dataset.resources[0].report.get("snapshot", 0)) if dataset.resources else 0
    while page := tuple(iter_changes(session, after)):
        if any(change.topic in {"document", "issue"} for change in page):
            return True
        after = page[-1].id
    return False


def _draft(store: Store, folder: Path, file: ExportedFile, exported: Exported) -> ResourceDraft:
    digest = store.blobs.put((folder / file.path).read_bytes())
    return ResourceDraft(
        name=file.name,
        title=file.title,
        file_name=file.path,
        media_type=_MEDIA_TYPES[file.schema is not None],
        sha256=digest,
        bytes=file.bytes,
        table_sha256=digest,
        table_bytes=file.bytes,
        rows=file.rows,
        schema=file.schema or {},
        report={"valid": True, "snapshot": exported.snapshot},
    )
