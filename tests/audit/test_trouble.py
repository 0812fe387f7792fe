"""The log when the database does not do what it should."""

import asyncio
import time
from collections.abc import Awaitable, Callable

import pytest

from audit.log import AccessLog, AccessLogUnavailable, LogState, Trouble
from audit.record import Record
from audit.stores.batch import Batch
from audit.stores.store import StoreFault
from tests.audit.conftest import Opened
from tests.audit.databases import Database
from tests.audit.workbench import (
    Commit,
    Hang,
    ToldStore,
    cut_after,
    cut_before,
    log_over,
    make_intent,
    ready_again,
)


async def refusal_of(log: AccessLog, count: int = 1) -> Trouble:
    with pytest.raises(AccessLogUnavailable) as refusal:
        await log.append([make_intent() for _ in range(count)])
    return refusal.value.trouble


async def counters(database: Database) -> list[int]:
    rows = await database.ask("SELECT counter FROM audit_entry ORDER BY counter")
    return [counter for (counter,) in rows]


async def test_a_locked_database_refuses_and_is_written_to_again_once_it_is_free(
    database: Database, opened: Opened
) -> None:
    log = await opened(log_over(ToldStore(database.store())))
    await log.append([make_intent()])
    async with database.locked():
        assert Trouble.FAILED is await refusal_of(log)
        # From now on nobody waits for the lock; they are told at once.
        started = time.monotonic()
        assert log.state().trouble in {Trouble.FAILED, Trouble.TIMEOUT}
        for _ in range(100):
            await refusal_of(log)
        assert time.monotonic() - started < 10
    await ready_again(log)
    await log.append([make_intent()])
    await log.close()
    # BOOT_START, the first, the one that was refused and settled, the last, BOOT_END.
    assert [0, 1, 2, 3, 4] == await counters(database)


@pytest.mark.parametrize("cut", [cut_before, cut_after])
async def test_a_batch_in_doubt_is_settled_before_any_later_one(
    database: Database, opened: Opened, cut: Callable[[Commit], Awaitable[None]]
) -> None:
    """Whether COMMIT arrived or not: refused to the caller, then in the log once, in its place."""
    store = ToldStore(database.store())
    log = await opened(log_over(store))
    doubtful, later = make_intent(), make_intent()
    store.told = cut
    with pytest.raises(AccessLogUnavailable, match="FAILED"):
        await log.append([doubtful])
    await ready_again(log)
    await log.append([later])
    rows = await database.ask(
        "SELECT counter, entry_id FROM audit_entry WHERE counter > 0 ORDER BY counter"
    )
    assert [(1, doubtful.entry_id), (2, later.entry_id)] == rows
    assert [(2,)] == await database.ask("SELECT count(*) FROM audit_subject")


async def test_a_disk_that_hangs_at_commit_refuses_in_time_and_is_settled_later(
    database: Database, opened: Opened
) -> None:
    store = ToldStore(database.store())
    log = await opened(log_over(store, commit_timeout=0.8))
    store.told = hang = Hang()
    started = time.monotonic()
    assert Trouble.TIMEOUT is await refusal_of(log)
    assert time.monotonic() - started < 2
    assert hang.reached.is_set()
    await asyncio.sleep(1)  # it tries again behind what hangs
    assert Trouble.TIMEOUT is log.state().trouble
    hang.woken.set()
    await ready_again(log)
    await log.append([make_intent()])
    assert [0, 1, 2] == await counters(database)


async def test_whoever_waits_behind_a_failed_batch_is_told_with_it(
    database: Database, opened: Opened
) -> None:
    store = ToldStore(database.store())
    log = await opened(log_over(store, commit_timeout=0.8))
    store.told = hang = Hang()
    first = asyncio.create_task(log.append([make_intent()]))
    await hang.reached.wait()
    behind = asyncio.create_task(log.append([make_intent()]))
    ended = await asyncio.gather(first, behind, return_exceptions=True)
    hang.woken.set()
    assert ["TIMEOUT", "TIMEOUT"] == [
        error.trouble for error in ended if isinstance(error, AccessLogUnavailable)
    ]
    await ready_again(log)
    assert [0, 1] == await counters(database)


