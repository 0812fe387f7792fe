"""The business registry's tokens: one at a time, never an exception, never longer than asked."""

import asyncio
import json
from typing import Any
from urllib.parse import parse_qs

import pytest
import respx
import structlog
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from adapters.business.client import BusinessRegistry
from adapters.business.records import EnterpriseKey
from adapters.registry import Refused, Unavailable
from tests.adapters.business_wire import (
    BUS,
    DETAIL,
    HOA_SEN,
    KEY,
    NOON,
    TOKEN_URL,
    URL,
    Clock,
    OpenChannel,
    enterprise,
    errand,
    grants_tokens,
    registry_over,
    says,
)


def tokens_used(route: respx.Route) -> list[str]:
    return [call.request.headers["authorization"] for call in route.calls]


def keys(how_many: int) -> list[EnterpriseKey]:
    return [EnterpriseKey(code=f"99000000{number:02}") for number in range(how_many)]


async def test_a_token_is_asked_for_once_and_kept(
    respx_mock: respx.MockRouter, open_channel: OpenChannel
) -> None:
    tokens = grants_tokens(respx_mock)
    answers = says(respx_mock, DETAIL, {"Data": enterprise()})
    registry = registry_over(open_channel())

    await registry.fetch_many([HOA_SEN], errand())
    await registry.fetch_many([HOA_SEN], errand())

    assert 1 == tokens.call_count
    assert ["Bearer token-1"] * 2 == tokens_used(answers)


async def test_the_assertion_is_ours_for_this_service_for_a_minute_and_used_once(
    respx_mock: respx.MockRouter, open_channel: OpenChannel
) -> None:
    tokens = grants_tokens(respx_mock, expires_in=1)
    says(respx_mock, DETAIL, {"Data": enterprise()})
    clock = Clock()
    registry = registry_over(open_channel(), clock)

    await registry.fetch_many([HOA_SEN], errand())
    clock.forward(seconds=1)
    await registry.fetch_many([HOA_SEN], errand())

    forms = [parse_qs(call.request.content.decode()) for call in tokens.calls]
    public = ECKey.import_key(KEY.as_pem(private=False))
    first, second = (
        jwt.decode(form["client_assertion"][0], public, algorithms=["ES256"]) for form in forms
    )
    assert ["client_credentials"] == forms[0]["grant_type"]
    issued = int(NOON.timestamp())
    expected = {
        "iss": "lienthong",
        "sub": "lienthong",
        "aud": TOKEN_URL,
        "iat": issued,
        "exp": issued + 60,
        "jti": first.claims["jti"],
    }
    assert expected == first.claims
    assert {"alg": "ES256", "typ": "JWT", "kid": KEY.thumbprint()} == first.header
    assert first.claims["jti"] != second.claims["jti"]


async def test_many_calls_after_the_end_of_a_token_make_one_request_for_the_next(
    respx_mock: respx.MockRouter, open_channel: OpenChannel
) -> None:
    tokens = grants_tokens(respx_mock)
    answers = says(respx_mock, DETAIL, {"Data": enterprise()})
    clock = Clock()
    registry = registry_over(open_channel(), clock)

    await registry.fetch_many([HOA_SEN], errand())
    clock.forward(minutes=59)
    await asyncio.gather(*(registry.fetch_many(keys(5), errand()) for _ in range(4)))

    assert 2 == tokens.call_count
    assert ["Bearer token-1"] + ["Bearer token-2"] * 20 == tokens_used(answers)


async def test_a_token_is_used_until_a_minute_before_its_end(
    respx_mock: respx.MockRouter, open_channel: OpenChannel
) -> None:
    tokens = grants_tokens(respx_mock)
    says(respx_mock, DETAIL, {"Data": enterprise()})
    clock = Clock()
    registry = registry_over(open_channel(), clock)

    await registry.fetch_many([HOA_SEN], errand())
    clock.forward(minutes=58, seconds=59)
    await registry.fetch_many([HOA_SEN], errand())
    assert 1 == tokens.call_count
    clock.forward(seconds=1)
    await registry.fetch_many([HOA_SEN], errand())

    assert 2 == tokens.call_count


