"""Figures of consolidation: real laws held in two versions, the change written out as a decision, applied to the older.

The decision is written here, from the difference, in the language in which decisions are drafted and in several hands:
whole articles anew as congresses do, 款 and words as the State Council does, every number told as courts do, a
quotation mark before each paragraph as print has it. It is then digitized like any other document.
"""

from __future__ import annotations

import re
import tarfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from itertools import pairwise
from pathlib import Path
from zlib import crc32

from gazette.citations.titles import letters
from gazette.digitization.digitize import digitize_here
from gazette.digitization.readers.numbering import chinese_number
from gazette.draft import Body, BodyType, Draft, Node, SourceFile
from gazette.record.identity import version_date
from gazette.record.likeness import title_key
from gazette.versions.amendments import read_decision
from gazette.versions.consolidation import consolidate
from tests.score.row import Measure, Row

#: Articles at least so alike are one article amended.
_ALIKE = 0.45


@dataclass(frozen=True, slots=True)
class Pair:
    """Two versions of one law, the older first."""

    title: str
    old: Body
    new: Body


@dataclass(frozen=True, slots=True)
class _Change:
    """One article of the old text (None: added) and what became of it (None: deleted)."""

    old: Node | None
    new: Node | None


def consolidation_rows(corpus: Path) -> Iterator[Row]:
    pairs = list(read_pairs(corpus))
    for hand, write in HANDS.items():
        equal = total = 0
        wrong: list[str] = []
        for pair in pairs:
            mine = _apply(pair, write(pair))
            wanted = {_number(node): letters(node.full_text("")) for node in articles(pair.new)}
            right = sum(mine.get(number) == text for number, text in wanted.items())
            equal, total = equal + right, total + len(wanted)
            wrong += [f"{pair.title} {number}" for number, text in wanted.items() if mine.get(number) != text]
        yield Row(
            set="law_markdown",
            metric=f"consolidation, {hand}: articles equal",
            n=total,
            figure=equal / max(total, 1),
            target=">= 0.97",
            wrong=tuple(wrong[:40]),
        )


def _apply(pair: Pair, lines: Sequence[str]) -> dict[str, str]:
    """The articles of the old text after the decision, by number."""
    title = f"关于修改《{pair.title}》的决定"
    text = "\n".join((title, "", f"决定对《{pair.title}》作如下修改：", *lines, "本决定自公布之日起施行。"))
    drafts = digitize_here(SourceFile(name="decision.txt", data=text.encode())).drafts
    decision = read_decision(drafts[0].body, title=title)
    operations = [each for amendment in decision.amendments for each in amendment.operations]
    body = consolidate(pair.old, operations).body
    return {_number(node): letters(node.full_text("")) for node in articles(body)}


def articles(body: Sequence[Node]) -> list[Node]:
    """The articles of a text, without those of its annexes."""
    found: list[Node] = []
    for node in body:
        if node.type is BodyType.ARTICLE:
            found.append(node)
        elif node.type is not BodyType.ATTACHMENT:
            found += articles(node.children)
    return found


# -- writing decisions


def _whole_articles(pair: Pair) -> list[str]:
    """将第五条改为第六条，修改为：“第六条　…”"""
    items = []
    for change in _changes(pair):
        old, new = change.old, change.new
        if old is None and new is not None:
            say = _pick(new, ("增加一条，作为{0}：“{1}”", "增加一条，作为{0}：“{0}　{1}”", "新增一条作为{0}：“{1}”"))
            items.append(say.format(_number(new), _text(new)))
        elif new is None and old is not None:
            items.append(_pick(old, ("删去{0}。", "删除{0}。", "将{0}删去。")).format(_number(old)))
        elif old is not None and new is not None and _same(old, new) is False:
            if _number(old) == _number(new):
                say = _pick(new, ("将{0}修改为：“{2}”", "{0}修改为：“{1}　{2}”", "将{0}修改为：“{1}　{2}”"))
            else:
                say = _pick(new, ("将{0}改为{1}，修改为：“{1}　{2}”", "{0}改为{1}，修改为：“{2}”"))
            items.append(say.format(_number(old), _number(new), _text(new)))
    return [*_counted(items), "此外，对条文顺序作相应调整。"]


def _parts_and_words(pair: Pair) -> list[str]:
    """第二款修改为：“…”; 将第一款中的“甲”修改为“乙”; 增加一款，作为第三款。"""
    items = []
    for change in _changes(pair):
        old, new = change.old, change.new
        if old is None and new is not None:
            items.append(f"增加一条，作为{_number(new)}：\n“{_number(new)}　{_text(new)}”")
        elif new is None and old is not None:
            items.append(f"删去{_number(old)}。")
        elif old is not None and new is not None and not _same(old, new):
            moved = "" if _number(old) == _number(new) else f"改为{_number(new)}，"
            items.append(_finely(old, new, moved))
    return [*_counted(items), "条文序号作相应调整。"]


