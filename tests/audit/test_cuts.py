"""The line to PostgreSQL breaks before, during and after a COMMIT: no entry is lost or doubled."""

import asyncio
import random
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from audit.log import AccessLogUnavailable, Trouble
from audit.stores.postgres import PostgresStore
from audit.stores.writer import GroupCommitLog
from tests.audit.conftest import Opened
from tests.audit.databases import PostgresDatabase
from tests.audit.postgres_server import WRITER
from tests.audit.wire import Wire
from tests.audit.workbench import log_over, make_intent, ready_again

COUNTERS = "SELECT counter FROM audit_entry ORDER BY counter"
ROUNDS = 20
CALLERS = 64


@pytest.fixture
async def wire(postgres: PostgresDatabase, tmp_path: Path) -> AsyncIterator[Wire]:
    made = Wire(tmp_path, postgres.server.folder)
    await made.open()
    yield made
    await made.close()


@pytest.fixture
async def log(postgres: PostgresDatabase, wire: Wire, opened: Opened) -> GroupCommitLog:
    url = postgres.server.url(postgres.name, WRITER, folder=wire.folder)
    store = PostgresStore(url, replica="a", patience_ms=500)
    made = await opened(log_over(store, commit_timeout=1.0))
    # The server knows the statement from now on: what breaks later is the statement at work.
    await made.append([make_intent()])
    return made


def nothing(_data: bytes) -> bytes:
    return b""


def half(data: bytes) -> bytes:
    return data[: len(data) // 2]


async def test_a_line_that_breaks_on_the_way_there_leaves_one_entry(
    log: GroupCommitLog, wire: Wire, postgres: PostgresDatabase
) -> None:
    wire.on_way_there = nothing
    with pytest.raises(AccessLogUnavailable, match="FAILED"):
        await log.append([make_intent()])
    assert [(0,), (1,)] == await postgres.ask(COUNTERS)
    wire.on_way_there = None
    await ready_again(log)
    await log.append([make_intent()])
    assert [(0,), (1,), (2,), (3,)] == await postgres.ask(COUNTERS)


async def test_a_line_that_breaks_in_the_middle_of_a_statement_leaves_one_entry(
    log: GroupCommitLog, wire: Wire, postgres: PostgresDatabase
) -> None:
    def half_and_cut(data: bytes) -> bytes:
        asyncio.get_running_loop().call_later(0.05, wire.cut)
        return half(data)

    wire.on_way_there = half_and_cut
    with pytest.raises(AccessLogUnavailable, match="FAILED"):
        await log.append([make_intent()])
    assert [(0,), (1,)] == await postgres.ask(COUNTERS)
    wire.on_way_there = None
    await ready_again(log)
    assert [(0,), (1,), (2,)] == await postgres.ask(COUNTERS)


async def test_a_line_that_breaks_on_the_way_back_leaves_one_entry(
    log: GroupCommitLog, wire: Wire, postgres: PostgresDatabase
) -> None:
    wire.on_way_back = nothing
    with pytest.raises(AccessLogUnavailable, match="FAILED"):
        await log.append([make_intent()])
    assert [(0,), (1,), (2,)] == await postgres.ask(COUNTERS)
    wire.on_way_back = None
    await ready_again(log)
    await log.append([make_intent()])
    assert [(0,), (1,), (2,), (3,)] == await postgres.ask(COUNTERS)


async def test_a_statement_that_hangs_is_over_before_its_entry_is_settled(
    log: GroupCommitLog, postgres: PostgresDatabase
) -> None:
    """It holds the replica's name until it has ended; nothing of it turns up later."""
    async with postgres.locked():
        with pytest.raises(AccessLogUnavailable):
            await log.append([make_intent()])
        await asyncio.sleep(0.5)
        assert log.state().trouble in {Trouble.FAILED, Trouble.TIMEOUT}
    await ready_again(log)
    await log.append([make_intent()])
    assert [(0,), (1,), (2,), (3,)] == await postgres.ask(COUNTERS)


async def test_a_server_that_says_nothing_refuses_in_time_and_is_settled_later(
    log: GroupCommitLog, wire: Wire, postgres: PostgresDatabase
) -> None:
    """The answer to a COMMIT is held back: stored, and nobody is told before it is certain."""
    wire.holds_back = True
    with pytest.raises(AccessLogUnavailable, match="TIMEOUT"):
        await log.append([make_intent()])
    assert [(0,), (1,), (2,)] == await postgres.ask(COUNTERS)
    wire.holds_back = False
    await ready_again(log)
    await log.append([make_intent()])
    assert [(0,), (1,), (2,), (3,)] == await postgres.ask(COUNTERS)


async def test_a_line_cut_at_any_moment_loses_and_doubles_nothing(
    log: GroupCommitLog, wire: Wire, postgres: PostgresDatabase
) -> None:
    moments = random.Random(2026)  # noqa: S311 - moments to cut at, not secrets
    promised: set[str] = set()
    going_on = True

    async def caller() -> None:
        while going_on:
            entry = make_intent()
            try:
                await log.append([entry])
            except AccessLogUnavailable:
                await asyncio.sleep(0.01)
            else:
                promised.add(entry.entry_id)

    callers = [asyncio.create_task(caller()) for _ in range(CALLERS)]
    for _ in range(ROUNDS):
        await asyncio.sleep(moments.uniform(0.02, 0.08))
        wire.cut()
        await ready_again(log)
    going_on = False
    await asyncio.gather(*callers)
    await log.close()
    stored = {entry_id for (entry_id,) in await postgres.ask("SELECT entry_id FROM audit_entry")}
    counters = [counter for (counter,) in await postgres.ask(COUNTERS)]
    assert len(promised) > CALLERS
    assert set() == promised - stored
    assert list(range(len(stored))) == counters
