"""An entry of the access log: who asked, for what, about whom, which fields, and what came of it.

A request leaves one *intent* per wave of reads, written before a registry is asked, and one
*outcome* before the answer leaves, which names the intents it closes.
What a request says of itself stands in *Circumstances*; audit/making.py makes each kind of entry.
Persons appear as tags, fields as paths, results as words: see audit/forms.py. The numbers behind
the tags stand in *detail*, encrypted under a key of this entry alone.
"""

from datetime import datetime
from enum import StrEnum

import msgspec

from audit.circumstances import Circumstances
from audit.forms import Ciphertext, Code, Count, Counter, EntryId, Kept, Reference, Tag, Word


class EntryKind(StrEnum):
    """What an entry says happened."""

    INTENT = "INTENT"
    """A wave of reads is about to start."""
    OUTCOME = "OUTCOME"
    """An answer is about to leave."""
    DENIED = "DENIED"
    """A request was refused; nothing was read for it."""
    DRY_RUN = "DRY_RUN"
    """It was said what would be asked; nothing was asked."""
    NOT_DELIVERED = "NOT_DELIVERED"
    """Registries answered, and the caller did not get it."""
    AUDIT_READ = "AUDIT_READ"
    """Somebody read the log."""
    ADMIN = "ADMIN"
    """Somebody decided about entries: put them on hold, or let them go."""
    RETENTION = "RETENTION"
    """Entries of old months are about to be retired: their keys burnt, their rows removed."""
    BOOT_START = "BOOT_START"
    BOOT_END = "BOOT_END"
    BOOT_LOST = "BOOT_LOST"
    """An earlier boot ended without saying so."""


class Action(StrEnum):
    """What was done with the log itself."""

    SEARCH = "SEARCH"
    """An auditor looked for entries."""
    OWN = "OWN"
    """A citizen looked at who had asked about the own person."""
    STATISTICS = "STATISTICS"
    EXPORT = "EXPORT"
    HOLD = "HOLD"
    RELEASE = "RELEASE"
    RETIRE = "RETIRE"


class Subject(Kept, frozen=True, kw_only=True, omit_defaults=True):
    """One data subject of a read, a person or a thing of a person's."""

    tags: tuple[Tag, ...]
    """One for each number that is known at this moment, so that one person's rows can be united."""
    roles: tuple[Code, ...] = ()
    """In which the subject was asked about; none: the answer about another one showed it."""


class Read(Kept, frozen=True, kw_only=True, omit_defaults=True):
    """What one registry is asked for, about whom; or, in an outcome, whom its answer showed."""

    registry: Word
    operation: Code
    subjects: tuple[Subject, ...]
    fields: tuple[Code, ...]
    """Role paths, as the grant names them; a subject was asked for those of its roles."""


class SourceNote(Kept, frozen=True, kw_only=True, omit_defaults=True):
    """How one registry answered."""

    registry: Word
    state: Word
    upstream_request_ids: tuple[Reference, ...] = ()
    from_cache: bool = False
    waited_ms: Count = 0


class LostBoot(Kept, frozen=True, kw_only=True, omit_defaults=True):
    """A boot that ended without a word, and how far it had come on disk."""

    boot_id: EntryId
    last_counter: Counter


class Retired(Kept, frozen=True, kw_only=True, omit_defaults=True):
    """What a RETENTION entry retires: at most *count* leaves, none of them after *last_seq*.

    One that retires another RETENTION entry counts what that one had declared, too.
    """

    last_seq: Counter
    count: Counter
    before: Code
    """The first month that stays: `2024-11`."""
    held: Counter = 0
    """Older entries that stay all the same, since they are on hold."""


class Entry(Circumstances, frozen=True, kw_only=True, omit_defaults=True):
    """One entry. What does not apply is absent; nothing in it is a value of a record."""

    entry_id: EntryId
    kind: EntryKind
    at: datetime
    """UTC."""
    parent: tuple[EntryId, ...] = ()
    """The intents that an outcome closes."""
    wave: Count | None = None
    reads: tuple[Read, ...] = ()
    outcome: Word | None = None
    http_status: Count | None = None
    states: dict[Code, Word] = msgspec.field(default_factory=dict)
    """What became of each field: path -> state. The value itself stays out."""
    components: dict[Code, Word] = msgspec.field(default_factory=dict)
    """What was decided about each paper of the dossier: id -> outcome."""
    sources: tuple[SourceNote, ...] = ()
    code: Word | None = None
    """The error code, of a refusal or of an answer without data."""
    rule: Code | None = None
    refused_paths: tuple[Code, ...] = ()
    answer_bytes: Count | None = None
    """Of `data` and `errors`, as they were sent."""
    answer_hmac: Tag | None = None
    """A keyed hash of the same bytes: proves later what was shown, without keeping it."""
    duration_ms: Count | None = None
    lost: LostBoot | None = None
    retired: Retired | None = None
    action: Action | None = None
    case_ground: Word | None = None
    """Why the log was read: an inspection, a complaint, the subject's own request, a court."""
    case_tag: Tag | None = None
    found: Count | None = None
    """How many entries were shown to the reader, put on hold or let go."""
    detail: Ciphertext | None = None
    """See audit/detail.py."""

    @property
    def registries(self) -> str | None:
        """Name the registries that it speaks of, in the order of the alphabet, between spaces."""
        named = {read.registry for read in self.reads}
        named.update(source.registry for source in self.sources)
        return " ".join(sorted(named)) or None

    @property
    def from_cache(self) -> bool | None:
        """Say whether an answer of a registry came out of our cache; None where none answered."""
        return any(source.from_cache for source in self.sources) if self.sources else None

    @property
    def replaced(self) -> bool | None:
        """Say whether data took the place of a paper; None where none was decided about."""
        if not self.components:
            return None
        return "REPLACED_BY_DATA" in self.components.values()


def uuid7(at: datetime, randomness: bytes) -> EntryId:
    """Make a UUIDv7 (RFC 9562) of the millisecond of *at* and 10 bytes of *randomness*."""
    time, rest = f"{int(at.timestamp() * 1000):012x}", randomness.hex()
    variant = "89ab"[randomness[9] & 3]
    return f"{time[:8]}-{time[8:]}-7{rest[:3]}-{variant}{rest[3:6]}-{rest[6:18]}"
