"""What is to become of an event once it is known whom it means: what was accepted counts, what an editor said holds."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("events") as table:
        table.add_column(sa.Column("ruling", sa.String(8)))
    events = sa.table("events", *map(sa.column, ("id", "target_key", "document_id", "state", "rule", "ruling")))
    audit = sa.table("audit", sa.column("action"), sa.column("after", sa.JSON()))
    connection = op.get_bind()
    named = sa.and_(events.c.target_key.is_not(None), events.c.document_id.is_not(None))
    connection.execute(events.update().where(named, events.c.state == "accepted").values(ruling="counts"))
    connection.execute(events.update().where(named, events.c.rule == "cleanup").values(ruling="decided"))
    decisions = sa.select(audit.c.after).where(audit.c.action.in_(("accept_event", "reject_event")))
    for after in list(connection.scalars(decisions)):
        decided = events.c.id == (after or {}).get("event")
        connection.execute(events.update().where(decided).values(ruling="decided"))


def downgrade() -> None:
    with op.batch_alter_table("events") as table:
        table.drop_column("ruling")
