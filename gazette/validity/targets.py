"""Which texts an operative clause acts upon.

「《甲》、1992年第12号令发布的《乙》和《丙》同时废止」 ends three texts with one verb, so every title back
to the beginning of the clause is collected, except those that only explain: the decision by which a target was once
amended, the ground (根据《…》), and the new text (《新办法》施行后). What stands between a title and the verb tells
whole from part.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from gazette.citations.numbers import find_doc_numbers, parse_doc_number
from gazette.citations.provisions import find_provisions
from gazette.citations.titles import find_titles
from gazette.draft import DocNumber

WHOLE = "whole"


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A text named in a clause. `scope` is whole or the wording that limits it; `eids` the provisions named."""

    title: str | None
    number: DocNumber | None
    scope: str = WHOLE
    eids: tuple[str, ...] = ()


_LONGEST_BRACKET, _REACH = 400, 60
_BRACKET = re.compile(
    r"[（(\[［](?P<inside>[^（）()\[\]［］《》]{0,60}(?:[（(〔\[［][^）)〕\]］]{1,20}[）)〕\]］][^（）()《》]{0,30}){0,2})(?:[）)\]］]|l(?=和))"
)
#: What may stand between 废止 and the title: nothing, how the text was issued, its issuer, an announcement.
_LEADS_TO_TITLE = re.compile(
    r"^.{0,200}(?:通过|发布|公布|印发|颁布|批准|制定|下发|转发|颁发|施行|实施|修正|修订|修改|[部委局署办厅府院会日]|以下|下列|文件|原|了)的?[：:]?$|^[：:]?$"
)
_LATER_ACT = re.compile(
    r"^(?![、，和及与以])[^，。；《]{0,30}?(?:第[一二三四五六七八九十]{1,3}次)?(?:修正|修订|修改)(?:的|、|，|公布|后|并|$)"
)
_GROUND = re.compile(
    r"(?:根据|依据|依照|按照|违反|参照|遵照|执行|贯彻|落实|为了?(?:实施|贯彻))[^《》。；、]{0,60}(?<!修改的)(?<!修正的)(?<!修订的)(?<!执行的)$"
)
#: 有《立法法》规定情形的，… : what follows happens under a condition, and not to the text named.
#: 《甲》规定，…自动失效 tells what 甲 rules; 《甲》规定的补贴停止执行 ends what 甲 gave, at its own time.
_CONDITION = re.compile(
    r"(?:情形|规定|要求|条件|之一|期满|届满)的，|^(?:第[^，。；]{1,20})?(?:中|明确)?规定[，：]|^(?:修订|修正)?草案"
    r"|规定的(?!(?:规定|内容|条款|条文))[^，。；]{1,30}$"
)
_GROUND_HERE = re.compile(
    r"(?:根据|依据|依照|按照|违反|符合|属于|参照|遵照|执行|适用|如果?|若|一旦|倘若|假如)(?:原|了)?$"
)
#: 《细则》另行制定，… is made later and not ended.
_LEFT_TO_OTHERS = re.compile(r"(?:另行|由)[^，。；《]{2,30}，")
#: 因《甲》废止，… tells why; 因《甲》已过时，予以废止 ends it.
_CAUSE = re.compile(r"(?:因为?|由于|鉴于)(?:原|了)?$")
#: 《旧》被《新》替代，予以废止.
_BY, _REPLACED = re.compile(r"(?:被|由|为)$"), re.compile(r"所?(?:替代|取代|代替|涵盖|覆盖)")
#: 除《甲》外 leaves 甲 alone.
_BUT, _FOR = re.compile(r"除(?:了|原)?$"), re.compile(r"(?:以|之)?外")
_ENACTED = re.compile(
    r"^(?:已|自|于|将|经|业经|从)?[^，、；。《]{0,40}?(?<!继续)(?:施行|实施|生效|执行|公布|发布|印发)(?:[，,]|后|之日|以来|前)"
)
_FROM_NOW = re.compile(
    r"(?:自|从)?本[一-龥]{1,12}?(?:施行|实施|公布|发布|印发|生效|颁布|执行|通过|下发)(?:之日)?(?:起|后|时)?"
)
_ABOUT = re.compile(
    r"^(?:中|内|里)(?:的|“)(?P<part_>[^，。；《》]{1,60})|^(?:中|内|里)?(?:的)?(?P<part>(?:关于|有关|涉及)[^，。；]{1,80}|(?:所附|附件|附表|附录|附则)[^，。；]{0,30}|与[^，。；]{1,40}有关的[^，。；]{0,10})"
)
#: 《甲》除第五条外…: what is excepted lives on, so the text as a whole does not end.
_EXCEPT = re.compile(r"^(?:中)?[，,]?(?P<but>除[^，。；]{1,60}?(?:以)?外)")
#: 《甲》中的“某措施”同时废止; 《甲》在江城市不再适用 lives on elsewhere.
_QUOTED_PART = re.compile(r"^(?:中|内|里)的?(?P<part>“[^“”]{1,80}”)")
_PLACE_ONLY = re.compile(r"^，?(?P<part>在[^，。；《\d]{1,14}[省市区县州盟旗镇乡域])(?:内|范围内)?$")
_PART_NOUN = re.compile(r"(?:规定|内容|条款|部分|条文|事项|要求|附件|附表|附录|目录|标准)")
#: 废止《甲》的议案 and 的理由 speak of an end and make none.
_OF_ANOTHER = re.compile(
    r"的?(?:议案|建议|决定|意见|程序|通知|说明|请示|报告|提案|理由|原因|依据|必要性|问题|情况|工作|批复|影响|后果|所?规定(?![，。；]|$))"
)
#: 废止《甲》，修改《乙》: what follows has a verb of its own.
_NEXT_VERB = re.compile(
    r"[，,；;、]?(?:并|同时|，)*(?:对)?(?:修改|修订|修正|废止|宣布|重新|制定|保留|印发|执行|实施|施行|继续)"
)
_VERB_FOLLOWS = re.compile(r"[，；、](?:并|同时|对)*(?:修改|修订|修正|废止|宣布|重新公布|制定|保留)原?$")
#: 废止《甲》，《乙》作相应修改: the second text has a verb of its own.
_OWN_VERB = re.compile(r"^[^，。；《、]{0,20}(?:修改|修订|修正|重新公布|继续有效|继续执行)")
#: 擅自停止执行《甲》的，…: a condition.
_IF_SO = re.compile(r"^的[，；]")
#: A list of titles goes on after this one.
_GOES_ON = re.compile(
    r"(?:[、，；和及与以]|\d+[.．]|[（(]?[一二三四五六七八九十]+[)）]?|[^，。；]{0,80}?的?$|[^，。；]*?[、和及]|第[^，。；]{1,40}，$)"
)
#: Papers that look like titles and are none: a licence that 自行废止 is no event of the record.
_PAPER = re.compile(
    r"(?:支付令|禁止令|证|证书|执照|证明|许可|批文|批件|合同|协议|(?<!白皮)书|文号|员工手册|表|票|卡|牌|(?<!清)单|簿|账)$"
)
_IN_LIST = re.compile(r"(?:^原?|[。、，和及与]|以及)原?$")
_LISTED = re.compile(r"(?:文件|文)?(?:[、和及与]|以及|(?:[，,]?(?:自|从)[^，。；]{2,20}起)?$)")
_NO_NUMBER = re.compile(r"(?:根据|依据|依照|按照)[^《》，、]{0,12}$")


