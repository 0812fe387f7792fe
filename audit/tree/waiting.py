"""The queue: which entries get their places next, in an order that every verifier accepts.

Entries of one boot get theirs in the order of their counters, and a boot that was lost gets all of
its own before the one that says so (docs/proofs.md, section 8). Ids are nearly in the order of
time: by them those are found who have waited longest, however many wait, and nothing more. A clock
that was set back, or a request that was long under way, makes them lie.

Every function works on a connection that is in a transaction already, on either database, and looks
up as much as it gives: what waits, and what has its place, are both without bounds.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import msgspec
from sqlalchemy import ColumnElement, LargeBinary, cast, delete, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from audit.entry import EntryKind
from audit.record import from_bytes, guarded
from audit.stores.schema import ENTRY, LEAF, QUEUE

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_AHEAD = 20
"""Entries looked at however few are taken: behind its first one, a boot says whom it found lost."""
_LOOKS = 1_000
"""Boots looked at for a batch. It is cut short there, however long a chain somebody wrote."""


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

    Each boot has room for as many as it has among those who wait longest: none of them starves
    another. Whom it found lost goes first, in its room.
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
    found = (await connection.execute(boots)).all()
    batch = _Batch(connection, first={boot_id: first for boot_id, first, _ in found})
    for boot_id, _, count in found:
        await batch.take(boot_id, most=count)
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

    def __init__(self, connection: AsyncConnection, *, first: Mapping[str, int]) -> None:
        self.entries: list[Waiting] = []
        self._connection = connection
        self._first = first
        """A counter of a boot that waits; what has its place before it is looked for."""
        self._last: dict[str, int | None] = {}
        """The counter up to which the entries of a boot have their places, or are taken."""
        self._left: dict[str, list[str]] = {}
        """The path on which a boot was left for want of room: who comes to it goes on there."""
        self._looks = 0

    async def take(self, boot_id: str, *, most: int) -> None:
        """Add *most* entries: of the boots that this one found lost, and they, and then of it.

        Anybody may be named, also the one who names: each is followed once.
        """
        room, path, followed = most, [boot_id], {boot_id}
        # Cut short, a batch still holds something: else nobody would ever get a place again.
        while path and room and (self._looks < _LOOKS or not self.entries):
            self._looks += 1
            waits = await self._next(path[-1], most=max(room, _AHEAD))
            lost = _found_lost(waits) - followed
            if lost and self._looks < _LOOKS:
                one = min(lost)
                left = self._left.get(one, [one])
                path += [each for each in left[left.index(one) :] if each not in followed]
                followed.update(path)
            else:
                room -= self._add(path.pop(), waits[:room])
        self._left |= dict.fromkeys(path, path)

    def _add(self, boot_id: str, given: Sequence[Waiting]) -> int:
        self.entries += given
        if given:
            self._last[boot_id] = given[-1].counter
        return len(given)

    async def _next(self, boot_id: str, *, most: int) -> Sequence[Waiting]:
        """Give what waits of a boot, in order."""
        if boot_id not in self._last:
            self._last[boot_id] = await self._last_placed(boot_id)
        last = self._last[boot_id]
        asked = (
            # What is no bytes in a file that somebody wrote to is read as such.
            select(ENTRY.c.entry_id, ENTRY.c.counter, ENTRY.c.kind, cast(ENTRY.c.body, LargeBinary))
            .where(ENTRY.c.boot_id == boot_id, _QUEUED, ~_PLACED)
            .order_by(ENTRY.c.counter)
            .limit(most)
        )
        if last is not None:
            asked = asked.where(ENTRY.c.counter > last)
        return [
            Waiting(entry_id=entry_id, counter=counter, kind=kind, body=bytes(body))
            for entry_id, counter, kind, body in await self._connection.execute(asked)
        ]

    async def _last_placed(self, boot_id: str) -> int | None:
        """Find the counter behind which all wait, if any is before them.

        Those of a boot get their places in order.
        """
        asked = (
            select(ENTRY.c.counter)
            .where(ENTRY.c.boot_id == boot_id, _PLACED)
            .order_by(ENTRY.c.counter.desc())
            .limit(1)
        )
        if boot_id in self._first:
            asked = asked.where(ENTRY.c.counter < self._first[boot_id])
        counter: int | None = (await self._connection.execute(asked)).scalar()
        return counter


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
