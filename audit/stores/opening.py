"""Which database keeps the access log: it follows from the address."""

import secrets
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import make_url

from audit.stores.postgres import PostgresAccessLog
from audit.stores.sqlite import SqliteAccessLog
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
    kinds = {"sqlite": SqliteAccessLog, "postgresql": PostgresAccessLog}
    kind = kinds.get(make_url(url).get_backend_name())
    if kind is None:
        message = (
            "the access log lies in SQLite or PostgreSQL: sqlite+aiosqlite:// or postgresql://"
        )
        raise ValueError(message)
    return kind(
        url, replica=replica, clock=clock, randomness=randomness, commit_timeout=commit_timeout
    )
