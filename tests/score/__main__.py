"""`python -m tests.score DIR`: every room's figures on the corpus in DIR, as a table and in GONGBAO_HOME/score.json.

DIR may also be given as CORPUS=DIR. A folder may hold only some of the sets; what is absent is said and skipped.
"""

from __future__ import annotations

import importlib
import json
import os
import pkgutil
import sys
from pathlib import Path
from typing import Any

import tests.score


def main(arguments: list[str]) -> int:
    corpus = Path(arguments[0].removeprefix("CORPUS=") if arguments else os.environ.get("CORPUS", "../shared/corpus"))
    if not corpus.is_dir():
        print(f"no such folder: {corpus}", file=sys.stderr)
        return 2
    rows = [row for name in room_names() for row in room_rows(name, corpus)]
    print_table(rows)
    home = Path(os.environ.get("GONGBAO_HOME", "var"))
    home.mkdir(parents=True, exist_ok=True)
    (home / "score.json").write_text(json.dumps(rows, ensure_ascii=False, indent=1), "utf-8")
    return 0


def room_names() -> list[str]:
    names = [module.name for module in pkgutil.iter_modules(tests.score.__path__)]
    return sorted(name for name in names if not name.startswith("_"))


def room_rows(name: str, corpus: Path) -> list[dict[str, Any]]:
    """The figures of one room; an absent set ends that room's list, saying so."""
    module = importlib.import_module(f"tests.score.{name}")
    rows: list[dict[str, Any]] = []
    try:
        for row in module.rows(corpus):
            rows.append(row)
    except FileNotFoundError as error:
        print(f"{name}: skipped, {error.filename} is absent")
    return rows


def print_table(rows: list[dict[str, Any]]) -> None:
    print(f"{'set':<30} {'metric':<52} {'n':>7} {'figure':>9} {'target':>9}")
    for row in rows:
        figure, target = (
            f"{row[key]:.4f}" if isinstance(row[key], float) else str(row[key]) for key in ("figure", "target")
        )
        print(f"{row['set']:<30} {row['metric']:<52} {row['n']:>7} {figure:>9} {target:>9}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
