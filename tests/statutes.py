"""The 62,304 articles of the STARD corpus as records, one a law and version, and the questions asked of them."""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from gazette.citations.provisions import parse_provision
from gazette.dates import parse_date
from gazette.draft import BodyType, Node
from gazette.record.reading import DocumentRecord
from tests.builders import a_document, an_id

_FOLDER = "statute_retrieval_stard"


@dataclass(frozen=True, slots=True, kw_only=True)
class Statutes:
    """The records, and the corpus's own name for each article by (document, address)."""

    records: tuple[DocumentRecord, ...]
    names: dict[tuple[str, str], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    text: str
    gold: frozenset[str]

    @property
    def is_held(self) -> bool:
        """Whether the question is of the half that nothing may be chosen by."""
        return int(hashlib.sha256(self.text.encode()).hexdigest(), 16) % 2 == 1


def read_statutes(corpus: Path) -> Statutes:
    """One record a file of the source; a title that ended is marked as repealed."""
    with gzip.open(corpus / _FOLDER / "corpus.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = sorted(map(json.loads, lines), key=_law)
    records: list[DocumentRecord] = []
    names: dict[tuple[str, str], str] = {}
    for number, (_, group) in enumerate(groupby(rows, key=_law), 1):
        articles = list(group)
        nodes = _articles(articles)
        records.append(_record(number, articles[0], tuple(_chapters(articles, nodes))))
        names |= {(records[-1].id, node.eid): name for name, node in nodes.items()}
    return Statutes(records=tuple(records), names=names)


def read_questions(corpus: Path) -> list[Question]:
    """The questions of laypeople with the articles that answer them."""
    folder = corpus / _FOLDER
    gold: dict[str, set[str]] = {}
    for query, _, article, _ in _tsv(folder / "qrels.tsv"):
        gold.setdefault(query, set()).add(article)
    return [Question(text=text, gold=frozenset(gold[query])) for query, text in _tsv(folder / "queries.tsv")]


def _tsv(path: Path) -> Iterator[list[str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        yield from csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)


def _law(row: dict[str, Any]) -> tuple[str, str]:
    return row["path"] or "", row["law"]


def _articles(rows: list[dict[str, Any]]) -> dict[str, Node]:
    """Nodes by the corpus's name; of articles with one number only the first has the number's address."""
    nodes: dict[str, Node] = {}
    taken: set[str] = set()
    for place, row in enumerate(rows, 1):
        provision = parse_provision(row["article"])
        eid = provision.eid if provision and provision.eid not in taken else f"item_{place}"
        taken.add(eid)
        nodes[row["_id"]] = Node(type=BodyType.ARTICLE, num=row["article"], text=row["text"], eid=eid, wid=eid)
    return nodes


def _chapters(rows: list[dict[str, Any]], nodes: dict[str, Node]) -> Iterator[Node]:
    """The articles under the headings they stand under in their law."""
    for heading, group in groupby(rows, key=lambda row: row["chapter"] or ""):
        under = tuple(nodes[row["_id"]] for row in group)
        if heading:
            yield Node(type=BodyType.CHAPTER, heading=heading, children=under)
        else:
            yield from under


def _record(number: int, row: dict[str, Any], body: tuple[Node, ...]) -> DocumentRecord:
    kind = (row["path"] or "").split("/")[0]
    return a_document(
        id=an_id(number),
        title=row["law"],
        body=body,
        published=parse_date(row["version_date"] or ""),
        kind=kind or None,
        status="repealed" if row["expired"] or row["superseded"] else "unknown",
    )
