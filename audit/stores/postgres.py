"""The access log in PostgreSQL, where several gateways share one.

A batch is one statement: one way there and back, and its own transaction.
Everything goes over one connection that holds the replica's name as an advisory lock.
So a connection that was lost has to be truly over, server side too, before the next one writes:
nothing of it turns up behind our back.

The role that writes may add rows and read none; see audit/migrations/versions/v0003_roles.py.
"""

import hashlib
from collections.abc import Awaitable, Sequence
from typing import TypeVar

import asyncpg  # type: ignore[import-untyped]  # it ships no types
import structlog
from sqlalchemy import make_url

from audit.entry import LostBoot
from audit.log import Trouble
from audit.migrate import newest
from audit.stores.batch import Batch
from audit.stores.insertion import POSTGRES, insertion
from audit.stores.store import StoreFault, check_replica

log = structlog.get_logger()

T = TypeVar("T")

PATIENCE = 0.5
"""Of the commit's time limit: how long another holder of the name, or of a table, is waited for."""

_SETTINGS = {
    "application_name": "lienthong access log",
    # A machine that is gone gives the name back in about ten seconds, not in two hours.
    "tcp_keepalives_idle": "4",
    "tcp_keepalives_interval": "2",
    "tcp_keepalives_count": "3",
    "tcp_user_timeout": "10000",
    "idle_session_timeout": "0",
}

_DURABLE = """
SELECT current_setting('fsync') = 'on' AND (
  current_setting('synchronous_commit') IN ('on', 'remote_apply', 'remote_write')
  OR current_setting('synchronous_commit') = 'local'
     AND current_setting('synchronous_standby_names') = '')
"""
# For this session from now on, whatever becomes of the server's configuration.
_STAY_DURABLE = (
    "SELECT set_config('synchronous_commit', current_setting('synchronous_commit'), false)"
)

# Whoever holds our name under our last process id is what is left of our last connection.
_END_LAST = """
SELECT pg_terminate_backend(pid) FROM pg_locks
WHERE locktype = 'advisory' AND granted AND pid = $2
  AND ((classid::bigint << 32) | objid::bigint) = $1
"""

# The last is what asyncpg says when the server ends a connection at an odd moment.
_FAULTS = (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, OSError)

_MAY_MORE = "SELECT has_table_privilege('audit_entry', 'SELECT, UPDATE, DELETE, TRUNCATE')"


class PostgresStore:
    """One connection that holds the replica's name; the tables are made beforehand."""

    def __init__(self, url: str, *, replica: str, patience_ms: int) -> None:
        check_replica(replica)
        address = make_url(url).set(drivername="postgresql+asyncpg")
        _, self._address = POSTGRES.create_connect_args(address)
        self._settings = _SETTINGS | {"lock_timeout": str(patience_ms)}
        digest = hashlib.sha256(b"lienthong access log\0" + replica.encode()).digest()
        self._name = int.from_bytes(digest[:8], signed=True)
        self._connection: asyncpg.Connection | None = None
        self._process = 0
        self._months = range(0)

    async def open(self) -> None:
        """Connect anew, see that a commit waits for the disk, and take the name.

        NOT_MIGRATED when the tables are not ours, NAME_TAKEN when somebody else has the name.
        """
        await self._asked(self._open())

    async def unfinished(self, replica: str) -> Sequence[LostBoot]:
        """Name the boots of *replica* that neither ended nor were found lost."""
        rows = await self._asked(
            self._opened.fetch("SELECT boot_id, last_counter FROM audit_unfinished($1)", replica)
        )
        return [LostBoot(boot_id=boot_id, last_counter=counter) for boot_id, counter in rows]

    async def write(self, batch: Batch) -> None:
        """Commit *batch*; a second entry under an id or a counter is refused."""
        await self._asked(self._write(batch))

    async def settle(self, batch: Batch) -> None:
        """Insert *batch* unless it is there, byte for byte."""
        await self._asked(self._settle(batch))

    async def close(self) -> None:
        """Let go of the connection, and the name with it."""
        connection, self._connection = self._connection, None
        self._process = 0
        if connection is not None:
            await self._asked(connection.close())

    async def _asked(self, work: Awaitable[T]) -> T:
        """Await *work*, and turn what the driver raises into a fault.

        Its messages stay behind: they may hold what was to be stored.
        """
        try:
            return await work
        except asyncpg.UniqueViolationError:
            trouble = Trouble.CONTRADICTED
        except _FAULTS:
            trouble = Trouble.FAILED
        raise StoreFault(trouble)

    async def _open(self) -> None:
        if self._connection is not None:
            # Not closed politely: the server may be the one who does not answer.
            self._connection.terminate()
        self._connection = await asyncpg.connect(
            **self._address, server_settings=self._settings, max_cached_statement_lifetime=0
        )
        if not await self._opened.fetchval(_DURABLE):
            raise StoreFault(Trouble.NOT_DURABLE)
        await self._opened.execute(_STAY_DURABLE)
        await self._check_tables()
        await self._take_name()
        self._months = range(0)

    async def _check_tables(self) -> None:
        try:
            step = await self._opened.fetchval("SELECT version_num FROM alembic_version")
            may_more = await self._opened.fetchval(_MAY_MORE)
        except (asyncpg.UndefinedTableError, asyncpg.InsufficientPrivilegeError):
            step = None
        if step is None or step < newest():
            raise StoreFault(Trouble.NOT_MIGRATED)
        if may_more:
            log.warning("the access log's role may do more than add rows")

    async def _take_name(self) -> None:
        if self._process:
            await self._opened.fetch(_END_LAST, self._name, self._process)
        try:
            await self._opened.execute("SELECT pg_advisory_lock($1)", self._name)
        except asyncpg.LockNotAvailableError:
            raise StoreFault(Trouble.NAME_TAKEN) from None
        self._process = self._opened.get_server_pid()

    async def _write(self, batch: Batch) -> None:
        for moment in (min(batch.ats), max(batch.ats)):
            if moment not in self._months:
                since, until = await self._opened.fetchrow(
                    "SELECT since, until FROM audit_make_months($1)", moment
                )
                self._months = range(since, until)
        statement, lists = insertion(batch)
        await self._opened.fetch(statement, *lists)

    async def _settle(self, batch: Batch) -> None:
        found, equal = await self._opened.fetchrow(
            "SELECT found, equal FROM audit_standing($1, $2, $3)",
            list(batch.bodies),
            batch.ats,
            list(batch.bodies.values()),
        )
        # A transaction is there whole or not at all.
        if found == 0:
            await self._write(batch)
        elif not found == equal == len(batch.entries):
            raise StoreFault(Trouble.CONTRADICTED)

    @property
    def _opened(self) -> asyncpg.Connection:
        if self._connection is None:
            raise StoreFault(Trouble.NOT_OPEN)
        return self._connection
