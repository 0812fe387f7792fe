"""Boots that found others lost, in chains and circles: each gets its place, in the right order."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import select

from audit.entry import Entry, EntryKind, LostBoot, uuid7
from audit.record import Record
from audit.stores.schema import ENTRY, microseconds
from audit.tree import waiting as module
from audit.tree.waiting import waiting
from tests.audit.tree.test_waiting import places
from tests.audit.tree.workbench import (
    NOW,
    connected,
    do,
    look,
    new_id,
    queued,
    records,
    sequencing,
    store,
    until_size,
)

AHEAD = NOW + timedelta(minutes=5)


def boot(at: datetime, later: int = 0) -> str:
    """Name a boot that began so many milliseconds *later*."""
    return uuid7(at + timedelta(milliseconds=later), bytes(10))


def run(
    boot_id: str, count: int, at: datetime, lost: Sequence[tuple[str, int]] = ()
) -> list[Record]:
    """Make the entries of a boot: its start, whom it found lost, and others."""
    made = [
        msgspec.structs.replace(
            each, entry=msgspec.structs.replace(each.entry, entry_id=new_id(at))
        )
        for each in records(boot_id, 0, count)
    ]
    for number, (named, last) in enumerate(lost, 1):
        found = Entry(
            entry_id=new_id(at),
            kind=EntryKind.BOOT_LOST,
            at=NOW,
            request_id=boot_id,
            lost=LostBoot(boot_id=named, last_counter=last),
        )
        made[number] = msgspec.structs.replace(made[number], entry=found)
    return made


@pytest.mark.parametrize("batch_size", [1, 2, 5, 250])
async def test_in_a_chain_of_lost_boots_each_comes_before_the_one_that_found_it_lost(
    url: str, keys: Path, batch_size: int
) -> None:
    """Two were killed, the second at once, and the clock was set back between them."""
    first, second, third = boot(AHEAD), boot(NOW), boot(NOW + timedelta(seconds=2))
    made = run(first, 9, AHEAD)
    await store(url, made[:3])
    async with sequencing(url, keys):
        await until_size(url, 3)
    await store(url, made[3:])
    await store(url, run(second, 2, NOW, [(first, 8)]))
    await store(url, run(third, 3, NOW + timedelta(seconds=2), [(second, 1)]))
    async with sequencing(url, keys, batch_size=batch_size):
        await until_size(url, 14)
    in_order = [
        (one, n) for one, count in ((first, 9), (second, 2), (third, 3)) for n in range(count)
    ]
    assert in_order == await places(url)


@pytest.mark.parametrize("batch_size", [1, 2, 3, 4, 5])
async def test_nobody_begins_before_the_boots_that_he_found_lost_wherever_a_batch_ends(
    url: str, keys: Path, batch_size: int
) -> None:
    lost = [boot(AHEAD, number) for number in range(4)]
    for one in lost:
        await store(url, run(one, 4, AHEAD))
    finder = boot(NOW)
    await store(url, run(finder, 9, NOW, [(one, 3) for one in lost]))
    async with sequencing(url, keys, batch_size=batch_size):
        await until_size(url, 25)
    assert 25 == await look(url)
    assert [(finder, number) for number in range(9)] == (await places(url))[16:]


async def test_boots_that_name_each_other_or_nobody_get_their_places(url: str, keys: Path) -> None:
    one, other, third, nobody = (boot(NOW, number) for number in range(4))
    await store(url, run(one, 5, NOW, [(other, 4)]))
    await store(url, run(other, 5, NOW, [(third, 4)]))
    await store(url, run(third, 5, NOW, [(one, 4), (nobody, 7)]))
    itself = boot(NOW, 5)
    await store(url, run(itself, 5, NOW, [(itself, 4)]))
    async with sequencing(url, keys, batch_size=3):
        await until_size(url, 20)
    assert 20 == await look(url)


async def test_a_chain_of_any_length_is_followed_as_far_as_a_batch_may_look_and_nobody_stays_behind(
    url: str, keys: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_LOOKS", 8)
    chain = [boot(AHEAD - timedelta(seconds=number)) for number in range(30)]
    for number, one in enumerate(chain):
        at = AHEAD - timedelta(seconds=number)
        await store(url, run(one, 2, at, [(chain[number - 1], 1)] if number else []))
    async with sequencing(url, keys, batch_size=10):
        await until_size(url, 60)
    assert 60 == await look(url)


async def test_a_long_chain_against_the_clock_is_placed_from_its_other_end(url: str) -> None:
    """And a batch is no smaller for it: nobody walks the same way twice."""
    times = [AHEAD - timedelta(seconds=number) for number in range(300)]
    chain = [boot(at) for at in times]
    for number, (one, at) in enumerate(zip(chain, times, strict=True)):
        await store(url, run(one, 2, at, [(chain[number - 1], 1)] if number else []))
    async with connected(url) as connection:
        batch = await waiting(connection, 50)
        rows = await connection.execute(select(ENTRY.c.entry_id, ENTRY.c.boot_id))
        boots = {row.entry_id: row.boot_id for row in rows}
    expected = [(one, counter) for one in chain[:25] for counter in (0, 1)]
    assert expected == [(boots[each.entry_id], each.counter) for each in batch]


async def test_rows_with_counters_that_no_gateway_writes_hold_nobody_up(
    url: str, keys: Path
) -> None:
    smallest, largest = -(1 << 63), (1 << 63) - 1
    bad = boot(NOW, 9)
    for counter in (smallest, *range(-12, 0), largest):
        bad_id = new_id(NOW)
        await do(
            url,
            "INSERT INTO audit_entry (entry_id, boot_id, counter, at, kind, request_id, body)"  # noqa: S608 - made above
            f" VALUES ('{bad_id}', '{bad}', {counter}, {microseconds(NOW)}, 'DENIED', 'x', '{{}}')",
        )
        await do(url, f"INSERT INTO audit_queue VALUES ('{bad_id}')")  # noqa: S608 - made above
    good = boot(AHEAD)
    await store(url, run(good, 20, AHEAD))
    async with sequencing(url, keys, batch_size=5):
        await until_size(url, 34)
    assert set() == await queued(url)
    given = await places(url)
    assert [smallest, *range(-12, 0), largest] == [n for one, n in given if one == bad]
    assert list(range(20)) == [n for one, n in given if one == good]
