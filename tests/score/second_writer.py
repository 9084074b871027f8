"""A second writer of decisions, which shares nothing with the first: it pairs articles and tells changes its own way.

It drafts as three offices do. A standing committee amends several acts in one decision (打包修改) and numbers the
changes of each （一）（二）; a ministry gathers one change of words over many articles and goes down to 项; the State
Council moves runs of articles at once and puts words after words. Pairs are real laws held in two versions, as for the
first writer.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

from gazette.citations.titles import letters
from gazette.digitization.digitize import digitize_here
from gazette.digitization.readers.numbering import chinese_number
from gazette.draft import BodyType, Node, SourceFile
from gazette.record.likeness import title_key
from gazette.versions.amendments import read_decision
from gazette.versions.consolidation import consolidate
from tests.score.consolidation import Pair, articles, read_pairs
from tests.score.row import Measure, Row

#: Articles that share this much of their threes of characters are one article amended.
_KIN = 0.3
#: Acts amended by one decision of a standing committee.
_PACKED = 4


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One 款 with its 项, each as printed."""

    text: str
    items: tuple[str, ...] = ()

    @property
    def printed(self) -> str:
        return "\n".join((self.text, *self.items)) if self.text else "\n".join(self.items)


@dataclass(frozen=True, slots=True)
class Article:
    number: str
    paragraphs: tuple[Paragraph, ...]

    @property
    def printed(self) -> str:
        return "\n".join(each.printed for each in self.paragraphs)

    @property
    def key(self) -> str:
        return letters(self.printed)


@dataclass(frozen=True, slots=True)
class Step:
    """An article of the old text beside what became of it; None where there is none."""

    old: Article | None
    new: Article | None


Writer = Callable[[Sequence[Step]], list[str]]


def rows(corpus: Path) -> Iterator[Row]:
    pairs = [pair for pair in read_pairs(corpus) if _is_plain(pair)]
    steps = [
        _pair_off([_read(each) for each in articles(p.old)], [_read(each) for each in articles(p.new)]) for p in pairs
    ]
    yield _row("several acts at once", pairs, _apply_packed(pairs, steps))
    for name, write in (("words over many articles", _ministry), ("runs of articles", _state_council)):
        yield _row(name, pairs, [_apply_one(pair, write(step)) for pair, step in zip(pairs, steps, strict=True)])


def _row(name: str, pairs: Sequence[Pair], made: Sequence[dict[str, str]]) -> Row:
    wanted = [{_number(node): letters(node.full_text("")) for node in articles(pair.new)} for pair in pairs]
    wrong = [
        f"{pair.title} {number}"
        for pair, mine, theirs in zip(pairs, made, wanted, strict=True)
        for number, text in theirs.items()
        if mine.get(number) != text
    ]
    total = sum(map(len, wanted))
    metric = f"consolidation, second writer, {name}: articles equal"
    figure = 1 - len(wrong) / max(total, 1)
    return Row(set="law_markdown", metric=metric, n=total, figure=figure, target=">= 0.97", wrong=tuple(wrong[:60]))


# -- applying


def _apply_one(pair: Pair, lines: Sequence[str]) -> dict[str, str]:
    title = f"国务院关于修改《{pair.title}》的决定"
    text = [title, f"国务院决定对《{pair.title}》作如下修改：", *_count(lines, "{}、"), "本决定自公布之日起施行。",
            f"《{pair.title}》根据本决定作相应修改，重新公布。"]  # fmt: skip
    return _consolidated(title, text, [pair])[0]


