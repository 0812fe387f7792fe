"""An entry as it is stored: with its place in a boot's sequence, as bytes that never change.

The bytes are canonical JSON (RFC 8785): keys sorted, no spaces, whole numbers, ASCII.
They are made once: who proves something later hashes what is stored and makes nothing anew.
"""

from collections.abc import Callable
from typing import Literal, TypeVar

import msgspec

from audit.entry import Entry
from audit.forms import Code, Counter, EntryId

SALT_BYTES = 16

_Read = TypeVar("_Read")


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """What one stored entry commits to."""

    v: Literal[1] = 1
    """The form of the record; another form has another number."""
    replica: Code
    boot_id: EntryId
    counter: Counter
    """Without gaps in a boot, so that a missing entry shows."""
    salt: bytes
    """Random: nobody learns an entry by guessing it and comparing hashes."""
    entry: Entry


_encoder = msgspec.json.Encoder(order="sorted")
_decoder = msgspec.json.Decoder(Record)


def to_bytes(record: Record) -> bytes:
    """Write *record* in the one form that is stored and hashed."""
    return _encoder.encode(record)


def from_bytes(body: bytes) -> Record:
    """Read stored bytes back; raises msgspec's ValidationError when they are no record."""
    return _decoder.decode(body)


def guarded(read: Callable[[bytes], _Read], body: bytes) -> _Read | None:
    """Let *read* read a body; None: it is none, or one of another version.

    Whoever may add a row may have put anything there. What the library says of it stays behind, for
    it may repeat what it found.
    """
    try:
        return read(body)
    except (ValueError, RecursionError):
        # Not only what msgspec calls a mistake: a text that is no UTF-8, brackets without end.
        return None
