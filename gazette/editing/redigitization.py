"""Redigitization (再识别): held bytes read anew by a better reader, and what that would change in the record.

Nothing is overwritten silently. A new reading is first a proposal: field by field what is held and what is read now.
What an editor has set stays: whole fields, single pieces of the text, single lines of a scan, each put into the new
reading where it still stands; where it does not, the text stays as it is and the proposal says so. What a reader does
not find any more empties nothing. Taking a proposal up is one act of the trail and can be undone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from gazette.audit import AuditEntry, audit, iter_standing_acts
from gazette.digitization.digitize import digitize
from gazette.digitization.readers import READER
from gazette.digitization.sandbox import Progress
from gazette.draft import Body, Digitized, Draft, Node, SourceFile, walk
from gazette.editing.correction import read_fields, write_fields
from gazette.editing.scans import HeldLine, carry_corrections, list_lines, list_pages, plain_lines
from gazette.errors import Conflict, NotFound
from gazette.issues.issue import EntryRow, GazetteRow, IssueRow
from gazette.record.documents import CopyRow, DocumentRow, DocumentState, VersionOrigin, VersionRow, VersionState
from gazette.record.identity import version_date
from gazette.record.likeness import title_key
from gazette.store import Store
from gazette.versions.comparison import Compared, compare
from gazette.versions.inheritance import inherit_addresses

#: The act's name in the trail.
ACTION = "redigitize"
_DAYS = ("version_date", "signed_date", "published_date", "effective_date", "expiry_date")
#: Parts of a node that an editor can set.
_PIECES = ("num", "heading", "text")


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What a copy, read anew, would change. `kept` are the fields that stay because an editor has set them."""

    document: str
    version: str
    copy: str
    title: str
    is_published: bool
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    kept: tuple[str, ...] = ()

    @property
    def text_changes(self) -> tuple[Compared, ...]:
        """The provisions that differ, side by side."""
        bodies = (tuple(map(Node.from_json, each.get("body", ()))) for each in (self.before, self.after))
        return compare(*bodies).changed()

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of what would change, the text and its scan last."""
        return tuple(self.after)

    def to_json(self) -> dict[str, Any]:
        shown = [name for name in self.after if name not in ("body", "scan")]
        return {
            "document": self.document,
            "version": self.version,
            "copy": self.copy,
            "title": self.title,
            "fields": {name: {"before": self.before[name], "after": self.after[name]} for name in shown},
            "text": [each.to_json() for each in self.text_changes],
            "kept": list(self.kept),
        }


def list_outdated(session: Session, document: str | None = None, *, below: int = READER) -> tuple[str, ...]:
    """The copies whose text is held as an older reader than `below` gave it, of one document or of all.

    A version rests on its first copy; further ones only witness it.
    """
    query = (
        select(CopyRow)
        .join(VersionRow, VersionRow.id == CopyRow.version_id)
        .join(DocumentRow, DocumentRow.id == VersionRow.document_id)
        .where(
            DocumentRow.state.in_([DocumentState.DRAFT, DocumentState.PUBLISHED]),
            VersionRow.origin == VersionOrigin.OFFICIAL,
            VersionRow.state.in_([VersionState.DRAFT, VersionState.PUBLISHED]),
        )
        .order_by(CopyRow.version_id, CopyRow.fetched_at, CopyRow.id)
    )
    if document is not None:
        query = query.where(DocumentRow.id == document)
    firsts: dict[str, CopyRow] = {}
    for copy in session.scalars(query):
        firsts.setdefault(copy.version_id, copy)
    return tuple(copy.id for copy in firsts.values() if copy.reader is None or copy.reader < below)


def redigitize(store: Store, copy_id: str, *, progress: Progress | None = None) -> Proposal:
    """Read the bytes of a copy anew; the proposal is empty where the reading is what is held.

    Raises NotFound, and what `digitize` raises.
    """
    with store.read() as session:
        copy = _copy(session, copy_id)
        source = SourceFile(
            name=copy.name,
            data=store.blobs.get(copy.sha256),
            url=copy.place if "://" in copy.place else None,
            columns=_columns(session, copy.version_id),
        )
    digitized = digitize(source, settings=store.settings, progress=progress)
    with store.read() as session:
        return _propose(session, _copy(session, copy_id), digitized)


def adopt(store: Store, proposal: Proposal, *, actor: str) -> int | None:
    """Take a proposal up. Returns the audit id; None where nothing changes, which is kept in mind too.

    Raises Conflict where what is held has changed since the reading.
    """
    with store.write() as session:
        copy = _copy(session, proposal.copy)
        copy.reader = READER
        if not proposal.after:
            return None
        if read_fields(session, proposal.document, proposal.version, proposal.before) != proposal.before:
            raise Conflict(why="识别期间该文件有改动，请重新识别")
        write_fields(session, proposal.document, proposal.version, proposal.after)
        return audit(
            session,
            actor=actor,
            action=ACTION,
            topic="version",
            subject=proposal.version,
            before=proposal.before,
            after=proposal.after,
        )


def _copy(session: Session, copy_id: str) -> CopyRow:
    copy = session.get(CopyRow, copy_id)
    if copy is None:
        raise NotFound(what=f"来源 {copy_id}")
    return copy


def _columns(session: Session, version: str) -> tuple[str, ...]:
    """The columns of the gazette in whose issue the version stands: they help to divide the issue again."""
    query = (
        select(GazetteRow.columns)
        .join(IssueRow, IssueRow.gazette_id == GazetteRow.id)
        .join(EntryRow, EntryRow.issue_id == IssueRow.id)
        .where(EntryRow.version_id == version)
    )
    return tuple(session.scalar(query) or ())


def _propose(session: Session, copy: CopyRow, digitized: Digitized) -> Proposal:
    row = session.get_one(VersionRow, copy.version_id)
    draft = _find_draft(digitized, copy, row)
    corrections = list(iter_standing_acts(session, row.id, ("correct",)))[::-1]
    set_by_hand = {name for act in corrections for name in act.after}
    read, lost = _values(session, copy, row, draft, corrections)
    held = read_fields(session, row.document_id, row.id, read)
    differing = {name: value for name, value in read.items() if held[name] != value and value not in (None, "", [])}
    whole = set_by_hand - {"body", "scan_lines"}
    after = {name: value for name, value in differing.items() if name not in whole | lost}
    if set(after) <= {"findings"}:
        # Other doubts about the same text are no new reading.
        after = {}
    return Proposal(
        document=row.document_id,
        version=row.id,
        copy=copy.id,
        title=row.title,
        is_published=row.state == VersionState.PUBLISHED,
        before={name: held[name] for name in after},
        after=after,
        kept=tuple(name for name in differing if name not in after and name != "findings"),
    )


def _find_draft(digitized: Digitized, copy: CopyRow, row: VersionRow) -> Draft:
    """The document of the file that the copy is of. Raises NotFound where the new reading does not hold it."""
    same = [draft for draft in digitized.drafts if title_key(draft.title or "") == title_key(row.title)]
    if same:
        return same[0]
    if copy.position < len(digitized.drafts):
        return digitized.drafts[copy.position]
    raise NotFound(what=f"《{row.title}》")


def _values(
    session: Session, copy: CopyRow, row: VersionRow, draft: Draft, corrections: Sequence[AuditEntry]
) -> tuple[dict[str, Any], set[str]]:
    """The fields as read now with the editor's corrections in them, and those that cannot take them in."""
    lost: set[str] = set()
    number = draft.doc_number
    title, body, scan = draft.title, draft.body, draft.scan
    texts: dict[int, str] = {}
    lines = _corrected_lines(session, copy)
    of_text = [act for act in corrections if "body" in act.after and "scan_lines" not in act.after]
    if lines:
        carried = carry_corrections(title or row.title, body, scan, lines)
        if carried is None or of_text:
            lost |= {"body", "scan", "title"}
        else:
            title, body, texts = carried
    elif of_text:
        merged = _merged(of_text[0].before["body"], row.body, body)
        if merged is None:
            lost.add("body")
        else:
            body = merged
    held = tuple(Node.from_json(node) for node in row.body)
    days = {name: version_date(draft) if name == "version_date" else getattr(draft, name) for name in _DAYS}
    values: dict[str, Any] = {
        "title": title,
        "doc_number": number.normalized if number else None,
        **{name: _iso(day) for name, day in days.items()},
        "recipients": list(draft.recipients),
        "notes": list(draft.notes),
        "history": [entry.to_json() for entry in draft.history],
        "body": [node.to_json() for node in inherit_addresses(held, body)],
        "findings": [finding.to_json() for finding in draft.findings],
    }
    if scan:
        values["scan"] = {"copy": copy.id, "lines": plain_lines(scan, texts)}
    return values, lost


