"""Retirement: the entries of old months go, and every proof stays valid.

declared   the RETENTION entry is durable: how many leaves, up to which place, before which month
placed     it has its place in the tree; from now on whoever exports finds it beside what is gone
kept       the keys of entries on hold lie in a file of their own
removed    the rows are gone: entries, subjects, links; leaves, tiles, checkpoints and boots stay
burnt      the keys of the months are gone, and with them what any copy of a row could tell
done       nothing is left to be done

A kill between two of these is followed by the same command once more, which goes on from there.
An entry that is retired and was itself a RETENTION entry hands on its count, so that the sum of
all that can be read is always the number of leaves without an entry.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime
from enum import StrEnum

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from audit.detail import Details
from audit.entry import uuid7
from audit.log import AccessLog
from audit.months import MonthDestroyedError, begin_of, burn_before, number_of
from audit.retention.by_hand import RETENTION, own_boot, retention_entry
from audit.retention.held_keys import read_held_keys, write_held_keys
from audit.retention.holds import Keys
from audit.retention.plan import Plan, Refusal, Why, plan_over
from audit.retention.removal import InUse, remove_before
from audit.retention.unfinished import begin, end, unfinished
from audit.stores.engine import open_engine
from audit.stores.schema import ENTRY, HOLD, microseconds, moment
from audit.tree.rows import newest_checkpoint, seq_of

_LOOK = 0.2
_HELD = select(HOLD.c.entry_id)


class Step(StrEnum):
    """What has been done."""

    DECLARED = "DECLARED"
    PLACED = "PLACED"
    KEPT = "KEPT"
    REMOVED = "REMOVED"
    BURNT = "BURNT"


async def retire(
    url: str,
    keys: Keys,
    before: str,
    *,
    clock: Callable[[], datetime],
    randomness: Callable[[int], bytes],
    patience: float = 30.0,
    done: Callable[[Step], None] = lambda _step: None,
    told: Callable[[int, int], None] = lambda _done, _all: None,
) -> Plan | Refusal:
    """Retire the entries of all months before *before*; *done* hears of each step.

    The place in the tree is waited for as long as *patience*: somebody has to sequence.
    Raises AccessLogUnavailable, KeyUnusableError, and what the database raises.
    """
    engine = open_engine(url)
    try:
        async with (
            own_boot(url, RETENTION, clock=clock, randomness=randomness) as log,
            engine.connect() as connection,
        ):
            planned = await plan_over(connection, keys, before)
            if isinstance(planned, Refusal):
                return planned
            entry_id = await _declare(connection, log, keys, planned, clock(), randomness)
            done(Step.DECLARED)
            if not await _placed(connection, entry_id, patience):
                return Refusal(why=Why.NOT_PLACED)
            done(Step.PLACED)
            month = number_of(before)
            # What is burnt already stays so, also when an earlier month is retired later.
            await _keep_held(connection, keys, max(month, number_of(keys.months.since)))
            done(Step.KEPT)
            try:
                emptied = await remove_before(connection, month, told)
            except InUse:
                return Refusal(why=Why.IN_USE)
            done(Step.REMOVED)
            burn_before(keys.folder / "months.key", before)
            keys.months.forget_before(before)
            done(Step.BURNT)
            end(keys.folder)
            return msgspec.structs.replace(planned, wal_emptied=emptied)
    finally:
        await engine.dispose()


async def _declare(
    connection: AsyncConnection,
    log: AccessLog,
    keys: Keys,
    planned: Plan,
    now: datetime,
    randomness: Callable[[int], bytes],
) -> str:
    """Say in the log what is about to go; give the id of the entry that says so."""
    cut = await unfinished(connection, keys.folder)
    if cut is not None and planned.retired.count <= cut.retired.count:
        return cut.entry_id
    entry_id = uuid7(now, randomness(10))
    begin(keys.folder, entry_id)
    await log.append([retention_entry(entry_id, now, planned.retired)])
    return entry_id


async def _placed(connection: AsyncConnection, entry_id: str, patience: float) -> bool:
    """Wait until a signed tree holds the entry."""
    loop = asyncio.get_running_loop()
    until = loop.time() + patience
    while True:
        async with connection.begin():
            seq = await seq_of(connection, entry_id)
            signed = await newest_checkpoint(connection)
        if seq is not None and signed is not None and seq < signed.checkpoint.size:
            return True
        if loop.time() >= until:
            return False
        await asyncio.sleep(_LOOK)


async def _keep_held(connection: AsyncConnection, keys: Keys, before: int) -> None:
    """Keep the keys of the entries that stay, and no others."""
    async with connection.begin():
        rows = await connection.execute(
            select(ENTRY.c.entry_id, ENTRY.c.at).where(
                ENTRY.c.at < microseconds(begin_of(before)), ENTRY.c.entry_id.in_(_HELD)
            )
        )
        held = {row.entry_id: moment(row.at) for row in rows}
    known = read_held_keys(keys.held)
    details = Details(keys.months, _nothing)
    kept = {entry_id: known[entry_id] for entry_id in held.keys() & known.keys()}
    for entry_id in held.keys() - known.keys():
        try:
            kept[entry_id] = details.key_of(entry_id, held[entry_id])
        except MonthDestroyedError:
            continue  # a restored backup brought it back, after its key was burnt
    write_held_keys(keys.held, kept)


def _nothing(_length: int) -> bytes:
    return b""
