"""The cache: bytes that tell nothing, kept for a while, within one consumer and dossier."""

import asyncio
import logging
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters import cache as caching
from adapters.cache import Cache

KEY = b"k" * 32
ID, NAME = "097085000101", "Nguyễn Văn An"


class Clock:
    """Seconds since 1970 that pass only when told."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        """Tell the time."""
        return self.now


async def test_what_is_kept_comes_back_until_its_time_is_over() -> None:
    clock = Clock()
    cache = Cache("memory://", KEY, clock)
    await cache.set("PersonKey", "scope", [ID], b"value", ttl=60)

    clock.now += 59.9
    assert b"value" == await cache.get("PersonKey", "scope", [ID])
    clock.now += 0.1

    assert await cache.get("PersonKey", "scope", [ID]) is None


@pytest.mark.parametrize(
    ("kind", "scope", "parts"),
    [
        ("HouseholdKey", "scope", [ID]),
        ("PersonKey", "another", [ID]),
        ("PersonKey", "scope", ["097085000102"]),
        ("PersonKey", "scope", [ID[:6], ID[6:]]),
        ("PersonKey", "scope", [ID, ""]),
        ("PersonKeys", "cope", [ID]),
    ],
)
async def test_another_kind_scope_or_key_finds_nothing(
    kind: str, scope: str, parts: list[str]
) -> None:
    cache = Cache("memory://", KEY, Clock())
    await cache.set("PersonKey", "scope", [ID], b"value", ttl=60)

    assert await cache.get(kind, scope, parts) is None


async def test_the_store_holds_neither_the_key_nor_the_value_in_clear() -> None:
    cache = Cache("memory://", KEY, Clock())

    await cache.set("PersonKey", "dossier-1", [ID, NAME], NAME.encode(), ttl=60)

    [(name, sealed)] = cache._store._cache.items()
    for secret in (ID, NAME, "PersonKey", "dossier-1"):
        assert secret not in name
        assert secret.encode() not in sealed
    assert 64 == len(name)


async def test_a_value_moved_changed_or_sealed_by_another_key_is_a_miss() -> None:
    cache = Cache("memory://", KEY, Clock())
    await cache.set("PersonKey", "scope", ["1"], b"one", ttl=60)
    await cache.set("PersonKey", "scope", ["2"], b"two", ttl=60)
    first, second = cache._store._cache
    kept = cache._store._cache

    kept[first], kept[second] = kept[second], kept[second][:-1] + b"?"
    assert await cache.get("PersonKey", "scope", ["1"]) is None
    assert await cache.get("PersonKey", "scope", ["2"]) is None
    kept[first] = b""
    assert await cache.get("PersonKey", "scope", ["1"]) is None


async def test_memory_is_bounded_and_gives_up_what_was_not_asked_for_longest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(caching, "MEMORY_ENTRIES", 2)
    cache = Cache("memory://", KEY, Clock())
    await cache.set("K", "s", ["1"], b"one", ttl=60)
    await cache.set("K", "s", ["2"], b"two", ttl=60)
    await cache.get("K", "s", ["1"])

    await cache.set("K", "s", ["3"], b"three", ttl=60)

    assert [b"one", None, b"three"] == [await cache.get("K", "s", [key]) for key in "123"]


async def test_a_very_large_value_is_not_kept() -> None:
    cache = Cache("memory://", KEY, Clock())

    await cache.set("K", "s", ["1"], b"x" * (caching.LARGEST_VALUE + 1), ttl=60)

    assert await cache.get("K", "s", ["1"]) is None


async def test_aiocache_prints_no_key(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        cache = Cache("memory://", KEY, Clock())
        await cache.set("K", "s", [ID], b"one", ttl=60)
        await cache.get("K", "s", [ID])

    assert [] == [record for record in caplog.records if record.name.startswith("aiocache")]


@given(st.binary(max_size=2000))
async def test_any_bytes_come_back_as_they_were(value: bytes) -> None:
    cache = Cache("memory://", KEY, Clock())

    await cache.set("K", "s", ["1"], value, ttl=60)

    assert value == await cache.get("K", "s", ["1"])
    await cache.aclose()


def test_another_store_than_memory_and_redis_is_refused_at_the_start() -> None:
    with pytest.raises(ValueError, match="must start with memory://, redis:// or rediss://"):
        Cache("memcached://localhost", KEY, Clock())


# ---- Redis, as far as two commands go ----

Answer = Callable[[list[bytes]], Awaitable[bytes]]


@asynccontextmanager
async def listening(answer: Answer) -> AsyncIterator[str]:
    """Speak enough of Redis's protocol for a client to come in, get and set."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while line := await reader.readline():
                words = []
                for _ in range(int(line[1:])):
                    size = int((await reader.readline())[1:])
                    words.append((await reader.readexactly(size + 2))[:-2])
                writer.write(await answer(words))
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # the client hung up
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield f"redis://127.0.0.1:{server.sockets[0].getsockname()[1]}/3"


