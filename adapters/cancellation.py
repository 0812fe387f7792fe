"""A cancellation that a library lost on its way comes through all the same.

`asyncio.wait_for` of Python 3.11 forgets one that comes just when what it waits for is done (3.12
does not). redis-py and aiocache wait with it at each call, so that whoever hung up would be served.
"""

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

_Done = TypeVar("_Done")


async def cancellable(work: Awaitable[_Done]) -> _Done:
    """Await *work*; raise CancelledError if this task was cancelled meanwhile, whoever kept it."""
    task = asyncio.current_task()
    before = task.cancelling() if task else 0
    try:
        return await work
    finally:
        if task and task.cancelling() > before:
            raise asyncio.CancelledError
