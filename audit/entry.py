"""An entry of the access log: who asked, for what, about whom, which fields, and what came of it.

A request leaves one *intent* per wave of reads, written before a registry is asked, and one
*outcome* before the answer leaves, which names the intents it closes.
Everything a request says of itself stands in *Circumstances*, once; the constructors below add
what happened.
Persons appear as tags, fields as paths, results as words: see audit/forms.py.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum

import msgspec

from audit.forms import Code, Count, Counter, Digest, EntryId, Kept, Reference, Tag, Word


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
    RETENTION = "RETENTION"
    BOOT_START = "BOOT_START"
    BOOT_END = "BOOT_END"
    BOOT_LOST = "BOOT_LOST"
    """An earlier boot ended without saying so."""


class OfficerStanding(StrEnum):
    """On whose word the officer of an entry is the officer."""

    CLAIM = "CLAIM"
    """A verified claim of the token."""
    ASSERTED = "ASSERTED"
    """The portal's request says so."""
    ACCOUNTABLE = "ACCOUNTABLE"
    """Nobody sat at the counter: the officer whom the grant makes answer for it."""


class Standing(StrEnum):
    """On whose word an actor is who the entry says."""

    CLAIM = "CLAIM"
    """The issuer's, in a verified token."""
    ASSERTED = "ASSERTED"
    """The portal's, in its request or in a token that it signed itself."""


class Attestation(StrEnum):
    """How the dossier itself is known to exist."""

    ASSERTED = "ASSERTED"
    """The portal says so."""
    ATTESTED = "ATTESTED"
    """The portal has signed that it does, with the key of its grant."""


class Read(Kept, frozen=True, kw_only=True, omit_defaults=True):
    """What one registry is asked for, about whom, in which roles."""

    registry: Word
    operation: Code
    subject_tags: tuple[Tag, ...]
    """Every tag known at this moment, so that one person's rows can be united."""
    roles: tuple[Code, ...]
    fields: tuple[Code, ...]
    """Role paths, as the grant names them."""


class SourceNote(Kept, frozen=True, kw_only=True, omit_defaults=True):
    """How one registry answered."""

    registry: Word
    state: Word
    upstream_request_ids: tuple[Reference, ...] = ()
    from_cache: bool = False
    waited_ms: Count = 0


class Circumstances(Kept, frozen=True, kw_only=True, omit_defaults=True):
    """Who asks, for whom, by which procedure and grant: the same in all entries of a request."""

    request_id: Reference
    consumer_id: Code | None = None
    token_id: Reference | None = None
    """The token's `jti`."""
    receiving_agency: Code | None = None
    """Where the dossier is taken in; it may differ from the *competent_agency*."""
    competent_agency: Code | None = None
    unit: Code | None = None
    officer_tag: Tag | None = None
    officer_standing: OfficerStanding | None = None
    actor_kind: Word | None = None
    """Who sat at the keyboard: an officer, a post employee, the citizen, a system."""
    actor_standing: Standing | None = None
    actor_tag: Tag | None = None
    actor_unit: Code | None = None
    actor_employer: Code | None = None
    acting_for_kind: Word | None = None
    acting_for_role: Code | None = None
    assisted_by_kind: Word | None = None
    """The helper beside the actor; always the portal's word."""
    assisted_by_tag: Tag | None = None
    assisted_by_unit: Code | None = None
    assisted_by_employer: Code | None = None
    procedure: Code | None = None
    procedure_raw: Code | None = None
    """The code as it was sent, when it was another one."""
    procedure_version: Reference | None = None
    dossier_tag: Tag | None = None
    draft_tag: Tag | None = None
    step: Word | None = None
    legal_basis: Word | None = None
    grant_id: Reference | None = None
    grant_version: Count | None = None
    attestation: Attestation | None = None
    document_hash: Digest | None = None
    """SHA-256 of the normalised document."""
    operation_name: Code | None = None


class LostBoot(Kept, frozen=True, kw_only=True, omit_defaults=True):
    """A boot that ended without a word, and how far it had come on disk."""

    boot_id: EntryId
    last_counter: Counter


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
    duration_ms: Count | None = None
    lost: LostBoot | None = None


def uuid7(at: datetime, randomness: bytes) -> EntryId:
    """Make a UUIDv7 (RFC 9562) of the millisecond of *at* and 10 bytes of *randomness*."""
    time, rest = f"{int(at.timestamp() * 1000):012x}", randomness.hex()
    variant = "89ab"[randomness[9] & 3]
    return f"{time[:8]}-{time[8:]}-7{rest[:3]}-{variant}{rest[3:6]}-{rest[6:18]}"


def intent(
    given: Circumstances, *, entry_id: EntryId, at: datetime, wave: int, reads: Sequence[Read]
) -> Entry:
    """Say that the *reads* of this *wave* are about to start."""
    return Entry(
        **msgspec.structs.asdict(given),
        entry_id=entry_id,
        kind=EntryKind.INTENT,
        at=at,
        wave=wave,
        reads=tuple(reads),
    )


def outcome(
    given: Circumstances,
    *,
    entry_id: EntryId,
    at: datetime,
    intents: Sequence[EntryId],
    result: Word,
    http_status: int,
    states: Mapping[str, Word],
    answer_bytes: int,
    duration_ms: int,
    components: Mapping[str, Word] | None = None,
    reads: Sequence[Read] = (),
    sources: Sequence[SourceNote] = (),
    code: Word | None = None,
) -> Entry:
    """Say what is about to leave, and which *intents* it closes.

    *reads* name the other people whom the answers showed: each one reached is a data subject.
    """
    return Entry(
        **msgspec.structs.asdict(given),
        entry_id=entry_id,
        kind=EntryKind.OUTCOME,
        at=at,
        parent=tuple(intents),
        outcome=result,
        http_status=http_status,
        states=dict(states),
        components=dict(components or {}),
        reads=tuple(reads),
        sources=tuple(sources),
        code=code,
        answer_bytes=answer_bytes,
        duration_ms=duration_ms,
    )


def not_delivered(
    given: Circumstances,
    *,
    entry_id: EntryId,
    at: datetime,
    intents: Sequence[EntryId],
    duration_ms: int,
    code: Word | None = None,
) -> Entry:
    """Say that what the *intents* fetched reached nobody: the caller went away, or we failed."""
    return Entry(
        **msgspec.structs.asdict(given),
        entry_id=entry_id,
        kind=EntryKind.NOT_DELIVERED,
        at=at,
        parent=tuple(intents),
        code=code,
        duration_ms=duration_ms,
    )


def denied(
    given: Circumstances,
    *,
    entry_id: EntryId,
    at: datetime,
    code: Word,
    rule: str,
    http_status: int,
    reads: Sequence[Read] = (),
    refused_paths: Sequence[str] = (),
) -> Entry:
    """Say that a request was refused, by which *rule*, and about whom it would have been."""
    return Entry(
        **msgspec.structs.asdict(given),
        entry_id=entry_id,
        kind=EntryKind.DENIED,
        at=at,
        reads=tuple(reads),
        http_status=http_status,
        code=code,
        rule=rule,
        refused_paths=tuple(refused_paths),
    )


def dry_run(
    given: Circumstances,
    *,
    entry_id: EntryId,
    at: datetime,
    reads: Sequence[Read],
    refused_paths: Sequence[str] = (),
) -> Entry:
    """Say what would have been read, and which paths the grant would have refused."""
    return Entry(
        **msgspec.structs.asdict(given),
        entry_id=entry_id,
        kind=EntryKind.DRY_RUN,
        at=at,
        reads=tuple(reads),
        refused_paths=tuple(refused_paths),
    )
