"""The log's PostgreSQL is killed, or stands still, while the gateway is asked without a pause."""

import asyncio
import random
import signal
import sys
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx2
import psutil  # type: ignore[import-untyped]  # it ships no types
import pytest

from audit.entry import EntryKind
from tests.audit.databases import PostgresDatabase
from tests.audit.postgres_server import PostgresServer
from tests.journeys.crowd import Crowd, Portal
from tests.journeys.forked import Nursery
from tests.journeys.ledger import Ledger, verified
from tests.journeys.log_places import settings_of
from tests.patience import PATIENCE_S
from tests.sandbox.visitor import Running

KILLS = 20
CUTS = 8
SEED = 2027
SOON_S = 5.0
"""Within which the gateway is ready again once its database is."""


@pytest.fixture
async def mortal() -> AsyncIterator[PostgresDatabase]:
    """Start a server for one test alone: the others' is not disturbed."""
    server = PostgresServer()
    await server.prepare()
    yield PostgresDatabase(server, await server.new_database())
    server.stop()


@pytest.mark.timeout(240)
async def test_nothing_is_told_that_the_killed_database_does_not_hold_when_it_is_back(
    mortal: PostgresDatabase, sandbox: Running, nursery: Nursery, tmp_path: Path
) -> None:
    sys.stdout.write(f"seed {SEED}\n")
    moments = random.Random(SEED)  # noqa: S311 - moments to kill at, not secrets
    crowd = Crowd(Portal(sandbox.addresses), seed=SEED)
    gateway = await nursery.start(**settings_of(mortal))
    crowd.aim(gateway.address)
    slowest = 0.0
    async with crowd.asking():
        for _ in range(KILLS):
            await crowd.hear_data(moments.randint(30, 150))
            await asyncio.to_thread(mortal.server.kill)
            await crowd.hear(5)
            await asyncio.to_thread(mortal.server.start)
            slowest = max(slowest, await ready_again(gateway.address))
        await crowd.hear_data(50)
    gateway.stop()
    ledger = await check(crowd, mortal, sandbox, tmp_path)
    assert slowest < SOON_S
    # One boot all the while, without a gap and without a second copy of anything.
    assert 1 == len(ledger.boots()) == ledger.count(EntryKind.BOOT_END)
    sys.stdout.write(f"{len(crowd.answers())} answers, ready again after {slowest:.2f} s at most\n")


async def test_nothing_is_told_while_the_database_stands_still(
    mortal: PostgresDatabase, sandbox: Running, nursery: Nursery, tmp_path: Path
) -> None:
    crowd = Crowd(Portal(sandbox.addresses), seed=SEED)
    gateway = await nursery.start(**settings_of(mortal))
    crowd.aim(gateway.address)
    async with crowd.asking():
        await crowd.hear_data(100)
        with standing_still(mortal.server):
            before = await fallen_silent(crowd)
            await asyncio.sleep(3)
            assert before == len(crowd.answers())
        took = await ready_again(gateway.address)
        await crowd.hear_data(100)
    gateway.stop()
    ledger = await check(crowd, mortal, sandbox, tmp_path)
    assert took < SOON_S
    assert 1 == len(ledger.boots()) == ledger.count(EntryKind.BOOT_END)


@pytest.mark.timeout(240)
async def test_nothing_was_told_that_is_gone_when_gateway_and_database_die_together(
    mortal: PostgresDatabase, sandbox: Running, nursery: Nursery, tmp_path: Path
) -> None:
    """The database stops a moment earlier: what was said in that moment cannot be stored later."""
    sys.stdout.write(f"seed {SEED}\n")
    moments = random.Random(SEED)  # noqa: S311 - moments to kill at, not secrets
    crowd = Crowd(Portal(sandbox.addresses), seed=SEED)
    kills: list[float] = []
    async with crowd.asking():
        for _ in range(CUTS):
            gateway = await nursery.start(**settings_of(mortal))
            crowd.aim(gateway.address)
            await crowd.hear_data(moments.randint(30, 90))
            with standing_still(mortal.server):
                await asyncio.sleep(0.1)
                kills.append(time.monotonic())
                gateway.kill()
                await asyncio.to_thread(mortal.server.kill)
            await asyncio.to_thread(mortal.server.start)
        last = await nursery.start(**settings_of(mortal))
        crowd.aim(last.address)
        await crowd.hear_data(50)
    last.stop()
    ledger = await check(crowd, mortal, sandbox, tmp_path, kills)
    assert (CUTS, CUTS + 1) == (len(ledger.lost()), len(ledger.boots()))


async def check(
    crowd: Crowd,
    database: PostgresDatabase,
    sandbox: Running,
    folder: Path,
    kills: Sequence[float] = (),
) -> Ledger:
    """Hold what callers were told, what registries were asked and the log against each other."""
    ledger = await Ledger.read(database)
    assert [] == ledger.lacking(crowd.answers())
    assert [] == list(ledger.unexplained())
    # Also one whose intent was in doubt, and turned up when the database was back.
    assert [] == ledger.open_intents(but_of=ledger.lost())
    assert [] == ledger.unowned(sandbox.journal(), kills=kills)
    # Who got no data got no data for this reason and no other.
    assert {each.code for each in crowd.told if not each.data} <= {"ACCESS_LOG_UNAVAILABLE"}
    [(entries, ids)] = await database.ask(
        "SELECT count(*), count(DISTINCT entry_id) FROM audit_entry"
    )
    assert len(ledger.records) == entries == ids
    status, words = verified(database, folder / "keys", folder, crowd.answers())
    assert 3 == status, words
    return ledger


async def fallen_silent(crowd: Crowd) -> int:
    """Wait until what had been committed a moment before has arrived; count all that has."""
    ends = time.monotonic() + PATIENCE_S
    before, now = -1, len(crowd.answers())
    while now > before and time.monotonic() < ends:
        await asyncio.sleep(0.5)
        before, now = now, len(crowd.answers())
    return now


async def ready_again(address: str) -> float:
    """Wait until the gateway says that it is ready; give the seconds that took."""
    began = time.monotonic()
    async with httpx2.AsyncClient(trust_env=False) as http, asyncio.timeout(PATIENCE_S):
        # As a supervisor looks at it: there is no event.
        while (await http.get(f"{address}/ready")).status_code != 200:  # noqa: ASYNC110 - see above
            await asyncio.sleep(0.01)
    return time.monotonic() - began


@contextmanager
def standing_still(server: PostgresServer) -> Iterator[None]:
    """Stop all processes of a server as the kernel can, and let them go on behind the block."""
    first = psutil.Process(server._server.get_pid())
    processes = [first, *first.children(recursive=True)]
    for process in processes:
        process.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        for process in processes:
            # Somebody may have killed it meanwhile.
            with suppress(psutil.NoSuchProcess):
                process.send_signal(signal.SIGCONT)
