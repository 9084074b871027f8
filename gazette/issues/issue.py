"""Gazettes (公报), their issues (期) and entries (目录条目): as kept, and as read by others."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from gazette.errors import BadInput, NotFound
from gazette.store import Base, in_batches, new_id

_ADDRESS = re.compile(r"(?P<gazette>[a-z0-9][a-z0-9-]{0,59})/(?P<year>[12]\d{3})/(?P<number>[1-9]\d{0,3})")


class IssueState(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueAddress:
    """Where an issue is found: gazette, year, number; str() prints jiangcheng/2024/3."""

    gazette: str
    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.gazette}/{self.year}/{self.number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gazette:
    """One gazette; `columns` are its 栏目 in printing order."""

    id: str
    name: str
    name_en: str | None
    sponsor: str | None
    columns: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "name": self.name,
            "name_en": self.name_en,
            "sponsor": self.sponsor,
            "columns": list(self.columns),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the contents; `version` is the text that was printed."""

    position: int
    column: str | None
    title: str
    document: str | None
    version: str | None
    page_from: int | None
    page_to: int | None

    def to_json(self) -> dict[str, Any]:
        return {
            "position": self.position,
            "column": self.column,
            "title": self.title,
            "document": self.document,
            "version": self.version,
            "page_from": self.page_from,
            "page_to": self.page_to,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """One number of a gazette with its contents. `sha256` is the whole-issue PDF, once typeset."""

    id: str
    gazette: str
    gazette_name: str
    year: int
    number: int
    running_number: int | None
    cover_date: date | None
    state: IssueState
    published_at: datetime | None
    sha256: str | None
    pages: int | None
    entries: tuple[Entry, ...]

    @property
    def address(self) -> IssueAddress:
        return IssueAddress(gazette=self.gazette, year=self.year, number=self.number)

    def to_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "address": str(self.address),
            "gazette": self.gazette,
            "gazette_name": self.gazette_name,
            "year": self.year,
            "number": self.number,
            "running_number": self.running_number,
            "cover_date": self.cover_date.isoformat() if self.cover_date else None,
            "state": self.state.value,
            "published_at": self.published_at.isoformat() if self.published_at else None,
            "sha256": self.sha256,
            "pages": self.pages,
            "entries": [entry.to_json() for entry in self.entries],
        }


