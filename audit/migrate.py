"""Bring the tables of an access log to the form that this program writes.

On SQLite a store does it by itself when it opens its file.
On PostgreSQL it needs a role that owns the tables, which a gateway's role must not be:
`lienthong log migrate` does it, before the first gateway of a new version starts.
"""

from functools import lru_cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, make_url
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

_LOCATION = Path(__file__).parent / "migrations"


@lru_cache(maxsize=1)
def newest() -> str:
    """Name the last step; a database that is there, or further, can be written to."""
    (head,) = ScriptDirectory(str(_LOCATION)).get_heads()
    return head


def upgrade_over(connection: Connection) -> None:
    """Take the steps that are missing, over *connection* and within its transaction."""
    config = Config()
    config.set_main_option("script_location", str(_LOCATION))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


async def upgrade(url: str) -> None:
    """Take the steps that are missing in the PostgreSQL database that *url* names.

    Raises SQLAlchemy's errors; whoever shows them shows their kind only.
    """
    engine = create_async_engine(
        make_url(url).set(drivername="postgresql+asyncpg"),
        poolclass=NullPool,
        hide_parameters=True,
    )
    async with engine.begin() as connection:
        await connection.exec_driver_sql(
            "SELECT pg_advisory_xact_lock(hashtextextended('audit migration', 0))"
        )
        await connection.run_sync(upgrade_over)
    await engine.dispose()
