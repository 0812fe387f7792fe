"""The two kinds of database that hold a gateway's access log, as a gateway is told of them."""

from tests.audit.databases import Database, PostgresDatabase
from tests.audit.postgres_server import WRITER


def settings_of(database: Database) -> dict[str, str]:
    """Give the settings of a gateway that writes there, sequences and serves the tree."""
    if not isinstance(database, PostgresDatabase):
        return {"access_log_url": database.url}
    server, name = database.server, database.name
    return {
        "access_log_url": server.url(name, WRITER),
        "access_log_sequencer_url": server.url(name, "sequencer"),
        "access_log_reader_url": server.url(name, "reader"),
    }
