"""The PostgreSQL server is killed while 64 callers append; it comes back, and so does the log."""

import asyncio
import random
import time
from collections.abc import AsyncIterator

import pytest

from audit.log import AccessLogUnavailable
from audit.record import from_bytes
from audit.stores.opening import open_access_log
from tests.audit.conftest import Opened
from tests.audit.databases import PostgresDatabase
from tests.audit.postgres_server import PostgresServer
from tests.audit.workbench import NOW, make_intent, ready_again

ROUNDS = 20
CALLERS = 64


@pytest.fixture
async def mortal() -> AsyncIterator[PostgresDatabase]:
    """Start a server for this test alone: the others' is not disturbed."""
    server = PostgresServer()
    await server.prepare()
    yield PostgresDatabase(server, await server.new_database())
    server.stop()


@pytest.mark.timeout(240)
async def test_no_entry_is_lost_or_doubled_when_the_server_is_killed(
    mortal: PostgresDatabase, opened: Opened
) -> None:
    log = await opened(open_access_log(mortal.url, replica="a", clock=lambda: NOW))
    moments = random.Random(2026)  # noqa: S311 - moments to kill at, not secrets
    promised: set[str] = set()
    refused: set[str] = set()
    going_on = True

    async def caller() -> None:
        while going_on:
            entry = make_intent()
            try:
                await log.append([entry])
            except AccessLogUnavailable:
                refused.add(entry.entry_id)
                await asyncio.sleep(0.02)
            else:
                promised.add(entry.entry_id)

    callers = [asyncio.create_task(caller()) for _ in range(CALLERS)]
    slowest = 0.0
    for _ in range(ROUNDS):
        await asyncio.sleep(moments.uniform(0.05, 0.25))
        await asyncio.to_thread(mortal.server.kill)
        await asyncio.to_thread(mortal.server.start)
        back = time.monotonic()
        await ready_again(log)
        slowest = max(slowest, time.monotonic() - back)
    going_on = False
    await asyncio.gather(*callers)
    await log.close()
    rows = await mortal.ask("SELECT entry_id, counter, body FROM audit_entry ORDER BY counter")
    stored = {entry_id for entry_id, _, _ in rows}
    assert len(promised) > 1_000
    assert set() == promised - stored
    # One boot, from BOOT_START to BOOT_END, without a gap and without a second copy.
    assert list(range(len(rows))) == [counter for _, counter, _ in rows]
    assert [counter for _, counter, _ in rows] == [from_bytes(row[2]).counter for row in rows]
    assert len(stored) == len(rows)
    # What is there and was refused was in doubt, and settled: a batch a kill at the most.
    assert len(stored & refused) <= ROUNDS * CALLERS
    assert slowest < 5
