"""Pages that answer in place of a document: an error sent as if all were well, a list of links to documents."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from gazette.digitization.blocks import Block
from gazette.digitization.readers.html_content import weigh
from gazette.errors import Finding, Level

#: A list has at least so many links of so many letters, which are this share of all it says.
_LEAST_LINKS, _LEAST_LETTERS, _LINKED = 6, 8, 0.5
#: Sentences of this length in all are text (characters).
_TEXT = 80


@cache
def _vocabulary() -> tuple[int, re.Pattern[str]]:
    table = tomllib.loads(files("gazette").joinpath("data/containers.toml").read_text("utf-8"))
    return table["longest_error"], re.compile("|".join(row["pattern"] for row in table["error"]), re.I)


def refusal(blocks: Sequence[Block], content: Any, labels: Mapping[str, str]) -> Finding | None:
    """Why a page is no document, None where it may be one. What the official tags call an article is one."""
    if "title" in labels:
        return None
    longest, error = _vocabulary()
    text = "\n".join(block.text for block in blocks)
    if len(text) <= longest and (match := error.search(text)):
        message = f"网站返回的是出错页面，不是文件：“{match.group()}”"
        return Finding(level=Level.ERROR, code="html.error_page", message=message)
    mass = weigh(content)[content]
    if (
        mass.links >= _LEAST_LINKS
        and mass.linked >= max(_LINKED * mass.text, _LEAST_LETTERS * mass.links)
        and mass.sentences < _TEXT
    ):
        message = f"这是目录页（{mass.links} 个链接），不是文件，请打开其中的文件再保存"
        return Finding(level=Level.ERROR, code="html.list_page", message=message)
    return None
