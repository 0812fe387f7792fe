"""Holds: entries that no retirement takes away as long as a case needs them.

What is held is whole: with an outcome the intents that it closes, with an intent what closes it.
The entry that says HOLD is on its own hold too, so that the case's number can be read as long as
the hold lasts: its key is kept with those of the others (audit/retention/retire.py).
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import msgspec
from sqlalchemy import and_, delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from audit.detail import Details, open_with
from audit.entry import Action
from audit.marks import check_marks
from audit.months import MonthKeys
from audit.reading.given import table_of
from audit.reading.lines import A_DAY
from audit.record import from_bytes, guarded
from audit.retention.by_hand import RETENTION, case_entry, own_boot
from audit.retention.held_keys import held_keys_in, read_held_keys
from audit.retention.unfinished import Unfinished, unfinished
from audit.stores.engine import open_engine
from audit.stores.schema import ENTRY, HOLD, microseconds, moment

AT_ONCE = 400
"""How many ids one question names: a database has a limit of parameters."""


class Keys(NamedTuple):
    """What holds and retirements need of the folder of keys."""

    months: MonthKeys
    folder: Path

    @property
    def held(self) -> Path:
        """Name the file of the keys of entries on hold (audit/retention/held_keys.py)."""
        return held_keys_in(self.folder)


class Hold(msgspec.Struct, frozen=True, kw_only=True):
    """One hold, named after the entry that says so."""

    hold_id: str
    case: str | None
    """None: its key is gone, and only the id is left to name it by."""
    entries: int
    since: datetime

    def __repr__(self) -> str:
        """Leave the case out."""
        return f"Hold({self.hold_id})"


class NotThere(msgspec.Struct, frozen=True, kw_only=True):
    """These ids are of no entry in the log: never were, or retired."""

    entry_ids: Sequence[str]


class NoSuchHold(msgspec.Struct, frozen=True, kw_only=True):
    """Nothing is held for that case."""


async def hold(
    url: str,
    keys: Keys,
    entry_ids: Iterable[str],
    case: str,
    *,
    clock: Callable[[], datetime],
    randomness: Callable[[int], bytes],
) -> Hold | NotThere | Unfinished:
    """Put the whole requests of *entry_ids* on hold, in the name of a *case*."""
    engine = open_engine(url)
    try:
        async with (
            own_boot(url, RETENTION, clock=clock, randomness=randomness) as log,
            engine.connect() as connection,
        ):
            await check_marks(connection, keys.months)
            if cut := await unfinished(connection, keys.folder):
                return cut
            found = await _whole(connection, set(entry_ids))
            if isinstance(found, NotThere):
                return found
            now = clock()
            entry = case_entry(
                Action.HOLD, now, randomness, months=keys.months, case=case, found=len(found)
            )
            await log.append([entry])
            since = microseconds(now)
            rows = [
                {"hold_id": entry.entry_id, "entry_id": each, "since": since}
                for each in sorted(found | {entry.entry_id})
            ]
            async with connection.begin():
                await connection.execute(insert(HOLD), rows)
            return Hold(hold_id=entry.entry_id, case=case, entries=len(found), since=now)
    finally:
        await engine.dispose()


async def release(
    url: str,
    keys: Keys,
    which: Callable[[Hold], bool],
    *,
    clock: Callable[[], datetime],
    randomness: Callable[[int], bytes],
) -> list[Hold] | NoSuchHold | Unfinished:
    """End the holds that *which* chooses; their entries go with the next retirement."""
    engine = open_engine(url)
    try:
        async with (
            own_boot(url, RETENTION, clock=clock, randomness=randomness) as log,
            engine.connect() as connection,
        ):
            await check_marks(connection, keys.months)
            if cut := await unfinished(connection, keys.folder):
                return cut
            async with connection.begin():
                chosen = [each for each in await _holds(connection, keys) if which(each)]
            if not chosen:
                return NoSuchHold()
            now = clock()
            entries = [
                case_entry(
                    Action.RELEASE,
                    now,
                    randomness,
                    months=keys.months,
                    case=each.case or each.hold_id,
                    found=each.entries,
                    hold_id=each.hold_id,
                )
                for each in chosen
            ]
            await log.append(entries)
            async with connection.begin():
                ended = [each.hold_id for each in chosen]
                await connection.execute(delete(HOLD).where(HOLD.c.hold_id.in_(ended)))
            return chosen
    finally:
        await engine.dispose()


async def holds(url: str, keys: Keys) -> list[Hold]:
    """List the holds, oldest first."""
    engine = open_engine(url)
    try:
        async with engine.connect() as connection, connection.begin():
            return await _holds(connection, keys)
    finally:
        await engine.dispose()


async def _holds(connection: AsyncConnection, keys: Keys) -> list[Hold]:
    rows = await connection.execute(
        select(HOLD.c.hold_id, HOLD.c.since, func.count().label("entries"), ENTRY.c.body)
        .select_from(HOLD.outerjoin(ENTRY, ENTRY.c.entry_id == HOLD.c.hold_id))
        .group_by(HOLD.c.hold_id, HOLD.c.since, ENTRY.c.body)
        .order_by(HOLD.c.since, HOLD.c.hold_id)
    )
    held = read_held_keys(keys.held)
    return [
        Hold(
            hold_id=row.hold_id,
            case=None if row.body is None else _case_of(bytes(row.body), keys.months, held),
            entries=row.entries - 1,  # without the entry that says so
            since=moment(row.since),
        )
        for row in rows
    ]


def _case_of(body: bytes, months: MonthKeys, held: dict[str, bytes]) -> str | None:
    record = guarded(from_bytes, body)
    if record is None or record.entry.detail is None:
        return None
    entry = record.entry
    sealed = record.entry.detail
    key = held.get(entry.entry_id)
    opened = (
        Details(months, _nothing).open(entry.entry_id, entry.at, sealed)
        if key is None
        else open_with(key, entry.entry_id, sealed)
    )
    return opened.case if opened else None


async def _whole(connection: AsyncConnection, asked: set[str]) -> set[str] | NotThere:
    """Find the whole requests of the entries that were *asked* for."""
    async with connection.begin():
        given = await _places(connection, asked)
        if missing := asked - given.keys():
            return NotThere(entry_ids=sorted(missing))
        # Callers choose the ids of requests: what is of one request is told by the links alone.
        near = await _near(connection, set(given.values()))
    links: dict[str, set[str]] = {}
    found = set(asked)
    for entry_id, parents in near.items():
        if parents is None:
            found.add(entry_id)  # rather one too many than one that is missed
            continue
        for parent in parents:
            links.setdefault(entry_id, set()).add(parent)
            links.setdefault(parent, set()).add(entry_id)
    new = set(found)
    while new:
        new = {to for each in new for to in links.get(each, ()) if to in near} - found
        found |= new
    return found


_Place = tuple[str, int]
"""The id of a request, and the time of an entry of it."""


async def _places(connection: AsyncConnection, entry_ids: set[str]) -> dict[str, _Place]:
    listed = sorted(entry_ids)
    found = {}
    for at in range(0, len(listed), AT_ONCE):
        rows = await connection.execute(
            select(ENTRY.c.entry_id, ENTRY.c.request_id, ENTRY.c.at).where(
                ENTRY.c.entry_id.in_(listed[at : at + AT_ONCE])
            )
        )
        for row in rows:
            found[row.entry_id] = (row.request_id, row.at)
    return found


async def _near(
    connection: AsyncConnection, places: set[_Place]
) -> dict[str, tuple[str, ...] | None]:
    """Give the parents of each entry of these requests, a day around; None: it is not read.

    A caller may give all its requests one id, so bodies are not kept.
    """
    listed = sorted(places)
    found: dict[str, tuple[str, ...] | None] = {}
    for at in range(0, len(listed), AT_ONCE):
        kinds: dict[str, type[str | int]] = {"request_id": str, "at": int}
        of = table_of(connection.dialect.name, kinds, listed[at : at + AT_ONCE])
        day = ENTRY.c.at.between(of.c.at - A_DAY, of.c.at + A_DAY)
        asked = select(ENTRY.c.entry_id, ENTRY.c.body).join(
            of, and_(ENTRY.c.request_id == of.c.request_id, day)
        )
        async for rows in (await connection.stream(asked)).partitions(AT_ONCE):
            for row in rows:
                record = guarded(from_bytes, bytes(row.body))
                found[row.entry_id] = None if record is None else record.entry.parent
    return found


def _nothing(_length: int) -> bytes:
    return b""
