"""Rulings (裁断): which of the events that texts state count by themselves, judged anew whenever the record changes.

What the machine makes of an event follows from what the record holds and from nothing else: the same texts give the
same answer in whatever order they came. So the events that a document states or is named by are judged anew when it
arrives, is dated or named otherwise, is taken down or merged. What an editor decided stays as it was decided.

The acceptance policy is asked once, when it is first clear which document an event means: its word holds from then on.
What the record said before stays askable: an event that is judged otherwise leaves a closed copy behind.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, inspect, or_, select
from sqlalchemy.orm import Session

from gazette.citations.waiting import names_of
from gazette.record.carriage import CARRIAGE
from gazette.store import in_batches, new_id, now
from gazette.validity.acceptance import Acceptance, get_acceptance
from gazette.validity.cycles import ENDING
from gazette.validity.doubts import Scales
from gazette.validity.events import EventKind, EventRow, EventState, Origin, Ruling, to_event

#: The doubt that leaves it open whether the document named is meant at all.
_NOT_MEANT = "effect.before_target"
_ENDING = tuple(kind.value for kind in ENDING)


@dataclass(frozen=True, slots=True)
class Settled:
    """The documents whose events changed, and the acts that state those events."""

    documents: frozenset[str]
    acts: frozenset[str]


@dataclass(slots=True)
class _Case:
    """An event under judgement, and what the record said of it before."""

    row: EventRow
    document: str | None
    state: str

    @property
    def is_changed(self) -> bool:
        return (self.row.document_id, self.row.state) != (self.document, self.state)

    @property
    def bears_on(self) -> set[str]:
        return {each for each in (self.document, self.row.document_id) if each}


def settle(
    session: Session, documents: Collection[str], *, new: Collection[str] = (), ended: Iterable[str] = ()
) -> Settled:
    """Judge anew what concerns `documents`, which came, changed or left.

    `new` are events recorded just now, `ended` further documents that texts said to end and say so no longer, or that
    an editor decided on.
    """
    session.flush()
    policy, scales = get_acceptance(session), Scales(session)
    cases = _cases(_concerned(session, documents))
    for case in cases:
        _tie(case.row, scales, policy, is_new=case.row.id in new)
    session.flush()
    # What a text ends may be an end's own text.
    victims = {*ended, *(each for case in cases if case.row.kind in _ENDING for each in case.bears_on)}
    held = {case.row.id for case in cases}
    further = _endings_by(session, scales.ends.reached_from(victims))
    cases += _cases(row for row in further if row.id not in held)
    for row in (case.row for case in cases if case.row.ruling != Ruling.DECIDED):
        counts = row.ruling == Ruling.COUNTS and scales.weigh(to_event(row)).doubt is None
        row.state = (EventState.ACCEPTED if counts else EventState.PROPOSED).value
    changed = [case for case in cases if case.is_changed]
    for case in changed:
        _leave_behind(session, case.row, {"document_id": case.document, "state": case.state})
    session.flush()
    return Settled(
        frozenset[str]().union(*(case.bears_on for case in changed)),
        frozenset(case.row.act_document_id for case in changed if case.row.act_document_id),
    )


def restate(session: Session, row: EventRow, said: Mapping[str, Any]) -> None:
    """Have an event say the same in other words, on another day; it is the same event, and is judged as such."""
    former = {name: getattr(row, name) for name in ("document_id", *said)}
    for name, value in said.items():
        setattr(row, name, value)
    _leave_behind(session, row, former)


def _cases(rows: Iterable[EventRow]) -> list[_Case]:
    return [_Case(row, row.document_id, row.state) for row in rows]


def _concerned(session: Session, documents: Collection[str]) -> Sequence[EventRow]:
    """The undecided events that the documents state, that are held to mean them, or that name them."""
    found: dict[str, EventRow] = {}
    for batch in in_batches(sorted(documents)):
        of_them = or_(EventRow.act_document_id.in_(batch), EventRow.document_id.in_(batch))
        found |= {row.id: row for row in session.scalars(select_undecided().where(of_them))}
    for named_so in names_of(session, documents).conditions(EventRow.target_key, EventRow.target_number):
        found |= {row.id: row for row in session.scalars(select_undecided().where(named_so))}
    return list(found.values())


def _endings_by(session: Session, documents: Iterable[str]) -> Iterable[EventRow]:
    """The undecided ends that the documents state."""
    for batch in in_batches(sorted(documents)):
        of_them = EventRow.act_document_id.in_(batch), EventRow.kind.in_(_ENDING)
        yield from session.scalars(select_undecided().where(*of_them))


def select_undecided() -> Select[EventRow]:
    """Events that texts state of others and that no editor has decided, or of which it is not known whom they mean."""
    return select(EventRow).where(
        EventRow.target_key.is_not(None),
        EventRow.known_to.is_(None),
        or_(EventRow.ruling.is_distinct_from(Ruling.DECIDED.value), EventRow.document_id.is_(None)),
        EventRow.rule.is_distinct_from(CARRIAGE),
    )


def _tie(row: EventRow, scales: Scales, policy: Acceptance, *, is_new: bool) -> None:
    """Tie an event to the document that it means; the first time, ask the policy."""
    weighed = scales.find_meant(to_event(row))
    row.document_id = weighed.document
    is_meant = weighed.document and not (weighed.doubt and weighed.doubt.code == _NOT_MEANT)
    if row.ruling is None and is_meant:
        is_sure = policy.accepts(Origin(row.origin), EventKind(row.kind), row.confidence or 0) and bool(row.quote)
        row.ruling = (Ruling.COUNTS if is_sure and (is_new or policy.on_arrival) else Ruling.WAITS).value


def _leave_behind(session: Session, row: EventRow, former: Mapping[str, Any]) -> None:
    """Let an event say what it says from now on, and leave a closed copy of what the record said of a document."""
    moment = now()
    if former["document_id"] is not None:
        held = {attribute.key: getattr(row, attribute.key) for attribute in inspect(EventRow).column_attrs}
        session.add(EventRow(**{**held, **former, "id": new_id(), "known_to": moment}))
    row.known_from = moment
