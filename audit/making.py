"""Makes the entries of a request, each kind with what belongs to it."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

from audit.circumstances import Circumstances
from audit.entry import Entry, EntryKind, Read, SourceNote
from audit.forms import Ciphertext, EntryId, Tag, Word


def intent(
    given: Circumstances,
    *,
    entry_id: EntryId,
    at: datetime,
    wave: int,
    reads: Sequence[Read],
    detail: Ciphertext | None = None,
) -> Entry:
    """Say that the *reads* of this *wave* are about to start."""
    return Entry(
        **msgspec.structs.asdict(given),
        entry_id=entry_id,
        kind=EntryKind.INTENT,
        at=at,
        wave=wave,
        reads=tuple(reads),
        detail=detail,
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
    answer_hmac: Tag | None = None,
    detail: Ciphertext | None = None,
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
        answer_hmac=answer_hmac,
        duration_ms=duration_ms,
        detail=detail,
    )


def not_delivered(
    given: Circumstances,
    *,
    entry_id: EntryId,
    at: datetime,
    intents: Sequence[EntryId],
    duration_ms: int,
    code: Word | None = None,
    detail: Ciphertext | None = None,
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
        detail=detail,
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
    detail: Ciphertext | None = None,
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
        detail=detail,
    )


def dry_run(
    given: Circumstances,
    *,
    entry_id: EntryId,
    at: datetime,
    reads: Sequence[Read],
    refused_paths: Sequence[str] = (),
    detail: Ciphertext | None = None,
) -> Entry:
    """Say what would have been read, and which paths the grant would have refused."""
    return Entry(
        **msgspec.structs.asdict(given),
        entry_id=entry_id,
        kind=EntryKind.DRY_RUN,
        at=at,
        reads=tuple(reads),
        refused_paths=tuple(refused_paths),
        detail=detail,
    )
