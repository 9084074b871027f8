"""Effects: the clauses of a text that change or attest validity, read from its body and its title.

Reading goes in two passes: first when the text itself commences, for 同时废止 means on that day, then everything else.
What an effect acts upon, when, and how sure we are of it stand with the sentence that says so; nothing is resolved
here (gazette.citations.resolution) and nothing stored (gazette.validity.events).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from gazette.citations.cited import target_key
from gazette.citations.grammar import find_short_names
from gazette.citations.passages import Passage, find_passages
from gazette.citations.titles import find_titles, normal_title
from gazette.dates import DATE, find_date, find_impossible, is_impossible
from gazette.draft import (
    Body,
    DocNumber,
    Effect,
    EffectKind,
    HistoryEntry,
    Provision,
    Target,
)
from gazette.errors import Locator
from gazette.validity.announced import Announcement, find_announcement, find_closing
from gazette.validity.catalogues import find_listed
from gazette.validity.clauses import Clause, Sentence, clauses, is_vetoed, may_operate, quotation
from gazette.validity.commencement import CORE, Bases, add_months, bases, find_months
from gazette.validity.conflicts import find_ending, gives_way, overriding
from gazette.validity.lifespan import commencement, find_lifespan
from gazette.validity.roc_orders import find_order_effects
from gazette.validity.targets import WHOLE, Named, named_after, named_before
from gazette.validity.title_effects import find_title_effects

_DRAFT_TITLE = re.compile(r"草案|征求意见|送审稿|建议稿|修订稿|讨论稿")
_DRAFT_CONFIDENCE = 0.3
#: What the calendar does not have (2月30日) dates nothing, so nothing is sure.
_BROKEN_CONFIDENCE = 0.5
_PARTIAL_DISCOUNT = 0.03
_ENDS = (EffectKind.REPEALS, EffectKind.LAPSES)
#: 《甲》有效期届满后自动失效 tells how texts end, on no day.
_TERM_OVER = re.compile(
    r"(?:(?<!因)(?<!由于)(?:有效期|期限)(?:届满|期满|满|到期)(?:后|时|之日起|的)?|(?:届满|期满|到期)(?:后|时|的)?)，?$"
)
_OF_ITSELF = ("自", "即", "失效", "废止", "同时")
_OTHERS_DATE = re.compile(rf"(?:自|从|于)(?P<date>{DATE}|[^，。；自从于]{{6,16}}?日)(?:起|后)?，?[^，。；]{{0,12}}$")
_NOW_RULE = re.compile(r"自?本[一-龥]{1,12}?(?:公布|发布|印发|颁布|通过|下发)之日起")
_UNTIL = re.compile(rf"(?:至|到)(?P<until>{DATE})")
#: 《甲》有效期延长 5年: how much longer, counted from the end that was set before.
_LONGER = re.compile(r"^(?:为|了)?(?:\d{1,2}|[一二两三四五六七八九十]{1,3})(?:年|个月)")
_FROM = re.compile(rf"(?:^|自|从|[，；])(?P<date>{DATE})(?:起|至|到)")
#: 2022年1月1日至6月30日: the year is that of the first day.
_UNTIL_SHORT = re.compile(r"(?P<year>\d{4})年\d{1,2}月\d{1,2}日起?(?:至|到)(?P<day>\d{1,2}月\d{1,2}日)")
_CALENDAR_DAY = re.compile(DATE)
_PLACE = re.compile(r"在(?P<place>[^，。；《》]{2,60}?)(?:，|内|暂时|暂停|停止|范围)")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Context:
    """What the second pass knows of the text: when it commences, and the base days."""

    start: date | None
    start_rule: str | None
    known: Bases
    is_draft: bool

    @property
    def day(self) -> date | None:
        """The day on which a clause without a day of its own takes effect: that of the text itself."""
        return self.start or (None if self.start_rule else self.known.published or self.known.signed)

    @property
    def rule(self) -> str | None:
        if self.start or self.start_rule:
            return self.start_rule or "与本文件同时"
        return "未载明施行日期，按公布之日" if self.day else None

    @property
    def listed(self) -> tuple[date | None, str | None]:
        """The day of a catalogue and its rule: it speaks for the day it was signed, even where the day of 公布 that it
        names is not known."""
        if self.day or is_impossible(self.rule):
            return self.day, None if self.day else self.rule
        return self.known.signed, "公布之日未载明，按成文日期"


def find_effects(
    body: Body,
    *,
    title: str | None = None,
    doc_number: DocNumber | None = None,
    signed: date | None = None,
    published: date | None = None,
    history: tuple[HistoryEntry, ...] = (),
) -> tuple[Effect, ...]:
    """Every effect the text states, in reading order, those of its title last; each target once a kind."""
    known = bases(published, signed, history)
    places = tuple(find_passages(body))
    own = find_lifespan(places, known, title)
    start = commencement(own)
    context = _Context(
        start=start.date if start else None,
        start_rule=start.date_rule if start else None,
        known=known,
        is_draft=bool(title and _DRAFT_TITLE.search(title)),
    )
    found = [*own, *_stated(places, context)]
    found += find_listed(body, day=context.listed[0], rule=context.listed[1])
    if title:
        found += _unsaid(found, find_title_effects(title, day=context.day, rule=context.rule))
        found += find_order_effects(title, day=context.day, rule=context.rule)
    shorts = find_short_names("".join(place.text for place in places if "称" in place.text))
    found = [_spelled_out(effect, shorts) for effect in found]
    return _once(_discounted(effect) if context.is_draft else effect for effect in found)


def _unsaid(stated: Sequence[Effect], titled: Iterable[Effect]) -> Iterator[Effect]:
    """What the title adds: of a suspension the text itself says which part, where and from when."""
    said = {(each.kind, normal_title(each.target.title)) for each in stated if each.target.title}
    for each in titled:
        is_told = (each.kind, normal_title(each.target.title or "")) in said
        if not (is_told and each.kind in (EffectKind.SUSPENDS, EffectKind.RESUMES)):
            yield each


def _stated(places: tuple[Passage, ...], context: _Context) -> Iterator[Effect]:
    """Second pass: everything but commencement."""
    listing: Announcement | None = None
    read: list[tuple[Sentence, Passage]] = []
    for place in places:
        for sentence in place.sentences:
            if closed := find_closing(sentence):
                yield from _listed_above(closed, read, context)
            read.append((sentence, place))
            if listing:
                effect = _entry(listing, sentence, place, context)
                if effect:
                    yield effect
                    continue
                if not place.is_entry:
                    listing = None
            yield from _operative(sentence, place, context)
            opened = find_announcement(sentence)
            if opened:
                listing = opened
                for entry in opened.entries():
                    effect = _entry(opened, Sentence(text=entry, quote=entry), place, context)
                    if effect:
                        yield effect


def _operative(sentence: Sentence, place: Passage, context: _Context) -> Iterator[Effect]:
    """Effects of the operative words of one sentence; each takes the words back to the one before it."""
    text = sentence.text
    titled = [span for _, span in find_titles(text)]
    begin = 0
    before: tuple[Named, ...] = ()
    for clause, match in _operative_words(text, titled):
        segment = _since(text, begin, match.start())
        if _is_talk(text, segment, match):
            continue
        names: tuple[Named, ...] = ()
        if clause.targets in ("before", "both"):
            names = named_before(segment)
            names = tuple(each for each in names if each not in before) or names
        if clause.targets == "after" or (clause.targets == "both" and not names):
            names = named_after(text[match.end() :])
        if clause.kind is EffectKind.RENEWS:
            # 《甲》继续有效，有效期延续至…: the second verb is said of the same text.
            names = names or before
        if clause.targets == "class":
            yield _of_class(clause, match, sentence, place, context)
            begin = match.end()
            continue
        if not names and clause.kind is not EffectKind.OVERRIDES:
            continue
        if clause.kind is EffectKind.OVERRIDES and names and (ends := find_ending(segment, match)):
            clause = ends
        elif clause.kind is not EffectKind.OVERRIDES and gives_way(segment):
            continue
        if clause.kind in _ENDS and match[0].startswith(_OF_ITSELF) and _TERM_OVER.search(segment):
            continue
        day, rule = _day_of(clause, f"{segment}{_lead(match)}", text[match.end() :], context)
        if is_impossible(rule):
            clause = replace(clause, confidence=_BROKEN_CONFIDENCE)
        if clause.kind is EffectKind.OVERRIDES:
            yield from overriding(clause, names, segment, sentence, place, day, rule)
        elif clause.kind is EffectKind.SUSPENDS:
            for name in names:
                yield from _suspension(clause, name, sentence, place, day, rule)
        else:
            for name in names:
                yield from _effects_of(clause, name, sentence.quote, place.eid, day, rule)
        begin, before = match.end(), names


def _is_talk(text: str, segment: str, match: re.Match[str]) -> bool:
    """Whether the words before the verb, or before the first text it is said of, take its force away."""
    if match[0].endswith(("废止", "失效")) and is_vetoed(match[0][:-2]):
        return True
    titles = find_titles(segment)
    return is_vetoed(text[: match.start()]) or bool(titles and is_vetoed(segment[: titles[0][1][0]]))


def _operative_words(text: str, titled: list[tuple[int, int]]) -> list[tuple[Clause, re.Match[str]]]:
    """Operative words outside titles in reading order; of overlapping ones the override, else the earlier rule."""
    if not may_operate(text):
        return []
    found: list[tuple[Clause, re.Match[str]]] = []
    for clause in clauses():
        if clause.targets == "list":
            continue
        for match in clause.pattern.finditer(text):
            if not any(start <= match.start() < end for start, end in titled):
                found.append((clause, match))
    found.sort(key=lambda each: (each[0].kind is not EffectKind.OVERRIDES, each[1].start()))
    kept: list[tuple[Clause, re.Match[str]]] = []
    for clause, match in found:
        if not any(other.start() < match.end() and match.start() < other.end() for _, other in kept):
            kept.append((clause, match))
    return sorted(kept, key=lambda each: each[1].start())


def _since(text: str, begin: int, end: int) -> str:
    """The words of the clause: after the last commencement of the text itself, if that stands in between."""
    for match in CORE.finditer(text, begin, end):
        if match.end() < end and text[match.end()] in "，,。；":
            begin = match.end() + 1
    return text[begin:end]


def _of_class(clause: Clause, match: re.Match[str], sentence: Sentence, place: Passage, context: _Context) -> Effect:
    """An effect on texts that are not named, only described: no document can be picked, an editor has to."""
    printed = find_date(match[0])
    return Effect(
        kind=clause.kind,
        target=Target(),
        scope=match["class"].strip("，、"),
        date=printed or context.day,
        date_rule=None if printed else context.rule,
        quote=quotation(sentence.quote),
        locator=Locator(eid=place.eid),
        confidence=clause.confidence,
        rule=clause.rule,
    )


def _effects_of(
    clause: Clause, name: Named, quote: str, eid: str | None, day: date | None, rule: str | None
) -> Iterator[Effect]:
    """One effect a target, or one a provision where provisions are named."""
    partial = name.scope != WHOLE
    kind = clause.kind
    if partial and kind in _ENDS:
        kind = EffectKind.REPEALS_PARTIALLY
    provisions: tuple[Provision | None, ...] = tuple(Provision(raw=name.scope, eid=each) for each in name.eids) or (
        None,
    )
    for provision in provisions:
        yield Effect(
            kind=kind,
            target=Target(title=name.title, doc_number=name.number, provision=provision),
            scope=name.scope,
            date=day,
            date_rule=rule,
            quote=quotation(quote),
            locator=Locator(eid=eid),
            confidence=round(clause.confidence - (_PARTIAL_DISCOUNT if partial and not name.eids else 0), 2),
            rule=clause.rule,
        )


def _suspension(
    clause: Clause, name: Named, sentence: Sentence, place: Passage, day: date | None, rule: str | None
) -> Iterator[Effect]:
    """A suspension, limited to the places it names (立法法 第十六条), and its end where a period is set."""
    where = _PLACE.search(sentence.text)
    name = replace(name, scope=f"在{where['place']}") if where else name
    printed = _FROM.search(sentence.text)
    if printed and (start := find_date(printed["date"])):
        day, rule = start, None
    yield from _effects_of(clause, name, sentence.quote, place.eid, day, rule)
    until = _UNTIL.search(sentence.text)
    months = find_months(sentence.text) if "期" in sentence.text or "试行" in sentence.text else None
    last = find_date(until["until"]) if until else None
    if last is None and (until := _UNTIL_SHORT.search(sentence.text)):
        last = find_date(f"{until['year']}年{until['day']}")
    if last is None and day and months:
        last = add_months(day, months) - timedelta(days=1)
    if last:
        resumed = replace(clause, kind=EffectKind.RESUMES)
        words = until[0] if until else "暂停期满"
        yield from _effects_of(resumed, name, sentence.quote, place.eid, last + timedelta(days=1), f"{words}，次日恢复")


def _day_of(clause: Clause, segment: str, after: str, context: _Context) -> tuple[date | None, str | None]:
    """The day an operative clause takes effect: printed beside it, else the text's own commencement."""
    if clause.kind is EffectKind.RENEWS:
        until = _UNTIL.search(after) or _UNTIL.search(segment)
        length = _LONGER.search(after)
        return (find_date(until["until"]) if until else None), (length[0] if length and not until else None)
    printed = _OTHERS_DATE.search(segment)
    day = find_date(printed["date"]) if printed else None
    if day:
        return day, None
    if printed and (impossible := find_impossible(printed["date"])):
        return None, impossible
    if _NOW_RULE.search(segment) and context.known.published:
        return context.known.published, "自公布之日起"
    return context.day, context.rule


