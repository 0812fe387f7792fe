"""A line to one database: what a channel is to HTTP, for a registry that is asked in SQL.

One question walks: bulkhead -> circuit -> one statement (and the same again, when its connection
lay dead in the pool) -> rows. Whatever the database does becomes a value; only the caller's own
cancellation comes through. No statement, parameter, row or message of a library is logged.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

import structlog
from sqlalchemy import Select
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.ext.asyncio import create_async_engine

from adapters.channel import ATTEMPT_TIMEOUT, FAIR_TRIAL, POOL_TIMEOUT, QUEUE_PATIENCE
from adapters.circuit import Circuit, RetryBudget
from adapters.registry import Failure, Garbled, Refused, Unavailable

CONNECTIONS = 16
"""A database has fewer connections to give than a web service."""
LARGEST_ANSWER = 5000
"""Rows; no dossier has keys to more, and a sorting mistake over there has no end."""
CLOSING_PATIENCE = 2.0

_TALKATIVE = ("aiosqlite", "asyncpg", "sqlalchemy.engine", "sqlalchemy.pool")

# SQLSTATE: our credentials, our rights; tables or values that are not what was agreed.
_REFUSING_STATES = ("28", "42501")
_GARBLED_STATES = ("22", "42")

log = structlog.get_logger()

Question: TypeAlias = Select[*tuple[object, ...]]
Rows: TypeAlias = Sequence[Mapping[str, object]]


class Line:
    """One database behind a bulkhead, a circuit and a deadline; it is read and never written."""

    def __init__(
        self,
        name: str,
        url: str,
        circuit: Circuit,
        bulkhead: int = CONNECTIONS,
        attempt_timeout: float = ATTEMPT_TIMEOUT,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        for library in _TALKATIVE:
            # At their lower levels they print parameters and rows.
            logging.getLogger(library).setLevel(logging.CRITICAL + 1)
        self.name = name
        self._engine = create_async_engine(
            url,
            hide_parameters=True,
            isolation_level="AUTOCOMMIT",
            pool_size=bulkhead,
            max_overflow=0,
            pool_timeout=POOL_TIMEOUT,
            pool_reset_on_return=None,
            skip_autocommit_rollback=True,
        )
        self._circuit = circuit
        self._budget = RetryBudget(clock=clock)
        self._places = asyncio.Semaphore(bulkhead)
        self._queue = bulkhead
        self._waiting = 0
        self._attempt_timeout = attempt_timeout
        self._clock = clock
        self._under_way: set[asyncio.Task[Rows | Failure]] = set()

    async def rows(
        self, statement: Question, values: Mapping[str, object], deadline: float
    ) -> Rows | Failure:
        """Give the rows of a SELECT, or the failure, by *deadline*; never raise for either.

        The statement itself asks for one row more than LARGEST_ANSWER, and no further.
        """
        started = self._clock()
        answer = await self._admit(statement, values, deadline)
        (log.warning if isinstance(answer, Failure) else log.debug)(
            "a registry was called",
            registry=self.name,
            waited_ms=round(1000 * (self._clock() - started)),
            outcome=type(answer).__name__ if isinstance(answer, Failure) else "Rows",
        )
        return answer

    async def _admit(
        self, statement: Question, values: Mapping[str, object], deadline: float
    ) -> Rows | Failure:
        if not await self._entered():
            return Unavailable(retry_after=1)
        if not self._circuit.allow():
            self._places.release()
            return Unavailable(retry_after=self._circuit.retry_after())
        self._budget.call()
        query = asyncio.create_task(self._query(statement, values, again=True))
        self._under_way.add(query)
        query.add_done_callback(self._left)
        return await self._answered(query, deadline)

    async def aclose(self) -> None:
        """Give back connections; one that hangs is not waited for."""
        for query in self._under_way:
            query.cancel()
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=CLOSING_PATIENCE)
        await self._engine.dispose()

    async def _entered(self) -> bool:
        """Take a place in the bulkhead, or False: too many wait, or waited too long."""
        if not self._places.locked():
            return await self._places.acquire()
        if self._waiting >= self._queue:
            return False
        self._waiting += 1
        try:
            async with asyncio.timeout(QUEUE_PATIENCE):
                return await self._places.acquire()
        except TimeoutError:
            return False
        finally:
            self._waiting -= 1

    def _left(self, query: asyncio.Task[Rows | Failure]) -> None:
        """Give the place back once the connection really is: a hanging database fills its own."""
        self._under_way.discard(query)
        self._places.release()
        if not query.cancelled():
            query.exception()

    async def _answered(
        self, query: asyncio.Task[Rows | Failure], deadline: float
    ) -> Rows | Failure:
        """Wait within reason, and tell the circuit how it went, also when the caller gives up."""
        patience = min(self._attempt_timeout, deadline - self._clock())
        healthy = None
        answer: Rows | Failure = Unavailable()
        try:
            # The query is not awaited itself: a driver may take its time to be cancelled.
            await asyncio.wait({query}, timeout=max(0.0, patience))
            if query.done():
                answer = query.result()
                healthy = not isinstance(answer, Unavailable)
            elif patience >= min(FAIR_TRIAL, self._attempt_timeout):
                healthy = False
        finally:
            query.cancel()
            if healthy is None:
                self._circuit.abandon()
            else:
                self._circuit.record(healthy)
        return answer

    async def _query(
        self, statement: Question, values: Mapping[str, object], *, again: bool
    ) -> Rows | Failure:
        try:
            async with self._engine.connect() as connection:
                result = await connection.execute(statement, values)
                names = tuple(result.keys())
                rows = [dict(zip(names, row, strict=True)) for row in result]
                return rows if len(rows) <= LARGEST_ANSWER else Garbled()
        except DBAPIError as error:
            # A database that was started anew leaves dead connections in the pool.
            if again and error.connection_invalidated and self._budget.spend():
                return await self._query(statement, values, again=False)
            return _failure(error)
        except (SQLAlchemyError, OSError):
            return Unavailable()


def _failure(error: DBAPIError) -> Failure:
    """Read the five signs of SQLSTATE; SQLite has none, and is only ever unavailable."""
    state = str(getattr(error.orig, "sqlstate", None) or "")
    if state.startswith(_REFUSING_STATES):
        return Refused()
    return Garbled() if state.startswith(_GARBLED_STATES) else Unavailable()
