"""`python -m tests.bench DIR`: every room's speed beside its baseline, as a table and in GONGBAO_HOME/bench.json.

Figures mean something only on a machine that does nothing else. DIR is the corpus, also CORPUS=DIR. Further
arguments name the rooms to measure; without them, all.
"""

from __future__ import annotations

import importlib
import json
import os
import pkgutil
import sys
from pathlib import Path
from typing import Any

import tests.bench


def main(arguments: list[str]) -> int:
    first, *chosen = arguments or [os.environ.get("CORPUS", "../shared/corpus")]
    corpus = Path(first.removeprefix("CORPUS="))
    if not corpus.is_dir():
        print(f"no such folder: {corpus}", file=sys.stderr)
        return 2
    modules = sorted(each.name for each in pkgutil.iter_modules(tests.bench.__path__) if not each.name.startswith("_"))
    rows = [row for name in chosen or modules for row in importlib.import_module(f"tests.bench.{name}").rows(corpus)]
    _print_table(rows)
    home = Path(os.environ.get("GONGBAO_HOME", "var"))
    home.mkdir(parents=True, exist_ok=True)
    (home / "bench.json").write_text(json.dumps(rows, ensure_ascii=False, indent=1), "utf-8")
    return 0


def _print_table(rows: list[dict[str, Any]]) -> None:
    columns = ("name", "ours", "baseline", "ratio", "target")
    print("{:<72} {:>10} {:>10} {:>7}  {}".format(*columns))
    for row in rows:
        print("{:<72} {:>10} {:>10} {:>7}  {}".format(*(str(row[column]) for column in columns)))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
