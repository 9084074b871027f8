"""Citing: one grammar for numbers, titles, short names, provisions and relative references in running text.

A citation is read where it stands: a title takes the number in the bracket after it and the provision that
follows; 本条例第三条 and 前款 are relative to the text that says so; a short name (以下简称《X》) stands for the title
it was given to, 该办法 for the last one that ends so. Laws everybody knows need no 《》 (刑法第三条).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from gazette.citations.laws import find_bare_names, full_title
from gazette.citations.numbers import find_doc_numbers, parse_doc_number
from gazette.citations.provisions import find_provisions
from gazette.citations.registers import find_register_numbers
from gazette.citations.titles import find_titles, normal_title, split_title
from gazette.draft import Citation, DocNumber, Provision
from gazette.numerals import parse_chinese_number

#: What may stand between a title (or number) and its provision.
_GAP = re.compile(r"\s{0,2}(?:文件|文)?(?:的|中|中的|之)?\s?")
_OPENS, _CLOSES = "（(［[〔", "）)］]〕"
#: A bracket that tells a history of amendments may be this long (characters); a version mark is shorter.
_LONGEST_BRACKET, _LONGEST_MARK = 400, 60
#: That what is cited is on trial, a draft or the edition of a year belongs to its name.
_STATE_MARK = re.compile(
    r"^(?:试行|暂行|试点|(?:修订|修改|修正)?草案|征求意见稿|送审稿|修订稿|(?:19|20)\d{2}年?(?:修订|修正)?[版本])$"
)
_HISTORY = re.compile(
    r"\d{4}年?.{0,60}?(?:修正|修订|修改|公布|发布|颁布|通过|施行)|\d{4}[-.]\d{1,2}[-.]\d{1,2}|^(?:修正|修订)"
)
#: Every citation has a title's mark, a figure or letter, or a word for a number or a part of a text; a third of all
#: texts have none.
_SIGN = re.compile("[《〈號号第条條款项項目章节節编編附0-9０-９A-Za-zＡ-Ｚａ-ｚ]")
_RELATIVE = re.compile(
    r"(?P<self>本(?:法典|法|条例|办法|规定|细则|规则|决定|解释|通知|意见|规程|准则|章程|方案|标准|公告|通告|令|目录))"
    r"|(?P<near>[前上本]\s?[一二两三四五六七八九]?\s?(?:条|款|项|章|节|编))(?![例件约款目程])"
)
_SHORT_FOR = re.compile(
    r"\s?[（(](?:[^（）()《》]{0,40}(?:[（(][^（）()]{1,12}[）)][^（）()《》]{0,20})?[，,；;])?"
    r"(?:以下|下)?(?:均|统一)?(?:简称|统称|合称|下称|称)(?:为|作)?[:：]?\s?(?P<name>[^（）()]{1,40})[）)]"
)
#: 《X》，以下简称《Y》: the same without brackets; the name is marked then.
_SHORT_AFTER = re.compile(
    r"[，,]?\s?(?:以下|下)(?:均|统一)?(?:简称|称)(?:为|作)?[:：]?\s?[《“](?P<name>[^《》“”]{1,40})[》”]"
)
#: 《甲》《乙》（以下分别简称《A》《B》).
_SHORTS_FOR = re.compile(
    r"\s?[（(](?:[^（）()《》]{0,40}[，,；;])?(?:以下|下)?分别(?:简称|统称|称)(?:为|作)?[:：]?(?P<names>[^（）()]{2,160})[）)]"
)
_MARKED = re.compile(r"[《“]([^《》“”]{1,40})[》”]")
_ANNEX = re.compile(r"(?:所附)?附件\s?(?:(?P<n>[0-9０-９一二三四五六七八九十]{1,3})(?=第|[^一-龥]|$)|(?=第))")
#: 该办法第三条 is of the text of that kind named last.
_THAT = re.compile(
    r"(?:该|同|上述|前述)(?P<kind>法典|法|条例|办法|规定|细则|规则|决定|解释|通知|意见|规程|准则|条)\s?$"
)
_LONGEST_THAT = 8
#: So many citations back 该办法 is looked for.
_FARTHEST = 20
_ARTICLE = re.compile(r"(?:att_\d+__)?art_[\d-]+(?=$|__|->)")
_KIND_MARK = re.compile(r"[（(][^（）()]*[）)]$")
_AND = re.compile(r"[、，和及或与以]{1,2}|的?规定(?:以及|或者|[和及或、])")
_OUTER = '《》“”"「」〈〉'

#: A number and where it stands.
_Numbers = Sequence[tuple[DocNumber, tuple[int, int]]]


class Span(NamedTuple):
    """A citation and where it stands in its text."""

    start: int
    end: int
    citation: Citation


def find_citations(text: str) -> tuple[Citation, ...]:
    """Every citation in `text`, in reading order."""
    return tuple(span.citation for span in find_spans(text, {}))


def find_short_names(text: str) -> dict[str, str]:
    """The short names a text gives (以下简称《X》), folded, each with the title it stands for."""
    shorts: dict[str, str] = {}
    titles: list[str] = []
    for title, (_, end) in find_titles(text):
        titles.append(title)
        if given := _given(text, end, titles):
            shorts |= given.names
    return shorts


def find_spans(text: str, shorts: dict[str, str]) -> tuple[Span, ...]:
    """Citations of one text in reading order, each where it stands; `shorts` are the short names given so far (folded,
    with their titles) and take up those that this text gives. The span of a title reaches over its bracket; a title
    named in that bracket has a span of its own within."""
    if not _SIGN.search(text):
        return ()
    reading = _Reading(text, shorts)
    reading.read_titles()
    reading.read_numbers()
    reading.read_bare_names()
    reading.read_relatives()
    reading.read_provisions()
    return tuple(sorted(reading.found, key=lambda each: (each.start, -each.end)))


class _Reading:
    """One text while it is read: what is found, what no second citation may begin in, which provisions are left."""

    def __init__(self, text: str, shorts: dict[str, str]) -> None:
        self.text = text
        self.shorts = shorts
        self.numbers: _Numbers = _find_numbers(text)
        self.provisions = {span.start: span for span in find_provisions(text)}
        self.found: list[Span] = []
        self.titles: deque[str] = deque(maxlen=_FARTHEST)
        self.taken = bytearray(len(text))
        #: Where the last bracket ends that tells a history: 《X》（根据《Y》修订） cites the Y that amended, too.
        self.told_until = 0

    def read_titles(self) -> None:
        for title, (start, end) in find_titles(self.text):
            if not self.taken[start] or start < self.told_until:
                citation, closed = self._title(title, end)
                self._take(start, closed, citation)

    def read_numbers(self) -> None:
        for number, (start, end) in self.numbers:
            if not self.taken[start]:
                self._take(start, end, Citation(raw="", kind="number", doc_number=number))

    def read_bare_names(self) -> None:
        for name in tuple(find_bare_names(self.text, tuple(self.provisions), self.shorts)):
            if not any(self.taken[name.start : name.end]):
                kind = "short" if name.is_short else "title"
                self._take(name.start, name.end, Citation(raw="", kind=kind, title=name.title))

    def read_relatives(self) -> None:
        """本条例第三条, 前款第一项, and 附件2第三条 of the text itself."""
        for match in _RELATIVE.finditer(self.text):
            if not self.taken[match.start()]:
                near = None if match["self"] else match[0]
                citation = Citation(raw="", kind="relative", base=near)
                self._take(*match.span(), citation, needed=near is None)
        for match in _ANNEX.finditer(self.text):
            if not self.taken[match.start()]:
                self.found += self._in_annex(Citation(raw="", kind="relative"), match.start(), match)

    def read_provisions(self) -> None:
        """What is left, each with the text that 该办法 before it means, if it says so."""
        named = sorted(self.found, key=lambda each: each.start, reverse=True)
        before: deque[Citation] = deque(maxlen=_FARTHEST)
        meant, closed = None, 0
        for start, span in sorted(self.provisions.items()):
            if self.taken[start]:
                continue
            while named and named[-1].start < start:
                before.append(named.pop().citation)
            that = _THAT.search(self.text, max(0, start - _LONGEST_THAT), start)
            if that:
                meant = _meant(that["kind"], reversed(before), span.provision)
            elif meant and _AND.fullmatch(self.text, closed, start):
                meant = replace(meant, provision=span.provision)
            else:
                meant = None
            begin, closed = that.start() if that and meant else start, span.end
            plain = Citation(raw="", kind="provision", provision=span.provision)
            before.append(replace(meant or plain, raw=self.text[begin:closed]))
            self.found.append(Span(begin, closed, before[-1]))

    def _title(self, title: str, end: int) -> tuple[Citation, int]:
        """The citation of a title with what its brackets add (number, version mark, short name); where they close."""
        if whole := parse_doc_number(title):
            return Citation(raw="", kind="number", doc_number=whole), end
        number, kind, name = None, "title", normal_title(title)
        full = self.shorts.get(name) or full_title(name)
        if full != name:
            kind, title = "short", full
        for _ in range(3):
            given = _given(self.text, end, (*self.titles, title))
            bracket = None if given else _bracket(self.text, end)
            if given:
                self.shorts |= given.names
                number, end = number or self._number_between(end, given.end), given.end
            elif bracket is None:
                break
            elif bracket.names_version(title):
                title, end = f"{title}（{bracket.inside}）", bracket.end
            else:
                inside = self._number_between(end, bracket.end)
                if inside is None and not _HISTORY.search(bracket.inside):
                    break
                number, end = number or inside, bracket.end
                self.told_until = end
        self.titles.append(title)
        return Citation(raw="", kind=kind, title=title, doc_number=number), end

    def _number_between(self, low: int, high: int) -> DocNumber | None:
        at = bisect_left(self.numbers, low, key=lambda each: each[1][0])
        number, (_, end) = self.numbers[at] if at < len(self.numbers) else (None, (0, high + 1))
        return number if end <= high else None

    def _take(self, start: int, end: int, citation: Citation, *, needed: bool = False) -> None:
        """Keep the citation once for each provision that follows it, or once without; `needed` drops the bare form."""
        self.taken[start:end] = b"\1" * (end - start)
        gap = _GAP.match(self.text, end)
        at = gap.end() if gap else end
        annex = _ANNEX.match(self.text, at) if citation.title or citation.doc_number or needed else None
        if annex and not self.taken[at]:
            self.taken[annex.start() : annex.end()] = b"\1" * len(annex[0])
            self.found += self._in_annex(citation, start, annex)
            return
        if at not in self.provisions:
            if not needed:
                self.found.append(Span(start, end, replace(citation, raw=self.text[start:end])))
            return
        while at in self.provisions:
            span = self.provisions.pop(at)
            raw = self.text[start : span.end]
            self.found.append(Span(start, span.end, replace(citation, raw=raw, provision=span.provision)))
            comma = _AND.match(self.text, span.end)
            at = start = comma.end() if comma else -1

    def _in_annex(self, citation: Citation, start: int, annex: re.Match[str]) -> Iterator[Span]:
        """《甲办法》附件2第三条 is att_2__art_3; without a number the annex is the only one."""
        inside = self.provisions.pop(annex.end(), None)
        if inside is None and annex["n"] is None:
            return
        end = inside.end if inside else annex.end()
        eid = f"att_{parse_chinese_number(annex['n']) if annex['n'] else 1}"
        printed = self.text[annex.start() : end]
        provision = Provision(raw=printed, eid=f"{eid}__{inside.provision.eid}" if inside else eid)
        yield Span(start, end, replace(citation, raw=self.text[start:end], provision=provision))


class _Given(NamedTuple):
    """Short names, folded, with the titles they are given to, and where the words end that give them."""

    names: dict[str, str]
    end: int


def _given(text: str, end: int, titles: Sequence[str]) -> _Given | None:
    """The short names given right after the last of `titles`, which ends at `end`."""
    if one := _SHORT_FOR.match(text, end) or _SHORT_AFTER.match(text, end):
        return _Given({normal_title(one["name"].strip(_OUTER)): titles[-1]}, one.end())
    several = _SHORTS_FOR.match(text, end)
    names = _MARKED.findall(several["names"]) if several else []
    if several is None or not 0 < len(names) <= len(titles):
        return None
    return _Given(dict(zip(map(normal_title, names), titles[-len(names) :], strict=True)), several.end())


class _Bracket(NamedTuple):
    """What stands in brackets after a title, and where they close."""

    inside: str
    end: int

    def names_version(self, title: str) -> bool:
        """Whether the bracket belongs to the name: （2018年修正）, （试行）."""
        if len(self.inside) > _LONGEST_MARK:
            return False
        return bool(_STATE_MARK.search(self.inside)) or split_title(f"{title}（{self.inside}）").suffix is not None


def _bracket(text: str, start: int) -> _Bracket | None:
    """The bracket that opens at `start`, with those inside it; None where it is never closed or too long."""
    start += text[start : start + 1].isspace()
    if text[start : start + 1] not in tuple("（(［["):
        return None
    depth = 0
    for at in range(start, min(len(text), start + _LONGEST_BRACKET)):
        if text[at] in _OPENS:
            depth += 1
        elif text[at] in _CLOSES:
            depth -= 1
            if depth == 0:
                return _Bracket(text[start + 1 : at], at + 1)
    return None


def _meant(kind: str, before: Iterable[Citation], provision: Provision) -> Citation | None:
    """What 该办法 or 该条 before a provision means: the last citation that ends so."""
    for each in before:
        if kind != "条" and each.title and _KIND_MARK.sub("", each.title).endswith(kind):
            return replace(each, kind="short", provision=provision)
        if kind == "条" and each.provision and (article := _ARTICLE.match(each.provision.eid)):
            inside = Provision(raw=provision.raw, eid=f"{article[0]}__{provision.eid}")
            return replace(each, provision=inside, base=None)
    return None


def _find_numbers(text: str) -> _Numbers:
    """Document numbers and those of other registers in reading order."""
    found = sorted((*find_doc_numbers(text), *find_register_numbers(text)), key=lambda each: each[1])
    return [each for at, each in enumerate(found) if not at or found[at - 1][1][1] <= each[1][0]]
