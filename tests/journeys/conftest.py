"""What the journeys through a log under fire share: its databases, and gateways to be killed."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.audit.databases import Database, PostgresDatabase, SqliteDatabase
from tests.audit.postgres_server import PostgresServer
from tests.journeys.forked import Nursery
from tests.sandbox.visitor import Running


@pytest.fixture(scope="session")
async def log_server() -> AsyncIterator[PostgresServer]:
    """Start a PostgreSQL server for the session; nobody kills this one."""
    server = PostgresServer(fleeting=True)
    await server.prepare()
    yield server
    server.stop()


@pytest.fixture
def sqlite_log(tmp_path: Path) -> SqliteDatabase:
    return SqliteDatabase(tmp_path / "access-log.db")


@pytest.fixture
async def postgres_log(log_server: PostgresServer) -> PostgresDatabase:
    return PostgresDatabase(log_server, await log_server.new_database())


@pytest.fixture(params=["sqlite", "postgres"])
def log_database(request: pytest.FixtureRequest) -> Database:
    """Run the journey with each kind of database for the access log."""
    chosen: Database = request.getfixturevalue(f"{request.param}_log")
    return chosen


@pytest.fixture
def nursery(sandbox: Running, tmp_path: Path) -> Iterator[Nursery]:
    """Give gateways before the shared sandbox, healthy and with an empty journal."""
    nursery = Nursery(tmp_path, sandbox.addresses)
    yield nursery
    nursery.close()
