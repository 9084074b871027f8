"""Figures of validity: repeal targets, hard negatives, dates and numbers, measured on the shared corpus."""

from __future__ import annotations

import gzip
import json
import re
import tarfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from gazette.citations.numbers import parse_doc_number
from gazette.citations.titles import letters
from gazette.dates import parse_date
from gazette.digitization.digitize import digitize_here
from gazette.draft import BodyType, DocNumber, Draft, Effect, EffectKind, Node, SourceFile
from gazette.validity.effects import commencement, find_effects
from tests.score.row import Measure, Row, right_of, wrong_of

ENDING = {EffectKind.REPEALS, EffectKind.REPEALS_PARTIALLY, EffectKind.LAPSES}
Truth = dict[str, Any]


def repeal_rows(corpus: Path) -> Iterator[Row]:
    sentences = [json.loads(line) for line in (corpus / "validity" / "repeal_sentences.jsonl").open(encoding="utf-8")]
    named = [row for row in sentences if row["label"] == "repeal"]
    yield from _precision_recall("validity", [(row["sentence"], row["targets"]) for row in named])
    negatives = [row for row in sentences if row["label"] in ("none", "generic_override") and not row["targets"]]
    texts = {row["sentence"] for row in named}
    negatives = [row for row in negatives if row["sentence"] not in texts]
    wrong = [row["sentence"] for row in negatives if _ended(row["sentence"])]
    yield wrong_of("validity", "hard negatives called a repeal", len(negatives), wrong, 0.005)


def rule_rows(corpus: Path) -> Iterator[Row]:
    with gzip.open(corpus / "department_rules" / "docs.jsonl.gz", "rt", encoding="utf-8") as lines:
        rules = [json.loads(line) for line in lines]
    pairs = [(repeal["sentence"], repeal["targets"]) for rule in rules for repeal in rule["repeals"]]
    yield from _precision_recall("department_rules", [(text, targets) for text, targets in pairs if targets])


def date_rows(corpus: Path) -> Iterator[Row]:
    """Dates of the laws as digitized, against the pairs; and repeal targets of whole documents."""
    truth = {row["path"]: row for row in map(json.loads, (corpus / "validity" / "pairs.jsonl").open(encoding="utf-8"))}
    counts: dict[str, list[bool]] = {name: [] for name in _DATE_CHECKS}
    wrong_links: list[str] = []
    for path, draft in _laws(corpus):
        row = truth.get(path)
        if row is None:
            continue
        for name, check in _DATE_CHECKS.items():
            verdict = check(row, draft)
            if verdict is not None:
                counts[name].append(verdict)
        wanted = {letters(target["title"]) for repeal in row["repeals"] for target in _targets(repeal)}
        if wanted != {letters(effect.target.title or "") for effect in draft.effects if effect.kind in ENDING}:
            wrong_links.append(path)
    for name, verdicts in counts.items():
        figure = sum(verdicts) / max(len(verdicts), 1)
        yield Row(set="validity", metric=f"pairs: {name}", n=len(verdicts), figure=figure, target=">= 0.99")
    yield wrong_of("validity", "pairs: documents whose repeals differ", len(truth), wrong_links, 0.01)


def _effective_article(row: Truth, draft: Draft) -> bool | None:
    wanted = row["effective_article"]
    if not wanted:
        return None
    found = commencement(draft.effects)
    if found is None:
        return False
    return found.date == parse_date(wanted["date"]) if wanted["date"] else found.date_rule is not None


def _effective(row: Truth, draft: Draft) -> bool | None:
    return draft.effective_date == parse_date(row["effective"]["date"]) if row["effective"] else None


def _promulgation(row: Truth, draft: Draft) -> bool | None:
    """The truth gives the first promulgation of texts that had several: either is right."""
    if not row["promulgation"]:
        return None
    return parse_date(row["promulgation"]["date"]) in [
        each.date for each in draft.history if each.kind == "promulgated"
    ]


def _amendments(row: Truth, draft: Draft) -> bool | None:
    """Where the source broke the line inside a title, the truth has the day but could not tell the act (other)."""
    wanted = {parse_date(each["date"]) for each in row["amendments"]}
    found = {each.date for each in draft.history if each.kind in ("amended", "revised") and each.date}
    unread = {parse_date(each["date"]) for each in row["events"] if each["kind"] == "other"}
    return found - unread == wanted - unread if wanted or found else None


_DATE_CHECKS = {
    "effective_article": _effective_article,
    "effective": _effective,
    "promulgation": _promulgation,
    "amendment dates": _amendments,
}


