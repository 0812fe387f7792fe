"""Which database keeps the access log: it follows from the address."""

import secrets
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from audit.stores.postgres import PATIENCE, PostgresStore
from audit.stores.sqlite import BUSY_SHARE, SqliteStore
from audit.stores.store import Store
from audit.stores.writer import GroupCommitLog


def open_access_log(
    url: str,
    *,
    replica: str,
    clock: Callable[[], datetime],
    randomness: Callable[[int], bytes] = secrets.token_bytes,
    commit_timeout: float = 2.0,
) -> GroupCommitLog:
    """Build the log that *url* names, written under the name of *replica*; open it before use.

    Raises ValueError for another kind of database, and for a name that is none.
    """
    return GroupCommitLog(
        _store_of(url, replica, int(commit_timeout * 1000)),
        replica=replica,
        clock=clock,
        randomness=randomness,
        commit_timeout=commit_timeout,
    )


def missing_file(url: str) -> Path | None:
    """Name the file that *url* leads to, where it is none yet; a server has no file.

    Whoever only connects makes an empty one. Raises ValueError for what is no address, OSError.
    """
    try:
        address = make_url(url)
    except ArgumentError:
        message = "not the address of a database"
        raise ValueError(message) from None
    if address.get_backend_name() != "sqlite":
        return None
    file = Path(address.database or "")
    return None if file.is_file() else file


def _store_of(url: str, replica: str, within_ms: int) -> Store:
    kind = make_url(url).get_backend_name()
    if kind == "sqlite":
        return SqliteStore(url, replica=replica, busy_ms=int(within_ms * BUSY_SHARE))
    if kind == "postgresql":
        return PostgresStore(url, replica=replica, patience_ms=int(within_ms * PATIENCE))
    message = "the access log lies in SQLite or PostgreSQL: sqlite+aiosqlite:// or postgresql://"
    raise ValueError(message)
