"""Matching many lines with the documents held: ranked candidates for each, by number, title, issuer and day.

One line looked up by itself is `gazette.citations.resolution`; here thousands are looked up with a few queries.
Number and title together are certain. A title alone is where it is one work's for good (江城市停车管理办法) and it
is known whose; a notice's title its agency uses again in another year, and other agencies use it too, so that day,
year or number must tell which one is meant. A number alone is not certain, since a notice and what it carries share
one. A title that is not held exactly is compared by its pairs of characters. What the editor sees is how sure the
match is and why.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from gazette.citations.resolution import number_spellings
from gazette.draft import DocNumber
from gazette.record.documents import (
    TITLE_KINDS,
    DocumentRow,
    DocumentState,
    IdentifierKind,
    IdentifierRow,
    VersionRow,
)
from gazette.record.identity import is_regulation
from gazette.record.likeness import agency_key, issuer_keys, title_key
from gazette.store import in_batches

#: From here on a match is accepted with all the others; measured on the State Council's catalogue (tests/score).
CONFIDENT = 0.9
#: From here on a match is likely: the title or the number is the same, and nothing else tells it from a namesake's.
LIKELY = 0.8
#: Candidates kept for one line.
MOST_CANDIDATES = 5
#: A title shares at least this much of its pairs of characters to be a candidate at all.
_LEAST_ALIKE = 0.6
#: Pairs of characters that more lines than this have (关于, 通知) find nothing by themselves.
_COMMON_PAIR = 40
#: Two candidates nearer than this are told apart by an editor.
_TIE = 0.05
_UNSURE = 0.6

_NUMBERS = (IdentifierKind.DOC_NUMBER.value, IdentifierKind.REGISTRY_NUMBER.value)
#: The states of documents that a line may mean.
HELD = (DocumentState.PUBLISHED.value, DocumentState.DRAFT.value)
_SUBJECT = "关于"
_STATE = "中华人民共和国"
#: The place an agency is of: 江城市 of 江城市人民政府.
_PLACE = re.compile(r"([\u4e00-\u9fff]{1,12}?(?:自治区|自治州|省|市|州|县|区|盟|旗))")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a line says of the text it names; None where it does not say. `years` are named beside title and number."""

    title: str | None = None
    number: DocNumber | None = None
    issuer: str | None = None
    day: dt.date | None = None
    years: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A held document that a line may mean. `reasons` are what speaks for it (number, title, near_title, issuer, day,
    year) and against it (other_number, other_issuer, other_day, younger, namesakes)."""

    document: str
    title: str
    confidence: float
    reasons: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        return {
            "document": self.document,
            "title": self.title,
            "confidence": self.confidence,
            "reasons": list(self.reasons),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class _Held:
    """What is compared of a held document."""

    title: str
    titles: frozenset[str]
    numbers: frozenset[str]
    issuers: frozenset[str]
    days: frozenset[dt.date]


def match_lines(
    session: Session, wanted: Sequence[Wanted], *, before: dt.date | None = None, issuer: str | None = None
) -> tuple[tuple[Candidate, ...], ...]:
    """The candidates of each line, the likeliest first; none where nothing held is like it.

    `before` is the day of the deciding act, which decides nothing on younger texts; `issuer` is who decides, whose name
    titles leave out (关于…的通知).
    """
    titles = [_titles(each, issuer) for each in wanted]
    numbers = [number_spellings(each.number) if each.number else () for each in wanted]
    by_title = _documents(session, TITLE_KINDS, {name for names in titles for name in names})
    by_number = _documents(session, _NUMBERS, {name for names in numbers for name in names})
    exact: list[set[str]] = []
    for names, spellings in zip(titles, numbers, strict=True):
        found = {document for name in names for document in by_title.get(name, ())}
        exact.append(found | {document for name in spellings for document in by_number.get(name, ())})
    doubtful = [at for at, names in enumerate(titles) if names and not any(by_title.get(name) for name in names)]
    near = _find_near(session, {at: titles[at][0] for at in doubtful})
    held = _load(
        session, {*(each for found in exact for each in found), *(each for found in near.values() for each in found)}
    )
    return tuple(
        _rank(each, names, frozenset(spellings), [*found, *near.get(at, ())], held, before)
        for at, (each, names, spellings, found) in enumerate(zip(wanted, titles, numbers, exact, strict=True))
    )


def _titles(wanted: Wanted, issuer: str | None) -> tuple[str, ...]:
    """The spellings under which the title may be held, the printed one first: with the issuer's name and without."""
    name = title_key(wanted.title) if wanted.title else ""
    if not name:
        return ()
    if _SUBJECT not in name:
        return (name,)
    tail = name[name.index(_SUBJECT) :]
    issuers = [title_key(each) for each in (wanted.issuer, issuer) if each]
    return tuple(dict.fromkeys((name, tail, *(f"{each}{tail}" for each in issuers if tail == name))))