def _every_number(pair: Pair) -> list[str]:
    """原第四条作为第五条, article by article; nothing is left to a closing sentence."""
    items = []
    for change in _changes(pair):
        old, new = change.old, change.new
        if old is None and new is not None:
            items.append(f"增加一条作为{_number(new)}：“{_text(new)}”")
        elif new is None and old is not None:
            items.append(f"{_number(old)}予以删除。")
        elif old is not None and new is not None:
            if not _same(old, new):
                renamed = "" if _number(old) == _number(new) else f"作为{_number(new)}，"
                items.append(f"原{_number(old)}{renamed}修改为：“{_text(new)}”")
            elif _number(old) != _number(new):
                items.append(f"原{_number(old)}作为{_number(new)}。")
    return _counted(items)


def _marked_paragraphs(pair: Pair) -> list[str]:
    """A quotation mark opens every paragraph and one closes the last; inner quotations stay as they are."""
    return [line.replace("\n", "\n“") for line in _whole_articles(pair)]


HANDS: dict[str, Callable[[Pair], list[str]]] = {
    "whole articles": _whole_articles,
    "parts and words": _parts_and_words,
    "every number told": _every_number,
    "a mark before each paragraph": _marked_paragraphs,
}


def _finely(old: Node, new: Node, moved: str) -> str:
    """The change of one article, 款 by 款 where they can be told apart, else whole."""
    before, after = _paragraphs(old), _paragraphs(new)
    number = _number(old)
    if len(before) == len(after):
        clauses = [
            _of_paragraph(place, one, other, alone=len(before) == 1)
            for place, (one, other) in enumerate(zip(before, after, strict=True), 1)
            if letters(one) != letters(other)
        ]
        if clauses and all(clauses):
            moved = f"{moved}将其" if clauses[0].startswith("中") and moved else moved
            return f"将{number}{moved}" + "；".join(filter(None, clauses)) + "。"
    matcher = SequenceMatcher(
        None, [letters(each) for each in before], [letters(each) for each in after], autojunk=False
    )
    changes = [each for each in matcher.get_opcodes() if each[0] != "equal"]
    if changes and all(tag == "insert" for tag, *_ in changes):
        said = [
            f"增加{'一' if stop - start == 1 else chinese_number(stop - start)}款，作为{_paras(start, stop)}：“"
            + "\n".join(after[start:stop])
            + "”"
            for _, _, _, start, stop in changes
        ]
        return f"{number}{moved or ''}" + "；".join(said) + "。"
    if changes and all(tag == "delete" for tag, *_ in changes):
        said = [f"删去{_paras(start, stop)}" for _, start, stop, _, _ in changes]
        return (
            f"将{number}{moved}" + "，".join(said) + "。"
            if moved
            else "；".join(f"删去{number}{_paras(start, stop)}" for _, start, stop, _, _ in changes) + "。"
        )
    return f"将{number}{moved}修改为：“{_number(new)}　{_text(new)}”"


def _of_paragraph(place: int, old: str, new: str, *, alone: bool) -> str | None:
    """One 款: words where few changed, else its whole wording."""
    where = "" if alone else f"第{chinese_number(place)}款"
    words = _words(old, new) if "\n" not in old and "\n" not in new else None
    if words:
        one, other = words
        if not other:
            return f"删去{where}中的“{one}”" if where else None
        return f"{where}中的“{one}”修改为“{other}”" if where else f"中的“{one}”修改为“{other}”"
    if not where and "\n" in old + new:
        return None
    return f"{where}修改为：“{new}”"


