"""A log in each of the two databases, for somebody who owns its tables."""

from pathlib import Path

import pytest

from tests.audit.postgres_server import PostgresServer
from tests.audit.retention.workbench import OldLog, fill
from tests.audit.tree.workbench import make_tables


@pytest.fixture(params=["sqlite", "postgres"])
async def old_log(
    request: pytest.FixtureRequest, tmp_path: Path, postgres_server: PostgresServer
) -> OldLog:
    """Make a log with entries of autumn 2024 and of today, sequenced and signed."""
    if request.param == "sqlite":
        url = f"sqlite+aiosqlite:///{tmp_path}/access-log.db"
        await make_tables(url)
    else:
        url = postgres_server.url(await postgres_server.new_database())
    return await fill(url, tmp_path)