def _targets(repeal: Truth) -> list[Truth]:
    return [each for each in repeal.get("targets") or [repeal] if each.get("title")]


def number_rows(corpus: Path) -> Iterator[Row]:
    verdicts: dict[bool, list[bool]] = {True: [], False: []}
    for line in (corpus / "state_council_catalogue" / "documents.jsonl").open(encoding="utf-8"):
        row = json.loads(line)
        if row["number"]:
            number = parse_doc_number(row["number"])
            parts = row["number_parts"] or _odd_parts(row["number"])
            right = number is not None and [number.prefix, number.year, number.serial] == parts
            verdicts[bool(row["number_parts"])].append(right)
    for is_standard, metric, target in ((True, "document numbers", 0.999), (False, "odd document numbers", 0.98)):
        figure = sum(verdicts[is_standard]) / max(len(verdicts[is_standard]), 1)
        n = len(verdicts[is_standard])
        yield Row(set="state_council_catalogue", metric=metric, n=n, figure=figure, target=f">= {target}")


def _odd_parts(text: str) -> list[Any]:
    """The parts of the numbers the catalogue does not take apart: orders, and years that stand in another bracket."""
    if match := re.fullmatch(r"(\w+?令)第(\d+)号", text):
        return [match[1], None, int(match[2])]
    match = re.fullmatch(r"(\w+?)[（(\[［【﹝〔]?(\d{4})年?[）)\]］】﹞〕]?第?0*(\d+)号", text.replace(" ", ""))
    return [match[1], int(match[2]), int(match[3])] if match else []


def order_rows(corpus: Path) -> Iterator[Row]:
    """Repeals read from the titles of Taiwan's orders against the official flag 廢止註記 of the laws they name.

    Only where the law was last changed about the day of the order is its flag about that order: a title enacted
    again later carries another text, and an order that repeals an interpretation names a law it does not end.
    """
    flags: dict[str, list[bool]] = {}
    with gzip.open(corpus / "tw_moj_laws" / "laws_meta.jsonl.gz", "rt", encoding="utf-8") as lines:
        for law in map(json.loads, lines):
            flags.setdefault(letters(law["title"]), []).append(law["repealed"])
    said: list[str] = []
    wrong: list[str] = []
    sought: list[str] = []
    missed: list[str] = []
    announced: list[str] = []
    called: list[str] = []
    for line in (corpus / "tw_executive_yuan_gazette" / "repeal_events.jsonl").open(encoding="utf-8"):
        row = json.loads(line)
        signed = parse_date(row["date_iso"])
        named = {
            letters(effect.target.title or "")
            for effect in find_effects((), title=row["title"], signed=signed)
            if effect.kind in ENDING
        }
        if row["kind"] == "draft_notice":
            announced.append(row["title"])
            called += [row["title"]] if named else []
            continue
        said += [name for name in named if name in flags]
        wrong += [name for name in named if not any(flags.get(name, [True]))]
        day = (row["date_iso"] or "").replace("-", "")[:6]
        ended = {
            letters(law["title"]) for law in row["moj_match"] if law["repealed"] and law["last_changed"][:6] == day
        }
        sought += ended
        missed += ended - named
    yield right_of("tw_executive_yuan_gazette", "repealed law bears the official flag", len(said), wrong, 0.97)
    yield right_of("tw_executive_yuan_gazette", "repeal of a flagged law is found", len(sought), missed, 0.97)
    yield wrong_of("tw_executive_yuan_gazette", "announced repeals called a repeal", len(announced), called, 0.005)


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
        yield Row(set=name, metric=metric, n=n, figure=figure, target=f">= {target}")


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


def _laws(corpus: Path) -> Iterator[tuple[str, Draft]]:
    with tarfile.open(corpus / "law_markdown.tar.gz") as archive:
        for member in archive:
            file = archive.extractfile(member) if member.isfile() else None
            if file:
                path = member.name.removeprefix("./").removeprefix("law_markdown/")
                drafts = digitize_here(SourceFile(name=path, data=file.read())).drafts
                if drafts:
                    yield path, drafts[0]


MEASURES = (
    Measure(needs=("validity/repeal_sentences.jsonl",), rows=repeal_rows),
    Measure(needs=("department_rules/docs.jsonl.gz",), rows=rule_rows),
    Measure(needs=("validity/pairs.jsonl", "law_markdown.tar.gz"), rows=date_rows),
    Measure(needs=("state_council_catalogue/documents.jsonl",), rows=number_rows),
    Measure(needs=("tw_executive_yuan_gazette/repeal_events.jsonl", "tw_moj_laws/laws_meta.jsonl.gz"), rows=order_rows),
)
