"""The log in each database, while nothing goes wrong."""

import asyncio

import pytest

from audit.entry import EntryKind
from audit.log import AccessLogUnavailable, LogState, Trouble
from audit.record import from_bytes
from audit.stores.opening import open_access_log
from audit.stores.schema import ENTRY, microseconds
from audit.stores.writer import GroupCommitLog
from tests.audit.conftest import Opened
from tests.audit.databases import Database
from tests.audit.workbench import (
    NOW,
    TAG,
    Commit,
    ToldStore,
    cut_before,
    log_over,
    make_intent,
    ready_again,
)


def log_in(database: Database, replica: str = "a") -> GroupCommitLog:
    return open_access_log(database.url, replica=replica, clock=lambda: NOW)


async def test_what_is_appended_is_in_the_database_when_append_returns(
    database: Database, opened: Opened
) -> None:
    log = await opened(log_in(database))
    entry = make_intent()
    await log.append([entry])
    [(body,)] = await database.ask("SELECT body FROM audit_entry WHERE kind = 'INTENT'")
    record = from_bytes(body)
    assert (entry, "a", 1) == (record.entry, record.replica, record.counter)


async def test_the_columns_repeat_what_the_body_says(database: Database, opened: Opened) -> None:
    log = await opened(log_in(database))
    entry = make_intent()
    await log.append([entry])
    names = [column.name for column in ENTRY.columns]
    [row] = await database.ask(
        f"SELECT {', '.join(names)} FROM audit_entry WHERE kind = 'INTENT'"  # noqa: S608 - our own column names
    )
    columns = dict(zip(names, row, strict=True))
    record = from_bytes(columns.pop("body"))
    own = {"boot_id": record.boot_id, "counter": record.counter, "at": microseconds(NOW)}
    assert columns == {name: getattr(entry, name) for name in columns if name not in own} | own


async def test_each_subject_has_a_row_that_leads_to_the_entry(
    database: Database, opened: Opened
) -> None:
    log = await opened(log_in(database))
    entry = make_intent()
    await log.append([entry])
    assert [("2026-11", TAG, microseconds(NOW), entry.entry_id, "POPULATION")] == (
        await database.ask("SELECT period, tag, at, entry_id, registry FROM audit_subject")
    )


async def test_each_entry_waits_in_the_queue_for_its_place_in_the_tree(
    database: Database, opened: Opened
) -> None:
    log = await opened(log_in(database))
    await log.append([make_intent(), make_intent()])
    kept = await database.ask("SELECT entry_id FROM audit_entry ORDER BY entry_id")
    assert 3 == len(kept)
    assert kept == await database.ask("SELECT entry_id FROM audit_queue ORDER BY entry_id")


async def test_what_is_settled_after_it_left_the_queue_does_not_return_there(
    database: Database, opened: Opened
) -> None:
    """The tree would be asked to take it a second time."""
    store = ToldStore(database.store())
    log = await opened(log_over(store))

    async def sequence_and_cut(commit: Commit) -> None:
        await commit()
        await database.ask("DELETE FROM audit_queue")
        await cut_before(commit)

    store.told = sequence_and_cut
    with pytest.raises(AccessLogUnavailable, match="FAILED"):
        await log.append([make_intent()])
    await ready_again(log)
    assert [] == await database.ask("SELECT entry_id FROM audit_queue")


async def test_those_who_come_during_a_commit_share_the_next_one(
    database: Database, opened: Opened
) -> None:
    store = ToldStore(database.store())
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
    database: Database, opened: Opened
) -> None:
    store = ToldStore(database.store())
    log = await opened(log_over(store, batch_size=5))
    store.commits.clear()
    many = [make_intent() for _ in range(7)]
    two, three, four = ([make_intent() for _ in range(size)] for size in (2, 3, 4))
    await asyncio.gather(*(log.append(entries) for entries in (two, three, many, four)))
    assert [5, 7, 4] == store.commits


