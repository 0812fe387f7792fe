"""What anybody may look up in the Merkle log, and the proofs made of it.

A question may meet a tree that grows meanwhile: rows are only added and tiles only get longer, so
what belongs to the checkpoint read first stays as it was. Nothing here reads an entry.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from audit.stores.engine import DATABASE_ERRORS, open_engine
from audit.tree.merkle import (
    HASH_BYTES,
    Span,
    Tile,
    consistency_path,
    inclusion_path,
    root_of,
    tiles_for,
)
from audit.tree.rows import (
    newest_checkpoint,
    origins,
    read_tiles,
    seq_of,
)
from audit.tree.tlog_proof import TlogProof
from audit.tree.waiting import oldest_waiting


class LogUnreadable(Exception):  # noqa: N818 - a fact; what the library said stays behind
    """The database does not answer."""


class NotInTree(msgspec.Struct, frozen=True, kw_only=True):
    """No entry of that id has a place in the tree, or not yet."""


class NoSuchTree(msgspec.Struct, frozen=True, kw_only=True):
    """The log has never been that large."""


class LogReader:
    """Reads the Merkle log at *url*."""

    def __init__(self, url: str) -> None:
        self._engine = open_engine(url)

    async def aclose(self) -> None:
        """Give back connections."""
        await self._engine.dispose()

    async def checkpoint(self) -> str | None:
        """Give the newest checkpoint, a signed note; None before the first."""
        async with self._asked() as connection:
            newest = await newest_checkpoint(connection)
        return newest.note if newest else None

    async def vkeys(self) -> str:
        """Give the public keys of all origins, with the sizes they may sign."""
        async with self._asked() as connection:
            known = await origins(connection)
        return "".join(each.vkeys for each in known)

    async def tile(self, tile: Tile, width: int) -> bytes | None:
        """Give the first *width* hashes of a tile; None where the tree is not that wide."""
        async with self._asked() as connection:
            found = await read_tiles(connection, [tile])
        hashes = found.get(tile, b"")[: width * HASH_BYTES]
        return hashes if len(hashes) == width * HASH_BYTES else None

    async def entry_proof(self, entry_id: str) -> TlogProof | NotInTree:
        """Prove that an entry is in the tree of the newest checkpoint."""
        async with self._asked() as connection:
            newest = await newest_checkpoint(connection)
            seq = await seq_of(connection, entry_id)
            if newest is None or seq is None or seq >= newest.checkpoint.size:
                return NotInTree()
            path = await _roots(connection, inclusion_path(seq, newest.checkpoint.size))
        return TlogProof(index=seq, path=path, note=newest.note)

    async def consistency(self, old: int, new: int) -> Sequence[bytes] | NoSuchTree:
        """Prove that the tree of *new* leaves begins with the tree of *old* leaves."""
        async with self._asked() as connection:
            newest = await newest_checkpoint(connection)
            if newest is None or not 0 < old <= new <= newest.checkpoint.size:
                return NoSuchTree()
            return await _roots(connection, consistency_path(old, new))

    async def origin(self) -> str | None:
        """Name the log as it is called since it was last restored; None before the first tree."""
        async with self._asked() as connection:
            known = await origins(connection)
        return known[-1].origin if known else None

    async def lag_seconds(self, now: datetime) -> float:
        """Say how long the oldest entry without a place has waited, by the time in its id."""
        async with self._asked() as connection:
            oldest = await oldest_waiting(connection)
        return 0.0 if oldest is None else max((now - oldest).total_seconds(), 0.0)

    @asynccontextmanager
    async def _asked(self) -> AsyncIterator[AsyncConnection]:
        """Connect for one question."""
        try:
            async with self._engine.connect() as connection, connection.begin():
                yield connection
        except DATABASE_ERRORS:
            raise LogUnreadable from None


async def _roots(connection: AsyncConnection, spans: Sequence[Span]) -> list[bytes]:
    tiles = await read_tiles(connection, tiles_for(spans))
    return [root_of(span, tiles) for span in spans]