def _lead(match: re.Match[str]) -> str:
    """The day that operative words begin with: 自2021年7月1日起 in 自2021年7月1日起废止《甲》."""
    day = _CALENDAR_DAY.match(match[0])
    return f"{day[0]}起" if day else ""


def _entry(listing: Announcement, sentence: Sentence, place: Passage, context: _Context) -> Effect | None:
    """The effect on one text of an announced list."""
    name = listing.named_on(sentence.text)
    if name is None or CORE.search(sentence.text):
        return None
    day, rule = _day_of(listing.clause, listing.lead, "", context)
    return next(_effects_of(listing.clause, name, f"{listing.quote}\n{sentence.quote}", place.eid, day, rule))


def _listed_above(listing: Announcement, read: list[tuple[Sentence, Passage]], context: _Context) -> Iterator[Effect]:
    """The effects on the texts of a list that stands before the sentence that speaks of it."""
    for sentence, place in reversed(read):
        effect = _entry(listing, sentence, place, context)
        if effect is None:
            return
        yield effect


def _spelled_out(effect: Effect, shorts: dict[str, str]) -> Effect:
    """The effect with a target's short name (以下简称《解释》) replaced by its title."""
    title = effect.target.title
    full = shorts.get(normal_title(title)) if title and shorts else None
    return replace(effect, target=replace(effect.target, title=full)) if full else effect


