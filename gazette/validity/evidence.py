"""Evidence becomes events: what texts state, and the events that waited for a document.

Policy: an effect that `gazette.validity.acceptance` trusts, quoted, on a target that is clear and in whose way
nothing stands, becomes an accepted event; everything else is proposed, for an editor to decide. Recording the same
effects again changes nothing; an effect no longer found is closed (`known_to`), never deleted.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from gazette.citations.cited import target_key
from gazette.draft import Effect, EffectKind
from gazette.record.carriage import CARRIAGE
from gazette.record.documents import VersionRow, VersionState
from gazette.store import now
from gazette.validity.acceptance import Acceptance, get_acceptance
from gazette.validity.events import EventKind, EventRow, EventState, Origin, Ruling
from gazette.validity.rulings import Settled, restate, settle

#: The event that each effect becomes.
EVENT_KINDS = {
    EffectKind.COMMENCES: EventKind.COMMENCED,
    EffectKind.EXPIRES: EventKind.LAPSED,
    EffectKind.REPEALS: EventKind.REPEALED,
    EffectKind.REPEALS_PARTIALLY: EventKind.PARTLY_REPEALED,
    EffectKind.AMENDS: EventKind.AMENDED,
    EffectKind.LAPSES: EventKind.LAPSED,
    EffectKind.SUSPENDS: EventKind.SUSPENDED,
    EffectKind.RESUMES: EventKind.RESUMED,
    EffectKind.OVERRIDES: EventKind.OVERRIDDEN,
    EffectKind.RENEWS: EventKind.RENEWED,
    EffectKind.ATTESTS: EventKind.ATTESTED,
}


#: What an older version, or a day that becomes known, says otherwise of the same event.
_WORDING = ("date", "date_rule", "quote", "locator", "confidence", "rule", "act_version_id")


class _Signature(NamedTuple):
    """What makes two events of one act the same event."""

    kind: str
    version: str | None
    target: str | None
    number: str | None
    provisions: tuple[str, ...]
    date: dt.date | None


def record_effects(
    session: Session,
    *,
    document_id: str,
    version_id: str,
    effects: Sequence[Effect],
) -> Settled:
    """Write the effects of a version as events and have them judged (`gazette.validity.rulings`); returns what that
    touches.

    Targets that are not held keep their key, so that the document finds its events when it is stored.
    """
    wanted = {_signature(row): row for row in _rows(session, document_id, version_id, effects)}
    held = {_signature(row): row for row in _open_acts(session, document_id) if row.origin != Origin.EDITOR}
    ended: set[str | None] = set()
    for signature in wanted.keys() & held.keys():
        row, said = held[signature], wanted[signature]
        if _is_better(session, said, row):
            restate(session, row, {name: getattr(said, name) for name in _WORDING})
            ended.add(row.document_id)
    new = {signature: row for signature, row in wanted.items() if signature not in held}
    _decide_as_before(session, document_id, new)
    session.add_all(new.values())
    for signature, row in held.items():
        if signature not in wanted and row.act_version_id == version_id and _is_stated(row):
            row.known_to = now()
            ended.add(row.document_id)
    session.flush()
    gone = {each for each in ended if each}
    settled = settle(session, {document_id}, new={row.id for row in new.values()}, ended=gone)
    return Settled(settled.documents | gone, settled.acts)


def event_date(effect: Effect) -> dt.date | None:
    """The day an effect's event holds from: a text lapses on the day after its last."""
    is_end = effect.kind is EffectKind.EXPIRES and effect.date
    return effect.date + dt.timedelta(days=1) if is_end and effect.date else effect.date


def _rows(session: Session, document_id: str, version_id: str, effects: Sequence[Effect]) -> list[EventRow]:
    rows, policy = [], get_acceptance(session)
    for effect in effects:
        row = _row(session, document_id, version_id, effect, policy)
        if row:
            rows.append(row)
    return rows


def _row(session: Session, document_id: str, version_id: str, effect: Effect, policy: Acceptance) -> EventRow | None:
    """The event of one effect; None for an open class of targets, which no document can be.

    What a text says of itself is decided on here, what it says of others when it is settled whom that means.
    """
    target = effect.target
    is_own = target.title is None and target.doc_number is None
    if is_own and effect.kind not in (EffectKind.COMMENCES, EffectKind.EXPIRES):
        return None
    kind, date = EVENT_KINDS[effect.kind], event_date(effect)
    origin = Origin.DATE if effect.kind is EffectKind.EXPIRES else Origin.TEXT
    is_sure = policy.accepts(origin, kind, effect.confidence) and bool(effect.quote.strip())
    accepted = is_own and is_sure and date is not None
    return EventRow(
        kind=kind.value,
        date=date,
        date_rule=effect.date_rule,
        document_id=document_id if is_own else None,
        version_id=version_id if is_own else None,
        target_title=target.title,
        target_number=str(target.doc_number) if target.doc_number else None,
        target_key=None if is_own else target_key(target.title, target.doc_number),
        scope=effect.scope,
        provisions=[target.provision.eid] if target.provision else [],
        act_document_id=document_id,
        act_version_id=version_id,
        quote=effect.quote,
        locator=replace(effect.locator, quote=None).to_json(),
        origin=origin.value,
        state=(EventState.ACCEPTED if accepted else EventState.PROPOSED).value,
        confidence=effect.confidence,
        rule=effect.rule,
    )


def _is_better(session: Session, said: EventRow, held: EventRow) -> bool:
    """Whether a reading takes the place of the one held of the same event: the version that said it learnt its day, or
    it is an older version, which said it first."""
    if not _is_stated(held) or held.act_version_id is None:
        return False
    if said.act_version_id == held.act_version_id:
        return (said.date, said.date_rule) != (held.date, held.date_rule)
    versions = (held.act_version_id, said.act_version_id)
    issued = select(VersionRow.id).where(VersionRow.id.in_(versions), VersionRow.state == VersionState.PUBLISHED.value)
    return session.scalars(issued.order_by(VersionRow.version_date, VersionRow.id)).first() == said.act_version_id


def _decide_as_before(session: Session, document_id: str, new: Mapping[_Signature, EventRow]) -> None:
    """What an editor decided of an event holds when its text states it again, after it was taken back and published
    anew."""
    closed = select(EventRow).where(
        EventRow.act_document_id == document_id, EventRow.known_to.is_not(None), EventRow.target_key.is_not(None)
    )
    last = {_signature(row): row for row in session.scalars(closed.order_by(EventRow.known_to))} if new else {}
    for signature, row in new.items():
        former = last.get(signature)
        if former is not None and former.ruling == Ruling.DECIDED and _is_stated(former) and former.act_version_id:
            row.state, row.ruling, row.document_id = former.state, former.ruling, former.document_id


def _open_acts(session: Session, document_id: str) -> Sequence[EventRow]:
    return session.scalars(
        select(EventRow).where(
            EventRow.act_document_id == document_id,
            EventRow.known_to.is_(None),
            EventRow.rule.is_distinct_from(CARRIAGE),
        )
    ).all()


def _is_stated(row: EventRow) -> bool:
    return row.origin in (Origin.TEXT, Origin.DATE)


def _signature(row: EventRow) -> _Signature:
    own = row.target_key is None
    return _Signature(
        kind=row.kind,
        version=row.act_version_id if own else None,
        target=row.target_key,
        number=row.target_number,
        provisions=tuple(row.provisions or ()),
        date=row.date if own else None,
    )
