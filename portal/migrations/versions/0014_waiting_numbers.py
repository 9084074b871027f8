"""What waits for a document is found by its number, too."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_UNRESOLVED = sa.text("target_document_id IS NULL")


def upgrade() -> None:
    op.create_index("ix_events_target_number", "events", ["target_number"])
    op.create_index(
        "ix_citations_unresolved_number",
        "citations",
        ["doc_number"],
        sqlite_where=_UNRESOLVED,
        postgresql_where=_UNRESOLVED,
    )


def downgrade() -> None:
    op.drop_index("ix_citations_unresolved_number", "citations")
    op.drop_index("ix_events_target_number", "events")
