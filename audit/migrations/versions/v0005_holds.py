"""Entries that a case needs, and that retirement spares.

On PostgreSQL only the owner of the tables holds, lets go and retires.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "audit_hold",
        sa.Column("hold_id", sa.Text, nullable=False),
        sa.Column("entry_id", sa.Text, nullable=False),
        sa.Column("since", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("hold_id", "entry_id"),
    )
    op.create_index("audit_hold_entry", "audit_hold", ["entry_id"])
    if op.get_bind().dialect.name == "postgresql":
        op.execute("GRANT SELECT ON audit_hold TO lienthong_log_reader")
