"""Official validity labels: what the words and codes of other systems mean in ours.

A label is evidence of its own kind, kept as printed; a code is read only where its system is named, for one number
means 有效 in one system and 已废止 in the next.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import cache
from importlib.resources import files
from typing import Any

#: What a site adds behind a label: when it ends or since when: 有效(有效期至2027年12月31日).
_NOTE = re.compile(r"\([^()]*\d{4}[^()]*\)?$")
_BRACKETS = "【】〔〕[]()（）<>《》「」:：。;；,， "


def label_status(label: str | None, system: str | None = None) -> str | None:
    """The status (in_force, amended, repealed …) an official label states; None for what is no known label."""
    if not label:
        return None
    folded = fold_label(label)
    vocabulary = _vocabulary()
    if folded.isdecimal():
        code = vocabulary["systems"].get(system or "", {}).get(folded)
        return str(code) if code else None
    bare = _NOTE.sub("", folded)
    for name in _vocabulary()["field"]["names"]:
        bare = bare.removeprefix(f"{name}:")
    return _words().get(folded) or _words().get(bare.strip(_BRACKETS))


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
