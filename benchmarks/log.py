"""What the access log costs: CPU of this process for each entry that a prefill leaves.

Everything is in it: what the request learns, tags, checked forms, the sealed detail, the bytes, the
batch, and this process's part of the commit. 64 callers at once, so that batches form as they do
under load, and one alone, who has each commit to himself: the dearest way to write.
"""

import asyncio
import gc
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import uvloop

from audit.entry import Entry
from audit.log import AccessLog, MemoryAccessLog
from audit.stores.opening import open_access_log
from benchmarks.prefill_notes import Prefill, now
from benchmarks.world import Measured
from tests.audit.postgres_server import WRITER, PostgresServer

CALLERS = 64
REQUESTS = 3_200
LONE_REQUESTS = 400
WAL_FILES = 8
"""Of 16 MB: more than a measurement writes."""
BAR_US = 40
"""What an entry may cost, made and written in groups on PostgreSQL."""


class Forgetful(MemoryAccessLog):
    """A log that keeps nothing: what is left is what the entries themselves cost."""

    async def append(self, entries: Sequence[Entry]) -> Sequence[bytes]:
        """Forget."""
        return [b""] * len(entries)


@asynccontextmanager
async def in_sqlite() -> AsyncIterator[str]:
    """Name a new file."""
    with tempfile.TemporaryDirectory() as folder:
        yield f"sqlite+aiosqlite:///{Path(folder) / 'log.db'}"


@asynccontextmanager
async def in_postgres() -> AsyncIterator[tuple[PostgresServer, str]]:
    """Start a server, and name a new database on it.

    One that has run for a while uses its files of WAL again; a new one fills each with zeros first,
    and commits wait for that.
    """
    server = PostgresServer()
    try:
        await server.prepare()
        database = await server.new_database()
        for _ in range(WAL_FILES):
            await server.execute(database, "SELECT pg_logical_emit_message(false, '', '')")
            await server.execute(database, "SELECT pg_switch_wal()")
        await server.execute(database, "CHECKPOINT")
        yield server, database
    finally:
        server.stop()


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[AccessLog]:
    """Open the log at *url*."""
    log = open_access_log(url, replica="bench", clock=now)
    await log.open()
    yield log
    await log.close()


async def _per_entry(
    name: str, log: AccessLog, *, callers: int = CALLERS, requests: int = REQUESTS, waves: int = 1
) -> Measured:
    prefills = [Prefill(waves) for _ in range(requests)]

    async def caller(own: Sequence[Prefill]) -> None:
        for prefill in own:
            await prefill.log(log)

    await caller(prefills[:callers])
    gc.collect()
    gc.freeze()
    began = time.process_time()
    await asyncio.gather(*(caller(prefills[at::callers]) for at in range(callers)))
    spent = time.process_time() - began
    gc.unfreeze()
    return Measured(name, spent / requests / (waves + 1) * 1e6)


async def _of(place: str, url: str) -> list[Measured]:
    async with opened(url) as log:
        return [
            await _per_entry(f"an entry, {place}, 64 callers", log),
            await _per_entry(f"an entry of three waves, {place}, 64 callers", log, waves=3),
            await _per_entry(
                f"an entry, {place}, one caller", log, callers=1, requests=LONE_REQUESTS
            ),
        ]


async def rows() -> list[Measured]:
    """Measure, in CPU microseconds an entry."""
    forgetful = Forgetful()
    measured = [
        await _per_entry("an entry, made and kept nowhere", forgetful),
        await _per_entry("an entry of three waves, kept nowhere", forgetful, waves=3),
    ]
    async with in_sqlite() as url:
        measured += await _of("SQLite", url)
    async with in_postgres() as (server, database):
        measured += await _of("PostgreSQL", server.url(database, WRITER))
    return measured


def told(measured: Sequence[Measured]) -> None:
    """Print them, with the bar."""
    made = measured[0].cpu_us
    for row in measured:
        print(f"{row.name:<54} {row.cpu_us:>7.1f} us CPU   {row.cpu_us / made:>5.2f} x made")
    print(f"{'  the bar, in groups on PostgreSQL':<54} {BAR_US:>7} us CPU")


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        told(runner.run(rows()))
