"""The databases that every store test runs on."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Protocol

import asyncpg  # type: ignore[import-untyped]  # it ships no types

from audit.stores.postgres import PostgresStore
from audit.stores.sqlite import SqliteStore
from audit.stores.store import Store
from tests.audit.postgres_server import WRITER, PostgresServer

Rows = list[tuple[Any, ...]]


class Database(Protocol):
    """A place for an access log, and a way to look at it past the log."""

    url: str
    """As a gateway names it."""

    def store(self, replica: str = "a") -> Store:
        """Make a store that waits for others for a moment only."""
        ...

    async def ask(self, statement: str) -> Rows:
        """Ask as somebody who may do everything."""
        ...

    def locked(self) -> Any:  # an asynchronous context manager
        """Keep everybody from writing."""
        ...


class SqliteDatabase:
    """A file."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.url = f"sqlite+aiosqlite:///{file}"

    def store(self, replica: str = "a") -> SqliteStore:
        """Make a store over the file."""
        return SqliteStore(self.url, replica=replica, busy_ms=200)

    async def ask(self, statement: str) -> Rows:
        """Ask the file over a connection of its own."""
        return await asyncio.to_thread(self._ask, statement)

    def _ask(self, statement: str) -> Rows:
        connection = sqlite3.connect(self.file, isolation_level=None)
        try:
            return connection.execute(statement).fetchall()
        finally:
            connection.close()

    @asynccontextmanager
    async def locked(self) -> AsyncIterator[None]:
        """Hold the file's lock."""
        connection = sqlite3.connect(self.file, isolation_level=None)
        connection.execute("BEGIN EXCLUSIVE")
        yield
        connection.execute("ROLLBACK")
        connection.close()


class PostgresDatabase:
    """A database of a server, written to as the role of a gateway."""

    def __init__(self, server: PostgresServer, name: str) -> None:
        self.server = server
        self.name = name
        self.url = server.url(name, WRITER)

    def store(self, replica: str = "a") -> PostgresStore:
        """Make a store over the database."""
        return PostgresStore(self.url, replica=replica, patience_ms=200)

    async def ask(self, statement: str) -> Rows:
        """Ask as the superuser."""
        return await self.server.execute(self.name, statement)

    @asynccontextmanager
    async def locked(self) -> AsyncIterator[None]:
        """Hold a lock on the table of entries."""
        connection = await asyncpg.connect(
            user="postgres", database=self.name, host=str(self.server.folder)
        )
        async with connection.transaction():
            await connection.execute("LOCK TABLE audit_entry IN EXCLUSIVE MODE")
            yield
        await connection.close()
