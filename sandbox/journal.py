"""The registries' own journal: every call that reached one, never whom it was about.

It is what the gateway's access log is reconciled with: a call in here without an intent there
is a reading that nobody owned up to. Rows are appended to `journal.jsonl` with O_APPEND, because
the land plugin writes from the asking process.
"""

import hashlib
import os
import secrets
from functools import partial
from pathlib import Path

import msgspec

from sandbox.kept import kept

DIGEST_LENGTH = 16
SALT_BYTES = 32


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One call: times in seconds of `time.monotonic()`, comparable between local processes."""

    registry: str
    operation: str | None
    key: str | None
    """The salted digest of what was asked for; see *Journal.digest*."""
    request_id: str | None
    """The asker's own id of the call, as it stands in the asker's log."""
    started: float
    ended: float
    outcome: str


class Journal:
    """Append-only rows in *path*; the salt of the digests lies beside it, in `salt`."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._salt = kept(path.with_name("salt"), partial(secrets.token_bytes, SALT_BYTES))

    def digest(self, key: str) -> str:
        """Name a key without telling it: nobody without the salt can guess back."""
        return hashlib.sha256(self._salt + key.encode()).hexdigest()[:DIGEST_LENGTH]

    def write(self, row: Row) -> None:
        """Append one row in one write, so that two processes do not mix their lines."""
        journal = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(journal, msgspec.json.encode(row) + b"\n")
        finally:
            os.close(journal)

    def rows(self) -> list[Row]:
        """Return every row since the journal was last cleared, in the order of their ends."""
        lines = self._path.read_bytes() if self._path.exists() else b""
        return msgspec.json.Decoder(Row).decode_lines(lines)

    def clear(self) -> None:
        """Forget all rows; writers in other processes go on in the same file."""
        if self._path.exists():
            os.truncate(self._path, 0)
