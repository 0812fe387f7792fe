"""Compares what searches go by with what the entries say, and puts it right.

Columns and narrow tables repeat the bodies of entries; searches and reports believe them. Nobody
signs them: whoever may change the database could let one be missing, and a citizen's report would
say less without a word. So they are made once more from the bodies, as they were at first, and
compared; a body is believed when the tree holds its hash. The tree is compared with its leaves,
too; whether it is the one that was signed is for the offline verifier to say.

Rows of an earlier program (v0004) lack what it did not write; to mend them is to add it.
"""

from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from enum import StrEnum
from typing import Any

import msgspec
from sqlalchemy import Row as Fetched
from sqlalchemy import Table, and_, delete, exists, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from audit.entry import Action, Entry
from audit.reading.given import look_by_index, table_of
from audit.record import Record, from_bytes, guarded, to_bytes
from audit.stores.batch import TABLES, Batch, Row
from audit.stores.engine import open_engine
from audit.stores.schema import CLOSING, ENTRY, HOLD, LEAF, QUEUE, SUBJECT, UPSTREAM
from audit.tree.export import stop_the_clock
from audit.tree.merkle import leaf_hash
from audit.tree.regrown import differences

AT_ONCE = 500
_EXAMPLES = 10
_NARROW = (SUBJECT, CLOSING, UPSTREAM)


class Wrong(StrEnum):
    """What was found."""

    BODY = "BODY"
    """The body is none, not the one whose hash stands in the tree, or of another version of the
    program, which knows what else it says; nothing is made of it, and it is not mended."""
    COLUMNS = "COLUMNS"
    """The columns beside the body say another thing."""
    MISSING = "MISSING"
    """A row that leads to the entry is not there."""
    FOREIGN = "FOREIGN"
    """A row leads to an entry that does not say so, or to none."""
    FORGOTTEN = "FORGOTTEN"
    """The entry has no place in the tree and does not wait for one."""
    TREE = "TREE"
    """Tiles or checkpoints are not those of the leaves; it is not mended."""
    HOLD = "HOLD"
    """Fewer entries, or more, are on hold than was declared; it is not mended."""


class Compared(msgspec.Struct, frozen=True, kw_only=True):
    """How many entries were compared, what was wrong and how often, and a few places of it."""

    entries: int
    wrong: Mapping[Wrong, int]
    examples: Mapping[Wrong, Sequence[str]]


async def compare(
    url: str, *, mend: bool = False, told: Callable[[int, int], None] = lambda _done, _all: None
) -> Compared:
    """Compare all entries at *url*; *mend* needs the owner of the tables.

    It reads the log as it is at one moment. Whoever mends keeps retirements away: what is about to
    be removed would be put back. Raises what the database raises.
    """
    engine = open_engine(url)
    try:
        async with engine.connect() as connection:
            await stop_the_clock(connection)
            await look_by_index(connection)
            return await _Comparison(connection, engine if mend else None).run(told)
    finally:
        await engine.dispose()


