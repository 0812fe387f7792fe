"""A place for a log file, and logs that are closed behind the test that opened them."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from audit.writer import GroupCommitLog

Opened = Callable[[GroupCommitLog], Awaitable[GroupCommitLog]]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "var" / "access-log.sqlite3"


@pytest.fixture
async def opened() -> AsyncIterator[Opened]:
    """Open a log; what the test does not close is closed behind it."""
    logs: list[GroupCommitLog] = []

    async def open_one(log: GroupCommitLog) -> GroupCommitLog:
        await log.open()
        logs.append(log)
        return log

    yield open_one
    for log in logs:
        await log.close()