class TinyRedis:
    """GET and PSETEX over a dictionary; anything else is fine."""

    def __init__(self) -> None:
        self.kept: dict[bytes, bytes] = {}
        self.said: list[list[bytes]] = []

    async def __call__(self, words: list[bytes]) -> bytes:
        """Answer one command."""
        self.said.append(words)
        match words:
            case [b"GET", name] if name in self.kept:
                return b"$%d\r\n%s\r\n" % (len(self.kept[name]), self.kept[name])
            case [b"GET", _]:
                return b"_\r\n"
            case [b"PSETEX", name, b"60000", value]:
                self.kept[name] = value
            case [b"HELLO", *_]:
                return b"*4\r\n+proto\r\n:3\r\n+server\r\n+redis\r\n"
        return b"+OK\r\n"


async def test_redis_keeps_sealed_bytes_under_a_digest_with_a_time_to_live(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(caching, "REDIS_PATIENCE", 30.0)
    redis = TinyRedis()
    async with listening(redis) as url:
        cache = Cache(url, KEY, Clock())
        await cache.set("PersonKey", "scope", [ID], NAME.encode(), ttl=60)
        found = await cache.get("PersonKey", "scope", [ID])
        missing = await cache.get("PersonKey", "scope", ["097085000102"])
        await cache.aclose()

    assert [NAME.encode(), None] == [found, missing]
    assert 1 == len(redis.kept)
    assert [b"SELECT", b"3"] in redis.said
    everything = b"".join(b"".join(words) for words in redis.said)
    assert ID.encode() not in everything
    assert NAME.encode() not in everything


async def test_a_redis_that_is_down_is_a_miss_at_once() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        cache = Cache(f"redis://127.0.0.1:{unused.getsockname()[1]}", KEY, Clock())
        started = time.monotonic()
        await cache.set("K", "s", [ID], b"one", ttl=60)
        found = await cache.get("K", "s", [ID])
        waited = time.monotonic() - started
        await cache.aclose()

    assert found is None
    assert waited < 5


async def test_a_redis_that_hangs_is_a_miss_within_its_patience() -> None:
    async def hang(_: list[bytes]) -> bytes:
        await asyncio.sleep(30)
        return b""

    async with listening(hang) as url:
        cache = Cache(url, KEY, Clock())
        started = time.monotonic()
        found = await cache.get("K", "s", [ID])
        waited = time.monotonic() - started
        await cache.aclose()

    assert found is None
    assert 0.05 <= waited < 10


async def test_a_redis_that_talks_nonsense_is_a_miss() -> None:
    async def nonsense(_: list[bytes]) -> bytes:
        return b"!?\r\n"

    async with listening(nonsense) as url:
        cache = Cache(url, KEY, Clock())
        found = await cache.get("K", "s", [ID])
        await cache.aclose()

    assert found is None