class GazetteRow(Base):
    """One gazette; its id is a readable slug (jiangcheng) that stands in addresses."""

    __tablename__ = "gazettes"

    id: Mapped[str] = mapped_column(String(60), primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    name_en: Mapped[str | None] = mapped_column(Text)
    sponsor: Mapped[str | None] = mapped_column(Text)
    #: 栏目 in printing order, configurable per gazette.
    columns: Mapped[list[str]] = mapped_column(default=list)


class IssueRow(Base):
    """One number. `state` is draft or published; `sha256` is the whole-issue PDF once typeset."""

    __tablename__ = "issues"
    __table_args__ = (UniqueConstraint("gazette_id", "year", "number"),)

    id: Mapped[str] = mapped_column(String(12), primary_key=True, default=new_id)
    gazette_id: Mapped[str] = mapped_column(ForeignKey("gazettes.id"))
    year: Mapped[int]
    number: Mapped[int]
    running_number: Mapped[int | None]
    cover_date: Mapped[date | None]
    state: Mapped[str] = mapped_column(String(10), default="draft")
    published_at: Mapped[datetime | None]
    sha256: Mapped[str | None] = mapped_column(String(64))
    pages: Mapped[int | None]


class EntryRow(Base):
    """One line of an issue's contents: column, order, page range and the document printed there."""

    __tablename__ = "entries"
    __table_args__ = (UniqueConstraint("issue_id", "position"),)

    id: Mapped[str] = mapped_column(String(12), primary_key=True, default=new_id)
    issue_id: Mapped[str] = mapped_column(ForeignKey("issues.id"))
    position: Mapped[int]
    column: Mapped[str | None] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    document_id: Mapped[str | None] = mapped_column(ForeignKey("documents.id"), index=True)
    version_id: Mapped[str | None] = mapped_column(ForeignKey("versions.id"))
    page_from: Mapped[int | None]
    page_to: Mapped[int | None]


def parse_issue_address(text: str) -> IssueAddress:
    """gazette/year/number as typed; raises BadInput."""
    match = _ADDRESS.fullmatch(text.strip())
    if match is None:
        raise BadInput(why=f"期次应写作 公报/年份/期号，如 jiangcheng/2024/3，而不是 {text}")
    return IssueAddress(gazette=match["gazette"], year=int(match["year"]), number=int(match["number"]))


def get_gazette(session: Session, gazette: str) -> Gazette:
    """One gazette; raises NotFound."""
    row = session.get(GazetteRow, gazette)
    if row is None:
        raise NotFound(what=f"公报 {gazette}")
    return _gazette(row)


def list_gazettes(session: Session) -> tuple[Gazette, ...]:
    return tuple(_gazette(row) for row in session.scalars(select(GazetteRow).order_by(GazetteRow.id)))


def get_issue(session: Session, address: IssueAddress, *, published_only: bool = False) -> Issue:
    """One issue with its contents; raises NotFound. The public asks with `published_only`."""
    found = _read_issues(
        session,
        [IssueRow.gazette_id == address.gazette, IssueRow.year == address.year, IssueRow.number == address.number],
        published_only,
    )
    if not found:
        raise NotFound(what=f"公报期次 {address}")
    return found[0]


def list_issues(
    session: Session, gazette: str | None = None, year: int | None = None, *, published_only: bool = False
) -> tuple[Issue, ...]:
    """Issues with their contents, newest first; of one gazette or year, if named."""
    wanted: list[Any] = []
    if gazette is not None:
        wanted.append(IssueRow.gazette_id == gazette)
    if year is not None:
        wanted.append(IssueRow.year == year)
    return _read_issues(session, wanted, published_only)


def issue_years(session: Session, gazette: str, *, published_only: bool = False) -> tuple[int, ...]:
    """The years of which issues are held, newest first."""
    query = select(IssueRow.year).where(IssueRow.gazette_id == gazette).distinct().order_by(IssueRow.year.desc())
    if published_only:
        query = query.where(IssueRow.state == IssueState.PUBLISHED)
    return tuple(session.scalars(query))


def find_issue_row(session: Session, address: IssueAddress) -> IssueRow | None:
    query = select(IssueRow).filter_by(gazette_id=address.gazette, year=address.year, number=address.number)
    return session.scalar(query)


def _read_issues(session: Session, wanted: Sequence[Any], published_only: bool) -> tuple[Issue, ...]:
    query = (
        select(IssueRow, GazetteRow.name)
        .join(GazetteRow, GazetteRow.id == IssueRow.gazette_id)
        .where(*wanted)
        .order_by(IssueRow.year.desc(), IssueRow.number.desc(), IssueRow.gazette_id)
    )
    if published_only:
        query = query.where(IssueRow.state == IssueState.PUBLISHED)
    rows = session.execute(query).all()
    entries: dict[str, list[Entry]] = {issue.id: [] for issue, _ in rows}
    for batch in in_batches(entries):
        contents = select(EntryRow).where(EntryRow.issue_id.in_(batch)).order_by(EntryRow.position)
        for row in session.scalars(contents):
            entries[row.issue_id].append(_entry(row))
    return tuple(_issue(issue, name, tuple(entries[issue.id])) for issue, name in rows)


def _gazette(row: GazetteRow) -> Gazette:
    return Gazette(id=row.id, name=row.name, name_en=row.name_en, sponsor=row.sponsor, columns=tuple(row.columns))


def _entry(row: EntryRow) -> Entry:
    return Entry(
        position=row.position,
        column=row.column,
        title=row.title,
        document=row.document_id,
        version=row.version_id,
        page_from=row.page_from,
        page_to=row.page_to,
    )


def _issue(row: IssueRow, name: str, entries: tuple[Entry, ...]) -> Issue:
    return Issue(
        id=row.id,
        gazette=row.gazette_id,
        gazette_name=name,
        year=row.year,
        number=row.number,
        running_number=row.running_number,
        cover_date=row.cover_date,
        state=IssueState(row.state),
        published_at=row.published_at,
        sha256=row.sha256,
        pages=row.pages,
        entries=entries,
    )
