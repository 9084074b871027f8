"""Verdicts: how the events of a document decide its status on one day. Pure functions, no rows, no clock.

Rules in their order: an old version gives way to the newer one; an end (废止, 失效) is final for the texts it found;
before its commencement a text is pending; a suspension holds until it is resumed; a partial repeal leaves the rest; and
a text that runs is in force only where a dated attestation says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from gazette.validity.commencement import add_months, find_months
from gazette.validity.events import Event, EventKind, Origin
from gazette.validity.status_labels import label_status
from gazette.versions.succession import SURELY_COMMENCED, Started, standing_at


class Status(StrEnum):
    PENDING = "pending"
    IN_FORCE = "in_force"
    AMENDED = "amended"
    PARTIAL = "partial"
    SUSPENDED = "suspended"
    REPEALED = "repealed"
    LAPSED = "lapsed"
    UNKNOWN = "unknown"


#: How long a dated attestation speaks: normative documents are to be cleaned up every two years
#: (国务院关于加强法治政府建设的意见, 国发〔2010〕33号), after which silence is silence again.
ATTESTATION_HOLDS = timedelta(days=731)

SILENT = "已施行，未见废止记载"
_NO_START = "施行日期未查明"


@dataclass(frozen=True, slots=True)
class Verdict:
    """A status with its ground, before it is dressed as a Standing."""

    status: Status
    basis: str | None = None
    note: str | None = None
    events: tuple[Event, ...] = ()


def judge(
    versions: Sequence[Started], events: Sequence[Event], version: str | None, as_of: date, eid: str | None
) -> Verdict:
    if not versions:
        return Verdict(Status.UNKNOWN, note="未收录文本")
    place = next((at for at, each in enumerate(versions) if each.version == version), None)
    if version is None or place is None:
        place = standing_at(versions, as_of)
    held = versions[place]
    mine = [event for event in events if event.version in (None, held.version)]
    if version is not None:
        superseded = _superseded(versions, place, mine, as_of)
        if superseded:
            return superseded
    verdict = _with_local_suspensions(_own(held, mine, as_of, eid), mine, as_of, eid)
    return _with_unheld_amendment(verdict, versions, mine, as_of) if version is None else verdict


def _superseded(versions: Sequence[Started], place: int, events: Sequence[Event], as_of: date) -> Verdict | None:
    """Whether a newer version took this one's place, or an official label says so of it."""
    for newer in versions[place + 1 :]:
        if newer.start and newer.start <= as_of:
            return Verdict(
                Status.AMENDED, "text", f"已被新版本取代，新版本自{_zh(newer.start)}起施行", _some(newer.event)
            )
    for newer in versions[place + 1 :]:
        if newer.start is None and newer.version_date and newer.version_date <= as_of:
            if newer.version_date + SURELY_COMMENCED <= as_of:
                return Verdict(Status.AMENDED, "date", f"已有{_zh(newer.version_date)}的新版本")
            return Verdict(Status.UNKNOWN, "date", f"已有{_zh(newer.version_date)}的新版本，其施行日期未查明")
    version_date = versions[place].version_date
    for event in events:
        if event.kind is not EventKind.AMENDED or not event.date or event.date > as_of:
            continue
        if event.version == versions[place].version:
            return Verdict(Status.AMENDED, event.origin.value, _labelled(event), (event,))
        is_later = version_date and event.date - version_date > SURELY_COMMENCED
        if is_later and place + 1 == len(versions):
            return Verdict(Status.AMENDED, event.origin.value, "已被修改，修改后的文本尚未收录", (event,))
    return None


def _own(held: Started, events: Sequence[Event], as_of: date, eid: str | None) -> Verdict:
    """The status of the text itself, newer versions left aside."""
    ended = _ended(held, events, as_of)
    revived = _attested(events, as_of, origin=Origin.EDITOR)
    if ended and not (revived and revived.date and ended.events[0].date and revived.date > ended.events[0].date):
        return ended
    pending = _pending(held, events, as_of, eid)
    if pending:
        return pending
    suspended = _suspended(events, as_of, eid)
    if suspended:
        return suspended
    partial = [event for event in events if event.kind is EventKind.PARTLY_REPEALED and _by(event, as_of)]
    if eid:
        hit = next((event for event in partial if _covers(event.provisions, eid)), None)
        if hit:
            return Verdict(Status.REPEALED, hit.origin.value, f"自{_zh(hit.date)}起废止" if hit.date else None, (hit,))
        vague = [event for event in partial if not event.provisions]
        if vague:
            scope = "、".join(dict.fromkeys(event.scope for event in vague))
            return Verdict(Status.UNKNOWN, "text", f"部分废止：{scope}；是否包括本条，待核", tuple(vague))
    elif partial:
        return Verdict(Status.PARTIAL, partial[-1].origin.value, f"部分废止：{partial[-1].scope}", tuple(partial[::-1]))
    return _running(held, events, as_of)


