"""Reports of errors (我为政府网站找错) that readers send about a document."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import ForeignKey, String, Text, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from gazette.errors import BadInput, Conflict, NotFound
from gazette.store import Base, Store, new_id, now

LONGEST_MESSAGE = 2000
LONGEST_FIELD = 200


class ErrorReportRow(Base):
    """One report. Nothing is kept of the sender but what was written; `closed_at` is when an editor settled it."""

    __tablename__ = "error_reports"

    id: Mapped[str] = mapped_column(String(12), primary_key=True, default=new_id)
    document_id: Mapped[str] = mapped_column(ForeignKey("documents.id"), index=True)
    place: Mapped[str] = mapped_column(Text)
    message: Mapped[str] = mapped_column(Text)
    contact: Mapped[str] = mapped_column(Text)
    sent_at: Mapped[datetime] = mapped_column(default=now, index=True)
    closed_at: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(Text)


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorReport:
    """A report as the editors read it."""

    id: str
    document: str
    place: str
    message: str
    contact: str
    sent_at: datetime
    closed_at: datetime | None
    outcome: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportForm:
    """What a reader fills in: the place in the text, what is wrong, and, if wished, how to answer."""

    place: str = ""
    message: str = ""
    contact: str = ""

    @classmethod
    def from_mapping(cls, form: Mapping[str, str]) -> ReportForm:
        return cls(**{name: form.get(name, "").strip() for name in ("place", "message", "contact")})

    def errors(self) -> tuple[tuple[str, str], ...]:
        """(field, message) for each field that must be corrected."""
        found = []
        if not self.message:
            found.append(("message", _("请写明哪里有错")))
        if len(self.message) > LONGEST_MESSAGE:
            found.append(("message", _("内容请不要超过%(n)s字", n=LONGEST_MESSAGE)))
        for name in ("place", "contact"):
            if len(getattr(self, name)) > LONGEST_FIELD:
                found.append((name, _("内容请不要超过%(n)s字", n=LONGEST_FIELD)))
        return tuple(found)


def save_report(store: Store, document_id: str, form: ReportForm) -> str:
    """Keep a report; returns its id."""
    with store.write() as session:
        row = ErrorReportRow(document_id=document_id, place=form.place, message=form.message, contact=form.contact)
        session.add(row)
        session.flush()
        return row.id


def list_reports(session: Session, *, open_only: bool = True, limit: int = 200) -> tuple[ErrorReport, ...]:
    """Reports for the editors' desk: the open ones, oldest first, or all, newest first."""
    query = select(ErrorReportRow).limit(limit)
    if open_only:
        query = query.where(ErrorReportRow.closed_at.is_(None)).order_by(ErrorReportRow.sent_at)
    else:
        query = query.order_by(ErrorReportRow.sent_at.desc())
    return tuple(
        ErrorReport(
            id=row.id,
            document=row.document_id,
            place=row.place,
            message=row.message,
            contact=row.contact,
            sent_at=row.sent_at,
            closed_at=row.closed_at,
            outcome=row.outcome,
        )
        for row in session.scalars(query)
    )


def close_report(store: Store, report_id: str, outcome: str) -> None:
    """Settle a report, saying how. Raises BadInput, NotFound, Conflict."""
    if not outcome.strip():
        raise BadInput(why=_("请写明处理结果"))
    with store.write() as session:
        row = session.get(ErrorReportRow, report_id)
        if row is None:
            raise NotFound(what=report_id)
        if row.closed_at is not None:
            raise Conflict(why=_("该报告已办结"))
        row.closed_at, row.outcome = now(), outcome.strip()[:LONGEST_MESSAGE]


def count_reports(session: Session) -> int:
    """How many reports are open."""
    is_open = ErrorReportRow.closed_at.is_(None)
    return session.scalar(select(func.count()).select_from(ErrorReportRow).where(is_open)) or 0
