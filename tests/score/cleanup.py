"""Figures of clean-up lists: lines of a catalogue matched with a record that holds every second text of it.

A list prints a text with its number, without its issuer, with a misprint, with its day or year, or by its title alone;
what a line is matched with confidently is accepted without an editor, so there hardly one may be wrong. Half of the
texts are not held, and some of them have a namesake that is: by title alone a text of an occasion is never sure.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from gazette.citations.numbers import parse_doc_number
from gazette.cleanups.listings import read_pasted, years_beside
from gazette.cleanups.matching import CONFIDENT, Wanted, match_lines
from gazette.dates import parse_date
from gazette.record.documents import DocumentRow, DocumentState, IdentifierKind, IdentifierRow, VersionRow
from gazette.record.likeness import title_key
from gazette.settings import RecordSettings
from gazette.store import new_id
from portal.database import open_store
from tests.score.row import Measure, Row, right_of, wrong_of

_SET = "state_council_catalogue"
Text = Mapping[str, Any]


def rows(corpus: Path) -> Iterator[Row]:
    """Every way of printing a line, for texts that are held and for texts that are not."""
    lines = (corpus / _SET / "documents.jsonl").read_text("utf-8").splitlines()
    texts = [text for text in map(json.loads, lines) if text["number"]]
    held, unheld = texts[::2], texts[1::2]
    with tempfile.TemporaryDirectory() as home, closing(open_store(RecordSettings(home=Path(home)))) as store:
        with store.write() as session:
            ids = _hold(session, held)
        with store.read() as session:
            for way, print_line in _WAYS.items():
                yield from _figures(session, way, print_line, held, ids)
            for way, print_line in _WAYS.items():
                yield from _strangers(session, way, print_line, unheld)


def _hold(session: Session, texts: Sequence[Text]) -> list[str]:
    ids = [new_id() for _ in texts]
    state = DocumentState.PUBLISHED.value
    # What the matching compares of a version: its days.
    versions = [
        {
            "id": new_id(),
            "document_id": id_,
            "title": text["title"],
            "letters_sha256": "",
            "signed_date": parse_date(text["written"]),
            "published_date": parse_date(text["published"]),
        }
        for id_, text in zip(ids, texts, strict=True)
    ]
    session.execute(
        insert(DocumentRow),
        [{"id": id_, "title": text["title"], "state": state} for id_, text in zip(ids, texts, strict=True)],
    )
    session.execute(insert(VersionRow), versions)
    names = []
    for id_, text in zip(ids, texts, strict=True):
        title, number = text["title"], parse_doc_number(text["number"])
        names.append((id_, IdentifierKind.TITLE.value, title_key(title), title))
        if number:
            names.append((id_, IdentifierKind.DOC_NUMBER.value, number.normalized, text["number"]))
    columns = ("document_id", "kind", "value", "raw")
    session.execute(insert(IdentifierRow), [dict(zip(columns, name, strict=True)) for name in names])
    return ids


def _figures(
    session: Session, way: str, print_line: Callable[[Text], str], texts: Sequence[Text], ids: Sequence[str]
) -> Iterator[Row]:
    matched = _match(session, [print_line(text) for text in texts])
    first = [
        text["title"]
        for at, (text, id_) in enumerate(zip(texts, ids, strict=True))
        if not matched.get(at) or matched[at][0].document != id_
    ]
    sure = {at: found[0] for at, found in matched.items() if found and found[0].confidence >= CONFIDENT}
    wrong = [texts[at]["title"] for at, found in sure.items() if found.document != ids[at]]
    yield right_of(_SET, f"clean-up line, {way}: the right text first", len(texts), first, _LEAST[way])
    yield wrong_of(_SET, f"clean-up line, {way}: confidently wrong", max(len(sure), 1), wrong, 0.001)
    if way in _SURE:
        unsure = [texts[at]["title"] for at in range(len(texts)) if at not in sure]
        yield right_of(_SET, f"clean-up line, {way}: matched without an editor", len(texts), unsure, _SURE[way])


def _strangers(session: Session, way: str, print_line: Callable[[Text], str], texts: Sequence[Text]) -> Iterator[Row]:
    matched = _match(session, [print_line(text) for text in texts])
    wrong = [texts[at]["title"] for at, found in matched.items() if found and found[0].confidence >= CONFIDENT]
    yield wrong_of(_SET, f"clean-up line, {way}, text not held: confidently matched", len(texts), wrong, 0.005)


def _match(session: Session, lines: Sequence[str]) -> dict[int, Any]:
    """The candidates of each line by its place; a line that was not read has none."""
    listed = read_pasted("\n".join(lines))
    wanted = [
        Wanted(title=line.title, number=line.number, day=line.day, years=years_beside(line.quote, line.title))
        for line in listed
    ]
    found = match_lines(session, wanted)
    return {int(line.place[1:-1]) - 1: each for line, each in zip(listed, found, strict=True)}


def _whole(text: Text) -> str:
    return f"{text['title']}（{text['number']}）"


def _short(text: Text) -> str:
    title = text["title"]
    return f"{title[title.index('关于') :] if '关于' in title else title}（{text['number']}）"


def _misprinted(text: Text) -> str:
    title = text["title"]
    middle = len(title) // 2
    return f"{title[:middle]}{title[middle + 1 :]}（{text['number']}）"


_WAYS: Mapping[str, Callable[[Text], str]] = {
    "title and number": _whole,
    "without its issuer": _short,
    "with a letter lost": _misprinted,
    "title and day": lambda text: f"《{text['title']}》（{text['written']}）",
    "title and year": lambda text: f"《{text['title']}》（{text['written'][:4]}年）",
    "title alone": lambda text: str(text["title"]),
}
#: Some titles are several documents' (关于调整…组成人员的通知): alone they cannot say which.
_LEAST = {
    "title and number": 0.995,
    "without its issuer": 0.995,
    "with a letter lost": 0.99,
    "title and day": 0.99,
    "title and year": 0.98,
    "title alone": 0.97,
}
#: How much an editor is spared where the line says enough.
_SURE = {"title and number": 0.99, "without its issuer": 0.99, "title and day": 0.95}

MEASURES = (Measure(needs=(f"{_SET}/documents.jsonl",), rows=rows),)