def _documents(session: Session, kinds: Sequence[str], values: Iterable[str]) -> Mapping[str, set[str]]:
    """Documents by name, of those that are held and may be meant; merged ones lead to where they live on."""
    found: dict[str, set[str]] = defaultdict(set)
    for batch in in_batches(values):
        query = (
            select(IdentifierRow.value, DocumentRow.id, DocumentRow.state, DocumentRow.merged_into_id)
            .join(DocumentRow, DocumentRow.id == IdentifierRow.document_id)
            .where(IdentifierRow.kind.in_(kinds), IdentifierRow.value.in_(batch))
        )
        for value, document, state, merged in session.execute(query):
            if state in HELD:
                found[value].add(document)
            elif merged and (alive := living(session, merged)):
                found[value].add(alive)
    return found


def living(session: Session, document: str) -> str | None:
    """Where a document lives on; None for one that is held no longer."""
    row = session.get(DocumentRow, document)
    while row is not None and row.merged_into_id is not None:
        row = session.get(DocumentRow, row.merged_into_id)
    return row.id if row is not None and row.state in HELD else None


def _find_near(session: Session, lines: Mapping[int, str]) -> dict[int, list[str]]:
    """For titles not held exactly, the held ones most like them: one walk over the held titles.

    The lines, not the holdings, are what is indexed, so that memory grows with the list and not with the record.
    """
    if not lines:
        return {}
    pairs = {at: _pairs(title) for at, title in lines.items()}
    common = Counter(pair for each in pairs.values() for pair in each)
    posted: dict[str, list[int]] = defaultdict(list)
    for at, each in pairs.items():
        rare = [pair for pair in each if common[pair] <= _COMMON_PAIR] or sorted(each, key=common.__getitem__)[:5]
        for pair in rare:
            posted[pair].append(at)
    best: dict[int, list[tuple[float, str]]] = defaultdict(list)
    query = (
        select(IdentifierRow.value, IdentifierRow.document_id)
        .join(DocumentRow, DocumentRow.id == IdentifierRow.document_id)
        .where(IdentifierRow.kind.in_(TITLE_KINDS), DocumentRow.state.in_(HELD))
        .execution_options(yield_per=5000)
    )
    for value, document in session.execute(query):
        theirs = _pairs(value)
        hits = Counter(at for pair in theirs for at in posted.get(pair, ()))
        for at, count in hits.items():
            if count * 4 >= min(len(pairs[at]), len(theirs)) and (alike := _alike(pairs[at], theirs)) >= _LEAST_ALIKE:
                best[at].append((alike, document))
    return {
        at: list(dict.fromkeys(document for _, document in sorted(each, reverse=True)))[:MOST_CANDIDATES]
        for at, each in best.items()
    }


def _pairs(text: str) -> frozenset[str]:
    return frozenset(text[at : at + 2] for at in range(len(text) - 1))


def _alike(one: frozenset[str], other: frozenset[str]) -> float:
    """Dice's measure: 1 for the same pairs of characters, 0 for none in common."""
    return 2 * len(one & other) / (len(one) + len(other)) if one and other else 0.0


def _names_its_place(held: _Held, issuer: str | None) -> bool:
    """Whether the title says whose it is: 中华人民共和国…法, 江城市…办法 of an agency of 江城市 or on its list."""
    title = title_key(held.title)
    agencies = {*held.issuers, *((issuer,) if issuer else ())}
    places = [place[1] for each in agencies if (place := _PLACE.match(each))]
    return held.title.startswith(_STATE) or any(title.startswith(place) for place in places)


