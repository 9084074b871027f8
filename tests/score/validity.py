"""Figures of validity: repeal targets, hard negatives, dates and numbers, measured on the shared corpus."""

from __future__ import annotations

import gzip
import json
import re
import tarfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from gazette.dates import parse_date
from gazette.draft import BodyType, DocNumber, Effect, EffectKind, Node
from gazette.effects import commencement, find_effects
from gazette.numbers import parse_doc_number
from gazette.titles import letters

ENDING = {EffectKind.REPEALS, EffectKind.REPEALS_PARTIALLY, EffectKind.LAPSES}
Row = dict[str, Any]


def rows(corpus: Path) -> list[Row]:
    """One row a figure: set, metric, n, figure, target."""
    return [*repeal_rows(corpus), *date_rows(corpus), number_row(corpus)]


def repeal_rows(corpus: Path) -> Iterator[Row]:
    sentences = [json.loads(line) for line in (corpus / "validity" / "repeal_sentences.jsonl").open(encoding="utf-8")]
    named = [row for row in sentences if row["label"] == "repeal"]
    yield from _precision_recall("validity/repeal_sentences", [(row["sentence"], row["targets"]) for row in named])
    negatives = [row for row in sentences if row["label"] in ("none", "generic_override") and not row["targets"]]
    texts = {row["sentence"] for row in named}
    negatives = [row for row in negatives if row["sentence"] not in texts]
    wrong = [row["sentence"] for row in negatives if _ended(row["sentence"])]
    yield _row("validity/repeal_sentences", "hard negatives called a repeal", len(negatives), wrong, 0.005)
    with gzip.open(corpus / "department_rules" / "docs.jsonl.gz", "rt", encoding="utf-8") as lines:
        rules = [json.loads(line) for line in lines]
    pairs = [(repeal["sentence"], repeal["targets"]) for rule in rules for repeal in rule["repeals"]]
    yield from _precision_recall("department_rules", [(text, targets) for text, targets in pairs if targets])


def date_rows(corpus: Path) -> Iterator[Row]:
    """Commencement from the closing article as Markdown; the preamble's dates are digitization's business."""
    truth = {
        row["path"]: row
        for row in map(json.loads, (corpus / "validity" / "pairs.jsonl").open(encoding="utf-8"))
        if row["effective_article"]
    }
    right = total = 0
    for path, text in _law_texts(corpus):
        row = truth.get(path)
        if row is None:
            continue
        total += 1
        wanted = row["effective_article"]
        found = commencement(find_effects(_lines(text), title=row["title"]))
        right += bool(found) and (
            found.date == parse_date(wanted["date"]) if wanted["date"] else found.date_rule is not None
        )
    yield {
        "set": "validity/pairs",
        "metric": "effective_article",
        "n": total,
        "figure": round(right / max(total, 1), 4),
        "target": 0.99,
    }


def number_row(corpus: Path) -> Row:
    right = total = 0
    for line in (corpus / "state_council_catalogue" / "documents.jsonl").open(encoding="utf-8"):
        row = json.loads(line)
        if row["number"]:
            total += 1
            number = parse_doc_number(row["number"])
            parts = row["number_parts"] or _order_parts(row["number"])
            right += number is not None and [number.prefix, number.year, number.serial] == parts
    return {
        "set": "state_council_catalogue",
        "metric": "document numbers",
        "n": total,
        "figure": round(right / total, 4),
        "target": 0.999,
    }


def _order_parts(text: str) -> list[Any]:
    match = re.fullmatch(r"(\w+?令)第(\d+)号", text)
    return [match[1], None, int(match[2])] if match else []


def _precision_recall(name: str, pairs: Iterable[tuple[str, list[dict[str, Any]]]]) -> Iterator[Row]:
    hits = said = wanted_n = numbers = numbers_right = 0
    for text, targets in pairs:
        found = _ended(text)
        wanted = [(letters(each["title"]), each["scope"] == "whole") for each in targets if each.get("title")]
        got = [(letters(each.target.title or ""), each.kind is not EffectKind.REPEALS_PARTIALLY) for each in found]
        hits += sum(min(wanted.count(each), got.count(each)) for each in set(wanted))
        said += len(got)
        wanted_n += len(wanted)
        for each in targets:
            if each.get("number"):
                numbers += 1
                numbers_right += any(_same_number(effect.target.doc_number, each["number"]) for effect in found)
    for metric, figure, n, target in (
        ("repeal targets precision", hits / max(said, 1), said, 0.99),
        ("repeal targets recall", hits / max(wanted_n, 1), wanted_n, 0.98),
        ("target numbers", numbers_right / max(numbers, 1), numbers, 0.98),
    ):
        yield {"set": name, "metric": metric, "n": n, "figure": round(figure, 4), "target": target}


def _same_number(number: DocNumber | None, printed: str) -> bool:
    wanted = parse_doc_number(printed)
    if number is None:
        return False
    if wanted is None:
        return letters(number.raw) in letters(printed)
    return (number.year, number.serial) == (wanted.year, wanted.serial)


def _ended(sentence: str) -> list[Effect]:
    body = (Node(type=BodyType.ARTICLE, text=sentence, eid="art_1"),)
    return [effect for effect in find_effects(body) if effect.kind in ENDING]


def _row(name: str, metric: str, n: int, wrong: list[str], target: float) -> Row:
    return {"set": name, "metric": metric, "n": n, "figure": round(len(wrong) / max(n, 1), 4), "target": target}


def _law_texts(corpus: Path) -> Iterator[tuple[str, str]]:
    with tarfile.open(corpus / "law_markdown.tar.gz") as archive:
        for member in archive:
            file = archive.extractfile(member) if member.isfile() else None
            if file:
                path = member.name.removeprefix("./").removeprefix("law_markdown/")
                yield path, file.read().decode("utf-8", "replace")


def _lines(text: str) -> tuple[Node, ...]:
    body = text.split("<!-- INFO END -->")[-1]
    lines = (line for line in body.splitlines() if line.strip())
    return tuple(Node(type=BodyType.PARAGRAPH, text=line, eid=f"para_{at}") for at, line in enumerate(lines, 1))
