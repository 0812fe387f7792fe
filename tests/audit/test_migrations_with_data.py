"""A log that an earlier program filled goes on under this one, and lacks nothing in the end."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, column, insert, table
from sqlalchemy.ext.asyncio import create_async_engine

from audit import migrate
from audit.entry import Entry, EntryKind, uuid7
from audit.migrate import newest, upgrade_over
from audit.months import MonthKeys
from audit.reading.looked_up import Wrong, compare
from audit.record import Record
from audit.stores.batch import Batch
from audit.stores.schema import BOOT, ENTRY, QUEUE, SUBJECT, microseconds
from tests.audit.postgres_server import WRITER, PostgresServer
from tests.audit.retention.workbench import MONTHS, NOW, distinct, request
from tests.audit.tree.workbench import connected, sequencing, until_size

_NEW = {"registries", "from_cache", "replaced"}
OWNER = "log_owner"
_OPTIONS = """
SELECT reloptions FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
WHERE inhparent = 'audit_entry'::regclass
"""
LACKING = {Wrong.COLUMNS: 2, Wrong.MISSING: 2}
"""Of two requests: the intents' registries, and that something closed them."""


@pytest.fixture(params=["sqlite", "postgres"])
async def third(
    request: pytest.FixtureRequest, tmp_path: Path, postgres_server: PostgresServer
) -> str:
    """Make a log with the tables of the third step, on PostgreSQL owned by no superuser."""
    url = f"sqlite+aiosqlite:///{tmp_path}/access-log.db"
    if request.param == "postgres":
        name = await postgres_server.new_database("template1")
        await postgres_server.execute(
            "postgres",
            f"DO $$ BEGIN CREATE ROLE {OWNER} LOGIN CREATEROLE;"
            " EXCEPTION WHEN duplicate_object THEN NULL; END $$",
        )
        await postgres_server.execute("postgres", f"ALTER DATABASE {name} OWNER TO {OWNER}")
        url = postgres_server.url(name, OWNER)
    async with connected(url) as connection:
        await connection.run_sync(_to_the_third)
    if request.param == "sqlite":
        with closing(sqlite3.connect(tmp_path / "access-log.db")) as file:
            file.execute("PRAGMA journal_mode=WAL")  # as a gateway's store does
    return url


def _to_the_third(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(migrate._LOCATION))
    config.attributes["connection"] = connection
    command.upgrade(config, "0003")


async def _written_by_the_earlier_program(url: str) -> None:
    """Write a boot with a request in it, without what the fourth step added."""
    boot = uuid7(NOW, distinct(10))
    start = Entry(
        entry_id=uuid7(NOW, distinct(10)), kind=EntryKind.BOOT_START, at=NOW, request_id=boot
    )
    months = MonthKeys(bytes(32), since="2024-08")
    entries = [start, *request(months, MONTHS[0]), *request(months, NOW)]
    batch = Batch(
        [
            Record(replica="z", boot_id=boot, counter=counter, salt=distinct(16), entry=entry)
            for counter, entry in enumerate(entries)
        ]
    )
    old = [each.name for each in ENTRY.columns if each.name not in _NEW]
    narrow = table("audit_entry", *map(column, old))
    engine = create_async_engine(url)
    async with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            for at in (MONTHS[0], NOW):
                await connection.exec_driver_sql(f"SELECT audit_make_months({microseconds(at)})")
        rows = [dict(zip(old, row, strict=False)) for row in batch.entries]
        await connection.execute(insert(narrow), rows)
        for each, given in ((SUBJECT, batch.subjects), (BOOT, batch.boots), (QUEUE, batch.queue)):
            names = each.columns.keys()
            await connection.execute(
                insert(each), [dict(zip(names, row, strict=True)) for row in given]
            )
    await engine.dispose()


async def test_a_filled_log_of_the_third_step_is_brought_to_today_and_completed(
    third: str, tmp_path: Path
) -> None:
    await _written_by_the_earlier_program(third)
    async with connected(third) as connection:
        await connection.run_sync(upgrade_over)
        step = await connection.exec_driver_sql("SELECT version_num FROM alembic_version")
        assert newest() == step.scalar_one()
        if connection.dialect.name == "postgresql":
            kept = [row[0] for row in await connection.exec_driver_sql(_OPTIONS)]
            assert {("toast_tuple_target=8160",)} == {tuple(each) for each in kept}
    async with sequencing(third, tmp_path / "keys"):
        await until_size(third, 5)
    assert LACKING == (await compare(third, mend=True)).wrong
    assert {} == (await compare(third)).wrong


async def test_an_earlier_program_writes_on_beside_this_one_and_is_completed_later(
    third: str, tmp_path: Path
) -> None:
    async with connected(third) as connection:
        await connection.run_sync(upgrade_over)
    await _written_by_the_earlier_program(third.replace(f"{OWNER}@", f"{WRITER}@"))
    async with sequencing(third, tmp_path / "keys"):
        await until_size(third, 5)
    assert LACKING == (await compare(third, mend=True)).wrong
    assert {} == (await compare(third)).wrong
