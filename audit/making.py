"""Makes the entries of a request, each kind with what belongs to it.

What the entries of a request say alike is checked once: they are copies of one *draft*, and only
what is added to each is checked again. Whoever passes *Circumstances* has them drafted anew.
"""

from collections.abc import Mapping, Sequence
from copy import copy
from datetime import UTC, datetime
from operator import attrgetter

from msgspec.structs import force_setattr

from audit.circumstances import Circumstances
from audit.entry import Action, Entry, EntryKind, Read, SourceNote
from audit.forms import Ciphertext, EntryId, Tag, Word, amended

_BLANK = Entry(
    request_id="-",
    entry_id="00000000-0000-7000-8000-000000000000",
    kind=EntryKind.INTENT,
    at=datetime.fromtimestamp(0, UTC),
)

_ALIKE = Circumstances.__struct_fields__
_read_alike = attrgetter(*_ALIKE)


def draft(given: Circumstances) -> Entry:
    """Begin the entries of a request: *given*, and blanks for what belongs to each."""
    if isinstance(given, Entry):
        return given
    made = copy(_BLANK)
    for name, value in zip(_ALIKE, _read_alike(given), strict=True):
        if value is not None:
            force_setattr(made, name, value)
    return made


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
    return amended(
        draft(given),
        {
            "entry_id": entry_id,
            "kind": EntryKind.INTENT,
            "at": at,
            "wave": wave,
            "reads": tuple(reads),
            "detail": detail,
        },
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
    return amended(
        draft(given),
        {
            "entry_id": entry_id,
            "kind": EntryKind.OUTCOME,
            "at": at,
            "parent": tuple(intents),
            "outcome": result,
            "http_status": http_status,
            "states": dict(states),
            "components": dict(components or {}),
            "reads": tuple(reads),
            "sources": tuple(sources),
            "code": code,
            "answer_bytes": answer_bytes,
            "answer_hmac": answer_hmac,
            "duration_ms": duration_ms,
            "detail": detail,
        },
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
    return amended(
        draft(given),
        {
            "entry_id": entry_id,
            "kind": EntryKind.NOT_DELIVERED,
            "at": at,
            "parent": tuple(intents),
            "code": code,
            "duration_ms": duration_ms,
            "detail": detail,
        },
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
    return amended(
        draft(given),
        {
            "entry_id": entry_id,
            "kind": EntryKind.DENIED,
            "at": at,
            "reads": tuple(reads),
            "http_status": http_status,
            "code": code,
            "rule": rule,
            "refused_paths": tuple(refused_paths),
            "detail": detail,
        },
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
    return amended(
        draft(given),
        {
            "entry_id": entry_id,
            "kind": EntryKind.DRY_RUN,
            "at": at,
            "reads": tuple(reads),
            "refused_paths": tuple(refused_paths),
            "detail": detail,
        },
    )


def audit_read(
    given: Circumstances,
    *,
    entry_id: EntryId,
    at: datetime,
    action: Action,
    reads: Sequence[Read],
    found: int,
    http_status: int,
    answer_bytes: int,
    answer_hmac: Tag,
    duration_ms: int,
    case_ground: Word | None = None,
    case_tag: Tag | None = None,
    detail: Ciphertext | None = None,
) -> Entry:
    """Say that the log was read: how, for which case, about whom, how many it *found*."""
    return amended(
        draft(given),
        {
            "entry_id": entry_id,
            "kind": EntryKind.AUDIT_READ,
            "at": at,
            "action": action,
            "reads": tuple(reads),
            "found": found,
            "http_status": http_status,
            "answer_bytes": answer_bytes,
            "answer_hmac": answer_hmac,
            "duration_ms": duration_ms,
            "case_ground": case_ground,
            "case_tag": case_tag,
            "detail": detail,
        },
    )
