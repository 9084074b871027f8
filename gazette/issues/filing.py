"""Filing a whole issue: one printed file becomes an issue with its contents, every entry a document with its pages.

Filed twice it changes nothing. What an editor has arranged stays: only documents that the issue lacks are added.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.orm import Session

from gazette.audit import audit, iter_standing_acts
from gazette.digitization import media
from gazette.digitization.digitize import digitize
from gazette.digitization.refusals import Refusals
from gazette.draft import Digitized, SourceFile
from gazette.errors import Finding, GongbaoError, Level
from gazette.issues.boundaries import DIVIDED, FILED, as_it_stands, entries_of, find_boundaries, keep_reading
from gazette.issues.gazettes import EntryDraft, add_issue, assemble, check_open, keep_typeset
from gazette.issues.issue import Issue, IssueAddress, find_issue_row, get_gazette, get_issue
from gazette.record.ingest import Ingested, ingest_digitized, not_taken_in
from gazette.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed:
    """What became of the files: the issue as it stands now (None where nothing could be taken in and there was none),
    each document's outcome, doubts about the issue as a whole."""

    issue: Issue | None
    outcomes: tuple[Ingested, ...]
    findings: tuple[Finding, ...]

    def to_json(self) -> dict[str, Any]:
        return {
            "issue": self.issue.to_json() if self.issue else None,
            "outcomes": [outcome.to_json() for outcome in self.outcomes],
            "findings": [finding.to_json() for finding in self.findings],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Arranged:
    """An entry as an editor wants it: where it stood, the order it gets, its column and title; dropped if not kept."""

    position: int
    order: float
    column: str | None
    title: str
    kept: bool = True


def file_issue(
    store: Store,
    address: IssueAddress,
    sources: Iterable[SourceFile],
    *,
    publish: bool,
    actor: str,
    progress: Callable[[int, int], None] | None = None,
) -> Filed:
    """Take in the files of one issue, a whole printed issue or its documents one by one, in their order. Where none of
    them can be taken in, no issue is opened for them.

    Raises Conflict for an issue that is published, NotFound for its gazette.
    """
    with store.read() as session:
        check_open(session, address)
        columns = get_gazette(session, address.gazette).columns
    outcomes: list[Ingested] = []
    refusals = Refusals()
    entries: list[EntryDraft] = []
    findings: list[Finding] = []
    whole: tuple[SourceFile, Digitized] | None = None
    divided: tuple[Digitized, Sequence[Ingested]] | None = None
    digitized: Digitized | None
    count = 0
    for source in sources:
        count += 1
        try:
            digitized = digitize(replace(source, columns=columns), settings=store.settings, progress=progress)
        except GongbaoError as error:
            digitized = None
            why: tuple[Finding, ...] = (error.to_finding(),)
        else:
            why = digitized.findings
        if digitized is None or not digitized.drafts:
            if source.archive:
                refusals.add(source, why)
            else:
                outcomes.append(not_taken_in(source.name, *why))
            continue
        # Doubts about the issue are told once, not with each of its documents.
        stored = ingest_digitized(store, replace(digitized, findings=()), source.data, publish=publish, actor=actor)
        outcomes += stored
        if not _is_divided_by_hand(store, address, digitized):
            entries += entries_of(digitized, stored)
            divided = digitized, stored
        findings += digitized.findings
        if digitized.imprint is not None:
            whole = (source, digitized)
            findings += _contradictions(address, digitized)
    outcomes += (not_taken_in(archive, finding) for archive, finding in refusals.take())
    if not any(outcome.document for outcome in outcomes):
        return Filed(issue=_find_issue(store, address), outcomes=tuple(outcomes), findings=tuple(findings))
    imprint = whole[1].imprint if whole else None
    add_issue(
        store,
        address,
        actor=actor,
        cover_date=imprint.cover_date if imprint else None,
        running_number=imprint.running_number if imprint else None,
    )
    issue = _add(store, address, entries, actor)
    if whole is not None and count == 1 and whole[1].source.media_type == media.PDF:
        issue = _keep_print(store, issue, whole[0].data, actor)
    # What was read is kept of one whole file only: of several nobody could set the boundaries.
    kept = keep_reading(store, *divided) if divided and count == 1 else {}
    _keep_division(store, address, findings, kept, actor)
    return Filed(issue=issue, outcomes=tuple(outcomes), findings=tuple(findings))


def list_division_findings(session: Session, address: IssueAddress) -> tuple[Finding, ...]:
    """The doubts about the issue as a whole when it was last filed."""
    filed = next(iter_standing_acts(session, str(address), (FILED, DIVIDED)), None)
    return tuple(
        Finding(level=Level(each["level"]), code=each["code"], message=each["message"])
        for each in (filed.after["findings"] if filed else ())
    )


def arrange(store: Store, address: IssueAddress, wanted: Sequence[Arranged], *, actor: str) -> Issue:
    """Put the entries of an unpublished issue in another order, under other columns or titles, or leave some out."""
    with store.read() as session:
        issue = get_issue(session, address)
    by_position = {entry.position: entry for entry in issue.entries}
    lines = sorted((each for each in wanted if each.kept and each.position in by_position), key=lambda each: each.order)
    drafts = [
        replace(as_it_stands(by_position[each.position]), column=each.column or None, title=each.title or None)
        for each in lines
    ]
    if drafts == [as_it_stands(entry) for entry in issue.entries]:
        return issue
    arranged = assemble(store, address, drafts, actor=actor)
    return _keep_print(store, arranged, store.blobs.get(issue.sha256), actor) if issue.sha256 else arranged


def _keep_division(
    store: Store, address: IssueAddress, findings: Sequence[Finding], kept: Mapping[str, Any], actor: str
) -> None:
    """Keep the doubts in the audit trail, and how one whole file was divided; the same file filed again leaves no
    second row."""
    with store.write() as session:
        before = find_boundaries(session, address)
        is_known = before is not None and before.sha256 == kept.get("file", before.sha256)
        told = tuple((each.code, each.message) for each in list_division_findings(session, address))
        if (is_known or not kept) and told == tuple((each.code, each.message) for each in findings):
            return
        if before is not None and before.is_by_hand and is_known:
            return
        after = {"findings": [finding.to_json() for finding in findings], **kept}
        audit(session, actor=actor, action=FILED, topic="issue", subject=str(address), after=after)


def _is_divided_by_hand(store: Store, address: IssueAddress, digitized: Digitized) -> bool:
    """Whether an editor has divided this very file: it stays so."""
    with store.read() as session:
        standing = find_boundaries(session, address)
    return standing is not None and standing.is_by_hand and standing.sha256 == digitized.source.sha256


def _find_issue(store: Store, address: IssueAddress) -> Issue | None:
    with store.read() as session:
        return get_issue(session, address) if find_issue_row(session, address) else None


def _add(store: Store, address: IssueAddress, entries: Sequence[EntryDraft], actor: str) -> Issue:
    """Add what the issue lacks at its end; an issue that lacks nothing stays as it is."""
    with store.read() as session:
        issue = get_issue(session, address)
    held = {(entry.document, entry.version) for entry in issue.entries}
    new = [entry for entry in entries if (entry.document, entry.version) not in held]
    if not new:
        return issue
    return assemble(store, address, [*map(as_it_stands, issue.entries), *new], actor=actor)


def _keep_print(store: Store, issue: Issue, pdf: bytes, actor: str) -> Issue:
    """Keep the printed issue itself as the whole-issue PDF, where every entry's pages are known."""
    ranges = [(entry.page_from, entry.page_to) for entry in issue.entries]
    known = [(first, last) for first, last in ranges if first is not None and last is not None]
    if issue.sha256 is not None or not known or len(known) != len(ranges):
        return issue
    import pypdfium2 as pdfium

    document = pdfium.PdfDocument(pdf)
    try:
        pages = len(document)
    finally:
        document.close()
    return keep_typeset(store, issue.address, pdf=pdf, pages=pages, ranges=known, actor=actor)


def _contradictions(address: IssueAddress, digitized: Digitized) -> list[Finding]:
    """One finding where the file says that it is another number."""
    imprint = digitized.imprint
    if imprint and imprint.number and imprint.number <= address.number <= (imprint.number_to or imprint.number):
        # A 合刊 goes by either of its numbers.
        imprint = replace(imprint, number=address.number)
    printed: Mapping[str, int | None] = {
        "year": imprint.year if imprint else None,
        "number": imprint.number if imprint else None,
    }
    differs = [value for key, value in printed.items() if value is not None and value != getattr(address, key)]
    if not differs:
        return []
    message = f"文件自称 {printed['year']} 年第 {printed['number']} 期，与 {address} 不符"
    return [Finding(level=Level.WARNING, code="issue.number_differs", message=message)]
