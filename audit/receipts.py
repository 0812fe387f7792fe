"""Receipts: what an answer's receiver keeps, to show one day that the log must speak of it.

A receipt is a signed promise that within *MMD_S* seconds the entry of the answer has its place in
the tree. Its form is that of docs/proofs.md, section 11.
"""

import base64
import binascii
import hmac
import json
from collections.abc import Callable, Sequence
from datetime import datetime

import msgspec
from cryptography.exceptions import InvalidSignature

from audit.entry import Entry
from audit.forms import Count, Digest, EntryId, Reference, Tag, Word
from audit.receipt_keys import ReceiptKey, jwks
from audit.tree.merkle import leaf_hash

MMD_S = 60
"""Seconds in which a leaf is in the tree."""
LONGEST = 16 * 1024
"""Characters of a receipt that somebody shows us; ours have about a thousand."""


class GrantNamed(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """By which grant."""

    id: Reference | None = None
    version: Count | None = None


class ProcedureNamed(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """For which procedure."""

    code: str
    version: str | None = None


class SourceNamed(msgspec.Struct, frozen=True, kw_only=True):
    """How a registry answered: no more than the answer itself tells."""

    registry: Word
    state: Word
    cached: bool


class Receipt(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a receipt promises, and about which answer."""

    entry: EntryId
    leaf: Digest
    at: datetime
    """Of the entry."""
    origin: str
    mmd: int
    grant: GrantNamed | None = None
    procedure: ProcedureNamed | None = None
    sources: tuple[SourceNamed, ...] = ()
    answer_hmac: Tag | None = None


class Receipts:
    """Signs receipts with the newest of *keys*, and knows its own again, whichever key signed.

    *origin* names the log as its newest checkpoint does, at the moment when it is asked.
    """

    def __init__(self, keys: Sequence[ReceiptKey], origin: Callable[[], str]) -> None:
        self._origin = origin
        self.use(keys)

    def use(self, keys: Sequence[ReceiptKey]) -> None:
        """Sign with the newest of these *keys* from now on; the newest comes first."""
        private = keys[0].private
        if private is None:
            message = "the newest key of receipts has no seed"
            raise ValueError(message)
        self._sign = private.sign
        self._header = _header_of(keys[0])
        self._keys = {_header_of(key): key for key in keys}
        self.jwks = jwks(keys)

    def __repr__(self) -> str:
        """Name the class and nothing of the keys."""
        return "Receipts(…)"

    def sign(self, entry: Entry, stored: bytes) -> str:
        """Write the receipt of *entry*, whose bytes in the log are *stored*."""
        payload = msgspec.json.encode(_receipt_of(entry, stored, self._origin()))
        signed = self._header + b"." + _base64url(payload)
        return (signed + b"." + _base64url(self._sign(signed))).decode("ascii")

    def read(self, jws: str) -> Receipt | None:
        """Read a receipt that one of our keys signed; None for anything else.

        The header is compared, not read: ours has one form only, so nobody can ask here for
        another algorithm.
        """
        if len(jws) > LONGEST or not jws.isascii():
            return None
        signed, _, signature = jws.encode("ascii").rpartition(b".")
        header, _, payload = signed.partition(b".")
        key = self._keys.get(header)
        if key is None:
            return None
        try:
            key.public.verify(_bytes_of(signature), signed)
            return msgspec.json.decode(_bytes_of(payload), type=Receipt)
        except (InvalidSignature, binascii.Error, msgspec.MsgspecError, UnicodeDecodeError):
            return None


def answer_hmac(month_key: bytes, data: bytes, errors: bytes) -> Tag:
    """Hash what an answer showed, so that it can be proved later without having been kept.

    *data* and *errors* are the bytes of these two members as they were sent; one that was not sent
    is empty. No line feed occurs in either, so none could be taken for the other.
    """
    digest = hmac.digest(month_key, b"answer\0" + data + b"\n" + errors, "sha256")
    return _base64url(digest).decode("ascii")


def _receipt_of(entry: Entry, stored: bytes, origin: str) -> Receipt:
    named = entry.grant_id is not None or entry.grant_version is not None
    procedure = entry.procedure
    return Receipt(
        entry=entry.entry_id,
        leaf=leaf_hash(stored).hex(),
        at=entry.at,
        origin=origin,
        mmd=MMD_S,
        grant=GrantNamed(id=entry.grant_id, version=entry.grant_version) if named else None,
        procedure=(
            ProcedureNamed(code=procedure, version=entry.procedure_version) if procedure else None
        ),
        sources=tuple(
            SourceNamed(registry=each.registry, state=each.state, cached=each.from_cache)
            for each in entry.sources
        ),
        answer_hmac=entry.answer_hmac,
    )


def _header_of(key: ReceiptKey) -> bytes:
    header = {"alg": "Ed25519", "kid": key.kid, "typ": "lienthong-receipt+jwt"}
    return _base64url(json.dumps(header, separators=(",", ":")).encode())


def _base64url(content: bytes) -> bytes:
    return base64.urlsafe_b64encode(content).rstrip(b"=")


def _bytes_of(part: bytes) -> bytes:
    return base64.b64decode(part + b"=" * (-len(part) % 4), altchars=b"-_", validate=True)
