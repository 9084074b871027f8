"""Mutated files: samples of every format and files of the corpus, broken at random, through the reader process.

Each must be read or refused with one clear error; a reader that dies, hangs or answers with anything else is a defect.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from gazette.digitization.digitize import digitize
from gazette.digitization.sandbox import ReaderDied, ReadTimeout
from gazette.draft import SourceFile
from gazette.errors import CopyUnreadable, Finding, GongbaoError, Level
from gazette.settings import RecordSettings
from tests.damage import damage, samples

SEED = 20261121
ROUNDS = 400
#: Files larger than this are left out: breaking them finds nothing more, and takes long (bytes).
_LARGEST = 600_000
_MOST_OF_A_KIND = 12
_SUFFIXES = frozenset((".html", ".txt", ".md", ".docx", ".pdf", ".xml", ".ofd", ".doc", ".odt"))


def run(corpus: Path, *, rounds: int = ROUNDS, seconds: float = 600.0) -> int:
    """How many files broke a reader; each is named. Bounded in rounds and time."""
    chance = random.Random(SEED)
    settings = replace(RecordSettings(), read_timeout_s=60.0)
    material = [*samples().items(), *_of_corpus(corpus)]
    outcomes: Counter[str] = Counter()
    begun, failed = time.monotonic(), 0
    for number in range(rounds):
        if time.monotonic() - begun > seconds:
            break
        name, data = chance.choice(material)
        outcome = _outcome(SourceFile(name=name, data=damage(data, chance)), settings)
        outcomes[outcome] += 1
        if outcome not in ("read", "refused", "empty"):
            failed += 1
            print(f"round {number}: {name}: {outcome}")
    print(f"mutated files: {dict(outcomes)}, {failed} broke a reader (must be 0)")
    return failed


def _outcome(source: SourceFile, settings: RecordSettings) -> str:
    try:
        read = digitize(source, settings=settings)
    except (ReaderDied, ReadTimeout) as error:
        return f"{error.code}: {error}"
    except CopyUnreadable:
        return "refused"
    except GongbaoError as error:
        return f"{error.code}: {error}"
    if read.drafts:
        return "read"
    return "empty" if _errors(read.findings) == 1 else f"{_errors(read.findings)} errors in place of one"


def _errors(findings: tuple[Finding, ...]) -> int:
    return sum(finding.level is Level.ERROR for finding in findings)


def _of_corpus(corpus: Path) -> Iterator[tuple[str, bytes]]:
    """Some files of every kind, from every folder of the corpus."""
    taken: Counter[tuple[str, str]] = Counter()
    for path in sorted(corpus.rglob("*")):
        kind = path.relative_to(corpus).parts[0], path.suffix.lower()
        if path.suffix.lower() in _SUFFIXES and path.is_file() and path.stat().st_size < _LARGEST:
            data = path.read_bytes()
            if path.suffix.lower() == ".pdf" and b"/Font" not in data:
                # A scan: recognizing it takes minutes, and breaks nothing that a small one does not.
                continue
            taken[kind] += 1
            if taken[kind] <= _MOST_OF_A_KIND:
                yield path.name, data
