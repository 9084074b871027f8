"""The record counted and listed: by agency, subject and year, by latest change.

Only published documents are told of. Lists are of ids and titles; who wants a whole document asks
`gazette.record.reading`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import Session

from gazette.issues.issue import IssueRow, IssueState
from gazette.record.agencies import AgencyRow
from gazette.record.documents import CopyRow, DocumentRow, DocumentState, IssuerRow, VersionRow, VersionState


@dataclass(frozen=True, slots=True)
class Count:
    """How many published documents share a value."""

    value: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Holdings:
    """How much is held; `drafts` are documents that wait for review."""

    documents: int
    versions: int
    copies: int
    issues: int
    agencies: int
    drafts: int
    withdrawn: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One document in a list."""

    id: str
    title: str
    updated_at: datetime


def counts(session: Session) -> Holdings:
    """How much is published, and how much waits or was withdrawn."""
    states = dict.fromkeys(DocumentState, 0)
    for state, number in session.execute(select(DocumentRow.state, func.count()).group_by(DocumentRow.state)):
        states[DocumentState(state)] = number
    versions = (
        select(VersionRow.id)
        .join(DocumentRow, DocumentRow.id == VersionRow.document_id)
        .where(_published(), VersionRow.state == VersionState.PUBLISHED.value)
    )
    issues = select(func.count()).select_from(IssueRow).where(IssueRow.state == IssueState.PUBLISHED.value)
    return Holdings(
        documents=states[DocumentState.PUBLISHED],
        versions=session.scalar(select(func.count()).select_from(versions.subquery())) or 0,
        copies=session.scalar(select(func.count()).select_from(CopyRow).where(CopyRow.version_id.in_(versions))) or 0,
        issues=session.scalar(issues) or 0,
        agencies=len(count_agencies(session)),
        drafts=states[DocumentState.DRAFT],
        withdrawn=states[DocumentState.WITHDRAWN],
    )


def count_agencies(session: Session, limit: int | None = None) -> tuple[Count, ...]:
    """发文机关, those with most documents first."""
    query = (
        select(AgencyRow.name, func.count())
        .join(IssuerRow, IssuerRow.agency_id == AgencyRow.id)
        .join(DocumentRow, DocumentRow.id == IssuerRow.document_id)
        .where(_published())
        .group_by(AgencyRow.name)
        .order_by(func.count().desc(), AgencyRow.name)
        .limit(limit)
    )
    return tuple(Count(value, count) for value, count in session.execute(query) if value)


def count_themes(session: Session, limit: int | None = None) -> tuple[Count, ...]:
    """主题分类, those with most documents first."""
    query = (
        select(DocumentRow.theme, func.count())
        .where(_published(), DocumentRow.theme.is_not(None))
        .group_by(DocumentRow.theme)
        .order_by(func.count().desc(), DocumentRow.theme)
        .limit(limit)
    )
    return tuple(Count(value, count) for value, count in session.execute(query) if value)


def count_years(session: Session) -> tuple[Count, ...]:
    """Years in which documents were published (any of their versions), newest first."""
    year = func.extract("year", VersionRow.published_date)
    query = (
        select(year, func.count(VersionRow.document_id.distinct()))
        .join(DocumentRow, DocumentRow.id == VersionRow.document_id)
        .where(_published(), VersionRow.published_date.is_not(None), _is_original())
        .group_by(year)
        .order_by(year.desc())
    )
    return tuple(Count(str(int(value)), count) for value, count in session.execute(query))


def list_latest(
    session: Session, limit: int, *, offset: int = 0, issuer: str | None = None, since: datetime | None = None
) -> tuple[Listed, ...]:
    """Published documents, the latest change first; of one agency, or changed at or after `since`, if given."""
    query = _listing().order_by(DocumentRow.updated_at.desc(), DocumentRow.id).limit(limit).offset(offset)
    if since is not None:
        query = query.where(DocumentRow.updated_at >= since)
    return _listed(session, _of(query, issuer))


def list_after(
    session: Session, after: str, limit: int, *, offset: int = 0, issuer: str | None = None
) -> tuple[Listed, ...]:
    """Published documents in the order of their ids, those after the id `after`: a cursor without a ceiling."""
    query = _listing().where(DocumentRow.id > after).order_by(DocumentRow.id).limit(limit).offset(offset)
    return _listed(session, _of(query, issuer))


def count_updated(session: Session, since: datetime) -> int:
    """How many published documents changed at or after `since`."""
    query = select(func.count()).select_from(DocumentRow).where(_published(), DocumentRow.updated_at >= since)
    return session.scalar(query) or 0


def name_subjects(session: Session, ids: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Document and title by the id of a document or of one of its versions, whatever their state: for editors."""
    wanted = sorted(ids)
    documents = session.execute(select(DocumentRow.id, DocumentRow.title).where(DocumentRow.id.in_(wanted)))
    named = {document: (document, title) for document, title in documents}
    versions = session.execute(
        select(VersionRow.id, VersionRow.document_id, VersionRow.title).where(VersionRow.id.in_(wanted))
    )
    return named | {version: (document, title) for version, document, title in versions}


def find_titles(session: Session, text: str, limit: int) -> tuple[str, ...]:
    """Ids of published documents whose title holds `text`; what is left of searching when the index is away."""
    query = _listing().where(DocumentRow.title.contains(text, autoescape=True)).order_by(DocumentRow.title).limit(limit)
    return tuple(each.id for each in _listed(session, query))


def _published() -> ColumnElement[bool]:
    return DocumentRow.state == DocumentState.PUBLISHED.value


def _is_original() -> ColumnElement[bool]:
    """A published version that is no translation."""
    return and_(VersionRow.state == VersionState.PUBLISHED.value, VersionRow.is_translation.is_(False))


def _listing() -> Select[str, str, datetime]:
    return select(DocumentRow.id, DocumentRow.title, DocumentRow.updated_at).where(_published())


def _of(query: Select[str, str, datetime], issuer: str | None) -> Select[str, str, datetime]:
    if issuer is None:
        return query
    return (
        query.join(IssuerRow, IssuerRow.document_id == DocumentRow.id)
        .join(AgencyRow, AgencyRow.id == IssuerRow.agency_id)
        .where(AgencyRow.name == issuer)
    )


def _listed(session: Session, query: Select[str, str, datetime]) -> tuple[Listed, ...]:
    return tuple(Listed(id=id_, title=title, updated_at=at) for id_, title, at in session.execute(query))
