"""The log in a file, while nothing goes wrong."""

import asyncio
import stat
from pathlib import Path

import pytest

from audit.entry import EntryKind
from audit.log import AccessLogUnavailable, LogState, Trouble
from audit.record import from_bytes
from audit.schema import ENTRY, microseconds
from audit.sqlite import SqliteAccessLog, SqliteStore
from tests.audit.conftest import Opened
from tests.audit.workbench import NOW, TAG, ToldStore, ask, log_over, make_intent


def sqlite_log(file: Path, replica: str = "a") -> SqliteAccessLog:
    return SqliteAccessLog(f"sqlite+aiosqlite:///{file}", replica=replica, clock=lambda: NOW)


async def test_what_is_appended_is_in_the_file_when_append_returns(
    file: Path, opened: Opened
) -> None:
    log = await opened(sqlite_log(file))
    entry = make_intent()
    await log.append([entry])
    [(body,)] = ask(file, "SELECT body FROM audit_entry WHERE kind = 'INTENT'")
    assert isinstance(body, bytes)
    record = from_bytes(body)
    assert (entry, "a", 1) == (record.entry, record.replica, record.counter)


async def test_the_columns_repeat_what_the_body_says(file: Path, opened: Opened) -> None:
    log = await opened(sqlite_log(file))
    entry = make_intent()
    await log.append([entry])
    names = [column.name for column in ENTRY.columns]
    [row] = ask(file, f"SELECT {', '.join(names)} FROM audit_entry WHERE kind = 'INTENT'")  # noqa: S608 - our own column names
    columns = dict(zip(names, row, strict=True))
    body = columns.pop("body")
    assert isinstance(body, bytes)
    record = from_bytes(body)
    own = {"boot_id": record.boot_id, "counter": record.counter, "at": microseconds(NOW)}
    assert columns == {name: getattr(entry, name) for name in columns if name not in own} | own


async def test_each_subject_has_a_row_that_leads_to_the_entry(file: Path, opened: Opened) -> None:
    log = await opened(sqlite_log(file))
    entry = make_intent()
    await log.append([entry])
    assert [("2026-11", TAG, microseconds(NOW), entry.entry_id, "POPULATION")] == ask(
        file, "SELECT period, tag, at, entry_id, registry FROM audit_subject"
    )
    search = "SELECT entry_id FROM audit_subject WHERE tag = 'x' AND at > 0"
    [(*_, plan)] = ask(file, f"EXPLAIN QUERY PLAN {search}")
    assert "SEARCH audit_subject USING PRIMARY KEY (tag=? AND at>?)" == plan


async def test_a_connection_waits_for_the_disk_at_each_commit(file: Path, opened: Opened) -> None:
    store = ToldStore(file)
    await opened(log_over(store))
    asked = await store._in_turn(
        lambda: (store._ask("PRAGMA journal_mode"), store._ask("PRAGMA synchronous"))
    )
    assert ("wal", 2) == asked


async def test_a_store_that_does_not_wait_for_the_disk_is_refused(file: Path) -> None:
    class HastyStore(ToldStore):
        def _set_durable(self) -> None:
            self._do("PRAGMA journal_mode=WAL")
            self._do("PRAGMA synchronous=NORMAL")

    log = log_over(HastyStore(file))
    with pytest.raises(AccessLogUnavailable, match="NOT_DURABLE"):
        await log.open()
    assert LogState(trouble=Trouble.NOT_OPEN) == log.state()


@pytest.mark.parametrize("url", ["sqlite+aiosqlite://", "sqlite+aiosqlite:///:memory:"])
def test_a_log_without_a_file_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="needs a file of its own"):
        SqliteStore(url, replica="a", busy_ms=100)


def test_the_name_of_a_replica_cannot_lead_to_another_folder() -> None:
    with pytest.raises(ValueError, match="ASCII letters, digits and hyphens"):
        SqliteStore("sqlite+aiosqlite:///x.sqlite3", replica="../a", busy_ms=100)


async def test_the_file_is_its_owners_only(file: Path, opened: Opened) -> None:
    log = await opened(sqlite_log(file))
    await log.append([make_intent()])
    assert {0o600} == {stat.S_IMODE(path.stat().st_mode) for path in file.parent.iterdir()}


