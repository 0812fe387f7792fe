"""The cache on a real Redis, which the test starts by itself: two replicas, and nothing to read."""

import asyncio
import time
from collections.abc import Iterator

import pytest

from adapters import cache as caching
from adapters.cache import Cache
from tests.auth.store import RedisServer
from tests.patience import PATIENCE_S

KEY = b"k" * 32
ID, NAME = "097085000101", "Nguyễn Văn An"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    """Start the Redis that pip brought."""
    started = RedisServer(tmp_path_factory.mktemp("redis"))
    yield started
    started.kill()


@pytest.fixture
def url(server: RedisServer, monkeypatch: pytest.MonkeyPatch) -> str:
    """Name the Redis, for caches that wait for it longer than a citizen should."""
    monkeypatch.setattr(caching, "REDIS_PATIENCE", PATIENCE_S)
    return server.url


async def test_what_one_replica_keeps_another_finds(url: str) -> None:
    one, two = Cache(url, KEY, time.time), Cache(url, KEY, time.time)
    await one.set("PersonKey", "portal/dossier", [ID], NAME.encode(), ttl=60)
    assert NAME.encode() == await two.get("PersonKey", "portal/dossier", [ID])
    await one.aclose()
    await two.aclose()


async def test_another_consumer_dossier_or_key_finds_nothing(url: str) -> None:
    cache, stranger = Cache(url, KEY, time.time), Cache(url, b"x" * 32, time.time)
    await cache.set("PersonKey", "portal/dossier", [ID], NAME.encode(), ttl=60)
    assert await cache.get("PersonKey", "portal/another", [ID]) is None
    assert await stranger.get("PersonKey", "portal/dossier", [ID]) is None
    await cache.aclose()
    await stranger.aclose()


async def test_redis_forgets_when_the_time_is_over(url: str) -> None:
    cache = Cache(url, KEY, time.time)
    began = time.monotonic()
    await cache.set("PersonKey", "s", ["short"], b"v", ttl=2)
    assert b"v" == await cache.get("PersonKey", "s", ["short"])
    while await cache.get("PersonKey", "s", ["short"]):
        assert time.monotonic() - began < PATIENCE_S
        await asyncio.sleep(0.1)
    assert time.monotonic() - began >= 2
    await cache.aclose()


async def test_nobody_can_be_read_out_of_redis(url: str, server: RedisServer) -> None:
    cache = Cache(url, KEY, time.time)
    await cache.set("PersonKey", "portal/dossier", [ID], NAME.encode(), ttl=60)
    dump = server.dump()
    assert len(dump) > 100
    assert not [seed for seed in (ID, NAME) if seed.encode() in dump]
    await cache.aclose()
