"""Amending decisions (关于修改《…》的决定) read into typed operations.

A decision is read item by item. Quotations are lifted out and addresses named, so that what is left are set phrases,
which `data/amendments.toml` lists. An address that a clause leaves out (第一款修改为…) is that of the clause before it.
Addresses are those of the text before the decision (将第五条…), except after 作为 and 改为, where they are those of the
text after it. What is not understood is a finding, never passed over.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

from gazette.citations.provisions import complete_run
from gazette.draft import Body, BodyType, Node
from gazette.errors import Finding, Level, Locator
from gazette.numerals import parse_chinese_number
from gazette.versions.drafting import name_parts
from gazette.versions.operations import Operation, OperationKind
from gazette.versions.quotations import lift_quotations

#: The name that an added unit has in addresses.
UNITS = {"条": "art", "款": "para", "项": "item", "目": "subitem", "章": "chp", "节": "sec", "编": "part"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Amendment:
    """What one decision does to one act. `title` is as the decision names the act, None where it does not."""

    title: str | None
    operations: tuple[Operation, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A decision as read: one amendment an act, in reading order, and what could not be read."""

    amendments: tuple[Amendment, ...]
    findings: tuple[Finding, ...]


_ITEM = re.compile(
    r"\s*(?:(?P<a>[一二三四五六七八九十百零〇]{1,6})[、．.]|[（(](?P<b>[一二三四五六七八九十百零〇]{1,6})[）)][、.]?"
    r"|(?P<c>\d{1,3})[.．、](?!\d)|[（(](?P<d>\d{1,3})[）)]|(?P<e>[①-⑳])"
    r"|[一二三四五六七八九十]{1,3}是(?=将|把|对|在|删|增|第|《)|第[一二三四五六七八九十]{1,3}[，,](?=将|把|对|在|删|增|第|《)|第[一二三四五六七八九十百零]{1,6}条[\s\u3000]+(?=宪法|将|把|在|删|增|《|对|修改|第|原))\s*"
)
_ACT = re.compile(r"《((?:[^《》]|《[^《》]*》)+)》(?:[（(][^（）()]{0,60}[）)])?")
#: What may stand before an address: the act's short name, and words that change nothing.
_LEAD = re.compile(
    r"(?:将|把|对|在|于|原有?|并|同时|其中|其(?![他它余])|此外|另外|现|拟|相应地?|,|、|以及|和|该[条款项]|本[条款项](?!例))+"
)
_SHORT_NAME = re.compile(
    r"(?:中华人民共和国)?(?:宪法|[一-龥]{0,10}?法|条例|规定|办法|细则|本[一-龥]{1,4}|该[一-龥]{1,4})(?=的?<|中)"
)
_TELLING = re.compile(r"修改|改为|删去|删除|增加|合并|拆分|移至|作为|调整|替换|<|“")
#: What every decision says beside its changes.
_FRAME = re.compile(
    r"作(?:出|了)?(?:如下|以下|相应)?(?:的)?(?:修改|修正|修订|调整)$|(?:部分|个别|有关)?条[文款]?(?:作)?(?:修改|修正)如下|重新公布|施行|生效|废止|公布|通过|决定(?:如下|修改)?$"
    r"|^(?:修改|修订|修正)$|^根据|^为了|^(?:修改|修订)(?:下列|以下)|^对?(?:下列|以下)[^,。]*(?:修改|修订)$|修改如下$|予以修改$|修改的(?:内容|条款)"
)
#: How a decision closes, and how the amended text begins that is printed below it.
_CLOSES = re.compile(r"重新公布|本(?:决定|修正案|办法|通知)自.{2,20}施行|自公布之日起施行")
#: Where one sentence ends; items may follow each other on one line.
_ENDS = re.compile(r"[。；;\n]|(?<=[”：:])\s*(?=[（(][一二三四五六七八九十百零]{1,6}[）)])")
_GOES_ON = re.compile(r"。(?=(?:其|具体)?(?:修改后的?)?(?:内容|条文|表述)(?:修改)?(?:为|如下))")
#: Nothing but the place of which what follows speaks: 修改第四条，…; 第四条作如下修改：….
_SETS_PLACE = re.compile(
    r"(?:修改|修订)?<(\d+)>(?:中|里|内)?(?:(?:作出?|进行)?(?:如下|以下|相应)?(?:的)?(?:修改|修订|调整|修正)(?:如下)?)?(?:,|$|(?=[将把删增“]))"
)
_REPUBLISHED = re.compile(r"\s*(?:第一[章条编](?:[\s\u3000]|$)|目\s*录\s*$)")
_CHANGING_TITLE = re.compile(r"修改|修正|修订")
#: 刑法修正案（七） amends 刑法, which its items name or leave out.
_AMENDMENT_TITLE = re.compile(r"《?(?P<act>[^《》]{2,40}?)修正案(?:[（(][^（）()]{1,12}[）)])?》?")


