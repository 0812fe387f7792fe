"""The access log as the rest of the house sees it: append, and be told when that cannot be done.

The law of the port: no entry, no data.
Fail closed: a log that cannot write stops the answers, not the other way round.
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import Protocol

import msgspec

from audit.entry import Entry
from audit.record import SALT_BYTES, Record, to_bytes


class Trouble(StrEnum):
    """Why entries cannot be made durable at this moment."""

    NOT_OPEN = "NOT_OPEN"
    """It was not opened, or is already closed."""
    OVERFULL = "OVERFULL"
    """More entries wait than the database can take in time."""
    TIMEOUT = "TIMEOUT"
    """The database did not confirm in time."""
    FAILED = "FAILED"
    """The database refused: full, locked, gone."""
    NOT_DURABLE = "NOT_DURABLE"
    """The database would confirm before the disk has it; that is no log."""
    CONTRADICTED = "CONTRADICTED"
    """The database holds something else under ids of ours: an alarm, not a fault."""
    NAME_TAKEN = "NAME_TAKEN"
    """Another process writes under this replica's name."""
    NOT_MIGRATED = "NOT_MIGRATED"
    """The database lacks tables that this program writes: `lienthong log migrate`."""


class AccessLogUnavailable(Exception):  # noqa: N818 - a fact, and the error code's own name
    """The entries are not durable, so nothing may be read or sent."""

    code = "ACCESS_LOG_UNAVAILABLE"

    def __init__(self, trouble: Trouble, *, in_doubt: bool = False) -> None:
        self.trouble = trouble
        self.in_doubt = in_doubt
        """Whether the entries may be stored, and will be, as soon as the log writes again."""
        super().__init__(f"the access log is unavailable ({trouble})")


class LogState(msgspec.Struct, frozen=True, kw_only=True):
    """How the log is, for `/ready`: ready while there is no *trouble*."""

    trouble: Trouble | None
    waiting: int = 0
    """Entries that wait for the disk."""


class AccessLog(Protocol):
    """Where entries are kept. Created once, opened at start, closed at the end."""

    async def open(self) -> None:
        """Make the log ready to append, or raise AccessLogUnavailable."""
        ...

    async def append(self, entries: Sequence[Entry]) -> Sequence[bytes]:
        """Store durably or raise AccessLogUnavailable; give the bytes of each entry, as stored.

        Callers MUST NOT read or send data before this returns.
        All *entries* become durable together, in their order.
        After a refusal they may still turn up in the log: it was not known whether they had
        been stored, so they were settled. An entry too many harms nobody.
        """
        ...

    async def close(self) -> None:
        """Make durable what waits, take no more, and give the database back. Never raises."""
        ...

    def state(self) -> LogState:
        """Say at once how the log is."""
        ...


class MemoryAccessLog:
    """A log that forgets at the end of the process: for tests, never for data of the living.

    It obeys the port in everything but durability, and is open from the start; *fail* makes it
    refuse.
    """

    def __init__(self, *, fail: bool = False) -> None:
        self.entries: list[Entry] = []
        self.fail = fail
        self._closed = False

    async def open(self) -> None:
        """Take entries from now on."""
        self._closed = False

    async def append(self, entries: Sequence[Entry]) -> Sequence[bytes]:
        """Keep *entries*, or refuse them all."""
        trouble = self.state().trouble
        if trouble is not None:
            raise AccessLogUnavailable(trouble)
        first = len(self.entries)
        self.entries.extend(entries)
        return [_stored(first + place, entry) for place, entry in enumerate(entries)]

    async def close(self) -> None:
        """Take no more; what was kept can still be looked at."""
        self._closed = True

    def state(self) -> LogState:
        """Refuse while *fail* is set, and once closed."""
        if self._closed:
            return LogState(trouble=Trouble.NOT_OPEN)
        return LogState(trouble=Trouble.FAILED if self.fail else None)


def _stored(counter: int, entry: Entry) -> bytes:
    nowhere = bytes(SALT_BYTES)
    return to_bytes(
        Record(replica="memory", boot_id=entry.entry_id, counter=counter, salt=nowhere, entry=entry)
    )
