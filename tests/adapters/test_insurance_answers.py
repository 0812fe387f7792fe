"""What the insurance registry's answers become, and when they are dropped."""

from collections.abc import Callable
from datetime import date

import msgspec
import pytest
import respx

from adapters.cache import Cache, CachedRegistry
from adapters.channel import Channel
from adapters.dates import PartialDate
from adapters.insurance import records
from adapters.insurance.client import AUTHORITY, InsuranceRegistry
from adapters.insurance.records import HealthInsurance, SocialInsurance
from adapters.registry import Absent, Errand, Garbled, RegistryName, Source
from tests.adapters.insurance_wire import (
    CARD_KEY,
    CHECK,
    INSURED_KEY,
    LOOK_UP,
    MOMENT,
    OTHER_ID,
    Wire,
    card,
    envelope,
    logs_in,
    participant,
    questions,
    registry,
)

SOURCE = Source(
    registry=RegistryName.INSURANCE,
    authority=AUTHORITY,
    fetched_at=MOMENT,
    upstream_request_id="intent-1",
)


@pytest.fixture(name="insurance")
def _insurance(
    open_channel: Callable[..., Channel], respx_mock: respx.MockRouter
) -> InsuranceRegistry:
    logs_in(respx_mock)
    return registry(open_channel(RegistryName.INSURANCE, attempt_timeout=3.0))


async def test_a_whole_card_is_translated(
    insurance: InsuranceRegistry, errand: Errand, respx_mock: respx.MockRouter
) -> None:
    respx_mock.post(CHECK).respond(200, json=card())

    [found] = await insurance.fetch_many([CARD_KEY], errand)

    expected = HealthInsurance(
        source=SOURCE,
        card_number="DN4019700000101",
        status="Thông tin thẻ chính xác",
        valid_from=date(2026, 1, 1),
        valid_to=date(2026, 12, 31),
        benefit_level=4,
        first_clinic="Bệnh viện Ba Đình",
        check_code="00",
        key=CARD_KEY,
    )
    assert expected == found


async def test_a_whole_participation_is_translated_and_the_salary_left_behind(
    insurance: InsuranceRegistry, errand: Errand, respx_mock: respx.MockRouter
) -> None:
    respx_mock.post(LOOK_UP).respond(200, json=envelope(participant()))

    [found] = await insurance.fetch_many([INSURED_KEY], errand)

    expected = SocialInsurance(
        source=SOURCE,
        number="9700000101",
        status="Đang tham gia",
        participates_from=PartialDate(2008, 9),
        months_contributed=218,
        superseded_number="9700000901",
        key=INSURED_KEY,
    )
    assert expected == found
    assert b"18765432" not in msgspec.json.encode(found)


@pytest.mark.parametrize("nothing", [None, "", " "])
async def test_null_empty_and_missing_are_one_not_recorded(
    insurance: InsuranceRegistry,
    errand: Errand,
    respx_mock: respx.MockRouter,
    nothing: str | None,
) -> None:
    optional = ("maSoBHXH", "soCCCD", "ngaySinh", "tenDKBD", "maDKBD", "gtTheTu", "gtTheDen")
    wire = card(**dict.fromkeys(optional, nothing))
    if nothing is None:
        wire = {name: value for name, value in wire.items() if name not in optional}
    unknown = {"maSoBhxhCu": None, "trangThai": nothing, "thangBatDau": nothing}
    bare = participant(**unknown, ngaySinh=nothing, soThangDong="218")
    respx_mock.post(CHECK).respond(200, json=wire)
    respx_mock.post(LOOK_UP).respond(200, json=envelope([bare]))

    health, social = await insurance.fetch_many([CARD_KEY, INSURED_KEY], errand)

    assert isinstance(health, HealthInsurance)
    assert (None, None, None) == (health.valid_from, health.valid_to, health.first_clinic)
    assert isinstance(social, SocialInsurance)
    assert (None, None, None) == (
        social.status,
        social.participates_from,
        social.superseded_number,
    )
    assert social.months_contributed == 218


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("00", "Thông tin thẻ chính xác"),
        ("01", "Thẻ đã hết hạn sử dụng"),
        ("02", "Thẻ chưa đến hạn sử dụng"),
        ("03", "Thẻ hết hạn khi chưa ra viện"),
        ("04", "Thẻ có giá trị khi đang nằm viện"),
        ("09", "Sai nơi đăng ký khám bệnh, chữa bệnh ban đầu"),
    ],
)
async def test_a_code_that_comes_with_a_card_is_told_in_words(
    insurance: InsuranceRegistry,
    errand: Errand,
    respx_mock: respx.MockRouter,
    code: str,
    status: str,
) -> None:
    respx_mock.post(CHECK).respond(200, json=card(maKetQua=code, tenDKBD=None))

    [found] = await insurance.fetch_many([CARD_KEY], errand)

    assert isinstance(found, HealthInsurance)
    assert (code, status, "01997") == (found.check_code, found.status, found.first_clinic)


