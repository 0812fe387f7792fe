"""Whoever goes while Redis is asked has gone, also at the moment in which it answers."""

import asyncio
import time

from gateway.shared_redis import RedisShared
from tests.auth.store import RedisServer

ON_THE_WAY = 20
"""Turns of the event loop in which a question leaves, and its answer is taken in."""


async def test_no_cancellation_is_lost_while_redis_is_asked(redis_server: RedisServer) -> None:
    shared = RedisShared(redis_server.url, patience=5)
    await shared.known([b"a"])  # connects
    lost, broken_off = [], 0
    for before in range(ON_THE_WAY):
        for after in range(ON_THE_WAY):
            asking = asyncio.create_task(shared.known([b"a"]))
            await turns(before)
            time.sleep(0.001)  # noqa: ASYNC251 - the answer is there before we look again
            await turns(after)
            if asking.cancel():
                await asyncio.wait({asking})
                broken_off += asking.cancelled()
                if not asking.cancelled():
                    lost.append((before, after))
    await shared.aclose()
    assert [] == lost
    assert broken_off > ON_THE_WAY


async def turns(count: int) -> None:
    for _ in range(count):
        await asyncio.sleep(0)
