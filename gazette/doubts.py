"""Doubts about evidence: why an effect that a text states has not become part of the record's answer.

A label must never be wrong in silence, so what stands in the way is worked out and said: the text is not held, two
texts bear its title, its number is another, it is younger than its own end, or it is itself said to end the text
that ends it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from gazette.documents import IdentifierKind, IdentifierRow, VersionRow
from gazette.effects import IMPOSSIBLE
from gazette.errors import Finding, Level, Locator
from gazette.events import Event, EventKind, EventRow, EventState, list_acts
from gazette.numbers import parse_doc_number
from gazette.resolution import find_by_key
from gazette.store import in_batches

#: Events after which a text no longer stands: they cannot concern one issued later.
ENDING = frozenset({EventKind.REPEALED, EventKind.LAPSED, EventKind.PARTLY_REPEALED})
_ENDS_WHOLE = (EventKind.REPEALED.value, EventKind.LAPSED.value)
#: A chain of repeals longer than this is no history.
_LONGEST_CHAIN = 50


def find_doubts(session: Session, act: str) -> tuple[Finding, ...]:
    """What stands in the way of the effects that the document `act` states on others, in the order of the text."""
    waiting = (event for event in list_acts(session, act) if event.target_title or event.target_number)
    return tuple(finding for event in waiting if (finding := doubt_of(session, event)))


def doubts_of(session: Session, events: Iterable[Event]) -> dict[str, Finding]:
    """The doubt about each event that has one, by the event's id."""
    return {event.id: finding for event in events if (finding := doubt_of(session, event))}


def doubt_of(session: Session, event: Event) -> Finding | None:
    """Why a proposed event waits; None for one that stands, was decided, or is merely not sure enough."""
    if event.state is not EventState.PROPOSED or event.known_to is not None:
        return None
    if event.document:
        if event.act_document and ends_its_ender(session, event.act_document, event.document, event.kind):
            return _finding(event, Level.WARNING, "effect.cycle", "互相废止：该文件又废止了本件，须编辑判断")
        if event.date is None and event.date_rule and event.date_rule.endswith(IMPOSSIBLE):
            return _finding(event, Level.WARNING, "effect.date_impossible", f"所载{event.date_rule}")
        return None
    if not (event.target_title or event.target_number):
        return None
    name = event.target_title or event.target_number
    number = parse_doc_number(event.target_number)
    held = [each for each in find_by_key(session, event.target_title, number) if each != event.act_document]
    if len(held) > 1:
        return _finding(event, Level.WARNING, "effect.ambiguous", f"“{name}”对应 {len(held)} 件文件，须编辑选定")
    if held and event.kind in ENDING and event.date and not is_older(session, held[0], event.date):
        return _finding(event, Level.WARNING, "effect.before_target", f"“{name}”晚于所载的终止日期 {event.date}")
    if event.target_title and number:
        others = find_by_key(session, event.target_title, None)
        numbers = _numbers(session, others)
        if numbers:
            said = f"“{name}”的文号为{'、'.join(numbers)}，文中写作{event.target_number}"
            return _finding(event, Level.WARNING, "effect.number_differs", said)
    return _finding(event, Level.INFO, "effect.unknown_target", f"“{name}”未收录，收录后再关联")


def ends_its_ender(session: Session, act: str, target: str, kind: EventKind) -> bool:
    """Whether `target`, which `act` is to end, has itself ended `act`, or one that did, and so on."""
    if kind not in ENDING:
        return False
    reached, frontier = {act}, {act}
    for _ in range(_LONGEST_CHAIN):
        statement = select(EventRow.act_document_id).where(
            EventRow.document_id.in_(sorted(frontier)),
            EventRow.kind.in_(_ENDS_WHOLE),
            EventRow.state == EventState.ACCEPTED.value,
            EventRow.known_to.is_(None),
            EventRow.act_document_id.is_not(None),
        )
        frontier = {each for each in session.scalars(statement) if each} - reached
        if target in frontier:
            return True
        if not frontier:
            return False
        reached |= frontier
    return False


def is_older(session: Session, document: str, day: dt.date) -> bool:
    """Whether some version of the document had been issued before `day` (unknown days do not count against it)."""
    days = session.scalars(select(VersionRow.version_date).where(VersionRow.document_id == document)).all()
    return any(each is None or each < day for each in days)


def _numbers(session: Session, documents: Iterable[str]) -> list[str]:
    numbers = select(IdentifierRow.raw).where(IdentifierRow.kind == IdentifierKind.DOC_NUMBER.value)
    found: dict[str, None] = {}
    for batch in in_batches(sorted(documents)):
        of_these = numbers.where(IdentifierRow.document_id.in_(batch)).order_by(IdentifierRow.id)
        found |= dict.fromkeys(session.scalars(of_these))
    return list(found)


def _finding(event: Event, level: Level, code: str, message: str) -> Finding:
    where = Locator(eid=event.locator.eid, quote=event.quote)
    return Finding(level=level, code=code, message=message, locator=where)