@dataclass(frozen=True, slots=True)
class _Printed:
    """A title as a clause prints it: where it starts, where its brackets end, and the words on either side of it up
    to its neighbours."""

    title: str
    number: DocNumber | None
    start: int
    end: int
    tail: str
    is_last: bool


def named_before(segment: str) -> tuple[Named, ...]:
    """Texts named in the words that lead up to the operative ones."""
    printed = _printed(segment)
    found: list[Named] = []
    kept_end = 0
    for each in printed:
        words = segment[kept_end : each.start]
        if _explains(words, each.tail, is_last=each.is_last) or _PAPER.search(each.title):
            continue
        found.append(_named(each, words))
        kept_end = each.end
    if not printed:
        found = list(_bare_numbers(segment))
    elif found:
        found += [Named(title=None, number=number) for number in _numbers_beside(segment, printed)]
    return _spread_limits(tuple(found))


def named_after(segment: str) -> tuple[Named, ...]:
    """Texts named in the words that follow the operative ones; empty where they belong to another noun
    (废止《X》的议案)."""
    printed = _printed(segment)
    if not printed:
        return tuple(_bare_numbers(segment[:_REACH]))
    if not _LEADS_TO_TITLE.search(segment[: printed[0].start]):
        return ()
    found: list[Named] = []
    kept_end = 0
    for each in printed:
        if (_LATER_ACT.match(each.tail) and not each.is_last) or _PAPER.search(each.title):
            continue
        if _OF_ANOTHER.match(each.tail) or _IF_SO.match(each.tail) or (found and _OWN_VERB.match(each.tail)):
            break
        found.append(_named(each, segment[kept_end : each.start]))
        kept_end = each.end
        if _NEXT_VERB.match(each.tail) or _VERB_FOLLOWS.search(each.tail) or not _GOES_ON.match(each.tail):
            break
    return tuple(found)


