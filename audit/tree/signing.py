"""Who may sign for the log: Ed25519 keys by name, each with the tree sizes it may sign.

Validity is told by size and not by time: whoever steals a retired key can write any time, but
cannot make the tree smaller. The forms are in docs/proofs.md, sections 4 and 5.
"""

import hashlib
import re
import struct
from collections.abc import Sequence
from datetime import UTC, datetime

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from audit.tree.checkpoint import (
    Checkpoint,
    Note,
    NoteRefused,
    Signature,
    from_base64,
    is_name,
    parse_checkpoint,
    parse_note,
    to_base64,
)

_ED25519 = b"\x01"
_COSIGNATURE = b"\x04"
_PUBLIC_BYTES = 32
_TIME = struct.Struct(">Q")
_LATEST = int(datetime(9999, 1, 1, tzinfo=UTC).timestamp())
_LINE = re.compile(r"(\S+)\+([0-9a-f]{8})\+(\S+) ([1-9][0-9]{0,18}) (-|[1-9][0-9]{0,18})")


class VerifierKey(msgspec.Struct, frozen=True, kw_only=True):
    """A public key under a name."""

    name: str
    public: bytes

    def key_id(self, kind: bytes) -> bytes:
        """Give the four bytes that say which key signed, and by which algorithm."""
        return hashlib.sha256(self.name.encode() + b"\n" + kind + self.public).digest()[:4]

    def vkey(self) -> str:
        """Write it as one word."""
        key_id = self.key_id(_ED25519).hex()
        return f"{self.name}+{key_id}+{to_base64(_ED25519 + self.public)}"


class Tenure(msgspec.Struct, frozen=True, kw_only=True):
    """Which sizes a key may sign: from *first* to *last*, or until further notice."""

    key: VerifierKey
    first: int
    last: int | None = None

    def line(self) -> str:
        """Write it as a line of `vkeys`."""
        last = "-" if self.last is None else self.last
        return f"{self.key.vkey()} {self.first} {last}\n"

    def holds(self, size: int) -> bool:
        """Tell whether the key may sign a tree of *size* leaves."""
        return self.first <= size and (self.last is None or size <= self.last)


class Signer:
    """A private key of the log, under the name of the origin."""

    def __init__(self, name: str, seed: bytes) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        self.key = VerifierKey(name=name, public=self._key.public_key().public_bytes_raw())

    def __repr__(self) -> str:
        """Name the public half only."""
        return f"Signer({self.key.vkey()})"

    def sign(self, text: str) -> Signature:
        """Sign *text* as the log."""
        return self._line(_ED25519, self._key.sign(text.encode()))

    def sign_checkpoint(self, checkpoint: Checkpoint, at: datetime) -> Note:
        """Sign *checkpoint*, and that it was so *at* that second."""
        text = checkpoint.text()
        time = _TIME.pack(int(at.timestamp()))
        timed = time + self._key.sign(_timed(text, time))
        return Note(text=text, signatures=(self.sign(text), self._line(_COSIGNATURE, timed)))

    def _line(self, kind: bytes, signature: bytes) -> Signature:
        return Signature(name=self.key.name, key_id=self.key.key_id(kind), signature=signature)


class Signed(msgspec.Struct, frozen=True, kw_only=True):
    """A checkpoint whose signatures are right, and its second, if the log said it."""

    checkpoint: Checkpoint
    at: datetime | None


def check_checkpoint(written: str, tenures: Sequence[Tenure]) -> Signed:
    """Judge a signed checkpoint by the keys of its origin. Raises NoteRefused with the reason."""
    note = parse_note(written)
    checkpoint = parse_checkpoint(note.text)
    signer = None
    for tenure in tenures:
        if tenure.key.name == checkpoint.origin and signed_by(note, tenure.key):
            if not tenure.holds(checkpoint.size):
                message = "the key that signed it was not valid for a tree of this size"
                raise NoteRefused(message)
            signer = tenure.key
    if signer is None:
        message = "no key of the log signed it"
        raise NoteRefused(message)
    return Signed(checkpoint=checkpoint, at=_time_of(note, signer))


def signed_by(note: Note, key: VerifierKey) -> bool:
    """Tell whether *key* signed *note*. Raises NoteRefused when it should have and did not."""
    lines = _lines_of(note, key, _ED25519)
    for line in lines:
        _verify(key, line.signature, note.text.encode())
    return bool(lines)


def parse_vkeys(written: str) -> list[Tenure]:
    """Read a list of keys with their sizes. Raises NoteRefused."""
    lines = [line for line in written.split("\n") if line and not line.startswith("#")]
    return [_parse_tenure(line) for line in lines]


def _parse_tenure(line: str) -> Tenure:
    found = _LINE.fullmatch(line)
    content = from_base64(found[3]) if found else b""
    if found is None or content[:1] != _ED25519 or len(content) != 1 + _PUBLIC_BYTES:
        message = "a line of vkeys is not of its form"
        raise NoteRefused(message)
    key = VerifierKey(name=found[1], public=content[1:])
    if not is_name(key.name) or key.key_id(_ED25519).hex() != found[2]:
        message = "a line of vkeys contradicts itself"
        raise NoteRefused(message)
    last = None if found[5] == "-" else int(found[5])
    return Tenure(key=key, first=int(found[4]), last=last)


def _time_of(note: Note, key: VerifierKey) -> datetime | None:
    at = None
    for line in _lines_of(note, key, _COSIGNATURE):
        time, signature = line.signature[: _TIME.size], line.signature[_TIME.size :]
        if len(time) < _TIME.size or _TIME.unpack(time)[0] > _LATEST:
            message = "a time that the log signed is none"
            raise NoteRefused(message)
        _verify(key, signature, _timed(note.text, time))
        at = datetime.fromtimestamp(_TIME.unpack(time)[0], UTC)
    return at


def _timed(text: str, time: bytes) -> bytes:
    (seconds,) = _TIME.unpack(time)
    return f"cosignature/v1\ntime {seconds}\n{text}".encode()


def _lines_of(note: Note, key: VerifierKey, kind: bytes) -> list[Signature]:
    key_id = key.key_id(kind)
    return [each for each in note.signatures if (each.name, each.key_id) == (key.name, key_id)]


def _verify(key: VerifierKey, signature: bytes, signed: bytes) -> None:
    try:
        Ed25519PublicKey.from_public_bytes(key.public).verify(signature, signed)
    except InvalidSignature:
        message = "a signature by a key of the log is wrong"
        raise NoteRefused(message) from None