async def test_more_than_the_queue_holds_is_refused_at_once(
    database: Database, opened: Opened
) -> None:
    store = ToldStore(database.store())
    log = await opened(log_over(store, queue_size=3))
    store.told = hang = Hang()
    first = asyncio.create_task(log.append([make_intent()]))
    await hang.reached.wait()
    waiting = asyncio.create_task(log.append([make_intent(), make_intent()]))
    await asyncio.sleep(0)
    assert LogState(trouble=None, waiting=2) == log.state()
    assert Trouble.OVERFULL is await refusal_of(log, count=2)
    hang.woken.set()
    await asyncio.gather(first, waiting)
    assert [0, 1, 2, 3] == await counters(database)


async def test_an_entry_whose_id_is_taken_is_refused_and_leaves_no_gap(
    database: Database, opened: Opened
) -> None:
    log = await opened(log_over(ToldStore(database.store())))
    entry = make_intent()
    await log.append([entry])
    with pytest.raises(AccessLogUnavailable, match="CONTRADICTED"):
        await log.append([make_intent(), entry])
    await ready_again(log)
    await log.append([make_intent()])
    assert [0, 1, 2] == await counters(database)


async def test_what_stands_under_our_ids_and_is_not_ours_is_never_settled(
    database: Database,
) -> None:
    store = ToldStore(database.store())
    await store.open()
    ours = _batch_of_one()
    await store.write(ours)
    await database.ask("UPDATE audit_entry SET body = body || body")
    with pytest.raises(StoreFault, match="CONTRADICTED"):
        await store.settle(ours)
    await store.close()


async def test_what_is_settled_twice_is_there_once(database: Database) -> None:
    store = ToldStore(database.store())
    await store.open()
    batch = _batch_of_one()
    await store.settle(batch)
    await store.settle(batch)
    await store.close()
    assert [(1,)] == await database.ask("SELECT count(*) FROM audit_entry")


async def test_closing_in_trouble_ends_and_leaves_the_boot_to_be_found_lost(
    database: Database, opened: Opened
) -> None:
    log = await opened(log_over(ToldStore(database.store())))
    async with database.locked():
        assert Trouble.FAILED is await refusal_of(log)
        await log.close()
    await opened(log_over(ToldStore(database.store())))
    kinds = await database.ask("SELECT kind FROM audit_boot ORDER BY kind")
    assert [("BOOT_LOST",), ("BOOT_START",), ("BOOT_START",)] == kinds


async def test_a_log_that_recovers_only_while_it_is_closed_has_no_orderly_end(
    database: Database, opened: Opened
) -> None:
    """Somebody may have been refused who had to say what became of an answer."""
    store = ToldStore(database.store())
    log = await opened(log_over(store))
    store.told = cut_after
    assert Trouble.FAILED is await refusal_of(log)
    await log.close()
    assert [0, 1] == await counters(database)  # what was in doubt is settled all the same
    assert [("BOOT_START",)] == await database.ask("SELECT kind FROM audit_boot")


async def test_a_writer_that_breaks_refuses_everybody_instead_of_leaving_them_waiting(
    database: Database, opened: Opened, capsys: pytest.CaptureFixture[str]
) -> None:
    class BrokenStore(ToldStore):
        async def write(self, batch: Batch) -> None:
            if batch.subjects:
                raise LookupError
            await super().write(batch)

    log = await opened(log_over(BrokenStore(database.store())))
    ended = await asyncio.gather(
        *(log.append([make_intent()]) for _ in range(3)), return_exceptions=True
    )
    assert [Trouble.FAILED] * 3 == [
        error.trouble for error in ended if isinstance(error, AccessLogUnavailable)
    ]
    assert Trouble.FAILED is log.state().trouble
    assert "the access log's writer stopped" in capsys.readouterr().out


def _batch_of_one() -> Batch:
    entry = make_intent()
    record = Record(replica="a", boot_id=entry.entry_id, counter=0, salt=bytes(16), entry=entry)
    return Batch([record])
