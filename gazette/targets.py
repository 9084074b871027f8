"""Which texts an operative clause acts upon.

「《甲》、1992年第12号令发布的《乙》和《丙》同时废止」 ends three texts with one verb, so every title back
to the beginning of the clause is collected, except those that only explain: the decision by which a target was once
amended, the ground (根据《…》), and the new text (《新办法》施行后). What stands between a title and the verb tells
whole from part.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from gazette.draft import DocNumber
from gazette.numbers import find_doc_numbers, parse_doc_number
from gazette.provisions import find_provisions
from gazette.titles import find_titles

WHOLE = "whole"


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A text named in a clause. `scope` is whole or the wording that limits it; `eids` the provisions named."""

    title: str | None
    number: DocNumber | None
    scope: str = WHOLE
    eids: tuple[str, ...] = ()


_BRACKET = re.compile(
    r"[（(\[［](?P<inside>[^（）()\[\]［］《》]{0,60}(?:[（(〔\[［][^）)〕\]］]{1,20}[）)〕\]］][^（）()《》]{0,30}){0,2})(?:[）)\]］]|l(?=和))"
)
#: What may stand between 废止 and the title: nothing, how the text was issued, its issuer, an announcement.
_LEADS_TO_TITLE = re.compile(
    r"^.{0,200}(?:通过|发布|公布|印发|颁布|批准|制定|下发|转发|颁发|施行|实施|修正|修订|修改|[部委局署办厅府院会]|以下|下列|文件|原|了)的?[：:]?$|^$"
)
_LATER_ACT = re.compile(
    r"^(?![、，和及与以])[^，。；《]{0,30}?(?:第[一二三四五六七八九十]{1,3}次)?(?:修正|修订|修改)(?:的|、|，|公布|后|并|$)"
)
_GROUND = re.compile(
    r"(?:根据|依据|依照|按照|违反|参照|遵照|执行|贯彻|落实|为了?(?:实施|贯彻))[^《》。；、]{0,60}(?<!修改的)(?<!修正的)(?<!修订的)$"
)
#: 有《立法法》规定情形的，… : what follows happens under a condition, and not to the text named.
_CONDITION = re.compile(r"(?:情形|规定|要求|条件|之一|期满|届满)的，")
_GROUND_HERE = re.compile(r"(?:根据|依据|依照|按照|违反|参照|遵照|执行|适用)(?:原|了)?$")
_ENACTED = re.compile(
    r"^(?:已|自|于|将|经|业经|从)?[^，、；。《]{0,40}?(?:施行|实施|生效|执行|公布|发布|印发)(?:[，,]|后|之日|以来|前)"
)
_FROM_NOW = re.compile(
    r"(?:自|从)?本[一-龥]{1,12}?(?:施行|实施|公布|发布|印发|生效|颁布|执行|通过|下发)(?:之日)?(?:起|后|时)?"
)
_ABOUT = re.compile(
    r"^(?:中|内|里)?(?:的)?(?P<part>(?:关于|有关|涉及)[^，。；]{1,80}|(?:所附|附件|附表|附录|附则)[^，。；]{0,30}|与[^，。；]{1,40}有关的[^，。；]{0,10})"
)
#: 《甲》除第五条外…: what is excepted lives on, so the text as a whole does not end.
_EXCEPT = re.compile(r"^(?:中)?[，,]?(?P<but>除[^，。；]{1,60}?(?:以)?外)")
_PART_NOUN = re.compile(r"(?:规定|内容|条款|部分|条文|事项|要求|附件|附表|附录|目录|标准)")
#: Papers that look like titles and are none: a licence that 自行废止 is no event of the record.
_PAPER = re.compile(
    r"(?:支付令|禁止令|证|证书|执照|证明|许可|批文|批件|合同|协议|判决书|裁定书|通知书|表|票|卡|牌|单|簿|账)$"
)
_NO_NUMBER = re.compile(r"(?:根据|依据|依照|按照)[^《》，、]{0,12}$")


def named_before(segment: str) -> tuple[Named, ...]:
    """Texts named in the words that lead up to the operative ones."""
    titles = find_titles(segment)
    found: list[Named] = []
    kept_end = 0
    for index, (title, (start, end)) in enumerate(titles):
        following = titles[index + 1][1][0] if index + 1 < len(titles) else len(segment)
        number, end = _brackets_after(segment, end)
        tail = segment[end:following]
        is_last = index + 1 == len(titles)
        if _explains(segment[kept_end:start], tail, is_last=is_last) or _PAPER.search(title):
            continue
        number = number or _number_before(segment[kept_end:start])
        scope, eids = _limits(tail)
        found.append(Named(title=title, number=number, scope=scope, eids=eids))
        kept_end = end
    if not titles:
        found = [Named(title=None, number=number) for number in _bare_numbers(segment)]
    return _spread_limits(tuple(found))


