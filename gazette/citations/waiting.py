"""Names under which events and citations wait for a document that is not held yet.

Resolution (`gazette.citations.resolution`) goes from a printed name to the documents held; this is the way back, so
that what named a document before it came is looked at again when it comes. Nothing here decides: a name may be
another's, too.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from gazette.citations.cited import number_key
from gazette.citations.numbers import parse_doc_number
from gazette.citations.resolution import ISSUERS, SUBJECT, number_spellings
from gazette.citations.titles import normal_title
from gazette.record.agencies import AgencyRow
from gazette.record.documents import NUMBER_KINDS, TITLE_KINDS, IdentifierRow, IssuerRow
from gazette.store import in_batches


@dataclass(frozen=True, slots=True)
class NamesHeld:
    """Every way in which an event or a citation may name some documents: by the keys of their titles and numbers
    (`gazette.citations.cited.target_key`), and by their numbers, which decide where a title is printed otherwise."""

    keys: frozenset[str]
    numbers: frozenset[str]

    def conditions(
        self, key: InstrumentedAttribute[str | None], number: InstrumentedAttribute[str | None]
    ) -> Iterator[ColumnElement[bool]]:
        """What rows meet that give one of these names in these columns; several conditions, each small enough."""
        for column, values in ((key, self.keys), (number, self.numbers)):
            for batch in in_batches(sorted(values)):
                yield column.in_(batch)


def names_of(session: Session, documents: Collection[str]) -> NamesHeld:
    """The names under which `documents` are looked for; whoever finds one of them by a name finds it here, too."""
    keys: set[str] = set()
    numbers: set[str] = set()
    for batch in in_batches(sorted(documents)):
        issuers = _issuers(session, batch)
        statement = select(IdentifierRow.document_id, IdentifierRow.kind, IdentifierRow.value, IdentifierRow.raw).where(
            IdentifierRow.document_id.in_(batch), IdentifierRow.kind.in_((*TITLE_KINDS, *NUMBER_KINDS))
        )
        for document, kind, value, raw in session.execute(statement):
            number = parse_doc_number(value) if kind in NUMBER_KINDS else None
            keys |= {value, normal_title(raw)}
            if number:
                keys.add(number_key(number))
                numbers.update(number_spellings(number))
            if SUBJECT in value:
                tail = value[value.index(SUBJECT) :]
                of_it = issuers.get(document, ())
                keys |= {tail, *(f"{issuer}{tail}" for issuer in (*ISSUERS, *of_it, "、".join(of_it)))}
    return NamesHeld(frozenset(keys - {""}), frozenset(numbers))


def _issuers(session: Session, documents: Sequence[str]) -> dict[str, list[str]]:
    """Who issued each of the documents, in the order signed."""
    found: dict[str, list[str]] = {}
    statement = (
        select(IssuerRow.document_id, AgencyRow.name)
        .join(AgencyRow, AgencyRow.id == IssuerRow.agency_id)
        .where(IssuerRow.document_id.in_(documents))
        .order_by(IssuerRow.position)
    )
    for document, name in session.execute(statement):
        found.setdefault(document, []).append(normal_title(name))
    return found
