"""One document with chapters, articles, items and a table, as the record hands it out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

import pytest

from gazette.draft import Body, BodyType, Node
from gazette.record.documents import DocumentState
from gazette.record.reading import DocumentRecord, Gazetted, VersionRecord
from gazette.validity.events import Event, EventKind, EventState, Origin
from gazette.validity.status import Standing, Status

KNOWN = dt.datetime(2026, 11, 21, 8, 0, tzinfo=dt.UTC)
TODAY = dt.date(2026, 11, 21)


def a_body() -> Body:
    """第一章 with 第一条 (two 款, one with items), a heading and a table."""
    item = Node(type=BodyType.ITEM, num="（一）", text="首尾可辨；", eid="art_1__para_2__item_1", wid="w1")
    first = Node(type=BodyType.PARAGRAPH, text="为了规范井盖管理，制定本办法。", eid="art_1__para_1")
    second = Node(type=BodyType.PARAGRAPH, text="井盖应当符合下列要求：", eid="art_1__para_2", children=(item,))
    article = Node(type=BodyType.ARTICLE, num="第一条", eid="art_1", children=(first, second))
    chapter = Node(type=BodyType.CHAPTER, num="第一章", heading="总则", eid="chp_1", children=(article,))
    heading = Node(type=BodyType.HEADING, num="一、", text="收费标准", eid="hdg_1")
    table = Node(type=BodyType.TABLE, rows=(("类别", "元/座"), ("<雨水> & 污水", "12.50")), eid="tbl_1")
    return (chapter, heading, table)


@pytest.fixture
def a_version() -> VersionRecord:
    commenced = Event(
        id="ev0000000001",
        kind=EventKind.COMMENCED,
        date=dt.date(2024, 5, 1),
        origin=Origin.TEXT,
        state=EventState.ACCEPTED,
        quote="本办法自2024年5月1日起施行。",
        known_from=KNOWN,
    )
    return VersionRecord(
        id="ver000000001",
        title="江城市井盖管理办法",
        doc_number="江城市人民政府令第12号",
        version_date=dt.date(2024, 4, 1),
        signed_date=dt.date(2024, 4, 1),
        published_date=None,
        effective_date=dt.date(2024, 5, 1),
        expiry_date=None,
        language="zh",
        is_translation=False,
        recipients=(),
        history=({"kind": "promulgated", "date": "2024-04-01", "act": "江城市人民政府令第12号", "ordinal": None},),
        body=a_body(),
        notes=("（此件公开发布）",),
        findings=(),
        copies=(),
        attachments=(),
        intervals=(),
        standing=Standing(
            status=Status.UNKNOWN,
            as_of=TODAY,
            known_at=KNOWN,
            basis="text",
            note="已施行，未见废止记载",
            events=(commenced,),
        ),
    )


@pytest.fixture
def a_document(a_version: VersionRecord) -> DocumentRecord:
    return DocumentRecord(
        id="doc000000001",
        title=a_version.title,
        state=DocumentState.PUBLISHED,
        doc_number=a_version.doc_number,
        registry_number=None,
        index_number=None,
        issuers=("江城市人民政府",),
        kind="令",
        theme=None,
        keywords=(),
        disclosure=None,
        identifiers=(),
        versions=(a_version,),
        current=a_version,
        standing=a_version.standing,
        events=a_version.standing.events,
        gazetted=(
            Gazetted(
                gazette="jiangcheng",
                gazette_name="江城市人民政府公报",
                year=2024,
                number=2,
                cover_date=dt.date(2024, 4, 30),
                page_from=3,
            ),
        ),
        related=(),
        sources=(),
        first_published_at=KNOWN,
        updated_at=KNOWN,
    )


@pytest.fixture
def with_body(a_version: VersionRecord) -> Callable[[Body], VersionRecord]:
    return lambda body: replace(a_version, body=body)
