"""文种: what kind of document a title says it is."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files

from gazette.citations.titles import split_title

_TRIAL = re.compile(r"\((?:试行|暂行|草案|征求意见稿|试点|修订|修正)[^()]*\)$|\([^()]{1,12}\)$")


@cache
def _vocabulary() -> tuple[tuple[str, ...], dict[str, str]]:
    table = tomllib.loads(files("gazette").joinpath("data/kinds.toml").read_text("utf-8"))
    return tuple(sorted(table["kinds"], key=len, reverse=True)), table["filed"]


def find_kind(title: str | None) -> str | None:
    """The word that ends the title: 关于…的通知 is 通知, 个人所得税法实施条例 is 条例; None if none does."""
    if not title:
        return None
    name = _TRIAL.sub("", split_title(title).name)
    kinds, filed = _vocabulary()
    for kind in kinds:
        if name.endswith(kind):
            return filed.get(kind, kind)
    return None
