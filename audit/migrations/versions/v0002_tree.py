"""What the tree of proofs is built from, and the indexes that auditors look by.

Entries from before wait in the queue like new ones: they get their place in the tree, too.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_INDEXES = {
    "audit_entry_request": ["request_id"],
    "audit_entry_dossier": ["dossier_tag"],
    "audit_entry_officer": ["officer_tag"],
    "audit_entry_consumer": ["consumer_id", "at"],
    "audit_entry_unit": ["unit", "at"],
}


def upgrade() -> None:
    """Make the tables, and queue what has no place yet."""
    for name, columns in _INDEXES.items():
        op.create_index(name, "audit_entry", columns, if_not_exists=True)
    op.create_table(
        "audit_queue",
        sa.Column("entry_id", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("entry_id"),
        if_not_exists=True,
    )
    op.create_table(
        "audit_leaf",
        # An INTEGER key is SQLite's own row number, and costs no second tree.
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer, "sqlite"), autoincrement=False),
        sa.Column("entry_id", sa.Text, nullable=False),
        sa.Column("leaf_hash", sa.LargeBinary(32), nullable=False),
        sa.PrimaryKeyConstraint("seq"),
        sa.UniqueConstraint("entry_id"),
        if_not_exists=True,
    )
    op.create_table(
        "audit_tile",
        sa.Column("origin", sa.Text, nullable=False),
        sa.Column("level", sa.Integer, nullable=False),
        sa.Column("idx", sa.BigInteger, nullable=False),
        sa.Column("hashes", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("origin", "level", "idx"),
        if_not_exists=True,
    )
    op.create_table(
        "audit_checkpoint",
        sa.Column("origin", sa.Text, nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("root", sa.LargeBinary(32), nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("origin", "size"),
        if_not_exists=True,
    )
    op.create_table(
        "audit_origin",
        sa.Column("origin", sa.Text, nullable=False),
        sa.Column("opened_at", sa.BigInteger, nullable=False),
        sa.Column("closed_at", sa.BigInteger),
        sa.Column("statement", sa.Text),
        sa.Column("vkeys", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("origin"),
        if_not_exists=True,
    )
    op.execute(
        "INSERT INTO audit_queue SELECT entry_id FROM audit_entry"
        " WHERE entry_id NOT IN (SELECT entry_id FROM audit_leaf)"
        " AND entry_id NOT IN (SELECT entry_id FROM audit_queue)"
    )
