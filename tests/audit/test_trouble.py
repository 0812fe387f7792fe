"""The log when the database does not do what it should."""

import asyncio
import sqlite3
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from audit.log import AccessLog, AccessLogUnavailable, LogState, Trouble
from audit.record import Record
from audit.schema import Batch
from audit.store import StoreFault
from tests.audit.conftest import Opened
from tests.audit.workbench import (
    Hang,
    ToldStore,
    ask,
    cut_after,
    cut_before,
    log_over,
    make_intent,
)


async def ready_again(log: AccessLog) -> None:
    async with asyncio.timeout(5):
        while log.state().trouble is not None:  # noqa: ASYNC110 - as /ready looks: there is no event
            await asyncio.sleep(0.01)


async def refusal_of(log: AccessLog, count: int = 1) -> Trouble:
    with pytest.raises(AccessLogUnavailable) as refusal:
        await log.append([make_intent() for _ in range(count)])
    return refusal.value.trouble


def counters(file: Path) -> list[object]:
    return [counter for (counter,) in ask(file, "SELECT counter FROM audit_entry ORDER BY counter")]


async def test_a_locked_file_refuses_and_is_written_to_again_once_it_is_free(
    file: Path, opened: Opened
) -> None:
    log = await opened(log_over(ToldStore(file)))
    await log.append([make_intent()])
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    assert Trouble.FAILED is await refusal_of(log)
    # From now on nobody waits for the lock; they are told at once.
    started = time.monotonic()
    assert log.state().trouble in {Trouble.FAILED, Trouble.TIMEOUT}
    await refusal_of(log)
    assert time.monotonic() - started < 0.1
    other.execute("ROLLBACK")
    other.close()
    await ready_again(log)
    await log.append([make_intent()])
    await log.close()
    # BOOT_START, the first, the one that was refused and settled, the last, BOOT_END.
    assert [0, 1, 2, 3, 4] == counters(file)


async def test_a_full_disk_refuses_and_is_written_to_again_once_there_is_room(
    file: Path, opened: Opened
) -> None:
    class SmallStore(ToldStore):
        pages = 0

        def _set_durable(self) -> None:
            super()._set_durable()
            self._do(f"PRAGMA max_page_count={self.pages or 1_000_000}")

    store = SmallStore(file)
    log = await opened(log_over(store))
    [(store.pages,)] = ask(file, "PRAGMA page_count")  # type: ignore[assignment]
    await store._in_turn(store._set_durable)
    assert Trouble.FAILED is await refusal_of(log, count=200)
    await asyncio.sleep(0.1)  # it tries again, and again finds no room
    assert LogState(trouble=Trouble.FAILED) == log.state()
    assert [0] == counters(file)
    store.pages = 0
    await ready_again(log)
    await log.append([make_intent()])
    await log.close()
    assert list(range(203)) == counters(file)


@pytest.mark.parametrize("cut", [cut_before, cut_after])
async def test_a_batch_in_doubt_is_settled_before_any_later_one(
    file: Path, opened: Opened, cut: Callable[[Callable[[], None]], None]
) -> None:
    """Whether COMMIT arrived or not: refused to the caller, then in the log once, in its place."""
    store = ToldStore(file)
    log = await opened(log_over(store))
    doubtful, later = make_intent(), make_intent()
    store.told = cut
    with pytest.raises(AccessLogUnavailable, match="FAILED"):
        await log.append([doubtful])
    await ready_again(log)
    await log.append([later])
    rows = ask(file, "SELECT counter, entry_id FROM audit_entry ORDER BY counter")[1:]
    assert [(1, doubtful.entry_id), (2, later.entry_id)] == rows
    assert [(2,)] == ask(file, "SELECT count(*) FROM audit_subject")


async def test_a_disk_that_hangs_at_commit_refuses_in_time_and_is_settled_later(
    file: Path, opened: Opened
) -> None:
    store = ToldStore(file)
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
    assert [0, 1, 2] == counters(file)


async def test_whoever_waits_behind_a_failed_batch_is_told_with_it(
    file: Path, opened: Opened
) -> None:
    store = ToldStore(file)
    log = await opened(log_over(store, commit_timeout=0.8))
    store.told = hang = Hang()
    first = asyncio.create_task(log.append([make_intent()]))
    await asyncio.to_thread(hang.reached.wait, 5)
    behind = asyncio.create_task(log.append([make_intent()]))
    ended = await asyncio.gather(first, behind, return_exceptions=True)
    hang.woken.set()
    assert ["TIMEOUT", "TIMEOUT"] == [
        error.trouble for error in ended if isinstance(error, AccessLogUnavailable)
    ]
    await ready_again(log)
    assert [0, 1] == counters(file)


