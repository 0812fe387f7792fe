"""A question to the log: one connection, one moment of the log, and an end to its patience.

PostgreSQL's driver ends by itself a statement that takes too long (audit/tree/seat.py). On SQLite
one that reads half the log would take as long as it likes: it is interrupted.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from audit.tree.proofs import LogUnreadable
from audit.tree.seat import DATABASE_ERRORS, TIMEOUT_S


@asynccontextmanager
async def asked(
    engine: AsyncEngine, *, patience: float = TIMEOUT_S
) -> AsyncIterator[AsyncConnection]:
    """Connect for one question, which has *patience* seconds; raises LogUnreadable."""
    try:
        async with (
            engine.connect() as connection,
            connection.begin(),
            _interrupted(connection, patience),
        ):
            yield connection
    except DATABASE_ERRORS:
        raise LogUnreadable from None


@asynccontextmanager
async def _interrupted(connection: AsyncConnection, patience: float) -> AsyncIterator[None]:
    if connection.dialect.name != "sqlite":
        yield
        return
    driver = (await connection.get_raw_connection()).driver_connection
    assert driver is not None  # noqa: S101 - it is connected
    interrupting: list[asyncio.Task[None]] = []

    def interrupt() -> None:
        # Straight to SQLite: it does not wait for its turn in the driver's thread.
        interrupting.append(asyncio.create_task(driver.interrupt()))

    late = asyncio.get_running_loop().call_later(patience, interrupt)
    try:
        yield
    finally:
        late.cancel()
