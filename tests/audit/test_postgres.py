"""What is a matter of PostgreSQL alone."""

import asyncio
import os
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import asyncpg  # type: ignore[import-untyped]  # it ships no types
import msgspec
import pytest

from audit.entry import uuid7
from audit.log import AccessLogUnavailable, Trouble
from audit.stores.opening import open_access_log
from audit.stores.postgres import PostgresStore
from audit.stores.schema import metadata
from tests.audit.conftest import Opened
from tests.audit.databases import PostgresDatabase
from tests.audit.postgres_server import OWNER, WRITER, PostgresServer
from tests.audit.workbench import NOW, log_over, make_intent, ready_again

TABLES = sorted(metadata.tables)
END_ALL = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE usename = 'gateway' AND datname = current_database()"
)


async def refusal_to_open(database: PostgresDatabase) -> Trouble:
    with pytest.raises(AccessLogUnavailable) as refusal:
        await log_over(database.store()).open()
    return refusal.value.trouble


@pytest.mark.parametrize(
    ("setting", "trouble"),
    [
        ("synchronous_commit = off", Trouble.NOT_DURABLE),
        ("synchronous_commit = local", None),
        ("synchronous_commit = remote_write", None),
    ],
)
async def test_a_database_that_would_confirm_before_the_disk_has_it_is_refused(
    postgres: PostgresDatabase, setting: str, trouble: Trouble | None
) -> None:
    await postgres.ask(f"ALTER DATABASE {postgres.name} SET {setting}")
    if trouble is not None:
        assert trouble is await refusal_to_open(postgres)
        return
    log = log_over(postgres.store())
    await log.open()
    await log.close()


async def test_a_role_that_would_not_wait_for_the_disk_is_refused(
    postgres: PostgresDatabase,
) -> None:
    role = f"hasty_{postgres.name}"
    await postgres.ask(f"CREATE ROLE {role} LOGIN IN ROLE lienthong_log_writer")
    await postgres.ask(f"ALTER ROLE {role} SET synchronous_commit = off")
    url = postgres.server.url(postgres.name, role)
    with pytest.raises(AccessLogUnavailable, match="NOT_DURABLE"):
        await open_access_log(url, replica="a", clock=lambda: NOW).open()


async def test_what_was_found_durable_stays_so_whatever_becomes_of_the_configuration(
    postgres: PostgresDatabase, opened: Opened
) -> None:
    store = postgres.store()
    await opened(log_over(store))
    assert store._connection is not None
    [row] = await store._connection.fetch(
        "SELECT setting, source FROM pg_settings WHERE name = 'synchronous_commit'"
    )
    assert ("on", "session") == tuple(row)


async def test_a_database_without_the_tables_is_refused(postgres_server: PostgresServer) -> None:
    name = await postgres_server.new_database("template1")
    assert Trouble.NOT_MIGRATED is await refusal_to_open(PostgresDatabase(postgres_server, name))


async def test_a_database_of_an_earlier_program_is_refused(postgres: PostgresDatabase) -> None:
    await postgres.ask("UPDATE alembic_version SET version_num = '0001'")
    assert Trouble.NOT_MIGRATED is await refusal_to_open(postgres)


async def test_a_database_of_a_later_program_is_written_to(
    postgres: PostgresDatabase, opened: Opened
) -> None:
    """Replicas are renewed one by one: the old ones go on meanwhile."""
    await postgres.ask("UPDATE alembic_version SET version_num = '9999'")
    log = await opened(log_over(postgres.store()))
    await log.append([make_intent()])


async def test_no_server_is_an_unavailable_log(postgres_server: PostgresServer) -> None:
    url = postgres_server.url("nowhere", WRITER)
    with pytest.raises(AccessLogUnavailable, match="FAILED"):
        await open_access_log(url, replica="a", clock=lambda: NOW).open()


@pytest.fixture
async def writer(postgres: PostgresDatabase) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(
        user=WRITER, database=postgres.name, host=str(postgres.server.folder)
    )
    yield connection
    await connection.close()


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT FROM {table}",
        "DELETE FROM {table}",
        "TRUNCATE {table}",
        "UPDATE {table} SET {column} = {column}",
        "DROP TABLE {table}",
        "ALTER TABLE {table} ADD COLUMN x text",
        "COPY {table} TO STDOUT",
    ],
)
async def test_a_gateways_role_adds_rows_and_neither_reads_nor_changes_any(
    postgres: PostgresDatabase, writer: asyncpg.Connection, opened: Opened, statement: str
) -> None:
    await (await opened(log_over(postgres.store()))).append([make_intent()])
    months = await postgres.ask("SELECT relname FROM pg_class WHERE relispartition AND relkind='r'")
    assert 12 == len(months)
    for table in [*TABLES, *(name for (name,) in months)]:
        [(column,)] = await postgres.ask(
            "SELECT column_name FROM information_schema.columns"  # noqa: S608 - our own table's name
            f" WHERE table_name = '{table}' AND ordinal_position = 1"
        )
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await writer.execute(statement.format(table=table, column=column))


