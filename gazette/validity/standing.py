"""The question people ask: was it in force on that day, and which sentence says so? One answer for command and API."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from gazette.citations.provisions import find_provisions
from gazette.citations.resolution import get_cited
from gazette.draft import Provision
from gazette.errors import Finding, NotFound
from gazette.record.documents import DocumentRow, VersionRow
from gazette.store import now, today
from gazette.validity.doubts import find_doubts_about
from gazette.validity.events import Event, list_events
from gazette.validity.intervals import version_dates
from gazette.validity.status import Status, derive_standing

#: What stands before the address of a provision: the end of a title or of a number.
_TITLE_ENDS = "》）)号法典例定则释程"


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusAnswer:
    """The object `gongbao validity status --json` prints; `note`, `version` and `findings` ride along.

    `findings` are the doubts about what is stated of the document and does not count (`gazette.validity.doubts`), as
    of now.
    """

    document: str
    version: str | None
    title: str
    status: Status
    as_of: date
    known_at: datetime
    basis: str | None
    note: str | None
    events: tuple[Event, ...]
    provision: str | None = None
    findings: tuple[Finding, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {
            "document": self.document,
            "version": self.version,
            "provision": self.provision,
            "title": self.title,
            "status": self.status.value,
            "as_of": self.as_of.isoformat(),
            "known_at": self.known_at.isoformat(),
            "basis": self.basis,
            "note": self.note,
            "events": [event.to_json() for event in self.events],
            "findings": [finding.to_json() for finding in self.findings],
        }


def status_of(session: Session, text: str, as_of: date | None = None, known_at: datetime | None = None) -> StatusAnswer:
    """The status of what `text` cites (id, number, title, 《X》（2018年修正）, with a provision or without).

    What stands in doubt about it is said too, unless an earlier knowledge is asked for. Raises NotFound for what is not
    held and AmbiguousCitation where several documents are meant.
    """
    cited, provision = _split_provision(text)
    document, version = get_cited(session, cited)
    answer = status(session, document, as_of, known_at, version=version, provision=provision.eid if provision else None)
    doubts = () if known_at else find_doubts_about(session, document)
    return replace(answer, findings=tuple(doubt for _, doubt in doubts))


def status(
    session: Session,
    document: str,
    as_of: date | None = None,
    known_at: datetime | None = None,
    *,
    version: str | None = None,
    provision: str | None = None,
) -> StatusAnswer:
    """The status of a held document, of one version or one provision (eid) of it, on the day `as_of` (today, in
    China) as this record knew it at `known_at` (now). Raises NotFound."""
    title = session.scalar(select(DocumentRow.title).where(DocumentRow.id == document))
    if title is None:
        raise NotFound(what=document)
    if version:
        title = session.scalar(select(VersionRow.title).where(VersionRow.id == version)) or title
    standing = derive_standing(
        version_dates(session, document),
        list_events(session, document),
        version=version,
        as_of=as_of or today(),
        known_at=known_at or now(),
        eid=provision,
    )
    return StatusAnswer(
        document=document,
        version=version,
        title=title,
        status=standing.status,
        as_of=standing.as_of,
        known_at=standing.known_at,
        basis=standing.basis,
        note=standing.note,
        events=standing.events,
        provision=provision,
    )


def _split_provision(text: str) -> tuple[str, Provision | None]:
    """《X》第三条 and X法第三条 are the text X and its article 3; only an address at the very end counts."""
    cited = text.strip()
    spans = find_provisions(cited)
    if spans and spans[-1].end == len(cited) and spans[-1].start > 0 and cited[spans[-1].start - 1] in _TITLE_ENDS:
        return cited[: spans[-1].start], spans[-1].provision
    return cited, None
