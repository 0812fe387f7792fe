"""What auditors search and count by.

Entries from before stay as they are: the new columns are empty for them, and no rows lead to them.
So a search by a registry, its request id or the cache does not find them, an intent among them
counts as one that nothing closed, and the statistics begin with this step.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

# A partition is made apart and then attached: nobody who reads or writes waits for it.
MAKE_MONTHS = """
CREATE OR REPLACE FUNCTION
  audit_make_months(moment bigint, OUT since bigint, OUT until bigint) AS $$
DECLARE
  month timestamp := date_trunc('month', to_timestamp(moment / 1000000) AT TIME ZONE 'UTC');
  parent text;
  partition text;
BEGIN
  IF month NOT BETWEEN '1970-01-01' AND '2200-12-01' THEN
    RAISE 'no clock of ours tells such a time' USING ERRCODE = 'datetime_field_overflow';
  END IF;
  PERFORM pg_advisory_xact_lock(hashtextextended('audit_make_months', 0));
  since := extract(epoch FROM month)::bigint * 1000000;
  until := since;
  FOR ahead IN 1..3 LOOP
    moment := until;
    until := extract(epoch FROM month + ahead * interval '1 month')::bigint * 1000000;
    FOREACH parent IN ARRAY
      ARRAY['audit_entry', 'audit_subject', 'audit_closing', 'audit_upstream']
    LOOP
      partition := parent || to_char(month + (ahead - 1) * interval '1 month', '_YYYY_MM');
      CONTINUE WHEN to_regclass(partition) IS NOT NULL;
      EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING DEFAULTS)', partition, parent);
      EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%s) TO (%s)',
                     parent, partition, moment, until);
    END LOOP;
  END LOOP;
END $$ LANGUAGE plpgsql SECURITY DEFINER SET search_path = {schema}, pg_temp
"""

# The months that there are: their names end in `_2026_11`.
_COMPLETE_MONTHS = """
SELECT audit_make_months(
  extract(epoch FROM to_date(right(partition.relname, 7), 'YYYY_MM'))::bigint * 1000000)
FROM pg_inherits JOIN pg_class AS partition ON partition.oid = inhrelid
WHERE inhparent = 'audit_entry'::regclass ORDER BY partition.relname
"""


def upgrade() -> None:
    """Add the columns and the narrow tables."""
    connection = op.get_bind()
    postgres = connection.dialect.name == "postgresql"
    divided: dict[str, Any] = {"postgresql_partition_by": "RANGE (at)"}
    op.add_column("audit_entry", sa.Column("registries", sa.Text))
    op.add_column("audit_entry", sa.Column("from_cache", sa.Boolean))
    op.add_column("audit_entry", sa.Column("replaced", sa.Boolean))
    for table, known_by in (
        ("audit_closing", "intent_id"),
        ("audit_upstream", "upstream_request_id"),
    ):
        op.create_table(
            table,
            sa.Column(known_by, sa.Text, nullable=False),
            sa.Column("at", sa.BigInteger, nullable=False),
            sa.Column("entry_id", sa.Text, nullable=False),
            sa.PrimaryKeyConstraint(known_by, "at", "entry_id"),
            sqlite_with_rowid=False,
            **divided,
        )
    if not postgres:
        return
    schema = connection.exec_driver_sql("SELECT quote_ident(current_schema())").scalar_one()
    connection.exec_driver_sql(MAKE_MONTHS.replace("{schema}", schema))
    connection.exec_driver_sql(_COMPLETE_MONTHS)
    op.execute("GRANT INSERT ON audit_closing, audit_upstream TO lienthong_log_writer")
    op.execute("GRANT SELECT ON audit_closing, audit_upstream TO lienthong_log_reader")
