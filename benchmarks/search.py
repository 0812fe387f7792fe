"""The right to know: one citizen's accesses of two years, among five million rows of others.

The citizen's entries are real, six ways by six numbers in each month; of everybody else there are
rows only, made in the database itself, so that its planner has a choice.
"""

import asyncio
import statistics
import time
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import asyncpg  # type: ignore[import-untyped]  # it ships no types
import msgspec
import uvloop

from audit.months import name_of, number_of
from audit.reading.accesses import Question
from audit.reading.lines import Tags, page_of
from audit.stores.schema import microseconds
from audit.tags import TagDomain
from tests.audit.databases import PostgresDatabase
from tests.audit.postgres_server import PostgresServer
from tests.audit.reading.plans import looked_by
from tests.audit.reading.workbench import AN, Ledger

ROWS = 5_000_000
TIMES = 20
BAR_MS = 100

_LAST = number_of("2026-11")
_MONTHS = [name_of(month) for month in range(_LAST - 23, _LAST + 1)]
_NUMBERS = (
    AN,
    (TagDomain.OLD_NUMBER, "012345678"),
    (TagDomain.INSURANCE, "0101234567"),
    (TagDomain.INSURANCE, "0101234568"),
    (TagDomain.CARD, "GD4010101234567"),
    (TagDomain.CARD, "GD4010101234568"),
)

# Five entries a person and month, two rows an entry; a fifth of the entries themselves.
_FILL = """
INSERT INTO audit_subject
SELECT '{month}', substr(encode(sha256(('{month} ' || n / 10)::bytea), 'base64'), 1, 43),
       {at} + n, '{month}-' || n / 2, 'R' || n % 2
FROM generate_series(1, {rows}) AS n;
INSERT INTO audit_entry (entry_id, boot_id, counter, at, kind, request_id, consumer_id, body)
SELECT '{month}-' || n / 2, '{month}', n, {at} + n, CASE n / 10 % 2 WHEN 0 THEN 'INTENT'
       ELSE 'OUTCOME' END, 'r-' || n, 'portal-hanoi', convert_to(repeat('x', 900), 'UTF8')
FROM generate_series(10, {rows}, 10) AS n;
INSERT INTO audit_closing SELECT '{month}-' || n / 2, {at} + n + 10, '{month}-' || n / 2 + 5
FROM generate_series(20, {rows}, 20) AS n;
INSERT INTO audit_leaf SELECT {leaves} + n, '{month}-' || n / 2, ''
FROM generate_series(10, {rows}, 10) AS n;
"""
_GROW = """
INSERT INTO audit_checkpoint SELECT origin, 1000000000, root, at, note
FROM audit_checkpoint ORDER BY size DESC LIMIT 1
"""


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """What the search of one citizen took, how it was answered, and what came."""

    name: str
    ms: float
    """The median of 20."""
    slowest_ms: float
    indexes: tuple[str, ...]
    """Those that the database looked by."""
    rows: int
    lines: int
    bar_ms: float = BAR_MS


def run() -> list[Found]:
    """Fill a database of its own, and search."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return [runner.run(_measure(ROWS))]


async def _measure(rows: int) -> Found:
    server = PostgresServer()
    await server.prepare()
    database = PostgresDatabase(server, await server.new_database())
    try:
        with TemporaryDirectory() as keys:
            ledger = Ledger(database, Path(keys), since=_MONTHS[0])
            lines = await _keep_the_citizens(ledger)
            await _fill(database, rows // len(_MONTHS))
            took = [await _time_one(ledger, lines) for _ in range(TIMES)]
            indexes = await _indexes(ledger)
            await ledger.search.aclose()
        [(count,)] = await database.ask("SELECT count(*) FROM audit_subject")
    finally:
        server.stop()
    return Found(
        name=f"one citizen's {lines} accesses by six numbers",
        ms=statistics.median(took),
        slowest_ms=max(took),
        indexes=indexes,
        rows=count,
        lines=lines,
    )


async def _keep_the_citizens(ledger: Ledger) -> int:
    """Ask by each number once a month, and be told of the personal id beside it; count them."""
    requests = [
        ledger.request((number,), at=start + timedelta(days=day), told=[(number, AN)])
        for start in map(_start_of, _MONTHS)
        for day, number in enumerate(_NUMBERS, 1)
    ]
    await ledger.log.open()
    for request in requests:
        await ledger.log.append(request)
    await ledger.log.close()
    await ledger.sequence()
    return len(requests)


async def _fill(database: PostgresDatabase, rows: int) -> None:
    """Write the rows of everybody else, and let the database know what it has."""
    connection = await asyncpg.connect(
        user="postgres", database=database.name, host=str(database.server.folder)
    )
    await connection.execute("SET synchronous_commit = off")
    for place, month in enumerate(_MONTHS):
        at, leaves = microseconds(_start_of(month)), (place + 1) * 10_000_000
        await connection.execute(_FILL.format(month=month, at=at, leaves=leaves, rows=rows))
    for statement in (_GROW, "VACUUM ANALYZE", "CHECKPOINT"):
        await connection.execute(statement)
    await connection.close()


async def _time_one(ledger: Ledger, lines: int) -> float:
    """Search by one number, which leads to the five others; give the milliseconds."""
    began = time.perf_counter()
    page = await ledger.find(first=200, subjects=(AN,))
    took = time.perf_counter() - began
    if (len(page.accesses), len(page.united)) != (lines, len(_NUMBERS)):
        message = f"the benchmark found {len(page.accesses)} accesses of {lines}"
        raise RuntimeError(message)
    return took * 1000


async def _indexes(ledger: Ledger) -> tuple[str, ...]:
    """Name what the database looks by."""
    tags = [
        (ledger.tag(*number, since), microseconds(since), microseconds(until))
        for since, until in pairwise(map(_start_of, [*_MONTHS, name_of(_LAST + 1)]))
        for number in _NUMBERS
    ]
    question = Question(subjects=_NUMBERS)
    asked = page_of("postgresql", question, Tags(subject=tags), size=10**9, after=None, limit=201)
    return tuple(sorted(await looked_by(ledger.reader_url, asked)))


def _start_of(month: str) -> datetime:
    return datetime.strptime(month, "%Y-%m").replace(tzinfo=UTC)


if __name__ == "__main__":
    for found in run():
        print(
            f"{found.name:<48} {found.ms:>9.1f} ms (slowest {found.slowest_ms:.1f},"
            f" bar {found.bar_ms}), {found.rows:,} rows, by {', '.join(found.indexes)}"
        )
