"""How Alembic reaches the database: over the connection and in the transaction it is given."""

from alembic import context

from audit.stores.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,
)
context.run_migrations()
