"""The one Alembic environment: it sees every room's tables and runs on the connection that portal.database opens.

Batch mode, because SQLite changes a table only by copying it. Column types of ours are written as the plain
SQLAlchemy types they rest on, so that a revision never changes when our code does.
"""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext

from gazette.store import UTCDateTime
from portal.database import metadata


def _plain_type(kind: str, thing: Any, _context: AutogenContext) -> str | Literal[False]:
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(thing, UTCDateTime) else False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata(),
    render_as_batch=True,
    render_item=_plain_type,
    compare_type=True,
    transaction_per_migration=False,
)
with context.begin_transaction():
    context.run_migrations()