def read_decision(body: Body, *, title: str | None = None) -> Decision:
    """Read a decision; `title` is its own, by which 《X》 is meant where its items name no act."""
    act = _act_of(title.strip()) if title else None
    own = [node for node in body if node.type is not BodyType.ATTACHMENT]
    reader = _Reader(act)
    reader.read(list(_lines(own)))
    if not reader.found:
        # 决定修改的行政法规 may be an annex.
        reader = _Reader(act)
        reader.read(list(_lines(body)))
    amendments: dict[str | None, list[Operation]] = {}
    last = next((act for act, _ in reader.found if act), None)
    for act, operation in reader.found:
        # An item that names no act goes on with the one named last.
        last = act or last
        amendments.setdefault(last, []).append(operation)
    return Decision(
        amendments=tuple(Amendment(title=act, operations=tuple(found)) for act, found in amendments.items()),
        findings=tuple(reader.findings),
    )


def _act_of(title: str) -> str | None:
    """The act that the title of a decision or an amendment says it changes."""
    if amendment := _AMENDMENT_TITLE.fullmatch(title):
        return amendment["act"]
    named = _ACT.search(title) if _CHANGING_TITLE.search(title) else None
    return named[1] if named else None


def _lines(body: Sequence[Node]) -> Iterator[tuple[str, str]]:
    """The printed lines of a text with the address of each."""
    for node in body:
        own = "　".join(part for part in (node.heading, node.text) if part)
        gap = "　" if node.type in (BodyType.ARTICLE, BodyType.CHAPTER, BodyType.PART, BodyType.SUBPART) else ""
        if node.type is BodyType.SECTION and (node.num or "").endswith("节"):
            gap = "　"
        line = f"{node.num or ''}{gap if node.num and own else ''}{own}"
        for part in line.split("\n"):
            if part.strip():
                yield part, node.eid
        yield from _lines(node.children)


@dataclass(slots=True)
class _Context:
    """What the clauses before have settled: the act, and the provision last spoken of. `renumbered` are those that the
    clause just before gave new numbers: 第一款、第二款改为第二款、第三款，修改为….
    """

    act: str | None = None
    place: str | None = None
    renumbered: tuple[str, ...] = ()


