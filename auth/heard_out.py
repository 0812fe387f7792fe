"""Work with the shared store that is heard out, also when its caller hangs up meanwhile.

A call that is broken off may have been done all the same, and nobody would know what to take back.
"""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

_Done = TypeVar("_Done")


async def heard_out(work: "Coroutine[Any, Any, _Done] | asyncio.Task[_Done]") -> _Done:
    """Give what *work* gives. A cancellation goes on once it has ended, however it ended."""
    task = work if isinstance(work, asyncio.Task) else asyncio.create_task(work)
    gone: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.wait({task})
        except asyncio.CancelledError as cancelled:
            gone = cancelled
    if gone is None:
        return task.result()
    if not task.cancelled():
        # Looked at, or asyncio would write into the log what went wrong, values and all.
        task.exception()
    raise gone
