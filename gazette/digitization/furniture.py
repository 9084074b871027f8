"""Site furniture: lines of a page that are not the document's (打印, 关闭, 分享到, 浏览次数, 上一篇).

A page's container of text often holds its tool bars too; left in, they would become the last words of a law.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files


def is_furniture(line: str) -> bool:
    """Whether a whole line is a piece of the site."""
    longest, pattern = _vocabulary()
    return len(line) <= longest and pattern.fullmatch(line) is not None


@cache
def _vocabulary() -> tuple[int, re.Pattern[str]]:
    table = tomllib.loads(files("gazette").joinpath("data/furniture.toml").read_text("utf-8"))
    return table["longest"], re.compile("|".join(f"(?:{row['pattern']})" for row in table["furniture"]))
