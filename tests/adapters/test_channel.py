"""The channel: whatever a registry does becomes a value."""

import ssl
import time
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
import respx
import structlog

from adapters.channel import Channel, Reply, open_client
from adapters.registry import (
    Failure,
    Garbled,
    Maintenance,
    Refused,
    Unavailable,
)

URL = "http://registry.test/look-up?personalId=097085000101"
OpenChannel = Callable[..., Channel]


async def get(channel: Channel) -> Reply | Failure:
    request = channel.client.build_request("GET", URL)
    return await channel.send(request, deadline=time.monotonic() + 5)


async def test_a_reply_comes_back_with_status_media_type_and_body(
    open_channel: OpenChannel, respx_mock: respx.MockRouter
) -> None:
    respx_mock.get(URL).respond(
        404, content=b"{}", headers={"Content-Type": "Application/JSON; charset=utf-8"}
    )

    channel = open_channel()
    answer = await get(channel)

    assert Reply(status=404, content_type="application/json", body=b"{}") == answer


@pytest.mark.parametrize(
    ("status", "headers", "expected"),
    [
        (301, {"Location": "http://169.254.169.254/"}, Garbled()),
        (304, {}, Garbled()),
        (401, {}, Refused()),
        (403, {}, Refused()),
        (429, {"Retry-After": "7"}, Refused(7)),
        (429, {"Retry-After": "86400"}, Refused(60)),
        (429, {"Retry-After": "Sat, 21 Nov 2026 02:00:00 GMT"}, Refused()),
        (429, {"Retry-After": "-1"}, Refused()),
        (500, {}, Unavailable()),
        (503, {"Retry-After": "9"}, Unavailable(9)),
        (
            503,
            {"X-Maintenance-Until": "2026-11-21T05:00:00+00:00"},
            Maintenance(datetime(2026, 11, 21, 5, tzinfo=UTC)),
        ),
        (503, {"X-Maintenance-Until": "tomorrow"}, Maintenance()),
        (503, {"X-Maintenance-Until": "2026-11-21T05:00:00"}, Maintenance()),
        (599, {}, Unavailable()),
    ],
)
async def test_a_status_means_what_the_table_says(
    open_channel: OpenChannel,
    respx_mock: respx.MockRouter,
    status: int,
    headers: dict[str, str],
    expected: Failure,
) -> None:
    route = respx_mock.get(URL).respond(status, headers=headers)

    channel = open_channel()
    answer = await get(channel)

    assert expected == answer
    assert 1 == route.call_count


async def test_trouble_at_the_bus_is_tried_twice_and_the_second_answer_counts(
    open_channel: OpenChannel, respx_mock: respx.MockRouter
) -> None:
    route = respx_mock.get(URL)
    route.side_effect = [respx.MockResponse(502), respx.MockResponse(200, content=b"ok")]

    channel = open_channel()
    answer = await get(channel)

    assert Reply(status=200, content_type="", body=b"ok") == answer
    assert 2 == route.call_count


@pytest.mark.parametrize("status", [502, 503, 504])
async def test_there_is_no_third_attempt(
    open_channel: OpenChannel, respx_mock: respx.MockRouter, status: int
) -> None:
    route = respx_mock.get(URL).respond(status)

    channel = open_channel()
    answer = await get(channel)

    assert Unavailable() == answer
    assert 2 == route.call_count


async def test_a_post_is_sent_again_only_by_who_makes_it_anew(
    open_channel: OpenChannel, respx_mock: respx.MockRouter
) -> None:
    route = respx_mock.post(URL).respond(502)

    channel = open_channel()
    once = channel.client.build_request("POST", URL, content=b"1")
    await channel.send(once, deadline=time.monotonic() + 5)
    assert 1 == route.call_count
    await channel.send(
        once,
        deadline=time.monotonic() + 5,
        again=lambda: channel.client.build_request("POST", URL, content=b"2"),
    )

    assert [b"1", b"1", b"2"] == [call.request.content for call in route.calls]


