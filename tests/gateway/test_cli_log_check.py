"""Whether searches go by what the entries say, as an operator asks it."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.audit.retention.workbench import OldLog, fill
from tests.audit.tree.workbench import make_tables
from tests.gateway.lienthong import Said, lienthong


@pytest.fixture
async def old_log(tmp_path: Path) -> OldLog:
    url = f"sqlite+aiosqlite:///{tmp_path}/access-log.db"
    await make_tables(url)
    return await fill(url, tmp_path)


async def _check(old_log: OldLog, *words: str) -> Said:
    return await asyncio.to_thread(
        lienthong, "log", "check", *words, "--dir", str(old_log.folder), columns=120
    )


async def test_rows_that_a_report_would_miss_are_named_and_put_back(old_log: OldLog) -> None:
    right = await _check(old_log)
    assert (0, "") == (right.status, right.err)
    assert right.out.startswith("Đã so 24 mục")
    connection = sqlite3.connect(old_log.folder / "access-log.db", isolation_level=None)
    connection.execute("DELETE FROM audit_subject")
    connection.close()
    for words in ((), ("--mend",)):
        wrong = await _check(old_log, *words)
        assert 1 == wrong.status
        assert "  MISSING: 8 · thiếu dòng tra cứu" in wrong.out
    # The boot of whoever mended it is in the log, too.
    mended = await _check(old_log)
    assert (0, "Đã so 26 mục") == (mended.status, mended.out[:12])


async def test_an_entry_that_is_wrong_in_many_rows_is_named_once(old_log: OldLog) -> None:
    with closing(sqlite3.connect(old_log.folder / "access-log.db")) as connection:
        connection.execute(
            "WITH RECURSIVE i(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM i WHERE n < 3) "
            "INSERT INTO audit_subject (period, tag, at, entry_id, registry) SELECT period, "
            "'tag-' || n, at, entry_id, registry FROM i, (SELECT * FROM audit_subject LIMIT 1)"
        )
        connection.commit()
    wrong = await _check(old_log)
    assert 1 == wrong.status
    lines = wrong.out.splitlines()
    at = lines.index("  FOREIGN: 3 · dòng tra cứu dẫn đến mục không nói như vậy")
    assert [True, False] == [line.startswith("    ") for line in (*lines, "")[at + 1 : at + 3]]
