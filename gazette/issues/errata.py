"""Errata and readings: the document that a correction (更正、勘误) or an interpretation (政策解读) is about."""

from __future__ import annotations

import re
from collections.abc import Sequence

from gazette.citations.numbers import find_doc_numbers
from gazette.citations.titles import find_titles, is_interpretation
from gazette.digitization.blocks import Block
from gazette.issues.imprint import About

#: A notice of what was misprinted, by the end or the beginning of its title; 更正登记 is a matter of registers.
_ERRATUM = re.compile(
    r"(?:更\s*正|勘\s*[误誤]|補正|补正)的?(?:启事|啟事|说明|說明|公告|通知|通告|函|声明|表)?[）)]?$|关于(?:更正|勘误)(?!登记)"
)
#: The gazette itself is named where it says what was misprinted.
_GAZETTE = re.compile(r"公报|公報|政报$")
_CORNERED = re.compile(r"「([^「」]{4,120})」")
#: A notice names what it is about within so many blocks.
_WITHIN = 6


def explains(title: str) -> str | None:
    """Whether a text of this title corrects another (corrects) or explains one (interprets); None for any other."""
    if _ERRATUM.search(title.strip()):
        return "corrects"
    return "interprets" if is_interpretation(title) else None


def is_gazette(title: str) -> bool:
    """Whether a title names a gazette, in which something was printed."""
    return bool(_GAZETTE.search(title))


def find_about(title: str | None, blocks: Sequence[Block]) -> About | None:
    """What an erratum corrects or an interpretation explains, by its title or number; None for any other document."""
    if not title:
        return None
    kind = explains(title)
    if kind is None:
        return None
    lines = [title, *(block.text for block in blocks[:_WITHIN])]
    named = next((name for line in lines for name in _named(line)), None)
    number = next((str(found[0][0]) for line in lines if (found := find_doc_numbers(line))), None)
    return About(kind=kind, title=named, number=number) if named or number else None


def _named(line: str) -> list[str]:
    names = [name for name, _span in find_titles(line)] or _CORNERED.findall(line)
    return [name for name in names if not is_gazette(name)]
