"""Doubts about evidence: why an effect that a text states has not become part of the record's answer.

A label must never be wrong in silence, so what stands in the way is worked out and said: the text is not held, two
texts bear its title, its number is another, it is younger than its own end, the act was taken down, its day does not
exist, or it is itself said to end the text that ends it. All of it follows from what the record holds, never from the
order in which it came; what is decided (`gazette.validity.rulings`) and what is said about it are worked out by one
function.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from gazette.citations.numbers import parse_doc_number
from gazette.citations.resolution import find_by_key
from gazette.citations.waiting import names_of
from gazette.dates import is_impossible
from gazette.draft import DocNumber
from gazette.errors import Finding, Level, Locator
from gazette.record.carriage import CARRIAGE
from gazette.record.documents import DocumentRow, DocumentState, IdentifierKind, IdentifierRow, VersionRow, VersionState
from gazette.store import in_batches
from gazette.validity.cycles import ENDING, End, Ends
from gazette.validity.events import Event, EventRow, EventState, list_acts, to_event

#: The doubt about what a text states that is public no longer.
TAKEN_DOWN = "effect.act_withdrawn"

_GONE = (DocumentState.WITHDRAWN, DocumentState.PURGED)
#: Doubts that say nothing of a document that bears the name: an older text of its title is meant, or another's.
_OF_OTHERS = frozenset({"effect.unknown_target", "effect.unpublished_target"})


@dataclass(frozen=True, slots=True)
class Namesake:
    """A held document of a title that several may bear; `numbers` tell it from the others."""

    document: str
    title: str
    numbers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Weighed:
    """The one document that an event means, if that is clear, and why the event cannot count by itself, if so."""

    document: str | None
    doubt: Finding | None = None


def find_doubts(session: Session, act: str) -> tuple[Finding, ...]:
    """What stands in the way of the effects that the document `act` states on others, by their day."""
    named = (event for event in list_acts(session, act) if event.target_title or event.target_number)
    stated = (event for event in named if event.rule != CARRIAGE)
    return tuple(doubts_of(session, stated).values())


def find_doubts_about(session: Session, document: str) -> tuple[tuple[Event, Finding], ...]:
    """What is stated of `document` and does not count, each with what stands in its way: what may concern it, for all
    that the record knows, and has not been decided."""
    names = names_of(session, (document,)).conditions(EventRow.target_key, EventRow.target_number)
    said = (
        select(EventRow, DocumentRow.title)
        .outerjoin(DocumentRow, DocumentRow.id == EventRow.act_document_id)
        .where(
            or_(EventRow.document_id == document, *names),
            EventRow.state == EventState.PROPOSED.value,
            EventRow.known_to.is_(None),
            EventRow.rule.is_distinct_from(CARRIAGE),
            or_(EventRow.act_document_id.is_distinct_from(document), EventRow.target_key.is_(None)),
        )
        .order_by(EventRow.date, EventRow.id)
    )
    events = [to_event(row, title) for row, title in session.execute(said) if row.document_id in (None, document)]
    doubts = doubts_of(session, events)
    return tuple((each, doubts[each.id]) for each in events if each.id in doubts and _concerns(doubts[each.id], each))


def doubts_of(session: Session, events: Iterable[Event]) -> dict[str, Finding]:
    """The doubt about each proposed event that has one, by the event's id; none for one that stands, was decided, or is
    merely not sure enough."""
    scales = Scales(session)
    open_ones = (event for event in events if event.state is EventState.PROPOSED and event.known_to is None)
    return {event.id: doubt for event in open_ones if (doubt := scales.weigh(event).doubt)}


def find_candidates(session: Session, events: Iterable[Event]) -> dict[str, tuple[Namesake, ...]]:
    """The held documents that an event may mean by its title, by the event's id, where it is not clear which."""
    found: dict[str, tuple[Namesake, ...]] = {}
    for event in events:
        named = find_by_key(session, event.target_title, None) if not event.document else ()
        found[event.id] = tuple(_namesake(session, each) for each in named if each != event.act_document)
    return {event: namesakes for event, namesakes in found.items() if namesakes}