async def test_an_error_status_in_the_protocols_own_words_is_a_reply(
    open_channel: OpenChannel, respx_mock: respx.MockRouter
) -> None:
    respx_mock.get(URL).respond(500, content=b"<Fault/>")

    channel = open_channel()
    request = channel.client.build_request("GET", URL)
    answer = await channel.send(
        request,
        deadline=time.monotonic() + 5,
        speaks=lambda reply: b"Fault" in reply.body,
    )

    assert Reply(status=500, content_type="", body=b"<Fault/>") == answer


async def test_a_body_at_the_limit_is_read(
    open_channel: OpenChannel, respx_mock: respx.MockRouter
) -> None:
    respx_mock.get(URL).mock(
        side_effect=[
            respx.MockResponse(200, content=b"x" * 10),
            respx.MockResponse(200, content=b"x" * 11),
        ]
    )

    channel = open_channel(max_body=10)
    within, beyond = await get(channel), await get(channel)

    assert Reply(status=200, content_type="", body=b"x" * 10) == within
    assert Garbled() == beyond


async def test_a_sick_registry_is_left_alone_and_not_pressed(
    open_channel: OpenChannel, respx_mock: respx.MockRouter
) -> None:
    route = respx_mock.get(URL).respond(502)

    channel = open_channel()
    answers = [await get(channel) for _ in range(60)]

    # Twenty calls, three of them second attempts, open the circuit; nobody calls after that.
    assert 20 == route.call_count
    assert {Unavailable(), Unavailable(5)} == set(answers)


async def test_a_registry_that_asks_for_rest_is_given_it(
    open_channel: OpenChannel, respx_mock: respx.MockRouter
) -> None:
    route = respx_mock.get(URL).respond(429, headers={"Retry-After": "2"})

    channel = open_channel()
    answers = [await get(channel) for _ in range(60)]

    assert 20 == route.call_count
    assert [Refused(2)] * 20 + [Unavailable(5)] * 40 == answers


async def test_an_announced_window_does_not_open_the_circuit(
    open_channel: OpenChannel, respx_mock: respx.MockRouter
) -> None:
    route = respx_mock.get(URL).respond(503, headers={"X-Maintenance-Until": "?"})

    channel = open_channel()
    answers = [await get(channel) for _ in range(30)]

    assert 30 == route.call_count
    assert [Maintenance()] * 30 == answers


async def test_a_cookie_of_one_answer_does_not_ride_along_with_the_next_call(
    open_channel: OpenChannel, respx_mock: respx.MockRouter
) -> None:
    route = respx_mock.get(URL).respond(200, headers={"Set-Cookie": "session=1; Path=/"})

    channel = open_channel()
    await get(channel)
    await get(channel)

    assert "cookie" not in route.calls.last.request.headers


async def test_no_line_of_the_log_says_who_was_asked_for(
    open_channel: OpenChannel, respx_mock: respx.MockRouter
) -> None:
    respx_mock.get(URL).mock(
        side_effect=[respx.MockResponse(200, content=b"097085000101"), respx.MockResponse(500)]
    )

    channel = open_channel()
    with structlog.testing.capture_logs() as lines:
        answers = [await get(channel), await get(channel)]

    assert ["debug", "warning"] == [line["log_level"] for line in lines]
    assert "097085000101" not in repr(lines) + repr(answers)


async def test_a_client_asks_for_plain_bodies_and_ignores_the_environment(
    open_channel: OpenChannel, monkeypatch: pytest.MonkeyPatch, respx_mock: respx.MockRouter
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://proxy.test:1")
    route = respx_mock.get(URL).respond(200)

    channel = open_channel()
    await get(channel)
    assert not channel.client.follow_redirects
    assert not channel.client.trust_env

    assert "identity" == route.calls.last.request.headers["accept-encoding"]


@pytest.mark.parametrize("weakness", ["host name", "certificate"])
def test_tls_verification_cannot_be_switched_off(weakness: str) -> None:
    context = ssl.create_default_context()
    context.check_hostname = False
    if weakness == "certificate":
        context.verify_mode = ssl.CERT_NONE

    with pytest.raises(ValueError, match="must verify the certificate and the host name"):
        open_client(tls=context)
