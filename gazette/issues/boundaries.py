"""Boundaries: where the documents of an unpublished issue begin, as an editor sets them.

What was read of the issue's file is kept when it is filed, block by block. An editor names the blocks with which
documents begin: one more splits an entry in two, one less joins two, another one moves a boundary. What comes out
unchanged keeps its document, column and title; what an editor left out of the contents stays out.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from itertools import pairwise
from typing import Any

from sqlalchemy.orm import Session

from gazette.audit import iter_standing_acts, list_audit
from gazette.digitization.blocks import Block, BlockKind, Reading, ScanLine
from gazette.digitization.digitize import divide_again
from gazette.draft import Digitized, SourceInfo
from gazette.errors import BadInput, Conflict, NotFound
from gazette.issues.gazettes import EntryDraft, assemble, check_open
from gazette.issues.issue import Entry, Issue, IssueAddress, get_gazette, get_issue
from gazette.record.documents import VersionRow
from gazette.record.ingest import Action, Ingested, ingest_again
from gazette.store import Store

#: The act that keeps what was read of an issue, and the one that divides it anew.
FILED, DIVIDED = "file_issue", "divide"


@dataclass(frozen=True, slots=True, kw_only=True)
class Boundaries:
    """The division of an issue as it stands: the act that made it, the blob with what was read, the numbers of the
    blocks with which documents begin, the versions that came out and the first block of the entry of each, and the
    hash of the file."""

    act: int
    is_by_hand: bool
    reading: str
    starts: tuple[int, ...]
    versions: tuple[str, ...]
    begins: tuple[int, ...]
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedBlock:
    """One block of the issue as an editor sees it: its number, sheet (0 where the
    file has none) and text, and whether a document begins here."""

    number: int
    page: int
    text: str
    begins: bool


def find_boundaries(session: Session, address: IssueAddress) -> Boundaries | None:
    """The division that stands; None for an issue that was not filed as one file."""
    acts = iter_standing_acts(session, str(address), (FILED, DIVIDED))
    entry = next((act for act in acts if act.after.get("reading")), None)
    if entry is None:
        return None
    return Boundaries(
        act=entry.id,
        is_by_hand=entry.action == DIVIDED,
        reading=entry.after["reading"],
        starts=tuple(entry.after["starts"]),
        versions=tuple(entry.after["versions"]),
        begins=tuple(entry.after["begins"]),
        sha256=entry.after["file"],
    )


def get_boundaries(session: Session, address: IssueAddress) -> Boundaries:
    """The division that stands; raises NotFound for an issue that was not filed as one file."""
    found = find_boundaries(session, address)
    if found is None:
        raise NotFound(what=f"{address} 的整期文件")
    return found


def keep_reading(store: Store, digitized: Digitized, stored: Sequence[Ingested]) -> dict[str, Any]:
    """Keep what was read of a whole issue; the facts that the trail holds of its division."""
    if digitized.reading is None:
        return {}
    source = asdict(digitized.source)
    plain = json.dumps({"source": source, "reading": asdict(digitized.reading)}, ensure_ascii=False)
    begun = list(zip(_begins(digitized), stored, strict=False))
    return _facts(digitized, begun, store.blobs.put(zlib.compress(plain.encode())))


def readings_with(session: Session, versions: Sequence[str]) -> set[str]:
    """The blobs with what was read of issues that print one of these versions; a purge takes them along."""
    acts = list_audit(session, topic="issue", limit=None)
    return {
        act.after["reading"]
        for act in acts
        if act.after.get("reading") and not set(versions).isdisjoint(act.after["versions"])
    }


def list_blocks(store: Store, boundaries: Boundaries, *, begin: int, end: int) -> tuple[tuple[PrintedBlock, ...], int]:
    """Blocks of the issue from `begin` up to `end`, and how many there are in all."""
    reading, _source = _load(store, boundaries)
    starts = set(boundaries.starts)
    shown = tuple(
        PrintedBlock(
            number=number,
            page=block.page or 0,
            text=block.text or "　".join(cell for row in block.rows[:1] for cell in row),
            begins=number in starts,
        )
        for number, block in enumerate(reading.blocks[begin:end], begin)
    )
    return shown, len(reading.blocks)


def set_boundaries(store: Store, address: IssueAddress, starts: Sequence[int], *, known: int, actor: str) -> Issue:
    """Divide an unpublished issue so that its documents begin with the blocks `starts`. `known` is the act that made
    the division the editor saw. Raises Conflict where another came between or the issue is published."""
    with store.read() as session:
        check_open(session, address)
        standing = get_boundaries(session, address)
        issue = get_issue(session, address)
        columns = get_gazette(session, address.gazette).columns
    if standing.act != known:
        raise Conflict(why=f"{address} 的划分后来又有改动，请重新打开")
    reading, source = _load(store, standing)
    wanted = sorted(set(starts))
    if not wanted or not all(0 <= start < len(reading.blocks) for start in wanted):
        raise BadInput(why="至少要有一处文件的起点")
    if tuple(wanted) == standing.starts:
        return issue
    digitized = divide_again(reading, source, columns=columns, starts=wanted)
    if digitized is None:
        raise BadInput(why="按这些起点分不出文件")
    data = store.blobs.get(source.sha256)
    stored = _take_in(store, digitized, standing, data, actor, len(reading.blocks))
    entries = _entries(digitized, [each for _start, each in stored], issue, standing)
    facts = {**_facts(digitized, stored, standing.reading), "findings": [each.to_json() for each in digitized.findings]}
    return assemble(store, address, entries, actor=actor, act=DIVIDED, facts=facts)


def entries_of(digitized: Digitized, stored: Sequence[Ingested]) -> list[EntryDraft]:
    """One line of contents for each document that was taken in, in the order of print."""
    left = list(stored)
    entries: list[EntryDraft] = []
    for draft in digitized.drafts:
        outcome = next((each for each in left if each.document and each.title == draft.title), None)
        outcome = outcome or next((each for each in left if each.document), None)
        if outcome is None or outcome.document is None:
            continue
        left.remove(outcome)
        printed = draft.printed
        entries.append(
            EntryDraft(
                document=outcome.document,
                version=outcome.version,
                title=draft.title,
                column=printed.column if printed else None,
                page_from=printed.page_from if printed else None,
                page_to=printed.page_to if printed else None,
            )
        )
    return entries


def as_it_stands(entry: Entry) -> EntryDraft:
    """An entry once more. Raises Conflict for a line without a document."""
    if entry.document is None:
        raise Conflict(why=f"目录中的《{entry.title}》没有对应的文件，不能编排")
    return EntryDraft(
        document=entry.document,
        column=entry.column,
        title=entry.title,
        version=entry.version,
        page_from=entry.page_from,
        page_to=entry.page_to,
    )


def _take_in(
    store: Store, digitized: Digitized, standing: Boundaries, data: bytes, actor: str, end: int
) -> list[tuple[int, Ingested]]:
    """What the new division yields: documents that begin and end as before are those they were, corrected or not.
    Each with the first block of its entry."""
    before = dict(pairwise((*standing.starts, end)))
    after = dict(pairwise((*digitized.starts, end)))
    same = {start for start in after if before.get(start) == after[start]}
    held = {
        start: [version for begin, version in zip(standing.begins, standing.versions, strict=True) if begin == start]
        for start in same
    }
    begins = _begins(digitized)
    changed = [draft for draft, start in zip(digitized.drafts, begins, strict=True) if start not in same]
    fresh = iter(ingest_again(store, replace(digitized, drafts=tuple(changed), findings=()), data, actor=actor))
    with store.read() as session:
        return [
            (start, _unchanged(session, held[start].pop(0), digitized.source.name) if start in same else next(fresh))
            for start in begins
            if start not in same or held[start]
        ]


def _unchanged(session: Session, version: str, name: str) -> Ingested:
    row = session.get_one(VersionRow, version)
    return Ingested(
        document=row.document_id,
        version=row.id,
        title=row.title,
        doc_number=row.doc_number,
        action=Action.UNCHANGED,
        source=name,
    )


def _begins(digitized: Digitized) -> list[int]:
    """For each document the block with which its entry begins."""
    return [digitized.starts[draft.printed.position - 1 if draft.printed else 0] for draft in digitized.drafts]


def _entries(digitized: Digitized, stored: Sequence[Ingested], issue: Issue, standing: Boundaries) -> list[EntryDraft]:
    """The contents after another division: what an editor set for documents that are still there, and what came from
    elsewhere, stay."""
    held = {entry.version: entry for entry in issue.entries}
    left_out = set(standing.versions) - set(held)
    lines: list[EntryDraft] = []
    for line in entries_of(digitized, stored):
        before = held.get(line.version)
        if before is not None:
            line = replace(line, column=before.column, title=before.title)
        if line.version not in left_out:
            lines.append(line)
    elsewhere = [entry for entry in issue.entries if entry.version not in standing.versions]
    taken = {line.version for line in lines}
    return [*lines, *(as_it_stands(entry) for entry in elsewhere if entry.version not in taken)]


def _facts(digitized: Digitized, stored: Sequence[tuple[int, Ingested]], reading: str) -> dict[str, Any]:
    taken = [(start, each.version) for start, each in stored if each.version]
    return {
        "reading": reading,
        "file": digitized.source.sha256,
        "starts": list(digitized.starts),
        "versions": [version for _start, version in taken],
        "begins": [start for start, _version in taken],
    }


def _load(store: Store, boundaries: Boundaries) -> tuple[Reading, SourceInfo]:
    kept = json.loads(zlib.decompress(store.blobs.get(boundaries.reading)))
    plain = kept["reading"]
    blocks = tuple(map(_block, plain["blocks"]))
    folios = {int(sheet): folio for sheet, folio in plain["folios"].items()}
    return Reading(blocks=blocks, running=tuple(plain["running"]), folios=folios), SourceInfo(**kept["source"])


def _block(plain: Mapping[str, Any]) -> Block:
    known = {each.name for each in fields(Block)}
    values = {name: value for name, value in plain.items() if name in known}
    return Block(
        **{
            **values,
            "kind": BlockKind(plain["kind"]),
            "rows": tuple(map(tuple, plain["rows"])),
            "scan": tuple(ScanLine(**{**line, "box": tuple(line["box"])}) for line in plain["scan"]),
        }
    )
