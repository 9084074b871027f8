"""Where a pasted clause comes from: the document, the provision and the versions that say it, to the letter or nearly.

Who looks (the search index, a citation in the text) proposes documents; here their versions are read letter by letter.
What is not found to the letter is compared by pairs of characters, and the words that differ are marked. A paste of
several clauses, which may be of several documents, is taken apart and each part looked up by itself.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from gazette.citations.titles import letters
from gazette.errors import BadInput
from gazette.record.documents import VersionOrigin
from gazette.record.reading import DocumentRecord, VersionRecord
from gazette.validity.status import Status
from gazette.versions.alignment import Clause, clauses_of
from gazette.versions.comparison import Mark, Piece, mark_words

#: A pasted text of more bytes is no clause.
MOST_BYTES = 20_000
#: Fewer letters say nothing: they stand anywhere.
FEWEST_LETTERS = 6
#: A provision that shares so large a part of the pairs of characters is nearly the text.
_NEAR = 0.6
#: So many parts of one paste are looked up, and what has fewer letters is no part by itself.
MOST_PARTS, _SHORTEST_PART = 20, 12
_ARTICLE_NUMBER = r"第[一二三四五六七八九十百千零〇\d]{1,8}条(?:之[一二三四五六七八九十]+)?[\s\u3000]"
_OPENS_ARTICLE = re.compile(rf"^[ \t\u3000“\"]*(?={_ARTICLE_NUMBER})", re.M)
_NUMBERED = re.compile(rf"^[\s“\"]*{_ARTICLE_NUMBER}+")
_SENTENCE = re.compile(r"[^。；\n]+[。；]?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bearer:
    """A version that carries the clause to the letter."""

    version: str
    date: str | None
    origin: VersionOrigin
    status: Status
    eid: str
    num: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A document that the clause comes from, to the letter (`exact`) or nearly.

    `version` and `eid` are the place shown: of the version in force, if that carries it, else of the newest that does.
    `amended_since` says that this version was amended, by an act whose text as amended may not be held.
    `bearers` are all versions that carry it to the letter, oldest first; `pieces` mark what a near text says
    otherwise: deleted is what only the record says, inserted what only the pasted text says.
    """

    document: str
    title: str
    doc_number: str | None
    version: str
    version_date: str | None
    eid: str
    num: str | None
    exact: bool
    likeness: float
    in_current: bool
    amended_since: bool
    status: Status
    bearers: tuple[Bearer, ...]
    record_pieces: tuple[Piece, ...] = ()
    pasted_pieces: tuple[Piece, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {
            "document": self.document,
            "title": self.title,
            "doc_number": self.doc_number,
            "version": self.version,
            "version_date": self.version_date,
            "eid": self.eid,
            "num": self.num,
            "match": "exact" if self.exact else "near",
            "likeness": round(self.likeness, 4),
            "in_current_version": self.in_current,
            "amended_since": self.amended_since,
            "status": self.status.value,
            "versions": [
                {
                    "version": each.version,
                    "date": each.date,
                    "origin": each.origin.value,
                    "status": each.status.value,
                    "eid": each.eid,
                    "num": each.num,
                }
                for each in self.bearers
            ],
            "differences": {
                "record": [piece.to_json() for piece in self.record_pieces],
                "pasted": [piece.to_json() for piece in self.pasted_pieces],
            },
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One clause of a paste, and where it comes from; nothing where it is not held."""

    text: str
    found: tuple[Found, ...]

    def to_json(self) -> dict[str, Any]:
        return {"text": self.text, "results": [each.to_json() for each in self.found]}


@dataclass(frozen=True, slots=True, kw_only=True)
class Traced:
    """Where a paste comes from as a whole, or part by part where it is of several places. `left_out` parts at its end
    were not looked up."""

    found: tuple[Found, ...]
    parts: tuple[Part, ...] = ()
    left_out: int = 0


def without_number(text: str) -> str:
    """A clause without the number of its article, which may be another in the version that is held."""
    return _NUMBERED.sub("", text, count=1)


def parts_of(text: str) -> tuple[str, ...]:
    """The clauses of a paste: its articles where it numbers several, else its lines, short ones with the one before."""
    starts = [match.start() for match in _OPENS_ARTICLE.finditer(text)]
    if len(starts) > 1:
        edges = [0, *starts, len(text)]
        pieces = [text[start:stop].strip() for start, stop in pairwise(edges)]
        return tuple(piece for piece in pieces if len(letters(piece)) >= FEWEST_LETTERS)
    parts: list[str] = []
    for line in filter(str.strip, text.splitlines()):
        if parts and (len(letters(line)) < _SHORTEST_PART or line.lstrip().startswith(("（", "("))):
            parts[-1] += f"\n{line.strip()}"
        else:
            parts.append(line.strip())
    return tuple(parts)


def join_parts(whole: tuple[Found, ...], parts: Sequence[Part], left_out: int) -> Traced:
    """The answer of the whole where its parts are all of one provision, else of the parts."""
    places = {(part.found[0].document, part.found[0].eid) for part in parts if part.found}
    if whole and len(places) < 2:
        return Traced(found=whole)
    return Traced(found=whole, parts=tuple(parts) if places else (), left_out=left_out if places else 0)


def look_up_clause(text: str, documents: Iterable[DocumentRecord]) -> tuple[Found, ...]:
    """The documents among `documents` that the clause comes from: to the letter if any, else the nearest.

    Raises BadInput for a text that is too long or too short to be a clause.
    """
    if len(text.encode()) > MOST_BYTES:
        raise BadInput(why="粘贴的文字超过 20 kB")
    wanted = letters(text)
    if len(wanted) < FEWEST_LETTERS:
        raise BadInput(why="粘贴的文字太短，无法核对")
    found = [each for document in documents if (each := _in_document(text, wanted, document))]
    exact = [each for each in found if each.exact]
    return tuple(sorted(exact or found, key=lambda each: (-each.likeness, not each.in_current, each.title)))


def _in_document(text: str, wanted: str, document: DocumentRecord) -> Found | None:
    versions = [version for version in document.versions if not version.is_translation] or list(document.versions)
    read = [(version, list(clauses_of(version.body))) for version in versions]
    held = [(version, place) for version, clauses in read if (place := _exact_place(wanted, clauses))]
    if held:
        bearers = tuple(_bearer(version, clause) for version, clause in held)
        current = next(((each, clause) for each, clause in held if each.id == document.current.id), None)
        version, clause = current or held[-1]
        return _found(document, version, clause, bearers=bearers, exact=True, likeness=1.0)
    nearest = max(
        (_nearest(wanted, version, clauses) for version, clauses in read),
        key=lambda each: (each[0], each[1].id == document.current.id),
    )
    likeness, version, near, text_there = nearest
    if near is None or likeness < _NEAR:
        return None
    said = f"{near.num}　{text_there}" if near.num and wanted.startswith(letters(near.num)) else text_there
    record, pasted = mark_words(said, text.strip())
    found = _found(document, version, near, bearers=(), exact=False, likeness=likeness)
    return _with_marks(found, record, pasted)


def _exact_place(wanted: str, clauses: Sequence[Clause]) -> Clause | None:
    """The provision in which the letters begin; they may run on through the following ones, with the headings between
    them or without."""
    place = _run_place(wanted, clauses)
    return place or _run_place(wanted, [clause for clause in clauses if not clause.is_heading])


def _run_place(wanted: str, clauses: Sequence[Clause]) -> Clause | None:
    parts = [letters((clause.num or "") + clause.text) for clause in clauses]
    at = "".join(parts).find(wanted)
    if at == -1:
        return None
    for clause, part in zip(clauses, parts, strict=True):
        if at < len(part):
            return clause
        at -= len(part)
    return None


def _nearest(
    wanted: str, version: VersionRecord, clauses: Sequence[Clause]
) -> tuple[float, VersionRecord, Clause | None, str]:
    """How near, where, and the words that are: of a long article, the one sentence that was pasted."""
    mine = _pairs(wanted)
    best: tuple[float, VersionRecord, Clause | None, str] = (0.0, version, None, "")
    for clause in clauses:
        # A part shares no more than the whole does: most articles need not be taken apart.
        if clause.is_heading or (mine & _pairs(letters(clause.text))).total() < mine.total() * _NEAR / 2:
            continue
        for text in dict.fromkeys((clause.text, *clause.lines, *_SENTENCE.findall(clause.text))):
            value = _likeness(mine, _pairs(letters(text)))
            if value > best[0]:
                best = value, version, clause, text.strip()
    return best


def _likeness(mine: Counter[str], theirs: Counter[str]) -> float:
    """A part of an article is near it too: what counts is how much of the shorter of the two is shared. Of what was
    pasted, what the article does not say counts half."""
    if 2 * theirs.total() <= mine.total():
        return 0.0
    shorter, longer = sorted((mine.total(), theirs.total()))
    shared = (mine & theirs).total() / max(1, (shorter + mine.total()) / 2)
    return shared * min(1.0, 2.5 * shorter / max(1, longer))


def _pairs(text: str) -> Counter[str]:
    return Counter(text[at : at + 2] for at in range(max(1, len(text) - 1)))


def _bearer(version: VersionRecord, clause: Clause) -> Bearer:
    return Bearer(
        version=version.id,
        date=_day(version),
        origin=version.origin,
        status=version.standing.status,
        eid=clause.eid,
        num=clause.num,
    )


def _found(
    document: DocumentRecord,
    version: VersionRecord,
    clause: Clause,
    *,
    bearers: tuple[Bearer, ...],
    exact: bool,
    likeness: float,
) -> Found:
    in_current = version.id == document.current.id
    return Found(
        document=document.id,
        title=version.title,
        doc_number=version.doc_number or document.doc_number,
        version=version.id,
        version_date=_day(version),
        eid=clause.eid,
        num=clause.num,
        exact=exact,
        likeness=likeness,
        in_current=in_current,
        amended_since=version.standing.status is Status.AMENDED,
        status=document.standing.status if in_current else version.standing.status,
        bearers=bearers,
    )


def _with_marks(found: Found, record: tuple[Piece, ...], pasted: tuple[Piece, ...]) -> Found:
    return replace(found, record_pieces=_short(record), pasted_pieces=pasted)


def _short(pieces: tuple[Piece, ...], most: int = 400) -> tuple[Piece, ...]:
    """Long stretches that only the record has, before or after a part of an article, cut."""
    return tuple(
        Piece(f"{piece.text[: most // 2]}……{piece.text[-most // 2 :]}", piece.mark)
        if piece.mark is not Mark.INSERTED and len(piece.text) > most
        else piece
        for piece in pieces
    )


def _day(version: VersionRecord) -> str | None:
    day = version.version_date or version.published_date or version.signed_date
    return day.isoformat() if day else None
