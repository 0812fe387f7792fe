"""`make bench`: CPU a request, and ratios within one run; two machines do not compare."""

import asyncio
import gc
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import uvloop

from audit.stores.opening import open_access_log
from benchmarks import arrivals, guard, log, search, tokens, verifier
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


async def _workloads() -> list[Measured]:
    subjects = [{"role": "applicant", "is": {"person": KEY}}]
    graph = make_graph(log.Forgetful())
    typed, prefill = asked(TYPED, key=KEY), asked(PREFILL, subjects=subjects)
    found = [
        await measure("typed query, household of four, no log", graph, typed, TIMES),
        await measure("prefill 1.004222, household of four, no log", graph, prefill, TIMES),
        await measure("catalogue", graph, asked("{ registries { name } }"), TIMES),
    ]
    with tempfile.TemporaryDirectory() as folder:
        sqlite = open_access_log(
            f"sqlite:///{Path(folder) / 'log.db'}", replica="bench", clock=lambda: datetime.now(UTC)
        )
        await sqlite.open()
        found.append(await measure("typed query, SQLite log", make_graph(sqlite), typed, TIMES))
        await sqlite.close()
    return found


def main() -> None:
    """Run the workloads, and print CPU, times, ratios and the bars."""
    gc.collect()
    gc.freeze()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        measured = runner.run(_workloads())
        entries, times = runner.run(log.rows()), runner.run(arrivals.times())
    base = measured[0].cpu_us
    for row in measured:
        print(f"{row.name:<48} {row.cpu_us:>9.0f} us CPU   {row.cpu_us / base:>5.2f} x")
    for row in (*tokens.rows(), *guard.rows()):
        print(f"{row.name:<48} {row.cpu_us:>9.2f} us CPU")
    log.told(entries)
    arrivals.told(*times)
    verifier.told(verifier.row())
    for found in search.run():
        print(
            f"{found.name:<48} {found.ms:>9.1f} ms (slowest {found.slowest_ms:.1f},"
            f" bar {found.bar_ms}), {found.rows:,} rows, by {', '.join(found.indexes)}"
        )


if __name__ == "__main__":
    main()
