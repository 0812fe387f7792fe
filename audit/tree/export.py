"""The log as a folder of files that needs nobody's trust: leaves, checkpoints, keys, statements.

The form is that of docs/proofs.md, section 9. What is exported is what the newest checkpoint speaks
of; entries that have no place in the tree yet come with the next export.

An export is a read of the whole log, so it is an entry of its own, durable before the first line is
written: whoever reads needs somebody who may write. Everything is read as it was at one moment, or
a retirement in the middle of it would look like tampering.
"""

import asyncio
import re
import secrets
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from pathlib import Path
from typing import TextIO

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from audit.retention.by_hand import EXPORT, export_entry, own_boot
from audit.stores.schema import CHECKPOINT, ENTRY, LEAF
from audit.tree.rows import newest_checkpoint, origins
from audit.tree.seat import DATABASE_ERRORS, open_engine

AT_ONCE = 1000
"""Leaves that are fetched and written together, so that memory does not grow with the log."""

MOST_TOLD = 10**8 - 1
"""The largest count an entry may hold (audit/forms.py)."""

_ONE_LINE = re.compile(rb"\{[ -~]{1,1048575}")
"""What docs/proofs.md, section 1, says of a body: who may write rows may write anything."""

_LOOKS = 25
_PAUSE = 0.2


class Exported(msgspec.Struct, frozen=True, kw_only=True):
    """What was written."""

    leaves: int
    origins: int


class NothingSigned(msgspec.Struct, frozen=True, kw_only=True):
    """There is no checkpoint yet, so there is nothing that could be proved."""


class AnotherLog(msgspec.Struct, frozen=True, kw_only=True):
    """The entry that tells of the read did not turn up in what was to be read."""


class ExportUnreadable(Exception):  # noqa: N818 - a fact; what the library said stays behind
    """The database does not answer."""


async def export(
    url: str,
    folder: Path,
    *,
    writer: str,
    clock: Callable[[], datetime],
    randomness: Callable[[int], bytes] = secrets.token_bytes,
    jwks: str | None = None,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> Exported | NothingSigned | AnotherLog:
    """Write the log at *url* into *folder*; *progress* hears of leaves written, and of all.

    *writer* is the same log for somebody who may add entries; *jwks* are the public keys of
    receipts, where there are any.
    Raises ExportUnreadable, AccessLogUnavailable where the read cannot be told of, and OSError
    where the folder cannot be written.
    """
    engine = open_engine(url)
    try:
        async with engine.connect() as connection:
            async with own_boot(writer, EXPORT, clock=clock, randomness=randomness) as log:
                await stop_the_clock(connection)
                newest = await newest_checkpoint(connection)
                if newest is None:
                    return NothingSigned()
                size = newest.checkpoint.size
                entry = export_entry(clock(), randomness, found=min(size, MOST_TOLD))
                await log.append([entry])
            if not await _turned_up(engine, entry.entry_id):
                return AnotherLog()
            told = await _export(connection, folder, size, progress)
    except DATABASE_ERRORS:
        raise ExportUnreadable from None
    finally:
        await engine.dispose()
    if jwks is not None:
        _write(folder / "jwks.json", jwks)
    return told


async def stop_the_clock(connection: AsyncConnection) -> None:
    """See the log as it is at the next question, until the connection is given back."""
    if connection.dialect.name == "sqlite":
        await connection.exec_driver_sql("BEGIN")
        return
    await connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
    # Before the first question: a partition that is dropped is gone from every moment.
    await connection.exec_driver_sql("LOCK TABLE audit_entry IN ACCESS SHARE MODE")


async def _turned_up(engine: AsyncEngine, entry_id: str) -> bool:
    """Look for the entry as a reader; a reader of a copy may see it a little later."""
    for _ in range(_LOOKS):
        async with engine.connect() as connection:
            asked = select(ENTRY.c.entry_id).where(ENTRY.c.entry_id == entry_id)
            if (await connection.execute(asked)).scalar_one_or_none() is not None:
                return True
        await asyncio.sleep(_PAUSE)
    return False


async def _export(
    connection: AsyncConnection, folder: Path, size: int, progress: Callable[[int, int], None]
) -> Exported:
    with _open_entries(folder) as file:
        await _write_leaves(connection, file, size, progress)
    known = await origins(connection)
    _write(folder / "vkeys", "".join(each.vkeys for each in known))
    for number, each in enumerate(known, start=1):
        note = await _last_note(connection, each.origin, size)
        if note is not None:
            _write(folder / f"checkpoint-{number}", note)
        if each.statement is not None:
            _write(folder / f"statement-{number}", each.statement)
    return Exported(leaves=size, origins=len(known))


async def _write_leaves(
    connection: AsyncConnection, file: TextIO, size: int, progress: Callable[[int, int], None]
) -> None:
    done = 0
    async for lines in _lines(connection, size):
        file.write("".join(lines))
        done += len(lines)
        progress(done, size)


async def _lines(connection: AsyncConnection, size: int) -> AsyncIterator[list[str]]:
    """Give the leaves in the order of their places; one that was retired leaves its hash."""
    for first in range(0, size, AT_ONCE):
        rows = await connection.execute(
            select(LEAF.c.leaf_hash, ENTRY.c.body)
            .select_from(LEAF.outerjoin(ENTRY, LEAF.c.entry_id == ENTRY.c.entry_id))
            .where(LEAF.c.seq >= first, LEAF.c.seq < min(first + AT_ONCE, size))
            .order_by(LEAF.c.seq)
        )
        yield [_line(bytes(leaf), None if body is None else bytes(body)) for leaf, body in rows]


def _line(leaf: bytes, body: bytes | None) -> str:
    """Write an entry; in place of what is gone, or is none and would break the file, its hash."""
    if body is None or _ONE_LINE.fullmatch(body) is None:
        return f"#{leaf.hex()}\n"
    return f"{body.decode('ascii')}\n"


async def _last_note(connection: AsyncConnection, origin: str, size: int) -> str | None:
    """Give the newest checkpoint of an origin, of those that the export covers."""
    rows = await connection.execute(
        select(CHECKPOINT.c.note)
        .where(CHECKPOINT.c.origin == origin, CHECKPOINT.c.size <= size)
        .order_by(CHECKPOINT.c.size.desc())
        .limit(1)
    )
    note: str | None = rows.scalar_one_or_none()
    return note


def _open_entries(folder: Path) -> TextIO:
    folder.mkdir(parents=True, exist_ok=True)
    return (folder / "entries").open("w", encoding="ascii", newline="\n")


def _write(file: Path, text: str) -> None:
    file.write_text(text, encoding="utf-8", newline="\n")
