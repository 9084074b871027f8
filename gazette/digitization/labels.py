"""Metadata labels printed beside a text (索引号、发文机关、成文日期…): which element each label names."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise

_NOT_LETTERS = re.compile(r"[\s\u3000:：【】\[\]]+")
_INLINE = re.compile(r"^\s*[【\[]?([\u4e00-\u9fff][\u4e00-\u9fff\s\u3000]{0,9}?)\s*[】\]]?\s*[:：]\s*(.*)$")
#: What parts one label and its value from the next on a line.
_SPACE = r"[\s\u3000|｜;；]"
#: Any label: a few letters between a gap and a colon. Where one begins, the value before it ends.
_ANY_LABEL = re.compile(rf"{_SPACE}[【\[（(]?[\u4e00-\u9fff](?:{_SPACE}*[\u4e00-\u9fff]){{1,5}}\s*[】\]]?\s*[:：]")
_EDGES = " \u3000|｜;；,，【[（("

#: What a metadata table prints where a value is not known (our own renditions do).
UNSTATED = "未载明"


@dataclass(frozen=True, slots=True)
class _Vocabulary:
    printed: dict[str, str]
    tags: dict[str, str]
    unstated: frozenset[str]
    pair: re.Pattern[str]


@cache
def _vocabulary() -> _Vocabulary:
    table = tomllib.loads(files("gazette").joinpath("data/labels.toml").read_text("utf-8"))
    printed = {label: row["name"] for row in table["element"] for label in row["labels"]}
    spaced = (r"[\s\u3000]*".join(label) for label in sorted(printed, key=len, reverse=True))
    return _Vocabulary(
        printed=printed,
        tags={tag.lower(): row["name"] for row in table["element"] for tag in row["meta"]},
        unstated=frozenset({UNSTATED, *table["unstated"]}),
        pair=re.compile(rf"(?:^|(?<={_SPACE})|(?<=[【\[（(]))({'|'.join(spaced)})\s*[】\]]?\s*[:：]"),
    )


def element_of_label(text: str) -> str | None:
    """The element a printed label names: 「标　　题：」 is title; None for anything else."""
    return _vocabulary().printed.get(_NOT_LETTERS.sub("", text))


def element_of_tag(name: str) -> str | None:
    """The element a <meta> tag names: PubDate is published_date."""
    return _vocabulary().tags.get(name.lower())


def is_stated(value: str) -> bool:
    """Whether a value says something: 无, 暂无, — and the like do not."""
    return value.strip(" \u3000。") not in _vocabulary().unstated


def split_labels(line: str) -> Iterator[tuple[str, str]]:
    """Every labelled value of a line, some of them empty: 「索引号：1/2024-3　文号：江政发〔2024〕7号」 has two."""
    for match in _vocabulary().pair.finditer(line):
        value = line[match.end() :]
        following = _ANY_LABEL.search(value)
        value = (value[: following.start()] if following else value).strip(_EDGES)
        yield _vocabulary().printed["".join(match[1].split())], value if is_stated(value) else ""


def labels_of_line(line: str) -> tuple[tuple[str, str], ...]:
    """The labelled values of a line that opens with a label; none for a sentence that only mentions one."""
    return tuple(split_labels(line)) if _INLINE.match(line) else ()


def labels_in_rows(rows: Iterable[tuple[str, ...]]) -> dict[str, str]:
    """The labelled values of a metadata table: a cell that is a label, and the value in the cell after it."""
    found: dict[str, str] = {}
    for row in rows:
        for cell, following in pairwise((*row, "")):
            element = element_of_label(cell)
            if element and following and is_stated(following) and not element_of_label(following):
                found.setdefault(element, following)
    return found


def label_of_element(name: str) -> str | None:
    """The usual label of an element: doc_number is 发文字号; None for an element that is printed without one."""
    return next((label for label, element in _vocabulary().printed.items() if element == name), None)
