"""Suggestions and corrections over the names of 1,641 laws and 2,904 catalogue rows, and over twenty times as many.

The baseline, in the same run: going through the list of titles once for what holds the letters typed.
"""

from __future__ import annotations

import json
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from gazette.record.names import Named
from gazette.settings import RecordSettings
from indexer.pinyin import initials, syllables
from indexer.records import title_key
from indexer.spelling import correct
from indexer.suggest import Names
from tests.bench._row import row
from tests.laws import iter_laws

RUNS = 400
COPIES = 20


def rows(corpus: Path) -> list[dict[str, object]]:
    """Rows of name, ours, baseline, ratio, target."""
    titles = [law.title for law in iter_laws(corpus)]
    listed = (corpus / "state_council_catalogue" / "documents.jsonl").read_text("utf-8").splitlines()
    titles += [json.loads(line)["title"] for line in listed]
    many = [*titles, *(f"{title}{copy}" for copy in range(1, COPIES) for title in titles)]
    return [*_rows(titles, ""), *_rows(many, f", {COPIES} times the names")]


def _rows(titles: Sequence[str], more: str) -> list[dict[str, object]]:
    with tempfile.TemporaryDirectory() as folder:
        names = Names(RecordSettings(home=Path(folder)))
        begun = time.process_time()
        names.book.rebuild_from(_named(number, title) for number, title in enumerate(titles))
        built_s = time.process_time() - begun
        typed, wrong = _typed(titles), _wrong(titles)
        names.table()
        ours = _p95(lambda text: names.table().suggest(text), typed)
        put_right = _p95(lambda text: correct(names.table(), text), wrong)
        keys = [title_key(title) for title in titles]
        plain = _p95(lambda text: [key for key in keys if text in key], typed)
        read_s = statistics.mean(_seconds(lambda _: [syllables(key) for key in keys[:1000]], [""])) * len(keys) / 1000
        names.close()
    of = f"over {len(titles)} names{more}"
    return [
        row(f"suggest: p95 ms {of}", ours, plain, "<= 20", digits=3),
        row(f"suggest: p95 ms of a correction {of}", put_right, plain, "<= 50", digits=3),
        row(f"suggest: s to write the book {of}; baseline reads them aloud", built_s, read_s, "ratio <= 3", digits=3),
    ]


def _named(number: int, title: str) -> Named:
    return Named(document=f"d{number}", titles=(title,), numbers=(), issuers=(), ended=False)


def _typed(titles: Sequence[str]) -> list[str]:
    """What a visitor has typed at some moment: one to eight characters from anywhere, or their pinyin or initials."""
    chance = random.Random(5)
    found = []
    for title in chance.choices(titles, k=RUNS):
        key = title_key(title)
        start, length = chance.randrange(len(key)), chance.randint(1, 8)
        piece = key[start : start + length]
        found.append(chance.choice([piece, piece, "".join(syllables(piece)), initials(syllables(piece))]))
    return found


def _wrong(titles: Sequence[str]) -> list[str]:
    """Pieces of titles with one character that is not theirs."""
    chance = random.Random(6)
    keys = [title_key(title) for title in chance.choices(titles, k=RUNS)]
    pieces = [key[: chance.randint(4, 12)] for key in keys]
    return [f"{piece[:at]}鑫{piece[at + 1 :]}" for piece in pieces for at in [chance.randrange(len(piece))]]


def _seconds(work: Callable[[str], object], texts: Sequence[str]) -> list[float]:
    times = []
    for text in texts:
        begun = time.perf_counter()
        work(text)
        times.append(time.perf_counter() - begun)
    return times


def _p95(work: Callable[[str], object], texts: Sequence[str]) -> float:
    """Milliseconds."""
    return 1000 * statistics.quantiles(_seconds(work, texts), n=20)[18]
