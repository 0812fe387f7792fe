"""The sequencer's seat: a connection to the log's database that one process at a time may hold.

PostgreSQL: an advisory lock of the very session that writes, so that whoever lost the lock has lost
the connection too, and cannot commit. SQLite: a lock on a file beside the database.
A kill gives both back.
"""

import fcntl
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from audit.stores.engine import open_engine

SEQUENCER_LOCK = (0x6C74, 1)
"""The two numbers of the advisory lock; the first are the letters *lt*."""

_OWNER_ONLY = 0o600


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
