"""The tables of the access log: rows are only ever added.

`audit_entry.body` is the entry; the other columns repeat what auditors filter by.
Times are microseconds since 1970, UTC.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import (
    BigInteger,
    Column,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)

from audit.entry import Entry, EntryKind
from audit.record import Record, to_bytes
from audit.tags import period

Row = tuple[object, ...]
"""The values of a row, in the order of its table's columns."""

metadata = MetaData()

ENTRY = Table(
    "audit_entry",
    metadata,
    Column("entry_id", Text, primary_key=True),
    Column("boot_id", Text, nullable=False),
    Column("counter", BigInteger, nullable=False),
    Column("at", BigInteger, nullable=False, index=True),
    Column("kind", Text, nullable=False),
    Column("request_id", Text, nullable=False),
    Column("consumer_id", Text),
    Column("receiving_agency", Text),
    Column("competent_agency", Text),
    Column("unit", Text),
    Column("officer_tag", Text),
    Column("procedure", Text),
    Column("dossier_tag", Text),
    Column("draft_tag", Text),
    Column("outcome", Text),
    Column("code", Text),
    Column("body", LargeBinary, nullable=False),
    UniqueConstraint("boot_id", "counter"),
)

SUBJECT = Table(
    "audit_subject",
    metadata,
    Column("period", Text, nullable=False),
    Column("tag", Text, primary_key=True),
    Column("at", BigInteger, primary_key=True),
    Column("entry_id", Text, primary_key=True),
    Column("registry", Text, primary_key=True),
    sqlite_with_rowid=False,
)
"""One narrow row per data subject, registry and entry, kept in the order (tag, at)."""

BOOT = Table(
    "audit_boot",
    metadata,
    Column("boot_id", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("replica", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
)
"""A boot has a row BOOT_START, and one of BOOT_END and BOOT_LOST once it is over."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_BOOTS = frozenset({EntryKind.BOOT_START, EntryKind.BOOT_END, EntryKind.BOOT_LOST})


class Batch:
    """Records that become durable together, as rows of the three tables."""

    def __init__(self, records: Sequence[Record]) -> None:
        self.entries: list[Row] = []
        self.subjects: list[Row] = []
        self.boots: list[Row] = []
        self.bodies: dict[str, bytes] = {}
        """The bytes of each entry, as they must stand in the database."""
        for record in records:
            self._add(record)

    def _add(self, record: Record) -> None:
        entry = record.entry
        kind = entry.kind.value
        at = microseconds(entry.at)
        body = self.bodies[entry.entry_id] = to_bytes(record)
        self.entries.append(
            (
                entry.entry_id,
                record.boot_id,
                record.counter,
                at,
                kind,
                entry.request_id,
                entry.consumer_id,
                entry.receiving_agency,
                entry.competent_agency,
                entry.unit,
                entry.officer_tag,
                entry.procedure,
                entry.dossier_tag,
                entry.draft_tag,
                entry.outcome,
                entry.code,
                body,
            )
        )
        if entry.reads:
            self.subjects.extend(_subjects(entry, at))
        if entry.kind in _BOOTS:
            boot_id = record.boot_id if entry.lost is None else entry.lost.boot_id
            self.boots.append((boot_id, kind, record.replica, at))


def microseconds(at: datetime) -> int:
    """Count from 1970, exactly."""
    return (at - _EPOCH) // _MICROSECOND


def _subjects(entry: Entry, at: int) -> list[Row]:
    # Two operations of one registry may read one subject: it is one row.
    pairs = {(tag, read.registry) for read in entry.reads for tag in read.subject_tags}
    month = period(entry.at)
    return [(month, tag, at, entry.entry_id, registry) for tag, registry in pairs]
