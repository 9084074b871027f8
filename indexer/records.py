"""From a document of the record to what is indexed: one record per version, one per article or first-level passage.

A record stands for its document from one day to another, and through that time it has one status after another
(尚未施行, 现行有效, 已废止). These stretches are indexed as number ranges, so that "as of a day" is a filter, today is
a day like any other, and nothing in the index goes stale at midnight. At any day at most one record of a document
stands.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from itertools import groupby
from typing import Any

import orjson

from gazette.citations.titles import letters, normal_title
from gazette.draft import Body, BodyType, Node
from gazette.record.documents import IdentifierKind
from gazette.record.reading import DocumentRecord, VersionRecord
from gazette.validity.status import Status, VersionDates, derive_intervals, find_version_standing
from indexer.characters import simplify
from indexer.regions import agency_path, find_region, steps
from indexer.schema import path_of, schema

#: Days are counted as ordinals; these two stand for "always so" and "still so".
FIRST_DAY, LAST_DAY = 0, 4_000_000
#: Status stretches one record holds; a version with more of them becomes several records.
STRETCHES = 4
#: How many characters stand for a document that is listed without a search.
LEAD = 120

_CONTAINERS = frozenset({BodyType.PART, BodyType.SUBPART, BodyType.CHAPTER, BodyType.SECTION, BodyType.ATTACHMENT})
_ID_ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyz"
#: Days that hits can be put in order by.
ORDERED_DAYS = ("published", "effective")
#: Of the 63 bits of an order 22 are the day, the rest tell records of one day apart: the first seven characters of the
#: id, of an article's record fewer of them and its place in the text.
_TIE_BITS, _RANK_BITS, _PLACE_BITS = 41, 37, 14


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """One status from one day (inclusive) to another (exclusive), as ordinals."""

    status: Status
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """An article, or a first-level piece of a text that has none. `context` is where it stands: the title and the
    headings above it, by whose words it is ranked as by its own. A bare heading is text of its document, and no answer
    by itself."""

    eid: str | None
    text: str
    context: tuple[str, ...] = ()
    is_heading: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionUnit:
    """What is indexed of one version (and of its passages, which share all but the text).

    `texts` and `keywords` are by field name; `facts` is what a hit shows, stored as it is.
    """

    document: str
    version: str
    texts: Mapping[str, str]
    keywords: Mapping[str, tuple[str, ...]]
    days: Mapping[str, int]
    title_keys: tuple[str, ...]
    stretches: tuple[Stretch, ...]
    passages: tuple[Passage, ...]
    facts: Mapping[str, Any]

    def orders(self, place: int | None = None) -> dict[str, int]:
        """The numbers hits are put in order by, greatest first: by day, the undated last either way, then by id, then
        by `place` in the text (None is the document's own record)."""
        ties = (1 << _TIE_BITS) - 1 - _tie(_rank(self.document), place)
        orders = {}
        for name in ORDERED_DAYS:
            day = self.days.get(name)
            orders[newest(name)] = (day or 0) << _TIE_BITS | ties
            orders[oldest(name)] = (LAST_DAY - day if day else 0) << _TIE_BITS | ties
        return orders

    def stored_facts(self) -> dict[str, Any]:
        """What is stored with each record of the version."""
        stretches = [[each.status.value, each.start, each.end] for each in self.stretches]
        names = {"document": self.document, "version": self.version, "title_keys": list(self.title_keys)}
        return {**self.facts, **names, "stretches": stretches}


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentUnits:
    """Everything indexed of one document; `fingerprint` changes with any of it."""

    document: str
    units: tuple[VersionUnit, ...]

    @property
    def fingerprint(self) -> str:
        content = orjson.dumps(self.units, option=orjson.OPT_SORT_KEYS)
        return hashlib.sha256(schema().digest.encode() + content).hexdigest()


def index_units(record: DocumentRecord) -> DocumentUnits:
    """What is indexed of a document."""
    units = (
        unit
        for version, start, end in _standing_periods(record)
        for unit in _version_units(record, version, _as_read(record, _stretches(version, start, end)))
    )
    return DocumentUnits(document=record.id, units=tuple(units))


def passages(body: Body, context: tuple[str, ...] = ()) -> Iterator[Passage]:
    """The passages of a body in reading order; together they hold all its text."""
    for node in body:
        if node.type in _CONTAINERS or _has_article(node):
            own = "　".join(part for part in (node.num, node.heading, node.text) if part)
            if own:
                yield Passage(
                    eid=node.eid or None, text=own, context=context, is_heading=bool(node.children) and not node.text
                )
            yield from passages(node.children, (*context, node.heading) if node.heading else context)
            continue
        text = node.full_text()
        if text:
            yield Passage(eid=node.eid or None, text=text, context=context)


def newest(day: str) -> str:
    """The indexed number that puts the latest of these days first."""
    return f"{day}_newest"


def oldest(day: str) -> str:
    """The indexed number that puts the earliest of these days first."""
    return f"{day}_oldest"


@lru_cache(maxsize=1)
def _rank(document: str) -> int:
    """A number by which ids are in order."""
    rank = 0
    for each in document.lower()[:7].ljust(7, "0"):
        rank = rank * (len(_ID_ALPHABET) + 1) + _ID_ALPHABET.find(each) + 1
    return rank


def _tie(rank: int, place: int | None) -> int:
    if place is None:
        return rank << (_TIE_BITS - _RANK_BITS)
    kept = rank >> (_RANK_BITS - (_TIE_BITS - _PLACE_BITS))
    return kept << _PLACE_BITS | min(place, (1 << _PLACE_BITS) - 1)


def title_keys(title: str) -> tuple[str, ...]:
    """The forms under which an exact title is looked up: as printed and without state name and version mark."""
    return tuple(dict.fromkeys(key for key in (title_key(title), same_title_key(title)) if key))


def title_key(title: str) -> str:
    return simplify(letters(title).lower())


def same_title_key(title: str) -> str:
    """Equal for the versions of one title."""
    return simplify(letters(normal_title(title)).lower())


def _has_article(node: Node) -> bool:
    return node.type is not BodyType.ARTICLE and any(each.type is BodyType.ARTICLE for each in node.walk())


def _standing_periods(record: DocumentRecord) -> Iterator[tuple[VersionRecord, int, int]]:
    """Which version stood for the document from when to when, by the rule by which the record reads it as of a day."""
    versions = {each.id: each for each in record.versions if not each.is_translation}
    versions = versions or {record.current.id: record.current}
    first = _first_known_day(record, next(iter(versions.values())))
    if len(versions) == 1:
        yield next(iter(versions.values())), first, LAST_DAY
        return
    dates = [
        VersionDates(version=each.id, version_date=each.version_date, effective_date=each.effective_date)
        for each in versions.values()
    ]
    days = [first, *(day for day in _turning_days(record, dates) if first < day), LAST_DAY]
    standing = [_standing_on(record, dates, day) for day in days[:-1]]
    for version, places in groupby(range(len(standing)), key=standing.__getitem__):
        held = list(places)
        yield versions[version], days[held[0]], days[held[-1] + 1]


def _turning_days(record: DocumentRecord, dates: list[VersionDates]) -> list[int]:
    """Every day on which another version may come to stand: where one does, the status of the one before changes."""
    intervals = derive_intervals(dates, record.events, known_at=record.standing.known_at)
    days = {edge for each in intervals for edge in (each.valid_from, each.valid_to)}
    return sorted(day.toordinal() for day in days if day)


def _standing_on(record: DocumentRecord, dates: list[VersionDates], day: int) -> str:
    as_of = date.fromordinal(max(day, 1))
    found = find_version_standing(dates, record.events, as_of=as_of, known_at=record.standing.known_at)
    return found or record.current.id


def _commencement(version: VersionRecord) -> int:
    day = version.effective_date or version.version_date or version.published_date or version.signed_date
    return day.toordinal() if day else FIRST_DAY


def _first_known_day(record: DocumentRecord, first: VersionRecord) -> int:
    """When the document came into the world. One published here before its every date is held, whatever they say."""
    named = (first.signed_date, first.published_date, first.effective_date, first.version_date)
    days = [each for each in named if each]
    if not days or record.first_published_at is None or min(days) > record.first_published_at.date():
        return FIRST_DAY
    return min(days).toordinal()


def _stretches(version: VersionRecord, start: int, end: int) -> tuple[Stretch, ...]:
    """The version's statuses through the time it stands, without gaps."""
    intervals = sorted(
        (_ordinal(each.valid_from, FIRST_DAY), _ordinal(each.valid_to, LAST_DAY), each.status)
        for each in version.intervals
        if each.eid is None
    )
    if not intervals:
        return (Stretch(status=version.standing.status, start=start, end=end),)
    found: list[Stretch] = []
    day = start
    for valid_from, valid_to, status in intervals:
        if min(valid_to, end) <= day or valid_from >= end:
            continue
        if valid_from > day:
            found.append(Stretch(status=_unsaid(version, day), start=day, end=valid_from))
        found.append(Stretch(status=status, start=max(valid_from, day), end=min(valid_to, end)))
        day = min(valid_to, end)
    if day < end:
        found.append(Stretch(status=_unsaid(version, day), start=day, end=end))
    return tuple(found)


def _as_read(record: DocumentRecord, stretches: tuple[Stretch, ...]) -> tuple[Stretch, ...]:
    """The stretches, with the one of the day on which the record was read saying what the record says."""
    day, status = record.standing.as_of.toordinal(), record.standing.status
    return tuple(replace(each, status=status) if each.start <= day < each.end else each for each in stretches)


def _unsaid(version: VersionRecord, day: int) -> Status:
    """The status where no interval says one."""
    return Status.PENDING if day < _commencement(version) else Status.UNKNOWN


def _ordinal(day: date | None, otherwise: int) -> int:
    return day.toordinal() if day else otherwise


def _version_units(
    record: DocumentRecord, version: VersionRecord, stretches: tuple[Stretch, ...]
) -> Iterator[VersionUnit]:
    pieces = tuple(passages(version.body, (version.title,))) + _translated(record, version)
    keys = (record.title, version.title, *_short_titles(record))
    for first in range(0, len(stretches), STRETCHES):
        yield VersionUnit(
            document=record.id,
            version=version.id,
            texts=_texts(record, version),
            keywords=_keywords(record, version),
            days=_days(version),
            title_keys=tuple(dict.fromkeys(key for title in keys for key in title_keys(title))),
            stretches=stretches[first : first + STRETCHES],
            passages=pieces,
            facts=_facts(record, version, pieces),
        )


def _translated(record: DocumentRecord, version: VersionRecord) -> tuple[Passage, ...]:
    """Translations are found with the text they translate; they are no text of their own to be cited by address."""
    return tuple(
        Passage(eid=None, text="\n".join([each.title, *(node.full_text() for node in each.body)]))
        for each in record.versions
        if each.is_translation and each.id != version.id
    )


def _short_titles(record: DocumentRecord) -> tuple[str, ...]:
    kinds = (IdentifierKind.TITLE, IdentifierKind.SHORT_TITLE)
    return tuple(each.raw or each.value for each in record.identifiers if each.kind in kinds)


def _texts(record: DocumentRecord, version: VersionRecord) -> dict[str, str]:
    def of_kind(kind: IdentifierKind, first: str | None) -> str:
        raw = [each.raw for each in record.identifiers if each.kind == kind]
        return "\n".join(dict.fromkeys(filter(None, [first, *raw])))

    numbers = of_kind(IdentifierKind.DOC_NUMBER, version.doc_number or record.doc_number)
    return {
        "title": "\n".join(dict.fromkeys((version.title, *_short_titles(record)))),
        "doc_number": numbers,
        "index_number": of_kind(IdentifierKind.INDEX_NUMBER, record.index_number),
        "registry_number": of_kind(IdentifierKind.REGISTRY_NUMBER, record.registry_number),
        "keywords": "\n".join(record.keywords),
    }


def _keywords(record: DocumentRecord, version: VersionRecord) -> dict[str, tuple[str, ...]]:
    day = version.published_date or version.signed_date
    values: dict[str, tuple[str | None, ...]] = {
        "document": (record.id,),
        "issuer": record.issuers,
        "agency_path": tuple(step for name in record.issuers for step in steps(agency_path(name))),
        "theme": steps(path_of(record.theme or "")),
        "kind": (record.kind,),
        "year": (f"{day.year:04d}" if day else None,),
        "region": (find_region((*record.issuers, record.title)),),
        "source": record.sources,
        "language": (version.language,),
        "has_interpretation": (_yes_or_no(_is_interpreted(record)),),
        "has_attachment": (_yes_or_no(_has_attachment(version)),),
    }
    return {name: tuple(dict.fromkeys(filter(None, each))) for name, each in values.items()}


def _is_interpreted(record: DocumentRecord) -> bool:
    """Whether an interpretation (政策解读) of this document is held."""
    return any(each.relation == "interpreted_by" for each in record.related)


def _has_attachment(version: VersionRecord) -> bool:
    nodes = (node for root in version.body for node in root.walk())
    return bool(version.attachments) or any(node.type is BodyType.ATTACHMENT for node in nodes)


def _yes_or_no(holds: bool) -> str:
    return "yes" if holds else "no"


def _days(version: VersionRecord) -> dict[str, int]:
    days = {"published": version.published_date, "signed": version.signed_date, "effective": version.effective_date}
    return {name: day.toordinal() for name, day in days.items() if day}


def _facts(record: DocumentRecord, version: VersionRecord, pieces: tuple[Passage, ...]) -> dict[str, Any]:
    return {
        "title": version.title,
        "doc_number": version.doc_number or record.doc_number,
        "issuers": list(record.issuers),
        "kind": record.kind,
        "published_date": version.published_date.isoformat() if version.published_date else None,
        "effective_date": version.effective_date.isoformat() if version.effective_date else None,
        "lead": " ".join(" ".join(each.text for each in pieces[:3])[:LEAD].split()),
        "same_title": same_title_key(version.title),
        "origin": version.origin.value,
    }
