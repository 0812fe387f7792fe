"""Notices the end of the process that started the sandbox, so that none is left behind."""

import asyncio
import os

CHECK_SECONDS = 0.25


async def ended(pid: int) -> None:
    """Return once there is no process *pid* any more.

    Linux has a handle on the very process; elsewhere the number is asked for again and again.
    """
    if not hasattr(os, "pidfd_open"):
        while _answers(pid):  # noqa: ASYNC110 - nobody is there to set an event
            await asyncio.sleep(CHECK_SECONDS)
        return
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    over = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_reader(handle, over.set)
    try:
        await over.wait()
    finally:
        loop.remove_reader(handle)
        os.close(handle)


def _answers(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