def _discounted(effect: Effect) -> Effect:
    """A draft for comment changes nothing yet."""
    return replace(effect, confidence=_DRAFT_CONFIDENCE)


def _once(effects: Iterator[Effect]) -> tuple[Effect, ...]:
    """Each target once a kind: the same repeal in title and body is one effect, the better evidenced one."""
    kept: dict[tuple[object, ...], Effect] = {}
    for effect in effects:
        target = effect.target
        eid = target.provision.eid if target.provision else None
        key: tuple[object, ...] = (
            effect.kind,
            target_key(target.title, target.doc_number),
            str(target.doc_number) if target.doc_number else None,
            eid,
            effect.date if target == Target() else None,
            effect.scope if effect.kind is EffectKind.OVERRIDES else None,
        )
        held = kept.get(key)
        if held is None or (held.date is None and effect.date is not None):
            kept[key] = effect
    return _without_numberless_twins(tuple(kept.values()))


def _without_numberless_twins(effects: tuple[Effect, ...]) -> tuple[Effect, ...]:
    """Drop a target named without its number where the same effect names it with one (title against body)."""
    numbered = {(effect.kind, target_key(effect.target.title, None)) for effect in effects if effect.target.doc_number}
    return tuple(
        effect
        for effect in effects
        if effect.target.doc_number
        or effect.target == Target()
        or effect.target.provision
        or effect.rule != "title"
        or (effect.kind, target_key(effect.target.title, None)) not in numbered
    )
