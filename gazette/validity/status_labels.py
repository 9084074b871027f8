"""Official validity labels: what the words and codes of other systems mean in ours.

A label is evidence of its own kind, kept as printed; a code is read only where its system is named, for one number
means 有效 in one system and 已废止 in the next.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from gazette.errors import BadInput

#: What a label says that only tells what is planned: the text stands as it did.
ANNOUNCED = "announced"
#: What a site adds behind a label: when it ends or since when: 有效(有效期至2027年12月31日).
_NOTE = re.compile(r"\([^()]*\d{4}[^()]*\)?$")
_BRACKETS = "【】〔〕[]()（）<>《》「」:：。;；,， "


def label_status(label: str | None, system: str | None = None, further: Sequence[tuple[str, str]] = ()) -> str | None:
    """The status (in_force, amended, repealed …) an official label states, or `ANNOUNCED`; None for what is no known
    label. `further` are words of an administrator's table, which go before ours."""
    if not label:
        return None
    folded = fold_label(label)
    if own := dict(further).get(folded):
        return own
    vocabulary = _vocabulary()
    if folded.isdecimal():
        code = vocabulary["systems"].get(system or "", {}).get(folded)
        return str(code) if code else None
    bare = _NOTE.sub("", folded)
    for name in _vocabulary()["field"]["names"]:
        bare = bare.removeprefix(f"{name}:")
    return _words().get(folded) or _words().get(bare.strip(_BRACKETS))


@cache
def label_words(file: Path) -> tuple[tuple[str, str], ...]:
    """The folded words of an administrator's table (`[labels]`, as in data/status_labels.toml) with what they say.

    Raises BadInput for a broken file or a meaning that does not exist. 尚未施行 is worked out from dates alone.
    """
    meanings = {*_vocabulary()["labels"]} - {"pending"}
    try:
        table = tomllib.loads(file.read_text("utf-8"))["labels"]
        words = [(word, meaning) for meaning, listed in table.items() for word in _listed(listed)]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadInput(why=f"官方标注对照表 {file} 无法读取：{error}") from error
    for word, meaning in words:
        if meaning not in meanings:
            said = f"{word} 的含义 {meaning} 须为 {'、'.join(sorted(meanings))} 之一"
            raise BadInput(why=f"官方标注对照表 {file} 无法读取：{said}")
    return tuple((fold_label(word), meaning) for word, meaning in words)


def _listed(words: object) -> list[str]:
    if isinstance(words, list) and all(isinstance(word, str) for word in words):
        return words
    raise ValueError("每种含义后须是一列文字")


def fold_label(label: str) -> str:
    """A label without brackets, blanks, width and case."""
    return unicodedata.normalize("NFKC", label).casefold().strip(_BRACKETS).replace(" ", "")


@cache
def _words() -> dict[str, str]:
    labels = _vocabulary()["labels"]
    return {fold_label(word): status for status, words in labels.items() for word in words}


@cache
def _vocabulary() -> dict[str, Any]:
    return tomllib.loads(files("gazette").joinpath("data", "status_labels.toml").read_text("utf-8"))
