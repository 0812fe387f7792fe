"""Records that become durable together, as the rows that every database keeps of them."""

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache
from operator import attrgetter

from audit.entry import Entry
from audit.months import period
from audit.record import Record, to_bytes
from audit.schema import BOOT, ENTRY, QUEUE, SUBJECT, microseconds

Row = tuple[object, ...]
"""The values of a row, in the order of its table's columns."""

TABLES = (ENTRY, SUBJECT, BOOT, QUEUE)
"""The tables of a batch, in the order of *Batch.rows*."""

_repeated = attrgetter(*(column.name for column in list(ENTRY.columns)[4:-1]))
"""What columns repeat of an entry: all but its place in front and its body behind."""

_BOOTS = frozenset({"BOOT_START", "BOOT_END", "BOOT_LOST"})


class Batch:
    """Records that become durable together, as rows of four tables."""

    def __init__(self, records: Sequence[Record]) -> None:
        self.entries: list[Row] = []
        self.subjects: list[Row] = []
        self.boots: list[Row] = []
        self.queue: list[Row] = []
        self.ats: list[int] = []
        self.bodies: dict[str, bytes] = {}
        """The bytes of each entry, as they must stand in the database."""
        for record in records:
            self._add(record)

    @property
    def rows(self) -> tuple[list[Row], ...]:
        """The rows of each of the TABLES."""
        return self.entries, self.subjects, self.boots, self.queue

    def _add(self, record: Record) -> None:
        entry = record.entry
        entry_id = entry.entry_id
        at = microseconds(entry.at)
        body = to_bytes(record)
        self.ats.append(at)
        self.bodies[entry_id] = body
        place = (entry_id, record.boot_id, record.counter, at)
        self.entries.append((*place, *_repeated(entry), body))
        self.queue.append((entry_id,))
        if entry.reads:
            self.subjects.extend(_subjects(entry, at))
        if entry.kind.name in _BOOTS:
            boot_id = record.boot_id if entry.lost is None else entry.lost.boot_id
            self.boots.append((boot_id, entry.kind, record.replica, at))


def _subjects(entry: Entry, at: int) -> list[Row]:
    # Two operations of one registry may read one subject: it is one row.
    month, entry_id = _month(entry.at.year, entry.at.month), entry.entry_id
    return list(
        {
            (month, tag, at, entry_id, read.registry)
            for read in entry.reads
            for subject in read.subjects
            for tag in subject.tags
        }
    )


@lru_cache(maxsize=16)
def _month(year: int, month: int) -> str:
    """Name the month as *period* does; an entry's time is UTC already."""
    return period(datetime(year, month, 1, tzinfo=UTC))
