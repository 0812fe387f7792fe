"""Whom an insurance answer is about: what still agrees with the key, and what does not."""

from collections.abc import Callable

import msgspec
import pytest
import respx
import structlog

from adapters.channel import Channel
from adapters.dates import PartialDate
from adapters.insurance.client import InsuranceRegistry
from adapters.insurance.records import HealthInsurance, SocialInsurance
from adapters.registry import Absent, Ambiguous, Errand, Garbled, RegistryName
from tests.adapters.insurance_wire import (
    CARD_KEY,
    CHECK,
    ID,
    INSURED_KEY,
    LOOK_UP,
    OTHER_ID,
    Wire,
    card,
    envelope,
    logs_in,
    participant,
    registry,
)

ALARM = "a registry answered about another person"
ANOTHER = [Garbled(another_person=True)]


@pytest.fixture(name="insurance")
def _insurance(
    open_channel: Callable[..., Channel], respx_mock: respx.MockRouter
) -> InsuranceRegistry:
    logs_in(respx_mock)
    return registry(open_channel(RegistryName.INSURANCE, attempt_timeout=3.0))


@pytest.mark.parametrize(
    ("asked", "changed"),
    [
        ({}, {"hoTen": "NGUYEN VAN AN"}),
        ({}, {"hoTen": " nguyễn  văn an"}),
        ({"full_name": "NGUYEN VAN AN"}, {}),
        ({}, {"ngaySinh": "1985"}),
        ({"birth_date": PartialDate(1985)}, {}),
        ({"number": "DN4019700000101"}, {}),
        ({"number": "GD4799700000101"}, {}),
        ({"number": "DN4019700000101"}, {"maSoBHXH": None}),
        ({"number": "DN4019700000101"}, {"maThe": "9700000101"}),
        ({"number": "9700000901"}, {"maSoBHXHCu": ["9700000901"]}),
        ({"number": ID}, {}),
        ({"number": ID}, {"soCCCD": None}),
        ({"number": ID}, {"soCCCD": "390000101"}),
        ({"personal_id": ID}, {}),
        ({"personal_id": ID}, {"soCCCD": ""}),
    ],
)
async def test_a_card_of_the_person_asked_for_is_shown(
    insurance: InsuranceRegistry,
    errand: Errand,
    respx_mock: respx.MockRouter,
    asked: dict[str, object],
    changed: dict[str, object],
) -> None:
    """C30, and every way of writing one person that our own rules know."""
    respx_mock.post(CHECK).respond(200, json=card(**changed))
    key = msgspec.structs.replace(CARD_KEY, **asked)

    assert [HealthInsurance] == [type(it) for it in await insurance.fetch_many([key], errand)]


@pytest.mark.parametrize(
    "asked",
    [
        {"number": "9700000102"},
        {"number": "DN4019700000102"},
        {"number": OTHER_ID},
        {"number": "9700000901"},
        {"number": "1970000010"},
    ],
)
async def test_a_card_that_does_not_bear_the_number_is_another_persons(
    insurance: InsuranceRegistry,
    errand: Errand,
    respx_mock: respx.MockRouter,
    asked: dict[str, str],
) -> None:
    respx_mock.post(CHECK).respond(200, json=card())
    key = msgspec.structs.replace(CARD_KEY, **asked)

    assert ANOTHER == await insurance.fetch_many([key], errand)


@pytest.mark.parametrize(
    "changed",
    [
        {"hoTen": "Lê Thị Tâm"},
        {"hoTen": "Nguyễn Văn Ân"},
        {"ngaySinh": "13/05/1985"},
        {"ngaySinh": "1986"},
        {"maSoBHXH": "9700000102", "maThe": "DN4019700000102"},
        {"soCCCD": OTHER_ID},
    ],
)
async def test_a_card_of_another_person_is_dropped_and_raised_as_an_alarm(
    insurance: InsuranceRegistry,
    errand: Errand,
    respx_mock: respx.MockRouter,
    changed: dict[str, object],
) -> None:
    respx_mock.post(CHECK).respond(200, json=card(**changed))
    key = msgspec.structs.replace(CARD_KEY, personal_id=ID)

    with structlog.testing.capture_logs() as lines:
        assert ANOTHER == await insurance.fetch_many([key], errand)

    assert ["intent-1"] == [it["request_id"] for it in lines if it["event"] == ALARM]


@pytest.mark.parametrize(
    "changed",
    [
        {"hoTen": "Lê Thị Tâm"},
        {"ngaySinh": "19850513"},
        {"ngaySinh": "1986"},
        {"cmnd": OTHER_ID},
        {"cmnd": "390000101"},
        {"cmnd": None},
    ],
)
async def test_a_participation_of_another_person_is_dropped_and_raised_as_an_alarm(
    insurance: InsuranceRegistry,
    errand: Errand,
    respx_mock: respx.MockRouter,
    changed: dict[str, object],
) -> None:
    respx_mock.post(LOOK_UP).respond(200, json=envelope(participant(**changed)))

    with structlog.testing.capture_logs() as lines:
        assert ANOTHER == await insurance.fetch_many([INSURED_KEY], errand)

    assert ["intent-1"] == [it["request_id"] for it in lines if it["event"] == ALARM]


async def test_a_name_that_is_only_alike_is_neither_proof_nor_alarm(
    insurance: InsuranceRegistry, errand: Errand, respx_mock: respx.MockRouter
) -> None:
    respx_mock.post(CHECK).respond(200, json=card(hoTen="Trần Văn Lí"))
    respx_mock.post(LOOK_UP).respond(200, json=envelope(participant(hoTen="Trần Văn Lí")))
    keys = [msgspec.structs.replace(it, full_name="Trần Văn Lý") for it in (CARD_KEY, INSURED_KEY)]

    with structlog.testing.capture_logs() as lines:
        answers = await insurance.fetch_many(keys, errand)

    assert [Absent, Absent] == [type(it) for it in answers]
    assert ALARM not in {it["event"] for it in lines}