async def test_those_who_come_during_a_commit_share_the_next_one(
    file: Path, opened: Opened
) -> None:
    store = ToldStore(file)
    log = await opened(log_over(store))
    store.commits.clear()

    async def caller() -> None:
        for _ in range(10):
            await log.append([make_intent()])

    await asyncio.gather(*(caller() for _ in range(64)))
    assert 640 == sum(store.commits)
    # One at first, perhaps, and then nearly all of the others each time.
    assert len(store.commits) <= 40


async def test_a_batch_has_an_end_and_an_append_is_never_divided(
    file: Path, opened: Opened
) -> None:
    store = ToldStore(file)
    log = await opened(log_over(store, batch_size=5))
    store.commits.clear()
    many = [make_intent() for _ in range(7)]
    two, three, four = ([make_intent() for _ in range(size)] for size in (2, 3, 4))
    await asyncio.gather(*(log.append(entries) for entries in (two, three, many, four)))
    assert [5, 7, 4] == store.commits


async def test_counters_run_without_a_gap_from_the_start_of_the_boot_to_its_end(
    file: Path, opened: Opened
) -> None:
    log = await opened(sqlite_log(file))
    await asyncio.gather(*(log.append([make_intent(), make_intent()]) for _ in range(20)))
    await log.close()
    rows = ask(file, "SELECT counter, kind FROM audit_entry ORDER BY counter")
    expected = ["BOOT_START", *["INTENT"] * 40, "BOOT_END"]
    assert list(enumerate(expected)) == rows


async def test_closing_writes_what_waits_and_then_takes_nothing(file: Path, opened: Opened) -> None:
    log = await opened(sqlite_log(file))
    waiting = [asyncio.create_task(log.append([make_intent()])) for _ in range(50)]
    await asyncio.sleep(0)
    await log.close()
    assert [None] * 50 == [task.result() for task in waiting]
    assert [(50,)] == ask(file, "SELECT count(*) FROM audit_entry WHERE kind = 'INTENT'")
    with pytest.raises(AccessLogUnavailable, match="NOT_OPEN"):
        await log.append([make_intent()])
    assert LogState(trouble=Trouble.NOT_OPEN) == log.state()


async def test_a_caller_who_goes_away_disturbs_nobody(file: Path, opened: Opened) -> None:
    log = await opened(sqlite_log(file))
    first, gone, last = (asyncio.create_task(log.append([make_intent()])) for _ in range(3))
    await asyncio.sleep(0)
    gone.cancel()
    await asyncio.gather(first, last)
    assert LogState(trouble=None) == log.state()


async def test_a_boot_that_ended_well_is_not_lost(file: Path, opened: Opened) -> None:
    await (await opened(sqlite_log(file))).close()
    await (await opened(sqlite_log(file))).close()
    kinds = ask(file, "SELECT kind, count(*) FROM audit_boot GROUP BY kind ORDER BY kind")
    assert [("BOOT_END", 2), ("BOOT_START", 2)] == kinds


async def test_a_closed_log_can_be_opened_for_another_boot(file: Path, opened: Opened) -> None:
    log = await opened(sqlite_log(file))
    await log.close()
    await log.open()
    await log.append([make_intent()])
    counts = ask(file, "SELECT count(*) FROM audit_entry GROUP BY boot_id ORDER BY rowid")
    assert [(2,), (2,)] == counts


async def test_a_name_that_is_taken_is_refused_until_it_is_given_back(
    file: Path, opened: Opened
) -> None:
    first = await opened(sqlite_log(file))
    with pytest.raises(AccessLogUnavailable, match="NAME_TAKEN"):
        await sqlite_log(file).open()
    await first.append([make_intent()])
    await first.close()
    second = await opened(sqlite_log(file))
    await second.append([make_intent()])
    assert [(0,)] == ask(
        file,
        f"SELECT count(*) FROM audit_boot WHERE kind = '{EntryKind.BOOT_LOST}'",  # noqa: S608 - our own word
    )


async def test_two_replicas_write_to_one_file_at_once(file: Path, opened: Opened) -> None:
    one, two = await opened(sqlite_log(file, "a")), await opened(sqlite_log(file, "b"))
    await asyncio.gather(*(log.append([make_intent()]) for log in (one, two) for _ in range(40)))
    counts = ask(file, "SELECT count(*), max(counter) FROM audit_entry GROUP BY boot_id")
    assert [(41, 40), (41, 40)] == counts
