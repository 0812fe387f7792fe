"""A program that appends without end and says what it was promised; its parent kills it.

python -m tests.audit.append_until_killed URL
"""

import asyncio
import secrets
import sys
from datetime import UTC, datetime

from audit.circumstances import Circumstances
from audit.entry import uuid7
from audit.log import AccessLog
from audit.making import intent
from audit.stores.opening import open_access_log


def clock() -> datetime:
    """Look at the real clock: nothing here is compared with it."""
    return datetime.now(UTC)


async def append(log: AccessLog) -> None:
    """Append one entry after another; write down each id as soon as it was promised."""
    given = Circumstances(request_id="r-1")
    while True:
        at = clock()
        entry_id = uuid7(at, secrets.token_bytes(10))
        await log.append([intent(given, entry_id=entry_id, at=at, wave=1, reads=[])])
        sys.stdout.write(f"{entry_id}\n")
        sys.stdout.flush()


async def main(url: str) -> None:
    """Be eight callers at once."""
    log = open_access_log(url, replica="a", clock=clock)
    await log.open()
    await asyncio.gather(*(append(log) for _ in range(8)))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
