"""Suggestions while somebody types: names that begin with it, then names that hold it; by characters, by pinyin
(shipinanquan), by its initials (spaq), or begun in characters and gone on in pinyin (食品aq).

All names stand in three long strings, best first, one name a line: finding a piece in them is one search in memory,
a fraction of a millisecond over ten thousand titles, and needs no index of its own.
"""

from __future__ import annotations

import logging
import os
import re
import sqlite3
import threading
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, islice, pairwise

from gazette.settings import RecordSettings
from indexer.names import Name, NameBook, NameKind, read_names
from indexer.pinyin import initials
from indexer.records import title_key

log = logging.getLogger(__name__)

#: A book of so many names is read anew while the one who types waits: some ten milliseconds.
AT_ONCE = 2000
#: The most that is ever suggested, and the most of what is typed that is looked at.
MOST, LONGEST = 10, 60
#: Pinyin shorter than this is looked for at the beginning of names only: "an" is in every other title.
_SHORTEST_INSIDE = {"initials": 3, "spelled": 4}
_BEGUN = re.compile(r"(.*[^a-z])([a-z]{1,20})")
_LATIN = re.compile(r"[a-z]+[a-z0-9]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A name to search for. `about` is the title of what a number names."""

    text: str
    kind: NameKind
    about: str | None = None

    def to_json(self) -> dict[str, str | None]:
        return {"text": self.text, "kind": self.kind.value, "about": self.about}


class Lines:
    """Names as lines of one string. `find` gives the numbers of those that hold a piece, in order."""

    def __init__(self, lines: Sequence[str]) -> None:
        self.text = "\n" + "\n".join(lines) + "\n"
        self._starts = [0]
        for line in lines:
            self._starts.append(self._starts[-1] + len(line) + 1)

    def find(self, piece: str, *, begin: bool) -> Iterator[int]:
        piece = f"\n{piece}" if begin else piece
        at = self.text.find(piece)
        while at >= 0:
            # A piece that begins a line is found at the break before it.
            number = bisect_right(self._starts, at) - 1
            yield number
            at = self.text.find(piece, self._starts[number + 1])

    def places(self, piece: str) -> Iterator[tuple[int, int]]:
        """(line, place in it) wherever the piece stands."""
        at = self.text.find(piece)
        while at >= 0:
            number = bisect_right(self._starts, at) - 1
            yield number, at - self._starts[number] - 1
            at = self.text.find(piece, at + 1)


@dataclass(frozen=True, eq=False)
class NameTable:
    """Every name, best first, ready to be searched. A table is itself only: comparing two means reading both."""

    names: tuple[Name, ...]

    @cached_property
    def keys(self) -> Lines:
        return Lines([name.key for name in self.names])

    @cached_property
    def spelled(self) -> Lines:
        return Lines(["".join(name.read) for name in self.names])

    @cached_property
    def initials(self) -> Lines:
        return Lines([initials(name.read) for name in self.names])

    @cached_property
    def readings(self) -> dict[str, str]:
        """How each character of the names is usually read."""
        counted = Counter(chain.from_iterable(zip(name.key, name.read, strict=False) for name in self.names))
        return {character: syllable for (character, syllable), _ in reversed(counted.most_common())}

    @cached_property
    def often(self) -> Counter[str]:
        """At how many places each character, and each pair of them, stands in the names."""
        counted: Counter[str] = Counter()
        # Name by name: what counts one long string in one go lets nobody else be answered meanwhile.
        for name in self.names:
            counted.update(name.key)
            counted.update(map(str.__add__, name.key, name.key[1:]))
        return counted

    def holds(self, piece: str) -> bool:
        """Whether the piece stands in any name."""
        return all(self.often[one + other] for one, other in pairwise(piece)) and piece in self.keys.text

    @cached_property
    def titles(self) -> dict[str, str]:
        """The best title of each document that leads a name."""
        rows = (name for name in reversed(self.names) if name.kind is NameKind.TITLE)
        return {name.document: name.shown for name in rows}

    def suggest(self, typed: str, limit: int = MOST) -> tuple[Suggestion, ...]:
        """Names for what was typed so far, the likeliest first."""
        key = title_key(typed[:LONGEST])
        if not key:
            return ()
        found = dict.fromkeys(islice(self._numbers(key), 4 * min(limit, MOST)))
        shown = dict.fromkeys(
            Suggestion(
                text=name.shown,
                kind=name.kind,
                about=self.titles.get(name.document) if name.kind is NameKind.NUMBER else None,
            )
            for name in map(self.names.__getitem__, found)
        )
        return tuple(islice(shown, min(limit, MOST)))

    def _numbers(self, key: str) -> Iterator[int]:
        latin = bool(_LATIN.fullmatch(key))
        yield from self.keys.find(key, begin=True)
        if latin:
            yield from self.initials.find(key, begin=True)
            yield from self.spelled.find(key, begin=True)
        yield from self.keys.find(key, begin=False)
        if latin and len(key) >= _SHORTEST_INSIDE["initials"]:
            yield from self.initials.find(key, begin=False)
        if latin and len(key) >= _SHORTEST_INSIDE["spelled"]:
            yield from self.spelled.find(key, begin=False)
        if begun := _BEGUN.fullmatch(key):
            yield from self._gone_on(begun[1], begun[2])

    def _gone_on(self, characters: str, letters: str) -> Iterator[int]:
        """食品aq: the characters, and after them syllables that begin so or whose initials do."""
        numbers = chain(self.keys.find(characters, begin=True), self.keys.find(characters, begin=False))
        for number in islice(numbers, 2000):
            name = self.names[number]
            rest = name.read[name.key.index(characters) + len(characters) :]
            if "".join(rest).startswith(letters) or initials(rest).startswith(letters):
                yield number


def _read(db: sqlite3.Connection) -> NameTable:
    table = NameTable(read_names(db))
    # Made now: whoever types next must not wait for it.
    _ = table.keys, table.spelled, table.initials, table.titles, table.readings, table.often
    return table


class Names:
    """The book of names in memory, read anew when it was written. Safe to share between threads."""

    def __init__(self, settings: RecordSettings) -> None:
        self.book = NameBook(settings)
        self._lock = threading.Lock()
        self._db: sqlite3.Connection | None = None
        self._stamp: tuple[int, int] | None = None
        self._table = NameTable(())
        self._loading: threading.Thread | None = None

    def table(self) -> NameTable:
        """The names as they are now; none where the book is missing or being made."""
        with self._lock:
            try:
                self._follow()
            except (OSError, sqlite3.Error):
                log.info("names.unavailable")
                self._let_go()
            return self._table

    def close(self) -> None:
        if self._loading:
            self._loading.join()
        with self._lock:
            self._let_go()

    def _follow(self) -> None:
        inode = os.stat(self.book.file).st_ino
        if self._db is None or self._stamp is None or self._stamp[0] != inode:
            self._let_go()
            self._db = self.book.connect()
        version = self._db.execute("PRAGMA data_version").fetchone()[0]
        stamp = (inode, version)
        if self._stamp == stamp:
            return
        if len(self._table.names) <= AT_ONCE:
            self._table, self._stamp = _read(self._db), stamp
        elif self._loading is None or not self._loading.is_alive():
            self._loading = threading.Thread(target=self._load, args=(stamp,), name="names", daemon=True)
            self._loading.start()

    def _load(self, stamp: tuple[int, int]) -> None:
        """Read a large book beside whoever types meanwhile, who is answered from the old one."""
        try:
            with closing(self.book.connect()) as db:
                table = _read(db)
        except sqlite3.Error:
            log.info("names.unavailable")
            return
        with self._lock:
            self._table, self._stamp = table, stamp

    def _let_go(self) -> None:
        if self._db is not None:
            self._db.close()
        self._db = self._stamp = None
        self._table = NameTable(())