def _printed(segment: str) -> tuple[_Printed, ...]:
    """The titles of a clause; one inside the brackets of another tells of that one and is none."""
    found: list[tuple[str, DocNumber | None, int, int]] = []
    for title, (start, end) in find_titles(segment):
        if not found or start >= found[-1][3]:
            number, stop = _brackets_after(segment, end)
            found.append((title, number, start, stop))
    starts = [start for _, _, start, _ in found[1:]] + [len(segment)] * bool(found)
    return tuple(
        _Printed(title, number, start, end, segment[end:following], at + 1 == len(found))
        for at, ((title, number, start, end), following) in enumerate(zip(found, starts, strict=True))
    )


def _named(printed: _Printed, words: str) -> Named:
    scope, eids = _limits(printed.tail)
    return Named(title=printed.title, number=printed.number or _number_before(words), scope=scope, eids=eids)


def named_in_entry(text: str) -> Named | None:
    """The text named by a line that is nothing but an entry: a title, its brackets, a mark before it."""
    bare = _MARKER.sub("", text.rstrip("。；;，,"))
    printed = _printed(bare)
    if not printed:
        named = named_in_item(text)
        is_counted = bare != text and not _NO_ENTRY.search(bare)
        return named if named and (named.number or is_counted) else None
    alone = len(printed) == 1 and printed[0].end == len(bare) and (_IS_ISSUED.fullmatch(bare[: printed[0].start]))
    return _named(printed[0], bare[: printed[0].start]) if alone else None


def named_in_item(text: str) -> Named | None:
    """The text named by one entry of a list: with 《》, or a bare title with its number after it."""
    titles = find_titles(text)
    if titles:
        before = named_before(text)
        return before[0] if before else None
    bare = _MARKER.sub("", text.rstrip("。；;，,"))
    match = re.search(r"[（(](?P<inside>[^（）()]{2,80})[）)]$", bare)
    inside = find_doc_numbers(match["inside"]) if match else ()
    number = inside[0][0] if inside else parse_doc_number(match["inside"]) if match else None
    title = bare[: match.start()] if match and number else bare
    if not 4 <= len(title) <= 200 or (number is None and not _TITLE_END.search(title)):
        return None
    return Named(title=title, number=number)


_MARKER = re.compile(
    r"^(?:[（(](?:\d{1,4}|[一二三四五六七八九十]{1,4})[)）]|(?:\d{1,4}|[一二三四五六七八九十]{1,4})?[.．、:：\s]*)\s*"
)
_IS_ISSUED = re.compile(r"(?:.{0,80}(?:通过|发布|公布|印发|颁布|批准|制定|下发|[部委局署办厅府院会])的?)?")
#: 4.各区应当制定实施办法 is counted like the entries of a list, and is none.
_NO_ENTRY = re.compile(r"[，。；：:]|应当?|^(?:各|有关|请|对|由|要|将|本)|^[^关]{0,4}(?:修改|废止|失效)")
_TITLE_END = re.compile(
    r"(?:法|条例|办法|规定|细则|规则|决定|决议|解释|通知|意见|通告|公告|方案|批复|函|令|规范|制度|标准)(?:[（(][^（）()]{1,12}[）)])?$"
)


def _brackets_after(segment: str, end: int) -> tuple[DocNumber | None, int]:
    """The number in the brackets right after a title, and where they end; （试行） and the like are passed over."""
    number = None
    while stop := _bracket_end(segment, end):
        found = find_doc_numbers(segment[end + 1 : stop - 1])
        number = number or (found[0][0] if found else None)
        end = stop
    return number, end


