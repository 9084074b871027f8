"""Find what is not held, and what the calendar changes, without reading whole tables."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_citations_unresolved",
        "citations",
        ["target_key", "version_id"],
        sqlite_where=sa.text("target_document_id IS NULL"),
        postgresql_where=sa.text("target_document_id IS NULL"),
    )
    op.create_index("ix_intervals_valid_from", "intervals", ["valid_from"])


def downgrade() -> None:
    op.drop_index("ix_intervals_valid_from", "intervals")
    op.drop_index("ix_citations_unresolved", "citations")