class Scales:
    """Weighs events against the record; what it looks up it looks up once."""

    def __init__(self, session: Session) -> None:
        self.ends = Ends(session)
        self._session = session
        self._named: dict[tuple[str | None, str | None], tuple[str, ...]] = {}
        self._states: dict[str, str] = {}
        self._issued: dict[str, dt.date | None] = {}
        self._days: dict[str, tuple[dt.date | None, ...]] = {}

    def weigh(self, event: Event) -> Weighed:
        """What an event means, and why it cannot count by itself."""
        weighed = self.find_meant(event)
        if weighed.doubt or weighed.document is None:
            return weighed
        return Weighed(weighed.document, _impossible(event) or self._bar(event, weighed.document))

    def find_meant(self, event: Event) -> Weighed:
        """What an event means by the name it gives, and why that is not clear."""
        if not (event.target_title or event.target_number):
            return Weighed(event.document)
        number = parse_doc_number(event.target_number)
        named = self._named_by(event.target_title, number)
        held = self._held(named, event)
        if not held:
            return Weighed(None, self._why_not_held(event, number, named))
        older = self._older(held, event)
        if len(held) > 1:
            if len(older) == 1:
                return Weighed(older[0])
            count = len(older) or len(held)
            return Weighed(None, _warning(event, "effect.ambiguous", f"“{_name(event)}”对应{count}件文件，须编辑选定"))
        if event.kind in ENDING and event.date and not older:
            # Of a title alone, an older text of that title is meant; the number says that it is this one.
            is_this = number is not None and bool(_numbers(self._session, held))
            said = f"“{_name(event)}”晚于所载的终止日期{_zh(event.date)}"
            return Weighed(held[0] if is_this else None, _warning(event, "effect.before_target", said))
        return Weighed(held[0])

    def _bar(self, event: Event, document: str) -> Finding | None:
        """What stands in the way of an event although it is clear which document it means."""
        if event.act_document is None or event.act_document == document:
            return None
        if self._state(event.act_document) in _GONE:
            return _warning(event, TAKEN_DOWN, "载明此事的文件已撤下，须编辑判断")
        ring: tuple[str, ...] = ()
        if event.kind in ENDING:
            end = End(event.act_document, self._issue_day(event.act_version), document, event.date)
            ring = self.ends.find_ring(end)
        if not ring:
            return None
        names = "→".join(f"《{self._session.get_one(DocumentRow, each).title}》" for each in (*ring, ring[0]))
        return _warning(event, "effect.cycle", f"相互废止：{names}，须编辑判断")

    def _why_not_held(self, event: Event, number: DocNumber | None, named: Iterable[str]) -> Finding:
        name = _name(event)
        if any(each != event.act_document for each in named):
            return _finding(event, Level.INFO, "effect.unpublished_target", f"“{name}”尚未发布，发布后再关联")
        if event.target_title and number:
            namesakes = self._held(self._named_by(event.target_title, None), event)
            if numbers := _numbers(self._session, namesakes):
                said = f"“{name}”的文号为{'、'.join(numbers)}，文中写作{event.target_number}"
                return _warning(event, "effect.number_differs", said)
        return _finding(event, Level.INFO, "effect.unknown_target", f"“{name}”未收录，收录后再关联")

    def _held(self, documents: Iterable[str], event: Event) -> list[str]:
        """Those that may be meant: never the act itself, and a draft touches nothing."""
        others = (each for each in documents if each != event.act_document)
        return [each for each in others if self._state(each) != DocumentState.DRAFT]

    def _older(self, documents: list[str], event: Event) -> list[str]:
        """Those of which a text was issued before the event: nobody decides on what is not there yet."""
        issued = self._issue_day(event.act_version)
        day = event.date or issued if event.kind in ENDING else issued or event.date
        return [each for each in documents if day is None or self._is_older(each, day)]

    def _is_older(self, document: str, day: dt.date) -> bool:
        """Whether some text of the document had been issued before `day`; unknown days do not count against it."""
        if document not in self._days:
            issued = select(VersionRow.version_date).where(VersionRow.document_id == document)
            public = self._session.scalars(issued.where(VersionRow.state == VersionState.PUBLISHED.value)).all()
            self._days[document] = tuple(public or self._session.scalars(issued))
        return any(each is None or each < day for each in self._days[document])

    def _issue_day(self, version: str | None) -> dt.date | None:
        if version is None:
            return None
        if version not in self._issued:
            query = select(VersionRow.version_date).where(VersionRow.id == version)
            self._issued[version] = self._session.scalar(query)
        return self._issued[version]

    def _state(self, document: str) -> str:
        if document not in self._states:
            self._states[document] = self._session.get_one(DocumentRow, document).state
        return self._states[document]

    def _named_by(self, title: str | None, number: DocNumber | None) -> tuple[str, ...]:
        name = (title, number.normalized if number else None)
        if name not in self._named:
            self._named[name] = find_by_key(self._session, title, number)
        return self._named[name]


def _impossible(event: Event) -> Finding | None:
    if event.date is None and is_impossible(event.date_rule):
        return _warning(event, "effect.date_impossible", f"所载{event.date_rule}")
    return None


def _namesake(session: Session, document: str) -> Namesake:
    title = session.get_one(DocumentRow, document).title
    return Namesake(document, title, tuple(_numbers(session, (document,))))


def _concerns(doubt: Finding, event: Event) -> bool:
    """Whether a doubt about an event that names a document by its title says something of that document."""
    is_other = doubt.code in _OF_OTHERS or (doubt.code == "effect.before_target" and event.document is None)
    return not is_other


def _numbers(session: Session, documents: Iterable[str]) -> list[str]:
    numbers = select(IdentifierRow.raw).where(IdentifierRow.kind == IdentifierKind.DOC_NUMBER.value)
    found: dict[str, None] = {}
    for batch in in_batches(sorted(documents)):
        of_these = numbers.where(IdentifierRow.document_id.in_(batch)).order_by(IdentifierRow.value)
        found |= dict.fromkeys(session.scalars(of_these))
    return list(found)


def _name(event: Event) -> str | None:
    return event.target_title or event.target_number


def _zh(day: dt.date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _warning(event: Event, code: str, message: str) -> Finding:
    return _finding(event, Level.WARNING, code, message)


def _finding(event: Event, level: Level, code: str, message: str) -> Finding:
    where = Locator(eid=event.locator.eid, quote=event.quote)
    return Finding(level=level, code=code, message=message, locator=where)