async def test_a_token_withdrawn_before_its_end_is_replaced_once_for_all(
    respx_mock: respx.MockRouter, open_channel: OpenChannel
) -> None:
    """The registry restarts and knows none of its tokens: the callers do not notice."""
    tokens = grants_tokens(respx_mock)
    answers = respx_mock.get(url__startswith=f"{URL}/{DETAIL}")
    known = {"Bearer token-1"}

    async def answer(request: Any) -> Any:
        known_on_arrival = request.headers["authorization"] in known
        await asyncio.sleep(0.02)
        if not known_on_arrival:
            return respx.MockResponse(401, json={"fault": {"code": 900901}})
        return respx.MockResponse(200, json={"Data": enterprise(request.url.params["msdn"])})

    answers.side_effect = answer
    clock = Clock()
    registry = registry_over(open_channel(), clock)

    await registry.fetch_many([HOA_SEN], errand())
    clock.forward(minutes=5)
    known = {"Bearer token-2"}
    found = await registry.fetch_many(keys(8), errand())

    assert [key.code for key in keys(8)] == [it.code for it in found]
    assert 2 == tokens.call_count
    assert 1 + 8 + 8 == answers.call_count


@pytest.mark.parametrize("status", [401, 403])
async def test_a_new_token_that_is_refused_means_that_we_are(
    respx_mock: respx.MockRouter, open_channel: OpenChannel, status: int
) -> None:
    tokens = grants_tokens(respx_mock)
    answers = respx_mock.get(url__startswith=URL).respond(status)
    registry = registry_over(open_channel())

    assert [Refused()] == await registry.fetch_many([HOA_SEN], errand())
    assert [Refused()] == await registry.fetch_many([HOA_SEN], errand())
    assert 1 == tokens.call_count
    assert 2 == answers.call_count


async def test_a_registry_that_asks_for_rest_keeps_its_token(
    respx_mock: respx.MockRouter, open_channel: OpenChannel
) -> None:
    tokens = grants_tokens(respx_mock)
    respx_mock.get(url__startswith=URL).respond(429, headers={"Retry-After": "7"})
    clock = Clock()
    registry = registry_over(open_channel(), clock)

    await registry.fetch_many([HOA_SEN], errand())
    clock.forward(minutes=5)

    assert [Refused(7)] == await registry.fetch_many([HOA_SEN], errand())
    assert 1 == tokens.call_count


async def test_who_leaves_does_not_take_the_token_request_along(
    respx_mock: respx.MockRouter, open_channel: OpenChannel
) -> None:
    route = respx_mock.post(TOKEN_URL)
    asked, answers = asyncio.Event(), asyncio.Event()

    async def slow(_: Any) -> Any:
        asked.set()
        await answers.wait()
        return respx.MockResponse(200, json={"access_token": "t", "token_type": "bearer"})

    route.side_effect = slow
    says(respx_mock, DETAIL, {"Data": enterprise()})
    registry = registry_over(open_channel())

    leaving = asyncio.create_task(registry.fetch_many([HOA_SEN], errand()))
    await asked.wait()
    staying = asyncio.create_task(registry.fetch_many([HOA_SEN], errand()))
    await asyncio.sleep(0.02)
    leaving.cancel()
    await asyncio.wait([leaving])
    answers.set()
    [found] = await staying

    assert "9900000016" == found.code
    assert leaving.cancelled()
    assert 1 == route.call_count


async def test_closing_ends_a_request_for_a_token(
    respx_mock: respx.MockRouter, open_channel: OpenChannel
) -> None:
    asked = asyncio.Event()

    async def hang(_: Any) -> Any:
        asked.set()
        await asyncio.sleep(30)
        raise AssertionError

    respx_mock.post(TOKEN_URL).mock(side_effect=hang)
    registry = registry_over(open_channel())

    asking = asyncio.create_task(registry.fetch_many([HOA_SEN], errand()))
    await asked.wait()
    await registry.aclose()

    assert [Unavailable()] == await asking


async def test_neither_token_nor_key_is_shown(
    respx_mock: respx.MockRouter, open_channel: OpenChannel
) -> None:
    grants_tokens(respx_mock)
    says(respx_mock, DETAIL, {"Data": enterprise()})
    registry = registry_over(open_channel())

    with structlog.testing.capture_logs() as lines:
        await registry.fetch_many([HOA_SEN], errand())

    assert "token-1" not in json.dumps(lines) + repr(registry._tokens._token)


@pytest.mark.parametrize(
    "key",
    [
        KEY.as_pem(private=False),
        ECKey.generate_key("P-384").as_pem(private=True),
        RSAKey.generate_key(2048).as_pem(private=True),
        b"no key",
    ],
)
def test_a_key_of_another_kind_is_refused_at_the_start(
    key: bytes, open_channel: OpenChannel
) -> None:
    with pytest.raises(ValueError, match=r"."):
        BusinessRegistry(
            open_channel(), url=BUS, token_url=TOKEN_URL, client_id="c", key=key, clock=Clock()
        )
