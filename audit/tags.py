"""Tags: what stands in the log in place of a number, so that only a key can find it again.

A plain hash of a personal id is no protection: all ids there are can be hashed in minutes.
A tag is a keyed hash, under a key that changes with the month.
Each month's key is the hash of the month before, so whoever holds a later key cannot go back:
to destroy the tags of old months, keep the key of a later month and burn the rest.
"""

import base64
import hmac
import os
import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from audit.forms import Tag

KEY_BYTES = 32
FIRST_MONTH = "2025-01"
"""The month of a key that nobody has moved forward yet."""

_OWNER_ONLY = 0o600


class TagDomain(StrEnum):
    """What kind of number a tag stands for: equal numbers of two kinds have different tags."""

    PERSON = "person"
    OLD_NUMBER = "old-number"
    DOSSIER = "dossier"
    DRAFT = "draft"
    OFFICER = "officer"
    CARD = "card"
    INSURANCE = "insurance"
    PARCEL = "parcel"
    CERTIFICATE = "certificate"
    BUSINESS = "business"


class KeyUnusableError(Exception):
    """The file does not hold a key, or not for our eyes only."""


class Tagger:
    """Makes tags with *key*, the key of the month *since*."""

    def __init__(self, key: bytes, *, since: str = FIRST_MONTH) -> None:
        if len(key) != KEY_BYTES:
            message = f"a tag key has {KEY_BYTES} bytes"
            raise KeyUnusableError(message)
        self._months = {_number(since): key}
        self._latest = self._first = _number(since)

    def __repr__(self) -> str:
        """Name the class and nothing of the key."""
        return "Tagger(…)"

    def tag(self, domain: str, value: str, at: datetime) -> Tag:
        """Tag *value*, given in its one written form, for an entry of the time *at*.

        *domain* is one of TagDomain. Raises ValueError for a month whose key is destroyed.
        """
        message = f"{TagDomain(domain)}\0{value}".encode()
        month = at.astimezone(UTC)
        key = self._key_of(month.year * 12 + month.month)
        digest = hmac.digest(key, message, "sha256")
        return base64.urlsafe_b64encode(digest)[:-1].decode()

    def _key_of(self, month: int) -> bytes:
        if month < self._first:
            message = "the key of that month is destroyed"
            raise ValueError(message)
        while self._latest < month:
            self._months[self._latest + 1] = hmac.digest(
                self._months[self._latest], b"the month after", "sha256"
            )
            self._latest += 1
        return self._months[month]


def period(at: datetime) -> str:
    """Name the month under whose key the tags of *at* are made: `2026-11`, by UTC."""
    utc = at.astimezone(UTC)
    return f"{utc.year:04}-{utc.month:02}"


def load_or_create_key(
    path: Path, *, randomness: Callable[[int], bytes] = secrets.token_bytes
) -> bytes:
    """Read the key in *path*; where there is no file, make one that only its owner may read."""
    if not path.exists():
        _create(path, randomness(KEY_BYTES))
    key = path.read_bytes()
    if len(key) != KEY_BYTES:
        message = f"{path} does not hold a key of {KEY_BYTES} bytes"
        raise KeyUnusableError(message)
    if path.stat().st_mode & 0o077:
        message = f"{path} may be read by others than its owner; set its mode to 600"
        raise KeyUnusableError(message)
    return key


def _create(path: Path, key: bytes) -> None:
    """Write the key whole or not at all; of two that start at once, the first one's key stays."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}.new")
    handle = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, _OWNER_ONLY)
    try:
        os.write(handle, key)
        os.fsync(handle)
        os.link(draft, path)
        _sync_folder(path.parent)
    except FileExistsError:
        pass
    finally:
        os.close(handle)
        draft.unlink()


def _sync_folder(folder: Path) -> None:
    """Make the new name outlive a power cut: a lost key is a log that nobody can search."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _number(month: str) -> int:
    year, _, month_of_year = month.partition("-")
    return int(year) * 12 + int(month_of_year)