async def test_counters_run_without_a_gap_from_the_start_of_the_boot_to_its_end(
    database: Database, opened: Opened
) -> None:
    log = await opened(log_in(database))
    await asyncio.gather(*(log.append([make_intent(), make_intent()]) for _ in range(20)))
    await log.close()
    rows = await database.ask("SELECT counter, kind FROM audit_entry ORDER BY counter")
    expected = ["BOOT_START", *["INTENT"] * 40, "BOOT_END"]
    assert list(enumerate(expected)) == rows


async def test_closing_writes_what_waits_and_then_takes_nothing(
    database: Database, opened: Opened
) -> None:
    log = await opened(log_in(database))
    waiting = [asyncio.create_task(log.append([make_intent()])) for _ in range(50)]
    await asyncio.sleep(0)
    await log.close()
    told = {stored for task in waiting for stored in task.result()}
    rows = await database.ask("SELECT body FROM audit_entry WHERE kind = 'INTENT'")
    assert (50, told) == (len(rows), {bytes(body) for (body,) in rows})
    with pytest.raises(AccessLogUnavailable, match="NOT_OPEN"):
        await log.append([make_intent()])
    assert LogState(trouble=Trouble.NOT_OPEN) == log.state()


async def test_a_caller_who_goes_away_disturbs_nobody(database: Database, opened: Opened) -> None:
    log = await opened(log_in(database))
    first, gone, last = (asyncio.create_task(log.append([make_intent()])) for _ in range(3))
    await asyncio.sleep(0)
    gone.cancel()
    await asyncio.gather(first, last)
    assert LogState(trouble=None) == log.state()


async def test_a_boot_that_ended_well_is_not_lost(database: Database, opened: Opened) -> None:
    await (await opened(log_in(database))).close()
    await (await opened(log_in(database))).close()
    kinds = await database.ask("SELECT kind, count(*) FROM audit_boot GROUP BY kind ORDER BY kind")
    assert [("BOOT_END", 2), ("BOOT_START", 2)] == kinds


async def test_a_closed_log_can_be_opened_for_another_boot(
    database: Database, opened: Opened
) -> None:
    log = await opened(log_in(database))
    await log.close()
    await log.open()
    await log.append([make_intent()])
    counts = await database.ask("SELECT count(*) FROM audit_entry GROUP BY boot_id")
    assert [(2,), (2,)] == counts


async def test_a_name_that_is_taken_is_refused_until_it_is_given_back(
    database: Database, opened: Opened
) -> None:
    first = await opened(log_in(database))
    with pytest.raises(AccessLogUnavailable, match="NAME_TAKEN"):
        await log_in(database).open()
    await first.append([make_intent()])
    await first.close()
    second = await opened(log_in(database))
    await second.append([make_intent()])
    assert [(0,)] == await database.ask(
        f"SELECT count(*) FROM audit_boot WHERE kind = '{EntryKind.BOOT_LOST}'"  # noqa: S608 - our own word
    )


async def test_two_replicas_write_to_one_database_at_once(
    database: Database, opened: Opened
) -> None:
    one, two = await opened(log_in(database, "a")), await opened(log_in(database, "b"))
    await asyncio.gather(*(log.append([make_intent()]) for log in (one, two) for _ in range(40)))
    counts = await database.ask("SELECT count(*), max(counter) FROM audit_entry GROUP BY boot_id")
    assert [(41, 40), (41, 40)] == counts


async def test_the_name_of_a_replica_is_letters_and_digits(database: Database) -> None:
    with pytest.raises(ValueError, match="ASCII letters, digits and hyphens"):
        database.store("../a")


def test_an_address_of_another_kind_of_database_is_refused() -> None:
    with pytest.raises(ValueError, match="lies in SQLite or PostgreSQL"):
        open_access_log("mysql://localhost/log", replica="a", clock=lambda: NOW)
