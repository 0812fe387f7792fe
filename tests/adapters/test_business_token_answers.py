"""Whatever the token service does is a value, and costs no more time than a caller has."""

import asyncio
import time
from typing import Any

import httpx2
import pytest
import respx
import structlog

from adapters.registry import Failure, Garbled, Maintenance, Refused, Unavailable
from tests.adapters.business_wire import (
    HOA_SEN,
    TOKEN_URL,
    OpenChannel,
    errand,
    grants_tokens,
    registry_over,
)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (respx.MockResponse(400, json={"error": "invalid_client"}), Refused()),
        (respx.MockResponse(401, json={"error": "invalid_client"}), Refused()),
        (respx.MockResponse(404, html="<h1>404</h1>"), Refused()),
        (respx.MockResponse(429, headers={"Retry-After": "3"}), Refused(3)),
        (respx.MockResponse(500), Unavailable()),
        (respx.MockResponse(503, headers={"X-Maintenance-Until": "?"}), Maintenance()),
        (respx.MockResponse(200, html="<h1>502</h1>"), Garbled()),
        (respx.MockResponse(200, content=b"["), Garbled()),
        (respx.MockResponse(200, content=b"[" * 500_000), Garbled()),
        (respx.MockResponse(200, content=b'{"access_token":"\xff"}'), Garbled()),
        (respx.MockResponse(200, json={"error": "invalid_client"}), Garbled()),
        (respx.MockResponse(200, json={"access_token": "a"}), Garbled()),
        (respx.MockResponse(200, json={"access_token": "a", "token_type": "mac"}), Garbled()),
        (respx.MockResponse(302, headers={"Location": "https://elsewhere.test"}), Garbled()),
        (httpx2.ReadTimeout("late"), Unavailable()),
        (httpx2.ConnectError("refused"), Unavailable()),
    ],
)
async def test_whatever_the_token_service_does_is_a_value_and_no_question_is_sent(
    respx_mock: respx.MockRouter,
    open_channel: OpenChannel,
    answer: Any,
    expected: Failure,
) -> None:
    respx_mock.post(TOKEN_URL).mock(side_effect=[answer, answer])
    registry = registry_over(open_channel())

    with structlog.testing.capture_logs() as lines:
        answers = await registry.fetch_many([HOA_SEN], errand())

    assert [expected] == answers
    assert {"registry": "BUSINESS", "outcome": type(expected).__name__}.items() <= lines[-1].items()
    assert "no token for a registry" == lines[-1]["event"]


@pytest.mark.parametrize("token", ["", "a b", "a\n", "a\r\nX-Evil: 1", "ổ", "a" * 8193, 1, None])
async def test_a_token_that_does_not_fit_a_header_never_gets_there(
    respx_mock: respx.MockRouter, open_channel: OpenChannel, token: object
) -> None:
    grants_tokens(respx_mock, access_token=token)
    registry = registry_over(open_channel())

    assert [Garbled()] == await registry.fetch_many([HOA_SEN], errand())


@pytest.mark.parametrize("lifetime", [0, -1, "soon", [1], 1e300])
async def test_a_lifetime_that_is_none_is_not_guessed_at(
    respx_mock: respx.MockRouter, open_channel: OpenChannel, lifetime: object
) -> None:
    grants_tokens(respx_mock, expires_in=lifetime)
    registry = registry_over(open_channel())

    assert [Garbled()] == await registry.fetch_many([HOA_SEN], errand())


async def test_a_token_service_that_hangs_costs_each_caller_their_own_time_and_one_request(
    respx_mock: respx.MockRouter, open_channel: OpenChannel
) -> None:
    requests = []

    async def hang(request: Any) -> Any:
        requests.append(request)
        await asyncio.sleep(30)
        raise AssertionError

    respx_mock.post(TOKEN_URL).mock(side_effect=hang)
    registry = registry_over(open_channel(attempt_timeout=3.0))

    async def waited(patience: float) -> float:
        started = time.monotonic()
        assert [Unavailable()] == await registry.fetch_many([HOA_SEN], errand(patience))
        return time.monotonic() - started

    times = await asyncio.gather(waited(0.1), waited(0.3), *(waited(30) for _ in range(10)))

    assert 1 == len(requests)
    assert 0.1 <= times[0] < 2
    assert 0.3 <= times[1] < 2.5
    assert all(3 <= it < 15 for it in times[2:])