def _apply_packed(pairs: Sequence[Pair], steps: Sequence[Sequence[Step]]) -> list[dict[str, str]]:
    """Acts amended by fours; two versions of one act cannot be amended by one decision."""
    made: dict[int, dict[str, str]] = {}
    lots: list[list[int]] = []
    for at, pair in enumerate(pairs):
        fits = (lot for lot in lots if len(lot) < _PACKED and all(pairs[each].title != pair.title for each in lot))
        lot = next(fits, None)
        if lot is None:
            lots.append([at])
        else:
            lot.append(at)
    for lot in lots:
        title = f"江城市人民代表大会常务委员会关于修改《{pairs[lot[0]].title}》等{chinese_number(len(lot))}件法规的决定"
        text = [title, "江城市第十六届人民代表大会常务委员会第八次会议决定，对下列法规作出修改："]
        for place, at in enumerate(lot, 1):
            text += [
                f"{chinese_number(place)}、对《{pairs[at].title}》作出修改",
                *_count(_committee(steps[at]), "（{}）"),
            ]
        text += ["本决定自公布之日起施行。", "以上法规根据本决定作相应修改，重新公布。"]
        for at, texts in zip(lot, _consolidated(title, text, [pairs[each] for each in lot]), strict=True):
            made[at] = texts
    return [made[at] for at in range(len(pairs))]


def _consolidated(title: str, text: Sequence[str], pairs: Sequence[Pair]) -> list[dict[str, str]]:
    drafts = digitize_here(SourceFile(name="decision.txt", data="\n".join(text).encode())).drafts
    decision = read_decision(drafts[0].body, title=title)
    found = {title_key(each.title or ""): each.operations for each in decision.amendments}
    bodies = [consolidate(pair.old, found.get(title_key(pair.title), ())).body for pair in pairs]
    return [{_number(node): letters(node.full_text("")) for node in articles(body)} for body in bodies]


def _count(lines: Sequence[str], form: str) -> list[str]:
    return [form.format(chinese_number(place)) + line for place, line in enumerate(lines, 1)]


# -- the hands


def _committee(steps: Sequence[Step]) -> list[str]:
    """（一）第五条第一款修改为：“…”; what moved on is left to one closing sentence."""
    said: list[str] = []
    for step in steps:
        old, new = step.old, step.new
        if old is None and new is not None:
            said.append(f"增加一条，作为{new.number}：“{new.number}　{new.printed}”")
        elif new is None and old is not None:
            said.append(f"删去{old.number}。")
        elif old is not None and new is not None and old.key != new.key:
            moved, found = _moved(old, new), _only_paragraph(old, new)
            if found is None:
                said.append(f"将{old.number}{moved}修改为：“{new.number}　{new.printed}”")
            else:
                where, _, text = found
                said.append(f"{old.number}{moved}{where}修改为：“{text.printed}”")
    return [*said, "条文顺序作相应调整。"]


def _ministry(steps: Sequence[Step]) -> list[str]:
    """将第八条、第九条中的“甲”修改为“乙”; 删去第七条第二款中的“…”; 第十一条第二项修改为：“（二）…”."""
    said: list[str] = []
    shared: dict[tuple[str, str], list[Step]] = defaultdict(list)
    for step in steps:
        words = _one_change(step)
        if words:
            shared[words].append(step)
    many = {words: found for words, found in shared.items() if len(found) > 1}
    told = {id(step) for found in many.values() for step in found}
    for step in steps:
        old, new = step.old, step.new
        if old is None and new is not None:
            said.append(f"增加一条，作为{new.number}：\n“{new.number}　{new.printed}”")
        elif new is None and old is not None:
            said.append(f"删除{old.number}。")
        elif old is not None and new is not None and old.number != new.number and old.key == new.key:
            continue
        elif old is not None and new is not None and old.key != new.key and id(step) not in told:
            said.append(_by_parts(old, new))
    for (before, after), found in many.items():
        places = "、".join(step.old.number for step in found if step.old)
        said.append(f"将{places}中的“{before}”修改为“{after}”。" if after else f"删去{places}中的“{before}”。")
    return [*said, "此外，对条文序号作相应调整。"]


