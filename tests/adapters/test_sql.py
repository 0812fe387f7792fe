"""A line to a database: whatever it does becomes a value, and it is never pressed."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import plugins
from structlog.testing import capture_logs

from adapters import sql
from adapters.circuit import MINIMUM_CALLS, Circuit
from adapters.registry import Failure, Garbled, Refused, Unavailable
from adapters.sql import Line, Question
from sandbox.faults import Fault, Faults, Mode
from sandbox.journal import Journal

plugins.register("lienthong-sandbox", "sandbox.land", "ProvincePlugin")

OpenLine = Callable[..., Line]
ECHO: Question = sa.select(sa.bindparam("word", type_=sa.String).label("said"))


@pytest.fixture(name="open_line")
async def _open_line(tmp_path: Path) -> AsyncIterator[OpenLine]:
    lines = []

    def open_one(**options: float) -> Line:
        circuit = Circuit(clock=time.monotonic, random=lambda: 0.5)
        url = f"sqlite+aiosqlite:///{tmp_path / 'land-01.sqlite3'}?plugin=lienthong-sandbox"
        lines.append(Line("LAND-01", url, circuit, **options))  # type: ignore[arg-type] # one dictionary for options of two types
        return lines[-1]

    yield open_one
    for line in lines:
        await line.aclose()


async def say(line: Line, word: str = "xin chào", seconds: float = 5) -> object:
    return await line.rows(ECHO, {"word": word}, time.monotonic() + seconds)


def play(directory: Path, mode: Mode, ms: int = 60_000) -> None:
    Faults(directory / "faults.json").put("land", Fault(mode=mode, ms=ms))


async def test_rows_come_back_by_name(open_line: OpenLine) -> None:
    assert [{"said": "xin chào"}] == await say(open_line())


async def test_a_call_is_logged_without_what_was_asked(open_line: OpenLine) -> None:
    with capture_logs() as logs:
        await say(open_line(), "097085000101")

    [line] = logs
    assert ("a registry was called", "debug", "LAND-01", "Rows") == (
        line["event"],
        line["log_level"],
        line["registry"],
        line["outcome"],
    )
    assert {"event", "log_level", "registry", "outcome", "waited_ms"} == set(line)


async def test_a_slow_database_fills_its_own_places_and_turns_others_away(
    open_line: OpenLine, tmp_path: Path
) -> None:
    line = open_line(bulkhead=2)
    play(tmp_path, Mode.SLOW, ms=400)
    started = time.monotonic()
    asking = [asyncio.create_task(say(line)) for _ in range(5)]
    answers = [await task for task in asking]

    assert [1, 1] == [len(it) for it in answers if isinstance(it, list)]
    assert [Unavailable(retry_after=1)] * 3 == [it for it in answers if isinstance(it, Failure)]
    assert time.monotonic() - started < 5
    Faults(tmp_path / "faults.json").lift_all()
    assert [{"said": "xin chào"}] == await say(line)


async def test_a_waiting_question_takes_the_place_that_becomes_free(
    open_line: OpenLine, tmp_path: Path
) -> None:
    line = open_line(bulkhead=1)
    play(tmp_path, Mode.SLOW, ms=20)
    first, second = await asyncio.gather(say(line, "một"), say(line, "hai"))

    assert [{"said": "một"}] == first
    assert [{"said": "hai"}] == second


async def test_a_database_that_keeps_failing_is_left_alone_for_a_while(
    open_line: OpenLine, tmp_path: Path
) -> None:
    line = open_line()
    play(tmp_path, Mode.DOWN)
    for _ in range(MINIMUM_CALLS):
        assert Unavailable() == await say(line)
    Faults(tmp_path / "faults.json").lift_all()

    assert Unavailable(retry_after=5) == await say(line)
    assert [] == Journal(tmp_path / "journal.jsonl").rows()


async def test_silence_within_less_than_a_fair_time_says_nothing_about_a_database(
    open_line: OpenLine, tmp_path: Path
) -> None:
    line = open_line()
    play(tmp_path, Mode.HANG)
    hasty = [say(line, seconds=0.05) for _ in range(MINIMUM_CALLS // 2)]
    assert [Unavailable()] * len(hasty) == await asyncio.gather(*hasty)
    hasty = [say(line, seconds=0.05) for _ in range(MINIMUM_CALLS // 2)]
    assert [Unavailable()] * len(hasty) == await asyncio.gather(*hasty)
    Faults(tmp_path / "faults.json").lift_all()

    assert [{"said": "xin chào"}] == await say(line)


async def test_a_dead_connection_in_the_pool_costs_one_more_attempt(
    open_line: OpenLine, tmp_path: Path
) -> None:
    line = open_line()
    await say(line)
    Faults(tmp_path / "faults.json").put("land", Fault(mode=Mode.DOWN, times=1))

    assert [{"said": "xin chào"}] == await say(line)


async def test_more_rows_than_any_dossier_has_are_garbled(open_line: OpenLine) -> None:
    number = sa.select(sa.literal(1).label("n")).cte("numbers", recursive=True)
    numbers = number.union_all(sa.select(number.c.n + 1).where(number.c.n < sa.bindparam("most")))
    count: Question = sa.select(numbers.c.n)
    line = open_line()

    async def rows(most: int) -> object:
        return await line.rows(count, {"most": most}, time.monotonic() + 5)

    enough = await rows(sql.LARGEST_ANSWER)
    assert isinstance(enough, list)
    assert sql.LARGEST_ANSWER == len(enough)
    assert Garbled() == await rows(sql.LARGEST_ANSWER + 1)


class _StatedError(Exception):
    """What a driver raises who knows SQLSTATE, with the value in its message as they do."""

    def __init__(self, sqlstate: str | None) -> None:
        super().__init__("invalid input: 097085000101")
        self.sqlstate = sqlstate


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("28P01", Refused()),
        ("42501", Refused()),
        ("42P01", Garbled()),
        ("22021", Garbled()),
        ("57014", Unavailable()),
        ("53300", Unavailable()),
        ("08006", Unavailable()),
        (None, Unavailable()),
    ],
)
async def test_a_state_means_what_the_table_says(
    open_line: OpenLine, state: str | None, expected: Failure
) -> None:
    line = open_line()
    await say(line)

    @sa.event.listens_for(line._engine.sync_engine, "before_cursor_execute")
    def fail(*_: object) -> None:
        raise sa.exc.DBAPIError(None, None, _StatedError(state))

    with capture_logs() as logs:
        assert expected == await say(line)
    assert "097085000101" not in str(logs)


def test_a_line_names_no_secret_of_its_url(open_line: OpenLine, tmp_path: Path) -> None:
    assert str(tmp_path) not in repr(open_line())
