"""A sentence of an amending decision in plain words: acts and addresses named, ways of drafting levelled.

Drafters say one thing in many ways: 第四、五条 and 第四条、第五条; 末款; 第五条（修改后为第六条）;
删去第一款中的“甲”和第二款中的“乙”. What is levelled here, the clauses of `data/amendments.toml` need not know.
"""

from __future__ import annotations

import re
from functools import partial

from gazette.citations.provisions import find_provisions

#: The number by which 最后一款 is addressed.
LAST = 999

_ACT = re.compile(r"《((?:[^《》]|《[^《》]*》)+)》(?:[（(][^（）()]{0,60}[）)])?")
_N = r"[一二三四五六七八九十百零〇\d]{1,6}"
_JOINS = re.compile(r"(?:[、和及与或]|以及)+")
_INNER = re.compile(r"(?:中|里|内)?的|之")
_LISTED = re.compile(rf"第({_N}(?:、{_N})*)([、和及至到])({_N})([条款项章])")
_NUMBERED = re.compile(rf"第{_N}[条章](?:之{_N})?")
_NOTE = re.compile(r"[（(]([^（）()“”]{1,40})[）)]")
#: Ways of writing that say nothing of their own; addresses are <0> here, spaces and colons are gone.
_LEVELLED = tuple(
    (re.compile(pattern), instead)
    for pattern, instead in (
        # 删去《X》第三条 is 《X》删去第三条.
        (r"(删去|删除|删掉|取消|修改)(\{\d+\})的?", r"\2\1"),
        (r"(?<=>)(?:整[条款项章节个]|全[条款文]|整体|一并|的?全部(?:内容|条文)?)(?=[,删予修改调废改为成]|$)", ""),
        (r"(?:一|(?P<n>[两二三四五六七八九十]))个(?:条文|条款)", r"\g<n>条"),
        (r"新的(?=<)", ""),
        (r"(?:以下|下列|如下)(?:条款|条文|规定|内容|各[条款项])(?=<)", ""),
        (r"(?:的?原文|的?原条文)(?:内容)?(?:为|是)“\d+”,?$", ""),
        (r"(?:,?(?:共|包括|包含|含)(?:[一二两三四五六七八九十]+条)?,?(?:即|为)?<\d+>)(?=$|,|“)", ""),
        # 作为该条第二款，即：“…”
        (r"(?<=作为)[该本][条款](?=<)", ""),
        (r"(?<=[>条款项目章节]),?即(?=“)", ""),
        (r"(?<=>)的?(?:末句|句末|句尾)(?=“)", "[-1]"),
        # 删去末句“…”, 删去该条中的“…”: the words quoted tell the place.
        (r"(删去|删除|删掉)(?:末句|最后一句|首句|[该本其][条款项]?(?=中|里|内|的“))(?=[“中里内的])", r"\1"),
        (r"(?:的?原文|的?原条文|的?原规定|原来?)(?:内容)?(?:为|是)(“\d+”),?现?", r"\1"),
        (r"(?<=”)(?:[一二两三四五六七八九十]{1,2}个?字|字样|一词|的?文字)(?=$|,|[修改替删予])", ""),
    )
)
_SENTENCE = re.compile(
    r"(?<=>)的?(?:第([一二三四五六七八九])|(最后一|末))句(?:话)?|(?<=>)的?(前半?[段句])|(?<=>)的?(后半?[段句])"
)
_PLACED = r"<\d+>(?:\[-?\d\])?(?:中|里|内)?的?“\d+”(?:[、和及与]?“\d+”)*"
_SEVERAL = re.compile(rf"{_PLACED}(?:(?:[、和及与,]|以及)+{_PLACED})+")


def name_parts(sentence: str) -> tuple[str, list[tuple[str, ...]], list[str]]:
    """A sentence with its acts as {0} and its runs of addresses as <0>, without spaces and colons."""
    acts: list[str] = []

    def act(match: re.Match[str]) -> str:
        acts.append(match[1])
        return f"{{{len(acts) - 1}}}"

    text = re.sub(r"[\s\u3000:：]+", "", _ACT.sub(act, sentence)).replace("，", ",")
    text = _LISTED.sub(_spelled, _NOTE.sub(_noted, text))
    text = re.sub(r"(?:最后|最末|末尾)一?(?:的?一)?([款项])(?!后|之后)|末([款项])", _last, text)
    refs: list[list[str]] = []
    out, at = "", 0
    for span in find_provisions(text):
        between = text[at : span.start]
        eid = span.provision.eid
        if refs and at and _JOINS.fullmatch(between):
            refs[-1].append(eid)
        elif refs and at and _INNER.fullmatch(between) and eid.startswith(("para_", "item_", "subitem_")):
            refs[-1][-1] = f"{refs[-1][-1]}__{eid}"
        else:
            out += between + f"<{len(refs)}>"
            refs.append([eid])
        at = span.end
    text = _levelled(out + text[at:])
    return _with_lists(_with_commas(text, refs)), [tuple(run) for run in refs], acts


