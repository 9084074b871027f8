"""The life a text gives itself: when it comes into force, and until when, in its own words.

Closing articles speak of the text itself (本办法自…起施行，有效期5年), sometimes of a part of it (第五条自…起施行).
What it does to other texts stands in gazette.validity.effects.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from gazette.citations.passages import Passage
from gazette.citations.provisions import find_provisions
from gazette.dates import DATE, find_date, find_impossible
from gazette.draft import Effect, EffectKind, Target
from gazette.errors import Locator
from gazette.validity.clauses import Sentence, quotation
from gazette.validity.commencement import CORE, Bases, Moment, Term, find_moments, find_term, last_day
from gazette.validity.targets import WHOLE

#: An article's own number, which sources print before its words with a blank between.
_OWN_NUMBER = re.compile(r"^第[一二三四五六七八九十百零〇\d]+条(?:之[一二三四五六七八九十])?(?=[\s:：])[\s:：]*")
_SELF_END = re.compile(
    r"本(?:通知|办法|规定|意见|通告|公告|决定|方案|文件|细则|规则)[^。；《》]{0,60}?"
    rf"(?P<day>{DATE})(?:起|止|后|之后)?(?:自动|自行|自然|予以|即行)?(?:废止|失效|停止执行|终止执行)(?=[。，；]|$)"
)


def find_lifespan(places: Sequence[Passage], known: Bases, title: str | None) -> tuple[Effect, ...]:
    """The commencements and the end that a text states of itself, in reading order; what its title says comes last.

    A title may carry the term (上海: （2024年2月18日起施行，有效期至2029年2月17日）).
    """
    begun = [effect for place in places for effect in _commencements(place, known)]
    terms = [found for place in places for found in _terms(place)]
    term_of_title = find_term(title, after_commencement=False) if title else None
    if title and term_of_title:
        terms.append((term_of_title, title, None))
    if commencement(begun) is None:
        begun += [_begins(term.since, quote, eid) for term, quote, eid in terms if term.since]
    start = commencement(begun)
    return (*begun, *(_expires(term, quote, eid, start.date if start else None) for term, quote, eid in terms))


def commencement(effects: Sequence[Effect]) -> Effect | None:
    """The effect by which the text itself commences as a whole; the last one, where closing articles stand."""
    whole = [each for each in effects if each.kind is EffectKind.COMMENCES and each.scope == WHOLE]
    own = [each for each in whole if each.target == Target()]
    return own[-1] if own else None


def expiry(effects: Sequence[Effect]) -> Effect | None:
    """The effect that ends the text itself by its own words; its date is the last day of validity."""
    own = [each for each in effects if each.kind is EffectKind.EXPIRES and each.target == Target()]
    return own[-1] if own else None


def _commencements(place: Passage, known: Bases) -> Iterator[Effect]:
    for sentence in place.sentences:
        numbered = _OWN_NUMBER.match(sentence.quote)
        text = "".join(sentence.quote[numbered.end() :].split()) if numbered else sentence.text
        for moment in find_moments(text, known):
            if moment.subject != "other":
                yield _commences(moment, sentence, place)


def _commences(moment: Moment, sentence: Sentence, place: Passage) -> Effect:
    provisions = find_provisions(moment.words) if moment.subject == "provisions" else ()
    words = moment.words.strip("，,：:").removeprefix("其中")
    return Effect(
        kind=EffectKind.COMMENCES,
        target=Target(provision=provisions[-1].provision) if provisions else Target(),
        scope=words if provisions else WHOLE,
        date=moment.date,
        date_rule=moment.rule,
        quote=quotation(sentence.quote),
        locator=Locator(eid=place.eid),
        confidence=0.95 if moment.date and not moment.rule else 0.92,
        rule="commence.date" if not moment.rule else "commence.relative",
    )


def _terms(place: Passage) -> Iterator[tuple[Term, str, str | None]]:
    """The terms (有效期) a passage gives to the text itself, each with its sentence and address."""
    commenced = False
    for sentence in place.sentences:
        term = find_term(sentence.text, after_commencement=commenced) or _own_end(sentence.text)
        if term:
            yield term, sentence.quote, place.eid
        commenced = bool(CORE.search(sentence.text))


def _own_end(text: str) -> Term | None:
    """The day on which a text ends itself (本通知2025年12月31日废止)."""
    match = _SELF_END.search(text)
    day = find_date(match["day"]) if match else None
    wording = find_impossible(match["day"]) if match and day is None else match and match[0]
    return Term(until=day, months=0, wording=wording) if wording else None


def _begins(day: date | None, quote: str, eid: str | None) -> Effect:
    return Effect(
        kind=EffectKind.COMMENCES,
        target=Target(),
        scope=WHOLE,
        date=day,
        quote=quotation(quote),
        locator=Locator(eid=eid),
        confidence=0.9,
        rule="commence.period",
    )


def _expires(term: Term, quote: str, eid: str | None, start: date | None) -> Effect:
    return replace(
        _begins(last_day(start, term), quote, eid),
        kind=EffectKind.EXPIRES,
        date_rule=None if term.until else term.wording,
        confidence=0.93,
        rule="expire.term",
    )
