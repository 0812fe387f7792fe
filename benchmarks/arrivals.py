"""What the access log adds to an answer at 500 requests a second, and when an entry is proved.

An open loop: when each request arrives is fixed in advance, as visitors do not wait for each other,
and its time counts from then. A request is a prefill of one wave: an intent, then an outcome.
"""

import asyncio
import gc
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
import uvloop

from audit.log import AccessLog
from audit.tree.keyring import Keyring
from audit.tree.sequencer import Sequencer
from benchmarks.log import Forgetful, in_postgres, in_sqlite, opened
from benchmarks.prefill_notes import Prefill, now
from tests.audit.postgres_server import WRITER

A_SECOND = 500
SECONDS = 10
WARM_UP = 500
BAR_MS = 3.0
"""What the log may add at p99, on PostgreSQL."""
BAR_CHECKPOINT_MS = 2_000
"""Within which a signed checkpoint covers an entry, at p99."""

_LAGS = """
SELECT (SELECT min(c.at) FROM audit_checkpoint c WHERE c.size > l.seq) - e.at
FROM audit_leaf l JOIN audit_entry e USING (entry_id) WHERE l.seq > {before}
"""


class Times(msgspec.Struct, frozen=True):
    """How long requests took, in milliseconds."""

    name: str
    p50: float
    p99: float


async def _arriving(name: str, log: AccessLog) -> Times:
    prefills = [Prefill() for _ in range(A_SECOND * SECONDS)]
    took: list[float] = []

    async def request(prefill: Prefill, due: float) -> None:
        await prefill.log(log)
        took.append(time.perf_counter() - due)

    gc.collect()
    gc.freeze()
    began = time.perf_counter() + 0.05
    async with asyncio.TaskGroup() as tasks:
        for place, prefill in enumerate(prefills):
            due = began + place / A_SECOND
            await asyncio.sleep(max(due - time.perf_counter(), 0))
            tasks.create_task(request(prefill, due))
    gc.unfreeze()
    return _times(name, took[WARM_UP:])


@asynccontextmanager
async def _sequencer_here(url: str) -> AsyncIterator[None]:
    """Sequence as the embedded gateway does, on the same loop."""
    with tempfile.TemporaryDirectory() as folder:
        stop = asyncio.Event()
        sequencer = Sequencer(url, Keyring(Path(folder)), origin="example.vn/log", clock=now)
        running = asyncio.create_task(sequencer.run(stop))
        yield
        stop.set()
        await running


@asynccontextmanager
async def _sequencer_apart(url: str) -> AsyncIterator[None]:
    """Sequence in another process."""
    program = "tests.audit.tree.sequence_until_killed"
    with tempfile.TemporaryDirectory() as folder:
        apart = subprocess.Popen([sys.executable, "-m", program, url, folder, "1"])  # noqa: ASYNC220, S603 - our own, before the clock runs
        await asyncio.sleep(2)
        yield
        apart.terminate()
        apart.wait()


async def _on_sqlite() -> list[Times]:
    async with in_sqlite() as url, opened(url) as log:
        alone = await _arriving("SQLite", log)
        async with _sequencer_here(url):
            return [alone, await _arriving("SQLite, the sequencer in this process", log)]


async def _on_postgres() -> tuple[list[Times], Times]:
    async with in_postgres() as (server, database), opened(server.url(database, WRITER)) as log:
        alone = await _arriving("PostgreSQL", log)
        before = await server.execute(database, "SELECT count(*) FROM audit_entry")
        async with _sequencer_apart(server.url(database, "sequencer")):
            apart = await _arriving("PostgreSQL, the sequencer in another process", log)
            await asyncio.sleep(2 * BAR_CHECKPOINT_MS / 1000)
        lags = await server.execute(database, _LAGS.format(before=before[0][0]))
        return [alone, apart], _times("an entry to its checkpoint", [lag / 1e6 for (lag,) in lags])


def _times(name: str, took: list[float]) -> Times:
    """Sum up seconds."""
    took = sorted(took)
    return Times(name, *(took[int(len(took) * share)] * 1000 for share in (0.5, 0.99)))


async def times() -> tuple[list[Times], Times]:
    """Measure answers, without a log first, and checkpoints."""
    none = await _arriving("no log", Forgetful())
    postgres, checkpoints = await _on_postgres()
    return [none, *postgres, *await _on_sqlite()], checkpoints


def told(measured: list[Times], checkpoints: Times) -> None:
    """Print them, and what each adds to no log."""
    none = measured[0]
    print(f"{f'{A_SECOND} requests a second, open loop':<44} {'p50':>8} {'p99':>8}   added at p99")
    for row in measured:
        added = row.p99 - none.p99
        print(
            f"{row.name:<44} {row.p50:>5.2f} ms {row.p99:>5.2f} ms   "
            f"{added:>5.2f} ms {row.p99 / none.p99:>6.2f} x"
        )
    print(f"{'  the bar, on PostgreSQL':<63} {BAR_MS:>5.2f} ms")
    print(
        f"{checkpoints.name:<44} {checkpoints.p50:>5.0f} ms {checkpoints.p99:>5.0f} ms   "
        f"(bar at p99 {BAR_CHECKPOINT_MS} ms)"
    )


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        told(*runner.run(times()))
