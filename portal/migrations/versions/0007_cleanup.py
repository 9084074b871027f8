"""Clean-ups handed in line by line; the name of an acting document that is not held."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("events", sa.Column("act_title", sa.Text()))
    op.create_table(
        "cleanups",
        sa.Column("id", sa.String(12), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("act_document_id", sa.String(12)),
        sa.Column("act_title", sa.Text(), nullable=False),
        sa.Column("act_number", sa.Text()),
        sa.Column("act_issuer", sa.Text()),
        sa.Column("act_url", sa.Text()),
        sa.Column("effective", sa.Date(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("actor", sa.String(120), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["act_document_id"], ["documents.id"], name="fk_cleanups_act_document_id_documents"),
        sa.PrimaryKeyConstraint("id", name="pk_cleanups"),
        sa.UniqueConstraint("digest", name="uq_cleanups_digest"),
    )
    op.create_table(
        "cleanup_lines",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("cleanup_id", sa.String(12), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("eid", sa.String(200)),
        sa.Column("quote", sa.Text(), nullable=False),
        sa.Column("title", sa.Text()),
        sa.Column("number", sa.Text()),
        sa.Column("issuer", sa.Text()),
        sa.Column("day", sa.Date()),
        sa.Column("decision", sa.String(24)),
        sa.Column("remark", sa.Text()),
        sa.Column("candidates", sa.JSON(), nullable=False),
        sa.Column("document_id", sa.String(12)),
        sa.Column("confidence", sa.Double(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("event_id", sa.String(12)),
        sa.ForeignKeyConstraint(["cleanup_id"], ["cleanups.id"], name="fk_cleanup_lines_cleanup_id_cleanups"),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name="fk_cleanup_lines_document_id_documents"),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name="fk_cleanup_lines_event_id_events"),
        sa.PrimaryKeyConstraint("id", name="pk_cleanup_lines"),
    )
    op.create_index("ix_cleanup_lines_cleanup_id", "cleanup_lines", ["cleanup_id"])


def downgrade() -> None:
    op.drop_table("cleanup_lines")
    op.drop_table("cleanups")
    op.drop_column("events", "act_title")
