"""A wave: the keys of one level asked at the same time, where the wire takes one key a call."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Sequence

SHARE_OF_ONE_WAVE = 24
"""Calls of one wave in flight: a dossier with many persons leaves room for others."""


async def answer_each(
    keys: Sequence[Hashable], answer: Callable[[Hashable], Awaitable[object]]
) -> list[object]:
    """Give what *answer* gives for each of *keys*, in their order; equal ones are asked once.

    An *answer* that raises ends the others, and comes out as an ExceptionGroup.
    """
    share = asyncio.Semaphore(SHARE_OF_ONE_WAVE)

    async def one(key: Hashable) -> object:
        async with share:
            return await answer(key)

    async with asyncio.TaskGroup() as wave:
        asked = {key: wave.create_task(one(key)) for key in dict.fromkeys(keys)}
    return [asked[key].result() for key in keys]
