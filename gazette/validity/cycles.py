"""Cycles of repeal: texts that end each other, directly or in a ring, of which a machine cannot say who came first.

What counts is what the texts state, not what was accepted first, so the answer is the same whichever text arrived
first. A text issued after its namesake was ended is not ended by it: 甲 of 2010 ends 乙, 乙 of 2015 ends 甲, and both
are right.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from gazette.record.carriage import CARRIAGE
from gazette.record.documents import DocumentRow, DocumentState, VersionRow
from gazette.store import in_batches
from gazette.validity.events import EventKind, EventRow, EventState, Ruling

#: A text that any of these events concerns stands no more, or not in all its parts.
ENDING = frozenset({EventKind.REPEALED, EventKind.LAPSED, EventKind.PARTLY_REPEALED})
ENDS_WHOLE = (EventKind.REPEALED.value, EventKind.LAPSED.value)


class End(NamedTuple):
    """That a text of the document `act`, issued on a day, ends the document `target` from the day `date`; None is not
    known."""

    act: str
    issued: dt.date | None
    target: str
    date: dt.date | None

    def may_end(self, other: End) -> bool:
        """Whether the text that states `other` is among those that this end finds."""
        return self.date is None or other.issued is None or other.issued < self.date


class Ends:
    """Which document ends which, as the texts state it; read when asked for, and each only once."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._stated: dict[str, tuple[End, ...]] = {}
        self._families: dict[str, frozenset[str]] = {}

    def find_ring(self, end: End) -> tuple[str, ...]:
        """The documents by which `end` comes back to its own text, that one first; () where it does not."""
        home = self._family(end.act)
        ways: dict[End, tuple[str, ...]] = {end: (end.act,)}
        frontier = [end]
        while frontier:
            self._read(each.target for each in frontier)
            further = []
            for each in frontier:
                for after in self._stated_by(each.target):
                    if after in ways or not each.may_end(after):
                        continue
                    ways[after] = (*ways[each], each.target)
                    if after.target in home and after.may_end(end):
                        return ways[after]
                    further.append(after)
            frontier = further
        return ()

    def reached_from(self, documents: Iterable[str]) -> frozenset[str]:
        """The documents, what they end, what those end, and so on; with what carries them, and what they carry."""
        reached: set[str] = set()
        frontier = set(documents)
        while frontier:
            self._read(frontier)
            family = frozenset[str]().union(*(self._family(each) for each in frontier))
            reached |= frontier | family
            frontier = {end.target for each in family for end in self._stated.get(each, ())} - reached
        return frozenset(reached)

    def _stated_by(self, document: str) -> list[End]:
        return [end for member in self._family(document) for end in self._stated.get(member, ())]

    def _family(self, document: str) -> frozenset[str]:
        """A document with the notice that carries it and with what it carries: they stand and fall together."""
        self._read((document,))
        return self._families[document]

    def _read(self, documents: Iterable[str]) -> None:
        unread = sorted(set(documents) - self._families.keys())
        if not unread:
            return
        members: dict[str, set[str]] = {each: {each} for each in unread}
        for batch in in_batches(unread):
            tied = select(DocumentRow.id, DocumentRow.carried_by_id).where(
                DocumentRow.carried_by_id.is_not(None),
                or_(DocumentRow.id.in_(batch), DocumentRow.carried_by_id.in_(batch)),
            )
            for carried, carrier in self._session.execute(tied):
                for one, other in ((carried, carrier), (carrier, carried)):
                    if one in members and other:
                        members[one].add(other)
        self._families |= {each: frozenset(family) for each, family in members.items()}
        stated: dict[str, list[End]] = defaultdict(list)
        for batch in in_batches(sorted({each for family in members.values() for each in family} - self._stated.keys())):
            for end in self._ends_of(batch):
                stated[end.act].append(end)
            self._stated |= {each: tuple(stated[each]) for each in batch}

    def _ends_of(self, documents: Sequence[str]) -> Iterator[End]:
        """What public texts state, and what editors accepted; not what nobody holds to be sure."""
        query = (
            select(EventRow.act_document_id, VersionRow.version_date, EventRow.document_id, EventRow.date)
            .join(DocumentRow, DocumentRow.id == EventRow.act_document_id)
            .outerjoin(VersionRow, VersionRow.id == EventRow.act_version_id)
            .where(
                EventRow.act_document_id.in_(documents),
                EventRow.kind.in_(ENDS_WHOLE),
                EventRow.document_id != EventRow.act_document_id,
                EventRow.known_to.is_(None),
                EventRow.rule.is_distinct_from(CARRIAGE),
                EventRow.state != EventState.REJECTED.value,
                EventRow.ruling.is_distinct_from(Ruling.WAITS.value),
                or_(DocumentRow.state == DocumentState.PUBLISHED.value, EventRow.ruling == Ruling.DECIDED.value),
            )
            .order_by(EventRow.date, EventRow.id)
        )
        for act, issued, target, date in self._session.execute(query):
            if act and target:
                yield End(act, issued, target, date)
