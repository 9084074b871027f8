"""What is being done with a whole clean-up, lot by lot; lists that were taken back."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("cleanups") as table:
        table.add_column(sa.Column("task", sa.String(10)))
        table.add_column(sa.Column("task_actor", sa.String(120)))
        table.add_column(sa.Column("task_total", sa.Integer(), nullable=False, server_default="0"))
        table.add_column(sa.Column("task_note", sa.Text()))
        table.add_column(sa.Column("withdrawn_at", sa.DateTime(timezone=True)))


def downgrade() -> None:
    with op.batch_alter_table("cleanups") as table:
        for name in ("withdrawn_at", "task_note", "task_total", "task_actor", "task"):
            table.drop_column(name)