def _state_council(steps: Sequence[Step]) -> list[str]:
    """增加三条，作为第五条至第七条：…; 第十条至第十五条改为第十一条至第十六条; “甲”后增加“乙”."""
    said: list[str] = []
    at = 0
    while at < len(steps):
        step = steps[at]
        if step.old is None and step.new is not None:
            run = _run(steps, at, lambda each: each.old is None)
            added = [each.new for each in run if each.new]
            count = "一" if len(run) == 1 else "两" if len(run) == 2 else chinese_number(len(run))
            text = "\n".join(f"{each.number}　{each.printed}" for each in added)
            said.append(f"增加{count}条，作为{_range([each.number for each in added])}：“{text}”")
        elif step.new is None and step.old is not None:
            run = _run(steps, at, lambda each: each.new is None)
            said.append(f"删去{_range([each.old.number for each in run if each.old])}。")
        elif step.old and step.new and step.old.key == step.new.key:
            run = _run(steps, at, lambda each: bool(each.old and each.new and each.old.key == each.new.key
                                                    and each.old.number != each.new.number))  # fmt: skip
            if run:
                before = _range([each.old.number for each in run if each.old])
                after = _range([each.new.number for each in run if each.new])
                said.append(f"{before}{'分别' if len(run) > 1 else ''}改为{after}。")
            run = run or [step]
        else:
            run = [step]
            assert step.old is not None
            assert step.new is not None
            said.append(_with_words(step.old, step.new))
        at += len(run)
    return said


def _run(steps: Sequence[Step], start: int, holds: Callable[[Step], bool]) -> list[Step]:
    stop = start
    while stop < len(steps) and holds(steps[stop]):
        stop += 1
    return list(steps[start:stop])


def _range(numbers: Sequence[str]) -> str:
    return "、".join(numbers) if len(numbers) < 3 else f"{numbers[0]}至{numbers[-1]}"


def _by_parts(old: Article, new: Article) -> str:
    """The change of one article as finely as 项 can tell it."""
    moved, found = _moved(old, new), _only_paragraph(old, new)
    if found:
        where, before, text = found
        if before.text == text.text and len(before.items) == len(text.items):
            changed = [
                at for at, pair in enumerate(zip(before.items, text.items, strict=True), 1) if pair[0] != pair[1]
            ]
            clauses = [f"第{chinese_number(at)}项修改为：“{text.items[at - 1]}”" for at in changed]
            return f"{old.number}{moved}{where}" + "；".join(clauses) + "。"
        if before.text == text.text and text.items[: len(before.items)] == before.items and before.items:
            added = text.items[len(before.items) :]
            numbers = "、".join(f"第{chinese_number(len(before.items) + at)}项" for at in range(1, len(added) + 1))
            count = {1: "一", 2: "两"}.get(len(added), chinese_number(len(added)))
            return f"{old.number}{moved}{where}增加{count}项，作为{numbers}：“" + "\n".join(added) + "”。"
        cut = _cut(before.text, text.text) if before.items == text.items else None
        if cut:
            return (
                f"删去{old.number}{where}中的“{cut}”。" if not moved else f"{old.number}{moved}删去{where}中的“{cut}”。"
            )
    return f"{old.number}{moved}修改为：\n“{new.number}　{new.printed}”"


def _with_words(old: Article, new: Article) -> str:
    """第五条第一款中的“甲”后增加“乙”, the 款 anew, or the article anew."""
    moved, found = _moved(old, new), _only_paragraph(old, new)
    if found:
        where, before, text = found
        if not text.items and not before.items and (put := _put(before.text, text.text)):
            return f"{old.number}{moved}{where}中的“{put[0]}”后增加“{put[1]}”。"
        return f"{old.number}{moved}{where}修改为：“{text.printed}”。"
    return f"{old.number}{moved}修改为：“{new.number}　{new.printed}”。"


def _moved(old: Article, new: Article) -> str:
    return "" if old.number == new.number else f"改为{new.number}，"


def _only_paragraph(old: Article, new: Article) -> tuple[str, Paragraph, Paragraph] | None:
    """The one 款 that changed, among several: its address, as it was and as it is."""
    if len(old.paragraphs) != len(new.paragraphs) or len(old.paragraphs) < 2:
        return None
    pairs = enumerate(zip(old.paragraphs, new.paragraphs, strict=True), 1)
    changed = [(f"第{chinese_number(at)}款", one, other) for at, (one, other) in pairs if one != other]
    return changed[0] if len(changed) == 1 else None


