"""A question ends when its time is over, or its asker is gone, and leaves nothing behind."""

import asyncio
import os
import random
import signal
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from audit.reading.asking import QuestionTooLong, asked
from audit.stores.engine import open_engine
from audit.tree.proofs import LogUnreadable
from tests.audit.databases import Database, PostgresDatabase, SqliteDatabase

COUNT = text(
    "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < :until)"
    " SELECT max(x) FROM n"
)
LIST = text(
    "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < :until)"
    " SELECT x FROM n"
)
FEW = {"until": 10_000}
MANY = {"until": 10**8}
"""Half a minute and more."""
Question = Callable[[AsyncConnection], Awaitable[None]]
SOON = 5
"""Seconds, on a machine that does other things as well."""


@pytest.fixture
async def engine(database: Database, sqlite: SqliteDatabase) -> AsyncIterator[AsyncEngine]:
    sqlite.file.parent.mkdir(parents=True)
    sqlite.file.touch()
    made = open_engine(_reader_url(database))
    yield made
    await made.dispose()


def _reader_url(database: Database) -> str:
    if isinstance(database, PostgresDatabase):
        return database.server.url(database.name, "reader")
    return database.url


async def _busy(database: Database) -> int:
    """Count what readers let PostgreSQL do."""
    if not isinstance(database, PostgresDatabase):
        return 0
    ((count,),) = await database.ask(
        "SELECT count(*) FROM pg_stat_activity WHERE usename = 'reader' AND state <> 'idle'"
        " AND datname = current_database()"
    )
    return int(count)


async def _one_long(connection: AsyncConnection) -> None:
    await connection.execute(COUNT, MANY)


async def _many_short(connection: AsyncConnection) -> None:
    for _ in range(10_000):
        await connection.execute(COUNT, FEW)


async def _long_after_a_thought(connection: AsyncConnection) -> None:
    await connection.execute(COUNT, FEW)
    await asyncio.sleep(0.4)
    await connection.execute(COUNT, MANY)


async def _streamed(connection: AsyncConnection) -> None:
    async for _ in (await connection.stream(LIST, MANY)).partitions(100):
        pass


@pytest.mark.parametrize("question", [_one_long, _many_short, _long_after_a_thought, _streamed])
async def test_a_question_ends_with_its_time_however_many_statements_it_takes(
    database: Database, engine: AsyncEngine, question: Question
) -> None:
    began = time.monotonic()
    with pytest.raises(QuestionTooLong):
        async with asked(engine, patience=0.3) as connection:
            await question(connection)
    assert 0.2 < time.monotonic() - began < SOON
    assert 0 == await _busy(database)


@pytest.mark.parametrize("question", [_one_long, _streamed])
async def test_a_question_ends_when_nobody_asks_it_any_more(
    database: Database, engine: AsyncEngine, question: Question
) -> None:

    async def ask() -> None:
        async with asked(engine) as connection:
            await question(connection)

    asking = asyncio.create_task(ask())
    await asyncio.sleep(0.3)
    began = time.monotonic()
    asking.cancel()
    await asyncio.wait({asking})
    assert asking.cancelled()
    spent = time.process_time()
    async with asked(engine) as connection:
        assert 10_000 == await connection.scalar(COUNT, FEW)
    assert time.monotonic() - began < SOON
    await asyncio.sleep(0.3)
    # SQLite would work in a thread of ours.
    assert time.process_time() - spent < 0.2
    assert 0 == await _busy(database)


async def test_whoever_asks_after_a_question_that_was_cut_off_is_answered(
    database: Database, engine: AsyncEngine
) -> None:
    dice = random.Random(7)  # noqa: S311 - moments of a test
    ends: Counter[str] = Counter()

    async def cut_off() -> None:
        patience = dice.uniform(0.0, 0.02)
        try:
            async with asked(engine, patience=patience) as connection:
                await (_many_short if dice.random() < 0.5 else _streamed)(connection)
        except LogUnreadable:
            ends["late"] += 1

    async def given_up() -> None:
        asking = asyncio.create_task(_ask_for_long(engine))
        await asyncio.sleep(dice.uniform(0.0, 0.02))
        asking.cancel()
        await asyncio.wait({asking})
        ends["given up"] += asking.cancelled()

    async def patient() -> None:
        async with asked(engine) as connection:
            assert 10_000 == await connection.scalar(COUNT, FEW)
        ends["answered"] += 1

    for _ in range(40):
        await asyncio.gather(*(ask() for _ in range(3) for ask in (cut_off, patient, given_up)))
        await patient()
    assert {"late": 120, "given up": 120, "answered": 160} == ends
    async with asyncio.timeout(SOON):
        # What was just cut off takes a moment to end.
        while await _busy(database):  # noqa: ASYNC110 - a server does not call back
            await asyncio.sleep(0.05)


async def _ask_for_long(engine: AsyncEngine) -> None:
    async with asked(engine) as connection:
        await _one_long(connection)


async def test_questions_answered_in_time_are_not_interrupted(engine: AsyncEngine) -> None:
    for _ in range(2):
        async with asked(engine, patience=30) as connection:
            assert 1 == await connection.scalar(text("SELECT 1"))


async def test_a_fault_of_the_database_is_no_matter_of_time(engine: AsyncEngine) -> None:
    with pytest.raises(LogUnreadable) as caught:
        async with asked(engine) as connection:
            await connection.execute(text("SELECT * FROM nothing_of_this_name"))
    assert LogUnreadable is caught.type


async def test_a_table_that_somebody_keeps_shut_is_no_matter_of_time(
    postgres: PostgresDatabase,
) -> None:
    engine = open_engine(_reader_url(postgres))
    shut = open_engine(postgres.server.url(postgres.name))
    counted = text("SELECT count(*) FROM audit_entry")
    async with asked(engine) as connection:
        assert 0 == await connection.scalar(counted)
    async with shut.begin() as other:
        await other.execute(text("LOCK TABLE audit_entry IN ACCESS EXCLUSIVE MODE"))
        with pytest.raises(LogUnreadable) as caught:
            async with asked(engine, patience=3) as connection:
                await connection.execute(counted)
    assert LogUnreadable is caught.type
    async with asked(engine) as connection:
        assert 0 == await connection.scalar(counted)
    await shut.dispose()
    await engine.dispose()


async def test_a_server_that_stands_still_is_no_matter_of_time(postgres: PostgresDatabase) -> None:
    engine = open_engine(_reader_url(postgres))
    async with asked(engine) as connection:
        process = await connection.scalar(text("SELECT pg_backend_pid()"))
    assert isinstance(process, int)
    os.kill(process, signal.SIGSTOP)
    try:
        with pytest.raises(LogUnreadable) as caught:
            async with asked(engine, patience=0.5) as connection:
                await connection.execute(text("SELECT 1"))
    finally:
        os.kill(process, signal.SIGCONT)
    assert LogUnreadable is caught.type
    await engine.dispose()
