"""Conflict clauses: which texts give way (《甲》与本办法不一致的，以本办法为准), and which end with all that conflicts.

What gives way stands on; so a conflict takes the force of ending from the operative words after it, unless it is only
said of other texts (《甲》以及其他与本办法相抵触的规定同时废止).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from gazette.citations.passages import Passage
from gazette.citations.titles import find_titles
from gazette.draft import Effect, EffectKind, Target
from gazette.errors import Locator
from gazette.validity.clauses import Clause, Sentence, clauses, quotation
from gazette.validity.targets import WHOLE, Named

_CONFLICT = re.compile(r"(?:不一致|抵触|不符|不相符)(?:的|之处|时|者|内容|部分|条款|规定)")
_ENDS = (EffectKind.REPEALS, EffectKind.LAPSES)
#: 《甲》以及其他与本办法相抵触的规定同时废止 ends 甲 as a whole, whatever becomes of the others.
_OTHERS_TOO = re.compile(
    r"^(?:以及|及|和|与|、)(?:其[他它余]|此前|以前|过去|原有)[^，。；《中]{0,20}(?:与|同|和|凡)?本[^，。；]{0,12}"
    r"(?:抵触|不一致|不符)的[一-龥]{0,8}(?:规定|文件|办法|政策|通知|制度)"
)


def gives_way(segment: str) -> bool:
    """Whether the texts named in the words before a verb are only meant as far as they conflict."""
    return bool(_CONFLICT.search(_since_title(segment)))


def find_ending(segment: str, match: re.Match[str]) -> Clause | None:
    """The clause by which named texts end together with all that conflicts; None where they only give way."""
    words = _since_title(segment) + match[0]
    ending = next((each for each in clauses() if each.kind in _ENDS and each.pattern.search(words)), None)
    return ending if _OTHERS_TOO.match(words) else None


def overriding(
    clause: Clause,
    names: tuple[Named, ...],
    segment: str,
    sentence: Sentence,
    place: Passage,
    day: date | None,
    rule: str | None,
) -> Iterator[Effect]:
    """Priority over conflicting rules; without a title it is an open class, kept in `scope`."""
    for name in names or (Named(title=None, number=None),):
        yield Effect(
            kind=clause.kind,
            target=Target(title=name.title, doc_number=name.number),
            scope=segment.strip("，、") or WHOLE,
            date=day,
            date_rule=rule,
            quote=quotation(sentence.quote),
            locator=Locator(eid=place.eid),
            confidence=clause.confidence,
            rule=clause.rule,
        )


def _since_title(segment: str) -> str:
    titles = find_titles(segment)
    return segment[titles[-1][1][1] :] if titles else segment