def named_after(segment: str) -> tuple[Named, ...]:
    """Texts named in the words that follow the operative ones; empty where they belong to another noun
    (废止《X》的议案)."""
    titles = find_titles(segment)
    if not titles:
        return tuple(Named(title=None, number=number) for number in _bare_numbers(segment[:60]))
    if not _LEADS_TO_TITLE.search(segment[: titles[0][1][0]]):
        return ()
    found: list[Named] = []
    kept_end = 0
    for index, (title, (start, end)) in enumerate(titles):
        following = titles[index + 1][1][0] if index + 1 < len(titles) else len(segment)
        number, end = _brackets_after(segment, end)
        tail = segment[end:following]
        if (_LATER_ACT.match(tail) and index + 1 < len(titles)) or _PAPER.search(title):
            continue
        if re.match(r"的?(?:议案|建议|决定|意见|程序|通知|说明|请示|报告|提案)", tail):
            return tuple(found)
        number = number or _number_before(segment[kept_end:start])
        scope, eids = _limits(tail)
        found.append(Named(title=title, number=number, scope=scope, eids=eids))
        kept_end = end
        if not re.match(
            r"(?:[、，；和及与以]|\d+[.．]|[（(]?[一二三四五六七八九十]+[)）]?|[^，。；]{0,80}?的?$|[^，。；]*?[、和及])",
            tail,
        ):
            break
    return tuple(found)


def named_in_item(text: str) -> Named | None:
    """The text named by one entry of a list: with 《》, or a bare title with its number after it."""
    titles = find_titles(text)
    if titles:
        before = named_before(text)
        return before[0] if before else None
    bare = re.sub(r"^(?:\d{1,4}|[一二三四五六七八九十]{1,4})?[.．、:：\s]*|[。；;，,]$", "", text)
    match = re.search(r"[（(](?P<inside>[^（）()]{2,40})[）)]$", bare)
    number = parse_doc_number(match["inside"]) if match else None
    title = bare[: match.start()] if match and number else bare
    if not 4 <= len(title) <= 200 or (number is None and not _TITLE_END.search(title)):
        return None
    return Named(title=title, number=number)


_TITLE_END = re.compile(
    r"(?:法|条例|办法|规定|细则|规则|决定|决议|解释|通知|意见|通告|公告|方案|批复|函|令|规范|制度|标准)(?:[（(][^（）()]{1,12}[）)])?$"
)


def _brackets_after(segment: str, end: int) -> tuple[DocNumber | None, int]:
    """The number in the brackets right after a title, and where they end; （试行） and the like are passed over."""
    number = None
    while bracket := _BRACKET.match(segment, end):
        found = find_doc_numbers(bracket["inside"])
        number = number or (found[0][0] if found else None)
        end = bracket.end()
    return number, end


def _number_before(words: str) -> DocNumber | None:
    """The number of the act by which a target was issued: the first one, for later ones amended it."""
    for number, (start, _) in find_doc_numbers(words):
        if not _NO_NUMBER.search(words[:start]):
            return number
    return None


def _bare_numbers(segment: str) -> list[DocNumber]:
    """Numbers that stand for a text of their own (国办发〔2009〕12号文件同时废止)."""
    return [
        number
        for number, (start, _) in find_doc_numbers(segment)
        if (number.year or number.prefix != "令") and not _NO_NUMBER.search(segment[:start])
    ]


def _explains(words: str, tail: str, *, is_last: bool) -> bool:
    """Whether a title is not acted upon: ground, amending act of a target, or the new text itself."""
    if _GROUND.search(words) if not is_last else _GROUND_HERE.search(words):
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
    if about and (_PART_NOUN.search(about["part"]) or about["part"].startswith(("所附", "附"))):
        return about["part"].rstrip("，、的和"), ()
    part = re.match(r"(?:的|中的)?(?P<part>(?:部分|个别|相关|有关)(?:条款|规定|内容|条文))", words)
    return (part["part"], ()) if part else (WHOLE, ())


def _spread_limits(found: tuple[Named, ...]) -> tuple[Named, ...]:
    """《甲》、《乙》中有关总会计师的规定: the words after the last title limit those before it as well."""
    if len(found) < 2 or found[-1].scope == WHOLE or found[-1].eids:
        return found
    return tuple(replace(each, scope=found[-1].scope) if each.scope == WHOLE else each for each in found)
