"""The database as a whole: the tables of every room, brought up to date by one chain of revisions.

A migration is one transaction under the writer's lock, so two processes that start at once migrate once, and a
killed one leaves the old schema. Foreign keys rest meanwhile on SQLite, where changing a table means copying it;
they are checked before the commit.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData
from sqlalchemy.exc import ArgumentError, DBAPIError

from gazette.errors import GongbaoError
from gazette.settings import RecordSettings
from gazette.store import Base, Store

#: Every module that declares tables.
_TABLES = (
    "datasets.catalogue",
    "gazette.validity.acceptance",
    "gazette.record.agencies",
    "gazette.audit",
    "gazette.citations.cited",
    "gazette.cleanups.cleanup",
    "gazette.record.documents",
    "gazette.validity.events",
    "gazette.issues.issue",
    "gazette.ledger",
    "gazette.outbox",
    "harvest.items",
    "harvest.reports",
    "portal.accounts",
    "portal.reports",
    "portal.subscriptions.book",
)


class DatabaseUnavailable(GongbaoError):
    code, status = "database.unavailable", 503
    zh, en = "无法打开数据库：{why}", "Cannot open the database: {why}"


def metadata() -> MetaData:
    """The tables of all rooms."""
    for name in _TABLES:
        import_module(name)
    return Base.metadata


def open_store(settings: RecordSettings) -> Store:
    """The store of `settings`, its schema up to date. Raises DatabaseUnavailable."""
    try:
        store = Store(settings)
    except ArgumentError as error:
        raise DatabaseUnavailable(why=error) from error
    try:
        _reach(store)
        migrate(store)
    except BaseException:
        store.close()
        raise
    return store


def _reach(store: Store) -> None:
    """Open one connection, so that a server out of reach or a file that is no database is told in one line."""
    try:
        store.engine.connect().close()
    except DBAPIError as error:
        raise DatabaseUnavailable(why=str(error.orig).splitlines()[0]) from error


def migrate(store: Store, revision: str = "head") -> None:
    """Bring the schema up to `revision`; a schema that is there already costs one query."""
    config = _config()
    if revision == "head" and schema_revision(store) == ScriptDirectory.from_config(config).get_current_head():
        return
    with store.alter() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def unwind(store: Store, revision: str) -> None:
    """Take the schema back to `revision` (`base` drops every table)."""
    config = _config()
    with store.alter() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, revision)


def schema_revision(store: Store) -> str | None:
    """The revision the database stands at; None for an empty one."""
    with store.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def schema_differences(store: Store) -> list[Any]:
    """What the models have and the database has not, or the other way round, in Alembic's words."""
    with store.engine.connect() as connection:
        return list(compare_metadata(_context(connection), metadata()))


def _context(connection: Connection) -> MigrationContext:
    return MigrationContext.configure(connection, opts={"compare_type": True, "target_metadata": metadata()})


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")).replace("%", "%%"))
    return config
