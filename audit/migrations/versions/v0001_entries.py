"""Entries, their subjects, and the boots.

A SQLite file from before there were migrations has these tables already.
PostgreSQL divides by month what grows: retention drops a month and deletes no row.
A key of a divided table contains what it is divided by; an entry written again has the same *at*,
so the key still finds it, and the tree refuses an id under two of them.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables."""
    postgres = op.get_bind().dialect.name == "postgresql"
    divided = {"postgresql_partition_by": "RANGE (at)"}
    by_month = ["at"] if postgres else []
    op.create_table(
        "audit_entry",
        sa.Column("entry_id", sa.Text, nullable=False),
        sa.Column("boot_id", sa.Text, nullable=False),
        sa.Column("counter", sa.BigInteger, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("request_id", sa.Text, nullable=False),
        sa.Column("consumer_id", sa.Text),
        sa.Column("receiving_agency", sa.Text),
        sa.Column("competent_agency", sa.Text),
        sa.Column("unit", sa.Text),
        sa.Column("officer_tag", sa.Text),
        sa.Column("procedure", sa.Text),
        sa.Column("dossier_tag", sa.Text),
        sa.Column("draft_tag", sa.Text),
        sa.Column("outcome", sa.Text),
        sa.Column("code", sa.Text),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("entry_id", *by_month),
        sa.UniqueConstraint("boot_id", "counter", *by_month),
        if_not_exists=True,
        **divided,
    )
    op.create_index("ix_audit_entry_at", "audit_entry", ["at"], if_not_exists=True)
    op.create_table(
        "audit_subject",
        sa.Column("period", sa.Text, nullable=False),
        sa.Column("tag", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("entry_id", sa.Text, nullable=False),
        sa.Column("registry", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("tag", "at", "entry_id", "registry"),
        sqlite_with_rowid=False,
        if_not_exists=True,
        **divided,
    )
    op.create_table(
        "audit_boot",
        sa.Column("boot_id", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("replica", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("boot_id", "kind"),
        if_not_exists=True,
    )
