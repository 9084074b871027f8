"""Drafts and sources for tests, of which each test states only what matters to it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from gazette.citations.numbers import parse_doc_number
from gazette.draft import BodyType, Draft, HistoryEntry, Node, SourceInfo
from gazette.record.ingest import Ingested, ingest_draft
from gazette.store import Store


def a_body(*lines: str) -> tuple[Node, ...]:
    return tuple(
        Node(type=BodyType.PARAGRAPH, text=line, eid=f"para_{number}") for number, line in enumerate(lines, start=1)
    )


def a_draft(title: str | None = "江城市人民政府关于加强管理的通知", **facts: Any) -> Draft:
    """A draft; `number` is parsed, `text` becomes the body, `acts` (kind, day) the 题注, `place` the source."""
    text = facts.pop("text", (f"{title}的正文内容写在这里。", "第二段说明具体要求和期限。"))
    number = facts.pop("number", None)
    acts = facts.pop("acts", ())
    place = facts.pop("place", "a.html")
    for name in ("signed", "published", "effective", "expiry"):
        if name in facts:
            facts[f"{name}_date"] = dt.date.fromisoformat(facts.pop(name))
    return Draft(
        title=title,
        source=SourceInfo(name=place, sha256="", media_type="text/html"),
        doc_number=parse_doc_number(number) if number else None,
        body=a_body(*text),
        history=tuple(HistoryEntry(kind=kind, date=dt.date.fromisoformat(day)) for kind, day in acts),
        **facts,
    )


def take_in(store: Store, draft: Draft, *, publish: bool = True, **order: Any) -> Ingested:
    """Ingest a draft; its bytes are made from its place and text, so equal drafts are equal files."""
    data = repr((draft.source.name, draft.title, draft.doc_number, draft.body, draft.history)).encode()
    return ingest_draft(store, draft, data, publish=publish, actor="测试", **order)