class _Reader:
    """Reads one decision; `found` are (act, operation) in reading order."""

    def __init__(self, act: str | None) -> None:
        self.default = act
        self.found: list[tuple[str | None, Operation]] = []
        self.findings: list[Finding] = []
        self._levels: list[tuple[str, _Context]] = []
        self._outside = _Context(act=act)

    def read(self, lines: Sequence[tuple[str, str]]) -> None:
        lifted = lift_quotations([text for text, _ in lines])
        for line in lifted.unclosed:
            self._doubt("amendment.quotation_open", "引文没有下引号", lines[line][0], lines[line][1])
        context = self._outside
        closed = False
        for wording in lifted.wordings:
            if closed and _REPUBLISHED.match(wording.text):
                return
            closed = closed or bool(self.found and _CLOSES.search(wording.text))
            eid = lines[wording.line][1]
            for sentence in _ENDS.split(_GOES_ON.sub("，", wording.text)):
                if marker := _ITEM.match(sentence):
                    context = self._enter(marker)
                    sentence = sentence[marker.end() :]
                if sentence.strip():
                    self._read_sentence(sentence, context, lifted.quotations, eid)

    def _enter(self, marker: re.Match[str]) -> _Context:
        """The context of a new item: that of the item it is part of, as far as it was told before its parts."""
        level = marker.lastgroup or "z"
        names = [name for name, _ in self._levels]
        if level in names:
            del self._levels[names.index(level) :]
        above = self._levels[-1][1] if self._levels else self._outside
        mine = replace(above)
        self._levels.append((level, mine))
        return mine

    def _read_sentence(self, sentence: str, context: _Context, quotations: Sequence[str], eid: str) -> None:
        text, refs, acts = name_parts(sentence)
        at = 0
        while at < len(text):
            if act := re.match(r"\{(\d+)\}的?", text[at:]):
                context.act, context.place = acts[int(act[1])], None
                at += act.end()
                continue
            if lead := _LEAD.match(text, at):
                at = lead.end()
                if text.startswith("{", at):
                    continue
            if name := _SHORT_NAME.match(text, at):
                at = name.end() + (text[name.end() : name.end() + 1] == "的")
            found = self._match(text, at)
            if found is None and (sets := _SETS_PLACE.match(text, at)):
                context.place = complete_run(refs[int(sets[1])], context.place)[-1]
                at = sets.end()
                continue
            if found is None and (ref := re.match(r"<(\d+)>", text[at:])) and at + ref.end() < len(text):
                # 将第三条，第一款修改为… : the address is that of what follows.
                context.place = complete_run(refs[int(ref[1])], context.place)[-1]
                at += ref.end()
                continue
            if found is None:
                at = self._pass_over(text, at, sentence, quotations, eid)
                continue
            kind, match = found
            for operation in _operations(kind, match, refs, quotations, context):
                quote = _printed(sentence, quotations)
                self.found.append((context.act, replace(operation, quote=quote, locator=Locator(eid=eid or None))))
            at = match.end()

    def _match(self, text: str, at: int) -> tuple[OperationKind, re.Match[str]] | None:
        for kind, pattern in _clauses():
            match = pattern.match(text, at)
            if match and match.end() > at:
                return kind, match
        return None

    def _pass_over(self, text: str, at: int, sentence: str, quotations: Sequence[str], eid: str) -> int:
        """To the next comma; what was passed over is a finding if it sounds like a change."""
        comma = text.find(",", at)
        end = comma if comma != -1 else len(text)
        stretch = text[at:end]
        act = stretch.find("{")
        if act > 0:
            end, stretch = at + act, stretch[:act]
        is_frame = "“" not in stretch and (_FRAME.search(stretch) or _FRAME.search(text[at:]))
        if _TELLING.search(stretch) and not is_frame:
            message = f"未能识别的修改内容：{_printed(sentence, quotations)[:80]}"
            self._doubt("amendment.unread", message, _printed(sentence, quotations), eid)
            return len(text)
        return max(end, at + 1)

    def _doubt(self, code: str, message: str, quote: str, eid: str) -> None:
        locator = Locator(eid=eid or None, quote=quote[:200])
        self.findings.append(Finding(level=Level.WARNING, code=code, message=message, locator=locator))


def _printed(sentence: str, quotations: Sequence[str]) -> str:
    """The clause as printed, long quotations cut."""

    def quote(match: re.Match[str]) -> str:
        text = quotations[int(match[1])].replace("\n", "")
        return f"“{text if len(text) <= 30 else text[:30] + '……'}”"

    return re.sub(r"“(\d+)”", quote, sentence.strip())


@cache
def _clauses() -> tuple[tuple[OperationKind, re.Pattern[str]], ...]:
    table = tomllib.loads(files("gazette").joinpath("data/amendments.toml").read_text("utf-8"))
    return tuple((OperationKind(row["kind"]), _compile(row["pattern"], table["words"])) for row in table["clause"])


def _compile(pattern: str, words: dict[str, str]) -> re.Pattern[str]:
    quoted = r"“\d+”"
    listed = rf"{quoted}(?:[、和及与或]?{quoted})*"
    # “甲”改为“乙”、“丙”改为“丁”: the third begins another change and is no part of the list before it.
    closed = rf"{quoted}(?:[、和及与或]?{quoted}(?!(?:统一|均|一律|相应)?{words['become']}|之?[后前]))*"
    known = {
        "ref": r"(?:<(?P<ref>\d+)>(?:\[(?P<sentence>-?\d)\])?)",
        "to": r"(?:<(?P<to>\d+)>)",
        "as": r"(?:<(?P<as>\d+)>)",
        "old": f"(?:(?P<olds>{quoted}))",
        "old2": f"(?:(?P<old2>{quoted}))",
        "olds": f"(?P<olds>{listed})",
        "new": f"(?P<news>{quoted})",
        "news": f"(?P<news>{closed})",
        "heading": f"(?P<heading>{quoted})",
        "heading2": f"(?P<heading2>{quoted})",
        "quotes": f"{quoted}(?:[、,]?{quoted})*",
        **words,
    }
    for name, expression in known.items():
        pattern = pattern.replace(f"{{{name}}}", expression)
    return re.compile(pattern)


