"""Whole issues divided into their documents: boundary F1 by layout, and the demo city's own issues piece by piece, in
print and as a scan.

A boundary is right where a document of that title begins; what the page looks like is told to nobody.
"""

from __future__ import annotations

import os
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from gazette.citations.titles import letters
from gazette.digitization.digitize import digitize_here
from gazette.digitization.readers.ocr import find_recognizer
from gazette.draft import BodyType, Draft, SourceFile, walk
from gazette.issues.issue import Entry, Issue, get_issue
from gazette.record.reading import get_document
from gazette.settings import RecordSettings
from gazette.store import Store
from tests import paper
from tests.score.issue_layouts import LAYOUTS, print_issue, read_records
from tests.score.row import Measure, Row, right_of

#: Every so many issues of the folder are printed in all layouts; GONGBAO_SCORE_ISSUES=1 prints every
#: issue, and scans all of the demo city.
_EVERY = 4
#: Resolution of the scan (dpi): what offices' copiers give unasked.
_SCAN_DPI = 150

Facts = tuple[object, ...]


def divided_rows(folder: Path) -> Iterator[Row]:
    """Issues printed as one PDF and divided again: how well the beginnings of the documents are found."""
    every = int(os.environ.get("GONGBAO_SCORE_ISSUES", str(_EVERY)))
    issues = [read_records(path) for path in sorted((folder / "issues").glob("*.xml.gz"))[::every]]
    for layout in LAYOUTS:
        right = found = wanted = 0
        wrong: list[str] = []
        for records in issues:
            drafts = digitize_here(SourceFile(name="issue.pdf", data=print_issue(records, layout))).drafts
            ours = Counter(letters(draft.title or "") for draft in drafts)
            theirs = Counter(letters(record.title) for record in records)
            right += (ours & theirs).total()
            found, wanted = found + len(drafts), wanted + len(records)
            wrong += [*(f"missed {each}" for each in theirs - ours), *(f"invented {each}" for each in ours - theirs)]
        yield Row(
            set="tw_executive_yuan_gazette",
            metric=f"boundaries F1, {layout}",
            n=wanted,
            figure=2 * right / max(found + wanted, 1),
            target=">= 0.95",
            wrong=tuple(wrong[:10]),
        )


def demo_rows(_corpus: Path) -> Iterator[Row]:
    """The demo city's issues as typeset, divided again: every act with title, number, day, column, pages, articles."""
    from portal.database import open_store
    from portal.demo.city import load, read_issues

    with tempfile.TemporaryDirectory() as home:
        store = open_store(RecordSettings(home=Path(home)))
        try:
            load(store)
            issues = [_read_issue(store, folder.address) for folder in read_issues()]
        finally:
            store.close()
    yield _row("acts of the text PDF as printed", issues, 1.0)
    if find_recognizer() is None:
        print("issues: the demo city as a scan skipped, the recognizer is not installed (pip install 'gongbao[ocr]')")
        return
    # Recognition takes seconds a page: the issue of the fewest pages stands for all, unless all are asked for.
    if os.environ.get("GONGBAO_SCORE_ISSUES") != "1":
        issues = [min(issues, key=lambda issue: _count_pages(issue[0]))]
    scans = [(scanned_again(data, dpi=_SCAN_DPI), printed) for data, printed in issues]
    yield _row(f"acts of {len(scans)} issues as scans of 150 dpi", scans, 0.97)


def _read_issue(store: Store, address: object) -> tuple[bytes, list[Facts]]:
    """An issue's PDF and its entries."""
    with store.read() as session:
        issue: Issue = get_issue(session, address)  # type: ignore[arg-type]
        printed = [_facts(get_document(session, entry.document or ""), entry) for entry in issue.entries]
    assert issue.sha256 is not None
    return store.blobs.get(issue.sha256), printed


def _row(metric: str, issues: Sequence[tuple[bytes, list[Facts]]], least: float) -> Row:
    """The entries that come back from the PDFs."""
    wrong: list[str] = []
    for data, printed in issues:
        drafts = digitize_here(SourceFile(name="issue.pdf", data=data)).drafts
        found = Counter(_facts_of(draft) for draft in drafts)
        wrong += [str(each[:2]) for each in printed if not found[each]]
        wrong += ["one too many"] * max(0, len(drafts) - len(printed))
    return right_of("demo_city", metric, sum(len(printed) for _data, printed in issues), wrong, least)


def _count_pages(data: bytes) -> int:
    import pypdfium2 as pdfium

    with pdfium.PdfDocument(data) as document:
        return len(document)


def scanned_again(data: bytes, *, dpi: int) -> bytes:
    """The PDF as pictures of its pages, without a text layer."""
    import pypdfium2 as pdfium

    with pdfium.PdfDocument(data) as document:
        return paper.as_pdf([page.render(scale=dpi / 72).to_pil().convert("RGB") for page in document], dpi=dpi)


def _facts(document: object, entry: Entry) -> Facts:
    version = next(each for each in document.versions if each.id == entry.version)  # type: ignore[attr-defined]
    articles = tuple(node.eid for node in walk(version.body) if node.type is BodyType.ARTICLE)
    place = entry.column, entry.page_from, entry.page_to
    return letters(version.title), version.doc_number, version.signed_date, articles, *place


def _facts_of(draft: Draft) -> Facts:
    articles = tuple(node.eid for node in walk(draft.body) if node.type is BodyType.ARTICLE)
    number = draft.doc_number.normalized if draft.doc_number else None
    where = draft.printed
    place = (where.column, where.page_from, where.page_to) if where else (None, None, None)
    return letters(draft.title or ""), number, draft.signed_date, articles, *place


MEASURES = (
    Measure(
        needs=("tw_executive_yuan_gazette",),
        rows=lambda corpus: divided_rows(corpus / "tw_executive_yuan_gazette"),
    ),
    Measure(needs=(), rows=demo_rows),
)
