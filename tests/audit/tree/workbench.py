"""What the tests of the Merkle log work with: stored entries, a sequencer, a strict look at all."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import delete, insert, select, text
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from audit.circumstances import Circumstances
from audit.entry import Entry, EntryKind, uuid7
from audit.making import intent
from audit.migrate import upgrade_over
from audit.record import Record
from audit.stores.batch import TABLES, Batch
from audit.stores.schema import CHECKPOINT, ENTRY, LEAF, ORIGIN, QUEUE, TILE, metadata, microseconds
from audit.tree.keyring import Keyring
from audit.tree.merkle import Tile
from audit.tree.sequencer import Sequencer, Sequencing
from audit.tree.signing import check_checkpoint, parse_vkeys
from tests.audit.tree import slow_merkle
from tests.patience import PATIENCE_S

ORIGIN_NAME = "example.vn/log"
NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
_numbers = itertools.count(1)


def new_id(at: datetime = NOW) -> str:
    return uuid7(at, next(_numbers).to_bytes(10, "little"))


def records(boot_id: str, first: int, count: int) -> list[Record]:
    """Make entries of one boot, from counter *first* on; counter 0 begins the boot."""
    made = []
    for counter in range(first, first + count):
        begun = Entry(entry_id=new_id(), kind=EntryKind.BOOT_START, at=NOW, request_id=boot_id)
        asked = intent(Circumstances(request_id="r-1"), entry_id=new_id(), at=NOW, wave=1, reads=[])
        made.append(
            Record(
                replica="a",
                boot_id=boot_id,
                counter=counter,
                salt=counter.to_bytes(16, "big"),
                entry=asked if counter else begun,
            )
        )
    return made


@asynccontextmanager
async def connected(url: str) -> AsyncIterator[AsyncConnection]:
    """Connect past everybody, as the database's superuser could; what is done is committed."""
    engine = create_async_engine(url)
    try:
        async with engine.begin() as connection:
            yield connection
    finally:
        await engine.dispose()


async def store(url: str, made: list[Record]) -> None:
    """Insert entries as a gateway's writer does, in one transaction."""
    async with connected(url) as connection:
        for table, rows in zip(TABLES, Batch(made).rows, strict=True):
            if rows:
                names = [column.name for column in table.columns]
                given = [dict(zip(names, row, strict=True)) for row in rows]
                await connection.execute(insert(table), given)


async def make_tables(url: str) -> None:
    async with connected(url) as connection:
        await connection.run_sync(upgrade_over)
        if connection.dialect.name == "postgresql":
            for at in (NOW, datetime.now(UTC)):
                await connection.execute(
                    text("SELECT audit_make_months(:at)"), {"at": microseconds(at)}
                )


async def do(url: str, statement: str) -> None:
    """Change the database past everybody, as its superuser could."""
    async with connected(url) as connection:
        await connection.execute(text(statement))


Backup = dict[str, list[dict[str, object]]]


async def back_up(url: str) -> Backup:
    """Copy every row of every table."""
    async with connected(url) as connection:
        return {
            table.name: [dict(row) for row in (await connection.execute(select(table))).mappings()]
            for table in metadata.sorted_tables
        }


async def put_back(url: str, backup: Backup) -> None:
    """Let the database be as it was, and know nothing of what came after."""
    async with connected(url) as connection:
        for table in metadata.sorted_tables:
            await connection.execute(delete(table))
            if backup[table.name]:
                await connection.execute(insert(table), backup[table.name])


@asynccontextmanager
async def sequencing(
    url: str,
    folder: Path,
    *,
    interval: float = 0.02,
    batch_size: int = 5_000,
    last_steps_s: float = PATIENCE_S,
) -> AsyncIterator[Sequencer]:
    """Run a sequencer while the block runs."""
    sequencer = Sequencer(
        url,
        Keyring(folder),
        origin=ORIGIN_NAME,
        clock=lambda: NOW,
        interval=interval,
        batch_size=batch_size,
        last_steps_s=last_steps_s,
    )
    stop = asyncio.Event()
    task = asyncio.create_task(sequencer.run(stop))
    try:
        yield sequencer
    finally:
        stop.set()
        await task


async def until(sequencer: Sequencer, state: Sequencing) -> None:
    for _ in range(2_000):
        if sequencer.state() is state:
            return
        await asyncio.sleep(0.01)
    pytest.fail(f"the sequencer is {sequencer.state()}, not {state}")


async def sizes(url: str) -> set[int]:
    """Give the sizes that were signed."""
    async with connected(url) as connection:
        return set((await connection.execute(select(CHECKPOINT.c.size))).scalars())


async def queued(url: str) -> set[str]:
    """Name what waits for its place."""
    async with connected(url) as connection:
        return set((await connection.execute(select(QUEUE.c.entry_id))).scalars())


async def until_size(url: str, size: int) -> None:
    """Wait until a checkpoint has that size."""
    for _ in range(1_000):
        if size in await sizes(url):
            return
        await asyncio.sleep(0.02)
    pytest.fail(f"no checkpoint of the size {size}")


async def look(url: str, *, naive: Callable[[list[bytes]], bytes] = slow_merkle.root) -> int:
    """Find the whole log in order, or fail; give its size.

    Each entry has one place or waits; places have no gap; hashes are those of the stored bytes;
    every checkpoint is signed and has the root of its leaves; every tile is that of the tree.
    """
    async with connected(url) as connection:
        bodies = {
            row.entry_id: (row.body, row.boot_id, row.counter)
            for row in await connection.execute(select(ENTRY))
        }
        leaves = list(await connection.execute(select(LEAF).order_by(LEAF.c.seq)))
        queue = set((await connection.execute(select(QUEUE.c.entry_id))).scalars())
        notes = list(await connection.execute(select(CHECKPOINT).order_by(CHECKPOINT.c.size)))
        tiles = {
            (row.origin, Tile(row.level, row.idx)): row.hashes
            for row in await connection.execute(select(TILE))
        }
        vkeys = (await connection.execute(select(ORIGIN.c.vkeys))).scalars()
        tenures = [each for written in vkeys for each in parse_vkeys(written)]
    assert list(range(len(leaves))) == [leaf.seq for leaf in leaves]
    assert set(bodies) == {leaf.entry_id for leaf in leaves} ^ queue
    hashes = [leaf.leaf_hash for leaf in leaves]
    assert [slow_merkle.leaf(bodies[leaf.entry_id][0]) for leaf in leaves] == hashes
    counters: dict[str, int] = {}
    for leaf in leaves:
        _, boot_id, counter = bodies[leaf.entry_id]
        assert counters.get(boot_id, -1) + 1 == counter
        counters[boot_id] = counter
    for row in notes:
        signed = check_checkpoint(row.note, tenures).checkpoint
        assert (row.origin, row.size, row.root) == (signed.origin, signed.size, signed.root)
    for row in [*notes[:3], *notes[-3:]]:
        assert row.root == naive(hashes[: row.size])
    assert len(leaves) == (notes[-1].size if notes else 0)
    for (_, tile), stored in tiles.items():
        if tile.level == 0:
            begin = tile.number * 256
            assert stored == b"".join(hashes[begin : begin + 256][: len(stored) // 32])
    return len(leaves)