def _iso(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None


def _corrected_lines(session: Session, copy: CopyRow) -> list[HeldLine]:
    held = (line for page in list_pages(session, copy.id) for line in list_lines(session, copy.id, page))
    return [line for line in held if line.text != line.reading]


def _merged(base: Iterable[Mapping[str, Any]], edited: Iterable[Mapping[str, Any]], read: Body) -> Body | None:
    """The new reading with what an editor changed between `base` and `edited`; None where that stands no more."""
    before, after = ({node.eid: node for node in walk(tuple(map(Node.from_json, each)))} for each in (base, edited))
    if before.keys() != after.keys():
        return None
    changes = {
        (eid, name): (getattr(node, name), getattr(after[eid], name))
        for eid, node in before.items()
        for name in _PIECES
        if getattr(node, name) != getattr(after[eid], name)
    }
    now = {node.eid: node for node in walk(read)}
    for (eid, name), pair in changes.items():
        if eid not in now or getattr(now[eid], name) not in pair:
            return None
    return tuple(_with_changes(node, {key: meant for key, (_was, meant) in changes.items()}) for node in read)


def _with_changes(node: Node, changes: Mapping[tuple[str, str], str | None]) -> Node:
    fields: dict[str, Any] = {name: changes[node.eid, name] for name in _PIECES if (node.eid, name) in changes}
    return replace(node, children=tuple(_with_changes(child, changes) for child in node.children), **fields)
