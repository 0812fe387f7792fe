"""The keys of the months: what tags, details and seals of a month are made with.

Each month's key is the hash of the month before, so whoever holds a later key cannot go back: to
make the tags and details of old months worthless, keep the key of a later month and burn the rest.
The key lies in a file, outside the database.
"""

import hmac
import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from audit.key_files import (
    KEY_BYTES,
    KeyUnusableError,
    burn_file,
    burn_left_of,
    check_owner_only,
    create_file,
)

FIRST_MONTH = "2025-01"


class MonthDestroyedError(ValueError):
    """The key of that month was burnt: what was made with it is beyond reach."""


class MonthKeys:
    """The keys from the month *since* (`2026-11`) on, whose key is *key*."""

    def __init__(self, key: bytes, *, since: str = FIRST_MONTH) -> None:
        if len(key) != KEY_BYTES:
            message = f"the key of a month has {KEY_BYTES} bytes"
            raise KeyUnusableError(message)
        self._first = self._latest = number_of(since)
        self._keys = {self._first: key}

    def __repr__(self) -> str:
        """Name the class and nothing of the keys."""
        return "MonthKeys(…)"

    @property
    def since(self) -> str:
        """Name the first month whose key is there."""
        return name_of(self._first)

    def of(self, at: datetime) -> bytes:
        """Give the key of the month of *at*, by UTC; raises MonthDestroyedError."""
        utc = at.astimezone(UTC)
        return self.of_month(utc.year * 12 + utc.month)

    def of_month(self, month: int) -> bytes:
        """Give the key of a month by its number, as *number_of* counts; see *of*."""
        if month < self._first:
            message = "the key of that month is destroyed"
            raise MonthDestroyedError(message)
        while self._latest < month:
            self._keys[self._latest + 1] = hmac.digest(
                self._keys[self._latest], b"the month after", "sha256"
            )
            self._latest += 1
        return self._keys[month]

    def forget_before(self, month: str) -> None:
        """Forget the keys before *month*; a month already forgotten changes nothing."""
        first = number_of(month)
        if first <= self._first:
            return
        self.of_month(first)
        self._keys = {each: key for each, key in self._keys.items() if each >= first}
        self._first = first


def period(at: datetime) -> str:
    """Name the month under whose key something of the time *at* is made: `2026-11`, by UTC."""
    utc = at.astimezone(UTC)
    return f"{utc.year:04}-{utc.month:02}"


def number_of(month: str) -> int:
    """Count a month, so that the one after has the next number."""
    year, _, month_of_year = month.partition("-")
    return int(year) * 12 + int(month_of_year)


def name_of(number: int) -> str:
    """Write the month of that *number*."""
    return f"{(number - 1) // 12:04}-{(number - 1) % 12 + 1:02}"


def load_or_create_months(
    path: Path,
    now: datetime,
    *,
    randomness: Callable[[int], bytes] = secrets.token_bytes,
) -> MonthKeys:
    """Read the keys in *path*; where there is no file, begin with the month of *now*.

    One line: the first month, a space, its key in hex.
    """
    if not path.exists():
        create_file(path, _line(period(now), randomness(KEY_BYTES)))
    check_owner_only(path)
    return _read(path)


def burn_before(path: Path, month: str) -> MonthKeys:
    """Move the keys in *path* forward to *month*: what was before cannot be made again."""
    keys = _read(path)
    if number_of(month) <= number_of(keys.since):
        burn_left_of(path)  # it may have been killed just before that
        return keys
    keys.forget_before(month)
    burn_file(path, _line(month, keys.of_month(number_of(month))))
    return keys


class MonthsFile:
    """The keys in *path*, as one object that forgets what was burnt in the file since.

    Whoever needs an old month asks for the keys here; whoever makes entries of today may go on
    with the object, and nobody looks at the file for that.
    """

    def __init__(self, path: Path, now: datetime) -> None:
        self._path = path
        self._made = not path.exists()
        self._keys = load_or_create_months(path, now)
        self._seen = _mark(path)

    def __repr__(self) -> str:
        """Name the class and nothing of the keys."""
        return "MonthsFile(…)"

    def __call__(self) -> MonthKeys:
        """Give the keys that are there now; a file that is away burns nothing.

        Only what was burnt is taken over. Other keys under the same months need a restart, since
        what this process has made with its own would be lost in between.
        """
        seen = _mark(self._path)
        if seen is not None and seen != self._seen:
            self._keys.forget_before(_read(self._path).since)
            self._seen = seen
        return self._keys

    def take_back(self) -> None:
        """Remove the file if this object made it: another one has to be put there."""
        if self._made:
            self._path.unlink(missing_ok=True)


def begin_of(month: int) -> datetime:
    """Give the first moment of the month of that number, by UTC."""
    return datetime((month - 1) // 12, (month - 1) % 12 + 1, 1, tzinfo=UTC)


def _mark(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns


def _read(path: Path) -> MonthKeys:
    since, _, key = path.read_bytes().strip().partition(b" ")
    try:
        return MonthKeys(bytes.fromhex(key.decode("ascii")), since=since.decode("ascii"))
    except (ValueError, KeyUnusableError):
        message = f"{path} does not hold a month and its key"
    raise KeyUnusableError(message)


def _line(month: str, key: bytes) -> bytes:
    return f"{month} {key.hex()}\n".encode("ascii")
