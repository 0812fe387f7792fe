"""Grows the tree once more from the hashes of its leaves, and compares tiles and checkpoints.

A verifier of exports does so with the entries, and never sees the tiles: from these every single
proof is made, and one that was changed, or rotted on a disk, would be found by whoever is given a
wrong proof.
"""

from collections.abc import AsyncIterator

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from audit.stores.schema import CHECKPOINT, LEAF
from audit.tree.merkle import Edge
from audit.tree.rows import newest_checkpoint, origins, read_tiles

AT_ONCE = 5_000


async def differences(connection: AsyncConnection) -> AsyncIterator[str]:
    """Name the tiles and sizes at which the stored tree is another than that of its leaves."""
    edge = Edge(0, {})
    known = [each.origin for each in await origins(connection)]
    while True:
        first = edge.size
        leaves = await connection.execute(
            select(LEAF.c.seq, LEAF.c.leaf_hash)
            .where(LEAF.c.seq >= first, LEAF.c.seq < first + AT_ONCE)
            .order_by(LEAF.c.seq)
        )
        signed = await connection.execute(
            select(CHECKPOINT.c.size, CHECKPOINT.c.root).where(
                CHECKPOINT.c.origin.in_(known),  # the key begins with it
                CHECKPOINT.c.size > first,
                CHECKPOINT.c.size <= first + AT_ONCE,
            )
        )
        roots = {row.size: bytes(row.root) for row in signed}
        for seq, leaf in leaves:
            if seq != edge.size:
                break
            edge.append(bytes(leaf))
            if edge.size in roots and edge.root() != roots[edge.size]:
                yield f"size {edge.size}"
        if edge.size == first:
            break
        grown = edge.take_tiles()
        stored = await read_tiles(connection, grown)
        for tile, hashes in grown.items():
            if not stored.get(tile, b"").startswith(hashes):
                yield f"tile {tile.level}/{tile.number}"
    newest = await newest_checkpoint(connection)
    if newest is not None and newest.checkpoint.size != edge.size:
        yield f"leaf {edge.size}"
