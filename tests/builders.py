"""Builders of finished records: a test names what matters to it, the rest is filled in.

a_document(title="江城市食品安全条例", articles=["为了……", "本条例自……"], status="repealed")
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import UTC, date, datetime

from gazette.draft import Body, BodyType, Node
from gazette.record.documents import DocumentState
from gazette.record.reading import DocumentRecord, Identifier, Related, VersionRecord
from gazette.validity.status import Interval, Standing, Status

TODAY = date(2026, 11, 21)
NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
_ids = itertools.count(1)
_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


def an_id(number: int | None = None) -> str:
    """An id shaped like the store's; the seven leading characters differ between any two."""
    rest, digits = next(_ids) if number is None else number, ""
    for _ in range(7):
        rest, place = divmod(rest, len(_ALPHABET))
        digits = _ALPHABET[place] + digits
    return digits + "00000"


def day(value: str | date | None) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value


def articles_body(articles: Sequence[str]) -> Body:
    """第1条, 第2条 … with Akoma Ntoso addresses."""
    return tuple(
        Node(type=BodyType.ARTICLE, num=f"第{number}条", text=text, eid=f"art_{number}", wid=f"art_{number}")
        for number, text in enumerate(articles, 1)
    )


def an_interval(version: str, status: str, start: str | None, end: str | None) -> Interval:
    return Interval(version=version, status=Status(status), valid_from=day(start), valid_to=day(end))


def a_version(
    *,
    title: str = "江城市人民政府公报工作办法",
    id: str | None = None,
    articles: Sequence[str] = (),
    body: Body | None = None,
    doc_number: str | None = None,
    signed: str | date | None = None,
    published: str | date | None = None,
    effective: str | date | None = None,
    status: str | None = None,
    intervals: Sequence[tuple[str, str | None, str | None]] = (),
    language: str = "zh",
    is_translation: bool = False,
) -> VersionRecord:
    """`intervals` are (status, from, to) with ISO days or None; they say the status of today unless `status` does."""
    id = id or an_id()
    held = tuple(an_interval(id, *each) for each in intervals)
    return VersionRecord(
        id=id,
        title=title,
        doc_number=doc_number,
        version_date=day(published) or day(signed),
        signed_date=day(signed),
        published_date=day(published),
        effective_date=day(effective),
        expiry_date=None,
        language=language,
        is_translation=is_translation,
        recipients=(),
        history=(),
        body=articles_body(articles) if body is None else body,
        notes=(),
        findings=(),
        copies=(),
        attachments=(),
        intervals=held,
        standing=a_standing(status or _status_today(held)),
    )


def _status_today(intervals: Sequence[Interval]) -> str:
    def covers(each: Interval) -> bool:
        return (each.valid_from or date.min) <= TODAY < (each.valid_to or date.max)

    return next((each.status.value for each in intervals if covers(each)), "unknown")


def a_standing(status: str = "unknown", as_of: date = TODAY) -> Standing:
    return Standing(status=Status(status), as_of=as_of, known_at=NOW, basis=None)


def a_document(
    *,
    title: str = "江城市人民政府公报工作办法",
    id: str | None = None,
    articles: Sequence[str] = (),
    body: Body | None = None,
    doc_number: str | None = None,
    index_number: str | None = None,
    issuers: Sequence[str] = (),
    kind: str | None = None,
    theme: str | None = None,
    keywords: Sequence[str] = (),
    signed: str | date | None = None,
    published: str | date | None = None,
    effective: str | date | None = None,
    status: str | None = None,
    intervals: Sequence[tuple[str, str | None, str | None]] = (),
    language: str = "zh",
    sources: Sequence[str] = (),
    identifiers: Sequence[Identifier] = (),
    related: Sequence[Related] = (),
    versions: Sequence[VersionRecord] = (),
) -> DocumentRecord:
    """A published document with one version made of the arguments, or with the `versions` given (oldest first)."""
    id = id or an_id()
    held = tuple(versions) or (
        a_version(
            title=title,
            id=f"v{id[:11]}",
            articles=articles,
            body=body,
            doc_number=doc_number,
            signed=signed,
            published=published,
            effective=effective,
            status=status,
            intervals=intervals,
            language=language,
        ),
    )
    commenced = [each for each in held if each.effective_date is None or each.effective_date <= TODAY]
    current = (commenced or list(held))[-1]
    return DocumentRecord(
        id=id,
        title=current.title,
        state=DocumentState.PUBLISHED,
        doc_number=doc_number or current.doc_number,
        registry_number=None,
        index_number=index_number,
        issuers=tuple(issuers),
        kind=kind,
        theme=theme,
        keywords=tuple(keywords),
        disclosure=None,
        identifiers=tuple(identifiers),
        versions=held,
        current=current,
        standing=current.standing,
        events=(),
        gazetted=(),
        related=tuple(related),
        sources=tuple(sources),
        first_published_at=NOW,
        updated_at=NOW,
    )
