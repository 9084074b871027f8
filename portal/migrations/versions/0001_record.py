"""The record: agencies, documents, versions, copies, events, gazettes, trail, outbox and ledger."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "agencies",
        sa.Column("id", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=True),
        sa.Column("parent_id", sa.String(length=12), nullable=True),
        sa.Column("region", sa.String(length=100), nullable=True),
        sa.ForeignKeyConstraint(["parent_id"], ["agencies.id"], name=op.f("fk_agencies_parent_id_agencies")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agencies")),
        sa.UniqueConstraint("name", name=op.f("uq_agencies_name")),
    )
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=120), nullable=False),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("topic", sa.String(length=20), nullable=False),
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("undoes_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["undoes_id"], ["audit.id"], name=op.f("fk_audit_undoes_id_audit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    with op.batch_alter_table("audit") as table:
        table.create_index(table.f("ix_audit_subject"), ["subject"], unique=False)

    op.create_table(
        "documents",
        sa.Column("id", sa.String(length=12), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=True),
        sa.Column("theme", sa.Text(), nullable=True),
        sa.Column("keywords", sa.JSON(), nullable=False),
        sa.Column("disclosure", sa.Text(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("carried_by_id", sa.String(length=12), nullable=True),
        sa.Column("merged_into_id", sa.String(length=12), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_reason", sa.Text(), nullable=True),
        sa.Column("first_published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["carried_by_id"], ["documents.id"], name=op.f("fk_documents_carried_by_id_documents")),
        sa.ForeignKeyConstraint(
            ["merged_into_id"], ["documents.id"], name=op.f("fk_documents_merged_into_id_documents")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_documents")),
    )
    with op.batch_alter_table("documents") as table:
        table.create_index(table.f("ix_documents_carried_by_id"), ["carried_by_id"], unique=False)
        table.create_index(table.f("ix_documents_state"), ["state"], unique=False)
        table.create_index(table.f("ix_documents_updated_at"), ["updated_at"], unique=False)

    op.create_table(
        "gazettes",
        sa.Column("id", sa.String(length=60), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=True),
        sa.Column("sponsor", sa.Text(), nullable=True),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gazettes")),
    )
    op.create_table(
        "ledger",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("topic", sa.String(length=20), nullable=False),
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger")),
        sa.UniqueConstraint("hash", name=op.f("uq_ledger_hash")),
    )
    with op.batch_alter_table("ledger") as table:
        table.create_index(table.f("ix_ledger_subject"), ["subject"], unique=False)

    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("topic", sa.String(length=20), nullable=False),
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "document_issuers",
        sa.Column("document_id", sa.String(length=12), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_document_issuers_agency_id_agencies")),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name=op.f("fk_document_issuers_document_id_documents")
        ),
        sa.PrimaryKeyConstraint("document_id", "position", name=op.f("pk_document_issuers")),
    )
    with op.batch_alter_table("document_issuers") as table:
        table.create_index(table.f("ix_document_issuers_agency_id"), ["agency_id"], unique=False)

    op.create_table(
        "identifiers",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("document_id", sa.String(length=12), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("value", sa.String(length=400), nullable=False),
        sa.Column("raw", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name=op.f("fk_identifiers_document_id_documents")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identifiers")),
        sa.UniqueConstraint("document_id", "kind", "value", name=op.f("uq_identifiers_document_id_kind_value")),
    )
    with op.batch_alter_table("identifiers") as table:
        table.create_index("ix_identifiers_kind_value", ["kind", "value"], unique=False)

    op.create_table(
        "issues",
        sa.Column("id", sa.String(length=12), nullable=False),
        sa.Column("gazette_id", sa.String(length=60), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("running_number", sa.Integer(), nullable=True),
        sa.Column("cover_date", sa.Date(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("pages", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["gazette_id"], ["gazettes.id"], name=op.f("fk_issues_gazette_id_gazettes")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issues")),
        sa.UniqueConstraint("gazette_id", "year", "number", name=op.f("uq_issues_gazette_id_year_number")),
    )
    op.create_table(
        "versions",
        sa.Column("id", sa.String(length=12), nullable=False),
        sa.Column("document_id", sa.String(length=12), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("doc_number", sa.Text(), nullable=True),
        sa.Column("doc_number_raw", sa.Text(), nullable=True),
        sa.Column("version_date", sa.Date(), nullable=True),
        sa.Column("signed_date", sa.Date(), nullable=True),
        sa.Column("published_date", sa.Date(), nullable=True),
        sa.Column("effective_date", sa.Date(), nullable=True),
        sa.Column("expiry_date", sa.Date(), nullable=True),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("is_translation", sa.Boolean(), nullable=False),
        sa.Column("recipients", sa.JSON(), nullable=False),
        sa.Column("history", sa.JSON(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("notes", sa.JSON(), nullable=False),
        sa.Column("findings", sa.JSON(), nullable=False),
        sa.Column("letters_sha256", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name=op.f("fk_versions_document_id_documents")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_versions")),
    )
    with op.batch_alter_table("versions") as table:
        table.create_index(table.f("ix_versions_document_id"), ["document_id"], unique=False)
        table.create_index(table.f("ix_versions_letters_sha256"), ["letters_sha256"], unique=False)
        table.create_index("ix_versions_signed", ["signed_date", "is_translation"], unique=False)

    op.create_table(
        "attachments",
        sa.Column("id", sa.String(length=12), nullable=False),
        sa.Column("version_id", sa.String(length=12), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("media_type", sa.String(length=100), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["version_id"], ["versions.id"], name=op.f("fk_attachments_version_id_versions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachments")),
    )
    with op.batch_alter_table("attachments") as table:
        table.create_index(table.f("ix_attachments_version_id"), ["version_id"], unique=False)

    op.create_table(
        "citations",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("version_id", sa.String(length=12), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("raw", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("doc_number", sa.Text(), nullable=True),
        sa.Column("provision_eid", sa.String(length=200), nullable=True),
        sa.Column("target_key", sa.String(length=400), nullable=True),
        sa.Column("target_document_id", sa.String(length=12), nullable=True),
        sa.Column("locator", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["target_document_id"], ["documents.id"], name=op.f("fk_citations_target_document_id_documents")
        ),
        sa.ForeignKeyConstraint(["version_id"], ["versions.id"], name=op.f("fk_citations_version_id_versions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_citations")),
    )
    with op.batch_alter_table("citations") as table:
        table.create_index(table.f("ix_citations_target_document_id"), ["target_document_id"], unique=False)
        table.create_index("ix_citations_target_key", ["target_key"], unique=False)
        table.create_index(table.f("ix_citations_version_id"), ["version_id"], unique=False)

    op.create_table(
        "copies",
        sa.Column("id", sa.String(length=12), nullable=False),
        sa.Column("version_id", sa.String(length=12), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("place", sa.String(length=1000), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("charset", sa.String(length=30), nullable=True),
        sa.Column("bytes", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=60), nullable=True),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("completeness", sa.Double(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["version_id"], ["versions.id"], name=op.f("fk_copies_version_id_versions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_copies")),
        sa.UniqueConstraint("version_id", "sha256", "place", name=op.f("uq_copies_version_id_sha256_place")),
    )
    with op.batch_alter_table("copies") as table:
        table.create_index(table.f("ix_copies_sha256"), ["sha256"], unique=False)
        table.create_index(table.f("ix_copies_version_id"), ["version_id"], unique=False)

    op.create_table(
        "entries",
        sa.Column("id", sa.String(length=12), nullable=False),
        sa.Column("issue_id", sa.String(length=12), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("column", sa.Text(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("document_id", sa.String(length=12), nullable=True),
        sa.Column("version_id", sa.String(length=12), nullable=True),
        sa.Column("page_from", sa.Integer(), nullable=True),
        sa.Column("page_to", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name=op.f("fk_entries_document_id_documents")),
        sa.ForeignKeyConstraint(["issue_id"], ["issues.id"], name=op.f("fk_entries_issue_id_issues")),
        sa.ForeignKeyConstraint(["version_id"], ["versions.id"], name=op.f("fk_entries_version_id_versions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entries")),
        sa.UniqueConstraint("issue_id", "position", name=op.f("uq_entries_issue_id_position")),
    )
    with op.batch_alter_table("entries") as table:
        table.create_index(table.f("ix_entries_document_id"), ["document_id"], unique=False)

    op.create_table(
        "events",
        sa.Column("id", sa.String(length=12), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("date", sa.Date(), nullable=True),
        sa.Column("date_rule", sa.Text(), nullable=True),
        sa.Column("document_id", sa.String(length=12), nullable=True),
        sa.Column("version_id", sa.String(length=12), nullable=True),
        sa.Column("target_title", sa.Text(), nullable=True),
        sa.Column("target_number", sa.Text(), nullable=True),
        sa.Column("target_key", sa.String(length=400), nullable=True),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("provisions", sa.JSON(), nullable=False),
        sa.Column("act_document_id", sa.String(length=12), nullable=True),
        sa.Column("act_version_id", sa.String(length=12), nullable=True),
        sa.Column("quote", sa.Text(), nullable=True),
        sa.Column("locator", sa.JSON(), nullable=False),
        sa.Column("source_url", sa.Text(), nullable=True),
        sa.Column("origin", sa.String(length=16), nullable=False),
        sa.Column("label", sa.Text(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("confidence", sa.Double(), nullable=True),
        sa.Column("rule", sa.String(length=60), nullable=True),
        sa.Column("known_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("known_to", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["act_document_id"], ["documents.id"], name=op.f("fk_events_act_document_id_documents")
        ),
        sa.ForeignKeyConstraint(["act_version_id"], ["versions.id"], name=op.f("fk_events_act_version_id_versions")),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name=op.f("fk_events_document_id_documents")),
        sa.ForeignKeyConstraint(["version_id"], ["versions.id"], name=op.f("fk_events_version_id_versions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events")),
    )
    with op.batch_alter_table("events") as table:
        table.create_index(table.f("ix_events_act_document_id"), ["act_document_id"], unique=False)
        table.create_index(table.f("ix_events_act_version_id"), ["act_version_id"], unique=False)
        table.create_index("ix_events_document_date", ["document_id", "date"], unique=False)
        table.create_index("ix_events_target", ["target_key"], unique=False)
        table.create_index(table.f("ix_events_version_id"), ["version_id"], unique=False)

    op.create_table(
        "intervals",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("document_id", sa.String(length=12), nullable=False),
        sa.Column("version_id", sa.String(length=12), nullable=False),
        sa.Column("eid", sa.String(length=200), nullable=True),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("basis", sa.String(length=40), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name=op.f("fk_intervals_document_id_documents")),
        sa.ForeignKeyConstraint(["version_id"], ["versions.id"], name=op.f("fk_intervals_version_id_versions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intervals")),
    )
    with op.batch_alter_table("intervals") as table:
        table.create_index(table.f("ix_intervals_document_id"), ["document_id"], unique=False)
        table.create_index("ix_intervals_range", ["version_id", "valid_from", "valid_to"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("intervals") as table:
        table.drop_index("ix_intervals_range")
        table.drop_index(table.f("ix_intervals_document_id"))

    op.drop_table("intervals")
    with op.batch_alter_table("events") as table:
        table.drop_index(table.f("ix_events_version_id"))
        table.drop_index("ix_events_target")
        table.drop_index("ix_events_document_date")
        table.drop_index(table.f("ix_events_act_version_id"))
        table.drop_index(table.f("ix_events_act_document_id"))

    op.drop_table("events")
    with op.batch_alter_table("entries") as table:
        table.drop_index(table.f("ix_entries_document_id"))

    op.drop_table("entries")
    with op.batch_alter_table("copies") as table:
        table.drop_index(table.f("ix_copies_version_id"))
        table.drop_index(table.f("ix_copies_sha256"))

    op.drop_table("copies")
    with op.batch_alter_table("citations") as table:
        table.drop_index(table.f("ix_citations_version_id"))
        table.drop_index("ix_citations_target_key")
        table.drop_index(table.f("ix_citations_target_document_id"))

    op.drop_table("citations")
    with op.batch_alter_table("attachments") as table:
        table.drop_index(table.f("ix_attachments_version_id"))

    op.drop_table("attachments")
    with op.batch_alter_table("versions") as table:
        table.drop_index("ix_versions_signed")
        table.drop_index(table.f("ix_versions_letters_sha256"))
        table.drop_index(table.f("ix_versions_document_id"))

    op.drop_table("versions")
    op.drop_table("issues")
    with op.batch_alter_table("identifiers") as table:
        table.drop_index("ix_identifiers_kind_value")

    op.drop_table("identifiers")
    with op.batch_alter_table("document_issuers") as table:
        table.drop_index(table.f("ix_document_issuers_agency_id"))

    op.drop_table("document_issuers")
    op.drop_table("outbox")
    with op.batch_alter_table("ledger") as table:
        table.drop_index(table.f("ix_ledger_subject"))

    op.drop_table("ledger")
    op.drop_table("gazettes")
    with op.batch_alter_table("documents") as table:
        table.drop_index(table.f("ix_documents_updated_at"))
        table.drop_index(table.f("ix_documents_state"))
        table.drop_index(table.f("ix_documents_carried_by_id"))

    op.drop_table("documents")
    with op.batch_alter_table("audit") as table:
        table.drop_index(table.f("ix_audit_subject"))

    op.drop_table("audit")
    op.drop_table("agencies")
