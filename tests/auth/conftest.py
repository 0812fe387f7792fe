"""The shared store, in memory and on a real Redis: what holds of one holds of the other."""

from collections.abc import AsyncIterator, Iterator

import pytest

from auth.opaque import Opaque
from auth.shared import Shared
from auth.shared_memory import MemoryShared
from gateway.shared_redis import RedisShared
from tests.auth.mint import Clock
from tests.auth.store import RedisServer

PATIENT = 10.0
"""Seconds; a busy machine is not what these tests are about."""


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    """Start one Redis for the room's tests."""
    server = RedisServer(tmp_path_factory.mktemp("redis"))
    yield server
    server.kill()


@pytest.fixture
def clock() -> Clock:
    """Give a clock that goes when it is told to."""
    return Clock()


@pytest.fixture(params=["memory", "redis"])
async def store(
    request: pytest.FixtureRequest, redis_server: RedisServer, clock: Clock
) -> AsyncIterator[Shared]:
    """Give each of the two stores, empty."""
    if request.param == "memory":
        yield MemoryShared(clock)
        return
    redis_server.say("FLUSHALL")
    redis = RedisShared(redis_server.url, clock=clock, patience=PATIENT)
    yield redis
    await redis.aclose()


@pytest.fixture
def opaque() -> Opaque:
    """Give the names of one installation."""
    return Opaque(b"k" * 32)
