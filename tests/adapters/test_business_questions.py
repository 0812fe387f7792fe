"""How the business registry is asked: nobody's number in an address, and each call its own id."""

import json
from contextlib import suppress
from typing import Any

import httpx2
import msgspec
import pytest
import respx
from hypothesis import given
from hypothesis import strategies as st

from adapters.business import records
from adapters.business.records import EnterpriseKey, NameCheck
from adapters.business.wire import NotAgreedError
from adapters.registry import Garbled, Maintenance, Unavailable
from tests.adapters.business_wire import (
    AN,
    CAFE,
    DETAIL,
    FREE,
    HIS,
    HOA_SEN,
    NAME,
    SHOP,
    SOURCE,
    THEIRS,
    URL,
    OpenChannel,
    ask,
    enterprise,
    errand,
    grants_tokens,
    household_business,
    mine,
    registry_over,
    says,
)

TEXT = st.text(max_size=5) | st.sampled_from([AN, "Phường 1", "Tỉnh Lâm Đồng", "Hà Nội", "2015"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=4,
)
MAIN = ["NAME", "CAPITAL_AMOUNT", "FOUNDING_DATE", "LAST_AMEND_DATE", "ENTERPRISE_STATUS_ID"]
PARTS = ["HOAdress", "Representatives", "Owner", "TinhTrangPhapLy", "NganhNgheKinhDoanh"]
FIELDS = ["CityName", "WardName", "AddressFullText", "PERS_DOC_NO", "FULL_NAME", "MaNganh"]
FIELDS += ["LaNganhChinh", "NgayBatDauTamNgung"]
PART = JSON | st.dictionaries(st.sampled_from(FIELDS), JSON | TEXT)


@pytest.fixture
def registry(open_channel: OpenChannel, respx_mock: respx.MockRouter) -> Any:
    """Give a client with a token service that gives tokens."""
    grants_tokens(respx_mock)
    return registry_over(open_channel())


async def test_a_personal_number_travels_in_a_body_only(
    registry: Any, respx_mock: respx.MockRouter
) -> None:
    shop = says(respx_mock, SHOP, {"Data": household_business()})
    theirs = says(respx_mock, THEIRS, mine([], []))

    await registry.fetch_many([CAFE, HIS], errand())

    first, second = shop.calls.last.request, theirs.calls.last.request
    assert f"{URL}/hoKinhDoanh" == str(first.url)
    assert {"maSo": AN} == json.loads(first.content)
    assert f"{URL}/theoNguoiDaiDien" == str(second.url)
    assert {"soGiayTo": AN} == json.loads(second.content)


@pytest.mark.parametrize("code", [AN, "390000101", "9900000016/../x", "99000000160", "", "٩" * 10])
async def test_what_is_no_public_code_comes_near_no_address(
    registry: Any, respx_mock: respx.MockRouter, code: str
) -> None:
    with pytest.raises(ExceptionGroup) as raised:
        await registry.fetch_many([EnterpriseKey(code=code)], errand())

    assert raised.group_contains(ValueError, match="never a personal id")
    assert [] == list(respx_mock.calls)


@pytest.mark.parametrize("code", ["9900000016-001", "9900000016001"])
async def test_a_branch_is_asked_for_with_its_dash(
    registry: Any, respx_mock: respx.MockRouter, code: str
) -> None:
    route = says(respx_mock, DETAIL, {"Data": enterprise("9900000016001")})

    [found] = await registry.fetch_many([EnterpriseKey(code=code)], errand())

    assert "9900000016-001" == found.code
    assert f"{URL}/chiTietDoanhNghiep?msdn=9900000016-001" == str(route.calls.last.request.url)


async def test_equal_keys_are_one_call_and_answers_keep_their_order(
    registry: Any, respx_mock: respx.MockRouter
) -> None:
    says(respx_mock, DETAIL, {"Data": enterprise()})
    shop = says(respx_mock, SHOP, {"Data": household_business()})
    free = {"Data": {"TrungTen": False, "TenTuongTu": ["HỘ KINH DOANH SEN", None]}}
    name = says(respx_mock, NAME, free)

    answers = await registry.fetch_many([CAFE, FREE, HOA_SEN, CAFE], errand())

    assert [AN, "9900000016", AN] == [answers[at].code for at in (0, 2, 3)]
    expected = NameCheck(source=answers[1].source, taken=False, similar=("HỘ KINH DOANH SEN",))
    assert expected == answers[1]
    assert {"ten": "Hoa Sen", "maPhuongXa": "00004"} == json.loads(name.calls.last.request.content)
    assert 1 == shop.call_count


@pytest.mark.parametrize("check", [{}, {"TrungTen": 1, "TenTuongTu": []}, {"TrungTen": True}])
async def test_half_an_answer_about_a_name_is_garbled(
    registry: Any, respx_mock: respx.MockRouter, check: dict[str, Any]
) -> None:
    says(respx_mock, NAME, {"Data": check})

    assert (Garbled(), []) == await ask(registry, FREE)


async def test_each_attempt_goes_under_an_id_that_the_record_names(
    registry: Any, respx_mock: respx.MockRouter
) -> None:
    route = respx_mock.get(url__startswith=URL)
    route.side_effect = [
        respx.MockResponse(502),
        respx.MockResponse(200, json={"Data": enterprise()}),
    ]

    [found] = await registry.fetch_many([HOA_SEN], errand())

    ids = [call.request.headers["x-request-id"] for call in route.calls]
    assert ["entry-7-1", "entry-7-2"] == ids
    assert "entry-7-2" == found.source.upstream_request_id


@pytest.mark.parametrize(
    ("trouble", "expected"),
    [
        (httpx2.ReadTimeout("late"), Unavailable()),
        (httpx2.ConnectError("refused"), Unavailable()),
        (respx.MockResponse(500), Unavailable()),
        (respx.MockResponse(503, headers={"X-Maintenance-Until": "?"}), Maintenance()),
        (respx.MockResponse(404, json={"Data": enterprise()}), Garbled()),
        (respx.MockResponse(204), Garbled()),
        (respx.MockResponse(302, headers={"Location": "https://elsewhere.test"}), Garbled()),
    ],
)
async def test_trouble_on_the_way_is_a_value(
    registry: Any, respx_mock: respx.MockRouter, trouble: Any, expected: object
) -> None:
    respx_mock.get(url__startswith=URL).mock(side_effect=[trouble, trouble])

    assert (expected, []) == await ask(registry, HOA_SEN)


@given(st.dictionaries(st.sampled_from(MAIN), JSON), st.dictionaries(st.sampled_from(PARTS), PART))
def test_no_form_of_an_answer_raises_anything_but_that_it_was_not_agreed(
    main: dict[str, Any], parts: dict[str, Any]
) -> None:
    record = {"MainInformation": enterprise()["MainInformation"] | main} | parts
    body = json.dumps({"Data": record}).encode()
    with suppress(NotAgreedError):
        data = records.data_from_wire(body)
        records.household_businesses_from_wire(data, SOURCE)
        [found] = records.enterprises_from_wire(data, SOURCE)
        assert found == msgspec.msgpack.decode(msgspec.msgpack.encode(found), type=type(found))


async def test_every_record_comes_out_of_the_cache_as_it_went_in(
    registry: Any, respx_mock: respx.MockRouter
) -> None:
    main = enterprise()["MainInformation"] | {"CAPITAL_AMOUNT": 5e9, "FOUNDING_DATE": "2015"}
    says(respx_mock, DETAIL, {"Data": enterprise(MainInformation=main)})
    says(respx_mock, SHOP, {"Data": household_business()})
    says(respx_mock, THEIRS, mine(enterprise(), household_business()))
    says(respx_mock, NAME, {"Data": {"TrungTen": True, "TenTuongTu": ["HOA SEN"]}})

    answers = await registry.fetch_many([HOA_SEN, CAFE, HIS, FREE], errand())

    assert records.RECORDS == tuple(type(it) for it in answers)
    for answer in answers:
        kept = msgspec.msgpack.encode(answer)
        assert answer == msgspec.msgpack.decode(kept, type=type(answer))


def test_no_key_shows_whom_it_is_about() -> None:
    shown = repr((CAFE, HIS))

    assert AN not in shown
    assert "An" not in shown
