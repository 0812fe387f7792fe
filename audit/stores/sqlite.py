"""The access log in one SQLite file: the embedded default.

Write-ahead log with `synchronous=FULL`: a commit returns when the disk has it.
With NORMAL it would return before, so what is in force is read back, on each connection.

A batch is one turn of one thread. An asynchronous driver makes ten turns of it, statement by
statement, which costs three times the whole commit.
"""

import asyncio
import contextlib
import fcntl
import logging
import os
import stat
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TypeVar

from sqlalchemy import URL, Connection, create_engine, func, inspect, make_url, select
from sqlalchemy.dialects.sqlite import dialect, insert
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from audit.entry import EntryKind, LostBoot
from audit.log import Trouble
from audit.migrate import newest, upgrade_over
from audit.stores.batch import TABLES, Batch
from audit.stores.schema import BOOT, ENTRY
from audit.stores.store import StoreFault, check_replica

T = TypeVar("T")

BUSY_SHARE = 0.75
"""Of the commit's time limit: how long another writer may hold the file."""
_FULL = 2
_OWNER_ONLY = 0o600

# As text, once: for rows of tuples, Core's own handling of parameters is half the cost of a row.
_INSERT = [str(insert(table).compile(dialect=dialect())) for table in TABLES]


class SqliteStore:
    """One connection in one thread to one file; what the writer gave up on still ends in its turn.

    A file that was taken away is not silently begun anew.
    """

    def __init__(self, url: str, *, replica: str, busy_ms: int) -> None:
        check_replica(replica)
        # At INFO these print statements and what is bound to them.
        for name in ("sqlalchemy.engine", "sqlalchemy.pool"):
            logging.getLogger(name).setLevel(logging.CRITICAL)
        plain_url = make_url(url).set(drivername="sqlite+pysqlite")
        self._engine = create_engine(
            plain_url, poolclass=NullPool, hide_parameters=True, isolation_level="AUTOCOMMIT"
        )
        self._path = _path_of(plain_url)
        self._name_path = self._path.with_name(f"{self._path.name}.{replica}.lock")
        self._busy_ms = busy_ms
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="access-log")
        self._name: int | None = None
        self._file: tuple[int, int] | None = None
        self._connection: Connection | None = None

    async def open(self) -> None:
        """Connect to the file; the first time, take the name and make the file and its tables.

        What the connection before had not committed is gone with it.
        """
        await self._in_turn(self._open)

    async def unfinished(self, replica: str) -> Sequence[LostBoot]:
        """Name the boots of *replica* that neither ended nor were found lost."""
        return await self._in_turn(partial(self._unfinished, replica))

    async def write(self, batch: Batch) -> None:
        """Commit *batch*; a second entry under an id or a counter is refused."""
        await self._in_turn(partial(self._write, batch))

    async def settle(self, batch: Batch) -> None:
        """Insert *batch* unless it is there, byte for byte, and commit."""
        await self._in_turn(partial(self._settle, batch))

    async def close(self) -> None:
        """Let go of the connection and the name; the empty lock file stays, for the next."""
        await self._in_turn(self._close)

    async def _in_turn(self, work: Callable[[], T]) -> T:
        """Do *work* in the thread, and turn what the libraries raise into a fault.

        Their messages stay behind: they may hold what was to be stored.
        """
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, work)
        except IntegrityError:
            trouble = Trouble.CONTRADICTED
        except (SQLAlchemyError, OSError):
            trouble = Trouble.FAILED
        raise StoreFault(trouble)

    def _open(self) -> None:
        self._disconnect()
        if self._name is None:
            self._name = _take_name(self._name_path)
            self._file = _make_file(self._path)
        self._check_file()
        self._connection = self._engine.connect()
        self._do(f"PRAGMA busy_timeout={self._busy_ms}")
        self._set_durable()
        if (self._ask("PRAGMA journal_mode"), self._ask("PRAGMA synchronous")) != ("wal", _FULL):
            raise StoreFault(Trouble.NOT_DURABLE)
        self._migrate()

    def _set_durable(self) -> None:
        self._do("PRAGMA journal_mode=WAL")
        self._do("PRAGMA synchronous=FULL")

    def _migrate(self) -> None:
        """Make the tables, or bring those of an earlier program to today's form."""
        self._do("BEGIN IMMEDIATE")
        if self._step() < newest():
            upgrade_over(self._opened)
        self._commit()

    def _step(self) -> str:
        if not inspect(self._opened).has_table("alembic_version"):
            return ""
        return str(self._ask("SELECT version_num FROM alembic_version"))

    def _unfinished(self, replica: str) -> Sequence[LostBoot]:
        over = select(BOOT.c.boot_id).where(BOOT.c.kind != EntryKind.BOOT_START.value)
        lost = (
            select(BOOT.c.boot_id, func.max(ENTRY.c.counter).label("last_counter"))
            .join(ENTRY, ENTRY.c.boot_id == BOOT.c.boot_id)
            .where(BOOT.c.replica == replica, BOOT.c.boot_id.not_in(over))
            .group_by(BOOT.c.boot_id)
            .order_by(BOOT.c.boot_id)
        )
        rows = self._opened.execute(lost)
        return [LostBoot(boot_id=row.boot_id, last_counter=row.last_counter) for row in rows]

    def _write(self, batch: Batch) -> None:
        self._check_file()
        self._do("BEGIN IMMEDIATE")
        self._insert(batch)
        self._commit()

    def _settle(self, batch: Batch) -> None:
        stored = select(ENTRY.c.entry_id, ENTRY.c.body).where(ENTRY.c.entry_id.in_(batch.bodies))
        self._do("BEGIN IMMEDIATE")
        bodies = {row.entry_id: row.body for row in self._opened.execute(stored)}
        # A transaction is there whole or not at all; what was there may be out of the queue by now.
        if not bodies:
            self._insert(batch)
        elif bodies != batch.bodies:
            raise StoreFault(Trouble.CONTRADICTED)
        self._commit()

    def _insert(self, batch: Batch) -> None:
        for statement, rows in zip(_INSERT, batch.rows, strict=True):
            if rows:
                self._opened.exec_driver_sql(statement, rows)

    def _commit(self) -> None:
        self._do("COMMIT")

    def _disconnect(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def _close(self) -> None:
        self._disconnect()
        if self._name is not None:
            os.close(self._name)
            self._name = None

    @property
    def _opened(self) -> Connection:
        if self._connection is None:
            raise StoreFault(Trouble.NOT_OPEN)
        return self._connection

    def _do(self, statement: str) -> None:
        self._opened.exec_driver_sql(statement)

    def _ask(self, statement: str) -> object:
        return self._opened.exec_driver_sql(statement).scalar()

    def _check_file(self) -> None:
        """Refuse when the path names another file: SQLite would go on writing to the old one."""
        if _identity(self._path) != self._file:
            raise StoreFault(Trouble.FAILED)


def _path_of(url: URL) -> Path:
    database = url.database or ""
    if not database or database.startswith((":", "file:")):
        message = "the access log needs a file of its own: sqlite+aiosqlite:///PATH"
        raise ValueError(message)
    return Path(database)


def _take_name(path: Path) -> int:
    """Hold the replica's name while this process lives; a kill gives it back too.

    So a boot without an end under this name is truly over.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, _OWNER_ONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        raise StoreFault(Trouble.NAME_TAKEN) from None
    return handle


def _make_file(path: Path) -> tuple[int, int]:
    """Make the file unless it is there; it is for its owner only, whoever made it."""
    os.close(os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, _OWNER_ONLY))
    # Those that SQLite makes from now on get the mode of the file.
    for end in ("", "-wal", "-shm"):
        with contextlib.suppress(FileNotFoundError):
            _close_to_others(path.with_name(f"{path.name}{end}"))
    return _identity(path)


def _close_to_others(file: Path) -> None:
    """Leave *file* to its owner; that of another account may be its group's, and nobody else's."""
    try:
        file.chmod(_OWNER_ONLY)
    except PermissionError:
        if file.stat().st_mode & stat.S_IRWXO:
            raise


def _identity(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_dev, found.st_ino