def _words(old: str, new: str) -> tuple[str, str] | None:
    """The one stretch that changed, widened until it stands once in the old text."""
    start = next((i for i, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
    end = 0
    while end < min(len(old), len(new)) - start and old[-1 - end] == new[-1 - end]:
        end += 1
    stop = len(old) - end
    while start > 0 and (stop == start or old.count(old[start:stop]) > 1):
        start -= 1
    one, other = old[start:stop], new[start : len(new) - end]
    inner = one + other
    if not one or old.count(one) != 1 or len(one) > 60 or len(other) > 80 or re.search(r"[“”]", inner):
        return None
    return one, other


def _paras(start: int, stop: int) -> str:
    return "、".join(f"第{chinese_number(place + 1)}款" for place in range(start, stop))


def _paragraphs(article: Node) -> list[str]:
    """The 款 of an article, each with its 项 on lines of their own."""
    if any(child.type is BodyType.PARAGRAPH for child in article.children):
        return ["\n".join(_lines(child)) for child in article.children]
    return [_text(article)]


def _text(article: Node) -> str:
    """An article without its number, 款 and 项 on lines of their own."""
    return "\n".join(_lines(Node(type=article.type, text=article.text, children=article.children)))


def _lines(node: Node) -> Iterator[str]:
    if node.num or node.heading or node.text:
        yield f"{node.num or ''}{node.heading or ''}{node.text or ''}"
    for row in node.rows:
        yield " ".join(row)
    for child in node.children:
        yield from _lines(child)


def _counted(items: Sequence[str]) -> list[str]:
    return [f"{chinese_number(place)}、{item}" for place, item in enumerate(items, 1)]


def _pick(node: Node, forms: Sequence[str]) -> str:
    """One of several ways to say it, always the same for the same article."""
    return forms[crc32(letters(node.full_text("")).encode()) % len(forms)]


# -- reading the corpus


def read_pairs(corpus: Path) -> Iterator[Pair]:
    groups: dict[str, list[tuple[date, str, Draft]]] = defaultdict(list)
    for name, data in _files(corpus):
        for draft in digitize_here(SourceFile(name=name, data=data)).drafts[:1]:
            day = version_date(draft)
            if draft.title and day and len(articles(draft.body)) > 1:
                key = title_key(draft.title).removeprefix("中华人民共和国")
                groups[key].append((day, name, draft))
    for held in groups.values():
        held.sort(key=lambda each: each[:2])
        for (first, _, old), (second, _, new) in pairwise(held):
            if first < second and _is_sound(old.body) and _is_sound(new.body):
                yield Pair(title=str(new.title), old=old.body, new=new.body)


def _is_sound(body: Body) -> bool:
    """Numbers that count up: a text with articles lost or twice cannot be the truth of a consolidation."""
    numbers = [_number(node) for node in articles(body)]
    return len(set(numbers)) == len(numbers)


def _files(corpus: Path) -> Iterator[tuple[str, bytes]]:
    """Only laws that are held twice are read: their files share a title."""
    named: dict[str, list[tuple[str, bytes]]] = defaultdict(list)
    with tarfile.open(corpus / "law_markdown.tar.gz") as archive:
        for member in archive:
            file = archive.extractfile(member) if member.isfile() else None
            if file:
                named[_stem(member.name)].append((member.name, file.read()))
    for path in sorted((corpus / "flk_law_text").glob("*.txt")):
        named[_stem(path.name)].append((path.name, path.read_bytes()))
    for files in named.values():
        if len(files) > 1:
            yield from files


def _stem(name: str) -> str:
    """A file's name without date, place and 中华人民共和国."""
    stem = re.sub(r"[(（_]\d{4}.*$", "", Path(name).stem)
    return letters(stem.replace("中华人民共和国", ""))


def _number(article: Node) -> str:
    return "".join((article.num or "").split())


def _same(old: Node, new: Node) -> bool:
    return letters(_text(old)) == letters(_text(new)) and letters(old.heading or "") == letters(new.heading or "")


def _changes(pair: Pair) -> list[_Change]:
    """The articles of both versions paired, in the order of the new text; what moved is deleted and added."""
    old, new = articles(pair.old), articles(pair.new)
    matcher = SequenceMatcher(
        None, [letters(_text(each)) for each in old], [letters(_text(each)) for each in new], autojunk=False
    )
    changes: list[_Change] = []
    for tag, first, last, start, stop in matcher.get_opcodes():
        if tag == "equal":
            changes += [_Change(*both) for both in zip(old[first:last], new[start:stop], strict=True)]
        else:
            changes += _pair_up(old[first:last], new[start:stop])
    return changes


def _pair_up(old: Sequence[Node], new: Sequence[Node]) -> list[_Change]:
    """The likeliest pairs that keep the order (dynamic programming over likeness)."""
    alike = [[_likeness(one, other) for other in new] for one in old]
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for i in range(len(old) - 1, -1, -1):
        for j in range(len(new) - 1, -1, -1):
            both = best[i + 1][j + 1] + alike[i][j] if alike[i][j] >= _ALIKE else 0.0
            best[i][j] = max(best[i + 1][j], best[i][j + 1], both)
    changes, i, j = [], 0, 0
    while i < len(old) or j < len(new):
        if i < len(old) and j < len(new) and alike[i][j] >= _ALIKE and best[i][j] == best[i + 1][j + 1] + alike[i][j]:
            changes.append(_Change(old[i], new[j]))
            i, j = i + 1, j + 1
        elif j == len(new) or (i < len(old) and best[i][j] == best[i + 1][j]):
            changes.append(_Change(old[i], None))
            i += 1
        else:
            changes.append(_Change(None, new[j]))
            j += 1
    return changes


def _likeness(old: Node, new: Node) -> float:
    one, other = letters(_text(old)), letters(_text(new))
    pairs = [{text[i : i + 2] for i in range(len(text) - 1)} for text in (one, other)]
    return 2 * len(pairs[0] & pairs[1]) / max(1, len(pairs[0]) + len(pairs[1]))


MEASURES = (Measure(needs=("law_markdown.tar.gz", "flk_law_text"), rows=consolidation_rows),)
