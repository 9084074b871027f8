"""Metadata labels printed beside a text (索引号、发文机关、成文日期…): which element each label names."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from itertools import pairwise

_NOT_LETTERS = re.compile(r"[\s\u3000:：【】\[\]]+")
_INLINE = re.compile(r"^\s*([\u4e00-\u9fff][\u4e00-\u9fff\s\u3000]{0,9}?)\s*[:：]\s*(.*)$")

#: What a metadata table prints where a value is not known (our own renditions do).
UNSTATED = "未载明"


@cache
def _vocabulary() -> tuple[dict[str, str], dict[str, str]]:
    table = tomllib.loads(files("gazette").joinpath("data/labels.toml").read_text("utf-8"))["element"]
    printed = {label: row["name"] for row in table for label in row["labels"]}
    tags = {tag.lower(): row["name"] for row in table for tag in row["meta"]}
    return printed, tags


def element_of_label(text: str) -> str | None:
    """The element a printed label names: 「标　　题：」 is title; None for anything else."""
    return _vocabulary()[0].get(_NOT_LETTERS.sub("", text))


def element_of_tag(name: str) -> str | None:
    """The element a <meta> tag names: PubDate is published_date."""
    return _vocabulary()[1].get(name.lower())


def split_label(line: str) -> tuple[str, str] | None:
    """「文号：国办发〔2018〕23号」 as (doc_number, 国办发〔2018〕23号); the value may be empty."""
    match = _INLINE.match(line)
    if match is None:
        return None
    element = element_of_label(match[1])
    return (element, match[2].strip()) if element else None


def labels_in_rows(rows: Iterable[tuple[str, ...]]) -> dict[str, str]:
    """The labelled values of a metadata table: a cell that is a label, and the value in the cell after it."""
    found: dict[str, str] = {}
    for row in rows:
        for cell, following in pairwise((*row, "")):
            element = element_of_label(cell)
            if element and following and following != UNSTATED and not element_of_label(following):
                found.setdefault(element, following)
    return found


def label_of_element(name: str) -> str | None:
    """The usual label of an element: doc_number is 发文字号; None for an element that is printed without one."""
    return next((label for label, element in _vocabulary()[0].items() if element == name), None)
