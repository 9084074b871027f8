"""`python -m tests.score DIR`: every room's figures on the corpus in DIR, as a table and in GONGBAO_HOME/score.json.

DIR may also be given as CORPUS=DIR. A folder may hold only some of the sets; what is absent is said and skipped.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import traceback
from collections.abc import Iterable
from pathlib import Path

from tests.score.row import Row, iter_rows

_ROOMS = (
    "citations",
    "cleanup",
    "consolidation",
    "digitize",
    "issues",
    "ocr",
    "roundtrips",
    "search",
    "second_writer",
    "standing",
    "suggest",
    "validity",
)


def main(arguments: list[str]) -> int:
    corpus = Path(arguments[0].removeprefix("CORPUS=") if arguments else os.environ.get("CORPUS", "../shared/corpus"))
    if not corpus.is_dir():
        print(f"no such folder: {corpus}", file=sys.stderr)
        return 2
    home = Path(os.environ.get("GONGBAO_HOME", "var"))
    home.mkdir(parents=True, exist_ok=True)
    rows: list[Row] = []
    failed = False
    print(f"{'set':<26} {'metric':<46} {'n':>6} {'figure':>8}  target")
    for name in _ROOMS:
        for measure in importlib.import_module(f"tests.score.{name}").MEASURES:
            # One set that cannot be read must not cost the figures of the others.
            try:
                for row in iter_rows([measure], corpus):
                    print_row(row)
                    rows.append(row)
            except Exception:
                traceback.print_exc()
                failed = True
            _write(home / "score.json", rows)
    return 1 if failed else 0


def print_row(row: Row) -> None:
    mark = "" if row.reached else "  missed"
    print(f"{row.set:<26} {row.metric:<46} {row.n:>6} {row.figure:>8.4f}  {row.target}{mark}", flush=True)


def _write(path: Path, rows: Iterable[Row]) -> None:
    path.write_text(json.dumps([row.to_json() for row in rows], ensure_ascii=False, indent=1), "utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
