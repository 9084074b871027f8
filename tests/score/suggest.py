"""How often what was meant is suggested, or offered as a correction, over the titles of laws and of the catalogue.

What is typed is cut from titles by a fixed chance; nothing in the program was chosen on it.
"""

from __future__ import annotations

import json
import random
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from gazette.record.names import Named
from gazette.settings import RecordSettings
from indexer.pinyin import initials, syllables
from indexer.records import same_title_key
from indexer.spelling import correct
from indexer.suggest import Names, NameTable
from tests.laws import iter_laws
from tests.score.row import Measure, Row, right_of

_LAWS, _CATALOGUE = "law_markdown.tar.gz", "state_council_catalogue"
_SAMPLE = 1000
#: Characters that stand in for the right one: common, so that the wrong piece looks like a word.
_WRONG = "的一是不人在有我他这中大来上国个到说们为子和地出道也时年"


def rows(corpus: Path) -> Iterator[Row]:
    listed = (corpus / _CATALOGUE / "documents.jsonl").read_text("utf-8").splitlines()
    yield from _rows("law_markdown", [law.title for law in iter_laws(corpus)])
    yield from _rows(_CATALOGUE, [json.loads(line)["title"] for line in listed])


def _rows(of: str, titles: list[str]) -> Iterator[Row]:
    chance = random.Random(1125)
    keys = [same_title_key(title) for title in titles]
    with tempfile.TemporaryDirectory() as folder:
        names = Names(RecordSettings(home=Path(folder)))
        names.book.rebuild_from(
            Named(document=f"d{number}", titles=(title,), numbers=(), issuers=(), ended=False)
            for number, title in enumerate(titles)
        )
        table = names.table()
        names.close()
    kept = [key for key in chance.choices(keys, k=_SAMPLE) if len(key) >= 6]

    def suggested(metric: str, typed: Callable[[str], str], least: float) -> Row:
        missed = (key for key in kept if key not in _suggested(table, typed(key)))
        return right_of(of, metric, len(kept), missed, least)

    yield suggested("title suggested from all but its last character", lambda key: key[:-1], 0.99)
    yield suggested("title suggested from its pinyin initials", lambda key: initials(syllables(key)), 0.95)
    yield suggested("title suggested from its pinyin", lambda key: "".join(syllables(key)), 0.98)
    pieces = [_piece(chance, key, 4, 10) for key in kept]
    wrong = [(piece, _misspelt(chance, piece)) for piece in pieces]
    offered = [(piece, typed) for piece, typed in wrong if typed not in table.keys.text]
    missed = (f"{typed}: {correct(table, typed)}" for piece, typed in offered if correct(table, typed) != piece)
    yield right_of(of, "piece of a title with one slip: put right", len(offered), missed, 0.75)


def _suggested(table: NameTable, typed: str) -> set[str]:
    return {same_title_key(each.text) for each in table.suggest(typed)}


def _piece(chance: random.Random, key: str, shortest: int, longest: int) -> str:
    length = min(len(key), chance.randint(shortest, longest))
    start = chance.randrange(len(key) - length + 1)
    return key[start : start + length]


def _misspelt(chance: random.Random, piece: str) -> str:
    """One character wrong, missing or changed with the one after it."""
    at = chance.randrange(len(piece) - 1)
    ways: Iterable[str] = (
        f"{piece[:at]}{chance.choice(_WRONG)}{piece[at + 1 :]}",
        f"{piece[:at]}{piece[at + 1 :]}",
        f"{piece[:at]}{piece[at + 1]}{piece[at]}{piece[at + 2 :]}",
    )
    return chance.choice(list(ways))


MEASURES = (Measure(needs=(_LAWS, _CATALOGUE), rows=rows),)
