"""A question to the log: one connection, one moment of the log, and an end to its patience.

PostgreSQL's driver ends by itself a statement that takes too long (audit/tree/seat.py). On SQLite
one that reads half the log would take as long as it likes: it is interrupted.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from audit.tree.proofs import LogUnreadable
from audit.tree.seat import DATABASE_ERRORS, TIMEOUT_S


class QuestionTooLong(LogUnreadable):  # as its parent: a fact, no message
    """The question was not answered within its time; a narrower one may be."""


@asynccontextmanager
async def asked(
    engine: AsyncEngine, *, patience: float = TIMEOUT_S
) -> AsyncIterator[AsyncConnection]:
    """Connect for one question, which has *patience* seconds.

    Raises QuestionTooLong when they are over, and LogUnreadable when the database is not there.
    """
    try:
        async with (
            engine.connect() as connection,
            connection.begin(),
            _ended_in_time(connection, patience),
        ):
            yield connection
    except DATABASE_ERRORS:
        raise LogUnreadable from None


@asynccontextmanager
async def _ended_in_time(connection: AsyncConnection, patience: float) -> AsyncIterator[None]:
    interrupting: list[asyncio.Task[None]] = []
    if connection.dialect.name == "sqlite":
        driver = (await connection.get_raw_connection()).driver_connection
    else:
        driver = None

    def interrupt() -> None:
        # Straight to SQLite: it does not wait for its turn in the driver's thread.
        if driver is not None:
            interrupting.append(asyncio.create_task(driver.interrupt()))

    late = asyncio.get_running_loop().call_later(patience, interrupt)
    try:
        yield
    except TimeoutError:
        raise QuestionTooLong from None
    except SQLAlchemyError:
        if interrupting:
            raise QuestionTooLong from None
        raise
    finally:
        late.cancel()
