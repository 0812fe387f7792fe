"""What is a matter of the file alone."""

import asyncio
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from audit.log import AccessLogUnavailable, LogState, Trouble
from audit.stores.sqlite import SqliteStore
from audit.stores.store import StoreFault
from tests.audit.conftest import Opened
from tests.audit.databases import SqliteDatabase
from tests.audit.workbench import log_over, make_intent, ready_again


async def test_a_person_is_found_by_the_order_of_the_table(
    sqlite: SqliteDatabase, opened: Opened
) -> None:
    await opened(log_over(sqlite.store()))
    search = "SELECT entry_id FROM audit_subject WHERE tag = 'x' AND at > 0"
    [(*_, plan)] = await sqlite.ask(f"EXPLAIN QUERY PLAN {search}")
    assert "SEARCH audit_subject USING PRIMARY KEY (tag=? AND at>?)" == plan


async def test_a_connection_waits_for_the_disk_at_each_commit(
    sqlite: SqliteDatabase, opened: Opened
) -> None:
    store = sqlite.store()
    await opened(log_over(store))
    asked = await store._in_turn(
        lambda: (store._ask("PRAGMA journal_mode"), store._ask("PRAGMA synchronous"))
    )
    assert ("wal", 2) == asked


async def test_a_store_that_does_not_wait_for_the_disk_is_refused(sqlite: SqliteDatabase) -> None:
    class HastyStore(SqliteStore):
        def _set_durable(self) -> None:
            self._do("PRAGMA journal_mode=WAL")
            self._do("PRAGMA synchronous=NORMAL")

    log = log_over(HastyStore(sqlite.url, replica="a", busy_ms=200))
    with pytest.raises(AccessLogUnavailable, match="NOT_DURABLE"):
        await log.open()
    assert LogState(trouble=Trouble.NOT_OPEN) == log.state()


@pytest.mark.parametrize("url", ["sqlite+aiosqlite://", "sqlite+aiosqlite:///:memory:"])
def test_a_log_without_a_file_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="needs a file of its own"):
        SqliteStore(url, replica="a", busy_ms=100)


async def test_the_file_is_its_owners_only(sqlite: SqliteDatabase, opened: Opened) -> None:
    log = await opened(log_over(sqlite.store()))
    await log.append([make_intent()])
    assert {0o600} == {stat.S_IMODE(path.stat().st_mode) for path in sqlite.file.parent.iterdir()}


async def test_a_full_disk_refuses_and_is_written_to_again_once_there_is_room(
    sqlite: SqliteDatabase, opened: Opened
) -> None:
    class SmallStore(SqliteStore):
        pages = 0

        def _set_durable(self) -> None:
            super()._set_durable()
            self._do(f"PRAGMA max_page_count={self.pages or 1_000_000}")

    store = SmallStore(sqlite.url, replica="a", busy_ms=200)
    log = await opened(log_over(store))
    [(store.pages,)] = await sqlite.ask("PRAGMA page_count")
    await store._in_turn(store._set_durable)
    with pytest.raises(AccessLogUnavailable, match="FAILED"):
        await log.append([make_intent() for _ in range(200)])
    await asyncio.sleep(0.1)  # it tries again, and again finds no room
    assert LogState(trouble=Trouble.FAILED) == log.state()
    counters = "SELECT counter FROM audit_entry ORDER BY counter"
    assert [(0,)] == await sqlite.ask(counters)
    store.pages = 0
    await ready_again(log)
    await log.append([make_intent()])
    await log.close()
    assert [(counter,) for counter in range(203)] == await sqlite.ask(counters)


async def test_a_file_that_was_taken_away_is_not_begun_anew(
    sqlite: SqliteDatabase, opened: Opened
) -> None:
    log = await opened(log_over(sqlite.store()))
    kept = sqlite.file.with_name("kept.sqlite3")
    await asyncio.to_thread(sqlite.file.rename, kept)
    with pytest.raises(AccessLogUnavailable, match="FAILED"):
        await log.append([make_intent()])
    await asyncio.sleep(0.1)
    assert not await asyncio.to_thread(sqlite.file.exists)
    await asyncio.to_thread(kept.rename, sqlite.file)
    await ready_again(log)
    await log.append([make_intent()])
    rows = await sqlite.ask("SELECT counter FROM audit_entry ORDER BY counter")
    assert [(0,), (1,), (2,)] == rows


async def test_a_folder_that_cannot_be_made_is_an_unavailable_log(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("a file, not a folder")
    log = log_over(SqliteDatabase(tmp_path / "var" / "access-log.sqlite3").store())
    with pytest.raises(AccessLogUnavailable, match="FAILED"):
        await log.open()


async def test_a_file_that_others_may_read_is_its_owners_only_once_it_is_opened(
    sqlite: SqliteDatabase, opened: Opened
) -> None:
    log = log_over(sqlite.store())
    await log.open()
    files = [sqlite.file.with_name(f"{sqlite.file.name}{end}") for end in ("", "-wal", "-shm")]
    # Beside a reader, -wal and -shm outlive the writer.
    with closing(sqlite3.connect(sqlite.file)) as reader:
        reader.execute("SELECT count(*) FROM audit_entry").fetchone()
        await log.close()
        for file in files:
            file.chmod(0o644)
        log = await opened(log_over(sqlite.store()))
        await log.append([make_intent()])
        assert [0o600] * 3 == [stat.S_IMODE(file.stat().st_mode) for file in files]


@pytest.mark.parametrize(("mode", "trouble"), [(0o660, None), (0o664, Trouble.FAILED)])
async def test_a_file_of_another_account_may_be_its_groups_and_nobody_elses(
    mode: int, trouble: Trouble | None, sqlite: SqliteDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = log_over(sqlite.store())
    await log.open()
    await log.close()
    sqlite.file.chmod(mode)

    def refuse(*_: object) -> None:
        raise PermissionError  # as to whoever is not the owner

    monkeypatch.setattr(Path, "chmod", refuse)
    store = sqlite.store()
    if trouble is None:
        await store.open()
    else:
        with pytest.raises(StoreFault, match=trouble.value):
            await store.open()
    await store.close()
