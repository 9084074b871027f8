"""The vocabulary of Chinese tables (`data/words.toml`), loaded once."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def load_words() -> Mapping[str, Any]:
    """The file as it stands, with its examples and counter-examples."""
    return tomllib.loads(files("datasets").joinpath("data/words.toml").read_text("utf-8"))


@cache
def _patterns(kind: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(entry["pattern"]) for entry in load_words()[kind])


def says(kind: str, text: str) -> bool:
    """Whether `text` is a caption, note, total, code or key by the patterns of that kind."""
    return any(pattern.match(text) for pattern in _patterns(kind))


@cache
def vocabulary(name: str) -> frozenset[str]:
    return frozenset(load_words()["vocabulary"][name])