def _bracket_end(segment: str, start: int) -> int | None:
    """Where the bracket that opens at `start` has closed; inside may be brackets, and titles of acts."""
    plain = _BRACKET.match(segment, start)
    if plain:
        return plain.end()
    depth = 0
    for position in range(start, min(len(segment), start + _LONGEST_BRACKET)):
        depth += (segment[position] in "（([［") - (segment[position] in "）)]］")
        if depth == 0:
            return position + 1 if position > start else None
    return None


def _number_before(words: str) -> DocNumber | None:
    """The number of the act by which a target was issued: the first one, for later ones amended it."""
    for number, (start, _) in find_doc_numbers(words):
        if not _NO_NUMBER.search(words[:start]):
            return number
    return None


def _bare_numbers(segment: str) -> Iterator[Named]:
    """Numbers that stand for a text of their own (国办发〔2009〕12号文件同时废止), or a part of one (…第三条)."""
    numbers = find_doc_numbers(segment)
    for at, (number, (start, end)) in enumerate(numbers):
        if (number.year or number.prefix != "令") and not _NO_NUMBER.search(segment[:start]):
            following = numbers[at + 1][1][0] if at + 1 < len(numbers) else len(segment)
            scope, eids = _limits(segment[end:following].removeprefix("文件").removeprefix("文"))
            yield Named(title=None, number=number, scope=scope, eids=eids)


def _numbers_beside(segment: str, printed: Sequence[_Printed]) -> Iterator[DocNumber]:
    """Numbers that stand for texts of their own in a list with titles: 《甲》（…）和江府发〔2010〕4号文件."""
    words = segment
    for each in printed:
        words = words[: each.start] + "。" * (each.end - each.start) + words[each.end :]
    for number, (start, end) in find_doc_numbers(words):
        if _IN_LIST.search(words[:start]) and _LISTED.match(words, end):
            yield number


def _explains(words: str, tail: str, *, is_last: bool) -> bool:
    """Whether a title is not acted upon: ground, amending act of a target, or the new text itself."""
    if _GROUND.search(words) if not is_last else _GROUND_HERE.search(words):
        return True
    if not is_last and _LEFT_TO_OTHERS.match(tail):
        return True
    if (_BUT.search(words) and _FOR.match(tail)) or (_BY.search(words) and _REPLACED.match(tail)):
        return True
    if is_last and _CAUSE.search(words) and "，" not in tail:
        return True
    if not is_last and _LATER_ACT.match(tail):
        return True
    if is_last and _CONDITION.search(tail):
        return True
    rest = _FROM_NOW.sub("", tail)
    return (
        bool(_ENACTED.match(rest))
        if is_last
        else bool(re.match(r"^(?:已|自|于|将|业经|施行|实施)", rest)) and bool(_ENACTED.match(rest))
    )


def _limits(tail: str) -> tuple[str, tuple[str, ...]]:
    """What part of a text is meant: 中关于…的规定, 第三条; whole where nothing limits it."""
    words = _FROM_NOW.sub("", tail)
    exception = _EXCEPT.match(words)
    if exception:
        return exception["but"], ()
    spans = find_provisions(words[:200])
    if spans and spans[0].start <= 3:
        last = spans[-1].end
        return words[spans[0].start : last].strip("、，和"), tuple(span.provision.eid for span in spans)
    about = _ABOUT.match(words)
    words_about = (about["part"] or about["part_"]) if about else ""
    if _PART_NOUN.search(words_about) or words_about.startswith(("所附", "附")):
        return words_about.rstrip("，、的和"), ()
    quoted = _QUOTED_PART.match(words) or _PLACE_ONLY.match(words)
    if quoted:
        return quoted["part"], ()
    part = re.match(r"(?:的|中的)?(?P<part>(?:部分|个别|相关|有关)(?:条款|规定|内容|条文))", words)
    return (part["part"], ()) if part else (WHOLE, ())


def _spread_limits(found: tuple[Named, ...]) -> tuple[Named, ...]:
    """《甲》、《乙》中有关总会计师的规定: the words after the last title limit those before it as well."""
    if len(found) < 2 or found[-1].scope == WHOLE or found[-1].eids:
        return found
    return tuple(replace(each, scope=found[-1].scope) if each.scope == WHOLE else each for each in found)
