"""What the tests of this room share: a clock that stands, entries, and a look into the file."""

import itertools
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from audit.entry import Circumstances, Entry, Read, intent, uuid7
from audit.sqlite import SqliteAccessLog
from audit.tags import TagDomain, Tagger

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)

OpenLog = Callable[..., Awaitable[SqliteAccessLog]]
MakeIntent = Callable[[], Entry]
Look = Callable[[str], list[tuple[object, ...]]]


@pytest.fixture
def make_intent() -> MakeIntent:
    """Make intents that differ in their ids only."""
    numbers = itertools.count()
    tag = Tagger(bytes(32)).tag(TagDomain.PERSON, "097200000001", NOW)
    given = Circumstances(
        request_id="r-1",
        consumer_id="portal-hanoi",
        receiving_agency="H26.12",
        procedure="1.004222",
    )
    read = Read(
        registry="POPULATION",
        operation="TraCuuThongTinCongDan",
        subject_tags=(tag,),
        roles=("applicant",),
        fields=("applicant/fullName",),
    )

    def make() -> Entry:
        entry_id = uuid7(NOW, next(numbers).to_bytes(10, "big"))
        return intent(given, entry_id=entry_id, at=NOW, wave=1, reads=[read])

    return make


@pytest.fixture
def log_file(tmp_path: Path) -> Path:
    return tmp_path / "var" / "access-log.sqlite3"


@pytest.fixture
def look(log_file: Path) -> Look:
    """Ask the file, past the log, with a connection of its own."""

    def ask(statement: str) -> list[tuple[object, ...]]:
        connection = sqlite3.connect(log_file)
        try:
            return connection.execute(statement).fetchall()
        finally:
            connection.close()

    return ask


@pytest.fixture
async def open_log(log_file: Path) -> AsyncIterator[OpenLog]:
    """Open logs over the file; what a test leaves open is closed behind it."""
    opened: list[SqliteAccessLog] = []

    async def open_one(replica: str = "a", commit_timeout: float = 2.0) -> SqliteAccessLog:
        log = SqliteAccessLog(
            f"sqlite+aiosqlite:///{log_file}",
            replica=replica,
            clock=lambda: NOW,
            commit_timeout=commit_timeout,
        )
        await log.open()
        opened.append(log)
        return log

    yield open_one
    for log in opened:
        await log.close()