class _Comparison:
    def __init__(self, connection: AsyncConnection, mender: AsyncEngine | None) -> None:
        self._connection = connection
        self._mender = mender
        self._wrong: Counter[Wrong] = Counter()
        self._examples: defaultdict[Wrong, list[str]] = defaultdict(list)
        self._right: Counter[str] = Counter()
        self._declared: dict[str, int] = {}
        self._released: set[str] = set()

    async def run(self, told: Callable[[int, int], None]) -> Compared:
        """Look from the entries to the rows, and then from the rows to the entries."""
        count = (await self._connection.execute(select(func.count()).select_from(ENTRY))).scalar()
        done = 0
        async for rows in self._entries():
            await self._compare(rows)
            done += len(rows)
            told(done, count or 0)
        for table in _NARROW:
            there = select(func.count()).select_from(table)
            if (await self._connection.execute(there)).scalar_one() != self._right[table.name]:
                await self._find_foreign(table)
        await self._compare_holds()
        async for place in differences(self._connection):
            self._say(Wrong.TREE, place)
        return Compared(entries=done, wrong=dict(self._wrong), examples=dict(self._examples))

    def _say(self, wrong: Wrong, entry_id: str) -> None:
        self._wrong[wrong] += 1
        named = self._examples[wrong]
        # One entry may be wrong in many ways.
        if entry_id not in named and len(named) < _EXAMPLES:
            named.append(entry_id)

    async def _entries(self) -> AsyncIterator[Sequence[Fetched[Any]]]:
        queued = exists().where(QUEUE.c.entry_id == ENTRY.c.entry_id).label("queued")
        walk = (
            select(ENTRY, LEAF.c.leaf_hash, queued)
            .outerjoin(LEAF, LEAF.c.entry_id == ENTRY.c.entry_id)
            .order_by(ENTRY.c.at, ENTRY.c.entry_id)
            .limit(AT_ONCE)
        )
        ahead = walk
        while rows := (await self._connection.execute(ahead)).all():
            yield rows
            at, entry_id = rows[-1].at, rows[-1].entry_id
            later = or_(ENTRY.c.at > at, ENTRY.c.entry_id > entry_id)
            ahead = walk.where(and_(ENTRY.c.at >= at, later))

    async def _compare(self, rows: Sequence[Fetched[Any]]) -> None:
        records = []
        for row in rows:
            record = _believed(row)
            if record is None:
                self._say(Wrong.BODY, row.entry_id)
                continue
            if row.leaf_hash is None and not row.queued:
                self._say(Wrong.FORGOTTEN, row.entry_id)
                await self._change(insert(QUEUE).values(entry_id=row.entry_id))
            records.append(record)
            self._note(record.entry)
        batch = Batch(records)
        stand = {row.entry_id: tuple(row)[: len(ENTRY.columns)] for row in rows}
        for entry in batch.entries:
            if stand.get(str(entry[0])) != entry:
                self._say(Wrong.COLUMNS, str(entry[0]))
                values = _named(ENTRY, entry)
                del values["body"]  # it is what all others are made from
                by_id = update(ENTRY).where(ENTRY.c.entry_id == entry[0], ENTRY.c.at == entry[3])
                await self._change(by_id.values(values))
        for table, expected in _narrow(batch):
            missing = expected - await self._found(table, expected)
            self._right[table.name] += len(expected) - len(missing)
            for each in missing:
                self._say(Wrong.MISSING, _entry_of(table, each))
            if missing:
                await self._replace(table, missing, put=True)

    def _note(self, entry: Entry) -> None:
        if entry.action is Action.HOLD:
            self._declared[entry.entry_id] = entry.found or 0
        elif entry.action is Action.RELEASE:
            self._released.add(entry.request_id)

    async def _found(self, table: Table, expected: Collection[Row]) -> set[Row]:
        if not expected:
            return set()
        keys = [column.name for column in table.primary_key.columns]
        places = [tuple(_named(table, row)[key] for key in keys) for row in expected]
        kinds = {key: int if key == "at" else str for key in keys}
        given = table_of(self._connection.dialect.name, kinds, places)
        there = select(table).join(given, and_(*(table.c[key] == given.c[key] for key in keys)))
        return {tuple(row) for row in await self._connection.execute(there)}

    async def _find_foreign(self, table: Table) -> None:
        """Look at every row of a table that has more, or others, than the entries say."""
        stream = await self._connection.stream(select(table))
        async for rows in stream.partitions(AT_ONCE):
            given = {tuple(row) for row in rows}
            ids = {_entry_of(table, row) for row in given}
            asked = select(ENTRY, LEAF.c.leaf_hash).outerjoin(
                LEAF, LEAF.c.entry_id == ENTRY.c.entry_id
            )
            entries = await self._connection.execute(asked.where(ENTRY.c.entry_id.in_(ids)))
            found = [(row.entry_id, _believed(row)) for row in entries]
            unknown = {entry_id for entry_id, record in found if record is None}
            batch = Batch([record for _, record in found if record is not None])
            foreign = {
                row
                for row in given - dict(_narrow(batch))[table]
                if _entry_of(table, row) not in unknown
            }
            for row in foreign:
                self._say(Wrong.FOREIGN, _entry_of(table, row))
            if foreign:
                await self._replace(table, foreign, put=False)

    async def _compare_holds(self) -> None:
        counted = select(HOLD.c.hold_id, func.count()).group_by(HOLD.c.hold_id)
        held = {hold_id: count - 1 for hold_id, count in await self._connection.execute(counted)}
        open_ones = {each: n for each, n in self._declared.items() if each not in self._released}
        for hold_id in sorted(held.keys() | open_ones.keys()):
            if held.get(hold_id) != open_ones.get(hold_id):
                self._say(Wrong.HOLD, hold_id)

    async def _replace(self, table: Table, rows: Collection[Row], *, put: bool) -> None:
        """Take *rows* away, or *put* them there in place of what stands under their keys."""
        known_by = list(table.primary_key.columns if put else table.columns)
        for row in (_named(table, each) for each in rows):
            same = (column == row[column.name] for column in known_by)
            await self._change(delete(table).where(*same))
            if put:
                await self._change(insert(table).values(row))

    async def _change(self, statement: Any) -> None:  # noqa: ANN401 - of three kinds
        if self._mender is not None:
            async with self._mender.begin() as connection:
                await connection.execute(statement)


def _believed(row: Fetched[Any]) -> Record | None:
    """Read the record of a row, if it has its place, or none yet, and we would write it so."""
    body = bytes(row.body)
    if row.leaf_hash is not None and leaf_hash(body) != bytes(row.leaf_hash):
        return None
    record = guarded(from_bytes, body)
    # What we do not know of an entry is dropped in silence when it is read.
    if record is None or to_bytes(record) != body:
        return None
    return record if record.entry.entry_id == row.entry_id else None


def _narrow(batch: Batch) -> list[tuple[Table, set[Row]]]:
    return [
        (table, set(rows))
        for table, rows in zip(TABLES, batch.rows, strict=True)
        if table in _NARROW
    ]


def _named(table: Table, row: Row) -> dict[str, Any]:
    return dict(zip(table.columns.keys(), row, strict=True))


def _entry_of(table: Table, row: Row) -> str:
    return str(_named(table, row)["entry_id"])
