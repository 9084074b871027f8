"""政府公报: years with their numbers, gaps shown, and one issue's contents by column."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from gazette.issues.gazettes import IssueAddress, get_issue, list_issues
from gazette.issues.issue import Entry, Gazette, Issue, get_gazette, issue_years, list_gazettes


@dataclass(frozen=True, slots=True, kw_only=True)
class GazetteLine:
    """One gazette in the list, with its years and latest issue."""

    gazette: Gazette
    years: tuple[int, ...]
    latest: Issue | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberLine:
    """One number of a year; without an issue it is a gap (缺)."""

    number: int
    issue: Issue | None


@dataclass(frozen=True, slots=True, kw_only=True)
class YearPage:
    gazette: Gazette
    year: int
    years: tuple[int, ...]
    lines: tuple[NumberLine, ...]

    @property
    def missing(self) -> int:
        return sum(line.issue is None for line in self.lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnPart:
    """One 栏目 with its entries."""

    name: str | None
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuePage:
    gazette: Gazette
    issue: Issue
    columns: tuple[ColumnPart, ...]
    before: Issue | None
    after: Issue | None


def read_gazettes(session: Session) -> tuple[GazetteLine, ...]:
    lines = []
    for gazette in list_gazettes(session):
        years = issue_years(session, gazette.id, published_only=True)
        latest = list_issues(session, gazette.id, years[0], published_only=True)[0] if years else None
        lines.append(GazetteLine(gazette=gazette, years=years, latest=latest))
    return tuple(lines)


def read_year(session: Session, gazette: str, year: int) -> YearPage:
    """Raises NotFound for a gazette that is not held; a year without issues is a page that says so."""
    found = get_gazette(session, gazette)
    issues = {issue.number: issue for issue in list_issues(session, gazette, year, published_only=True)}
    numbers = range(max(issues, default=0), 0, -1)
    return YearPage(
        gazette=found,
        year=year,
        years=issue_years(session, gazette, published_only=True),
        lines=tuple(NumberLine(number=number, issue=issues.get(number)) for number in numbers),
    )


def read_issue(session: Session, address: IssueAddress) -> IssuePage:
    """Raises NotFound."""
    issue = get_issue(session, address, published_only=True)
    years = issue_years(session, address.gazette, published_only=True)
    near = [year for year in years if abs(years.index(year) - years.index(issue.year)) <= 1]
    row = sorted(
        (each for year in near for each in list_issues(session, address.gazette, year, published_only=True)),
        key=lambda each: (each.year, each.number),
    )
    place = [each.id for each in row].index(issue.id)
    return IssuePage(
        gazette=get_gazette(session, address.gazette),
        issue=issue,
        columns=_columns(issue.entries),
        before=row[place - 1] if place else None,
        after=row[place + 1] if place + 1 < len(row) else None,
    )


def _columns(entries: Sequence[Entry]) -> tuple[ColumnPart, ...]:
    """Entries by column, columns in the order they begin."""
    parts: dict[str | None, list[Entry]] = {}
    for entry in entries:
        parts.setdefault(entry.column, []).append(entry)
    return tuple(ColumnPart(name=name, entries=tuple(each)) for name, each in parts.items())