async def test_a_gateways_role_cannot_write_to_the_tree(writer: asyncpg.Connection) -> None:
    for table in ("audit_leaf", "audit_tile", "audit_checkpoint", "audit_origin"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await writer.execute(f"INSERT INTO {table} DEFAULT VALUES")


@pytest.mark.parametrize("user", ["sequencer", "reader"])
async def test_whoever_reads_or_sequences_cannot_add_or_change_an_entry(
    postgres: PostgresDatabase, user: str
) -> None:
    await postgres.server.execute(postgres.name, "SELECT FROM audit_entry", user)
    for statement in (
        "INSERT INTO audit_entry DEFAULT VALUES",
        "UPDATE audit_entry SET kind = 'X'",
        "DELETE FROM audit_entry",
        "TRUNCATE audit_entry",
        "SELECT audit_make_months(0)",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await postgres.server.execute(postgres.name, statement, user)


async def test_a_role_that_may_do_more_than_add_is_told_so(
    postgres: PostgresDatabase, capsys: pytest.CaptureFixture[str]
) -> None:
    url = postgres.server.url(postgres.name, OWNER)
    log = open_access_log(url, replica="a", clock=lambda: NOW)
    await log.open()
    await log.close()
    assert "the access log's role may do more than add rows" in capsys.readouterr().out


async def test_a_month_has_its_place_before_its_first_entry(
    postgres: PostgresDatabase, opened: Opened
) -> None:
    now = datetime(2026, 11, 30, 23, 59, 59, 999_999, tzinfo=UTC)
    log = open_access_log(postgres.url, replica="a", clock=lambda: now)
    await opened(log)
    partitions = "SELECT relname FROM pg_class WHERE relispartition AND relkind='r' ORDER BY 1"
    months = ["2026_11", "2026_12", "2027_01"]
    tables = ("closing", "entry", "subject", "upstream")
    expected = [f"audit_{table}_{month}" for table in tables for month in months]
    assert expected == [name for (name,) in await postgres.ask(partitions)]
    # A clock that is far ahead, a batch over a month's end: every entry finds a place.
    for ahead in (datetime(2027, 6, 30, 17, tzinfo=UTC), datetime(1971, 1, 1, tzinfo=UTC)):
        await log.append([make_intent(), make_intent(at=ahead)])
    rows = await postgres.ask(
        "SELECT tableoid::regclass::text, count(*) FROM audit_entry GROUP BY 1"
    )
    assert {
        "audit_entry_2026_11": 3,
        "audit_entry_2027_06": 1,
        "audit_entry_1971_01": 1,
    } == dict(rows)


async def test_a_reader_does_not_hold_up_the_making_of_a_month(
    postgres: PostgresDatabase, opened: Opened
) -> None:
    log = await opened(log_over(postgres.store()))
    reader = await asyncpg.connect(
        user="reader", database=postgres.name, host=str(postgres.server.folder)
    )
    async with reader.transaction():
        await reader.fetch("SELECT count(*) FROM audit_entry")
        await log.append([make_intent(at=datetime(2030, 5, 5, tzinfo=UTC))])
    await reader.close()


async def test_a_boot_that_another_process_declared_lost_writes_nothing_more(
    postgres: PostgresDatabase, opened: Opened
) -> None:
    """Two processes under one name: the one that was cut off does not go on under the other."""
    store = postgres.store()
    first = await opened(log_over(store))
    await postgres.ask(END_ALL)
    second = log_over(postgres.store())
    await second.open()
    with pytest.raises(AccessLogUnavailable):
        await first.append([make_intent()])
    await second.close()
    async with asyncio.timeout(30):
        while first.state().trouble is not Trouble.NAME_TAKEN:  # noqa: ASYNC110 - there is no event
            await asyncio.sleep(0.01)
    with pytest.raises(AccessLogUnavailable, match="NAME_TAKEN"):
        await first.append([make_intent()])


async def test_a_connection_that_a_dba_ended_is_opened_again(
    postgres: PostgresDatabase, opened: Opened
) -> None:
    log = await opened(log_over(postgres.store()))
    await postgres.ask(END_ALL)
    with pytest.raises(AccessLogUnavailable, match="FAILED"):
        await log.append([make_intent()])
    await ready_again(log)
    await log.append([make_intent()])
    assert [(3,)] == await postgres.ask("SELECT count(*) FROM audit_entry")


async def test_no_password_or_statement_is_shown_by_what_is_raised(
    postgres_server: PostgresServer,
) -> None:
    url = f"postgresql://gateway:geheim@/nowhere?host={postgres_server.folder}"
    with pytest.raises(AccessLogUnavailable) as refusal:
        await log_over(PostgresStore(url, replica="a", patience_ms=100)).open()
    assert refusal.value.__cause__ is None
    assert "the access log is unavailable (FAILED)" == str(refusal.value)


async def test_a_person_is_found_by_index_in_every_month(
    postgres: PostgresDatabase, opened: Opened
) -> None:
    log = await opened(log_over(postgres.store()))
    for month in range(1, 13):
        await log.append([make_intent(at=datetime(2026, month, 5, tzinfo=UTC)) for _ in range(200)])
    await postgres.ask("ANALYZE audit_subject")
    nobody = uuid7(NOW, os.urandom(10))
    plan = await postgres.ask(
        f"EXPLAIN SELECT entry_id FROM audit_subject WHERE tag = '{nobody}' AND at > 0"  # noqa: S608 - our own id
    )
    scans = [line for (line,) in plan if "on audit_subject_2026" in line]
    assert 12 == len(scans)
    assert [] == [line for line in scans if "Index" not in line]


async def test_a_body_of_some_thousand_bytes_is_stored_as_it_is(
    postgres: PostgresDatabase, opened: Opened
) -> None:
    long = msgspec.structs.replace(make_intent(), refused_paths=("applicant/fullName",) * 150)
    log = await opened(log_over(postgres.store()))
    (stored,) = await log.append([long])
    assert len(stored) > 3000
    kept = "SELECT body, pg_column_compression(body) FROM audit_entry WHERE kind = 'INTENT'"
    assert [(stored, None)] == await postgres.ask(kept)
