"""HMAC-SHA256 under the key of a month: for tags, and for the keys of details.

Whatever is made so begins with a word that says what it is, and a zero byte: what is made for one
use can never be taken for another.
"""

from datetime import datetime

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC

from audit.months import MonthKeys


class KeyedHash:
    """Hashes messages of one *use* with the keys of *months*.

    A gateway hashes thousands of them a second, nearly all in one month: what is the same in all of
    them, key and use, is hashed once. The key of the month that was asked for last is remembered.
    """

    def __init__(self, months: MonthKeys, use: str) -> None:
        self._months = months
        self._use = use.encode() + b"\0"
        self._key = b""
        self._begun = HMAC(bytes(32), SHA256())

    def __repr__(self) -> str:
        """Name the class and nothing of the key."""
        return "KeyedHash(…)"

    def __call__(self, message: bytes, at: datetime) -> bytes:
        """Hash *message* for an entry of the time *at*; raises MonthDestroyedError."""
        key = self._months.of(at)
        if key is not self._key:
            self._begun = HMAC(key, SHA256())
            self._begun.update(self._use)
            self._key = key
        hashed = self._begun.copy()
        hashed.update(message)
        return hashed.finalize()
