"""By what the keys of the months are known again: one mark for each month, made with its key.

A gateway's role may not read the table: it shows its marks to a function, which says whether they
are those of this log. The first ones that are shown stay.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

_FIT = """
CREATE FUNCTION audit_marks_fit(periods text[], marks text[]) RETURNS boolean AS $$
DECLARE
  known bigint;
  equal bigint;
  other bigint;
BEGIN
  LOCK TABLE audit_mark IN SHARE ROW EXCLUSIVE MODE;
  SELECT count(*), count(*) FILTER (WHERE kept.mark = given.mark),
         count(*) FILTER (WHERE kept.mark <> given.mark)
    INTO known, equal, other
    FROM audit_mark AS kept
    LEFT JOIN unnest(periods, marks) AS given (period, mark) ON given.period = kept.period;
  IF known = 0 THEN
    INSERT INTO audit_mark SELECT * FROM unnest(periods, marks);
    RETURN true;
  END IF;
  RETURN equal > 0 AND other = 0;
END $$ LANGUAGE plpgsql SECURITY DEFINER SET search_path = {schema}, pg_temp
"""


def upgrade() -> None:
    """Make the table, and the function where there are roles."""
    op.create_table(
        "audit_mark",
        sa.Column("period", sa.Text, nullable=False),
        sa.Column("mark", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("period"),
    )
    connection = op.get_bind()
    if connection.dialect.name != "postgresql":
        return
    schema = connection.exec_driver_sql("SELECT quote_ident(current_schema())").scalar_one()
    connection.exec_driver_sql(_FIT.replace("{schema}", schema))
    op.execute("REVOKE ALL ON FUNCTION audit_marks_fit(text[], text[]) FROM PUBLIC")
    op.execute("GRANT EXECUTE ON FUNCTION audit_marks_fit(text[], text[]) TO lienthong_log_writer")
    op.execute("GRANT SELECT ON audit_mark TO lienthong_log_reader")
