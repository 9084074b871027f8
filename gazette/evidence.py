"""Evidence becomes events: what texts state, and the events that waited for a document.

Policy: an effect that `gazette.acceptance` trusts, quoted, on a target that is held and could be its target becomes an
accepted event; everything else is proposed, for an editor to decide. Recording the same effects again changes nothing;
an effect no longer found is closed (`known_to`), never deleted.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from gazette.acceptance import Acceptance, get_acceptance
from gazette.carriage import CARRIAGE
from gazette.citations import number_key, target_key
from gazette.documents import NUMBER_KINDS, TITLE_KINDS, IdentifierKind, IdentifierRow
from gazette.doubts import ENDING, ends_its_ender, is_older
from gazette.draft import DocNumber, Effect, EffectKind
from gazette.events import EventKind, EventRow, EventState, Origin
from gazette.numbers import parse_doc_number
from gazette.resolution import find_by_key
from gazette.store import now
from gazette.titles import normal_title

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
) -> tuple[str, ...]:
    """Write the effects of a version as events; returns the other documents whose standing they touch.

    Targets that are not held keep their key, so that the document finds its events when it is stored.
    """
    wanted = {_signature(row): row for row in _rows(session, document_id, version_id, effects)}
    held = {_signature(row): row for row in _open_acts(session, document_id) if row.origin != Origin.EDITOR}
    touched = set()
    for signature, row in wanted.items():
        if signature not in held:
            session.add(row)
            touched.add(row.document_id)
    for signature, row in held.items():
        if signature not in wanted and row.act_version_id == version_id and _is_stated(row):
            row.known_to = now()
            touched.add(row.document_id)
    session.flush()
    return tuple(sorted(each for each in touched if each and each != document_id))


def claim_events(session: Session, document_id: str) -> tuple[str, ...]:
    """Give a newly stored document the pending events that name it; returns the ids of those events."""
    session.flush()
    keys, policy = waiting_keys(session, document_id), get_acceptance(session)
    statement = select(EventRow).where(
        EventRow.document_id.is_(None), EventRow.known_to.is_(None), EventRow.target_key.in_(keys)
    )
    claimed = []
    for row in session.scalars(statement).all():
        if row.act_document_id == document_id:
            continue
        number = parse_doc_number(row.target_number)
        target = _pick(session, row.target_title, number, row.act_document_id, EventKind(row.kind), row.date)
        if target != document_id:
            continue
        row.document_id = document_id
        kind = EventKind(row.kind)
        trusted = policy.accepts(Origin(row.origin), kind, row.confidence or 0) and not (
            row.act_document_id and ends_its_ender(session, row.act_document_id, document_id, kind)
        )
        if row.state == EventState.PROPOSED and trusted and policy.on_arrival:
            row.state = EventState.ACCEPTED.value
        claimed.append(row.id)
    session.flush()
    return tuple(claimed)


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
    """The event of one effect; None for an open class of targets, which no document can be."""
    target = effect.target
    is_own = target.title is None and target.doc_number is None
    if is_own and effect.kind not in (EffectKind.COMMENCES, EffectKind.EXPIRES):
        return None
    kind, date = EVENT_KINDS[effect.kind], event_date(effect)
    concerned = document_id if is_own else _pick(session, target.title, target.doc_number, document_id, kind, date)
    origin = Origin.DATE if effect.kind is EffectKind.EXPIRES else Origin.TEXT
    is_sure = policy.accepts(origin, kind, effect.confidence) and bool(effect.quote.strip())
    accepted = is_sure and concerned is not None and (date is not None or not is_own)
    if accepted and concerned and ends_its_ender(session, document_id, concerned, kind):
        accepted = False
    return EventRow(
        kind=kind.value,
        date=date,
        date_rule=effect.date_rule,
        document_id=concerned,
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


def _pick(
    session: Session,
    title: str | None,
    number: DocNumber | None,
    act_document: str | None,
    kind: EventKind,
    date: dt.date | None,
) -> str | None:
    """The one held document that can be meant: never the act itself, never one younger than its own end."""
    candidates = [each for each in find_by_key(session, title, number) if each != act_document]
    if kind in ENDING and date:
        candidates = [each for each in candidates if is_older(session, each, date)]
    return candidates[0] if len(candidates) == 1 else None


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


def waiting_keys(session: Session, document_id: str) -> list[str]:
    """Every key under which an event may wait for a document."""
    kinds = (*TITLE_KINDS, *NUMBER_KINDS)
    statement = select(IdentifierRow).where(
        IdentifierRow.document_id == document_id, or_(*(IdentifierRow.kind == kind for kind in kinds))
    )
    keys = set()
    for row in session.scalars(statement):
        keys.add(row.value)
        keys.add(normal_title(row.raw))
        number = parse_doc_number(row.value) if row.kind == IdentifierKind.DOC_NUMBER else None
        if number:
            keys.add(number_key(number))
        if "关于" in row.value:
            keys.add(row.value[row.value.index("关于") :])
    return sorted(key for key in keys if key)
