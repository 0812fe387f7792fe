"""Who waits longest gets his place, in an order that every verifier accepts, however many wait."""

import random
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import event, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from audit.entry import Entry, EntryKind, LostBoot
from audit.record import Record
from audit.stores.schema import ENTRY, LEAF
from audit.tree.rows import newest_checkpoint
from audit.tree.seat import take_seat
from audit.tree.waiting import take_out, waiting
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


def at_times(made: list[Record], times: Sequence[datetime]) -> list[Record]:
    """Give the entries of *made* ids of other times: a clock was set, or a request took long."""
    return [
        msgspec.structs.replace(
            each, entry=msgspec.structs.replace(each.entry, entry_id=new_id(at), at=NOW)
        )
        for each, at in zip(made, times, strict=True)
    ]


def finding(boot_id: str, lost: Record, at: datetime) -> list[Record]:
    """Begin a boot that finds another one lost."""
    found = Entry(
        entry_id=new_id(at),
        kind=EntryKind.BOOT_LOST,
        at=NOW,
        request_id=boot_id,
        lost=LostBoot(boot_id=lost.boot_id, last_counter=lost.counter),
    )
    begun, other, *others = records(boot_id, 0, 8)
    second = msgspec.structs.replace(other, entry=found)
    return [begun, second, *others]


async def places(url: str) -> list[tuple[str, int]]:
    """Give boot and counter of each leaf, in order."""
    async with connected(url) as connection:
        rows = await connection.execute(
            select(ENTRY.c.boot_id, ENTRY.c.counter)
            .join(LEAF, LEAF.c.entry_id == ENTRY.c.entry_id)
            .order_by(LEAF.c.seq)
        )
        return [(row.boot_id, row.counter) for row in rows]


@pytest.mark.parametrize("turned", [True, False], ids=["backwards", "at random"])
async def test_counters_are_in_order_whatever_the_times_of_the_ids_are(
    url: str, keys: Path, *, turned: bool
) -> None:
    chance = random.Random(2026)  # noqa: S311 - an order to try, no secret
    times = [NOW + timedelta(seconds=number) for number in range(90)]
    boots = sorted(new_id() for _ in range(3))
    for boot in boots:
        given = times[::-1] if turned else chance.sample(times, len(times))
        await store(url, at_times(records(boot, 0, 90), given))
    async with sequencing(url, keys, batch_size=7):
        await until_size(url, 270)
    assert 270 == await look(url)


async def test_a_boot_with_a_small_id_does_not_starve_another(url: str) -> None:
    first, second = sorted([new_id(), new_id()])
    times = [NOW + timedelta(seconds=number) for number in range(200)]
    await store(url, at_times(records(first, 0, 200), times))
    await store(url, at_times(records(second, 0, 200), times))
    async with take_seat(url) as seat:
        assert seat is not None
        async with seat.begin():
            batch = await waiting(seat, 100)
    async with connected(url) as connection:
        given = {each.entry_id for each in batch}
        boots = (
            await connection.execute(select(ENTRY.c.boot_id).where(ENTRY.c.entry_id.in_(given)))
        ).scalars()
        named = list(boots)
    assert (50, 50) == (named.count(first), named.count(second))


@pytest.mark.parametrize("small_id", [True, False])
async def test_a_lost_boot_has_all_its_places_before_the_one_that_found_it_lost(
    url: str, keys: Path, *, small_id: bool
) -> None:
    """Also where the clock was set back in between, and more wait than a batch holds."""
    ids = sorted([new_id(), new_id()])
    lost, later = ids if small_id else ids[::-1]
    made = records(lost, 0, 40)
    ahead = [NOW + timedelta(minutes=1)] * 40
    await store(url, at_times(made[:3], ahead[:3]))
    async with sequencing(url, keys):
        await until_size(url, 3)
    await store(url, at_times(made[3:], ahead[3:]))
    await store(url, finding(later, made[-1], NOW))
    async with sequencing(url, keys, batch_size=5):
        await until_size(url, 48)
    assert 48 == await look(url)
    order = await places(url)
    assert order.index((lost, 39)) < order.index((later, 1))


async def test_what_is_no_entry_holds_nobody_up_and_what_has_its_place_is_taken_out(
    url: str, keys: Path
) -> None:
    times = [NOW + timedelta(seconds=number) for number in range(12)]
    made = at_times(records(new_id(), 0, 12), times)
    await store(url, made[:6])
    async with sequencing(url, keys):
        await until_size(url, 6)
    await do(url, "INSERT INTO audit_queue SELECT entry_id FROM audit_leaf")
    garbage = {f"0000000{number}" for number in range(9)}
    values = ", ".join(f"('{each}')" for each in garbage)
    await do(url, f"INSERT INTO audit_queue VALUES {values}")  # noqa: S608 - made above
    await store(url, made[6:])
    async with sequencing(url, keys, batch_size=4):
        await until_size(url, 12)
    assert garbage == await queued(url)


@asynccontextmanager
async def plans(url: str) -> AsyncIterator[tuple[AsyncConnection, list[str]]]:
    """Give a sequencer's connection, and how each question asked over it is answered."""
    said: list[str] = []

    def explain(connection: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:
        if not statement.lstrip().startswith(("SELECT", "DELETE")):
            return
        cursor = connection.connection.cursor()
        postgres = connection.dialect.name == "postgresql"
        cursor.execute(f"EXPLAIN {'' if postgres else 'QUERY PLAN '}{statement}", values)
        said.extend(row[-1] for row in cursor.fetchall())
        cursor.close()

    async with take_seat(url) as seat:
        assert seat is not None
        await seat.run_sync(
            lambda plain: event.listen(plain.engine, "before_cursor_execute", explain)
        )
        async with seat.begin():
            yield seat, said


async def test_a_step_looks_up_what_it_takes_and_reads_no_table_whole(url: str, keys: Path) -> None:
    made = records(new_id(), 0, 60)
    await store(url, made[:30])
    async with sequencing(url, keys):
        await until_size(url, 30)
    await store(url, made[30:])
    async with plans(url) as (seat, said):
        batch = await waiting(seat, 10)
        newest = await newest_checkpoint(seat)
        await take_out(seat, [each.entry_id for each in batch])
    assert [10, 30] == [len(batch), newest.checkpoint.size if newest else None]
    if url.startswith("sqlite"):
        whole = {each.split()[1] for each in said if each.startswith("SCAN")}
        # As far as a batch goes; a handful; what was found just now.
        assert whole <= {"audit_queue", "audit_origin", "anon_1"}
        assert "audit_queue" in whole
        assert any("SEARCH audit_leaf" in each for each in said)
        assert any("SEARCH audit_checkpoint" in each for each in said)
    else:
        assert any("audit_leaf_entry_id_key" in each for each in said)
        assert any("audit_checkpoint_pkey" in each for each in said)
        assert [] == [each for each in said if "Seq Scan" in each or "Hash Join" in each]
        assert [] == [each for each in said if "Merge" in each and "Merge Append" not in each]


@pytest.mark.parametrize("body", [b"{}", b'{"v":"\xff"}', b"[" * 100_000])
async def test_a_body_that_cannot_be_read_gets_its_place_like_any_other(
    url: str, keys: Path, body: bytes
) -> None:
    made = records(new_id(), 0, 4)
    await store(url, made)
    async with connected(url) as connection:
        one = ENTRY.c.entry_id == made[2].entry.entry_id
        await connection.execute(update(ENTRY).where(one).values(kind="BOOT_LOST", body=body))
    async with sequencing(url, keys):
        await until_size(url, 4)
    assert 4 == len(await places(url))
