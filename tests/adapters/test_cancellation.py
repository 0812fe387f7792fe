"""A cancellation comes through, whatever keeps it."""

import asyncio

import pytest

from adapters.cancellation import cancellable


async def swallowing(begun: asyncio.Event) -> str:
    """Keep a cancellation, as `asyncio.wait_for` may."""
    begun.set()
    try:
        await asyncio.sleep(5)
    except asyncio.CancelledError:
        return "done"
    return "slept"


async def test_a_cancellation_that_the_work_keeps_comes_through() -> None:
    begun = asyncio.Event()
    task = asyncio.create_task(cancellable(swallowing(begun)))
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_a_time_limit_around_it_stays_one() -> None:
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await cancellable(swallowing(asyncio.Event()))


async def test_what_is_done_in_time_is_given() -> None:
    async def work() -> str:
        return "done"

    assert "done" == await cancellable(work())


async def test_an_earlier_cancellation_is_not_raised_again() -> None:
    """What a task still does after it was cancelled, such as giving back, is done."""
    begun = asyncio.Event()

    async def working() -> str:
        await swallowing(begun)
        return await cancellable(asyncio.sleep(0, "given back"))

    task = asyncio.create_task(working())
    await begun.wait()
    task.cancel()
    assert "given back" == await task
