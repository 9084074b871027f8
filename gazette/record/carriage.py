"""Carriage (印发): a notice and the measures it carries stand and fall together.

A clean-up repeals 《关于印发〈甲办法〉的通知》 and means 甲办法; 甲办法 says when it commences and the notice that
carries it says nothing. So what is said of one is kept for the other too, as an event of its own with the same
evidence, and goes when the event that it repeats goes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from gazette.record.documents import DocumentRow
from gazette.store import now
from gazette.validity.events import EventKind, EventRow

#: `rule` of an event that repeats what was said of the other of the two.
CARRIAGE = "carriage"

#: What another document says of one of them and so of both. Amendments and partial repeals name provisions, which
#: only the measures have.
_FATE = frozenset(
    {
        EventKind.REPEALED,
        EventKind.LAPSED,
        EventKind.ATTESTED,
        EventKind.SUSPENDED,
        EventKind.RESUMED,
        EventKind.RENEWED,
    }
)
#: What the measures say of themselves and so of the notice, which has no other content.
_TERM = frozenset({EventKind.COMMENCED, EventKind.LAPSED})

_REPEATED = (
    "kind",
    "date",
    "date_rule",
    "target_title",
    "target_number",
    "target_key",
    "scope",
    "act_document_id",
    "act_version_id",
    "quote",
    "locator",
    "source_url",
    "origin",
    "label",
    "state",
    "confidence",
)


@dataclass(frozen=True, slots=True)
class _Family:
    """A notice and what it carries."""

    carrier: str
    carried: tuple[str, ...]

    @property
    def members(self) -> tuple[str, ...]:
        return (self.carrier, *self.carried)


def share_fate(session: Session, document_id: str) -> tuple[str, ...]:
    """Bring the repeated events in the family of `document_id` up to date; returns the documents that changed."""
    session.flush()
    family = _find_family(session, document_id)
    if family is None:
        return ()
    rows = session.scalars(
        select(EventRow).where(EventRow.document_id.in_(family.members), EventRow.known_to.is_(None))
    ).all()
    stated = [row for row in rows if row.rule != CARRIAGE]
    said = {(row.document_id, _content(row)) for row in stated}
    wanted = {
        (member, _content(row)): row
        for row in stated
        for member in _heirs(row, family, stated)
        if (member, _content(row)) not in said
    }
    held = {(row.document_id or "", _content(row)): row for row in rows if row.rule == CARRIAGE}
    for key in held.keys() - wanted.keys():
        held[key].known_to = now()
    for key in wanted.keys() - held.keys():
        session.add(_repeat(wanted[key], key[0]))
    session.flush()
    return tuple(sorted({member for member, _ in held.keys() ^ wanted.keys()}))


def _find_family(session: Session, document_id: str) -> _Family | None:
    document = session.get_one(DocumentRow, document_id)
    carrier = document.carried_by_id or document.id
    carried = tuple(session.scalars(select(DocumentRow.id).filter_by(carried_by_id=carrier).order_by(DocumentRow.id)))
    return _Family(carrier, carried) if carried else None


def _heirs(row: EventRow, family: _Family, stated: Sequence[EventRow]) -> Iterator[str]:
    """The members of whom `row`, said of one of them, holds too."""
    kind, is_own = EventKind(row.kind), row.act_document_id in family.members
    if row.provisions or row.scope != "whole":
        return
    if row.document_id == family.carrier:
        if kind in _FATE and not is_own:
            yield from family.carried
        return
    if len(family.carried) == 1 and kind in (_TERM if is_own else _FATE) and not _has_own(family, stated, kind):
        yield family.carrier


def _has_own(family: _Family, stated: Sequence[EventRow], kind: EventKind) -> bool:
    """Whether the notice itself says when it commences, or how long it holds."""
    return kind in _TERM and any(
        row.document_id == family.carrier and row.act_document_id == family.carrier and row.kind == kind
        for row in stated
    )


def _content(row: EventRow) -> tuple[object, ...]:
    """What makes two events say the same."""
    return row.kind, row.date, row.act_document_id, row.origin, row.state


def _repeat(row: EventRow, document_id: str) -> EventRow:
    repeated = {name: getattr(row, name) for name in _REPEATED}
    return EventRow(document_id=document_id, provisions=[], rule=CARRIAGE, **repeated)
