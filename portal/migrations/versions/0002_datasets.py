"""The open-data catalogue: datasets and their resources."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "datasets",
        sa.Column("id", sa.String(12), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("provider", sa.Text()),
        sa.Column("theme", sa.Text()),
        sa.Column("update_cycle", sa.String(10), nullable=False),
        sa.Column("access", sa.String(10), nullable=False),
        sa.Column("license", sa.Text()),
        sa.Column("keywords", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("issued", sa.Date()),
        sa.Column("modified", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_datasets"),
        sa.UniqueConstraint("name", name="uq_datasets_name"),
    )
    op.create_index("ix_datasets_state", "datasets", ["state"])
    op.create_index("ix_datasets_modified", "datasets", ["modified"])
    op.create_table(
        "resources",
        sa.Column("id", sa.String(12), nullable=False),
        sa.Column("dataset_id", sa.String(12), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.String(100), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("bytes", sa.Integer(), nullable=False),
        sa.Column("table_sha256", sa.String(64), nullable=False),
        sa.Column("table_bytes", sa.Integer(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("table_schema", sa.JSON(), nullable=False),
        sa.Column("report", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_resources"),
        sa.ForeignKeyConstraint(["dataset_id"], ["datasets.id"], name="fk_resources_dataset_id_datasets"),
        sa.UniqueConstraint("dataset_id", "name", name="uq_resources_dataset_id_name"),
    )
    op.create_index("ix_resources_dataset_id", "resources", ["dataset_id"])


def downgrade() -> None:
    op.drop_table("resources")
    op.drop_table("datasets")
