"""Databases for access logs, and logs that are closed behind the test that opened them."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from audit.stores.writer import GroupCommitLog
from tests.audit.databases import Database, PostgresDatabase, SqliteDatabase
from tests.audit.postgres_server import PostgresServer

Opened = Callable[[GroupCommitLog], Awaitable[GroupCommitLog]]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "var" / "access-log.sqlite3"


@pytest.fixture(scope="session")
async def postgres_server() -> AsyncIterator[PostgresServer]:
    """Start a PostgreSQL server for the session: `new_database()` makes a migrated one."""
    server = PostgresServer(fleeting=True)
    await server.prepare()
    yield server
    server.stop()


@pytest.fixture
def sqlite(file: Path) -> SqliteDatabase:
    return SqliteDatabase(file)


@pytest.fixture
async def postgres(postgres_server: PostgresServer) -> PostgresDatabase:
    return PostgresDatabase(postgres_server, await postgres_server.new_database())


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest) -> Database:
    """Run the test on each kind of database."""
    chosen: Database = request.getfixturevalue(request.param)
    return chosen


@pytest.fixture
async def opened() -> AsyncIterator[Opened]:
    """Open a log; what the test does not close is closed behind it."""
    logs: list[GroupCommitLog] = []

    async def open_one(log: GroupCommitLog) -> GroupCommitLog:
        await log.open()
        logs.append(log)
        return log

    yield open_one
    for log in logs:
        await log.close()
