"""What a command of the operator's writes into the log, through a boot of its own.

A read of the whole log, a hold and a retirement are entries like any other: durable before they
are done. The name of the boot is also a lock: who may not run at the same time shares one.
"""

import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

from sqlalchemy import make_url

from audit.detail import Detail, Details
from audit.entry import Action, Entry, EntryKind, Retired, uuid7
from audit.log import AccessLog, AccessLogUnavailable, Trouble
from audit.months import MonthKeys
from audit.stores.opening import open_access_log
from audit.tags import TagDomain, Tagger

RETENTION = "retention"
"""The boots of holds, releases and retirements: one at a time."""
EXPORT = "export"


@asynccontextmanager
async def own_boot(
    url: str,
    name: str,
    *,
    clock: Callable[[], datetime],
    randomness: Callable[[int], bytes] = secrets.token_bytes,
) -> AsyncIterator[AccessLog]:
    """Write to the log at *url* under *name* while the block runs.

    Raises AccessLogUnavailable, also where there is no log yet: a command begins none.
    """
    if not _is_there(url):
        raise AccessLogUnavailable(Trouble.FAILED)
    log = open_access_log(url, replica=name, clock=clock, randomness=randomness)
    await log.open()
    try:
        yield log
    finally:
        await log.close()


def _is_there(url: str) -> bool:
    address = make_url(url)
    return address.get_backend_name() != "sqlite" or Path(address.database or "").is_file()


def export_entry(at: datetime, randomness: Callable[[int], bytes], *, found: int) -> Entry:
    """Say that *found* leaves are about to be exported."""
    entry_id = uuid7(at, randomness(10))
    return Entry(
        entry_id=entry_id,
        kind=EntryKind.AUDIT_READ,
        at=at,
        request_id=entry_id,
        action=Action.EXPORT,
        found=found,
    )


def retention_entry(entry_id: str, at: datetime, retired: Retired) -> Entry:
    """Say what is about to be retired."""
    return Entry(
        entry_id=entry_id,
        kind=EntryKind.RETENTION,
        at=at,
        request_id=entry_id,
        action=Action.RETIRE,
        retired=retired,
    )


def case_entry(
    action: Action,
    at: datetime,
    randomness: Callable[[int], bytes],
    *,
    months: MonthKeys,
    case: str,
    found: int,
    hold_id: str | None = None,
) -> Entry:
    """Say that *found* entries are about to be held, or let go, for a *case*.

    An entry that lets go names the hold that it ends as its request.

    The case's number may be anything that somebody wrote on a file, a person's name as well: it
    stands in the detail only.
    """
    entry_id = uuid7(at, randomness(10))
    return Entry(
        entry_id=entry_id,
        kind=EntryKind.ADMIN,
        at=at,
        request_id=hold_id or entry_id,
        action=action,
        case_tag=Tagger(months).tag(TagDomain.CASE, case, at),
        found=found,
        detail=Details(months, randomness).seal(entry_id, at, Detail(case=case)),
    )
