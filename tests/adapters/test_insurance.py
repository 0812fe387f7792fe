"""How the insurance registry is asked: what is sent, how often, and what is not said aloud."""

import asyncio
import logging
from collections.abc import Callable
from functools import partial

import httpx2
import msgspec
import pytest
import respx
import structlog

from adapters.channel import Channel
from adapters.dates import PartialDate
from adapters.insurance.client import InsuranceRegistry
from adapters.insurance.records import (
    HealthCardKey,
    HealthInsurance,
    SocialInsurance,
)
from adapters.registry import (
    Absent,
    Errand,
    Garbled,
    RegistryName,
    Unavailable,
)
from tests.adapters.insurance_wire import (
    CARD_KEY,
    CHECK,
    INSURED_KEY,
    LOOK_UP,
    MD5,
    OTHER_ID,
    PERSONAL,
    SECRET,
    TOKEN,
    card,
    envelope,
    logs_in,
    participant,
    questions,
    registry,
    request_ids,
    shown_session,
)

NOT_FOUND = {"maKetQua": "05"}


@pytest.fixture(name="insurance")
def _insurance(open_channel: Callable[..., Channel]) -> InsuranceRegistry:
    return registry(open_channel(RegistryName.INSURANCE, attempt_timeout=3.0))


def keys(many: int) -> list[HealthCardKey]:
    return [
        msgspec.structs.replace(CARD_KEY, number=f"97000001{number:02}") for number in range(many)
    ]


async def test_the_card_check_is_shown_the_whole_session_in_its_query_string(
    insurance: InsuranceRegistry, errand: Errand, respx_mock: respx.MockRouter
) -> None:
    logs_in(respx_mock)
    route = respx_mock.post(CHECK).respond(200, json=card())

    await insurance.fetch_many([CARD_KEY], errand)

    request = route.calls.last.request
    session = {
        "token": "access-1",
        "id_token": "identity-1",
        "username": "lienthong",
        "password": MD5,
    }
    question = {"maThe": "9700000101", "hoTen": "NGUYỄN VĂN AN", "ngaySinh": "12/05/1985"}
    assert session == shown_session(request.extensions)
    assert [question] == questions(respx_mock)
    assert request.headers["X-Request-Id"] == "intent-1"
    assert request.headers["Content-Type"] == "application/json"


async def test_social_insurance_is_shown_the_token_and_asked_in_the_body(
    insurance: InsuranceRegistry, errand: Errand, respx_mock: respx.MockRouter
) -> None:
    logs_in(respx_mock)
    route = respx_mock.post(LOOK_UP).respond(200, json=envelope(participant()))

    await insurance.fetch_many([INSURED_KEY], errand)

    request = route.calls.last.request
    question = {"cmnd": "097085000101", "hoTen": "NGUYỄN VĂN AN", "ngaySinh": "19850512"}
    assert [question] == questions(respx_mock)
    assert request.headers["Authorization"] == "Bearer access-1"
    assert request.headers["X-Request-Id"] == "intent-1"
    assert "target" not in request.extensions


async def test_the_token_is_asked_for_with_account_and_password_in_the_body(
    insurance: InsuranceRegistry, errand: Errand, respx_mock: respx.MockRouter
) -> None:
    route = logs_in(respx_mock)
    respx_mock.post(CHECK).respond(200, json=card())

    await insurance.fetch_many([CARD_KEY], errand)

    form = b"grant_type=password&username=lienthong&password=sandbox-secret"
    assert form == route.calls.last.request.content


@pytest.mark.parametrize(
    ("birth", "on_card", "in_register"),
    [
        (PartialDate(1985, 5, 12), "12/05/1985", "19850512"),
        (PartialDate(1985, 5), "1985", "1985"),
        (PartialDate(1985), "1985", "1985"),
    ],
)
async def test_a_birth_date_is_written_whole_or_as_the_year(
    insurance: InsuranceRegistry,
    errand: Errand,
    respx_mock: respx.MockRouter,
    birth: PartialDate,
    on_card: str,
    in_register: str,
) -> None:
    logs_in(respx_mock)
    respx_mock.post(CHECK).respond(200, json=card())
    respx_mock.post(LOOK_UP).respond(200, json=envelope(participant()))
    card_key = msgspec.structs.replace(CARD_KEY, birth_date=birth)
    insured_key = msgspec.structs.replace(INSURED_KEY, birth_date=birth)

    answers = await insurance.fetch_many([card_key, insured_key], errand)

    assert {on_card, in_register} == {it["ngaySinh"] for it in questions(respx_mock)}
    assert [HealthInsurance, SocialInsurance] == [type(it) for it in answers]


