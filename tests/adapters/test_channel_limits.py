"""The channel over real sockets: time, size, places and cancellation."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
import structlog

from adapters.channel import Channel, Reply
from adapters.registry import (
    Failure,
    Garbled,
    Unavailable,
)

OpenChannel = Callable[..., Channel]
Wire = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def listening(answer: Wire) -> AsyncIterator[str]:
    """Run a registry that is nothing but a socket, so that it may break any rule."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await reader.readuntil(b"\r\n\r\n")
            await answer(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # the channel hung up, which is what some of these tests are about
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server:
        yield f"http://127.0.0.1:{port}/"


async def get(channel: Channel, url: str, patience: float = 5.0) -> Reply | Failure:
    request = channel.client.build_request("GET", url)
    return await channel.send(request, deadline=time.monotonic() + patience)


async def test_a_refused_connection_is_unavailable_and_tried_twice(
    open_channel: OpenChannel,
) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}/"

        channel = open_channel()
        with structlog.testing.capture_logs() as lines:
            answer = await get(channel, url)

    assert Unavailable() == answer
    assert [{"event", "log_level", "registry", "waited_ms", "outcome"}] == [set(it) for it in lines]
    assert ["BUSINESS", "Unavailable"] == [lines[0]["registry"], lines[0]["outcome"]]


async def test_a_registry_that_hangs_up_without_a_word_is_unavailable(
    open_channel: OpenChannel,
) -> None:
    async def hang_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    channel = open_channel()
    async with listening(hang_up) as url:
        answer = await get(channel, url)

    assert Unavailable() == answer


async def test_a_registry_that_never_answers_costs_one_attempt_and_its_time(
    open_channel: OpenChannel,
) -> None:
    calls = []

    async def hang(_: asyncio.StreamReader, __: asyncio.StreamWriter) -> None:
        calls.append("call")
        await asyncio.sleep(30)

    channel = open_channel(attempt_timeout=0.2)
    async with listening(hang) as url:
        started = time.monotonic()
        answer = await get(channel, url, patience=30)
        waited = time.monotonic() - started

    assert Unavailable() == answer
    assert ["call"] == calls
    # One attempt, and by far not the time of the caller.
    assert 0.2 <= waited < 15


async def test_a_body_that_drips_is_cut_by_the_callers_deadline(open_channel: OpenChannel) -> None:
    async def drip(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        for _piece in range(1000):
            writer.write(b".")
            await writer.drain()
            await asyncio.sleep(0.02)

    channel = open_channel()
    async with listening(drip) as url:
        started = time.monotonic()
        answer = await get(channel, url, patience=0.2)
        waited = time.monotonic() - started

    assert Unavailable() == answer
    # All of it would take twenty seconds.
    assert 0.2 <= waited < 10


async def test_a_body_over_the_limit_is_not_read_to_its_end(open_channel: OpenChannel) -> None:
    sent = 0

    async def flood(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n")
        for _piece in range(1000):
            writer.write(b"x" * 100_000)
            await writer.drain()
            sent += 100_000

    channel = open_channel()
    async with listening(flood) as url:
        answer = await get(channel, url)

    assert Garbled() == answer
    assert sent < 50_000_000


async def test_a_packed_body_is_refused_unread(open_channel: OpenChannel) -> None:
    async def packed(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}")
        await writer.drain()

    channel = open_channel()
    async with listening(packed) as url:
        answer = await get(channel, url)

    assert Garbled() == answer


async def test_a_deadline_in_the_past_asks_for_nothing_long(open_channel: OpenChannel) -> None:
    async def hang(_: asyncio.StreamReader, __: asyncio.StreamWriter) -> None:
        await asyncio.sleep(30)

    channel = open_channel()
    async with listening(hang) as url:
        started = time.monotonic()
        answer = await get(channel, url, patience=-1)

    assert Unavailable() == answer
    # An attempt may take longer.
    assert time.monotonic() - started < 1


async def test_who_waits_too_long_for_a_place_is_turned_away(open_channel: OpenChannel) -> None:
    async def slow(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.4)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        await writer.drain()

    channel = open_channel(bulkhead=2, queue=2)
    async with listening(slow) as url:
        answers = await asyncio.gather(*(get(channel, url) for _ in range(5)))

    done = Reply(status=200, content_type="", body=b"")
    away = Unavailable(retry_after=1)
    assert [done, done, away, away, away] == answers


async def test_who_waits_briefly_gets_the_next_place(open_channel: OpenChannel) -> None:
    async def quick(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.005)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        await writer.drain()

    channel = open_channel(bulkhead=1, queue=2)
    async with listening(quick) as url:
        answers = await asyncio.gather(*(get(channel, url) for _ in range(3)))

    assert [Reply(status=200, content_type="", body=b"")] * 3 == answers


async def test_a_cancelled_call_hangs_up_and_gives_its_place_back(
    open_channel: OpenChannel,
) -> None:
    arrived, hung_up = asyncio.Event(), asyncio.Event()

    async def listen(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        arrived.set()
        await reader.read()
        hung_up.set()

    channel = open_channel(bulkhead=1)
    async with listening(listen) as url:
        call = asyncio.create_task(get(channel, url))
        await arrived.wait()
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        await asyncio.wait_for(hung_up.wait(), 30)

        assert not channel._places.locked()
