"""The store: one database, one blob folder, sessions that read and sessions that write.

The store is the truth; the index, exports and feeds are derived. A fact and its outbox row are written in one
transaction: `with store.write() as session` commits at the end or leaves nothing.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any, ClassVar, TypeVar

from sqlalchemy import JSON, Connection, DateTime, Dialect, Engine, MetaData, create_engine, event, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker
from sqlalchemy.types import TypeDecorator

from gazette.blobs import Blobs
from gazette.settings import RecordSettings

T = TypeVar("T")

_CHINA = timezone(timedelta(hours=8))
_WRITER_LOCK = 0x676F6E67
_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


def new_id() -> str:
    """A fresh opaque id: 12 characters, Crockford base 32 in lower case (60 random bits)."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(12))


def now() -> datetime:
    return datetime.now(UTC)


def today() -> date:
    """The day it is in China, by which documents commence and lapse."""
    return datetime.now(_CHINA).date()


class UTCDateTime(TypeDecorator[datetime]):
    """An aware datetime in UTC; SQLite keeps none, so it is put back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("naive datetime")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Mother of every room's tables, so that one Alembic environment sees them all."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: UTCDateTime,
        dict[str, Any]: JSON,
        list[dict[str, Any]]: JSON,
        list[str]: JSON,
    }


def open_engine(url: str) -> Engine:
    """An engine for `url`; SQLite gets WAL, foreign keys, a busy timeout and transactions begun by us."""
    if not url.startswith("sqlite"):
        return create_engine(url, pool_pre_ping=True)
    engine = create_engine(url, connect_args={"timeout": 30, "check_same_thread": False})

    @event.listens_for(engine, "connect")
    def _pragmas(connection: Any, _record: Any) -> None:
        # The driver must not begin transactions on its own, or BEGIN IMMEDIATE below would come too late.
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", "foreign_keys=ON", "busy_timeout=30000", "synchronous=NORMAL"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        mode = connection.get_execution_options().get("gongbao_begin", "DEFERRED")
        connection.exec_driver_sql(f"BEGIN {mode}")

    return engine


def _lock_writers(connection: Connection) -> None:
    """One writer at a time on PostgreSQL too: identity, ledger and outbox order rest on it."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _WRITER_LOCK})


def in_batches(values: Iterable[T], size: int = 500) -> Iterator[Sequence[T]]:
    """`values` in lots small enough for one IN (…): SQLite and PostgreSQL bound the parameters of a statement."""
    values = list(values)
    for start in range(0, len(values), size):
        yield values[start : start + size]


def settings_of(session: Session) -> RecordSettings:
    """The settings of the store that opened the session."""
    settings: RecordSettings = session.info["settings"]
    return settings


class Store:
    """The open store. `read()` sees a snapshot; `write()` holds the one writer's lock until it commits."""

    def __init__(self, settings: RecordSettings) -> None:
        self.settings = settings
        settings.home.mkdir(parents=True, exist_ok=True)
        self.engine = open_engine(settings.sqlalchemy_url)
        self.blobs = Blobs(settings.blob_folder)
        info = {"settings": settings}
        self._reading = sessionmaker(self.engine, expire_on_commit=False, info=info)
        # IMMEDIATE: a SQLite reader that turns writer midway would fail with "database is locked".
        immediate = self.engine.execution_options(gongbao_begin="IMMEDIATE")
        self._writing = sessionmaker(immediate, expire_on_commit=False, info=info)

    @contextmanager
    def read(self) -> Iterator[Session]:
        with self._reading() as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        with self._writing() as session, session.begin():
            _lock_writers(session.connection())
            yield session

    @contextmanager
    def alter(self) -> Iterator[Connection]:
        """A connection that may change tables, in one transaction; foreign keys are checked at its end."""
        with self.engine.execution_options(gongbao_begin="IMMEDIATE").connect() as connection:
            on_sqlite = connection.dialect.name == "sqlite"
            raw = connection.connection.driver_connection
            if on_sqlite and raw is not None:
                # SQLite changes a table by copying it, and would see its rows deleted; only outside a transaction.
                raw.execute("PRAGMA foreign_keys=OFF")
            try:
                with connection.begin():
                    _lock_writers(connection)
                    yield connection
                    if on_sqlite and (broken := connection.exec_driver_sql("PRAGMA foreign_key_check").first()):
                        raise IntegrityError(f"foreign key of {broken[0]}", None, ValueError(str(tuple(broken))))
            finally:
                if on_sqlite and raw is not None:
                    raw.execute("PRAGMA foreign_keys=ON")

    def close(self) -> None:
        self.engine.dispose()
