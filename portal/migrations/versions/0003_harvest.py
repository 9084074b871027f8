"""Harvesting: sources, what is remembered of their addresses, and the reports of runs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "harvest_sources",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("agency", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("every_days", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_success_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_harvest_sources")),
    )
    op.create_table(
        "harvest_runs",
        sa.Column("id", sa.String(length=12), nullable=False),
        sa.Column("source", sa.String(length=60), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("report", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["source"], ["harvest_sources.name"], name=op.f("fk_harvest_runs_source_harvest_sources")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_harvest_runs")),
    )
    with op.batch_alter_table("harvest_runs", schema=None) as batch_op:
        batch_op.create_index("ix_harvest_runs_source_started_at", ["source", "started_at"], unique=False)

    op.create_table(
        "harvest_items",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("source", sa.String(length=60), nullable=False),
        sa.Column("url", sa.String(length=1000), nullable=False),
        sa.Column("role", sa.String(length=12), nullable=False),
        sa.Column("etag", sa.Text(), nullable=True),
        sa.Column("last_modified", sa.String(length=100), nullable=True),
        sa.Column("fetched_sha256", sa.String(length=64), nullable=True),
        sa.Column("content_sha256", sa.String(length=64), nullable=True),
        sa.Column("media_type", sa.String(length=100), nullable=True),
        sa.Column("links", sa.JSON(), nullable=False),
        sa.Column("document_id", sa.String(length=12), nullable=True),
        sa.Column("version_id", sa.String(length=12), nullable=True),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.Column("first_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("missing_since", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name=op.f("fk_harvest_items_document_id_documents")),
        sa.ForeignKeyConstraint(
            ["source"], ["harvest_sources.name"], name=op.f("fk_harvest_items_source_harvest_sources")
        ),
        sa.ForeignKeyConstraint(["version_id"], ["versions.id"], name=op.f("fk_harvest_items_version_id_versions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_harvest_items")),
        sa.UniqueConstraint("source", "url", name=op.f("uq_harvest_items_source_url")),
    )
    with op.batch_alter_table("harvest_items", schema=None) as batch_op:
        batch_op.create_index("ix_harvest_items_document_id", ["document_id"], unique=False)


def downgrade() -> None:
    op.drop_table("harvest_items")
    op.drop_table("harvest_runs")
    op.drop_table("harvest_sources")
