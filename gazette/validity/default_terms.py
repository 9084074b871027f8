"""Default terms (有效期的缺省规定): how long a normative document stands where it does not say so itself.

Places rule differently, so the rule is a table (gazette/data/terms.toml, or a file of the administrator's). What it
yields is a clue for an editor, with the commencement as its quotation and the place's rule as its ground; the text
itself never said that it ends.
"""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from gazette.draft import Effect, EffectKind
from gazette.errors import BadInput
from gazette.validity.commencement import Term, last_day
from gazette.validity.lifespan import commencement, expiry

_TRIAL = re.compile(r"试行|暂行")
#: The kinds of title under which rules for the public are issued; a notice of a meeting does not lapse.
_NORMATIVE = re.compile(
    r"(?:办法|规定|细则|规则|意见|规范|通告|标准|试行|暂行)[》）)]?(?:的?通知)?(?:[（(][^（）()]{1,10}[）)])?$"
)
_CONFIDENCE = 0.6
#: What a title shows, as the table names it.
_TITLES = ("notice", "trial", "other")
#: In months; a text for longer has no term worth the name.
_LONGEST_TERM = 1200


@dataclass(frozen=True, slots=True)
class TermPolicy:
    """A place's rule for documents without a term: lengths in months, for those issued from `since` on."""

    place: str
    source: str
    since: dt.date
    notice: int
    trial: int
    other: int

    def months(self, title: str) -> int:
        if title.endswith("通告"):
            return self.notice
        return self.trial if _TRIAL.search(title) else self.other


@cache
def term_policies(file: Path | None = None) -> tuple[TermPolicy, ...]:
    """The policies of a TOML file, or of the table shipped with the package; read once. Raises BadInput for a file that
    cannot be read or a policy that is incomplete, naming it."""
    table = file or files("gazette").joinpath("data", "terms.toml")
    try:
        rows = tomllib.loads(table.read_text("utf-8"))["policy"]
        return tuple(_policy(number, row) for number, row in enumerate(rows, start=1))
    except KeyError:
        raise BadInput(why=f"有效期规则表 {table} 无法读取：没有 [[policy]]") from None
    except (OSError, ValueError, TypeError) as error:
        raise BadInput(why=f"有效期规则表 {table} 无法读取：{error}") from error


def _policy(number: int, row: Mapping[str, Any]) -> TermPolicy:
    """One policy of a table. Raises ValueError with what is wrong, in words."""
    months = row.get("months")
    parts = months if isinstance(months, dict) else {}
    wrong = [name for name in ("place", "source") if not (isinstance(row.get(name), str) and row[name].strip())]
    wrong += [] if type(row.get("from")) is dt.date else ["from"]
    wrong += [f"months.{name}" for name in _TITLES if not _is_length(parts.get(name))]
    wrong += sorted({*row} - {"place", "source", "from", "months"}) + sorted({*parts} - {*_TITLES})
    if wrong:
        raise ValueError(f"第{number}条规则的 {'、'.join(wrong)} 缺少或不合格式")
    return TermPolicy(place=row["place"], source=row["source"], since=row["from"], **parts)


def _is_length(months: object) -> bool:
    return type(months) is int and 1 <= months <= _LONGEST_TERM


def default_expiry(
    policies: Sequence[TermPolicy], *, title: str, issuers: Sequence[str], is_order: bool, stated: Sequence[Effect]
) -> Effect | None:
    """The end a place's rule gives to a document of unstated term; None where no rule applies.

    Orders (令) carry government rules (规章), which have no term.
    """
    start = commencement(stated)
    if is_order or start is None or start.date is None or expiry(stated) or not _NORMATIVE.search(title):
        return None
    for policy in policies:
        if start.date >= policy.since and any(issuer.startswith(policy.place) for issuer in issuers):
            months = policy.months(title)
            return replace(
                start,
                kind=EffectKind.EXPIRES,
                date=last_day(start.date, Term(until=None, months=months, wording="")),
                date_rule=f"未载明有效期，按{policy.source}为{months // 12}年",
                confidence=_CONFIDENCE,
                rule="expire.default",
            )
    return None
