"""Sequencers as processes: killed at any moment, relieved in seconds, never in each other's way."""

import asyncio
import random
import statistics
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from audit.stores.schema import CHECKPOINT
from tests.audit.tree.workbench import look, new_id, records, sizes, store, until_size

CHECKOUT = Path(__file__).parents[3]
ROUNDS = 8
TAKEOVER_S = 5
LAG_S = 2
BUSY = 4
"""How much longer it may take on a machine that does other things; the figures are recorded."""


@asynccontextmanager
async def sequencer(
    url: str, keys: Path, interval: float = 0.05
) -> AsyncIterator[asyncio.subprocess.Process]:
    """Start a sequencer's process; it is killed with signal 9 at the latest at the end."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.audit.tree.sequence_until_killed",
        url, str(keys), str(interval),
        cwd=CHECKOUT, stdout=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def test_when_one_of_two_is_killed_the_other_takes_over_in_time(
    url: str, keys: Path, record_property: Callable[[str, object], None]
) -> None:
    boot = new_id()
    await store(url, records(boot, 0, 10))
    async with sequencer(url, keys, 1.0) as first:
        await until_size(url, 10)
        async with sequencer(url, keys, 1.0):
            await store(url, records(boot, 10, 10))
            await until_size(url, 20)
            await asyncio.sleep(1.5)  # the second has come up by now, and waits
            first.kill()
            killed = time.monotonic()
            await store(url, records(boot, 20, 10))
            await until_size(url, 30)
            took = time.monotonic() - killed
    record_property("killed_to_checkpoint_s", took)
    assert took < TAKEOVER_S
    assert 30 == await look(url)


@pytest.mark.timeout(240)
async def test_killed_at_any_moment_it_leaves_a_log_that_verifies(url: str, keys: Path) -> None:
    moments = random.Random(2026)  # noqa: S311 - moments to kill at, not secrets
    boot, stored = new_id(), 0
    for _ in range(ROUNDS):
        before = await sizes(url)
        async with sequencer(url, keys, 0.001), sequencer(url, keys, 0.001) as other:
            while not await sizes(url) - before:  # one of them is at work
                stored += await _store_some(url, boot, stored, moments.randint(1, 400))
            ends = time.monotonic() + moments.uniform(0, 0.4)
            while time.monotonic() < ends:
                stored += await _store_some(url, boot, stored, moments.randint(1, 400))
            other.kill()
        await look(url)
    async with sequencer(url, keys):
        await until_size(url, stored)
    assert stored == await look(url)


async def test_an_entry_is_under_a_signed_checkpoint_within_two_seconds(
    url: str, keys: Path, record_property: Callable[[str, object], None]
) -> None:
    boot, stored = new_id(), 0
    inserted: list[tuple[int, float]] = []
    seen: list[tuple[int, float]] = []
    engine = create_async_engine(url)
    async with sequencer(url, keys, 1.0), engine.connect() as connection:
        await store(url, records(boot, 0, 1))
        await until_size(url, 1)
        ends = time.monotonic() + 6
        while time.monotonic() < ends or seen[-1][0] <= stored:
            if time.monotonic() < ends:
                await store(url, records(boot, stored + 1, 25))
                stored += 25
                inserted.append((stored, time.monotonic()))
            await asyncio.sleep(0.05)
            seen.append((await _newest(connection), time.monotonic()))
    await engine.dispose()
    waits = [next(at for size, at in seen if size > last) - since for last, since in inserted]
    p99 = statistics.quantiles(waits, n=100)[98]
    record_property("insert_to_checkpoint_p50_p99_s", (statistics.median(waits), p99))
    assert p99 <= BUSY * LAG_S
    assert stored + 1 == await look(url)


async def _store_some(url: str, boot: str, first: int, count: int) -> int:
    await store(url, records(boot, first, count))
    return count


async def _newest(connection: AsyncConnection) -> int:
    async with connection.begin():
        size: int = (await connection.execute(select(func.max(CHECKPOINT.c.size)))).scalar_one()
        return size