async def test_more_than_the_queue_holds_is_refused_at_once(file: Path, opened: Opened) -> None:
    store = ToldStore(file)
    log = await opened(log_over(store, queue_size=3))
    store.told = hang = Hang()
    first = asyncio.create_task(log.append([make_intent()]))
    await asyncio.to_thread(hang.reached.wait, 5)
    waiting = asyncio.create_task(log.append([make_intent(), make_intent()]))
    await asyncio.sleep(0)
    assert LogState(trouble=None, waiting=2) == log.state()
    assert Trouble.OVERFULL is await refusal_of(log, count=2)
    hang.woken.set()
    await asyncio.gather(first, waiting)
    assert [0, 1, 2, 3] == counters(file)


async def test_an_entry_whose_id_is_taken_is_refused_and_leaves_no_gap(
    file: Path, opened: Opened
) -> None:
    log = await opened(log_over(ToldStore(file)))
    entry = make_intent()
    await log.append([entry])
    with pytest.raises(AccessLogUnavailable, match="CONTRADICTED"):
        await log.append([make_intent(), entry])
    await ready_again(log)
    await log.append([make_intent()])
    assert [0, 1, 2] == counters(file)


async def test_what_stands_under_our_ids_and_is_not_ours_is_never_settled(file: Path) -> None:
    store = ToldStore(file)
    await store.open()
    ours = _batch_of_one()
    await store.write(ours)
    connection = sqlite3.connect(file)
    connection.execute("UPDATE audit_entry SET body = ?", (b"{}",))
    connection.commit()
    connection.close()
    with pytest.raises(StoreFault, match="CONTRADICTED"):
        await store.settle(ours)
    await store.close()


async def test_what_is_settled_twice_is_there_once(file: Path) -> None:
    store = ToldStore(file)
    await store.open()
    batch = _batch_of_one()
    await store.settle(batch)
    await store.settle(batch)
    await store.close()
    assert [(1,)] == ask(file, "SELECT count(*) FROM audit_entry")


async def test_a_file_that_was_taken_away_is_not_begun_anew(file: Path, opened: Opened) -> None:
    log = await opened(log_over(ToldStore(file)))
    kept = file.with_name("kept.sqlite3")
    await asyncio.to_thread(file.rename, kept)
    assert Trouble.FAILED is await refusal_of(log)
    await asyncio.sleep(0.1)
    assert not await asyncio.to_thread(file.exists)
    await asyncio.to_thread(kept.rename, file)
    await ready_again(log)
    await log.append([make_intent()])
    assert [0, 1, 2] == counters(file)


async def test_closing_in_trouble_ends_and_leaves_the_boot_to_be_found_lost(
    file: Path, opened: Opened
) -> None:
    log = await opened(log_over(ToldStore(file)))
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    assert Trouble.FAILED is await refusal_of(log)
    await log.close()
    other.execute("ROLLBACK")
    other.close()
    await opened(log_over(ToldStore(file)))
    kinds = ask(file, "SELECT kind FROM audit_boot ORDER BY rowid")
    assert [("BOOT_START",), ("BOOT_START",), ("BOOT_LOST",)] == kinds


async def test_a_writer_that_breaks_refuses_everybody_instead_of_leaving_them_waiting(
    file: Path, opened: Opened, capsys: pytest.CaptureFixture[str]
) -> None:
    class BrokenStore(ToldStore):
        def _insert(self, batch: Batch, statements: Sequence[str]) -> None:
            if batch.subjects:
                raise LookupError
            super()._insert(batch, statements)

    log = await opened(log_over(BrokenStore(file)))
    ended = await asyncio.gather(
        *(log.append([make_intent()]) for _ in range(3)), return_exceptions=True
    )
    assert [Trouble.FAILED] * 3 == [
        error.trouble for error in ended if isinstance(error, AccessLogUnavailable)
    ]
    assert Trouble.FAILED is log.state().trouble
    assert "the access log's writer stopped" in capsys.readouterr().out


async def test_a_folder_that_cannot_be_made_is_an_unavailable_log(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("a file, not a folder")
    log = log_over(ToldStore(tmp_path / "var" / "access-log.sqlite3"))
    with pytest.raises(AccessLogUnavailable, match="FAILED"):
        await log.open()


def _batch_of_one() -> Batch:
    entry = make_intent()
    record = Record(replica="a", boot_id=entry.entry_id, counter=0, salt=bytes(16), entry=entry)
    return Batch([record])