def _load(session: Session, documents: set[str]) -> dict[str, _Held]:
    titles: dict[str, str] = {}
    names: dict[str, set[tuple[str, str]]] = defaultdict(set)
    issuers: dict[str, set[str]] = defaultdict(set)
    days: dict[str, set[dt.date]] = defaultdict(set)
    for batch in in_batches(sorted(documents)):
        titles |= {
            row.id: row.title
            for row in session.execute(select(DocumentRow.id, DocumentRow.title).where(DocumentRow.id.in_(batch)))
        }
        query = select(IdentifierRow.document_id, IdentifierRow.kind, IdentifierRow.value).where(
            IdentifierRow.document_id.in_(batch), IdentifierRow.kind.in_((*TITLE_KINDS, *_NUMBERS))
        )
        for document, kind, value in session.execute(query):
            names[document].add((kind, value))
        issuers |= issuer_keys(session, batch)
        dated = select(VersionRow.document_id, VersionRow.signed_date, VersionRow.published_date).where(
            VersionRow.document_id.in_(batch)
        )
        for document, *written in session.execute(dated):
            days[document].update(day for day in written if day)
    return {
        document: _Held(
            title=title,
            titles=frozenset(value for kind, value in names[document] if kind in TITLE_KINDS),
            numbers=frozenset(value for kind, value in names[document] if kind in _NUMBERS),
            issuers=frozenset(issuers[document]),
            days=frozenset(days[document]),
        )
        for document, title in titles.items()
    }


def _rank(
    wanted: Wanted,
    titles: Sequence[str],
    numbers: frozenset[str],
    documents: Iterable[str],
    held: Mapping[str, _Held],
    before: dt.date | None,
) -> tuple[Candidate, ...]:
    found = []
    for document in dict.fromkeys(documents):
        confidence, reasons = _judge(wanted, titles, numbers, held[document], before)
        found.append(
            Candidate(document=document, title=held[document].title, confidence=round(confidence, 2), reasons=reasons)
        )
    found.sort(key=lambda each: (-each.confidence, each.title, each.document))
    if len(found) > 1 and found[0].confidence - found[1].confidence < _TIE:
        found = [
            Candidate(
                document=each.document,
                title=each.title,
                confidence=min(each.confidence, _UNSURE),
                reasons=(*each.reasons, "namesakes") if found[0].confidence - each.confidence < _TIE else each.reasons,
            )
            for each in found
        ]
    return tuple(found[:MOST_CANDIDATES])


def _judge(
    wanted: Wanted, titles: Sequence[str], numbers: frozenset[str], held: _Held, before: dt.date | None
) -> tuple[float, tuple[str, ...]]:
    """How sure it is that the line means this document (0-1), and why."""
    same_number = bool(numbers & held.numbers)
    same_title = bool(held.titles.intersection(titles))
    alike = (
        1.0
        if same_title
        else max((_alike(_pairs(name), _pairs(title)) for name in titles[:1] for title in held.titles), default=0.0)
    )
    # 关于…的通知 for 国务院办公厅关于…的通知, of the same number.
    is_short = any(name.startswith(_SUBJECT) and title.endswith(name) for name in titles[:2] for title in held.titles)
    reasons = [name for name, holds in (("number", same_number), ("title", same_title)) if holds]
    issuer = agency_key(wanted.issuer) if wanted.issuer else None
    is_issuer = any(issuer in each or each in issuer for each in held.issuers) if issuer else False
    # A title that names no issuer (关于…的通知) is many agencies' title; so is 停车管理办法.
    is_vague = bool(titles) and not (held.titles & {titles[0]} and not titles[0].startswith(_SUBJECT))
    is_of_year = bool(wanted.years & {day.year for day in held.days})
    if same_title and not same_number:
        is_known = is_issuer or not is_vague
        is_one_work = is_regulation(held.title) and (is_issuer or _names_its_place(held, issuer))
        is_dated = is_known and (is_of_year or wanted.day in held.days)
        confidence = 0.95 if is_one_work or is_dated else 0.85 if is_known else 0.75
    elif same_title:
        confidence = 0.99
    elif same_number and is_short:
        confidence, alike = 0.97, 1.0
    elif same_number:
        confidence = 0.93 if not titles else 0.5 + 0.45 * alike if alike >= _LEAST_ALIKE else 0.45
    else:
        confidence = 0.75 * alike
    if not same_title and alike >= _LEAST_ALIKE:
        reasons.append("near_title")
    if numbers and held.numbers and not same_number:
        confidence, reasons = confidence * 0.5, [*reasons, "other_number"]
    if issuer and held.issuers:
        reasons.append("issuer" if is_issuer else "other_issuer")
        confidence = min(0.99, confidence + 0.02) if is_issuer else confidence if same_number else confidence * 0.8
    if wanted.day and held.days:
        agrees = wanted.day in held.days
        confidence = min(0.99, confidence + 0.02) if agrees else confidence if same_number else confidence * 0.7
        reasons.append("day" if agrees else "other_day")
    if is_of_year and wanted.day is None:
        reasons.append("year")
    if before and held.days and min(held.days) > before:
        confidence, reasons = confidence * 0.3, [*reasons, "younger"]
    return confidence, tuple(reasons)
