"""The tables of the access log: rows are only ever added.

`audit_entry.body` is the entry; the other columns repeat what auditors filter by.
Times are microseconds since 1970, UTC.
These are the tables as they stand on SQLite, and the columns as they stand everywhere; how they
come about, and how PostgreSQL divides them by month, is written in audit/migrations.
"""

from datetime import UTC, datetime, timedelta

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)

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
    Column("registries", Text),
    Column("from_cache", Boolean),
    Column("replaced", Boolean),
    UniqueConstraint("boot_id", "counter"),
    Index("audit_entry_request", "request_id"),
    Index("audit_entry_dossier", "dossier_tag"),
    Index("audit_entry_officer", "officer_tag"),
    Index("audit_entry_consumer", "consumer_id", "at"),
    Index("audit_entry_unit", "unit", "at"),
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

CLOSING = Table(
    "audit_closing",
    metadata,
    Column("intent_id", Text, primary_key=True),
    Column("at", BigInteger, primary_key=True),
    Column("entry_id", Text, primary_key=True),
    sqlite_with_rowid=False,
)
"""Which entry closes an intent, and when; a request id is chosen by callers and links nothing."""

UPSTREAM = Table(
    "audit_upstream",
    metadata,
    Column("upstream_request_id", Text, primary_key=True),
    Column("at", BigInteger, primary_key=True),
    Column("entry_id", Text, primary_key=True),
    sqlite_with_rowid=False,
)
"""The ids under which registries know the calls of an entry."""

BY_MONTH = (ENTRY, SUBJECT, CLOSING, UPSTREAM)
"""What goes with its month: the tables that PostgreSQL divides, each by its column *at*."""

BOOT = Table(
    "audit_boot",
    metadata,
    Column("boot_id", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("replica", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
)
"""A boot has a row BOOT_START, and one of BOOT_END and BOOT_LOST once it is over."""

QUEUE = Table("audit_queue", metadata, Column("entry_id", Text, primary_key=True))
"""Entries that have no place in the tree yet; written in the transaction of the entry.

The one table whose rows are taken out again: by the sequencer, in the transaction of the leaf.
"""

_Seq = BigInteger().with_variant(Integer, "sqlite")

LEAF = Table(
    "audit_leaf",
    metadata,
    Column("seq", _Seq, primary_key=True, autoincrement=False),
    Column("entry_id", Text, nullable=False, unique=True),
    Column("leaf_hash", LargeBinary(32), nullable=False),
)
"""The place of an entry in the tree, counted from 0, and SHA-256(0x00 || body)."""

TILE = Table(
    "audit_tile",
    metadata,
    Column("origin", Text, primary_key=True),
    Column("level", Integer, primary_key=True),
    Column("idx", BigInteger, primary_key=True),
    Column("hashes", LargeBinary, nullable=False),
)
"""Up to 256 hashes of a level of the tree, side by side; fewer where the tree ends today."""

CHECKPOINT = Table(
    "audit_checkpoint",
    metadata,
    Column("origin", Text, primary_key=True),
    Column("size", BigInteger, primary_key=True),
    Column("root", LargeBinary(32), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("note", Text, nullable=False),
)
"""What was signed: how many leaves an origin had at a time, under which root."""

ORIGIN = Table(
    "audit_origin",
    metadata,
    Column("origin", Text, primary_key=True),
    Column("opened_at", BigInteger, nullable=False),
    Column("closed_at", BigInteger),
    Column("statement", Text),
    Column("vkeys", Text, nullable=False),
)
"""A tree by name, with the public keys that may sign for it (docs/proofs.md, section 5).

One that a restored backup opened holds the signed *statement* of what was lost.
"""

HOLD = Table(
    "audit_hold",
    metadata,
    Column("hold_id", Text, primary_key=True),
    Column("entry_id", Text, primary_key=True),
    Column("since", BigInteger, nullable=False),
    Index("audit_hold_entry", "entry_id"),
)
"""Entries that retirement spares, by the entry that says so, which is one of them."""

MARK = Table(
    "audit_mark",
    metadata,
    Column("period", Text, primary_key=True),
    Column("mark", Text, nullable=False),
)
"""By what the key of a month is known again (audit/marks.py)."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def microseconds(at: datetime) -> int:
    """Count from 1970, exactly."""
    return (at - _EPOCH) // _MICROSECOND


def moment(count: int) -> datetime:
    """Give the time that *microseconds* counts so."""
    return _EPOCH + count * _MICROSECOND
