"""A retirement that was begun: which entry says so, in a file beside the keys until it is done.

The file is written before the entry. So after a kill it is known whether the entry became durable,
and the work goes on under the same one.
"""

from pathlib import Path

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from audit.entry import Retired
from audit.key_files import create_file, replace_file, sync_folder
from audit.record import from_bytes, guarded
from audit.stores.schema import ENTRY

_NAME = "retiring"


class Unfinished(msgspec.Struct, frozen=True, kw_only=True):
    """A retirement whose entry is in the log, and whose work may be done in part."""

    entry_id: str
    retired: Retired


async def unfinished(connection: AsyncConnection, folder: Path) -> Unfinished | None:
    """Find the retirement that was cut off; None when no entry that can be read declares one."""
    try:
        entry_id = (folder / _NAME).read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return None
    async with connection.begin():
        asked = select(ENTRY.c.body).where(ENTRY.c.entry_id == entry_id)
        body = (await connection.execute(asked)).scalar_one_or_none()
    record = None if body is None else guarded(from_bytes, bytes(body))
    if record is None or record.entry.retired is None:
        return None
    return Unfinished(entry_id=entry_id, retired=record.entry.retired)


def begin(folder: Path, entry_id: str) -> None:
    """Keep which entry is about to be written."""
    content = f"{entry_id}\n".encode("ascii")
    if (folder / _NAME).exists():
        replace_file(folder / _NAME, content)
    else:
        create_file(folder / _NAME, content)


def end(folder: Path) -> None:
    """Say that nothing is left to be done."""
    (folder / _NAME).unlink(missing_ok=True)
    sync_folder(folder)
