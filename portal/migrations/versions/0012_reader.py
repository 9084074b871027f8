"""Which reader gave the text held, so that what an older one read can be read anew."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("copies") as table:
        table.add_column(sa.Column("reader", sa.Integer()))


def downgrade() -> None:
    with op.batch_alter_table("copies") as table:
        table.drop_column("reader")
