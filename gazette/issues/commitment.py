"""What the ledger commits a published issue to, and whether the issue still is that.

Verification compares the ledger, the stored PDF and the stored texts, so that anyone can tell whether an issue still
is what was published.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from gazette import ledger
from gazette.blobs import sha256_of
from gazette.errors import Finding, Level, NotFound
from gazette.issues.issue import Issue, IssueAddress, get_issue
from gazette.record.documents import VersionRow
from gazette.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueVerification:
    """Whether an issue still is what was published; each deviation is a finding of level error."""

    address: IssueAddress
    entries: int
    ledger_hash: str | None
    findings: tuple[Finding, ...]

    @property
    def ok(self) -> bool:
        return not self.findings

    def to_json(self) -> dict[str, Any]:
        return {
            "address": str(self.address),
            "ok": self.ok,
            "entries": self.entries,
            "ledger_hash": self.ledger_hash,
            "findings": [finding.to_json() for finding in self.findings],
        }


def commitment(session: Session, issue: Issue) -> dict[str, Any]:
    """What the ledger commits to: the PDF, and every entry with the letters of its text."""
    versions = [entry.version for entry in issue.entries if entry.version]
    hashes = {
        row.id: row.letters_sha256 for row in session.scalars(select(VersionRow).where(VersionRow.id.in_(versions)))
    }
    return {
        "issue": str(issue.address),
        "cover_date": issue.cover_date.isoformat() if issue.cover_date else None,
        "sha256": issue.sha256,
        "entries": [
            {
                "position": entry.position,
                "title": entry.title,
                "document": entry.document,
                "version": entry.version,
                "letters_sha256": hashes.get(entry.version or ""),
            }
            for entry in issue.entries
        ],
    }


def verify_issue(store: Store, address: IssueAddress) -> IssueVerification:
    """Compare an issue with what the ledger says was published, and its PDF with its hash."""
    with store.read() as session:
        issue = get_issue(session, address)
        findings: list[Finding] = []
        chain = ledger.verify(session)
        if not chain.intact:
            findings.append(_deviation("ledger.broken", f"公开账本在第 {chain.broken_at} 条处断裂。"))
        committed = ledger.list_entries(session, topic="issue", subject=issue.id)
        if not committed:
            findings.append(_deviation("issue.not_in_ledger", f"{address} 未发布，公开账本中没有记载。"))
        else:
            findings += _deviations(committed[-1].payload, commitment(session, issue))
    if issue.sha256:
        findings += _pdf_deviations(store, issue.sha256)
    return IssueVerification(
        address=address,
        entries=len(issue.entries),
        ledger_hash=committed[-1].hash if committed else None,
        findings=tuple(findings),
    )


def _deviations(published: dict[str, Any], present: dict[str, Any]) -> list[Finding]:
    found = [
        _deviation(f"issue.{key}_differs", f"{label}与发布时不同。")
        for key, label in (("cover_date", "出版日期"), ("sha256", "整期文件"))
        if published[key] != present[key]
    ]
    if len(published["entries"]) != len(present["entries"]):
        found.append(_deviation("issue.entries_differ", "目录件数与发布时不同。"))
    for was, now_is in zip(published["entries"], present["entries"], strict=False):
        if was != now_is:
            found.append(_deviation("issue.entry_differs", f"第 {was['position']} 件《{was['title']}》与发布时不同。"))
    return found


def _pdf_deviations(store: Store, digest: str) -> list[Finding]:
    try:
        intact = sha256_of(store.blobs.get(digest)) == digest
    except NotFound:
        return [_deviation("issue.pdf_missing", "整期文件已不在库中。")]
    return [] if intact else [_deviation("issue.pdf_differs", "整期文件的内容与其校验值不符。")]


def _deviation(code: str, message: str) -> Finding:
    return Finding(level=Level.ERROR, code=code, message=message)
