"""The token of the insurance registry: asked for once, by one, and renewed in time."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import httpx2
import msgspec
import pytest
import respx

from adapters.channel import Channel
from adapters.insurance.client import InsuranceRegistry
from adapters.insurance.records import HealthCardKey
from adapters.registry import (
    Absent,
    Errand,
    Failure,
    Garbled,
    Maintenance,
    Refused,
    RegistryName,
    Unavailable,
)
from tests.adapters.insurance_wire import (
    CARD_KEY,
    CHECK,
    INSURED_KEY,
    LOOK_UP,
    MOMENT,
    TOKEN,
    grant,
    logs_in,
    questions,
    registry,
    request_ids,
    shown_session,
)

NOT_FOUND = {"maKetQua": "05"}


@pytest.fixture(name="channel")
def _channel(open_channel: Callable[..., Channel]) -> Channel:
    return open_channel(RegistryName.INSURANCE, attempt_timeout=3.0)


@pytest.fixture(name="insurance")
def _insurance(channel: Channel) -> InsuranceRegistry:
    return registry(channel)


def keys(many: int) -> list[HealthCardKey]:
    return [
        msgspec.structs.replace(CARD_KEY, number=f"97000001{number:02}") for number in range(many)
    ]


def slowly(
    response: respx.MockResponse, seconds: float = 0.05
) -> Callable[[object], Awaitable[respx.MockResponse]]:
    """Answer after a while, as a socket does: meanwhile the others arrive."""

    async def answer(_: object) -> respx.MockResponse:
        await asyncio.sleep(seconds)
        return response

    return answer


async def test_twenty_callers_at_once_ask_for_one_token(
    insurance: InsuranceRegistry, errand: Errand, respx_mock: respx.MockRouter
) -> None:
    tokens = respx_mock.post(TOKEN)
    tokens.side_effect = slowly(respx.MockResponse(200, json=grant()))
    respx_mock.post(CHECK).respond(200, json=NOT_FOUND)

    waves = [insurance.fetch_many([key], errand) for key in keys(20)]
    answers = [it for wave in await asyncio.gather(*waves) for it in wave]

    assert [Absent] * 20 == [type(it) for it in answers]
    assert tokens.call_count == 1
    assert len(questions(respx_mock)) == 20


async def test_a_token_is_used_until_a_minute_before_its_end(
    channel: Channel, errand: Errand, respx_mock: respx.MockRouter
) -> None:
    moments = [MOMENT]
    insurance = registry(channel, clock=lambda: moments[-1])
    tokens = logs_in(respx_mock)
    checks = respx_mock.post(CHECK).respond(200, json=NOT_FOUND)

    used = []
    for seconds in (0, 3539, 3540, 3541):
        moments.append(MOMENT + timedelta(seconds=seconds))
        await insurance.fetch_many([CARD_KEY], errand)
        used.append(shown_session(checks.calls.last.request.extensions)["token"])

    assert ["access-1", "access-1", "access-2", "access-2"] == used
    assert tokens.call_count == 2


async def test_a_token_refused_in_the_middle_is_renewed_once_for_all(
    insurance: InsuranceRegistry, errand: Errand, respx_mock: respx.MockRouter
) -> None:
    async def answer(request: httpx2.Request) -> respx.MockResponse:
        await asyncio.sleep(0.02)
        valid = shown_session(request.extensions)["token"] == "access-2"
        return respx.MockResponse(200, json=NOT_FOUND) if valid else respx.MockResponse(401)

    tokens = logs_in(respx_mock)
    respx_mock.post(CHECK).side_effect = answer

    answers = await insurance.fetch_many(keys(10), errand)

    assert [Absent] * 10 == [type(it) for it in answers]
    assert tokens.call_count == 2
    assert {f"intent-{number}" for number in range(1, 21)} == set(request_ids(respx_mock))


async def test_a_refusal_of_the_new_token_too_is_the_answer(
    insurance: InsuranceRegistry, errand: Errand, respx_mock: respx.MockRouter
) -> None:
    tokens = logs_in(respx_mock)
    checks = respx_mock.post(LOOK_UP).respond(401)

    assert [Refused()] == await insurance.fetch_many([INSURED_KEY], errand)
    assert (2, 2) == (tokens.call_count, checks.call_count)


async def test_a_registry_that_asks_for_rest_is_given_it(
    insurance: InsuranceRegistry, errand: Errand, respx_mock: respx.MockRouter
) -> None:
    tokens = logs_in(respx_mock)
    checks = respx_mock.post(CHECK).respond(429, headers={"Retry-After": "30"})

    assert [Refused(retry_after=30)] == await insurance.fetch_many([CARD_KEY], errand)
    assert (1, 1) == (tokens.call_count, checks.call_count)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ({"status_code": 400, "json": {"error": "invalid_grant"}}, Refused()),
        ({"status_code": 401}, Refused()),
        ({"status_code": 404}, Garbled()),
        ({"html": "<html></html>"}, Garbled()),
        ({"content": b"[" * 100_000}, Garbled()),
        ({"content": b"\xff\xfe"}, Garbled()),
        ({"json": {"access_token": "a", "expires_in": 3600}}, Garbled()),
        ({"json": grant() | {"access_token": ""}}, Garbled()),
        ({"json": grant() | {"expires_in": 0}}, Garbled()),
        ({"status_code": 500}, Unavailable()),
        (
            {"status_code": 503, "headers": {"X-Maintenance-Until": MOMENT.isoformat()}},
            Maintenance(MOMENT),
        ),
    ],
)
async def test_without_a_token_nothing_is_asked(
    insurance: InsuranceRegistry,
    errand: Errand,
    respx_mock: respx.MockRouter,
    answer: dict[str, Any],
    expected: Failure,
) -> None:
    """A wrong password tried once per caller would lock the account."""
    tokens = respx_mock.post(TOKEN)
    tokens.side_effect = slowly(respx.MockResponse(**({"status_code": 200} | answer)))

    answers = await insurance.fetch_many([*keys(10), INSURED_KEY], errand)

    assert [expected] * 11 == answers
    assert tokens.call_count == 1
    assert [] == questions(respx_mock)


@pytest.mark.parametrize("expires_in", [10**12, "3600"])
async def test_a_lifetime_may_be_long_or_written_as_text(
    insurance: InsuranceRegistry,
    errand: Errand,
    respx_mock: respx.MockRouter,
    expires_in: object,
) -> None:
    respx_mock.post(TOKEN).respond(200, json=grant() | {"expires_in": expires_in})
    respx_mock.post(CHECK).respond(200, json=NOT_FOUND)

    assert [Absent] == [type(it) for it in await insurance.fetch_many([CARD_KEY], errand)]


async def test_nobody_waits_for_a_token_beyond_their_own_deadline(
    open_channel: Callable[..., Channel], errand: Errand, respx_mock: respx.MockRouter
) -> None:
    insurance = registry(open_channel(RegistryName.INSURANCE, attempt_timeout=15))
    tokens = respx_mock.post(TOKEN)
    tokens.side_effect = slowly(respx.MockResponse(200, json=grant()), seconds=3)
    respx_mock.post(CHECK).respond(200, json=NOT_FOUND)
    started = time.monotonic()
    hurried = msgspec.structs.replace(errand, deadline=started + 0.2)

    patient = asyncio.create_task(insurance.fetch_many([CARD_KEY], errand))
    await asyncio.sleep(0)
    answer_in_time = await insurance.fetch_many([CARD_KEY], hurried)
    waited = time.monotonic() - started

    assert [Unavailable()] == answer_in_time
    assert waited < 2.5
    assert [Absent] == [type(it) for it in await patient]
    assert tokens.call_count == 1


async def test_a_caller_without_time_does_not_spoil_it_for_the_others(
    open_channel: Callable[..., Channel], errand: Errand, respx_mock: respx.MockRouter
) -> None:
    insurance = registry(open_channel(RegistryName.INSURANCE))
    respx_mock.post(TOKEN).side_effect = slowly(respx.MockResponse(200, json=grant()), seconds=0.4)
    respx_mock.post(CHECK).respond(200, json=NOT_FOUND)
    hurried = msgspec.structs.replace(errand, deadline=time.monotonic() + 0.2)

    first = asyncio.create_task(insurance.fetch_many([CARD_KEY], hurried))
    await asyncio.sleep(0)
    patient = await insurance.fetch_many([CARD_KEY], errand)

    assert [Unavailable()] == await first
    assert [Absent] == [type(it) for it in patient]
