"""Who made a version's text, and what a consolidated one was made of."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_LINKS = ("base_version_id", "decision_version_id", "replaced_by_id")


def upgrade() -> None:
    with op.batch_alter_table("versions") as batch:
        batch.add_column(sa.Column("origin", sa.String(length=12), nullable=False, server_default="official"))
        for name in _LINKS:
            batch.add_column(sa.Column(name, sa.String(length=12), nullable=True))
            batch.create_foreign_key(op.f(f"fk_versions_{name}_versions"), "versions", [name], ["id"])
        batch.create_index(op.f("ix_versions_decision_version_id"), ["decision_version_id"])
        batch.alter_column("origin", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("versions") as batch:
        batch.drop_index(op.f("ix_versions_decision_version_id"))
        for name in _LINKS:
            batch.drop_constraint(op.f(f"fk_versions_{name}_versions"), type_="foreignkey")
            batch.drop_column(name)
        batch.drop_column("origin")
