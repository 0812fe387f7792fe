"""`make bench`: CPU a request, and ratios within one run; two machines do not compare."""

import asyncio
import gc
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import uvloop

from audit.log import MemoryAccessLog
from audit.sqlite import SqliteAccessLog
from benchmarks import guard, tokens
from benchmarks.world import (
    KEY,
    PREFILL,
    TYPED,
    Measured,
    asked,
    make_graph,
    measure,
)

TIMES = 500


class Forgetful(MemoryAccessLog):
    """A log that keeps nothing, to see what the log itself costs."""

    async def append(self, entries: object) -> None:
        """Forget."""


async def _workloads() -> list[Measured]:
    subjects = [{"role": "applicant", "is": {"person": KEY}}]
    graph = make_graph(Forgetful())
    typed, prefill = asked(TYPED, key=KEY), asked(PREFILL, subjects=subjects)
    found = [
        await measure("typed query, household of four, no log", graph, typed, TIMES),
        await measure("prefill 1.004222, household of four, no log", graph, prefill, TIMES),
        await measure("catalogue", graph, asked("{ registries { name } }"), TIMES),
    ]
    with tempfile.TemporaryDirectory() as folder:
        log = SqliteAccessLog(
            f"sqlite:///{Path(folder) / 'log.db'}", replica="bench", clock=lambda: datetime.now(UTC)
        )
        await log.open()
        found.append(await measure("typed query, SQLite log", make_graph(log), typed, TIMES))
        await log.close()
    return found


def main() -> None:
    """Run the workloads, and print CPU and ratios."""
    gc.collect()
    gc.freeze()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        measured = runner.run(_workloads())
    base = measured[0].cpu_us
    for row in measured:
        print(f"{row.name:<48} {row.cpu_us:>9.0f} us CPU   {row.cpu_us / base:>5.2f} x")
    for row in (*tokens.rows(), *guard.rows()):
        print(f"{row.name:<48} {row.cpu_us:>9.2f} us CPU")


if __name__ == "__main__":
    main()
