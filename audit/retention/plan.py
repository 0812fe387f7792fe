"""What a retirement would do, or why it cannot be done now."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from enum import StrEnum

import msgspec
from sqlalchemy import case, func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from audit.entry import EntryKind, Retired
from audit.marks import check_marks
from audit.migrate import newest
from audit.months import begin_of, name_of, number_of, period
from audit.record import from_bytes, guarded
from audit.retention.holds import Keys
from audit.retention.unfinished import unfinished
from audit.stores.engine import open_engine
from audit.stores.schema import ENTRY, HOLD, LEAF, microseconds, moment

_HELD = select(HOLD.c.entry_id)


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What will be done."""

    before: str
    months: Sequence[tuple[str, int]]
    """Each month with the number of its entries that go."""
    held: int
    retired: Retired
    wal_emptied: bool = True
    """Whether SQLite's log beside the file is free of old bytes; told once it is done."""

    @property
    def entries(self) -> int:
        """How many entries go."""
        return sum(count for _, count in self.months)


class Why(StrEnum):
    """Why nothing can be retired now."""

    TOO_YOUNG = "TOO_YOUNG"
    OTHER_PROGRAM = "OTHER_PROGRAM"
    """The tables are those of an earlier or later program."""
    NOT_OWNER = "NOT_OWNER"
    """On PostgreSQL only the owner of the tables may."""
    NOT_PLACED = "NOT_PLACED"
    """Old entries, or the one that declares it, have no place in the tree yet."""
    UNFINISHED = "UNFINISHED"
    """Another retirement was cut off, up to the month that is named."""
    IN_USE = "IN_USE"
    """Somebody reads the log without end; it was declared, and partly done."""
    NOTHING = "NOTHING"
    """There is nothing that old any more, no key either."""


class Refusal(msgspec.Struct, frozen=True, kw_only=True):
    """Why, and the month or number that belongs to it."""

    why: Why
    facts: Mapping[str, object] = {}


def too_young(before: str, now: datetime, retention_months: int) -> Refusal | None:
    """Refuse to retire what is younger than so many whole months."""
    latest = now.astimezone(UTC).year * 12 + now.astimezone(UTC).month - retention_months
    if number_of(before) <= latest:
        return None
    return Refusal(why=Why.TOO_YOUNG, facts={"latest": name_of(latest)})


async def plan(url: str, keys: Keys, before: str) -> Plan | Refusal:
    """Say what *retire* would do; raises KeyUnusableError, and what the database raises."""
    engine = open_engine(url)
    try:
        async with engine.connect() as connection:
            return await plan_over(connection, keys, before)
    finally:
        await engine.dispose()


async def plan_over(connection: AsyncConnection, keys: Keys, before: str) -> Plan | Refusal:
    """Say it over a *connection*."""
    if (refusal := await _unfit(connection)) is not None:
        return refusal
    await check_marks(connection, keys.months)
    cut = await unfinished(connection, keys.folder)
    if cut is not None and cut.retired.before != before:
        return Refusal(why=Why.UNFINISHED, facts={"before": cut.retired.before})
    months, held, unplaced, last_seq = [], 0, 0, 0
    async with connection.begin():
        oldest = (await connection.execute(select(func.min(ENTRY.c.at)))).scalar()
        for month in _months(oldest, number_of(before)):
            row = await _count(connection, month)
            unplaced += row.entries - row.placed
            held += row.held
            last_seq = max(last_seq, -1 if row.last_seq is None else row.last_seq)
            if row.entries > row.held:
                months.append((name_of(month), row.entries - row.held))
        handed_on = await _handed_on(connection, number_of(before))
    if unplaced:
        return Refusal(why=Why.NOT_PLACED, facts={"entries": unplaced})
    burnt = number_of(keys.months.since) >= number_of(before)
    if not months and burnt and cut is None:
        return Refusal(why=Why.NOTHING)
    count = sum(of_month for _, of_month in months) + handed_on
    retired = Retired(last_seq=last_seq, count=count, before=before, held=held)
    return Plan(before=before, months=months, held=held, retired=retired)


async def _unfit(connection: AsyncConnection) -> Refusal | None:
    """Tell whether these tables are ours to change."""
    async with connection.begin():
        step = (await connection.execute(text("SELECT version_num FROM alembic_version"))).scalar()
        if step != newest():
            return Refusal(why=Why.OTHER_PROGRAM, facts={"step": str(step), "ours": newest()})
        if connection.dialect.name == "postgresql":
            owns = await connection.execute(
                text(
                    "SELECT pg_has_role(relowner, 'USAGE') FROM pg_class"
                    " WHERE oid = to_regclass('audit_entry')"
                )
            )
            if not owns.scalar():
                return Refusal(why=Why.NOT_OWNER)
    return None


def _months(oldest: int | None, before: int) -> range:
    if oldest is None:
        return range(0)
    return range(number_of(period(moment(oldest))), before)


class _Counted(msgspec.Struct, frozen=True):
    entries: int
    held: int
    placed: int
    last_seq: int | None


async def _count(connection: AsyncConnection, month: int) -> _Counted:
    is_held = case((ENTRY.c.entry_id.in_(_HELD), 1))
    rows = await connection.execute(
        select(func.count(), func.count(is_held), func.count(LEAF.c.seq), func.max(LEAF.c.seq))
        .select_from(ENTRY.outerjoin(LEAF, LEAF.c.entry_id == ENTRY.c.entry_id))
        .where(
            ENTRY.c.at >= microseconds(begin_of(month)),
            ENTRY.c.at < microseconds(begin_of(month + 1)),
        )
    )
    return _Counted(*rows.one())


async def _handed_on(connection: AsyncConnection, before: int) -> int:
    """Sum what was declared by RETENTION entries that go themselves."""
    bodies = await connection.execute(
        select(ENTRY.c.body).where(
            ENTRY.c.at < microseconds(begin_of(before)),
            ENTRY.c.kind == EntryKind.RETENTION.value,
            ENTRY.c.entry_id.not_in(_HELD),
        )
    )
    return sum(map(_declared, map(bytes, bodies.scalars())))


def _declared(body: bytes) -> int:
    record = guarded(from_bytes, body)
    # What is none declares nothing.
    return 0 if record is None or record.entry.retired is None else record.entry.retired.count