@pytest.mark.parametrize(
    ("second", "expected", "alarm"),
    [
        ({}, SocialInsurance, False),
        ({"mucDong": 1}, SocialInsurance, False),
        ({"maSoBhxh": "9800000101"}, Ambiguous, False),
        ({"soThangDong": 1}, Ambiguous, False),
        ({"hoTen": "Nguyễn Văn An "}, SocialInsurance, False),
        ({"cmnd": OTHER_ID}, Ambiguous, True),
        ({"hoTen": "Lê Thị Tâm"}, Ambiguous, True),
    ],
)
async def test_two_records_are_one_only_when_they_say_the_same(
    insurance: InsuranceRegistry,
    errand: Errand,
    respx_mock: respx.MockRouter,
    second: dict[str, object],
    expected: type,
    alarm: bool,
) -> None:
    data = [participant(), participant(**second)]
    respx_mock.post(LOOK_UP).respond(200, json=envelope(data))

    with structlog.testing.capture_logs() as lines:
        [answer] = await insurance.fetch_many([INSURED_KEY], errand)

    assert expected is type(answer)
    assert alarm == (ALARM in {it["event"] for it in lines})


@pytest.mark.parametrize(
    ("second", "expected"),
    [
        ({}, HealthInsurance),
        ({"maThe": "GB5019700000101"}, Ambiguous),
        ({"maKetQua": "01"}, Ambiguous),
        ({"maKetQua": "07"}, Garbled),
        ({"soCCCD": OTHER_ID, "hoTen": "Lê Thị Tâm"}, Ambiguous),
    ],
)
async def test_two_cards_are_one_only_when_they_say_the_same(
    insurance: InsuranceRegistry,
    errand: Errand,
    respx_mock: respx.MockRouter,
    second: dict[str, object],
    expected: type,
) -> None:
    respx_mock.post(CHECK).respond(200, json=[card(), card(**second)])

    assert [expected] == [type(it) for it in await insurance.fetch_many([CARD_KEY], errand)]


BODIES = {
    "none": b"",
    "page": b"<html><body><h1>502 Bad Gateway</h1></body></html>",
    "cut": msgspec.json.encode(card())[:-20],
    "flipped": msgspec.json.encode(card()).replace(b"Nguy", b"Ngu\xff", 1),
    "deep": b"[" * 200_000,
    "null": b"null",
    "array": b"[]",
    "object": b"{}",
    "null within": b"[null]",
    "text": b'"00"',
    "number": b"1" * 400_000,
    "numbers": b"[1, 2]",
    "large": b" " * 1024 * 1024 + b"{}",
}


@pytest.mark.parametrize("content", BODIES.values(), ids=BODIES)
async def test_what_is_no_answer_of_either_service_is_garbled(
    insurance: InsuranceRegistry, errand: Errand, respx_mock: respx.MockRouter, content: bytes
) -> None:
    respx_mock.post(CHECK).respond(200, content=content)
    respx_mock.post(LOOK_UP).respond(200, content=content)

    assert [Garbled()] * 2 == await insurance.fetch_many([CARD_KEY, INSURED_KEY], errand)


@pytest.mark.parametrize(
    "wire",
    [
        card(maThe=None),
        card(maThe=9700000101),
        card(hoTen=""),
        card(hoTen=["Nguyễn Văn An"]),
        card(ngaySinh="31/02/1985"),
        card(ngaySinh="19850512"),
        card(gtTheDen="2026"),
        card(gtTheDen="soon"),
        card(maSoBHXHCu="9700000901"),
        card(maSoBHXHCu=[9700000901]),
    ],
)
async def test_a_card_of_another_form_is_garbled(
    insurance: InsuranceRegistry, errand: Errand, respx_mock: respx.MockRouter, wire: Wire
) -> None:
    respx_mock.post(CHECK).respond(200, json=wire)

    assert [Garbled()] == await insurance.fetch_many([CARD_KEY], errand)


@pytest.mark.parametrize(
    "wire",
    [
        envelope(participant(), success="true"),
        envelope(participant(), success=None),
        envelope(None, success=False, error="INVALID_PARAMETER"),
        envelope("9700000101"),
        envelope(participant(maSoBhxh=None)),
        envelope(participant(maSoBhxh=9700000101)),
        envelope(participant(hoTen=None)),
        envelope(participant(ngaySinh="12/05/1985")),
        envelope(participant(thangBatDau="13/2008")),
        envelope(participant(soThangDong=-1)),
        envelope(participant(soThangDong="nhiều")),
        envelope(participant(soThangDong=True)),
        envelope(participant(soThangDong=218.5)),
    ],
)
async def test_a_participation_of_another_form_is_garbled(
    insurance: InsuranceRegistry, errand: Errand, respx_mock: respx.MockRouter, wire: Wire
) -> None:
    """An error that is named is no proof that there is nothing (C35)."""
    respx_mock.post(LOOK_UP).respond(200, json=wire)

    assert [Garbled()] == await insurance.fetch_many([INSURED_KEY], errand)


@pytest.mark.parametrize("status", [201, 302, 400, 404])
async def test_only_a_plain_success_is_an_answer(
    insurance: InsuranceRegistry, errand: Errand, respx_mock: respx.MockRouter, status: int
) -> None:
    respx_mock.post(CHECK).respond(status, json=card())

    assert [Garbled()] == await insurance.fetch_many([CARD_KEY], errand)
