"""PostgreSQL: who may do what, and the few questions that a writer may ask.

A gateway's role may add rows and not look at one.
What it must know to settle a batch in doubt it asks functions that run as the tables' owner:
whether *these* bytes stand there, which of its boots never ended, and that a month has its place.
"""

from alembic import op

revision = "0003"
down_revision = "0002"

ROLES = ("lienthong_log_writer", "lienthong_log_sequencer", "lienthong_log_reader")

_AS_OWNER = "LANGUAGE {language} SECURITY DEFINER SET search_path = {schema}, pg_temp"

_ROLE = """
DO $$ BEGIN
  CREATE ROLE {role} NOLOGIN;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;  -- roles are the whole server's
END $$
"""

# A partition is made apart and then attached: nobody who reads or writes waits for it.
_MAKE_MONTHS = """
CREATE FUNCTION audit_make_months(moment bigint, OUT since bigint, OUT until bigint) AS $$
DECLARE
  month timestamp := date_trunc('month', to_timestamp(moment / 1000000) AT TIME ZONE 'UTC');
  parent text;
  partition text;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('audit_make_months', 0));
  since := extract(epoch FROM month)::bigint * 1000000;
  until := since;
  FOR ahead IN 1..3 LOOP
    moment := until;
    until := extract(epoch FROM month + ahead * interval '1 month')::bigint * 1000000;
    FOREACH parent IN ARRAY ARRAY['audit_entry', 'audit_subject'] LOOP
      partition := parent || to_char(month + (ahead - 1) * interval '1 month', '_YYYY_MM');
      CONTINUE WHEN to_regclass(partition) IS NOT NULL;
      EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING DEFAULTS)', partition, parent);
      EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%s) TO (%s)',
                     parent, partition, moment, until);
    END LOOP;
  END LOOP;
END $$
"""

_STANDING = """
CREATE FUNCTION audit_standing(
  ids text[], ats bigint[], bodies bytea[], OUT found bigint, OUT equal bigint
) AS $$
  SELECT count(*), count(*) FILTER (WHERE entry.body = ours.body)
  FROM unnest(ids, ats, bodies) AS ours (entry_id, at, body)
  JOIN audit_entry AS entry ON entry.entry_id = ours.entry_id AND entry.at = ours.at
$$
"""

_UNFINISHED = """
CREATE FUNCTION audit_unfinished(name text)
RETURNS TABLE (boot_id text, last_counter bigint) AS $$
  SELECT boot.boot_id, max(entry.counter)
  FROM audit_boot AS boot JOIN audit_entry AS entry ON entry.boot_id = boot.boot_id
  WHERE boot.replica = name AND boot.boot_id NOT IN
    (SELECT over.boot_id FROM audit_boot AS over WHERE over.kind <> 'BOOT_START')
  GROUP BY boot.boot_id ORDER BY boot.boot_id
$$
"""

_FUNCTIONS = {
    "audit_make_months(bigint)": (_MAKE_MONTHS, "plpgsql"),
    "audit_standing(text[], bigint[], bytea[])": (_STANDING, "sql"),
    "audit_unfinished(text)": (_UNFINISHED, "sql"),
}

_GRANTS = """
INSERT ON audit_entry, audit_subject, audit_boot, audit_queue TO lienthong_log_writer
SELECT ON audit_entry, audit_boot TO lienthong_log_sequencer
SELECT, DELETE ON audit_queue TO lienthong_log_sequencer
SELECT, INSERT ON audit_leaf, audit_checkpoint TO lienthong_log_sequencer
SELECT, INSERT, UPDATE, DELETE ON audit_tile TO lienthong_log_sequencer
SELECT, INSERT ON audit_origin TO lienthong_log_sequencer
UPDATE (closed_at, statement, vkeys) ON audit_origin TO lienthong_log_sequencer
SELECT ON audit_entry, audit_subject, audit_boot TO lienthong_log_reader
SELECT ON audit_queue, audit_leaf, audit_tile TO lienthong_log_reader
SELECT ON audit_checkpoint, audit_origin TO lienthong_log_reader
"""


def upgrade() -> None:
    """Make roles and functions, and grant; SQLite has neither."""
    connection = op.get_bind()
    if connection.dialect.name != "postgresql":
        return
    schema = connection.exec_driver_sql("SELECT quote_ident(current_schema())").scalar_one()
    for role in ROLES:
        op.execute(_ROLE.format(role=role))
        op.execute(f"GRANT USAGE ON SCHEMA {schema} TO {role}")
        op.execute(f"GRANT SELECT ON alembic_version TO {role}")
    for signature, (text, language) in _FUNCTIONS.items():
        connection.exec_driver_sql(text + _AS_OWNER.format(language=language, schema=schema))
        op.execute(f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC")
        op.execute(f"GRANT EXECUTE ON FUNCTION {signature} TO lienthong_log_writer")
    for grant in _GRANTS.strip().splitlines():
        op.execute(f"GRANT {grant}")
