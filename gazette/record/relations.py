"""Relations (相关文件): how one document is tied to another, said from either side.

What a text does to another (废止, 修改, 延长有效期…) is read off the events, which carriage a notice and its measures
share off the documents, the rest off the citations; and among what cites a document, its errata (更正) and its
interpretations (解读) are told from what merely mentions it.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from gazette.citations.cited import CitationRow
from gazette.citations.titles import normal_title
from gazette.issues.errata import explains, is_gazette
from gazette.record.documents import VersionRow, VersionState
from gazette.record.values import Related
from gazette.store import in_batches
from gazette.validity.events import Event, EventKind, EventRow, EventState, Origin

#: What an event says of the two documents: (of the acting one, of the one acted upon).
_OF_EVENTS = {
    EventKind.AMENDED: ("amends", "amended_by"),
    EventKind.REPEALED: ("repeals", "repealed_by"),
    EventKind.PARTLY_REPEALED: ("repeals_partially", "repealed_partially_by"),
    EventKind.LAPSED: ("ends", "ended_by"),
    EventKind.SUSPENDED: ("suspends", "suspended_by"),
    EventKind.RESUMED: ("resumes", "resumed_by"),
    EventKind.RENEWED: ("renews", "renewed_by"),
    EventKind.OVERRIDDEN: ("overrides", "overridden_by"),
    EventKind.ATTESTED: ("attests", "attested_by"),
}
_OF_TITLES = {"corrects": "corrected_by", "interprets": "interpreted_by"}

#: Titles and numbers of other published documents.
Neighbours = Mapping[str, tuple[str, str | None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ties:
    """What the rows say that tie one document to others."""

    document: str
    title: str
    carried_by: str | None
    carries: Sequence[str]
    acts: Sequence[EventRow]
    events: Sequence[EventRow]
    citing: Sequence[CitationRow]
    cited_by: Sequence[str]


class _Link(NamedTuple):
    """One tie; `title` and `number` are the other document's as named, for one that is not held."""

    relation: str
    document: str | None
    quote: str | None = None
    title: str | None = None
    number: str | None = None


def relate(
    ties: Ties, neighbours: Neighbours, subjects: Mapping[str, frozenset[str]], known_at: dt.datetime
) -> Iterator[Related]:
    """Links both ways, each once, the closest first; self-links are none. `subjects` as `find_subjects` tells them."""
    seen: set[tuple[str, str]] = set()
    for link in _links(ties, neighbours, subjects, known_at):
        held = neighbours.get(link.document) if link.document else None
        named = held[0] if held else link.title
        key = (link.relation, (link.document if held else None) or named or "")
        if not named or link.document == ties.document or key in seen:
            continue
        seen.add(key)
        yield Related(
            relation=link.relation,
            document=link.document if held else None,
            title=named,
            doc_number=held[1] if held else link.number,
            quote=link.quote,
        )


def find_subjects(session: Session, titles: Mapping[str, str]) -> dict[str, frozenset[str]]:
    """The held documents that each erratum or interpretation among `titles` (by id) is about.

    Its title names them; an erratum whose title names none (更正) is about the first document that it names.
    """
    cited: defaultdict[str, list[tuple[str | None, str | None]]] = defaultdict(list)
    for batch in in_batches(sorted(each for each, title in titles.items() if explains(title))):
        statement = (
            select(VersionRow.document_id, CitationRow.title, CitationRow.target_document_id)
            .join(VersionRow, VersionRow.id == CitationRow.version_id)
            .where(VersionRow.document_id.in_(batch), VersionRow.state == VersionState.PUBLISHED)
            .order_by(CitationRow.id)
        )
        for document, title, target in session.execute(statement):
            cited[document].append((title, target))
    return {document: _subjects(titles[document], named) for document, named in cited.items()}


def _subjects(title: str, cited: Sequence[tuple[str | None, str | None]]) -> frozenset[str]:
    whole = normal_title(title)
    targets = {normal_title(named): target for named, target in cited if named and normal_title(named) in whole}
    longest = {key for key in targets if not any(key != other and key in other for other in targets)}
    found = frozenset(target for key, target in targets.items() if target and key in longest)
    if found or targets or explains(title) != "corrects":
        return found
    first = next((target for named, target in cited if not (named and is_gazette(named))), None)
    return frozenset({first} if first else ())


def _links(
    ties: Ties, neighbours: Neighbours, subjects: Mapping[str, frozenset[str]], known_at: dt.datetime
) -> Iterator[_Link]:
    if ties.carried_by:
        yield _Link("carried_by", ties.carried_by)
    for child in ties.carries:
        yield _Link("carries", child)
    for event in _acting(ties.acts, known_at):
        relation = _OF_EVENTS[EventKind(event.kind)][0]
        yield _Link(relation, event.document_id, event.quote, event.target_title, event.target_number)
    for event in _acting(ties.events, known_at):
        yield _Link(_OF_EVENTS[EventKind(event.kind)][1], event.act_document_id, event.quote)
    if own := explains(ties.title):
        for subject in sorted(subjects.get(ties.document, ())):
            yield _Link(own, subject)
    for document in ties.cited_by:
        if ties.document in subjects.get(document, ()) and (said := explains(neighbours.get(document, ("", None))[0])):
            yield _Link(_OF_TITLES[said], document)
    for citation in ties.citing:
        yield _Link("cites", citation.target_document_id, None, citation.title, citation.doc_number)
    for document in ties.cited_by:
        yield _Link("cited_by", document)


def _acting(events: Iterable[EventRow], known_at: dt.datetime) -> Iterator[EventRow]:
    """The accepted events by which a document acted on another: not the end of a term, which a text sets itself."""
    for event in events:
        acted = event.kind in _OF_EVENTS and event.act_document_id and event.origin != Origin.DATE
        if acted and event.state == EventState.ACCEPTED and is_known(event, known_at):
            yield event


def is_known(event: Event | EventRow, known_at: dt.datetime) -> bool:
    """Whether the record said so at a moment, as a clue or as a fact."""
    return (
        event.state != EventState.REJECTED
        and event.known_from <= known_at
        and (event.known_to is None or event.known_to > known_at)
    )
