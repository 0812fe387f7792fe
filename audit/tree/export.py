"""The log as a folder of files that needs nobody's trust: leaves, checkpoints, keys, statements.

The form is that of docs/proofs.md, section 9. What is exported is what the newest checkpoint speaks
of; entries that have no place in the tree yet come with the next export.

An export is a read of the whole log, so it is an entry of its own, durable before the first line is
written: whoever reads needs somebody who may write. Everything is read as it was at one moment, or
a retirement in the middle of it would look like tampering. So would a half-written export: the
folder gets its name when it is whole, and never mixes with an older one. It is personal data, and
for its owner's eyes.
"""

import asyncio
import errno
import os
import re
import secrets
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TextIO

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from audit.retention.by_hand import EXPORT, export_entry, own_boot
from audit.stores.engine import DATABASE_ERRORS, open_engine
from audit.stores.schema import CHECKPOINT, ENTRY, LEAF
from audit.tree.proofs import LogUnreadable
from audit.tree.rows import newest_checkpoint, origins

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


class FolderUnwritable(Exception):  # noqa: N818 - a fact, told apart from a database that is gone
    """The folder cannot be written; *why* is the system's own word, such as ENOSPC."""

    def __init__(self, error: OSError) -> None:
        self.why = errno.errorcode.get(error.errno or 0, "?")
        super().__init__(f"the folder of the export cannot be written ({self.why})")


class Occupied(msgspec.Struct, frozen=True, kw_only=True):
    """Something has the name of the folder already; nothing was read."""


async def export(
    url: str,
    folder: Path,
    *,
    writer: str,
    clock: Callable[[], datetime],
    randomness: Callable[[int], bytes] = secrets.token_bytes,
    jwks: str | None = None,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> Exported | NothingSigned | AnotherLog | Occupied:
    """Write the log at *url* into *folder*; *progress* hears of leaves written, and of all.

    *writer* is the same log for somebody who may add entries; *jwks* are the public keys of
    receipts, where there are any.
    Raises LogUnreadable, AccessLogUnavailable where the read cannot be told of, and
    FolderUnwritable, before anything was read where that shows before.
    """
    with _writing():
        occupied = _occupied(folder)
    if occupied:
        return Occupied()
    with _draft_of(folder) as draft:
        told = await _read_into(draft, url, writer, clock, randomness, progress)
        if isinstance(told, Exported):
            if jwks is not None:
                _write(draft / "jwks.json", jwks)
            with _writing():
                draft.rename(folder)
        return told


async def _read_into(
    draft: Path,
    url: str,
    writer: str,
    clock: Callable[[], datetime],
    randomness: Callable[[int], bytes],
    progress: Callable[[int, int], None],
) -> Exported | NothingSigned | AnotherLog:
    """Tell of the read, and write what was read."""
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
            return await _export(connection, draft, size, progress)
    except DATABASE_ERRORS:
        raise LogUnreadable from None
    finally:
        await engine.dispose()


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
    with _open(folder / "entries", "ascii") as file:
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
        with _writing():
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


def _occupied(folder: Path) -> bool:
    """Whether a new folder cannot take this name: only nothing and an empty folder give way."""
    if folder.is_symlink():
        return True
    if not folder.is_dir():
        return folder.exists()
    return folder.is_mount() or folder.samefile(Path.cwd()) or any(folder.iterdir())


@contextmanager
def _draft_of(folder: Path) -> Iterator[Path]:
    """Make a folder beside, in which to write; it is gone at the end, unless it was renamed."""
    draft = folder.with_name(f"{folder.name}.{secrets.token_hex(8)}.part")
    with _writing():
        folder.parent.mkdir(parents=True, exist_ok=True)
        draft.mkdir(mode=0o700)
    try:
        yield draft
    finally:
        shutil.rmtree(draft, ignore_errors=True)


@contextmanager
def _open(file: Path, encoding: str) -> Iterator[TextIO]:
    flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC
    with _writing():
        opened = os.fdopen(os.open(file, flags, 0o600), "w", encoding=encoding, newline="\n")
    try:
        yield opened
    finally:
        with _writing():
            # What the buffer holds goes to the disk here, and may find it full.
            opened.close()


def _write(file: Path, text: str) -> None:
    with _open(file, "utf-8") as opened, _writing():
        opened.write(text)


@contextmanager
def _writing() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise FolderUnwritable(error) from None
