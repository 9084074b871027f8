"""Search quality: laws asked for by their titles, whole, in pieces or mistyped, and articles by citation or question.

Questions are scored on a fixed half that nothing is chosen by (`Question.is_held`).
"""

from __future__ import annotations

import json
import math
import random
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from gazette.record.reading import DocumentRecord
from gazette.settings import RecordSettings
from indexer import Index, SearchRequest
from indexer.records import same_title_key
from indexer.sync import rebuild_from
from tests.builders import a_document, an_id
from tests.laws import iter_laws
from tests.score.row import Measure, Row, right_of
from tests.statutes import Question, Statutes, read_questions, read_statutes

_STATE = "中华人民共和国"
_LAWS, _QUESTIONS, _CITATIONS = "law_markdown", "statute_retrieval_stard", "statute_retrieval_lawbench"
_RESIDENTS, _CATALOGUE = "guangzhou_policy_pages", "state_council_catalogue"
#: Titles that are cut or mistyped, drawn by a fixed seed.
_DRAWN = 400


def title_rows(corpus: Path) -> list[Row]:
    laws = list(iter_laws(corpus))
    titles = sorted({law.title for law in laws})
    drawn = random.Random(5).sample(titles, min(_DRAWN, len(titles)))
    forms = {
        "as printed": titles,
        f"without {_STATE}": [title.removeprefix(_STATE) for title in titles],
        "in title marks": [f"《{title}》" for title in titles],
    }
    with _indexed(laws) as index:
        return [
            *(
                _title_row(index, f"exact title first, {form}", zip(queries, titles, strict=True), 1, 0.995)
                for form, queries in forms.items()
            ),
            _title_row(index, "piece of 4-10 characters in first 10", _pieces(drawn, titles), 10, 0.98),
            *(
                _title_row(index, f"title with a {name} character in first 5", _mistyped(drawn, titles, edit), 5, 0.95)
                for name, edit in _EDITS.items()
            ),
        ]


def statute_rows(corpus: Path) -> list[Row]:
    statutes = read_statutes(corpus)
    held = [question for question in read_questions(corpus) if question.is_held]
    with _indexed(statutes.records) as index:
        return [
            *_citation_rows(index, statutes, corpus),
            *_question_rows(index, statutes, held),
            _scenario_row(index, statutes, corpus),
        ]


@contextmanager
def _indexed(records: Sequence[DocumentRecord]) -> Iterator[Index]:
    with tempfile.TemporaryDirectory() as home, Index.open(RecordSettings(home=Path(home))) as index:
        rebuild_from(index, records)
        yield index


# --- titles -------------------------------------------------------------------------------------------------------


def _title_row(
    index: Index, metric: str, asked: Iterator[tuple[str, str]] | zip[tuple[str, str]], first: int, least: float
) -> Row:
    """`asked` are (query, title sought)."""
    pairs = list(asked)
    wrong = [query for query, title in pairs if not _is_among(index, query, title, first)]
    return right_of(_LAWS, metric, len(pairs), wrong, least)


def _is_among(index: Index, query: str, title: str, first: int) -> bool:
    hits = index.search(SearchRequest(query=query, limit=first, facets=())).hits
    return same_title_key(title) in {same_title_key(hit.title) for hit in hits}


def _pieces(drawn: Sequence[str], titles: Sequence[str]) -> Iterator[tuple[str, str]]:
    """A piece of each title that no more than ten titles have; of 管理条例 nobody could say which is meant."""
    chance = random.Random(6)
    for title in drawn:
        length = chance.randint(4, 10)
        start = chance.randint(0, max(0, len(title) - length))
        piece = title[start : start + length]
        if sum(piece in each for each in titles) <= 10:
            yield piece, title


def _wrong(title: str, place: int, chance: random.Random, characters: str) -> str:
    return title[:place] + chance.choice(characters) + title[place + 1 :]


def _missing(title: str, place: int, _chance: random.Random, _characters: str) -> str:
    return title[:place] + title[place + 1 :]


def _swapped(title: str, place: int, _chance: random.Random, _characters: str) -> str:
    return title[:place] + title[place + 1 : place + 2] + title[place : place + 1] + title[place + 2 :]


_Edit = Callable[[str, int, random.Random, str], str]
_EDITS: dict[str, _Edit] = {"wrong": _wrong, "missing": _missing, "swapped": _swapped}


def _mistyped(drawn: Sequence[str], titles: Sequence[str], edit: _Edit) -> Iterator[tuple[str, str]]:
    """Each title (without the state's name, as people type it) with one character spoilt."""
    chance = random.Random(7)
    characters = "".join(sorted({each for title in titles for each in title if each.isalpha()}))
    for title in drawn:
        typed = title.removeprefix(_STATE)
        spoilt = edit(typed, chance.randrange(len(typed)), chance, characters)
        if spoilt != typed and spoilt not in titles:
            yield spoilt, title


