"""Acceptance (采信): which effects become accepted events by themselves, and which wait for an editor.

An administrator says, by origin (条文, 日期, 官方标注) and kind of event, how sure a reading must be. What nobody has
ruled on is accepted from the confidence that the settings name, an official label always. A rule holds for what is
recorded from then on: what was accepted under an older one stays, and every older one is kept.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Mapped, Session, mapped_column

from gazette.audit import audit
from gazette.errors import BadInput, Conflict
from gazette.store import Base, Store, now, settings_of
from gazette.validity.events import EventKind, Origin

Rule = tuple[Origin, EventKind]

_STATED = (
    EventKind.COMMENCED,
    EventKind.AMENDED,
    EventKind.PARTLY_REPEALED,
    EventKind.REPEALED,
    EventKind.LAPSED,
    EventKind.SUSPENDED,
    EventKind.RESUMED,
    EventKind.OVERRIDDEN,
    EventKind.RENEWED,
    EventKind.ATTESTED,
)
_LABELLED = (
    EventKind.ATTESTED,
    EventKind.AMENDED,
    EventKind.PARTLY_REPEALED,
    EventKind.REPEALED,
    EventKind.LAPSED,
    EventKind.SUSPENDED,
)
#: Everything that may be ruled on.
RULES: tuple[Rule, ...] = (
    *((Origin.TEXT, kind) for kind in _STATED),
    (Origin.DATE, EventKind.LAPSED),
    *((Origin.OFFICIAL_LABEL, kind) for kind in _LABELLED),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceptance:
    """The policy in force. A rule is the least confidence (0-1) that is accepted; None has all of its kind wait.

    `on_arrival`: events that waited for a document are accepted, by their rule, when the document is stored.
    """

    accept_from: float
    rules: Mapping[Rule, float | None] = field(default_factory=lambda: MappingProxyType({}))
    on_arrival: bool = True

    def threshold(self, origin: Origin, kind: EventKind) -> float | None:
        """The least confidence accepted; None where all wait."""
        if (origin, kind) in self.rules:
            return self.rules[origin, kind]
        return 0.0 if origin is Origin.OFFICIAL_LABEL else self.accept_from

    def accepts(self, origin: Origin, kind: EventKind, confidence: float) -> bool:
        """Whether a reading of this confidence counts without an editor."""
        least = self.threshold(origin, kind)
        return least is not None and confidence >= least


class AcceptanceRow(Base):
    """One policy; the newest holds."""

    __tablename__ = "acceptance_policies"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    rules: Mapped[dict[str, Any]] = mapped_column(default=dict)
    on_arrival: Mapped[bool] = mapped_column(default=True)
    set_at: Mapped[dt.datetime] = mapped_column(default=now)


def get_acceptance(session: Session) -> Acceptance:
    """The policy that holds now."""
    accept_from = settings_of(session).accept_from
    row = _newest(session)
    if row is None:
        return Acceptance(accept_from=accept_from)
    return Acceptance(accept_from=accept_from, rules=_read(row.rules), on_arrival=row.on_arrival)


def set_acceptance(
    store: Store, rules: Mapping[Rule, float | None], *, on_arrival: bool, actor: str, reason: str | None = None
) -> int:
    """Set the policy for what is recorded from now on; a rule as the settings have it anyway is not kept. Returns the
    audit id.

    Raises BadInput for a rule on what cannot be ruled on or a confidence outside 0-1, Conflict when nothing differs.
    """
    for (origin, kind), least in rules.items():
        if (origin, kind) not in RULES:
            raise BadInput(why=f"{origin.value} 的 {kind.value} 没有采信规则")
        if least is not None and not 0 <= least <= 1:
            raise BadInput(why="把握须在0至100之间")
    unruled = Acceptance(accept_from=store.settings.accept_from)
    kept = {rule: least for rule, least in rules.items() if least != unruled.threshold(*rule)}
    with store.write() as session:
        before = _written(_newest(session))
        written = {f"{origin.value}:{kind.value}": least for (origin, kind), least in kept.items()}
        after: dict[str, Any] = {"rules": written, "on_arrival": on_arrival}
        if before == after:
            raise Conflict(why="采信规则没有变化")
        _write(session, after)
        return audit(
            session,
            actor=actor,
            action="set_acceptance",
            topic="policy",
            subject="acceptance",
            before=before,
            after=after,
            reason=reason,
        )


def restore_acceptance(session: Session, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    """Put the policy `before` in place of `after`; raises Conflict when another has come since."""
    if _written(_newest(session)) != after:
        raise Conflict(why="采信规则后来又有变动")
    _write(session, before)


def _write(session: Session, policy: Mapping[str, Any]) -> None:
    session.add(AcceptanceRow(rules=policy["rules"], on_arrival=policy["on_arrival"]))
    session.flush()


def _newest(session: Session) -> AcceptanceRow | None:
    return session.scalar(select(AcceptanceRow).order_by(AcceptanceRow.id.desc()).limit(1))


def _written(row: AcceptanceRow | None) -> dict[str, Any]:
    return {"rules": row.rules if row else {}, "on_arrival": row.on_arrival if row else True}


def _read(rules: Mapping[str, float | None]) -> dict[Rule, float | None]:
    parts = ((name.split(":"), least) for name, least in rules.items())
    return {(Origin(origin), EventKind(kind)): least for (origin, kind), least in parts}