def _operations(
    kind: OperationKind,
    match: re.Match[str],
    refs: Sequence[tuple[str, ...]],
    quotations: Sequence[str],
    context: _Context,
) -> Iterator[Operation]:
    groups = match.groupdict()
    told = groups.get("ref") is not None
    places = complete_run(refs[int(groups["ref"])], context.place) if told else ()
    if told and places:
        context.place = places[-1]
    elif kind is OperationKind.REPLACE and context.renumbered:
        places = context.renumbered
    elif context.place and kind in _IN_CONTEXT and (groups.get("side") or not _adds_article(kind, groups, refs)):
        places = (context.place,)
    to = tuple(
        complete_run(refs[int(groups[name])], places[-1] if places else context.place)
        for name in ("to", "as")
        if groups.get(name)
    )
    context.renumbered = places if kind is OperationKind.RENUMBER and len(places) > 1 else ()
    heading = _quoted(groups.get("heading") or groups.get("heading2"), quotations)
    count = groups.get("count")
    made = Operation(
        kind=kind,
        places=places,
        to=tuple(each for run in to for each in run),
        old=_quoted(groups.get("old2") or groups.get("olds"), quotations),
        new=_quoted(groups.get("news"), quotations),
        texts=_quoted(groups.get("text"), quotations),
        heading=heading[0] if heading else None,
        side=(groups.get("side") or "").removeprefix("之")[:1] or None,
        unit=UNITS.get(groups.get("unit") or ""),
        count=parse_chinese_number(count) if count else None,
        sentence=int(groups.get("sentence") or 0),
        heading_only=bool(groups.get("aspect")),
    )
    yield from _levelled(made, _quoted(groups.get("olds"), quotations))


def _levelled(made: Operation, first: tuple[str, ...]) -> Iterator[Operation]:
    """An operation in the kinds that say it best: other clauses say the same in the words of another kind."""
    if made.side == "间":
        if made.kind is OperationKind.INSERT_WORDS:
            whole = first[0] + made.old[0]
            yield replace(
                made,
                kind=OperationKind.REPLACE_WORDS,
                old=(whole,),
                new=(first[0] + made.new[0] + made.old[0],),
                side=None,
            )
        else:
            yield replace(made, places=made.places[:1], side="后")
    elif made.kind is OperationKind.INSERT_WORDS and not made.old and (opens := _PROVISION.match(made.new[0])):
        yield from _levelled(
            replace(made, kind=OperationKind.INSERT, texts=made.new, new=(), unit=UNITS[opens[1]]), first
        )
    elif made.kind is OperationKind.INSERT and made.texts and not made.heading and _names_chapter(made):
        yield replace(made, heading=made.texts[0], texts=made.texts[1:])
    elif made.kind is OperationKind.SPLIT and len(made.places) > 1 >= len(made.to):
        yield replace(made, kind=OperationKind.MERGE)
    elif made.kind is OperationKind.REPLACE and made.to and len(made.places) == len(made.to):
        yield replace(made, kind=OperationKind.RENUMBER, texts=())
        yield replace(made, to=())
    elif made.kind is OperationKind.REPLACE and made.to:
        yield replace(made, kind=OperationKind.SPLIT if len(made.places) == 1 else OperationKind.MERGE)
    else:
        yield made


def _names_chapter(made: Operation) -> bool:
    """Whether the first quotation of an added chapter is its name only: 增加第三章“罚则”."""
    unit = made.unit or (made.to[0].split("__")[-1].split("_")[0] if made.to else "art")
    return (
        unit in ("chp", "sec", "part") and "\n" not in made.texts[0] and not re.match(r"第[^章节编]+条", made.texts[0])
    )


#: A quotation that is a provision, not words.
_PROVISION = re.compile(r"\s*第[一二三四五六七八九十百零〇\d]{1,6}([条章节])(?:之[一二三四五六七八九十]+)?[\s\u3000]")


def _adds_article(kind: OperationKind, groups: Mapping[str, str | None], refs: Sequence[tuple[str, ...]]) -> bool:
    """增加一条 and 增加第五条 are said of the act, not of the article last named; 其后增加一条 is said of that."""
    if kind is not OperationKind.INSERT:
        return False
    if unit := groups.get("unit"):
        return unit in "条章节编"
    to = groups.get("to")
    return to is not None and re.match(r"(?:art|chp|sec|part)_[^_]*$", refs[int(to)][0]) is not None


#: Clauses without an address that speak of the provision last named.
_IN_CONTEXT = frozenset(
    {
        OperationKind.REPLACE,
        OperationKind.REPLACE_WORDS,
        OperationKind.DELETE_WORDS,
        OperationKind.INSERT,
        OperationKind.INSERT_WORDS,
    }
)


def _quoted(marks: str | None, quotations: Sequence[str]) -> tuple[str, ...]:
    return tuple(quotations[int(each)] for each in re.findall(r"“(\d+)”", marks or ""))