@pytest.mark.parametrize("code", ["05", "06", "08"])
async def test_a_question_that_is_wrong_in_any_way_finds_nothing(
    insurance: InsuranceRegistry, errand: Errand, respx_mock: respx.MockRouter, code: str
) -> None:
    checks = respx_mock.post(CHECK).respond(200, json={"maKetQua": code, "maThe": None})

    assert [Absent(source=SOURCE)] == await insurance.fetch_many([CARD_KEY], errand)
    assert checks.call_count == 1


@pytest.mark.parametrize("code", ["10", "000", "0", "9", "", " ", None, 0, 5, ["00"]])
async def test_a_code_of_another_version_is_not_guessed_at(
    insurance: InsuranceRegistry, errand: Errand, respx_mock: respx.MockRouter, code: object
) -> None:
    respx_mock.post(CHECK).respond(200, json=card(maKetQua=code))

    assert [Garbled()] == await insurance.fetch_many([CARD_KEY], errand)


async def test_a_wrong_date_is_tried_once_more_as_the_year_alone(
    insurance: InsuranceRegistry, errand: Errand, respx_mock: respx.MockRouter
) -> None:
    """C31."""
    respx_mock.post(CHECK).side_effect = [
        respx.MockResponse(200, json={"maKetQua": "07"}),
        respx.MockResponse(200, json=card(ngaySinh="1985")),
    ]

    [found] = await insurance.fetch_many([CARD_KEY], errand)

    assert ["12/05/1985", "1985"] == [it["ngaySinh"] for it in questions(respx_mock)]
    assert isinstance(found, HealthInsurance)
    assert found.source.upstream_request_id == "intent-2"


@pytest.mark.parametrize(
    ("second", "expected"),
    [
        ({"maKetQua": "07"}, Absent),
        ({"maKetQua": "06"}, Absent),
        (card(ngaySinh="13/05/1985"), Absent),
        (card(ngaySinh="13/05/1985", hoTen="Lê Thị Tâm"), Garbled),
        (card(soCCCD=OTHER_ID, maSoBHXH="9700000102", maThe="DN4019700000102"), Garbled),
        ({"maKetQua": "10"}, Garbled),
        ({}, Garbled),
    ],
)
async def test_the_year_is_no_way_round_the_proof(
    insurance: InsuranceRegistry,
    errand: Errand,
    respx_mock: respx.MockRouter,
    second: Wire,
    expected: type,
) -> None:
    """A record that then shows another day is dropped; it is no alarm, for we were told."""
    checks = respx_mock.post(CHECK)
    checks.side_effect = [
        respx.MockResponse(200, json={"maKetQua": "07"}),
        respx.MockResponse(200, json=second),
    ]

    [answer] = await insurance.fetch_many([CARD_KEY], errand)

    assert expected is type(answer)
    assert checks.call_count == 2


async def test_a_year_that_is_wrong_is_not_tried_again(
    insurance: InsuranceRegistry, errand: Errand, respx_mock: respx.MockRouter
) -> None:
    checks = respx_mock.post(CHECK).respond(200, json={"maKetQua": "07"})
    key = msgspec.structs.replace(CARD_KEY, birth_date=PartialDate(1985))

    assert [Absent] == [type(it) for it in await insurance.fetch_many([key], errand)]
    assert checks.call_count == 1


@pytest.mark.parametrize(
    "nothing",
    [
        envelope(None, success=False, message="Không tìm thấy"),
        envelope(participant(), success=False),
        {"success": False},
        envelope(None),
        envelope([]),
        envelope({}),
    ],
)
async def test_no_success_or_no_data_is_nothing_found(
    insurance: InsuranceRegistry, errand: Errand, respx_mock: respx.MockRouter, nothing: Wire
) -> None:
    respx_mock.post(LOOK_UP).respond(200, json=nothing)

    assert [Absent(source=SOURCE)] == await insurance.fetch_many([INSURED_KEY], errand)


async def test_both_kinds_of_record_can_be_kept(
    insurance: InsuranceRegistry, errand: Errand, respx_mock: respx.MockRouter
) -> None:
    respx_mock.post(CHECK).respond(200, json=card())
    respx_mock.post(LOOK_UP).respond(200, json=envelope(participant()))
    cache = Cache("memory://", b"k" * 32, lambda: 0.0)
    cached = CachedRegistry(insurance, cache, records=records.RECORDS)

    for from_cache in (False, True):
        health, social = await cached.fetch_many([CARD_KEY, INSURED_KEY], errand)
        assert isinstance(health, HealthInsurance)
        assert isinstance(social, SocialInsurance)
        assert ("DN4019700000101", 218) == (health.card_number, social.months_contributed)
        assert (from_cache, from_cache) == (health.source.from_cache, social.source.from_cache)
    await cache.aclose()

    assert len(questions(respx_mock)) == 2