def _ended(held: Started, events: Sequence[Event], as_of: date) -> Verdict | None:
    """Repealed or lapsed as a whole by that day; a later version of the text is not touched by an older end."""
    ends = []
    for event in events:
        if event.kind not in (EventKind.REPEALED, EventKind.LAPSED) or not _by(event, as_of):
            continue
        if (
            event.date
            and held.version_date
            and event.date <= held.version_date
            and event.origin is not Origin.OFFICIAL_LABEL
        ):
            continue
        renewed = renewals(event, events) if event.origin is Origin.DATE else ()
        day = renewed[-1][0] if renewed else event.date
        if renewed and (day is None or as_of < day):
            continue
        ends.append((day, (event, *(each for _, each in renewed))))
    if not ends:
        return None
    ends.sort(key=lambda end: (end[0] or date.max, end[1][0].origin is Origin.OFFICIAL_LABEL))
    ended_on, first = ends[0][0], ends[0][1][0]
    repealed = first.kind is EventKind.REPEALED
    status = Status.REPEALED if repealed else Status.LAPSED
    words = "废止" if repealed else "失效"
    if first.origin is Origin.OFFICIAL_LABEL:
        note = _labelled(first)
    else:
        note = f"自{_zh(ended_on)}起{words}" if ended_on else f"已{words}，日期未查明"
    return Verdict(status, first.origin.value, note, tuple(event for _, why in ends for event in why))


def renewals(lapse: Event, events: Sequence[Event]) -> tuple[tuple[date | None, Event], ...]:
    """The renewals that carry a text past its term, each with the day it lapses after it; None is not known.

    The date of a renewal is the new last day; one that only says how much longer (延长5年) counts from the end
    that was set before.
    """
    found: list[tuple[date | None, Event]] = []
    end = lapse.date
    renewed = [event for event in events if event.kind is EventKind.RENEWED]
    for event in sorted(renewed, key=lambda event: (event.date is None, event.date or date.max, event.id)):
        if event.date and end and event.date < end:
            continue
        found.append((_renewed_to(event, end), event))
        end = found[-1][0]
    return tuple(found)


def _renewed_to(event: Event, end: date | None) -> date | None:
    """The day a text lapses after a renewal, `end` being the one set before."""
    if event.date:
        return event.date + timedelta(days=1)
    months = find_months(event.date_rule or "")
    return add_months(end, months) if end and months else None


def _pending(held: Started, events: Sequence[Event], as_of: date, eid: str | None) -> Verdict | None:
    if eid:
        for event in events:
            if (
                event.kind is EventKind.COMMENCED
                and _covers(event.provisions, eid)
                and event.date
                and as_of < event.date
            ):
                return Verdict(Status.PENDING, event.origin.value, f"自{_zh(event.date)}起施行", (event,))
    if held.start and as_of < held.start:
        return Verdict(Status.PENDING, "text", f"自{_zh(held.start)}起施行", _some(held.event))
    if held.start is None:
        label = _latest(event for event in events if _says(event, "pending") and _by(event, as_of))
        if label:
            return Verdict(Status.PENDING, label.origin.value, _labelled(label), (label,))
    return None


def _suspended(events: Sequence[Event], as_of: date, eid: str | None) -> Verdict | None:
    """Suspended everywhere, as a whole or in this provision, and not resumed since."""
    stops = [
        event
        for event in events
        if event.kind is EventKind.SUSPENDED
        and not is_local(event)
        and (_covers(event.provisions, eid) if event.provisions else event.scope == "whole")
        and _by(event, as_of)
        and not _resumed(event, events, as_of)
    ]
    stop = _latest(stops)
    return Verdict(Status.SUSPENDED, stop.origin.value, _since("暂停施行", stop), (stop,)) if stop else None


def is_local(event: Event) -> bool:
    """Whether a suspension holds in named places only (立法法 第十六条); elsewhere the text goes on."""
    return event.scope.startswith("在")