async def test_a_second_attempt_has_a_request_id_of_its_own_which_the_source_names(
    insurance: InsuranceRegistry, errand: Errand, respx_mock: respx.MockRouter
) -> None:
    logs_in(respx_mock)
    respx_mock.post(CHECK).side_effect = [
        respx.MockResponse(502),
        respx.MockResponse(200, json=card()),
    ]

    [found] = await insurance.fetch_many([CARD_KEY], errand)

    assert ["intent-1", "intent-2"] == request_ids(respx_mock)
    assert isinstance(found, HealthInsurance)
    assert found.source.upstream_request_id == "intent-2"


async def test_all_keys_leave_together_and_equal_ones_once(
    insurance: InsuranceRegistry, errand: Errand, respx_mock: respx.MockRouter
) -> None:
    waiting, everybody = 0, asyncio.Event()

    async def answer(_: object) -> respx.MockResponse:
        nonlocal waiting
        waiting += 1
        if waiting == 10:
            everybody.set()
        await everybody.wait()
        return respx.MockResponse(200, json=NOT_FOUND)

    logs_in(respx_mock)
    respx_mock.post(CHECK).side_effect = answer
    respx_mock.post(LOOK_UP).respond(200, json=envelope(participant()))
    asked = keys(10)

    answers = await insurance.fetch_many([INSURED_KEY, *asked, asked[1], INSURED_KEY], errand)

    assert waiting == 10
    assert len(questions(respx_mock)) == 11
    expected = [SocialInsurance, *[Absent] * 11, SocialInsurance]
    assert expected == [type(it) for it in answers]


async def test_more_keys_than_the_bulkhead_has_places_wait_for_their_turn(
    insurance: InsuranceRegistry, errand: Errand, respx_mock: respx.MockRouter
) -> None:
    async def answer(_: object) -> respx.MockResponse:
        await asyncio.sleep(0.2)
        return respx.MockResponse(200, json=NOT_FOUND)

    logs_in(respx_mock)
    respx_mock.post(CHECK).side_effect = answer

    answers = await insurance.fetch_many(keys(50), errand)

    assert {Absent} == {type(it) for it in answers}


@pytest.mark.parametrize(("trouble", "attempts"), [("ConnectError", 2), ("ReadTimeout", 1)])
async def test_no_answer_is_unavailable(
    insurance: InsuranceRegistry,
    errand: Errand,
    respx_mock: respx.MockRouter,
    trouble: str,
    attempts: int,
) -> None:
    logs_in(respx_mock)
    checks = respx_mock.post(CHECK)
    checks.side_effect = getattr(httpx2, trouble)

    assert [Unavailable()] == await insurance.fetch_many([CARD_KEY], errand)
    assert checks.call_count == attempts


async def test_nothing_that_is_printed_or_logged_names_person_or_credentials(
    insurance: InsuranceRegistry,
    errand: Errand,
    respx_mock: respx.MockRouter,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The libraries' own lines are read too: they print the URL of every request."""
    caplog.set_level(logging.DEBUG)
    sent: list[httpx2.Request] = []
    insurance._channel.client.event_hooks = {"request": [partial(_collect, sent)]}
    logs_in(respx_mock)
    respx_mock.post(CHECK).side_effect = [
        respx.MockResponse(401),
        respx.MockResponse(200, json=card(soCCCD=OTHER_ID)),
        respx.MockResponse(200, json=card(maKetQua="10")),
        httpx2.ReadError,
    ]
    look_ups = respx_mock.post(LOOK_UP)
    look_ups.respond(200, json=envelope(participant(), error="097085000101"))
    card_key = msgspec.structs.replace(CARD_KEY, personal_id="097085000101")

    with structlog.testing.capture_logs() as lines:
        answers = [
            it
            for key in (card_key, CARD_KEY, CARD_KEY, INSURED_KEY)
            for it in await insurance.fetch_many([key], errand)
        ]

    assert answers == [Garbled(another_person=True), Garbled(), Unavailable(), Garbled()]
    alarms = [line for line in lines if line["log_level"] == "error"]
    sentence = "a registry answered about another person"
    assert [{"event": sentence, "request_id": "intent-2", "log_level": "error"}] == alarms
    assert [4, 2, 1] == [
        sum(str(request.url) == url for request in sent) for url in (CHECK, TOKEN, LOOK_UP)
    ]
    assert f"POST {CHECK} " in caplog.text
    printed = repr((lines, answers, card_key, INSURED_KEY, insurance, errand, sent)) + caplog.text
    for secret in (*PERSONAL, "access-", "identity-", MD5, SECRET):
        assert secret not in printed


async def _collect(sent: list[httpx2.Request], request: httpx2.Request) -> None:
    """Keep the request itself: respx shows a copy made from what went over the wire."""
    sent.append(request)
