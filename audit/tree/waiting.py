"""The queue: which entries get their places next, in an order that every verifier accepts.

Entries of one boot get theirs in the order of their counters, and a boot that was lost gets all of
its own before the one that says so (docs/proofs.md, section 8). Ids are nearly in the order of
time: by them those are found who have waited longest, however many wait, and nothing more. A clock
that was set back, or a request that was long under way, makes them lie.

Every function works on a connection that is in a transaction already, on either database, and looks
up as much as it gives: what waits, and what has its place, are both without bounds.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

import msgspec
from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from audit.entry import EntryKind
from audit.record import from_bytes, guarded
from audit.stores.schema import ENTRY, LEAF, QUEUE

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NONE, _ENDLESS = -1, (1 << 63) - 1
"""Counters: before every one of a boot, and behind."""


def _known(key: ColumnElement[str], of: ColumnElement[str]) -> ColumnElement[bool]:
    """Tell whether *key* holds what *of* holds; looked up for each row by itself.

    Not EXISTS: that is a join, which a planner that knows little of the tables may begin at the
    other end, and then it goes through all entries to find those queued.
    """
    return select(key).where(key == of).limit(1).scalar_subquery().is_not(None)


_STORED = _known(ENTRY.c.entry_id, QUEUE.c.entry_id)
"""What stands in the queue and is no entry waits for nothing."""
_QUEUED = _known(QUEUE.c.entry_id, ENTRY.c.entry_id)
_PLACED = _known(LEAF.c.entry_id, ENTRY.c.entry_id)
_QUEUED_PLACED = _known(LEAF.c.entry_id, QUEUE.c.entry_id)
"""An entry that was queued again, by whomever, keeps its place."""


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """An entry without a place in the tree."""

    entry_id: str
    counter: int
    kind: str
    body: bytes


async def waiting(connection: AsyncConnection, limit: int) -> list[Waiting]:
    """Give up to *limit* entries without a place, in the order in which they get it.

    Each boot gets as many as it has among those who wait longest: none of them starves another.
    """
    oldest = (
        select(QUEUE.c.entry_id)
        .where(~_QUEUED_PLACED, _STORED)
        .order_by(QUEUE.c.entry_id)
        .limit(limit)
        .subquery()
    )
    boots = (
        select(ENTRY.c.boot_id, func.min(ENTRY.c.counter), func.count())
        .join(oldest, oldest.c.entry_id == ENTRY.c.entry_id)
        .group_by(ENTRY.c.boot_id)
        .order_by(ENTRY.c.boot_id)
    )
    batch = _Batch(connection)
    for boot_id, first, count in (await connection.execute(boots)).all():
        await batch.take(boot_id, before=first, most=count)
    return batch.entries


async def take_out(connection: AsyncConnection, placed: Sequence[str]) -> None:
    """Take out of the queue the entries *placed* just now, and what stood there in vain."""
    await connection.execute(delete(QUEUE).where(QUEUE.c.entry_id <= max(placed), _QUEUED_PLACED))


async def oldest_waiting(connection: AsyncConnection) -> datetime | None:
    """Tell when the entry was made that waits for its place longest, by its id."""
    asked = (
        select(QUEUE.c.entry_id).where(~_QUEUED_PLACED, _STORED).order_by(QUEUE.c.entry_id).limit(1)
    )
    oldest: str | None = (await connection.execute(asked)).scalar()
    if oldest is None:
        return None
    try:
        # The first bits of a UUIDv7 are the time.
        return datetime.fromtimestamp(int(oldest[:8] + oldest[9:13], 16) / 1000, UTC)
    except (ValueError, OverflowError):
        return _EPOCH


class _Batch:
    """Entries that get their places together: of each boot, those with the smallest counters."""

    def __init__(self, connection: AsyncConnection) -> None:
        self.entries: list[Waiting] = []
        self._connection = connection
        self._last: dict[str, int] = {}
        """The counter up to which the entries of a boot have their places, or are taken."""

    async def take(self, boot_id: str, *, before: int, most: int) -> None:
        """Add *most* entries: of the boots that this one found lost, and then of this one."""
        own = await self._next(boot_id, before=before, most=most)
        room = most
        for lost in sorted(_found_lost(own) - {boot_id}):
            room -= self._add(lost, await self._next(lost, before=_ENDLESS, most=room))
        self._add(boot_id, own[:room])

    def _add(self, boot_id: str, given: Sequence[Waiting]) -> int:
        self.entries += given
        if given:
            self._last[boot_id] = given[-1].counter
        return len(given)

    async def _next(self, boot_id: str, *, before: int, most: int) -> Sequence[Waiting]:
        """Give what waits of a boot; *before* is a counter that waits, or ends all."""
        if boot_id not in self._last:
            self._last[boot_id] = await self._last_placed(boot_id, before)
        asked = (
            select(ENTRY.c.entry_id, ENTRY.c.counter, ENTRY.c.kind, ENTRY.c.body)
            .where(
                ENTRY.c.boot_id == boot_id,
                ENTRY.c.counter > self._last[boot_id],
                _QUEUED,
                ~_PLACED,
            )
            .order_by(ENTRY.c.counter)
            .limit(most)
        )
        return [
            Waiting(entry_id=row.entry_id, counter=row.counter, kind=row.kind, body=bytes(row.body))
            for row in await self._connection.execute(asked)
        ]

    async def _last_placed(self, boot_id: str, before: int) -> int:
        """Find the counter behind which all wait: those of a boot get their places in order."""
        asked = (
            select(ENTRY.c.counter)
            .where(ENTRY.c.boot_id == boot_id, ENTRY.c.counter < before, _PLACED)
            .order_by(ENTRY.c.counter.desc())
            .limit(1)
        )
        counter: int | None = (await self._connection.execute(asked)).scalar()
        return _NONE if counter is None else counter


def _found_lost(given: Sequence[Waiting]) -> set[str]:
    """Name the boots of which *given* entries say that nothing comes any more."""
    found = set()
    for each in given:
        if each.kind == EntryKind.BOOT_LOST.value:
            # What is no body of ours gets its place like any other, and says nothing.
            said = guarded(from_bytes, each.body)
            if said is not None and said.entry.lost is not None:
                found.add(said.entry.lost.boot_id)
    return found
