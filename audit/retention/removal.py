"""Takes the rows of old months out of the database, those on hold excepted.

What is removed is already declared and has its place in the tree (audit/retention/retire.py).
Doing it again does no harm: what is gone is gone, and what is held stays.
"""

import asyncio
from collections.abc import Callable

from sqlalchemy import Table, delete, literal, select, text, tuple_
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from audit.months import begin_of, name_of, number_of
from audit.stores.schema import BY_MONTH, ENTRY, HOLD, microseconds

AT_ONCE = 2_000
"""Rows that SQLite looks at in one transaction, for which the gateways' writers wait."""

_BREATH = 0.005
_TRIES = 60
_PAUSE = 0.25
_IN_USE = frozenset({"55P03", "40P01"})
"""A lock was not to be had in time, or only by a deadlock."""

_HELD = select(HOLD.c.entry_id)
_IS_HELD = "entry_id IN (SELECT entry_id FROM audit_hold)"


class InUse(Exception):  # noqa: N818 - a fact
    """Somebody reads the log so long that a month cannot be dropped meanwhile."""


Told = Callable[[int, int], None]
"""Hears how much is done, and of how much."""


async def remove_before(connection: AsyncConnection, month: int, told: Told) -> bool:
    """Remove the rows of all months before *month*; false when old bytes stay in SQLite's log.

    They stay where somebody reads without end; the file is emptied when nobody does.
    Raises InUse, on PostgreSQL; the months before are gone then.
    """
    if connection.dialect.name == "postgresql":
        await _drop_months(connection, month, told)
        return True
    return await _delete_rows(connection, month, told)


async def _drop_months(connection: AsyncConnection, until: int, told: Told) -> None:
    async with connection.begin():
        names = await connection.execute(
            text(
                "SELECT DISTINCT right(partition.relname, 7) FROM pg_inherits"
                " JOIN pg_class AS partition ON partition.oid = inhrelid"
                " JOIN pg_class AS parent ON parent.oid = inhparent"
                " WHERE parent.relname = ANY (CAST(:parents AS text[]))"
                " AND pg_table_is_visible(parent.oid)"
            ),
            {"parents": [table.name for table in BY_MONTH]},
        )
        months = sorted(number_of(name.replace("_", "-")) for name in names.scalars())
    old = [month for month in months if month < until]
    for done, month in enumerate(old, 1):
        await _drop_in_time(connection, month)
        told(done, len(old))


async def _drop_in_time(connection: AsyncConnection, month: int) -> None:
    for _ in range(_TRIES):
        try:
            async with connection.begin():
                await _drop_month(connection, month)
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", None) not in _IN_USE:
                raise
        else:
            return
        await asyncio.sleep(_PAUSE)
    raise InUse


async def _drop_month(connection: AsyncConnection, month: int) -> None:
    """Drop the partitions of a month, and attach new ones with what is held."""
    kept, gone = [], []
    for table in BY_MONTH:
        partition = f"{table.name}_{name_of(month).replace('-', '_')}"
        count = await _counts(connection, partition)
        if count is None or (count[1] and count[0] == count[1]):
            continue  # it is not there, or holds only what is held
        gone.append(partition)
        if count[1]:
            kept.append((table, partition))
    await connection.execute(text("SET LOCAL lock_timeout = '500ms'"))
    # Names of our own tables only, in all that follows.
    for table, partition in kept:
        columns = ", ".join(column.name for column in table.columns)
        made = f"CREATE TABLE {partition}_held (LIKE {table.name} INCLUDING DEFAULTS)"
        filled = f"INSERT INTO {partition}_held ({columns}) SELECT {columns} FROM {partition}"  # noqa: S608 - see above
        await connection.execute(text(made))
        await connection.execute(text(f"{filled} WHERE {_IS_HELD}"))
    if gone:
        # All at once and in one order, or a writer in between and we would wait for each other.
        parents = ", ".join(table.name for table in BY_MONTH)
        await connection.execute(text(f"LOCK TABLE {parents} IN ACCESS EXCLUSIVE MODE"))
        await connection.execute(text(f"DROP TABLE {', '.join(gone)}"))
    since, until = microseconds(begin_of(month)), microseconds(begin_of(month + 1))
    for table, partition in kept:
        attached = f"ALTER TABLE {table.name} ATTACH PARTITION {partition}"
        await connection.execute(text(f"ALTER TABLE {partition}_held RENAME TO {partition}"))
        await connection.execute(text(f"{attached} FOR VALUES FROM ({since}) TO ({until})"))


async def _counts(connection: AsyncConnection, partition: str) -> tuple[int, int] | None:
    """Count the rows of a partition, and those on hold."""
    there = await connection.execute(text("SELECT to_regclass(:name)"), {"name": partition})
    if there.scalar() is None:
        return None
    counts = f"SELECT count(*), count(*) FILTER (WHERE {_IS_HELD}) FROM {partition}"  # noqa: S608 - our own name
    counted = await connection.execute(text(counts))
    row = counted.one()
    return row[0], row[1]


async def _delete_rows(connection: AsyncConnection, until: int, told: Told) -> bool:
    before = microseconds(begin_of(until))
    # What is freed is overwritten, in the file; the log beside it is emptied below.
    async with connection.begin():
        await connection.exec_driver_sql("PRAGMA secure_delete=ON")
    for done, table in enumerate(reversed(BY_MONTH), 1):
        await (_delete_entries if table is ENTRY else _sweep)(connection, table, before)
        told(done, len(BY_MONTH))
    for _ in range(_TRIES // 3):
        async with connection.begin():
            asked = await connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            if not asked.one()[0]:
                return True
        await asyncio.sleep(_PAUSE)
    return False


async def _delete_entries(connection: AsyncConnection, table: Table, before: int) -> None:
    oldest = (
        select(table.c.entry_id)
        .where(table.c.at < before, table.c.entry_id.not_in(_HELD))
        .order_by(table.c.at)
        .limit(AT_ONCE)
    )
    gone = 1
    while gone:
        async with connection.begin():
            done = await connection.execute(delete(table).where(table.c.entry_id.in_(oldest)))
            gone = done.rowcount
        await asyncio.sleep(_BREATH)


async def _sweep(connection: AsyncConnection, table: Table, before: int) -> None:
    """Walk through a table in the order of its key: it has no index that begins with a time."""
    key = tuple_(*table.primary_key.columns)
    last: tuple[object, ...] | None = None
    while True:
        ahead = select(*table.primary_key.columns).order_by(*table.primary_key.columns)
        old = delete(table).where(table.c.at < before, table.c.entry_id.not_in(_HELD))
        if last is not None:
            ahead = ahead.where(key > tuple_(*map(literal, last)))
            old = old.where(key > tuple_(*map(literal, last)))
        async with connection.begin():
            end = (await connection.execute(ahead.offset(AT_ONCE).limit(1))).one_or_none()
            if end is not None:
                old = old.where(key <= tuple_(*map(literal, end)))
            await connection.execute(old)
        if end is None:
            return
        last = tuple(end)
        await asyncio.sleep(_BREATH)
