"""Records that become durable together, as the rows that every database keeps of them."""

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache
from operator import attrgetter

from audit.entry import Entry
from audit.months import period
from audit.record import Record, to_bytes
from audit.stores.schema import BOOT, CLOSING, ENTRY, QUEUE, SUBJECT, UPSTREAM, microseconds

Row = tuple[object, ...]
"""The values of a row, in the order of its table's columns."""

TABLES = (ENTRY, SUBJECT, BOOT, QUEUE, CLOSING, UPSTREAM)
"""The tables of a batch, in the order of *Batch.rows*."""

_NAMES = [column.name for column in ENTRY.columns]
_BODY = _NAMES.index("body")
_repeated = attrgetter(*_NAMES[4:_BODY])
"""What columns repeat of an entry: all between its place and its body."""
_derived = attrgetter(*_NAMES[_BODY + 1 :])
"""What columns behind the body sum up."""

_BOOTS = frozenset({"BOOT_START", "BOOT_END", "BOOT_LOST"})


class Batch:
    """Records that become durable together, as rows of the TABLES."""

    def __init__(self, records: Sequence[Record]) -> None:
        self.entries: list[Row] = []
        self.subjects: list[Row] = []
        self.boots: list[Row] = []
        self.queue: list[Row] = []
        self.closings: list[Row] = []
        self.upstream: list[Row] = []
        self.ats: list[int] = []
        self.bodies: dict[str, bytes] = {}
        """The bytes of each entry, as they must stand in the database."""
        for record in records:
            self._add(record)

    @property
    def rows(self) -> tuple[list[Row], ...]:
        """The rows of each of the TABLES."""
        return (
            self.entries,
            self.subjects,
            self.boots,
            self.queue,
            self.closings,
            self.upstream,
        )

    def _add(self, record: Record) -> None:
        entry = record.entry
        entry_id = entry.entry_id
        at = microseconds(entry.at)
        body = to_bytes(record)
        self.ats.append(at)
        self.bodies[entry_id] = body
        place = (entry_id, record.boot_id, record.counter, at)
        self.entries.append((*place, *_repeated(entry), body, *_derived(entry)))
        self.queue.append((entry_id,))
        if entry.reads:
            self.subjects.extend(_subjects(entry, at))
        # Whoever made the entry may have named an intent, or a call, twice.
        self.closings.extend((intent_id, at, entry_id) for intent_id in dict.fromkeys(entry.parent))
        if entry.sources:
            asked = (each for source in entry.sources for each in source.upstream_request_ids)
            self.upstream.extend((each, at, entry_id) for each in dict.fromkeys(asked))
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
