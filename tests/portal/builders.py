"""Builders of records that show only what a test is about."""

from __future__ import annotations

import datetime as dt
from typing import Any

from gazette.draft import Body, BodyType, Node
from gazette.errors import Locator
from gazette.record.documents import DocumentState, VersionState
from gazette.record.reading import DocumentRecord, VersionRecord
from gazette.validity.events import Event, EventKind, EventState, Origin
from gazette.validity.status import Standing, Status

MOMENT = dt.datetime(2026, 11, 20, 8, 0, tzinfo=dt.UTC)
TODAY = dt.date(2026, 11, 21)


def an_article(number: int, text: str, **more: Any) -> Node:
    return Node(type=BodyType.ARTICLE, num=f"第{number}条", text=text, eid=f"art_{number}", wid=f"art_{number}", **more)


def a_chapter(number: int, heading: str, *articles: Node) -> Node:
    return Node(
        type=BodyType.CHAPTER,
        num=f"第{number}章",
        heading=heading,
        eid=f"chp_{number}",
        wid=f"chp_{number}",
        children=articles,
    )


def an_event(kind: EventKind = EventKind.COMMENCED, **more: Any) -> Event:
    known: dict[str, Any] = {
        "id": "event",
        "kind": kind,
        "date": dt.date(2018, 9, 1),
        "origin": Origin.TEXT,
        "state": EventState.ACCEPTED,
        "quote": "本办法自2018年9月1日起施行。",
        "known_from": MOMENT,
        "document": "doc1",
        "act_document": "doc1",
        "locator": Locator(eid="art_2"),
    }
    return Event(**{**known, **more})


def a_standing(status: Status = Status.IN_FORCE, *events: Event, **more: Any) -> Standing:
    known: dict[str, Any] = {"as_of": TODAY, "known_at": MOMENT, "basis": "text", "note": None}
    return Standing(status=status, events=events, **{**known, **more})


def a_version(body: Body = (), **more: Any) -> VersionRecord:
    known: dict[str, Any] = {
        "id": "ver1",
        "state": VersionState.PUBLISHED,
        "title": "江城市食品安全管理办法",
        "doc_number": "江政发〔2018〕5号",
        "version_date": dt.date(2018, 8, 1),
        "signed_date": dt.date(2018, 7, 30),
        "published_date": dt.date(2018, 8, 1),
        "effective_date": dt.date(2018, 9, 1),
        "expiry_date": None,
        "language": "zh",
        "is_translation": False,
        "recipients": (),
        "history": (),
        "body": body,
        "notes": (),
        "findings": (),
        "copies": (),
        "attachments": (),
        "intervals": (),
        "standing": a_standing(),
    }
    return VersionRecord(**{**known, **more})


def a_document(version: VersionRecord | None = None, **more: Any) -> DocumentRecord:
    version = version or a_version()
    known: dict[str, Any] = {
        "id": "doc1",
        "title": version.title,
        "state": DocumentState.PUBLISHED,
        "doc_number": version.doc_number,
        "registry_number": None,
        "index_number": None,
        "issuers": ("江城市人民政府",),
        "kind": "办法",
        "theme": None,
        "keywords": (),
        "disclosure": "主动公开",
        "identifiers": (),
        "versions": (version,),
        "current": version,
        "standing": version.standing,
        "events": version.standing.events,
        "gazetted": (),
        "related": (),
        "sources": (),
        "first_published_at": MOMENT,
        "updated_at": MOMENT,
    }
    return DocumentRecord(**{**known, **more})
