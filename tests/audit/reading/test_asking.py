import time

import pytest
from sqlalchemy import text

from audit.reading.asking import QuestionTooLong, asked
from audit.tree.proofs import LogUnreadable
from audit.tree.seat import open_engine

ENDLESS = text(
    "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT max(x) FROM n"
)


async def test_a_question_that_takes_too_long_on_sqlite_is_interrupted() -> None:
    engine = open_engine("sqlite+aiosqlite://")
    began = time.monotonic()
    with pytest.raises(QuestionTooLong):
        async with asked(engine, patience=0.2) as connection:
            await connection.execute(ENDLESS)
    assert time.monotonic() - began < 30
    await engine.dispose()


async def test_one_that_is_answered_in_time_is_not_and_nor_is_the_next() -> None:
    engine = open_engine("sqlite+aiosqlite://")
    for _ in range(2):
        async with asked(engine, patience=30) as connection:
            assert 1 == await connection.scalar(text("SELECT 1"))
    await engine.dispose()


async def test_a_fault_of_the_database_is_no_matter_of_time() -> None:
    engine = open_engine("sqlite+aiosqlite://")
    with pytest.raises(LogUnreadable) as caught:
        async with asked(engine) as connection:
            await connection.execute(text("SELECT * FROM nothing_of_this_name"))
    assert LogUnreadable is caught.type
    await engine.dispose()
