"""A log is written with one chain of keys: others are seen at once, and moved ones are not."""

import asyncio
import re
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import create_async_engine

from audit.key_files import KeyUnusableError
from audit.log import AccessLogUnavailable
from audit.marks import check_marks, show_marks
from audit.months import MonthKeys
from audit.retention.holds import Keys, hold
from audit.retention.plan import plan
from tests.audit.conftest import Opened
from tests.audit.databases import Database, PostgresDatabase
from tests.audit.retention.workbench import clock, distinct
from tests.audit.workbench import log_over

OURS, OTHERS = bytes(range(32)), bytes(32)


async def test_the_first_keys_that_are_shown_are_those_of_the_log(
    database: Database, opened: Opened
) -> None:
    await opened(log_over(database.store()))
    shown = [await show_marks(database.url, MonthKeys(key)) for key in (OURS, OTHERS, OURS)]
    assert [True, False, True] == shown


async def test_keys_that_were_moved_forward_are_the_same_keys(
    database: Database, opened: Opened
) -> None:
    await opened(log_over(database.store()))
    await show_marks(database.url, MonthKeys(OURS, since="2024-08"))
    moved = MonthKeys(OURS, since="2024-08")
    moved.forget_before("2026-11")
    assert await show_marks(database.url, moved)


async def test_keys_made_anew_for_a_later_month_are_others(
    database: Database, opened: Opened
) -> None:
    await opened(log_over(database.store()))
    await show_marks(database.url, MonthKeys(OURS, since="2024-08"))
    assert not await show_marks(database.url, MonthKeys(OTHERS, since="2026-11"))
    assert not await show_marks(database.url, MonthKeys(OTHERS, since="2101-01"))


async def test_of_two_keys_that_are_shown_at_once_one_is_taken(
    database: Database, opened: Opened
) -> None:
    await opened(log_over(database.store()))
    keys = [MonthKeys(bytes([number]) * 32) for number in range(4)]
    shown = await asyncio.gather(*(show_marks(database.url, each) for each in keys))
    assert 1 == sum(shown)


async def test_marks_tell_nothing_of_a_key(database: Database, opened: Opened) -> None:
    await opened(log_over(database.store()))
    await show_marks(database.url, MonthKeys(OURS, since="2026-11"))
    marks = [mark for (mark,) in await database.ask("SELECT mark FROM audit_mark")]
    assert [] == [mark for mark in marks if re.fullmatch(r"[A-Za-z0-9_-]{43}", mark) is None]
    assert len(marks) == len(set(marks))


async def test_a_log_that_does_not_answer_takes_no_keys(tmp_path: Path) -> None:
    with pytest.raises(AccessLogUnavailable):
        await show_marks(f"sqlite+aiosqlite:///{tmp_path}/none/a.db", MonthKeys(OURS))


async def test_whoever_holds_or_retires_needs_the_keys_of_the_log(
    database: Database, opened: Opened, tmp_path: Path
) -> None:
    await opened(log_over(database.store()))
    await show_marks(database.url, MonthKeys(OURS))
    url = database.url
    if isinstance(database, PostgresDatabase):
        url = database.server.url(database.name)
    others = Keys(MonthKeys(OTHERS), tmp_path)
    with pytest.raises(KeyUnusableError, match="not those"):
        await plan(url, others, "2026-11")
    with pytest.raises(KeyUnusableError, match="not those"):
        await hold(url, others, ["an entry"], "a case", clock=clock, randomness=distinct)
    engine = create_async_engine(url)
    async with engine.connect() as connection:
        await check_marks(connection, MonthKeys(OURS))
    await engine.dispose()