# --- articles -----------------------------------------------------------------------------------------------------


def _articles(index: Index, statutes: Statutes, query: str, limit: int) -> list[str | None]:
    """The corpus's names of the articles found, best first."""
    hits = index.search(SearchRequest(query=query, limit=limit, facets=(), unit="article")).hits
    return [statutes.names.get((hit.document, hit.eid or "")) for hit in hits]


def _citation_rows(index: Index, statutes: Statutes, corpus: Path) -> Iterator[Row]:
    lines = (corpus / _CITATIONS / "citation_lookup.jsonl").read_text("utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    forms: dict[str, list[str]] = {
        "as given": [row["query"] for row in rows],
        "without folder name": [row["law"] + row["query"].partition(row["law"])[2] for row in rows],
    }
    for form, queries in forms.items():
        wrong = [
            query
            for query, row in zip(queries, rows, strict=True)
            if not set(_articles(index, statutes, query, 1)) & set(row["gold_any_version"])
        ]
        yield right_of(_CITATIONS, f"cited article first, {form}", len(rows), wrong, 0.99)


def _scenario_row(index: Index, statutes: Statutes, corpus: Path) -> Row:
    """Situations described; BM25 on pairs of characters finds the article in the first ten for .787."""
    lines = (corpus / _CITATIONS / "scenario_to_article.jsonl").read_text("utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    wrong = [
        row["query"]
        for row in rows
        if not set(_articles(index, statutes, row["query"], 10)) & set(row["gold_any_version"])
    ]
    return right_of(_CITATIONS, "article of a situation in first 10", len(rows), wrong, 0.787)


def _question_rows(index: Index, statutes: Statutes, questions: Sequence[Question]) -> list[Row]:
    found = [(question.gold, _articles(index, statutes, question.text, 100)) for question in questions]
    figures = {
        "nDCG@10": (_ndcg, 10, 0.44),
        "Recall@10": (_recall, 10, 0.54),
        "Recall@100": (_recall, 100, 0.74),
    }
    return [
        Row(
            set=_QUESTIONS,
            metric=f"{name}, unseen half",
            n=len(found),
            figure=sum(figure(gold, ranked[:first]) for gold, ranked in found) / max(len(found), 1),
            target=f">= {least}",
        )
        for name, (figure, first, least) in figures.items()
    ]


def _recall(gold: frozenset[str], ranked: Sequence[str | None]) -> float:
    return len(gold.intersection(filter(None, ranked))) / len(gold)


def _ndcg(gold: frozenset[str], ranked: Sequence[str | None]) -> float:
    gain = sum(1 / math.log2(place + 2) for place, name in enumerate(ranked) if name in gold)
    return gain / sum(1 / math.log2(place + 2) for place in range(min(len(gold), 10)))


# --- residents' questions -----------------------------------------------------------------------------------------


def resident_rows(corpus: Path) -> list[Row]:
    """Residents' topics → official documents, among the articles' laws and the catalogue."""
    official = _lines(corpus / _RESIDENTS / "official_documents.jsonl")
    records = {an_id(500_000 + number): row for number, row in enumerate(official)}
    listed = enumerate(_lines(corpus / _CATALOGUE / "documents.jsonl"), 600_000)
    documents = [
        *(_official(id_, row) for id_, row in records.items()),
        *(a_document(id=an_id(number), title=row["title"], doc_number=row["number"]) for number, row in listed),
        *read_statutes(corpus).records,
    ]
    asked = [row for row in _lines(corpus / _RESIDENTS / "questions.jsonl") if row["gold"]]
    with _indexed(documents) as index:
        wrong = [
            row["query"]
            for row in asked
            if not {
                records.get(hit.document, {}).get("_id")
                for hit in index.search(SearchRequest(query=row["query"], limit=5, facets=())).hits
            }.intersection(row["gold"])
        ]
    return [right_of(_RESIDENTS, "official document for a resident's topic in first 5", len(asked), wrong, 0.85)]


def _official(id_: str, row: dict[str, Any]) -> DocumentRecord:
    articles = [each for each in row["text"].split("\n") if each]
    return a_document(id=id_, title=row["title"], doc_number=row["number"], issuers=[row["issuer"]], articles=articles)


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


MEASURES = (
    Measure(needs=("law_markdown.tar.gz",), rows=title_rows),
    Measure(needs=(_QUESTIONS, _CITATIONS), rows=statute_rows),
    Measure(needs=(_RESIDENTS, _CATALOGUE, _QUESTIONS), rows=resident_rows),
)
