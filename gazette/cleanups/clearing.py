"""Clearing (清理办理): the lines of a clean-up matched, accepted, put on the acquisition list, set aside, taken back.

An accepted line becomes an accepted event that quotes it; a line whose text is not held becomes an event that waits for
its document. Each acceptance is one transaction with its outbox rows and one entry of the trail; taking it back leaves
the record saying exactly what it said before. What takes long is read before the writer's lock is asked for, or done
lot by lot (`gazette.cleanups.batches`).
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import insert, or_, select
from sqlalchemy.orm import Session

from gazette.audit import audit
from gazette.citations.cited import target_key
from gazette.citations.numbers import parse_doc_number
from gazette.cleanups.cleanup import (
    CleanupLineRow,
    CleanupRow,
    DecidingAct,
    LineState,
    get_row,
    likely,
    lines_of,
    settled,
)
from gazette.cleanups.listings import NO_EFFECT, ListedLine, decision_kinds, years_beside
from gazette.cleanups.matching import CONFIDENT, HELD, Candidate, Wanted, living, match_lines
from gazette.draft import EffectKind
from gazette.editing.judgement import reopen_event
from gazette.editing.publication import renew, settle_anew
from gazette.errors import BadInput, Conflict, Locator, NotFound
from gazette.outbox import iter_changes, last_change
from gazette.record.accession import touch
from gazette.record.documents import DocumentRow
from gazette.store import Store, in_batches, new_id, now
from gazette.validity.events import EventRow, EventState, Origin, Ruling
from gazette.validity.evidence import EVENT_KINDS

#: The `rule` of every event that a clean-up made.
RULE = "cleanup"
#: More changes than any list is matched in the midst of.
_MANY = 100_000


def open_cleanup(store: Store, act: DecidingAct, lines: Sequence[ListedLine], *, source: str, actor: str) -> str:
    """Take in a list and match its lines. Returns the clean-up's id; the same list of the same act is the same one,
    also after it was taken back.

    Raises BadInput for a list without lines or an act without title.
    """
    if not act.title.strip():
        raise BadInput(why="请填写作出决定的文件的标题")
    if not lines:
        raise BadInput(why="清单中没有找到文件")
    digest = hashlib.sha256(repr((act, tuple(lines))).encode()).hexdigest()
    with store.read() as session:
        held = session.scalar(select(CleanupRow).filter_by(digest=digest))
        if held is not None and held.withdrawn_at is None:
            return held.id
        seen = last_change(session)
        found = _find(session, act.effective, act.issuer, act.document, lines)
    with store.write() as session:
        held = session.scalar(select(CleanupRow).filter_by(digest=digest))
        if held is not None:
            if held.withdrawn_at is not None:
                held.withdrawn_at = None
                _log_opening(session, held, len(lines), actor)
            return held.id
        row = CleanupRow(
            digest=digest,
            act_document_id=act.document,
            act_title=act.title.strip(),
            act_number=act.number,
            act_issuer=act.issuer,
            act_url=act.url,
            effective=act.effective,
            source=source,
            actor=actor,
        )
        session.add(row)
        session.flush()
        gone = _gone_since(session, seen, found)
        session.execute(
            insert(CleanupLineRow),
            [
                {**_line(row.id, position, line), **_matched(candidates, gone)}
                for position, (line, candidates) in enumerate(zip(lines, found, strict=True))
            ],
        )
        _log_opening(session, row, len(lines), actor)
        return row.id


def withdraw(session: Session, cleanup: str) -> None:
    """Take a list back whole. Raises Conflict while anything rests on it."""
    row = get_row(session, cleanup)
    decided = lines_of(cleanup).where(CleanupLineRow.state != LineState.WAITING.value)
    if row.task is not None or session.scalar(decided.limit(1)) is not None:
        raise Conflict(why="清单中有已处理的行，请先撤销整批")
    row.withdrawn_at = now()


def match_again(store: Store, cleanup: str) -> int:
    """Match the waiting lines anew, since documents have come in. Returns how many have another match than before."""
    waiting = lines_of(cleanup).where(CleanupLineRow.state == LineState.WAITING.value)
    with store.read() as session:
        row = get_row(session, cleanup)
        seen = last_change(session)
        rows = session.scalars(waiting).all()
        found = _find(session, row.effective, row.act_issuer, row.act_document_id, rows)
    anew = dict(zip((line.id for line in rows), found, strict=True))
    changed = 0
    for batch in in_batches(anew):
        with store.write() as session:
            gone = _gone_since(session, seen, [anew[each] for each in batch])
            for line in session.scalars(waiting.where(CleanupLineRow.id.in_(batch))):
                before = line.document_id
                for name, value in _matched(anew[line.id], gone).items():
                    setattr(line, name, value)
                changed += line.document_id != before
    return changed


def accept_lot(session: Session, cleanup: str, *, most: int, actor: str, is_likely: bool = False) -> int | None:
    """Accept at most so many of the waiting lines that need no editor: those matched for sure, and those that nothing
    held is like, which join the acquisition list; or, by an editor's word, those that are `likely` only. Returns the
    audit id, None where there was nothing to do."""
    wanted = likely() if is_likely else settled()
    chosen = session.scalars(lines_of(cleanup).where(wanted).limit(most)).all()
    return _accept(session, get_row(session, cleanup), chosen, actor) if chosen else None


def accept_line(
    store: Store, cleanup: str, line: int, *, actor: str, document: str | None, decision: str | None
) -> int:
    """Accept one waiting line on `document` (None: it is not held, and joins the acquisition list) with `decision`.

    Returns the audit id. Raises NotFound, BadInput for a decision nobody can take, Conflict for a line decided already.
    """
    if decision not in decision_kinds():
        raise BadInput(why="请选择处理意见")
    with store.write() as session:
        row, chosen = get_row(session, cleanup), _waiting(session, cleanup, line)
        if document is not None and session.get(DocumentRow, document) is None:
            raise NotFound(what=f"文件 {document}")
        before = {"document": chosen.document_id, "decision": chosen.decision}
        chosen.document_id, chosen.decision = document, decision
        return _accept(session, row, [chosen], actor, before)


def skip_line(store: Store, cleanup: str, line: int, *, actor: str) -> int:
    """Set one waiting line aside. Returns the audit id."""
    with store.write() as session:
        chosen = _waiting(session, cleanup, line)
        chosen.state = LineState.SKIPPED.value
        after = {"lines": [chosen.id], "title": chosen.title or chosen.number}
        return audit(session, actor=actor, action="skip_line", topic="cleanup", subject=cleanup, after=after)


def take_back(session: Session, cleanup: str, before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> None:
    """Undo an acceptance or a skipping: its events are closed, what they replaced is said again, its lines wait, with
    the match and the decision they had. Raises Conflict where a later finding has replaced one of them."""
    concerned: set[str | None] = set()
    for batch in in_batches(after.get("events", ())):
        for event in session.scalars(select(EventRow).where(EventRow.id.in_(batch))).all():
            if event.known_to is not None:
                raise Conflict(why="该认定已被后来的认定取代")
            event.known_to = now()
            concerned.add(event.document_id)
    for batch in in_batches(after["lines"]):
        for line in session.scalars(select(CleanupLineRow).where(CleanupLineRow.id.in_(batch))).all():
            line.state, line.event_id = LineState.WAITING.value, None
            if before:
                line.document_id, line.decision = before["document"], before["decision"]
    session.flush()
    for event_id in after.get("replaced", ()):
        reopen_event(session, event_id)
    _renew(session, get_row(session, cleanup).act_document_id, concerned)


def _accept(
    session: Session,
    row: CleanupRow,
    lines: Sequence[CleanupLineRow],
    actor: str,
    before: Mapping[str, Any] | None = None,
) -> int:
    meant = _load(session, {line.document_id for line in lines if line.document_id})
    merged = {row.id for row in meant if row.merged_into_id}
    for line in lines:
        if line.document_id in merged:
            line.document_id = living(session, line.document_id)
    said = _said_already(session, row, {line.document_id for line in lines if line.document_id})
    made: dict[int, EventRow] = {}
    replaced: list[str] = []
    for line in lines:
        line.state = (LineState.ACCEPTED if line.document_id else LineState.SOUGHT).value
        if line.decision == NO_EFFECT:
            continue
        event = _event(row, line)
        same = said.get((event.document_id, event.kind)) if event.document_id else None
        if same is not None and same.state == EventState.ACCEPTED:
            line.event_id = same.id
            continue
        if same is not None:
            same.known_to = now()
            replaced.append(same.id)
        made[line.id] = event
    session.add_all(made.values())
    session.flush()
    for line in lines:
        line.event_id = made[line.id].id if line.id in made else line.event_id
    session.flush()
    _renew(session, row.act_document_id, (event.document_id for event in made.values()))
    return audit(
        session,
        actor=actor,
        action="accept_lines",
        topic="cleanup",
        subject=row.id,
        before=before,
        after={
            "lines": [line.id for line in lines],
            "events": [event.id for event in made.values()],
            "replaced": replaced,
            "title": (lines[0].title or lines[0].number) if len(lines) == 1 else None,
        },
    )


def _said_already(session: Session, row: CleanupRow, documents: set[str]) -> dict[tuple[str | None, str], EventRow]:
    """What the record holds of the act's doing to these documents, by document and kind: read from its own text, or
    from the same list handed in another way."""
    by_act = EventRow.act_document_id == row.act_document_id
    by_name = EventRow.act_document_id.is_(None) & (EventRow.act_title == row.act_title)
    found: dict[tuple[str | None, str], EventRow] = {}
    for batch in in_batches(sorted(documents)):
        query = select(EventRow).where(
            EventRow.document_id.in_(batch),
            EventRow.known_to.is_(None),
            EventRow.state != EventState.REJECTED.value,
            or_(by_act, by_name) if row.act_document_id else by_name,
        )
        found |= {(event.document_id, event.kind): event for event in session.scalars(query)}
    return found


def _event(row: CleanupRow, line: CleanupLineRow) -> EventRow:
    """The event of a line; without a document it waits for the one its title or number names."""
    number = parse_doc_number(line.number)
    return EventRow(
        id=new_id(),
        kind=EVENT_KINDS[EffectKind(line.decision or NO_EFFECT)].value,
        date=row.effective,
        document_id=line.document_id,
        target_title=line.title,
        target_number=line.number,
        target_key=target_key(line.title, number),
        act_document_id=row.act_document_id,
        act_title=None if row.act_document_id else row.act_title,
        quote=line.quote,
        locator=Locator(eid=line.eid if row.act_document_id else None, line=line.position + 1).to_json(),
        source_url=row.act_url,
        origin=Origin.TEXT.value,
        state=(EventState.ACCEPTED if line.document_id else EventState.PROPOSED).value,
        ruling=Ruling.DECIDED.value if line.document_id else None,
        # A line that waits for its document was read by an editor: what is left to chance is the match.
        confidence=line.confidence if line.document_id else CONFIDENT,
        rule=RULE,
    )


def _find(
    session: Session,
    effective: dt.date,
    issuer: str | None,
    act: str | None,
    lines: Sequence[ListedLine] | Sequence[CleanupLineRow],
) -> list[tuple[Candidate, ...]]:
    """The candidates of each line, without the deciding act itself. It only reads: a long list takes seconds."""
    wanted = [
        Wanted(
            title=line.title,
            number=line.number if isinstance(line, ListedLine) else parse_doc_number(line.number),
            issuer=line.issuer or issuer,
            day=line.day,
            years=years_beside(line.quote, line.title),
        )
        for line in lines
    ]
    found = match_lines(session, wanted, before=effective, issuer=issuer)
    return [tuple(each for each in candidates if each.document != act) for candidates in found]


def _gone_since(session: Session, seen: int, found: Sequence[tuple[Candidate, ...]]) -> frozenset[str]:
    """The candidates that changed since the change `seen` and are held no longer."""
    changed = {each.subject for each in iter_changes(session, seen, limit=_MANY)}
    concerned = changed & {each.document for candidates in found for each in candidates}
    return frozenset(row.id for row in _load(session, concerned) if row.state not in HELD)


def _matched(candidates: Sequence[Candidate], gone: frozenset[str]) -> dict[str, Any]:
    """What a line holds of its candidates; the first is the one meant."""
    held = [each for each in candidates if each.document not in gone]
    return {
        "candidates": [each.to_json() for each in held],
        "document_id": held[0].document if held else None,
        "confidence": held[0].confidence if held else 0.0,
    }


def _log_opening(session: Session, row: CleanupRow, lines: int, actor: str) -> None:
    after = {"name": row.act_title, "lines": lines}
    audit(session, actor=actor, action="open_cleanup", topic="cleanup", subject=row.id, after=after)


def _renew(session: Session, act: str | None, documents: Iterable[str | None]) -> None:
    """Derive what `act` decided on anew; it may have been ended by one of the texts it ends."""
    concerned = {each for each in (act, *documents) if each}
    held = _load(session, concerned)
    for row in held:
        touch(row)
    session.flush()
    settle_anew(session, (), ended=concerned - {act})
    renew(session, concerned)


def _load(session: Session, documents: set[str]) -> list[DocumentRow]:
    """Documents, in few queries."""
    return [
        row
        for batch in in_batches(sorted(documents))
        for row in session.scalars(select(DocumentRow).where(DocumentRow.id.in_(batch)))
    ]


def _waiting(session: Session, cleanup: str, line: int) -> CleanupLineRow:
    if get_row(session, cleanup).withdrawn_at is not None:
        raise Conflict(why="该清单已撤回")
    row = session.get(CleanupLineRow, line)
    if row is None or row.cleanup_id != cleanup:
        raise NotFound(what=f"清单第 {line} 行")
    if row.state != LineState.WAITING:
        raise Conflict(why="这一行已经处理")
    return row


def _line(cleanup: str, position: int, line: ListedLine) -> dict[str, Any]:
    return {
        "cleanup_id": cleanup,
        "position": position,
        "place": line.place,
        "eid": line.eid,
        "quote": line.quote,
        "title": line.title,
        "number": line.number.normalized if line.number else None,
        "issuer": line.issuer,
        "day": line.day,
        "decision": line.decision,
        "remark": line.remark,
        "state": LineState.WAITING.value,
    }
