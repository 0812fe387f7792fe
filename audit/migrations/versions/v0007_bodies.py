"""PostgreSQL: bodies stay as they are written, up to 8 kB a row.

By default rows of more than 2 kB are compressed, and most entries have more: a fifth of what the
server did for an entry, while its caller waited. Entries take a half more room for it.
"""

from alembic import op

from audit.migrations.versions.v0004_search import MAKE_MONTHS

revision = "0007"
down_revision = "0006"

_BARE = "(LIKE %I INCLUDING DEFAULTS)"
_ROOMY = f"{_BARE} WITH (toast_tuple_target = 8160)"

# Partitions have settings of their own; their parent has none.
_MONTHS_THERE_ARE = """
DO $$ DECLARE partition regclass; BEGIN
  FOR partition IN SELECT inhrelid FROM pg_inherits WHERE inhparent = 'audit_entry'::regclass LOOP
    EXECUTE format('ALTER TABLE %s SET (toast_tuple_target = 8160)', partition);
  END LOOP;
END $$
"""


def upgrade() -> None:
    """Let the months that there are, and those that will be, keep bodies whole."""
    connection = op.get_bind()
    if connection.dialect.name != "postgresql":
        return
    schema = connection.exec_driver_sql("SELECT quote_ident(current_schema())").scalar_one()
    connection.exec_driver_sql(MAKE_MONTHS.replace(_BARE, _ROOMY).replace("{schema}", schema))
    connection.exec_driver_sql(_MONTHS_THERE_ARE)
