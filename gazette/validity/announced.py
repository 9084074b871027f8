"""Announced lists: a sentence or heading says what becomes of the texts that the lines after it name.

「下列文件予以废止：」, 「对3件文件宣布失效。」 and the heading 「宣布失效的文件目录」 open one; 「以上文件予以废止。」
closes one. After a colon any line that names a text belongs to it; after a full stop or a heading only lines that are
nothing but an entry do, for what follows may as well be the next sentence of the decision.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from gazette.citations.titles import find_titles
from gazette.draft import EffectKind
from gazette.validity.catalogues import find_heading
from gazette.validity.clauses import Clause, Sentence, clauses, is_vetoed, may_operate
from gazette.validity.targets import Named, named_in_entry, named_in_item

_VERB = re.compile(r"(?:予以)?(?:废止|失效|停止执行|继续有效)")
_CONDITION = re.compile(r"情形|条件|之一")
_KINDS = {
    "失效": EffectKind.LAPSES,
    "废止": EffectKind.REPEALS,
    "停止执行": EffectKind.REPEALS,
    "继续有效": EffectKind.ATTESTS,
}
_HEADING_CONFIDENCE = 0.93
_CLOSING_CONFIDENCE = 0.9
#: 以上规章自公布之日起废止。
_CLOSES = re.compile(
    r"^(?:以上|上述|上列|前列)(?P<what>[^，。；：《》]{0,16}(?:文件|规章|法规|规定|办法|通知|条例|决定))，?"
    r"(?P<when>自[^，。；《》]{2,24}起|从[^，。；《》]{2,24}起)?，?(?:同时|一律|均|即行|现|决定|宣布|予以)*(?P<verb>废止|失效|停止执行)(?=[，。；]|$)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcement:
    """What is said of the texts in a list: `lead` are the words up to the verb, `rest` those after its colon, `open`
    says that a colon announced it."""

    clause: Clause
    lead: str
    quote: str
    rest: str
    open: bool

    def entries(self) -> Iterator[str]:
        """The entries printed in the sentence that announces them."""
        for _, (start, end) in find_titles(self.rest):
            following = re.match(r"[（(][^（）()]{2,40}[）)]", self.rest[end:])
            yield self.rest[start : end + (following.end() if following else 0)]

    def named_on(self, line: str) -> Named | None:
        """The text that a line of the list names; None for a line that is no entry."""
        return named_in_item(line.rstrip("。；;")) if self.open else named_in_entry(line)


def find_announcement(sentence: Sentence) -> Announcement | None:
    """The list that a sentence or a heading opens; None where it opens none."""
    text = sentence.text
    if not may_operate(text):
        return None
    for clause in clauses():
        match = clause.pattern.search(text) if clause.targets == "list" else None
        # 有下列情形之一的 introduces conditions, not texts.
        if match is None or _CONDITION.search(match[0]):
            continue
        verb = _VERB.search(match[0])
        if verb and _KINDS[verb[0].removeprefix("予以")] is not clause.kind:
            continue
        lead = text[: match.start() + (verb.start() if verb else 0)]
        if not is_vetoed(lead):
            is_open = match[0].endswith(("：", ":"))
            rest = text[match.end() :]
            return Announcement(clause=clause, lead=lead, quote=sentence.quote, rest=rest, open=is_open)
    return _of_heading(sentence)


def find_closing(sentence: Sentence) -> Announcement | None:
    """What a sentence says of the list that stands before it; None for any other."""
    match = _CLOSES.match(sentence.text)
    if match is None or is_vetoed(sentence.text[: match.start("verb")]):
        return None
    clause = Clause(
        rule="list.closed",
        kind=_KINDS[match["verb"]],
        targets="list",
        confidence=_CLOSING_CONFIDENCE,
        pattern=_CLOSES,
        yes=(),
        no=(),
    )
    return Announcement(clause=clause, lead=match["when"] or "", quote=sentence.quote, rest="", open=False)


def _of_heading(sentence: Sentence) -> Announcement | None:
    outcome = find_heading(sentence.text)
    if outcome is None:
        return None
    clause = Clause(
        rule=outcome.rule,
        kind=outcome.kind,
        targets="list",
        confidence=_HEADING_CONFIDENCE,
        pattern=outcome.pattern,
        yes=(),
        no=(),
    )
    return Announcement(clause=clause, lead="", quote=sentence.quote, rest="", open=False)
