"""The log as a folder of files that needs nobody's trust: leaves, checkpoints, keys, statements.

The form is that of docs/proofs.md, section 9. What is exported is what the newest checkpoint speaks
of; entries that have no place in the tree yet come with the next export.
"""

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import TextIO

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from audit.schema import CHECKPOINT, ENTRY, LEAF
from audit.seat import DATABASE_ERRORS, open_engine
from audit.tree_store import newest_checkpoint, origins

AT_ONCE = 1000
"""Leaves that are fetched and written together, so that memory does not grow with the log."""


class Exported(msgspec.Struct, frozen=True, kw_only=True):
    """What was written."""

    leaves: int
    origins: int


class NothingSigned(msgspec.Struct, frozen=True, kw_only=True):
    """There is no checkpoint yet, so there is nothing that could be proved."""


class ExportUnreadable(Exception):  # noqa: N818 - a fact; what the library said stays behind
    """The database does not answer."""


async def export(
    url: str, folder: Path, *, progress: Callable[[int, int], None] = lambda _done, _all: None
) -> Exported | NothingSigned:
    """Write the log at *url* into *folder*; *progress* hears of leaves written, and of all.

    Raises ExportUnreadable, and OSError where the folder cannot be written.
    """
    engine = open_engine(url)
    try:
        async with engine.connect() as connection:
            return await _export(connection, folder, progress)
    except DATABASE_ERRORS:
        raise ExportUnreadable from None
    finally:
        await engine.dispose()


async def _export(
    connection: AsyncConnection, folder: Path, progress: Callable[[int, int], None]
) -> Exported | NothingSigned:
    newest = await newest_checkpoint(connection)
    if newest is None:
        return NothingSigned()
    size = newest.checkpoint.size
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
        yield [
            f"#{bytes(leaf).hex()}\n" if body is None else f"{bytes(body).decode('ascii')}\n"
            for leaf, body in rows
        ]


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