def _one_change(step: Step) -> tuple[str, str] | None:
    """The words that were replaced wherever they stood, where that alone changed the article."""
    old, new = step.old, step.new
    if old is None or new is None or old.number != new.number or old.key == new.key:
        return None
    words = {(old.printed[a:b], new.printed[c:d]) for _, a, b, c, d in _changes(old.printed, new.printed)}
    if len(words) != 1:
        return None
    before, after = words.pop()
    is_whole = len(before) > 2 and old.printed.replace(before, after) == new.printed
    return (before, after) if is_whole and not set("\n“”") & set(before + after) else None


def _changes(old: str, new: str) -> list[tuple[str, int, int, int, int]]:
    """What differs between two wordings, as difflib tells it."""
    return [each for each in SequenceMatcher(None, old, new, autojunk=False).get_opcodes() if each[0] != "equal"]


def _cut(old: str, new: str) -> str | None:
    """The one stretch that was taken out of a sentence."""
    blocks = _changes(old, new)
    if len(blocks) != 1 or blocks[0][0] != "delete":
        return None
    cut = old[blocks[0][1] : blocks[0][2]]
    return cut if 1 < len(cut) <= 40 and old.count(cut) == 1 and not set("“”") & set(cut) else None


def _put(old: str, new: str) -> tuple[str, str] | None:
    """The words after which others were put in, widened until they stand once."""
    blocks = _changes(old, new)
    if len(blocks) != 1 or blocks[0][0] != "insert":
        return None
    _, at, _, start, stop = blocks[0]
    first = at - 2
    while first > 0 and old.count(old[first:at]) > 1:
        first -= 1
    before, added = old[max(first, 0) : at], new[start:stop]
    return (before, added) if at > 1 and old.count(before) == 1 and not set("“”") & set(before + added) else None


# -- reading and pairing


def _read(node: Node) -> Article:
    paragraphs = [each for each in node.children if each.type is BodyType.PARAGRAPH]
    if paragraphs and not node.text:
        return Article(_number(node), tuple(_paragraph(each) for each in paragraphs))
    return Article(_number(node), (_paragraph(node),))


def _paragraph(node: Node) -> Paragraph:
    return Paragraph(node.text or "", tuple(_printed(each) for each in node.children))


def _printed(node: Node) -> str:
    own = f"{node.num or ''}{node.text or ''}"
    return "\n".join([own, *(_printed(each) for each in node.children)])


def _number(node: Node) -> str:
    return "".join((node.num or "").split())


def _is_plain(pair: Pair) -> bool:
    """No tables and no headed articles, which this writer cannot write down."""
    nodes = [each for body in (pair.old, pair.new) for article in articles(body) for each in article.walk()]
    return not any(each.type is BodyType.TABLE or each.heading for each in nodes)


def _pair_off(old: Sequence[Article], new: Sequence[Article]) -> list[Step]:
    """Articles that are equal first, then what lies between two of them by the nearest likeness, in order."""
    steps: list[Step] = []
    matcher = SequenceMatcher(None, [each.key for each in old], [each.key for each in new], autojunk=False)
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "equal":
            steps += [Step(one, other) for one, other in zip(old[a:b], new[c:d], strict=True)]
            continue
        left, right = list(old[a:b]), list(new[c:d])
        while left and right:
            kin = [(_kinship(left[0], other), -at) for at, other in enumerate(right)]
            best, place = max(kin)
            if best < _KIN:
                steps.append(Step(left.pop(0), None))
                continue
            steps += [Step(None, other) for other in right[:-place]]
            steps.append(Step(left.pop(0), right[-place]))
            right = right[-place + 1 :]
        steps += [Step(one, None) for one in left] + [Step(None, other) for other in right]
    return steps


def _kinship(old: Article, new: Article) -> float:
    one, other = ({text[at : at + 3] for at in range(len(text) - 2)} for text in (old.key, new.key))
    return len(one & other) / max(1, min(len(one), len(other)))


MEASURES = (Measure(needs=("law_markdown.tar.gz", "flk_law_text"), rows=rows),)
