"""A question to the log: one connection, one moment of the log, and an end to its patience.

The time is that of the whole question, however many statements it takes; and whoever asked may go
away before. PostgreSQL's driver ends its statement then. SQLite's would let it run to its end, and
whoever comes next wait for that: it is interrupted.
"""

import asyncio
import contextlib
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from audit.stores.engine import DATABASE_ERRORS, TIMEOUT_S
from audit.tree.proofs import LogUnreadable

_AGAIN = 0.1
"""Between two statements SQLite forgets that it was interrupted."""
_OF_LOCKS = 6
"""The part of the patience that a lock is waited for: five of thirty seconds, as on SQLite."""


class QuestionTooLong(LogUnreadable):  # as its parent: a fact, no message
    """The question was not answered within its time; a narrower one may be."""


@asynccontextmanager
async def asked(
    engine: AsyncEngine, *, patience: float = TIMEOUT_S
) -> AsyncIterator[AsyncConnection]:
    """Connect for one question, which has *patience* seconds.

    Raises QuestionTooLong when they are over, and LogUnreadable when the database is not there, or
    is so busy with something else that no question could be answered.
    """
    listens = False
    limit = asyncio.timeout(patience)
    try:
        async with (
            limit,
            engine.connect() as connection,
            _interrupted_when_cancelled(connection),
            connection.begin(),
        ):
            await _wait_for_no_lock_longer_than(connection, patience / _OF_LOCKS)
            listens = True
            yield connection
    except DATABASE_ERRORS:
        # A driver's error counts as well: it may be the echo of an interruption.
        raise QuestionTooLong if listens and limit.expired() else LogUnreadable from None


async def _wait_for_no_lock_longer_than(connection: AsyncConnection, seconds: float) -> None:
    """Hear from the database at all, and let it say soon that somebody keeps a table shut.

    On SQLite the connection is set up so (audit/tree/seat.py).
    """
    if connection.dialect.name == "postgresql":
        limit = func.set_config("lock_timeout", f"{round(seconds * 1000)}ms", True)
        await connection.execute(select(limit))


@asynccontextmanager
async def _interrupted_when_cancelled(connection: AsyncConnection) -> AsyncIterator[None]:
    """Interrupt what SQLite does, again and again, once the question is late or nobody asks it."""
    if connection.dialect.name != "sqlite":
        yield
        return
    raw = await connection.get_raw_connection()
    database = raw.driver_connection
    asking = asyncio.current_task()
    before = asking.cancelling() if asking else 0

    async def interrupt() -> None:
        # A time that is over is a cancellation, too. It reaches SQLite at once: an interruption
        # does not wait for its turn in the driver's thread, and the driver may be closing.
        if asking and asking.cancelling() > before and database is not None:
            with contextlib.suppress(ValueError, sqlite3.ProgrammingError):
                await database.interrupt()

    async def watch() -> None:
        while True:
            await asyncio.sleep(_AGAIN)
            await interrupt()

    watching = asyncio.create_task(watch())
    try:
        yield
    finally:
        watching.cancel()
        await interrupt()
