"""The Merkle log in its tables: what a reader looks up, and what the sequencer writes.

Every function works on a connection that is in a transaction already, on either database.
All origins share one numbering of leaves, and a tile only ever grows: where several origins hold
the same tile, the longest of them holds for all (docs/proofs.md, section 10).
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import TypedDict

import msgspec
from sqlalchemy import Insert, func, insert, select, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from audit.stores.schema import BOOT, CHECKPOINT, ENTRY, LEAF, ORIGIN, TILE, microseconds
from audit.tree.checkpoint import Checkpoint
from audit.tree.merkle import Tile
from audit.tree.waiting import take_out

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_AT_ONCE = 500
"""How many tiles one question names: a database has a limit of parameters."""


class Published(msgspec.Struct, frozen=True, kw_only=True):
    """A checkpoint that is in the database."""

    checkpoint: Checkpoint
    at: datetime
    note: str


class Leaf(TypedDict):
    """A row of the leaves."""

    seq: int
    entry_id: str
    leaf_hash: bytes


class Origin(msgspec.Struct, frozen=True, kw_only=True):
    """A name under which checkpoints are or were signed."""

    origin: str
    closed: bool
    vkeys: str
    statement: str | None


async def newest_checkpoint(connection: AsyncConnection) -> Published | None:
    """Give the newest checkpoint; sizes grow from origin to origin."""
    # By the key, origin by origin: of checkpoints there are more each second.
    size = (
        select(func.max(CHECKPOINT.c.size))
        .where(CHECKPOINT.c.origin == ORIGIN.c.origin)
        .correlate(ORIGIN)
        .scalar_subquery()
        .label("size")
    )
    signed = await connection.execute(select(ORIGIN.c.origin, size))
    largest = max((each for each in signed if each.size), key=lambda each: each.size, default=None)
    if largest is None:
        return None
    newest = select(CHECKPOINT).where(
        CHECKPOINT.c.origin == largest.origin, CHECKPOINT.c.size == largest.size
    )
    row = (await connection.execute(newest)).one()
    checkpoint = Checkpoint(origin=row.origin, size=row.size, root=bytes(row.root))
    at = _EPOCH + timedelta(microseconds=row.at)
    return Published(checkpoint=checkpoint, at=at, note=row.note)


async def root_at(connection: AsyncConnection, origin: str, size: int) -> bytes | None:
    """Give the root that was signed for that *size*."""
    asked = select(CHECKPOINT.c.root).where(
        CHECKPOINT.c.origin == origin, CHECKPOINT.c.size == size
    )
    root = (await connection.execute(asked)).scalar_one_or_none()
    return None if root is None else bytes(root)


async def origins(connection: AsyncConnection) -> list[Origin]:
    """Give all origins, oldest first."""
    rows = await connection.execute(select(ORIGIN).order_by(ORIGIN.c.opened_at, ORIGIN.c.origin))
    return [
        Origin(
            origin=row.origin,
            closed=row.closed_at is not None,
            vkeys=row.vkeys,
            statement=row.statement,
        )
        for row in rows
    ]


async def write_origin(
    connection: AsyncConnection,
    given: Origin,
    *,
    opened_at: datetime,
) -> None:
    """Insert the row of an origin, or bring its keys and its end up to date."""
    now = microseconds(opened_at)
    row = {
        "origin": given.origin,
        "opened_at": now,
        "closed_at": now if given.closed else None,
        "statement": given.statement,
        "vkeys": given.vkeys,
    }
    known = await connection.execute(
        select(ORIGIN.c.closed_at).where(ORIGIN.c.origin == given.origin)
    )
    before = known.one_or_none()
    if before is None:
        await connection.execute(insert(ORIGIN).values(row))
        return
    changed = update(ORIGIN).where(ORIGIN.c.origin == given.origin).values(vkeys=given.vkeys)
    if before.closed_at is None and given.closed:
        changed = changed.values(closed_at=now)
    await connection.execute(changed)


async def read_tiles(connection: AsyncConnection, tiles: Iterable[Tile]) -> dict[Tile, bytes]:
    """Give the hashes of *tiles*, each as long as it is known."""
    asked = list(tiles)
    found: dict[Tile, bytes] = {}
    for at in range(0, len(asked), _AT_ONCE):
        places = [tuple(tile) for tile in asked[at : at + _AT_ONCE]]
        rows = await connection.execute(
            select(TILE.c.level, TILE.c.idx, TILE.c.hashes).where(
                tuple_(TILE.c.level, TILE.c.idx).in_(places)
            )
        )
        for row in rows:
            tile = Tile(row.level, row.idx)
            found[tile] = max(found.get(tile, b""), bytes(row.hashes), key=len)
    return found


async def seq_of(connection: AsyncConnection, entry_id: str) -> int | None:
    """Give the place of an entry in the tree."""
    asked = select(LEAF.c.seq).where(LEAF.c.entry_id == entry_id)
    found: int | None = (await connection.execute(asked)).scalar_one_or_none()
    return found


async def leaf_count(connection: AsyncConnection) -> int:
    """Count the leaves by the last one's number."""
    last = (await connection.execute(select(func.max(LEAF.c.seq)))).scalar()
    return 0 if last is None else last + 1


async def write_growth(
    connection: AsyncConnection,
    *,
    leaves: Sequence[Leaf],
    tiles: Mapping[Tile, bytes],
    published: Published,
) -> None:
    """Insert *leaves*, take them from the queue, and store the tree and its checkpoint."""
    checkpoint = published.checkpoint
    await connection.execute(insert(LEAF), leaves)
    await take_out(connection, [leaf["entry_id"] for leaf in leaves])
    rows = [
        {"origin": checkpoint.origin, "level": tile.level, "idx": tile.number, "hashes": hashes}
        for tile, hashes in tiles.items()
    ]
    await connection.execute(_upsert(connection), rows)
    await connection.execute(
        insert(CHECKPOINT).values(
            origin=checkpoint.origin,
            size=checkpoint.size,
            root=checkpoint.root,
            at=microseconds(published.at),
            note=published.note,
        )
    )


async def ends_of_runs(connection: AsyncConnection, before: datetime) -> list[tuple[str, int]]:
    """Name the counters that have no next one, in boots begun *before* and not over."""
    over = select(BOOT.c.boot_id).where(BOOT.c.kind != "BOOT_START")
    running = select(BOOT.c.boot_id).where(
        BOOT.c.kind == "BOOT_START", BOOT.c.at <= microseconds(before), BOOT.c.boot_id.not_in(over)
    )
    after = ENTRY.alias("after")
    next_one = select(after.c.entry_id).where(
        after.c.boot_id == ENTRY.c.boot_id, after.c.counter == ENTRY.c.counter + 1
    )
    ends = (
        select(ENTRY.c.boot_id, ENTRY.c.counter)
        .where(ENTRY.c.boot_id.in_(running), ~next_one.exists())
        .order_by(ENTRY.c.boot_id, ENTRY.c.counter)
    )
    return [(row.boot_id, row.counter) for row in await connection.execute(ends)]


def _upsert(connection: AsyncConnection) -> Insert:
    if connection.dialect.name == "sqlite":
        on_sqlite = sqlite.insert(TILE)
        return on_sqlite.on_conflict_do_update(
            index_elements=["origin", "level", "idx"], set_={"hashes": on_sqlite.excluded.hashes}
        )
    elsewhere = postgresql.insert(TILE)
    return elsewhere.on_conflict_do_update(
        index_elements=["origin", "level", "idx"], set_={"hashes": elsewhere.excluded.hashes}
    )
