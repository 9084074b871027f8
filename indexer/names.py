"""The book of names: every title, short title, document number and agency, as people may type it.

    GONGBAO_HOME/index/names.db     one small SQLite file, whatever the engine

Derived from the store like an index: written by whoever writes the index, the outbox id it is as of in the same
transaction, so that a killed process is caught up by the next one; made anew when it is missing, damaged or of another
format. Web workers read it (`indexer.suggest`, `indexer.spelling`).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from gazette.outbox import iter_changes, last_change
from gazette.record.names import Named, iter_names
from gazette.settings import RecordSettings
from gazette.store import Store
from gazette.store import today as china_today
from indexer.pinyin import syllables
from indexer.records import title_key, title_keys

#: Raised with every change in what is kept.
FORMAT = 1
#: Changes taken from the outbox at a time.
_BATCH = 500
_TABLES = """
CREATE TABLE names (
    document TEXT NOT NULL, kind TEXT NOT NULL, key TEXT NOT NULL, shown TEXT NOT NULL, read TEXT NOT NULL,
    ended INTEGER NOT NULL, PRIMARY KEY (document, kind, key)
) WITHOUT ROWID;
CREATE TABLE state (format INTEGER NOT NULL, derived INTEGER NOT NULL);
"""
_DISTINCT = """
SELECT kind, key, min(shown), read, min(ended), count(*), min(document) FROM names GROUP BY kind, key
"""


class NameKind(StrEnum):
    TITLE = "title"
    NUMBER = "number"
    AGENCY = "agency"


@dataclass(frozen=True, slots=True)
class Name:
    """A name as `shown`, and as compared (`key`: letters and digits, folded) and `read` (one syllable a character).
    `documents` have it, one of them `document`; `ended` when all of them have."""

    kind: NameKind
    key: str
    shown: str
    read: tuple[str, ...]
    ended: bool
    documents: int
    document: str


class NameBook:
    """The file of names under `settings.home`."""

    def __init__(self, settings: RecordSettings) -> None:
        self.file = settings.home / "index" / "names.db"

    def follow(self, store: Store, today: date | None = None) -> None:
        """Bring the book up to date from the outbox; a book that cannot be followed is made anew."""
        today = today or china_today()
        with store.read() as session, self._writing() as db:
            derived, newest = _derived(db), last_change(session)
            if derived is None or derived > newest:
                _fill(db, iter_names(session, today), newest)
                return
            while changes := list(iter_changes(session, derived, _BATCH)):
                ids = {each.subject for each in changes if each.topic == "document"}
                db.executemany("DELETE FROM names WHERE document = ?", [(each,) for each in ids])
                _add(db, iter_names(session, today, ids))
                derived = changes[-1].id
                db.execute("UPDATE state SET derived = ?", (derived,))

    def rebuild(self, store: Store, today: date | None = None) -> None:
        """Make the book anew."""
        with store.read() as session, self._writing() as db:
            _fill(db, iter_names(session, today or china_today()), last_change(session))

    def rebuild_from(self, names: Iterable[Named]) -> None:
        """Make the book anew from names given."""
        with self._writing() as db:
            _fill(db, names, 0)

    def connect(self) -> sqlite3.Connection:
        """The book for reading. Raises sqlite3.Error where there is none."""
        return sqlite3.connect(f"file:{self.file}?mode=ro", uri=True, timeout=5, check_same_thread=False)

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction over the file. A second writer waits for it; a damaged file gives way to a new one."""
        self.file.parent.mkdir(parents=True, exist_ok=True)
        try:
            db = self._open()
        except sqlite3.DatabaseError:
            for each in self.file.parent.glob(f"{self.file.name}*"):
                each.unlink(missing_ok=True)
            db = self._open()
        with closing(db):
            db.execute("BEGIN IMMEDIATE")
            before = db.total_changes
            yield db
            db.execute("COMMIT")
            if db.total_changes > before:
                # What was purged must not lie on in the log; a reader in the way is waited for next time.
                db.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def _open(self) -> sqlite3.Connection:
        db = sqlite3.connect(self.file, timeout=30, isolation_level=None)
        try:
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("PRAGMA synchronous = NORMAL")
            db.execute("PRAGMA secure_delete = ON")
            db.execute("SELECT count(*) FROM sqlite_master")
        except sqlite3.DatabaseError:
            db.close()
            raise
        return db


def read_names(db: sqlite3.Connection) -> tuple[Name, ...]:
    """Every name once: what has not ended first, then the shorter, so that the first found are the best."""
    if _derived(db) is None:
        return ()
    rows = (
        Name(NameKind(kind), key, shown, tuple(read.split(" ")), bool(ended), count, document)
        for kind, key, shown, read, ended, count, document in db.execute(_DISTINCT)
    )
    return tuple(sorted(rows, key=lambda name: (name.ended, len(name.key), -name.documents, name.shown)))


def _derived(db: sqlite3.Connection) -> int | None:
    """The outbox id the book is as of; None for a book of another format or none at all."""
    try:
        row = db.execute("SELECT format, derived FROM state").fetchone()
    except sqlite3.OperationalError:
        return None
    return int(row[1]) if row and row[0] == FORMAT else None


def _fill(db: sqlite3.Connection, names: Iterable[Named], derived: int) -> None:
    db.execute("DROP TABLE IF EXISTS names")
    db.execute("DROP TABLE IF EXISTS state")
    for statement in filter(str.strip, _TABLES.split(";")):
        db.execute(statement)
    _add(db, names)
    db.execute("INSERT INTO state VALUES (?, ?)", (FORMAT, derived))


def _add(db: sqlite3.Connection, names: Iterable[Named]) -> None:
    db.executemany("INSERT OR IGNORE INTO names VALUES (?, ?, ?, ?, ?, ?)", _rows(names))


def _rows(names: Iterable[Named]) -> Iterator[tuple[str, str, str, str, str, bool]]:
    for named in names:
        kinds = ((NameKind.TITLE, named.titles), (NameKind.NUMBER, named.numbers), (NameKind.AGENCY, named.issuers))
        for kind, shown in kinds:
            for each in shown:
                for key in title_keys(each) if kind is NameKind.TITLE else filter(None, (title_key(each),)):
                    yield named.document, kind, key, each.strip(), " ".join(syllables(key)), named.ended
