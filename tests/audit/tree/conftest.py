"""A log in each of the two databases, with its tables and nothing in them."""

from pathlib import Path

import pytest

from tests.audit.postgres_server import PostgresServer
from tests.audit.tree.workbench import make_tables


@pytest.fixture
async def postgres(postgres_server: PostgresServer) -> str:
    """Make the database of a log in PostgreSQL."""
    made = postgres_server.url(await postgres_server.new_database())
    await make_tables(made)
    return made


@pytest.fixture
async def sqlite(tmp_path: Path) -> str:
    """Make the database of a log in a file."""
    made = f"sqlite+aiosqlite:///{tmp_path}/access-log.sqlite3"
    await make_tables(made)
    return made


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest) -> str:
    """Give a log in either database."""
    made: str = request.getfixturevalue(request.param)
    return made


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    """Name the folder of the log's keys; it is not made yet."""
    return tmp_path / "keys"
