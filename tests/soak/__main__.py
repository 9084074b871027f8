"""Kill and carry on, and files broken at random.

Kill and carry on: ingest is killed again and again while the portal is read; in the end nothing is lost or doubled.

Usage: python -m tests.soak [CORPUS]. Works in a folder of its own; bounded in rounds and time.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.bench.web import _get, served
from tests.soak import mutated

ROUNDS = 12
SEED = 20261121


def main() -> int:
    corpus = Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/corpus")
    broken = mutated.run(corpus)
    return max(killed(corpus), int(broken > 0))


def killed(corpus: Path) -> int:
    """Ingest is killed again and again; 1 where something was lost or doubled."""
    texts = corpus / "flk_law_text"
    if not texts.is_dir():
        print(f"nothing to do: {texts} is absent")
        return 0
    chance = random.Random(SEED)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        environment = os.environ | {"GONGBAO_HOME": str(home)}
        _run(environment, "init")
        with served(home) as (port, _pid):
            for number in range(ROUNDS):
                killed = subprocess.Popen(
                    _command("ingest", "--publish", str(texts)), env=environment, stdout=subprocess.DEVNULL
                )
                time.sleep(chance.uniform(1.0, 6.0))
                killed.kill()
                killed.wait()
                status, _ = _get(port, "/search?q=%E6%B3%95")
                print(f"round {number + 1}/{ROUNDS}: killed, search answers {status}")
                if status != 200:
                    return 1
        _run(environment, "ingest", "--publish", str(texts))
        again = [
            json.loads(line) for line in _run(environment, "ingest", "--publish", "--json", str(texts)).splitlines()
        ]
        changed = [each for each in again if each["action"] not in {"unchanged", "failed"}]
        _run(environment, "index", "sync")
        _run(environment, "index", "verify")
    print(f"{len(again)} documents, {len(changed)} changed by a last run (must be 0)")
    return 1 if changed else 0


def _command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "portal", *arguments]


def _run(environment: dict[str, str], *arguments: str) -> str:
    done = subprocess.run(_command(*arguments), env=environment, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode == 2 or (done.returncode and arguments[0] != "ingest"):
        raise SystemExit(f"gongbao {' '.join(arguments)} ended with {done.returncode}")
    return done.stdout


if __name__ == "__main__":
    sys.exit(main())
