"""The detail of an entry: the numbers and words behind its tags, for whoever may open it.

Encrypted (AES-256-GCM) under a key of this entry alone, derived from the key of its month: so one
entry can be opened for a court without opening the month, and once the month's key is burnt nobody
opens any. The leaf of the tree commits to the ciphertext, so every proof stays valid.
What a registry answered does not stand here either.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from audit.forms import Ciphertext, EntryId
from audit.keyed_hash import KeyedHash
from audit.months import MonthDestroyedError, MonthKeys

NONCE_BYTES = 12

Number = tuple[str, str]
"""A number of a subject: the domain of its tag, and the number in its one written form."""


class Detail(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What an entry says of persons. What does not apply is absent."""

    officer: str | None = None
    """The personal id of the officer in whose name the registries were asked."""
    actor: str | None = None
    actor_name: str | None = None
    """As the token's verified claim states it."""
    actor_employer: str | None = None
    assisted_by: str | None = None
    assisted_by_employer: str | None = None
    procedure_raw: str | None = None
    """As it was sent, when the entry could not hold it."""
    dossier: str | None = None
    draft: str | None = None
    evidence: str | None = None
    """The paper by which somebody acts for another."""
    consent: str | None = None
    """The words to which the citizen agreed."""
    case: str | None = None
    decision: str | None = None
    subjects: tuple[tuple[Number, ...], ...] = ()
    """The numbers of each subject, in the order in which the entry's reads name them."""

    def __repr__(self) -> str:
        """Name the class and nothing in it."""
        return "Detail(…)"


class Details:
    """Seals and opens details, with the keys of *months*.

    *held* are the keys of entries on hold whose months are burnt: these open all the same.
    """

    def __init__(
        self,
        months: MonthKeys,
        randomness: Callable[[int], bytes],
        held: Mapping[EntryId, bytes] = MappingProxyType({}),
    ) -> None:
        self._hash = KeyedHash(months, "detail")
        self._randomness = randomness
        self._held = held

    def seal(self, entry_id: EntryId, at: datetime, detail: Detail) -> Ciphertext | None:
        """Encrypt the *detail* of an entry; an empty one takes no room."""
        text = _encoder.encode(detail)
        if text == b"{}":
            return None
        nonce = self._randomness(NONCE_BYTES)
        return nonce + AESGCM(self.key_of(entry_id, at)).encrypt(nonce, text, entry_id.encode())

    def open(self, entry_id: EntryId, at: datetime, sealed: Ciphertext) -> Detail | None:
        """Decrypt what *seal* gave; None when the key is burnt, or the text was changed."""
        try:
            key = self.key_of(entry_id, at)
        except MonthDestroyedError:
            if entry_id not in self._held:
                return None
            key = self._held[entry_id]
        return open_with(key, entry_id, sealed)

    def key_of(self, entry_id: EntryId, at: datetime) -> bytes:
        """Give the key of one entry, to be handed to who may open that one."""
        return self._hash(entry_id.encode(), at)


def open_with(key: bytes, entry_id: EntryId, sealed: Ciphertext) -> Detail | None:
    """Decrypt a detail with the *key* of its entry alone; None when that does not open it."""
    try:
        text = AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], entry_id.encode())
        return _decoder.decode(text)
    except (InvalidTag, ValueError):
        # Not chained: the library's message could repeat what it found.
        return None


_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Detail)
