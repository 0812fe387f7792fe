"""An export is a read of the log, and an entry of its own."""

from pathlib import Path

import pytest
from sqlalchemy import select

from audit.entry import Action, EntryKind
from audit.log import AccessLogUnavailable
from audit.record import from_bytes
from audit.stores.schema import ENTRY
from audit.tree.export import AnotherLog, Exported, export
from tests.audit.postgres_server import WRITER, PostgresServer
from tests.audit.retention.workbench import NOW, OldLog, clock, distinct, fill
from tests.audit.tree.workbench import connected, make_tables


async def test_an_export_is_an_entry_that_says_how_much_was_read(old_log: OldLog) -> None:
    out = await old_log.exported("out")
    async with connected(old_log.url) as connection:
        bodies = await connection.execute(
            select(ENTRY.c.body).where(ENTRY.c.kind == EntryKind.AUDIT_READ.value)
        )
        [entry] = [from_bytes(bytes(body)).entry for body in bodies.scalars()]
    assert (Action.EXPORT, 24, NOW) == (entry.action, entry.found, entry.at)
    assert 24 == len((out / "entries").read_bytes().splitlines())


async def test_each_export_adds_one_entry_and_the_next_one_shows_it(old_log: OldLog) -> None:
    await old_log.exported("first")
    out = await old_log.exported("second")
    # The boot of the first export: its start, the read, its end.
    assert 27 == len((out / "entries").read_bytes().splitlines())
    assert 1 == (out / "entries").read_bytes().count(b'"action":"EXPORT"')


async def test_where_nobody_may_write_nothing_is_exported(old_log: OldLog) -> None:
    nowhere = f"sqlite+aiosqlite:///{old_log.folder}/none.db"
    out = old_log.folder / "out"
    with pytest.raises(AccessLogUnavailable):
        await export(old_log.url, out, writer=nowhere, clock=clock, randomness=distinct)
    assert [False, False] == [out.exists(), (old_log.folder / "none.db").exists()]


async def test_an_entry_in_another_log_is_no_entry(old_log: OldLog) -> None:
    elsewhere = old_log.folder / "elsewhere"
    elsewhere.mkdir()
    other = f"sqlite+aiosqlite:///{elsewhere}/access-log.db"
    await make_tables(other)
    await fill(other, elsewhere)
    out = old_log.folder / "out"
    told = await export(old_log.url, out, writer=other, clock=clock, randomness=distinct)
    assert (AnotherLog(), False) == (told, out.exists())


async def test_on_postgresql_one_role_reads_and_another_tells_of_it(
    postgres_server: PostgresServer, tmp_path: Path
) -> None:
    server = postgres_server
    name = await server.new_database()
    await fill(server.url(name), tmp_path)
    told = await export(
        server.url(name, "reader"),
        tmp_path / "out",
        writer=server.url(name, WRITER),
        clock=clock,
        randomness=distinct,
    )
    assert Exported(leaves=24, origins=1) == told
