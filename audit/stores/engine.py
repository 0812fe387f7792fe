"""How everybody but the writer reaches the log's database, and what its absence raises.

The sequencer, the readers and the commands come this way; the writer has drivers of its own.
"""

import logging
from pathlib import Path

import asyncpg  # type: ignore[import-untyped]  # it ships no types
from sqlalchemy import event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection, Dialect
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

DATABASE_ERRORS = (
    SQLAlchemyError,
    OSError,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    # What asyncpg says when the server ends a connection at an odd moment.
    asyncpg.InternalClientError,
)
"""What a database that is gone, going or coming back raises here; TimeoutError is an OSError."""

_BUSY_MS = 5_000
TIMEOUT_S = 30
"""Of a statement."""
_POSTGRES = {
    "synchronous_commit": "on",
    # A machine that vanished without a word keeps its lock for four seconds, not for two hours.
    "tcp_keepalives_idle": "2",
    "tcp_keepalives_interval": "1",
    "tcp_keepalives_count": "2",
}
_BY_INDEX = {
    # The queue is empty when its statistics are taken, and full when it matters: a planner that
    # goes by them reads all entries for those that wait.
    "enable_seqscan": "off",
    "enable_bitmapscan": "off",
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
    "jit": "off",
}
"""Whoever has the seat looks rows up one after another, as many as he takes."""


def open_engine(url: str, *, by_index: bool = False) -> AsyncEngine:
    """Make the engine of a sequencer or reader: every commit waits for the disk."""
    # At INFO these print statements and what is bound to them.
    for name in ("sqlalchemy.engine", "sqlalchemy.pool"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        engine = create_async_engine(address, hide_parameters=True)
        event.listen(engine.sync_engine, "do_connect", _make_none)
        event.listen(engine.sync_engine, "connect", _set_sqlite)
        return engine
    return create_async_engine(
        address.set(drivername="postgresql+asyncpg"),
        hide_parameters=True,
        connect_args={
            "server_settings": _POSTGRES | (_BY_INDEX if by_index else {}),
            "timeout": TIMEOUT_S,
            "command_timeout": TIMEOUT_S,
        },
    )


def _set_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout={_BUSY_MS}")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.close()


def _make_none(
    _dialect: Dialect, _entry: ConnectionPoolEntry, given: list[str], options: dict[str, object]
) -> None:
    """Let a file that is not there be an error: SQLite would make one, for everybody to read."""
    given[0] = f"{Path(given[0]).absolute().as_uri()}?mode=rw"
    options["uri"] = True
