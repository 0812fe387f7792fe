"""Checkpoints as signed notes (c2sp.org/signed-note, tlog-checkpoint): the text, and its parts.

Nothing here knows a key: audit/tree/signing.py signs and judges signatures.
The form is narrower than the specification's: exactly three lines, as we write them.
"""

import base64
import binascii
import re

import msgspec

from audit.tree.merkle import HASH_BYTES

MOST_SIGNATURES = 16
_KEY_ID_BYTES = 4
_DASH = "—"
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")
_NAME = re.compile(r"[^\s+]+")
_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")


class NoteRefused(Exception):  # noqa: N818 - a fact, with its reason in a sentence
    """The note is not of its form, or not signed as it must be."""


class Checkpoint(msgspec.Struct, frozen=True, kw_only=True):
    """How many leaves a log has, under which root."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        """Write what is signed."""
        return f"{self.origin}\n{self.size}\n{to_base64(self.root)}\n"


class Signature(msgspec.Struct, frozen=True, kw_only=True):
    """A signature line: the key's *name* and *key_id*, and what its algorithm made."""

    name: str
    key_id: bytes
    signature: bytes

    def line(self) -> str:
        """Write the line."""
        return f"{_DASH} {self.name} {to_base64(self.key_id + self.signature)}\n"


class Note(msgspec.Struct, frozen=True, kw_only=True):
    """A text and who signed it."""

    text: str
    signatures: tuple[Signature, ...]

    def write(self) -> str:
        """Write text, empty line and signature lines."""
        return self.text + "\n" + "".join(each.line() for each in self.signatures)


def parse_note(written: str) -> Note:
    """Divide a note into text and signatures. Raises NoteRefused."""
    text, empty, lines = written.rpartition("\n\n")
    if not empty or not text or not lines.endswith("\n") or _CONTROL.search(written):
        message = "it is not a signed note"
        raise NoteRefused(message)
    signatures = tuple(_parse_signature(line) for line in lines[:-1].split("\n"))
    if len(signatures) > MOST_SIGNATURES:
        message = f"it has more than {MOST_SIGNATURES} signatures"
        raise NoteRefused(message)
    return Note(text=text + "\n", signatures=signatures)


def parse_checkpoint(text: str) -> Checkpoint:
    """Read the text of a checkpoint. Raises NoteRefused."""
    lines = text.split("\n")
    if len(lines) != len(("origin", "size", "root", "")) or lines[-1] or not lines[0]:
        message = "it is not a checkpoint of three lines"
        raise NoteRefused(message)
    origin, size, root, _ = lines
    if _SIZE.fullmatch(size) is None:
        message = "its size is no number"
        raise NoteRefused(message)
    hashed = from_base64(root)
    if len(hashed) != HASH_BYTES:
        message = "its root is no hash"
        raise NoteRefused(message)
    return Checkpoint(origin=origin, size=int(size), root=hashed)


def to_base64(content: bytes) -> str:
    """Write *content* in the standard alphabet, padded."""
    return base64.b64encode(content).decode()


def from_base64(written: str) -> bytes:
    """Read what *to_base64* writes, and only that. Raises NoteRefused."""
    try:
        content = base64.b64decode(written, validate=True)
    except (binascii.Error, ValueError):
        content = None
    if content is None or to_base64(content) != written:
        message = "it holds something that is no base64"
        raise NoteRefused(message)
    return content


def is_name(name: str) -> bool:
    """Tell whether *name* can be the name of a key, and so an origin."""
    return _NAME.fullmatch(name) is not None and _CONTROL.search(name) is None


def _parse_signature(line: str) -> Signature:
    dash, _, rest = line.partition(" ")
    name, _, signed = rest.partition(" ")
    content = from_base64(signed)
    if dash != _DASH or not is_name(name) or len(content) <= _KEY_ID_BYTES:
        message = "a signature line is not of its form"
        raise NoteRefused(message)
    return Signature(name=name, key_id=content[:_KEY_ID_BYTES], signature=content[_KEY_ID_BYTES:])