def _resumed(stop: Event, events: Sequence[Event], as_of: date) -> bool:
    return any(
        event.kind is EventKind.RESUMED
        and event.date
        and event.date <= as_of
        and (not stop.date or event.date >= stop.date)
        and (event.scope == stop.scope or (event.scope == "whole" and not event.provisions))
        for event in events
    )


def _running(held: Started, events: Sequence[Event], as_of: date) -> Verdict:
    """Commenced and not ended: in force where a dated attestation speaks for the day, else silence."""
    attested = _attested(events, as_of)
    if held.start is None:
        note = f"{_NO_START}；{_labelled(attested)}" if attested else _NO_START
        return Verdict(Status.UNKNOWN, None, note, _some(attested))
    if attested is None:
        return Verdict(Status.UNKNOWN, "text", SILENT, _some(held.event))
    return Verdict(Status.IN_FORCE, attested.origin.value, _labelled(attested), (attested, *_some(held.event)))


def _attested(events: Sequence[Event], as_of: date, origin: Origin | None = None) -> Event | None:
    """The attestation that speaks for a day: one of that day or later, else the last one not too old."""
    good = [
        event
        for event in events
        if event.kind is EventKind.ATTESTED
        and event.date
        and as_of <= event.date + ATTESTATION_HOLDS
        and (event.origin is not Origin.OFFICIAL_LABEL or _says(event, "in_force"))
        and (origin is None or event.origin is origin)
    ]
    before = [event for event in good if event.date and event.date <= as_of]
    if before:
        return _latest(before)
    return min(good, key=lambda event: event.date or date.max, default=None)


def _with_local_suspensions(verdict: Verdict, events: Sequence[Event], as_of: date, eid: str | None) -> Verdict:
    """Add where the text does not apply for the time being, though it stands elsewhere."""
    if verdict.status not in (Status.UNKNOWN, Status.IN_FORCE, Status.PARTIAL):
        return verdict
    for event in events:
        if (
            event.kind is EventKind.SUSPENDED
            and is_local(event)
            and (not eid or not event.provisions or _covers(event.provisions, eid))
            and _by(event, as_of)
            and not _resumed(event, events, as_of)
        ):
            note = "；".join(filter(None, (verdict.note, _since(f"{event.scope}暂停适用", event))))
            verdict = replace(verdict, note=note, events=(*verdict.events, event))
    return verdict


def _with_unheld_amendment(
    verdict: Verdict, versions: Sequence[Started], events: Sequence[Event], as_of: date
) -> Verdict:
    """Add that a later amendment is known whose text is not held."""
    newest = versions[-1].version_date
    if verdict.status not in (Status.UNKNOWN, Status.IN_FORCE, Status.PARTIAL) or newest is None:
        return verdict
    for event in events:
        if (
            event.kind is EventKind.AMENDED
            and event.version is None
            and event.date
            and event.date <= as_of
            and event.date - newest > SURELY_COMMENCED
        ):
            note = "；".join(filter(None, (verdict.note, f"{_zh(event.date)}被修改，修改后的文本尚未收录")))
            return replace(verdict, note=note, events=(*verdict.events, event))
    return verdict


def _by(event: Event, as_of: date) -> bool:
    """Whether an event had happened by a day; one without a date, by the day the record learned of it."""
    return (event.date or event.known_from.date()) <= as_of


def _covers(provisions: tuple[str, ...], eid: str | None) -> bool:
    """Whether a provision or one it belongs to is named."""
    return eid is not None and any(eid == each or eid.startswith(f"{each}__") for each in provisions)


def _says(event: Event, status: str) -> bool:
    """Whether an official label says so. One that only an administrator's table reads attests what it was read as."""
    if event.kind is not EventKind.ATTESTED or event.is_unread:
        return False
    return (label_status(event.label) or Status.IN_FORCE) == status


def _latest(events: Iterable[Event]) -> Event | None:
    return max(events, key=lambda event: (event.date or event.known_from.date(), event.id), default=None)


def _some(event: Event | None) -> tuple[Event, ...]:
    return (event,) if event else ()


def _labelled(event: Event) -> str:
    """据2026年10月1日官方标注“现行有效”."""
    day = _zh(event.date) if event.date else ""
    who = {Origin.OFFICIAL_LABEL: "官方标注", Origin.EDITOR: "编辑认定"}.get(event.origin, "文件载明")
    said = f"“{event.label}”" if event.label else ""
    return f"据{day}{who}{said}"


def _since(words: str, event: Event) -> str:
    return f"自{_zh(event.date)}起{words}" if event.date else words


def _zh(day: date | None) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if day else ""
