"""Columns (栏目): the headings under which a gazette prints its entries, of a known name or of a known form."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

_MARKS = re.compile(r"^[【\[〖◆◇●○■□★☆·•\s\u3000]+|[】\]〗◆◇●○■□★☆·•\s\u3000]+$")


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of one gazette, in printing order, and how further ones end."""

    names: tuple[str, ...]
    endings: tuple[str, ...]
    longest: int

    def find(self, line: str) -> str | None:
        """The column a printed line names: 【政策解读】 and 部 门 文 件; None for anything else."""
        name = tidy_column(line)
        if not 0 < len(name) <= self.longest:
            return None
        return name if name in self.names or name.endswith(self.endings) else None


def tidy_column(line: str) -> str:
    """A column's heading without the marks around it and the spaces in it."""
    return "".join(_MARKS.sub("", line).split())


@cache
def get_columns(gazette: str | None = None, own: tuple[str, ...] = ()) -> Columns:
    """The columns of the gazette of that printed name, the usual ones for any other; `own` are those an editor set."""
    table = tomllib.loads(files("gazette").joinpath("data/columns.toml").read_text("utf-8"))
    named = next((row["columns"] for row in table["gazette"] if row["name"] == gazette), table["columns"])
    return Columns((*own, *named), tuple(table["endings"]), table["longest"])