def _levelled(text: str) -> str:
    for pattern, instead in _LEVELLED:
        text = pattern.sub(partial(_filled, instead), text)
    return _SENTENCE.sub(_part, text)


def _filled(instead: str, match: re.Match[str]) -> str:
    if "n" in match.groupdict():
        return f"{match['n'] or '一'}条"
    return match.expand(instead)


def _part(match: re.Match[str]) -> str:
    """[1] for 第一句 and 前段, [-1] for 后段 and 最后一句."""
    if match[1]:
        return f"[{'一二三四五六七八九'.index(match[1]) + 1}]"
    return "[1]" if match[3] else "[-1]"


def _spelled(match: re.Match[str]) -> str:
    """第四、五条 as 第四条、第五条; 第四至六条 as 第四条至第六条."""
    first, joint, last, unit = match.groups()
    join = "至" if joint in "至到" else "、"
    return "、".join(f"第{each}{unit}" for each in first.split("、")) + f"{join}第{last}{unit}"


def _last(match: re.Match[str]) -> str:
    return f"第{LAST}{match[1] or match[2]}"


def _noted(match: re.Match[str]) -> str:
    """增加一条（第五条） and 第五条（修改后为第六条） tell a number; other notes in brackets tell nothing."""
    note, before = match[1], match.string[: match.start()]
    number = _NUMBERED.search(note)
    if re.fullmatch(_N, note):
        return match[0]
    if number is None or number.end() < len(note.rstrip("，,")):
        return "" if re.search(r"[条款项章]$", before) else match[0]
    if re.search(r"(?:一|\d|[两二三四五六七八九十])条$", before) and not re.search(rf"第{_N}条$", before):
        return f",作为{number[0]}"
    if re.search(rf"第{_N}条$", before) and re.search(r"修改后|改为|现|新|作为", note):
        return f"改为{number[0]},"
    return ""


def _with_commas(text: str, refs: list[list[str]]) -> str:
    """Addresses listed with commas as one run, where what follows is said of all of them."""

    def joined(match: re.Match[str]) -> str:
        first, *rest = [int(each) for each in re.findall(r"\d+", match[2])]
        for each in rest:
            refs[first] += refs[each]
        return f"{match[1]}<{first}>"

    text = re.sub(r"(^|[将把对在])(<\d+>(?:,<\d+>)+)(?=中|里|的?“)", joined, text)
    return re.sub(r"(删去|删除)(<\d+>(?:,<\d+>)+)(?=$)", joined, text)


def _with_lists(text: str) -> str:
    """<0>中的“0”和<1>中的“1” with one verb before or after as clauses of their own."""
    match = _SEVERAL.search(text)
    if match is None:
        return text
    parts = re.findall(_PLACED, match[0])
    before, after = text[: match.start()], text[match.end() :]
    if head := re.search(r"(?:删去|删除|去掉)$", before):
        return before[: head.start()] + ",".join(head[0] + part for part in parts) + after
    tail = re.match(r"(?:均|都|一律|分别|统一|全部|予以)*(?:删去|删除|去掉)", after)
    if tail:
        return before + ",".join(f"{part}删去" for part in parts) + after[tail.end() :]
    tail = re.match(r"(?:均|都|一律|分别|统一|全部)*(修改为|改为|替换为|更改为)((?:“\d+”[、和及与]?)+)", after)
    if tail is None:
        return text
    news = re.findall(r"“\d+”", tail[2])
    wanted = [len(re.findall(r"“\d+”", part)) for part in parts]
    if len(news) == 1:
        said = [f"{part}{tail[1]}{news[0]}" for part in parts]
    elif len(news) == sum(wanted):
        said = []
        for part, count in zip(parts, wanted, strict=True):
            said.append(f"{part}分别{tail[1]}{'、'.join(news[:count])}")
            news = news[count:]
    else:
        return text
    return before + ",".join(said) + after[tail.end() :]
