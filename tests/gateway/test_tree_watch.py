"""`/ready` knows how far the tree is behind, and receipts what the log is called."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from audit.tree.proofs import LogReader
from audit.tree.sequencer import Sequencing
from gateway.tree_watch import TreeState, TreeWatch
from tests.audit.tree.workbench import (
    NOW,
    make_tables,
    new_id,
    records,
    sequencing,
    store,
    until_size,
)

BEHIND = "entries wait longer for their place in the tree than receipts promise"
AGAIN = "entries get their places in the tree in time again"
FIRST = "address.example/log"


class Clock:
    """A clock that the test moves."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        """Tell the time."""
        return self.now


@pytest.fixture
async def url(tmp_path: Path) -> str:
    """Make a log with five entries, none of which has a place."""
    made = f"sqlite+aiosqlite:///{tmp_path}/log.sqlite3"
    await make_tables(made)
    await store(made, records(new_id(), 0, 5))
    return made


@asynccontextmanager
async def watching(
    url: str | None, clock: Clock, own: Sequencing | None = None, *, every: float = 60
) -> AsyncIterator[TreeWatch]:
    reader = LogReader(url) if url else None
    state = (lambda: own) if own else None
    yield TreeWatch(reader, sequencing=state, origin=FIRST, clock=clock, every=every)
    if reader:
        await reader.aclose()


@pytest.mark.parametrize(
    ("own", "in_time", "late"),
    [
        (None, "ELSEWHERE", "LATE"),
        (Sequencing.SEQUENCING, "SEQUENCING", "LATE"),
        (Sequencing.STANDBY, "STANDBY", "LATE"),
        (Sequencing.FORKED, "FORKED", "FORKED"),
        (Sequencing.KEYS, "KEYS", "KEYS"),
    ],
)
async def test_entries_that_wait_over_a_minute_make_it_late_and_it_says_why(
    url: str, own: Sequencing | None, in_time: str, late: str
) -> None:
    clock = Clock()
    async with watching(url, clock, own) as watch:
        clock.now = NOW + timedelta(seconds=60)
        await watch.look()
        assert TreeState(word=in_time, lag_s=60.0) == watch.state()
        assert not watch.state().late
        clock.now = NOW + timedelta(seconds=60.2)
        await watch.look()
        assert TreeState(word=late, lag_s=60.2) == watch.state()
        assert watch.state().late


async def test_that_it_falls_behind_and_catches_up_is_said_once_each(
    url: str, tmp_path: Path
) -> None:
    clock = Clock()
    async with watching(url, clock) as watch:
        clock.now = NOW + timedelta(minutes=5)
        with capture_logs() as lines:
            await watch.look()
            await watch.look()
        assert [(BEHIND, "LATE", 300_000)] == [
            (line["event"], line["trouble"], line["waited_ms"]) for line in lines
        ]
        assert "sequences this log" in lines[0]["action"]
        async with sequencing(url, tmp_path / "keys"):
            await until_size(url, 5)
        with capture_logs() as lines:
            await watch.look()
            await watch.look()
        assert [(AGAIN, "ELSEWHERE")] == [(line["event"], line["state"]) for line in lines]
        assert 0.0 == watch.state().lag_s


async def test_without_a_reader_nothing_is_known_and_it_stays_ready() -> None:
    async with watching(None, Clock()) as watch:
        await watch.look()
        await watch.learn_origin()
        assert TreeState(word="UNKNOWN") == watch.state()
        assert not watch.state().late
        assert FIRST == watch.origin()


async def test_a_database_that_does_not_answer_leaves_the_lag_unknown(tmp_path: Path) -> None:
    async with watching(f"sqlite+aiosqlite:///{tmp_path}/no/folder/log", Clock()) as watch:
        await watch.look()
        await watch.learn_origin()
        assert TreeState(word="UNKNOWN") == watch.state()
        assert FIRST == watch.origin()


async def test_the_log_is_called_as_its_tree_says_and_by_its_address_before_there_is_one(
    url: str, tmp_path: Path
) -> None:
    async with watching(url, Clock()) as watch:
        await watch.learn_origin()
        assert FIRST == watch.origin()
        async with sequencing(url, tmp_path / "keys"):
            await until_size(url, 5)
        await watch.look()
        assert "example.vn/log" == watch.origin()


async def test_it_looks_by_itself_until_it_is_told_to_stop(url: str) -> None:
    clock, stop = Clock(), asyncio.Event()
    async with watching(url, clock, every=0.01) as watch:
        clock.now = NOW + timedelta(seconds=7)
        running = asyncio.create_task(watch.run(stop))
        for _ in range(3_000):
            if watch.state().lag_s is not None:
                break
            await asyncio.sleep(0.01)
        stop.set()
        await running
        assert TreeState(word="ELSEWHERE", lag_s=7.0) == watch.state()
