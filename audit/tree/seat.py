"""The sequencer's seat: a connection to the log's database that one process at a time may hold.

PostgreSQL: an advisory lock of the very session that writes, so that whoever lost the lock has lost
the connection too, and cannot commit. SQLite: a lock on a file beside the database.
A kill gives both back.
"""

import fcntl
import logging
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import asyncpg  # type: ignore[import-untyped]  # it ships no types
from sqlalchemy import event, make_url, text
from sqlalchemy.engine.interfaces import DBAPIConnection, Dialect
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
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

SEQUENCER_LOCK = (0x6C74, 1)
"""The two numbers of the advisory lock; the first are the letters *lt*."""

_OWNER_ONLY = 0o600
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


@asynccontextmanager
async def take_seat(url: str) -> AsyncIterator[AsyncConnection | None]:
    """Hold the seat as long as the block runs; None when another process holds it."""
    engine = open_engine(url, by_index=True)
    try:
        if engine.dialect.name == "sqlite":
            with _lock_beside(Path(engine.url.database or "")) as held:
                if not held:
                    yield None
                    return
                async with engine.connect() as connection:
                    yield connection
        else:
            async with engine.connect() as connection:
                yield connection if await _lock_session(connection) else None
    finally:
        await engine.dispose()


async def _lock_session(connection: AsyncConnection) -> bool:
    first, second = SEQUENCER_LOCK
    async with connection.begin():
        asked = await connection.execute(
            text("SELECT pg_try_advisory_lock(:first, :second)"), {"first": first, "second": second}
        )
        return bool(asked.scalar())


@contextmanager
def _lock_beside(database: Path) -> Iterator[bool]:
    if not database.exists():
        raise FileNotFoundError  # to connect would make an empty one, for everybody to read
    path = database.with_name(f"{database.name}.sequencer.lock")
    handle = os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, _OWNER_ONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        yield False
    else:
        yield True
    finally:
        os.close(handle)


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
