"""What a title says its text does: 关于废止〈甲办法〉的决定, 关于延长《乙办法》有效期的通知, 刑法修正案（七）."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from gazette.citations.provisions import find_provisions
from gazette.draft import Effect, EffectKind, Target
from gazette.errors import Locator
from gazette.validity.targets import WHOLE

_INNER_TITLE = re.compile(r"[〈《<](?P<title>[^〈〉《》<>]{3,200})[〉》>]")
_TITLE_VERB = re.compile(r"废止|修改|修订|延长|继续有效|宣布失效|停止执行|暂停|恢复")
#: 关于停止执行《甲》部分条款的通知 ends only a part of 甲.
_TITLE_PART = re.compile(
    r"的?(?:中|内)?(?:部分|有关|相关|个别|第[一二三四五六七八九十百]+条|[^的]{0,20}(?:条款|内容|规定)的)"
)
_TITLE_PART_SCOPE = "部分条款"
_TITLE_KINDS = {
    "废止": EffectKind.REPEALS,
    "停止执行": EffectKind.REPEALS,
    "宣布失效": EffectKind.LAPSES,
    "修改": EffectKind.AMENDS,
    "修订": EffectKind.AMENDS,
    "暂停": EffectKind.SUSPENDS,
    "恢复": EffectKind.RESUMES,
    "延长": EffectKind.RENEWS,
    "继续有效": EffectKind.ATTESTS,
}
#: What may be said of a part of a text, or for a place, as these titles say.
_IN_PART = frozenset({EffectKind.SUSPENDS, EffectKind.RESUMES})
#: 关于在江城新区暂停施行《甲》的决定 leaves 甲 in force elsewhere.
_TITLE_PLACE = re.compile(r"(?<=关于)在[^，《〈]{2,40}?(?=(?:内|中)?(?:暂时)?(?:暂停|恢复))")
_AMENDMENT_TITLE = re.compile(r"^(?P<title>.{2,60}?)修正案(?:[（(][一二三四五六七八九十]+[）)])?$")


def find_title_effects(title: str, *, day: date | None, rule: str | None) -> Iterator[Effect]:
    """The effects a title states; they take place on `day`, which `rule` explains where no text prints it."""
    amendment = _AMENDMENT_TITLE.match(title.strip("《》"))
    whole = (EffectKind.AMENDS, amendment["title"], WHOLE) if amendment else None
    for kind, target, scope in [whole] if whole else _verbs_in_title(title):
        named = find_provisions(scope) if kind in _IN_PART else ()
        yield Effect(
            kind=kind,
            target=Target(title=target, provision=named[0].provision if len(named) == 1 else None),
            scope=scope,
            date=day if kind is not EffectKind.RENEWS else None,
            date_rule=rule,
            quote=title,
            locator=Locator(),
            confidence=0.9,
            rule="title",
        )


def _verbs_in_title(title: str) -> Iterator[tuple[EffectKind, str, str]]:
    """(kind, target, scope) of every text that the title does something to."""
    outer = title.strip()
    if outer.startswith("《") and outer.endswith("》"):
        outer = outer[1:-1]
    if "关于" not in outer or re.search(r"(?:议案|说明|报告|请示|解读|征求)", outer):
        return
    for match in _INNER_TITLE.finditer(outer):
        verbs = _TITLE_VERB.findall(_INNER_TITLE.sub("", outer[: match.start()]))
        after = _TITLE_VERB.match(outer[match.end() :])
        verb = after[0] if after else (verbs[-1] if verbs else None)
        if verb and not re.search(r"和修改|和废止", outer[: match.start()]):
            kind = _TITLE_KINDS[verb]
            part = _TITLE_PART.match(outer[match.end() :])
            scope = WHOLE
            if kind in (EffectKind.REPEALS, EffectKind.LAPSES) and part:
                kind, scope = EffectKind.REPEALS_PARTIALLY, _TITLE_PART_SCOPE
            elif kind in _IN_PART:
                place = _TITLE_PLACE.search(outer[: match.start()])
                scope = place[0] if place else (part[0].strip("的") or WHOLE if part else WHOLE)
            yield kind, match["title"], scope
